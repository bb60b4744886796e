"""What somebody types after a conversation: "coffee yesterday: how to open the raise talk #got".

Such a text gives a day, a channel and the words for the log; marks and links stay in the words. Only unmistakable
days are read ("may", "march" and "second" stay words), and only where they say when the conversation was: at the
beginning, before the first colon, or at the end of a plain sentence. `find_unread_day` finds a day that is left among
the words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import WEEKDAY_NAMES, any_of, parse_when
from mdmentor.core.edit import one_line
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.markdown import read_body
from mdmentor.core.marks import CHANNELS
from mdmentor.core.model import Item
from mdmentor.core.words import DAYS_AWAY, MONTHS, WEEKDAYS

_LONGEST_HEAD = 80  # characters before a colon in which a day is looked for

_WEEKDAY = rf"(?:{any_of(name.lower() for name in WEEKDAY_NAMES)})"
# "hier" is here, too; so only what follows can tell that it is a day, as with a weekday cut short
_SHORT = rf"(?:{any_of(word for word in (*WEEKDAYS, 'hier') if not word.endswith('day'))})"
_AWAY = rf"(?:{any_of(word for word in DAYS_AWAY if word != 'hier')})"
_PAST = tuple(word for word, days in DAYS_AWAY.items() if days < 0 and word != "hier")
_PART = r"(?: (?:morning|noon|afternoon|evening|night|früh|vormittag|mittag|nachmittag|abend|matin|soir))"
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
    rf"|(?P<bare>{_WEEKDAY}|{_AWAY}){_PART}?|(?P<short>{_SHORT})"
    rf"|\[\[(?:[^\[\]|#]*/)?(?P<link>{_NUMERIC})\]\])(?![\w-])",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?![\w-])")
_OWN_CHANNEL = r"([^\W\d_]+(?:-[^\W\d_]+)?)\s*:\s+(?=\S)"
_GAP = re.compile(r"[\s,;:–—-]+")
_COLON = re.compile(r"\s*:(?:\s+|\Z)")
_SEPARATOR = re.compile(r"\s*(?:[:,–—]|-\s|\Z)")
# "had a call yesterday" begins with the channel, too
_HAD = r"(?i)(?:(?:i|we) )?(?:had|went for) (?:an? |some )?"
_AND = r"(?i)and |we |i "
# "lunch with Grace last week"; no name is so long, and none holds the end of a sentence
_WITH = r"(?i)(?:with|to|from) [^:.;!?#\n]{1,60}? "
_VERBS = frozenset({"called", "met", "visited", "walked", "talked"})
_RUNNING = r"(?i)(?:with|about|at|in|on|from|to|by|over|after|before|for|of)\b"
# "the call about the 14 oct deadline: ..." was not then
_OF = re.compile(r"\b(?:about|of|by|until|till|before|after|for|since|from)\b[^:]*\Z", re.IGNORECASE)
_MARKS_BEHIND = r"(?:[\s.!]|#[\w/-]+)*\Z"
# Behind these words a day is part of what was said.
_REPORTED = (
    r"(?i)\b(?:s?he|they|it|that|what|which|who|whom|when|why|how|if|whether|sa(?:id|ys)|told|tells|asked|since|until"
    r"|till|before|after|about)\b"
)


class Capture(NamedTuple):
    """A typed text, taken apart."""

    day: date | None  # None where the text gives none
    channel: str  # lower case; "" where the text gives none
    text: str
    runs_on: bool = False  # the words follow the channel without a stop: "called her"


def read_capture(text: str, today: date) -> Capture:
    """The day, the channel and the words of a text typed on `today`; a day without a year is in the past."""
    text = one_line(text)
    had = re.match(_HAD, text)
    day: date | None = None
    channel, place = "", had.end() if had and _channel_at(text, had.end()) else 0
    runs_on = False
    while place < len(text):
        found = _DAY.match(text, place) if day is None else None
        if found and _is_day(text, found, channel) and (day := _day_of(found, today)) is not None:
            place, runs_on = _skip_gap(text, found.end()), False
            continue
        word = "" if channel else _channel_at(text, place)
        if not word:
            break
        end = place + len(word)
        channel, place = word.lower(), _skip_gap(text, end)
        runs_on = text[end:place] == " "
    rest = text[place:]
    if day is None:
        colon = _COLON.search(rest, 0, _LONGEST_HEAD)
        if colon:
            day, rest = _day_in_head(rest, colon.start(), today)
        else:
            day, rest = _day_in_sentence(rest, channel, today)
    if not channel and (own := re.match(_OWN_CHANNEL, rest)) and own[1] == own[1].lower():
        channel, rest = own[1], rest[own.end() :]
    if channel and not runs_on and had:
        rest = re.sub(_AND, "", rest, count=1)
    runs_on = bool(runs_on and rest and (channel in _VERBS or re.match(_RUNNING, rest)))
    return Capture(day, channel, rest, runs_on)


def find_unread_day(text: str, capture: Capture, today: date) -> tuple[str, date] | None:
    """A past day among the words of a text that was read without one, as it is written there.

    None where the text begins with a channel or has a colon: what follows is what was said.
    """
    if capture.day is not None or capture.channel or _COLON.search(text, 0, _LONGEST_HEAD):
        return None
    for found in _days_in(capture.text):
        is_past = _is_past(found) or (found["bare"] and found[0].lower().startswith("on "))
        if is_past and (day := _day_of(found, today)) is not None:
            return found[0], day
    return None


def _days_in(text: str, end: int | None = None) -> Iterator[re.Match[str]]:
    """The words in a text that name days and begin where a word does."""
    for found in _DAY.finditer(text, 0, len(text) if end is None else end):
        if not found.start() or text[found.start() - 1].isspace():
            yield found


def _channel_at(text: str, place: int) -> str:
    word = _CHANNEL.match(text, place)
    return word[0] if word and word[0].lower() in CHANNELS else ""


def _skip_gap(text: str, place: int) -> int:
    gap = _GAP.match(text, place)
    return gap.end() if gap else place


def _is_day(text: str, found: re.Match[str], channel: str) -> bool:
    """Whether words at the beginning that name a day mean it: "sunday: ..." does, "sunday is her day" does not."""
    has_channel = bool(_channel_at(text, _skip_gap(text, found.end())))
    if found["short"]:
        return _COLON.match(text, found.end()) is not None or (not channel and has_channel)
    return (
        not found["bare"] or bool(channel) or has_channel or _SEPARATOR.match(text, found.end()) is not None
    )


def _is_past(found: re.Match[str]) -> bool:
    """Whether words that name a day can mean only a past one."""
    words = found[0].lower()
    return bool(found["ago"]) or words.startswith(
        ("yesterday", "last ", "day before", "the day before", *_PAST)
    )


def _day_in_sentence(text: str, channel: str, today: date) -> tuple[date | None, str]:
    """The day of "lunch with Grace last week" or "sent her card yesterday #sent", and the words without it."""
    has_who = channel and re.match(_WITH, text)
    for found in _days_in(text) if has_who else ():
        before, behind = text[: found.start()], text[found.end() :]
        is_who = re.fullmatch(_WITH, before) and not re.search(_REPORTED, before[5:])
        if is_who and (day := _day_of(found, today)) is not None:
            return day, f"{before.rstrip()} {behind.lstrip(' ,')}".strip()
    for found in _days_in(text):
        before, behind = text[: found.start()], text[found.end() :]
        is_when = before and _is_past(found) and re.match(_MARKS_BEHIND, behind)
        if is_when and not re.search(_REPORTED, before) and (day := _day_of(found, today)) is not None:
            behind = behind if behind[:1] in (".", "!") else f" {behind.lstrip()}"
            return day, f"{before.rstrip()}{behind}".strip()
    return None, text


def _day_in_head(text: str, colon: int, today: date) -> tuple[date | None, str]:
    """The day before the first colon, as in "walk with Grace yesterday: ...", and the rest."""
    for found in _days_in(text, colon):
        if found["short"] or (_OF.search(text, 0, found.start()) and not _is_past(found)):
            continue
        if (day := _day_of(found, today)) is not None:
            head = f"{text[: found.start()].rstrip()} {text[found.end() : colon].lstrip()}".strip()
            rest = text[colon:].lstrip(" :")
            return day, f"{head}: {rest}" if head and rest else head or rest
    return None, text


def _day_of(found: re.Match[str], today: date) -> date | None:
    if found["part"]:
        return today
    words = found["link"] or re.sub(r"(?i)\A(?:on )?(?:the )?", "", found[0])
    if words.lower() != "last night":
        words = re.sub(rf"(?i){_PART}\Z", "", words)
    return parse_when(words, today, past=True)


INBOX = "inbox"

# A name, or a link "[[target]]" -> the paths of the contacts that it may mean.
Who = Callable[[str], Sequence[str]]

_LINK = r"\[\[(?P<target>[^\[\]|#]+)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]"
_WORD = r"[^\W\d_](?:[\w'’.-]*\w)?"
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|\+)\s)\s*", re.IGNORECASE)
# Behind these words a name is that of a contact, even in small letters.
_LINKING = r"(?i)\b(?:with|met|saw|called|phoned|wrote|emailed|mailed|to|from)\s+\Z"
_INBOX_COLON = r":(?:\s|\Z)"
_PLAN = r"(?i)(?:i )?(?:will|should|must|need to|want to|to|plan|remember|todo|ask)\b"
_MOST_WORDS = 5  # in a name


class Jotting(NamedTuple):
    """One line of the inbox with the lines nested below it (lines from 1)."""

    line: int
    last: int
    text: str  # of the first item; it is found again by this
    words: str  # of all of it
    is_task: bool = False  # an open one


class Proposal(NamedTuple):
    """What a jotting probably says; `why_not` is the reason why it cannot be filed, "" where it can."""

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
    return item.kind in ("item", "paragraph") and item.task in ("", "open") and INBOX in sections


def _depth(lines: Sequence[str], line: int) -> int:
    text = lines[line - 1].expandtabs(4)
    return len(text) - len(text.lstrip())


def propose(jotting: Jotting, today: date, who: Who) -> Proposal:
    """What the jotting says, and whether it can be filed without guessing."""
    text = jotting.words
    groups = _groups(text, sorted(_iter_names(text, who), key=lambda name: name.start))
    colon = re.search(_INBOX_COLON, re.sub(_LINK, lambda m: "x" * len(m[0]), text))
    if colon is not None:
        in_head = [group for group in groups if group[-1].end <= colon.start()]
        groups = in_head or groups
    if not groups:
        return Proposal(jotting, (), read_capture(text, today), "no contact is named in it")
    sure = [group for group in groups if not group[0].start or re.search(_LINKING, text[: group[0].start])]
    group = (sure or groups)[0]
    capture = read_capture(_without(text, group, today), today)
    unclear = next((name for name in group if len(name.paths) != 1), None)
    if unclear is not None:
        why_not = f'"{unclear.words}" fits {len(unclear.paths)} contacts'
        return Proposal(jotting, (), capture, why_not, unclear.paths)
    if (len(sure) > 1 and sure[0][0].start) or (not sure and len(groups) > 1):
        why_not = "several people are named, and it is not clear who took part"
        return Proposal(jotting, (), capture, why_not, _paths(groups))
    return Proposal(jotting, _paths([group]), capture, _why_not(jotting, capture, today))


def _paths(groups: Sequence[Sequence[_Name]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for group in groups for name in group for path in name.paths))


def _why_not(jotting: Jotting, capture: Capture, today: date) -> str:
    """Why a jotting about known people cannot be filed; "" where it can."""
    if not capture.text and not capture.channel:
        return "it says nothing but a name"
    if unread := find_unread_day(capture.text, capture, today):
        return f'"{unread[0]}" may be when it was; write it first: "{unread[0]}: ..."'
    is_plan = jotting.is_task or re.match(_PLAN, jotting.words) or re.match(_PLAN, capture.text)
    if is_plan or (capture.day is not None and capture.day > today):
        return "it seems to be in the future"
    return ""


def _iter_names(text: str, who: Who) -> Iterator[_Name]:
    """The links and names in a text that fit contacts, the longest at each place."""
    links = list(re.finditer(_LINK, text))
    for link in links:
        if paths := tuple(who(f"[[{link['target'].strip()}]]")):
            yield _Name(link.start(), link.end(), link["target"], paths)
    words = [w for w in re.finditer(_WORD, text) if not any(k.start() <= w.start() < k.end() for k in links)]
    number = 0
    while number < len(words):
        for count in range(min(_MOST_WORDS, len(words) - number), 0, -1):
            first, last = words[number], words[number + count - 1]
            name = text[first.start() : last.end()]
            if not _may_name(name, text, first.start()):
                continue
            if paths := tuple(who(name)):
                yield _Name(first.start(), last.end(), name, paths)
                number += count - 1
                break
        number += 1


def _may_name(name: str, text: str, start: int) -> bool:
    """Small letters make a name only where one is expected: "with ada", but not "will" or "art"."""
    if not re.fullmatch(r"\S+(?: \S+)*", name):
        return False
    before = text[:start]
    is_expected = bool(re.search(_LINKING, before) or _BETWEEN.search(before + "x", max(0, start - 6)))
    return not name[0].islower() or is_expected


def _groups(text: str, found: Sequence[_Name]) -> list[list[_Name]]:
    """Names that are joined, as in "Ada, Grace and Mary"."""
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
