"""What somebody types when a talk is over: "coffee yesterday: how to open the raise talk #got".

From such words come a day, a channel and the text for the log; marks and links stay in the text. Only days
that nobody could take for other words are read ("may", "march" and "second" stay words), and only where
they tell when the talk was: at the beginning, before the first colon, or at the end of a plain sentence. A day
that is left among the words can be asked for with `find_unread_day`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import MONTHS, WEEKDAY_NAMES, WEEKDAYS, any_of, parse_when
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.log import CHANNELS
from mdmentor.core.log_editor import one_line
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.model import Item

_LONGEST_HEAD = 80  # characters before a colon in which a day is looked for

_WEEKDAY = rf"(?:{any_of(name.lower() for name in WEEKDAY_NAMES)})"
_SHORT = rf"(?:{any_of(word for word in WEEKDAYS if not word.endswith('day'))})"
_PART = r"(?: (?:morning|noon|afternoon|evening|night))"
_MONTH = rf"(?:{any_of(MONTHS)})\.?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of)"
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|years?|[dwmy])"
_TH = r"(?:st|nd|rd|th)?"
_NUMERIC = r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}"
_DOTTED = r"\d{1,2}\. ?\d{1,2}\.(?: ?\d{4})?"
_DAY = re.compile(
    rf"(?:on )?(?:the )?(?:(?P<near>day before yesterday|yesterday{_PART}?|today|tonight|last night|tomorrow"
    rf"|this(?P<part>{_PART}))"
    rf"|(?P<side>last|past|this|next) {_WEEKDAY}{_PART}?|last (?:week|month)"
    rf"|(?P<ago>(?:half a year|{_COUNT} ?{_UNIT}) (?:ago|back))"
    rf"|(?:(?:{_WEEKDAY}|{_SHORT}\.?),? )?"
    rf"(?:(?:{_NUMERIC}|{_DOTTED})|(?:\d{{1,2}}{_TH}(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}{_TH})(?:,? \d{{4}})?)"
    rf"|(?P<bare>{_WEEKDAY}){_PART}?|(?P<short>{_SHORT})"
    rf"|\[\[(?:[^\[\]|#]*/)?(?P<link>{_NUMERIC})\]\])(?![\w-])",
    re.IGNORECASE,
)
_PART_BEHIND = rf"(?i){_PART}\Z"
_CHANNEL = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?![\w-])")
_OWN_CHANNEL = r"([^\W\d_]+(?:-[^\W\d_]+)?)\s*:\s+(?=\S)"
_GAP = re.compile(r"[\s,;:–—-]+")
_COLON = re.compile(r"\s*:(?:\s+|\Z)")
_SEPARATOR = re.compile(r"\s*(?:[:,–—]|-\s|\Z)")
# "had a call yesterday" begins with how one was in touch, too.
_HAD = r"(?i)(?:(?:i|we) )?(?:had|went for) (?:an? |some )?"
_AND = r"(?i)and |we |i "
# "lunch with Grace last week"; no name is so long, and none holds the end of a sentence
_WITH = r"(?i)(?:with|to|from) [^:.;!?#\n]{1,60}? "
_VERBS = frozenset({"called", "met", "visited", "walked", "talked"})
_RUNNING = r"(?i)(?:with|about|at|in|on|from|to|by|over|after|before|for|of)\b"
# "the call about the 14 oct deadline: ..." was not then
_OF = re.compile(r"\b(?:about|of|by|until|till|before|after|for|since|from)\b[^:]*\Z", re.IGNORECASE)
_MARKS_BEHIND = r"(?:[\s.!]|#[\w/-]+)*\Z"
# Behind these a day is a part of what was said.
_REPORTED = (
    r"(?i)\b(?:s?he|they|it|that|what|which|who|whom|when|why|how|if|whether|sa(?:id|ys)|told|tells|asked|since|until"
    r"|till|before|after|about)\b"
)


class Capture(NamedTuple):
    """What was typed, taken apart."""

    day: date | None  # None where no day is told
    channel: str  # lower case; "" where none is told
    text: str
    runs_on: bool = False  # the words go on behind the channel without a stop: "called her"


def read_capture(text: str, today: date) -> Capture:
    """The day, the channel and the words of a text typed on `today`; a day without a year is gone."""
    text = one_line(text)
    day: date | None = None
    channel, place = "", _behind_had(text)
    runs_on = False
    while place < len(text):
        found = _DAY.match(text, place) if day is None else None
        if found and _is_day(text, found, channel) and (day := _day_of(found, today)) is not None:
            place, runs_on = _behind_gap(text, found.end()), False
            continue
        word = _CHANNEL.match(text, place) if not channel else None
        if word is None or word[0].lower() not in CHANNELS:
            break
        channel, place = word[0].lower(), _behind_gap(text, word.end())
        runs_on = text[word.end() : place] == " "
    rest = text[place:]
    if day is None and (colon := _COLON.search(rest, 0, _LONGEST_HEAD)):
        day, rest = _day_in_head(rest, colon.start(), today)
    elif day is None:
        day, rest = _day_in_sentence(rest, channel, today)
    if not channel and (own := re.match(_OWN_CHANNEL, rest)) and own[1] == own[1].lower():
        channel, rest = own[1], rest[own.end() :]
    if channel and not runs_on:
        rest = re.sub(_AND, "", rest, count=1) if re.match(_HAD, text) else rest
    runs_on = bool(runs_on and rest and (channel in _VERBS or re.match(_RUNNING, rest)))
    return Capture(day, channel, rest, runs_on)


def find_unread_day(text: str, told: Capture, today: date) -> tuple[str, date] | None:
    """A day gone by that stands among the words of a text that told none, with how it is told there.

    None where the words begin with how it was, or before a colon: what comes behind is what was said.
    """
    if told.day is not None or told.channel or _COLON.search(text, 0, _LONGEST_HEAD):
        return None
    for found in _DAY.finditer(told.text):
        is_word = not found.start() or told.text[found.start() - 1].isspace()
        is_told = _is_past(found) or (found["bare"] and found[0].lower().startswith("on "))
        if is_word and is_told and (day := _day_of(found, today)) is not None:
            return found[0], day
    return None


def _behind_had(text: str) -> int:
    """Where the channel begins in "had a call ..."; 0 where the text begins otherwise."""
    had = re.match(_HAD, text)
    word = _CHANNEL.match(text, had.end()) if had else None
    return had.end() if had and word and word[0].lower() in CHANNELS else 0


def _is_day(text: str, found: re.Match[str], channel: str) -> bool:
    """Whether words at the beginning that name a day mean it: a weekday alone needs company."""
    if found["short"]:
        word = _CHANNEL.match(text, _behind_gap(text, found.end()))
        return bool(_COLON.match(text, found.end())) or (
            not channel and word is not None and word[0].lower() in CHANNELS
        )
    return not found["bare"] or bool(channel) or _may_end(text, found.end())


def _is_past(found: re.Match[str]) -> bool:
    """Whether words that name a day can mean none but one gone by."""
    words = found[0].lower()
    return bool(found["ago"]) or words.startswith(("yesterday", "last ", "day before", "the day before"))


def _day_in_sentence(text: str, channel: str, today: date) -> tuple[date | None, str]:
    """The day of "lunch with Grace last week" or "sent her card yesterday #sent", and the words without it."""
    if channel and (who := re.match(_WITH, text)):
        for found in _DAY.finditer(text, who.start()):
            before = text[: found.start()]
            if (
                not before[-1:].isspace()
                or not re.fullmatch(_WITH, before)
                or re.search(_REPORTED, before[5:])
            ):
                continue
            if (day := _day_of(found, today)) is not None:
                return day, f"{before.rstrip()} {text[found.end() :].lstrip(' ,')}".strip()
    for found in _DAY.finditer(text):
        before, behind = text[: found.start()], text[found.end() :]
        if not before[-1:].isspace() or not _is_past(found) or not re.match(_MARKS_BEHIND, behind):
            continue
        if not re.search(_REPORTED, before) and (day := _day_of(found, today)) is not None:
            behind = behind if behind[:1] in (".", "!") else f" {behind.lstrip()}"
            return day, f"{before.rstrip()}{behind}".strip()
    return None, text


def _day_in_head(text: str, colon: int, today: date) -> tuple[date | None, str]:
    """The day told before the first colon, as in "walk with Grace yesterday: ...", and the rest."""
    for found in _DAY.finditer(text, 0, colon):
        is_word = not found.start() or text[found.start() - 1].isspace()
        if found["short"] or (_OF.search(text, 0, found.start()) and not _is_past(found)):
            continue
        day = _day_of(found, today) if is_word else None
        if day is not None:
            head = f"{text[: found.start()].rstrip()} {text[found.end() : colon].lstrip()}".strip()
            rest = text[colon:].lstrip(" :")
            return day, f"{head}: {rest}" if head and rest else head or rest
    return None, text


def _day_of(found: re.Match[str], today: date) -> date | None:
    words = found["link"] or re.sub(r"\A(?:on )?(?:the )?", "", found[0], flags=re.IGNORECASE)
    if found["part"]:
        return today
    return parse_when(
        re.sub(_PART_BEHIND, "", words) if words.lower() != "last night" else words, today, past=True
    )


def _behind_gap(text: str, place: int) -> int:
    gap = _GAP.match(text, place)
    return gap.end() if gap else place


def _may_end(text: str, place: int) -> bool:
    """Whether a bare weekday ends here: "sunday: ..." and "sunday lunch: ...", not "sunday is her day"."""
    if _SEPARATOR.match(text, place):
        return True
    word = _CHANNEL.match(text, _behind_gap(text, place))
    return word is not None and word[0].lower() in CHANNELS


INBOX = "inbox"

# Paths of the contacts that a name, or a link "[[target]]", may mean.
Who = Callable[[str], Sequence[str]]

_LINK = r"\[\[(?P<target>[^\[\]|#]+)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]"
_WORD = r"[^\W\d_](?:[\w'’.-]*\w)?"
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|\+)\s)\s*", re.IGNORECASE)
# Behind these a name is whom one was in touch with, even in small letters.
_LINKING = r"(?i)\b(?:with|met|saw|called|phoned|wrote|emailed|mailed|to|from)\s+\Z"
_INBOX_COLON = r":(?:\s|\Z)"
_PLAN = r"(?i)(?:i )?(?:will|should|must|need to|want to|to|plan|remember|todo|ask)\b"
_MOST_WORDS = 5  # in a name


class Jotting(NamedTuple):
    """One line of the inbox with what hangs on it (lines from 1)."""

    line: int
    last: int
    text: str  # of the first item: by this it is found again
    words: str  # of all of it
    is_task: bool = False  # an open one: still to be done


class Proposal(NamedTuple):
    """What a jotting probably says. `why_not` tells why it cannot be filed; "" where it can."""

    jotting: Jotting
    people: tuple[str, ...]  # paths
    capture: Capture
    why_not: str = ""
    candidates: tuple[str, ...] = ()  # paths, where a name fits several


class _Name(NamedTuple):
    """A stretch of the words that names somebody."""

    start: int
    end: int
    words: str
    paths: tuple[str, ...]


def find_jottings(text: str) -> tuple[Jotting, ...]:
    """The lines under the headings Inbox of a note's text (newlines "\\n"), from top to bottom."""
    head = read_head("", text)
    lines = text.split("\n")
    items = [item for item in read_body("", text[head.body_start :], head.body_line).items if _is_in(item)]
    found: list[Jotting] = []
    for item in items:
        is_below = bool(found) and _depth(lines, item.line) > _depth(lines, found[-1].line)
        if is_below and item.kind == "item":
            above = found[-1]
            found[-1] = above._replace(last=item.last, words=f"{above.words}; {item.text}")
        else:
            found.append(Jotting(item.line, item.last, item.text, item.text, item.task == "open"))
    return tuple(jotting for jotting in found if jotting.text.strip())


def _is_in(item: Item) -> bool:
    sections = [names.fold_key(heading.rstrip(":")) for heading in item.sections]
    return item.kind != "heading" and item.task in ("", "open") and INBOX in sections


def _depth(lines: Sequence[str], line: int) -> int:
    text = lines[line - 1].expandtabs(4)
    return len(text) - len(text.lstrip())


def propose(jotting: Jotting, today: date, who: Who) -> Proposal:
    """What the jotting says, and if it can be filed without guessing."""
    text = jotting.words
    groups = _groups(text, sorted(_iter_names(text, who), key=lambda name: name.start))
    colon = re.search(_INBOX_COLON, re.sub(_LINK, lambda m: "x" * len(m[0]), text))
    if colon is not None:
        in_head = [group for group in groups if group[-1].end <= colon.start()]
        groups = in_head or groups
    sure = [group for group in groups if not group[0].start or re.search(_LINKING, text[: group[0].start])]
    group = (sure or groups or [[]])[0]
    if not group:
        return Proposal(jotting, (), read_capture(text, today), "no contact is named in it")
    people = tuple(dict.fromkeys(path for name in group for path in name.paths))
    told = read_capture(_without(text, group, today), today)
    unclear = next((name for name in group if len(name.paths) != 1), None)
    if unclear is not None:
        fits = f'"{unclear.words}" fits {len(unclear.paths)} contacts'
        return Proposal(jotting, (), told, fits, unclear.paths)
    if (len(sure) > 1 and sure[0][0].start) or (not sure and len(groups) > 1):
        several = tuple(dict.fromkeys(path for g in groups for name in g for path in name.paths))
        return Proposal(
            jotting, (), told, "several people are named, and it is not clear who took part", several
        )
    if not told.text and not told.channel:
        return Proposal(jotting, people, told, "it says nothing but a name")
    if unread := find_unread_day(told.text, told, today):
        return Proposal(
            jotting, people, told, f'"{unread[0]}" may be when it was; write it first: "{unread[0]}: ..."'
        )
    if (
        jotting.is_task
        or re.match(_PLAN, text)
        or re.match(_PLAN, told.text)
        or (told.day is not None and told.day > today)
    ):
        return Proposal(jotting, people, told, "it seems to be still to come")
    return Proposal(jotting, people, told)


def _iter_names(text: str, who: Who) -> Iterator[_Name]:
    """The links and names in a text that fit contacts, each as long as can be."""
    links = list(re.finditer(_LINK, text))
    for link in links:
        if paths := tuple(who(f"[[{link['target'].strip()}]]")):
            yield _Name(link.start(), link.end(), link["target"], paths)
    words = [w for w in re.finditer(_WORD, text) if not any(k.start() <= w.start() < k.end() for k in links)]
    number = 0
    while number < len(words):
        for count in range(min(_MOST_WORDS, len(words) - number), 0, -1):
            first, last = words[number], words[number + count - 1]
            told = text[first.start() : last.end()]
            if not _may_name(told, text, first.start()):
                continue
            if paths := tuple(who(told)):
                yield _Name(first.start(), last.end(), told, paths)
                number += count - 1
                break
        number += 1


def _may_name(told: str, text: str, start: int) -> bool:
    """Small letters make a name only where one is expected: "with ada", but not "will" or "art"."""
    if not re.fullmatch(r"\S+(?: \S+)*", told):
        return False
    before = text[:start]
    is_expected = bool(re.search(_LINKING, before) or _BETWEEN.search(before + "x", max(0, start - 6)))
    return not told[0].islower() or is_expected


def _groups(text: str, found: Sequence[_Name]) -> list[list[_Name]]:
    """Names that stand together, as in "Ada, Grace and Mary"."""
    groups: list[list[_Name]] = []
    for name in found:
        if groups and _BETWEEN.fullmatch(text, groups[-1][-1].end, name.start):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _without(text: str, group: Sequence[_Name], today: date) -> str:
    """The words without the names, where these only say who it was with; else all of them."""
    start, end = group[0].start, group[-1].end
    while start and end < len(text) and text[start - 1] == text[end] and text[end] in "*_":
        start, end = start - 1, end + 1  # a name in bold
    before = re.sub(r"(?:\A|\s+)with\s+\Z", " ", text[:start], flags=re.IGNORECASE).strip()
    if before and read_capture(before, today).text:
        return text
    rest = text[end:].lstrip(" ")
    if not before:
        return re.sub(r"\A[\s,;:–—-]+", "", rest)
    return f"{before}{rest}" if rest[:1] in (":", ",") else f"{before} {rest}"
