"""What somebody types when a talk is over: "coffee yesterday: how to open the raise talk #got".

From such words come a day, a channel and the text for the log; marks and links stay in the text. Only days
that nobody could take for other words are read ("may", "march" and "second" stay words), and only where
they tell when the talk was: at the beginning, before the first colon, or at the end of a plain sentence. A day
that is left among the words can be asked for with `find_unread_day`.
"""

import re
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import parse_when
from mdmentor.core.edit_log_style import one_line
from mdmentor.core.log import CHANNELS

_LONGEST_HEAD = 80  # characters before a colon in which a day is looked for

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT = r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)"
_PART = r"(?: (?:morning|noon|afternoon|evening|night))"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
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
