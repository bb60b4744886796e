"""The boxes ticked on the page Reach out next, read from its text, those left over, and what was typed on any page.

The box of a person means "reached out"; below it stand one box for each duty and one to snooze. Any editor may have
written the page back: with tabs, other bullets, a done date of its own behind a ticked task. Only the link of a task
says whom a tick means. What a tick does is decided in `actions/ticks`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple
from zlib import crc32

from mdmentor.core.conflict_marks import parse_mark
from mdmentor.core.dates import add_days, parse_date
from mdmentor.core.markdown.blocks import indent_of, split_line
from mdmentor.core.marks import without_task_signs
from mdmentor.core.model import Interaction, Person
from mdmentor.core.text import (
    find_linked_path,
    md,
    md_link,
    one_line,
    plain_newlines,
    plain_words,
    sentence,
    shorten,
)

DONE = "reached out"  # the person's own box; a small one below holds words that were kept
# The small boxes below a person. What is typed behind any but the last becomes the log's text.
KEPT = "kept"  # with the words of the promise behind a colon
THANKED = "said thanks"
WISHED = "wished a happy birthday"
SETTLED = "kept what was owed"  # of somebody confidential: no word of what that is
SNOOZE = "snooze 2 weeks"
ACTIONS = (DONE, KEPT, SETTLED, THANKED, WISHED, SNOOZE)
DUTIES = frozenset({KEPT, SETTLED, THANKED, WISHED})
LABEL_LENGTH = 100
NO_WORDS = "see the note"  # of a promise that has none
LEFT_OVER = "Could not be carried out"  # a heading on the page, for ticks that say what cannot be
ELSEWHERE = "## Ticked elsewhere"  # for ticks that a merge brought, of people who are not on the page

PERSON = (
    r"[*_]*(?P<link>\[(?P<name>(?:[^\[\]\\]|\\.)*)\]\((?:<(?P<angle>[^<>]*)>|(?P<target>[^()\s]*))\))[*_]*"
)
# "snooze 4 weeks", typed over "snooze 2 weeks", is a snooze too.
LABEL = (
    rf"(?i)[*_]*(?P<label>{'|'.join(sorted(ACTIONS, key=len, reverse=True))}|snooze)(?!\w)[*_]*(?P<words>.*)"
)
_TICKED = frozenset("xX✓✔☑v")
_DONE_ON = r"(?:[✅☑✔]\ufe0f?\s*|\[completion::\s*)(?P<day>\d{4}-\d\d-\d\d)\]?"
_CREATED = r"➕\ufe0f?\s*\d{4}-\d\d-\d\d"
_LEAD = r"\A[\s:,;–—-]+"
_DAY = r"day:[ \t]*[\"']?(\d{4}-\d\d-\d\d)"
_FOUND = r"Found on (?P<found>\d{4}-\d\d-\d\d), on the page of (?P<day>\d{4}-\d\d-\d\d)(?:\. (?P<reason>.+))?"
_ESCAPED = r"\\([!-/:-@\[-`{-~])"


class Tick(NamedTuple):
    """One answer on the page: what was ticked for whom, with the words typed behind it.

    Words behind a box that is not ticked come with `is_ticked` false: they stay on the page and are not carried out.
    """

    path: str  # of the contact, by the link
    name: str
    action: str  # one of ACTIONS
    words: str = ""
    is_ticked: bool = True
    day: date | None = None  # the day of the page on which it was ticked
    found: date | None = None  # the day on which it was found first, for one that was left over
    done_on: date | None = None  # the day that the editor wrote behind it
    reason: str = ""  # why it could not be carried out, of one that was left over

    @property
    def is_snooze(self) -> bool:
        return self.action == SNOOZE

    @property
    def is_answer(self) -> bool:
        """Whether it is ticked, or words were typed behind its box; those behind `kept` are the page's own."""
        return self.is_ticked or (bool(self.words) and self.action != KEPT)


class Entry(NamedTuple):
    """A person's task on the page."""

    indent: int
    boxes: list[Tick]  # what they say, the person's own first
    numbers: list[list[int]]  # of the lines of each box, its own first, with what is typed below it


def find_ticks(text: str, folder: str) -> tuple[Tick, ...]:
    """All answers on the page's text, from top to bottom; `folder` is the page's own."""
    text = plain_newlines(text.removeprefix("\ufeff"))
    entries = read_entries(text.split("\n"), folder, page_day(text))
    return tuple(tick for entry in entries for tick in _answers(*entry.boxes))


def page_day(text: str) -> date | None:
    """The day of a page, as its front matter says."""
    found = re.search(_DAY, text.split("\n---", 1)[0])
    return parse_date(found[1]) if found else None


def read_entries(lines: Iterable[str], folder: str = "", day: date | None = None) -> list[Entry]:
    """The people on the page with their boxes."""
    entries: list[Entry] = []
    entry: Entry | None = None
    last_indent = 0  # of the box read last
    for number, line in enumerate(lines, 1):
        if not line.strip() or parse_mark(line):
            continue  # both sides of an unfinished merge count
        parts, indent = split_line(line), indent_of(line)
        has_box = bool(parts.box_at)
        is_ticked = has_box and parts.box[1] in _TICKED
        if entry is None or indent <= entry.indent:
            person = re.match(PERSON, parts.text) if has_box else None
            entry = None
            if person:
                entry = Entry(indent, [_own_tick(person, folder, is_ticked, day)], [[number]])
                entries.append(entry)
        elif has_box and (label := re.fullmatch(LABEL, parts.text)):
            said = label["label"].lower()
            box = entry.boxes[0]._replace(action=SNOOZE if said == "snooze" else said, is_ticked=is_ticked)
            entry.boxes.append(_said(box, label["words"]))
            entry.numbers.append([number])
            last_indent = indent
        elif found := re.search(_FOUND, line):
            entry.boxes[-1] = entry.boxes[-1]._replace(
                found=parse_date(found["found"]),
                day=parse_date(found["day"]),
                reason=re.sub(_ESCAPED, r"\1", found["reason"] or ""),
            )
            if re.fullmatch(_FOUND, parts.text) and not found["reason"]:
                entry.numbers[-1].append(number)  # a merge wrote it
        elif len(entry.boxes) > 1 and indent > last_indent:
            more = one_line(parts.box + parts.text if parts.is_item else line)
            last = entry.boxes[-1]
            entry.boxes[-1] = last._replace(words=f"{last.words} {more}".strip())
            entry.numbers[-1].append(number)
    return entries


def _own_tick(person: re.Match[str], folder: str, is_ticked: bool, day: date | None) -> Tick:
    target = person["angle"] if person["angle"] is not None else person["target"]
    name = re.sub(_ESCAPED, r"\1", person["name"])
    tick = Tick(find_linked_path(target, folder), name, DONE, "", is_ticked, day)
    return _said(tick, person.string[person.end() :])


def _said(tick: Tick, words: str) -> Tick:
    """The tick with what was typed behind its box."""
    done = re.search(_DONE_ON, words)
    words = re.sub(_CREATED, "", re.sub(_DONE_ON, "", words))
    return tick._replace(
        words=re.sub(_LEAD, "", one_line(words)).strip(), done_on=parse_date(done["day"]) if done else None
    )


def _answers(own: Tick, *small: Tick) -> list[Tick]:
    """What the boxes of one person say together, their own and those below it.

    A box for a duty implies "reached out". Some editors tick what hangs on a ticked task with it: then "reached out" is
    all it means. Words that were kept stand behind a small box.
    """
    ticked = {tick.action for tick in small if tick.is_ticked}
    kept = next((tick for tick in small if tick.action == DONE), None)
    are_all = len(small) > 1 and all(tick.is_ticked for tick in small)
    is_cascade = are_all and small[-1].is_snooze and not small[-1].words
    if own.is_ticked and (is_cascade or (kept and not ticked)):
        said = kept or own
        others = (t for t in small if t.action != DONE and not t.is_ticked and t.is_answer)
        return [said._replace(is_ticked=True), *others]
    answers = [tick for tick in small if tick.is_answer]
    if (own.is_ticked and DONE not in ticked) or own.words:
        answers.insert(0, own._replace(is_ticked=own.is_ticked or bool(ticked & DUTIES)))
    return answers


def label_of(text: str) -> str:
    """The words of a promise as its box has them."""
    return shorten(plain_words(text), LABEL_LENGTH) or NO_WORDS


def split_kept(words: str, labels: Sequence[str]) -> tuple[int, str] | None:
    """Which of the labels stands behind `kept`, the longest that does, and what was typed behind it; None for none.

    Signs and case do not count: an editor may have written the line again.
    """
    found = [
        (len(said[0]), -number) for number, label in enumerate(labels) if (said := _said_of(words, label))
    ]
    if not found:
        return None
    end, number = max(found)
    return -number, words[end:].strip()


def _said_of(words: str, label: str) -> re.Match[str] | None:
    """The label at the beginning of these words, with the signs behind it."""
    signs = r"[\W_]*"
    letters = [re.escape(letter) for letter in label if letter.isalnum()]
    return re.match(rf"(?i){signs}{signs.join(letters)}(?![^\W_]){signs}", words) if letters else None


def after_ticks(person: Person, ticks: Sequence[Tick], today: date) -> Person:
    """The person as the notes will have them once these ticks are carried out, as far as the ranking asks."""
    contact, promises = person.contact, list(person.promises)
    marks = ("thanked",) if any(tick.action in (THANKED, SETTLED) for tick in ticks) else ()
    talks = [Interaction(today, "", "", marks, 0) for tick in ticks[:1] if not tick.is_snooze]
    for tick in ticks:
        mine = [promise for promise in promises if not promise.theirs]
        found = split_kept(tick.words, [label_of(one.text) for one in mine]) if tick.action == KEPT else None
        if found:
            promises.remove(mine[found[0]])
        if tick.is_snooze:
            contact = contact._replace(snooze=add_days(today, 7))
    return Person(contact, (*person.interactions, *talks), tuple(promises))


def render_left(left: Sequence[Tick], folder: str, today: date) -> list[str]:
    """The lines about what could not be carried out, as `find_ticks` reads them again; none for none."""
    lines = [f"## {LEFT_OVER}", ""] if left else []
    for tick in left:
        # as they were typed, but for what would hide the rest of the page
        words = one_line(tick.words).replace("<!--", "<!\\--").replace("-->", "--\\>").replace("%%", "%\\%")
        found = tick.found or today
        lines += [
            f"- [ ] **{md_link(tick.name, folder, tick.path)}**",
            f"  - [{'x' if tick.is_ticked else ' '}] {tick.action}{words and f': {words}'}",
            f"  - Found on {found}, on the page of {tick.day or found}. {md(sentence(tick.reason))}",
            "",
        ]
    return lines


# --- what was typed on a page ----------------------------------------------------------------------------------

# A page ends with a line that no reader shows and that holds a sum of each of its lines, so that any machine finds what was
# typed, with or without an index, and also where the notes have changed since.

# A definition of a link that nothing uses: no Markdown reader shows it.
_SUMS = r"\[//\]: # \(((?:[0-9a-f]{5} ?)+)\)"
# What a formatter changes by itself, and what a rename does: the target of a link.
_FORMATTING = r"[\s*_\\|:-]+|(?<=\])\([^()\s]*\)|(?<=\])\(<[^<>]*>\)"


class _Line(NamedTuple):
    """A line of the page with text in it, but for our own of its front matter."""

    number: int  # from 1
    source: str
    sum: str


def sums_of(lines: Sequence[str]) -> str:
    """The last line of a page: the sums of its lines, but for those that hold words the user typed."""
    typed = _answered(lines, with_words=True)
    sums = (_sum(line) for number, line in enumerate(lines, 1) if number not in typed)
    return f"[//]: # ({' '.join(filter(None, sums))})"


def _sum(line: str) -> str:
    """Five hexadecimal digits for a line's text; "" for a line without any. Boxes, marks and spaces do not count."""
    text = re.sub(_FORMATTING, "", without_task_signs(split_line(line).text))
    return f"{crc32(text.encode('utf-8', 'replace')) & 0xFFFFF:05x}" if text else ""


def _answered(lines: Sequence[str], *, with_words: bool = False) -> set[int]:
    """The numbers of the lines of the boxes whose words are not lost with the page: an answer has them, or none are there."""
    found: set[int] = set()
    for entry in read_entries(lines):
        said = {(tick.action, tick.words) for tick in _answers(*entry.boxes)}
        for tick, numbers in zip(entry.boxes, entry.numbers, strict=True):
            if (tick.action, tick.words) in said if tick.words else not with_words:
                found.update(numbers)
    return found


def has_sums(text: str) -> bool:
    """Whether the page has the line that tells what of it is ours."""
    return re.search(_SUMS, text) is not None


def find_typed_text(text: str, own: str = "") -> tuple[str, ...]:
    """What was typed on a page, of any kind, besides ticks and the words behind them: each item or paragraph on one line.

    Of a page without sums nothing is known, unless `own` is the page as it should be. What is indented below somebody's
    name begins with the link to them.
    """
    lines = plain_newlines(text.removeprefix("\ufeff")).split("\n")
    read = _answered(lines)
    found = (re.search(_SUMS, line) for line in (*lines, own[own.rfind("[//]") :]))
    written = [one for sums in found if sums for one in sums[1].split()]
    if not written:
        return ()
    here = [line for line in _body(lines) if line.number not in read and line.source != ELSEWHERE]
    matcher = SequenceMatcher(None, written, [line.sum for line in here], False)
    same = {b + n for _, b, size in matcher.get_matching_blocks() for n in range(size)}
    moved = Counter(written) - Counter(here[row].sum for row in same)
    typed: list[_Line] = []
    for row, line in enumerate(here):
        if row in same:
            continue
        if moved[line.sum]:
            moved[line.sum] -= 1
        else:
            typed.append(line)
    return tuple(_with_person(lines, item) for item in _items(typed))


def _body(lines: Sequence[str]) -> Iterator[_Line]:
    head = 0
    if lines[0].rstrip() == "---":
        head = 2 + sum(1 for _ in takewhile(lambda line: line.rstrip() != "---", lines[1:]))
    for number, line in enumerate(lines, 1):
        if number <= head and re.fullmatch(rf"generated-by: mdmentor\s*|{_DAY}[\"']?\s*", line):
            continue
        line = re.sub(_SUMS, "", line)
        if not parse_mark(line) and (found := _sum(line)):
            yield _Line(number, line, found)


def _items(typed: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines of each item with what hangs on it, and of each paragraph."""
    item: list[_Line] = []
    for line in typed:
        is_next = item and line.number == item[-1].number + 1
        is_inside = item and indent_of(line.source) > indent_of(item[0].source)
        if item and not (is_next and (is_inside or not split_line(line.source).mark)):
            yield item
            item = []
        item.append(line)
    if item:
        yield item


def _with_person(lines: Sequence[str], item: Sequence[_Line]) -> str:
    """The words of an item, behind the link of the person below whose name it is."""
    first, *others = (split_line(line.source) for line in item)
    is_person = re.match(PERSON, first.text)
    box = "" if re.match(LABEL, first.text) else first.box
    words = "" if is_person else box
    words += re.sub(PERSON, lambda found: found["link"], first.text, count=1) if is_person else first.text
    for part in others:
        words += f"{'; ' if part.mark else ' '}{part.text}"
    indent = indent_of(item[0].source)
    for line in reversed(lines[: item[0].number - 1]):
        if line.strip() and indent_of(line) < indent:
            person = re.match(PERSON, split_line(line).text)
            indent = indent_of(line)
            if person and not is_person:
                return one_line(f"{box}{person['link']}: {words.removeprefix(box)}")
    return one_line(words)
