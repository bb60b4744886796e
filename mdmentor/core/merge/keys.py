"""The front matter of two notes about one person joined, key by key, on the text as written.

What only one note says stays, and lists are joined. Of two values the later, earlier, fuller or stricter one counts where
the key's meaning says so; between any others the user chooses. Nothing is guessed, no YAML is dumped.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from mdmentor.core import dates, names
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.frontmatter import keys
from mdmentor.core.frontmatter.values import filled
from mdmentor.core.kinds import unknown_type
from mdmentor.core.merge import frontmatter
from mdmentor.core.merge.frontmatter import (
    Entry,
    Split,
    WrittenItem,
    WrittenList,
    flow_source,
    merge_comments,
)
from mdmentor.core.model import Field
from mdmentor.core.privacy import private_lines

GONE, KEPT = "A", "B"  # as the command calls the two notes: A goes into B
# Keys of which a note may have several spellings, each with values of its own.
_BESIDE = frozenset({"phone", "helps_with", "aliases"})
_CHANGED = r"modifi|updat|edited|changed"
# (canonical key, one value, another) -> whether they are the same value
AreOne = Callable[[str, str, str], bool]


class Difference(NamedTuple):
    """A key with different values, between which only the user can choose."""

    key: str  # as the note that stays writes it
    gone: str  # "" where it is not to be shown
    kept: str


class Choices:
    """What the user chose, by key, and what is left to choose."""

    def __init__(self, take: Mapping[str, str], *, is_hidden: bool = False) -> None:
        self.open: list[Difference] = []
        # values for lists that are changed where they are
        self.to_add: list[tuple[Field, tuple[str, ...]]] = []
        self.unused = dict.fromkeys(take)
        self._take = {meaning_of(key): (key, side) for key, side in take.items()}
        self._is_hidden = is_hidden

    def side(self, name: str) -> str:
        """The note whose value of this key the user chose; "" for neither."""
        key, side = self._take.get(meaning_of(name), ("", ""))
        self.unused.pop(key, None)
        return side

    def ask(self, key: str, gone: str, kept: str) -> None:
        self.open.append(Difference(key, *("", "") if self._is_hidden else (gone, kept)))


def meaning_of(name: str) -> str:
    """The canonical key of a spelling; of an unknown key the folded one."""
    folded = names.fold_key(name)
    return keys.canonical_key(folded) or folded


def counts_alone(name: str, mine: str, other: str) -> str:
    """The note whose value of a key counts without asking, KEPT or GONE; "" where the user has to say."""
    meaning = keys.key_named(name)
    if _fold(mine) == _fold(other):
        return KEPT
    if ("[[" in mine) != ("[[" in other) and _fold(names.unlink(mine)) == _fold(names.unlink(other)):
        return GONE if "[[" in other else KEPT
    if meaning.guards or keys.is_confidential_key(names.fold_key(name)):
        return _stricter(meaning.name, mine, other)
    one, two = dates.parse_date(mine), dates.parse_date(other)
    is_changed = not meaning.name and bool(re.search(_CHANGED, names.fold_key(name)))
    if (meaning.later_wins and (one or two)) or (is_changed and one and two):
        return GONE if two and (one is None or two > one) else KEPT
    if one and two and (one == two or meaning.name in ("met", "created")):
        return GONE if two < one else KEPT
    if meaning.name == "birthday":
        born, other_born = dates.parse_birthday(mine), dates.parse_birthday(other)
        if not born or not other_born or born[:2] != other_born[:2] or (born.year and other_born.year):
            return KEPT if born and born == other_born else ""
        return KEPT if born.year else GONE
    if meaning.name == "cadence":
        spans = [(dates.parse_span(value), dates.is_no_cadence(value)) for value in (mine, other)]
        return KEPT if spans[0] == spans[1] != (None, False) else ""
    words = {"mentor": keys.MENTOR_WORDS, "source": keys.SOURCE_WORDS}.get(meaning.name, {})
    found = [words.get(names.fold_topic(value), "") for value in (mine, other)]
    if found[0] and found[0] == found[1]:
        return KEPT
    folded = names.fold_key(name)
    is_type = folded in keys.TYPE_KEYS and not unknown_type([Field(name, folded, (mine, other), True, 1, 1)])
    return KEPT if is_type else ""


def _fold(value: str) -> str:
    return " ".join(names.fold(value).split())


def _stricter(key: str, mine: str, other: str) -> str:
    def guards(value: str) -> bool:
        if key == "contact":
            return names.fold_topic(value) in keys.NEVER
        return value.strip().lower() not in keys.FALSE

    if guards(mine) != guards(other):
        return KEPT if guards(mine) else GONE
    if key == "contact" and not guards(mine):
        return ""
    if key == "deceased" and other.lower() not in keys.TRUE:
        return GONE if mine.lower() in keys.TRUE else ""
    return KEPT


def join_heads(
    kept: Split, gone: Split, without: Collection[str], choices: Choices, are_one: AreOne
) -> Split:
    """The front matter of the note that stays, joined with that of the one that goes.

    The keys `without` only repeat a name: they are left out of the note that goes, and left alone in the one that
    stays. Raises UnsafeEdit for what cannot be joined.
    """
    entries = dict(kept.entries)
    left_over: list[str] = []  # remarks above keys that are left out
    for key, other in gone.entries.items():
        if key in without:
            left_over += other.above
            continue
        twin = _twin(entries, key, without)
        above = [*left_over, *other.above]
        left_over = []
        if twin is None:
            if _is_empty(other) and "#" not in other.lines[0]:
                left_over = above
            else:
                entries[key] = other._replace(above=above)
            continue
        mine = entries[twin]
        first = mine.lines[0][: mine.start] + other.lines[0][other.start :]
        other = other._replace(key=mine.key, lines=[first, *other.lines[1:]], start=mine.start)
        lines = _join(mine, other, choices, are_one)
        if _is_private(mine.lines + other.lines) and not _is_private(lines):
            lines = [f"{lines[0]} #private", *lines[1:]]
        joined = frontmatter.read_entry(merge_comments([], mine.above, above), lines, with_anchors=True)
        if joined is None:
            raise UnsafeEdit(f'"{key}" cannot be joined with what the other note says', "join it by hand")
        entries[twin] = joined
    return Split(entries, merge_comments([], kept.tail, [*left_over, *gone.tail]))


def _is_private(lines: list[str]) -> bool:
    return bool(private_lines("\n".join(lines)))


def _twin(entries: Mapping[str, Entry], key: str, without: Collection[str]) -> str | None:
    """The key among the entries that `key` is joined with; None where it stays a key of its own."""
    folded = names.fold_key(key)
    if exact := next((name for name in entries if names.fold_key(name) == folded), None):
        return exact
    meaning = keys.canonical_key(folded)
    if not meaning or meaning in _BESIDE or folded not in keys.CANONICAL:
        return None
    return next((name for name in entries if meaning_of(name) == meaning and name not in without), None)


def _join(mine: Entry, other: Entry, choices: Choices, are_one: AreOne) -> list[str]:
    """The lines of one key of both notes; those of the note that stays where the user has to choose."""
    meaning = keys.key_named(mine.key)
    side = "" if meaning.guards else choices.side(mine.key)
    is_same = mine.field is not None and other.field is not None and mine.field.values == other.field.values
    if not side and (_is_empty(other) or is_same or mine.lines == other.lines):
        side = KEPT
    elif not side and _is_empty(mine):
        side = GONE
    one, two = frontmatter.text_of(mine), frontmatter.text_of(other)
    is_list = True
    if one is not None and two is not None and not meaning.shape and not _goes_together(meaning, one, two):
        is_list = meaning.name == "source"
        side = side or counts_alone(mine.key, one, two)
    if side:
        return _with_comment(mine, other) if side == KEPT else _with_comment(other, mine)
    found = (_join_lists(mine, other, meaning, are_one) or _join_rows(mine, other)) if is_list else None
    if found is not None:
        return found
    if mine.field and other.field and mine.field.is_list and not _rows(mine):
        choices.to_add.append((mine.field, other.field.values))  # a list of several lines in brackets
        return mine.lines
    choices.ask(mine.key, _said(other), _said(mine))
    return mine.lines


def _goes_together(meaning: keys.Key, one: str, two: str) -> bool:
    """Whether a key can hold both texts: the day and the words of how one met."""
    return meaning.name == "met" and (dates.find_date(one) is None) != (dates.find_date(two) is None)


def _is_empty(entry: Entry) -> bool:
    below = (line.strip(" -") for line in entry.lines[1:])
    is_bare = all(not line or line[0] == "#" for line in below)
    return (
        entry.field is not None and not filled(entry.field).values and (is_bare or bool(entry.field.values))
    )


def _with_comment(entry: Entry, other: Entry) -> list[str]:
    """The lines of an entry, with the other one's comment behind its value."""
    return [frontmatter.with_comment_of(entry, other, None), *entry.lines[1:]]


def _join_lists(mine: Entry, other: Entry, meaning: keys.Key, are_one: AreOne) -> list[str] | None:
    """Both values as one list, in the style of the note that stays; None where one holds more than texts."""
    ours, theirs = _items(mine, meaning), _items(other, meaning)
    if ours is None or theirs is None or "empty" in (ours.style, theirs.style):
        return None
    kept, new = list(ours.items), list[WrittenItem]()
    for item in theirs.items:
        known = [*kept, *new]
        at = next((n for n, one in enumerate(known) if are_one(meaning.name, one.value, item.value)), -1)
        if at < 0:
            new.append(item)
        elif at < len(kept) and (item.comment or item.above):
            kept[at] = frontmatter.with_remarks(kept[at], item, None)
    comment = frontmatter.both_comments("", ours.comment, theirs.comment)
    has_remarks = any(item.comment or item.above for item in (*kept, *new))
    if not has_remarks and comment == ours.comment and ours.style == "flow":
        start, end = mine.lines[0].rsplit("]", 1) if not comment else (mine.lines[0], "")
        if not new:
            return mine.lines
        if end.strip() == "" and not comment:
            return [f"{start.rstrip()}, {', '.join(flow_source(item.source) for item in new)}]{end}"]
    if not new and kept == list(ours.items) and comment == ours.comment:
        return mine.lines
    listed = [side for side in (ours, theirs) if side.style in ("block", "flow")]
    model = (*listed, ours)[0]._replace(items=[*kept, *new], comment=comment)
    return frontmatter.write_list(mine.lines[0][: mine.start], model)


def _items(entry: Entry, meaning: keys.Key) -> WrittenList | None:
    """A value as a list; the comment on a single text becomes that of the item."""
    found = frontmatter.read_list(entry, meaning)
    if found is None or found.style != "scalar":
        return found
    return found._replace(items=[found.items[0]._replace(comment=found.comment)], comment="")


def _join_rows(mine: Entry, other: Entry) -> list[str] | None:
    """Two lists of keys of their own, as `interactions` are, one below the other; None for anything else."""
    ours, theirs = _rows(mine), _rows(other)
    if not ours or not theirs:
        return None
    margin = next(line for line in mine.lines[1:] if line.strip())
    margin = margin[: len(margin) - len(margin.lstrip())]
    new = [row for row in theirs if row not in ours]
    return [*mine.lines, *(margin + line for row in new for line in row)]


def _rows(entry: Entry) -> list[list[str]]:
    """The items of a block list, each with its lines, without the list's indentation; none for another value."""
    if entry.lines[0][entry.start :].split("#", 1)[0].strip():
        return []
    lines = [line for line in entry.lines[1:] if line.strip()]
    depth = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    rows: list[list[str]] = []
    for line in lines:
        if line[depth : depth + 1] == "-" and not line[:depth].strip():
            rows.append([])
        if not rows or line[: depth + 1].strip(" -"):
            return []
        rows[-1].append(line[depth:])
    return rows


def _said(entry: Entry) -> str:
    """The value of a key, to be shown; "" for a private one."""
    values = entry.field.values if entry.field else ()
    return "" if _is_private(entry.lines) else ", ".join(values) or "several lines"
