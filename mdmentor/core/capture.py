"""What somebody types when a talk is over: "coffee yesterday: how to open the raise talk #got".

From such words come a day, a channel and the text for the log; marks and links stay in the text. Only days
that nobody could take for other words are read ("may", "march" and "second" stay words), and only where
the sentence begins or before its first colon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mdmentor.core.dates import parse_when
from mdmentor.core.edit_log_style import one_line
from mdmentor.core.interactions import CHANNELS

_LONGEST_HEAD = 80  # characters before a colon in which a day is looked for

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PART = r"(?: (?:morning|noon|afternoon|evening|night))"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of)"
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|years?|[dwmy])"
_TH = r"(?:st|nd|rd|th)?"
_NUMERIC = r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}"
_DAY = re.compile(
    rf"(?:on )?(?:(?P<near>(?:the )?day before yesterday|yesterday{_PART}?|today|tonight|last night|tomorrow"
    rf"|this(?P<part>{_PART}))"
    rf"|(?P<side>last|past|this|next) {_WEEKDAY}{_PART}?|last (?:week|month)"
    rf"|(?P<bare>{_WEEKDAY}){_PART}?"
    rf"|{_COUNT} ?{_UNIT} (?:ago|back)"
    rf"|\[\[(?:[^\[\]|#]*/)?(?P<link>{_NUMERIC})\]\]|(?:{_NUMERIC})"
    rf"|(?:\d{{1,2}}{_TH}(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}{_TH})(?:,? \d{{4}})?)(?![\w-])",
    re.IGNORECASE,
)
_PART_BEHIND = re.compile(rf"{_PART}\Z", re.IGNORECASE)
_CHANNEL = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?![\w-])")
_OWN_CHANNEL = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)?)\s*:\s+(?=\S)")
_GAP = re.compile(r"[\s,;:–—-]+")
_COLON = re.compile(r"\s*:(?:\s+|\Z)")
_SEPARATOR = re.compile(r"\s*(?:[:,–—]|-\s|\Z)")


@dataclass(frozen=True, slots=True)
class Capture:
    """What was typed, taken apart."""

    day: date | None  # None where no day is told
    channel: str  # lower case; "" where none is told
    text: str


def read_capture(text: str, today: date) -> Capture:
    """The day, the channel and the words of a text typed on `today`; a day without a year is gone."""
    text = one_line(text)
    day: date | None = None
    channel, place = "", 0
    while place < len(text):
        found = _DAY.match(text, place) if day is None else None
        if found and (not found["bare"] or channel or _may_end(text, found.end())):
            day = _day_of(found, today)
            if day is not None:
                place = _behind_gap(text, found.end())
                continue
        word = _CHANNEL.match(text, place) if not channel else None
        if word is None or word[0].lower() not in CHANNELS:
            break
        channel, place = word[0].lower(), _behind_gap(text, word.end())
    rest = text[place:]
    if day is None and (colon := _COLON.search(rest, 0, _LONGEST_HEAD)):
        day, rest = _day_in_head(rest, colon.start(), today)
    if not channel and (own := _OWN_CHANNEL.match(rest)) and own[1] == own[1].lower():
        channel, rest = own[1], rest[own.end() :]
    return Capture(day, channel, rest)


def _day_in_head(text: str, colon: int, today: date) -> tuple[date | None, str]:
    """The day told before the first colon, as in "walk with Grace yesterday: ...", and the rest."""
    for found in _DAY.finditer(text, 0, colon):
        is_word = not found.start() or text[found.start() - 1].isspace()
        day = _day_of(found, today) if is_word else None
        if day is not None:
            head = f"{text[: found.start()].rstrip()} {text[found.end() : colon].lstrip()}".strip()
            rest = text[colon:].lstrip(" :")
            return day, f"{head}: {rest}" if head and rest else head or rest
    return None, text


def _day_of(found: re.Match[str], today: date) -> date | None:
    words = found["link"] or re.sub(r"\Aon ", "", found[0], flags=re.IGNORECASE)
    if found["part"]:
        return today
    return parse_when(
        _PART_BEHIND.sub("", words) if words.lower() != "last night" else words, today, past=True
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
