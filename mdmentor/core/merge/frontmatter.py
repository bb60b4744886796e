"""Three versions of a note's front matter become one, key by key, on the text as it is written.

Nothing is parsed into YAML values and dumped again, so comments, quotes and list styles of both sides stay.
Values are plain classes here, as git starts this once for every note of a merge and the dataclasses module
alone would cost more than the merging does.
"""

from __future__ import annotations

from mdmentor.core.merge.split import Entry, Split, merge_comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    # base, ours, theirs -> the merged text, and whether it holds a conflict
    TextMerge = Callable[[str, str, str], tuple[str, bool]]

OURS, THEIRS = "ours", "theirs"
# Holds the place of what is merged apart; a note with this character in it is merged as text.
SIGN = "\ue000"
# Where git's marks hold values of the front matter, so that the front matter itself stays readable.
HEAD_LABEL = "(front matter)"

# Of two days the later one is true: one does not talk to somebody less recently than before.
_LATER = frozenset({"last_contact", "snooze"})

# What front matter mostly says of both sides, so that the whole vocabulary need not be loaded for it.
_COMMON = frozenset(
    {
        "last_contact",
        "snooze",
        "role",
        "company",
        "tags",
        "aliases",
        "email",
        "phone",
        "url",
        "helps_with",
        "wants",
    }
)


class KeyConflict:
    """A key to which both sides gave a value of their own; no lines where a side took the key out."""

    __slots__ = ("key", "ours", "theirs")

    def __init__(self, key: str, ours: Sequence[str], theirs: Sequence[str]) -> None:
        self.key = key
        self.ours = tuple(ours)
        self.theirs = tuple(theirs)


def merge_heads(
    base: Split, ours: Split, theirs: Split, merge_text: TextMerge, take: Mapping[str, str]
) -> tuple[Split, list[KeyConflict]]:
    """The merged front matter, in the order of ours with what theirs added behind the key it stands behind.

    `take` decides conflicts: key (or "" for all) -> OURS or THEIRS. An undecided key keeps our value (theirs
    where we took the key out), and is told.
    """
    conflicts: list[KeyConflict] = []
    entries: dict[str, Entry] = {}
    orphans: list[str] = []  # comments newly written above or in a key that the other side took out
    for key in _order(base, ours, theirs):
        b, o, t = base.entries.get(key), ours.entries.get(key), theirs.entries.get(key)
        above = merge_comments(b.above if b else [], o.above if o else None, t.above if t else None)
        lines = _merge_entry(key, b, o, t, merge_text, take, conflicts)
        if lines is None:
            kept = b.above if b else []
            orphans += [line for line in above if line not in kept]
            orphans += _new_comments(b, o or t)
            continue
        entries[key] = Entry(key, orphans + above, lines, (o or t or b or Entry("", [], [], 0)).start)
        orphans = []
    tail = merge_comments(base.tail, ours.tail, theirs.tail)
    return Split(entries, orphans + tail), conflicts


def _new_comments(base: Entry | None, side: Entry | None) -> list[str]:
    """The remarks between the items of a list that were not there before."""
    before = [line.strip() for line in base.lines] if base else []
    told = (line.strip() for line in side.lines[1:]) if side else ()
    return [line for line in told if line.startswith("#") and line not in before]


def _order(base: Split, ours: Split, theirs: Split) -> list[str]:
    """All keys, ours first; each that only theirs has comes behind the key that it follows there.

    Theirs first where ours are as they were: then it may have been theirs that put them in order.
    """
    if list(ours.entries) == list(base.entries):
        ours, theirs = theirs, ours
    order = list(ours.entries)
    before = ""
    for key in theirs.entries:
        if key not in ours.entries:
            place = order.index(before) + 1 if before else 0
            while place < len(order) and order[place] not in theirs.entries:
                place += 1
            order.insert(place, key)
        before = key
    return order


def _merge_entry(
    key: str,
    b: Entry | None,
    o: Entry | None,
    t: Entry | None,
    merge_text: TextMerge,
    take: Mapping[str, str],
    conflicts: list[KeyConflict],
) -> list[str] | None:
    """The lines of one key; None where it is gone."""
    if _equal(o, t) or _equal(t, b):
        return o.lines if o else None
    if _equal(o, b):
        return t.lines if t else None
    from mdmentor.core.merge.values import merge_lists

    meaning = _meaning(key)
    found = _later(b, o, t) if meaning in _LATER else None
    if found is None:
        found = merge_lists(b, o, t, meaning)
    if found is None and o and t:
        found = _merge_alike(b, o, t, merge_text)
    if found is not None:
        return found or None
    side = take.get(key) or take.get("")
    if side:
        chosen = o if side == OURS else t
        return chosen.lines if chosen else None
    conflicts.append(KeyConflict(key, o.lines if o else (), t.lines if t else ()))
    kept = o or t
    return kept.lines if kept else None


def _equal(one: Entry | None, other: Entry | None) -> bool:
    return one is other if one is None or other is None else one.is_same(other)


def _meaning(key: str) -> str:
    """The canonical key; "" for one that means nothing to us."""
    if key in _COMMON:
        return key
    from mdmentor.core.names import fold_key
    from mdmentor.core.vocabulary import CANONICAL

    return CANONICAL.get(fold_key(key), "")


def _later(b: Entry | None, o: Entry | None, t: Entry | None) -> list[str] | None:
    """The entry with the later day; one that is empty or gone is no day. None where a value is no day."""
    from mdmentor.core.merge.values import scalar, with_comment_of

    days = []
    for entry in (o, t):
        told = scalar(entry) if entry else ""
        day = _day_of(told) if told else told
        if day is None:
            return None
        days.append(day)
    winner, loser = (t, o) if days[1] > days[0] else (o, t)
    if winner is None:
        winner, loser = loser, None
    if winner is None:
        return None
    if loser is None:
        return winner.lines
    return [with_comment_of(winner.lines[0], loser, b), *winner.lines[1:]]


def _day_of(text: str) -> str | None:
    """A day as `2026-10-14`, and what stands behind it to tell times apart; None for what is no day."""
    plain = text.removeprefix("[[").removesuffix("]]")
    parts = plain.split("-")
    is_number = [len(part) for part in parts] == [4, 2, 2] and plain.isascii() and "".join(parts).isdecimal()
    if is_number and 1 <= int(parts[1]) <= 12 and 1 <= int(parts[2]) <= 28:
        return plain
    from mdmentor.core.dates import parse_date

    day = parse_date(plain)
    return None if day is None else day.isoformat() + plain[10:] * plain.startswith(day.isoformat())


def _merge_alike(b: Entry | None, o: Entry, t: Entry, merge_text: TextMerge) -> list[str] | None:
    """Two spellings of one value, or two texts of several lines that git can join; else None."""
    from mdmentor.core.merge.values import scalar, with_comment_of

    mine, other = scalar(o), scalar(t)
    if mine is not None and mine == other:
        return [with_comment_of(o.lines[0], t, b)]
    if b is not None and min(len(b.lines), len(o.lines), len(t.lines)) > 1:
        text, has_conflict = merge_text(*("\n".join([*e.lines, ""]) for e in (b, o, t)))
        if not has_conflict:
            return text.split("\n")[:-1]
    return None
