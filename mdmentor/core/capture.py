"""What somebody types after a conversation: "coffee yesterday: how to open the raise talk #got".

Such a text gives a day, a channel and the words for the log; marks and links stay in the words. Only unmistakable
days are read ("may", "march" and "second" stay words), and only where they say when the conversation was: at the
beginning, before the first colon, or at the end of a plain sentence. `find_doubt` finds a day that is left among the
words, or that may be two, so that no talk is put on today by mistake.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import ON, any_of, parse_when
from mdmentor.core.day_words import DAYS_AWAY, MONTHS, WEEKDAY_NAMES, WEEKDAYS, days_in_numbers
from mdmentor.core.frontmatter.keys import near_word
from mdmentor.core.marks import CHANNELS
from mdmentor.core.text import one_line

_LONGEST_HEAD = 80  # characters before a colon in which a day is looked for

_WEEKDAY = rf"(?:{any_of(name.lower() for name in WEEKDAY_NAMES)})"
# "hier" is here, too; so only what follows can tell that it is a day, as with a weekday cut short
_SHORT = rf"(?:{any_of(word for word in (*WEEKDAYS, 'hier') if not word.endswith('day'))})"
_AWAY = rf"(?:{any_of(word for word in DAYS_AWAY if word != 'hier')})"
_AGO = [word for word, days in DAYS_AWAY.items() if days < 0 and word != "hier"]
_PAST = ("yesterday", "last ", "day before", "the day before", *_AGO)
_PART = r"(?: (?:morning|noon|afternoon|evening|night|früh|vormittag|mittag|nachmittag|abend|matin|soir))"
_MONTH = rf"(?:{any_of(MONTHS)})\.?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of)"
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|years?|[dwmy])"
_TH = r"(?:st|nd|rd|th)?"
_CLOCK = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_NUMERIC = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}{_CLOCK}|\d{{4}}/\d{{1,2}}/\d{{1,2}}"
# `14/8`, `12/05/2026`; no fraction
_SLASHED = r"(?!24/7\b)\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![/%]|\s+of\b)|\d{1,2}-\d{1,2}-\d{4}"
_DOTTED = r"\d{1,2}\. ?\d{1,2}\.(?: ?\d{4}|\d{2}(?!\d))?"
_AT = r"(?:at|around|about) (?:noon|midday|midnight|lunch(?:time)?|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)"
_WEEKEND = (
    r"(?:at|on|over|during) (?:the )?(?:(?:last|past|this) )?week-?end|(?:last|past|this|next) week-?end"
)
_DAY = (
    rf"(?i)(?:{_AT} )?(?:on )?(?:the )?"
    rf"(?:(?P<near>day before yesterday|yesterday{_PART}?|today|tonight|last night|(?:day after )?tomorrow"
    rf"|this(?P<part>{_PART}))(?: {_AT})?"
    rf"|(?P<weekend>{_WEEKEND})|(?P<ahead>in {_COUNT} (?:days?|weeks?|fortnights?|months?|years?)(?:['’]s?)?(?: time)?)"
    rf"|(?P<side>last|past|this|next) {_WEEKDAY}{_PART}?|(?:last|next) (?:week|month)"
    rf"|(?P<ago>(?:half a year|{_COUNT} ?{_UNIT}) (?:ago|back))"
    rf"|(?P<on>{ON})(?:(?:{_WEEKDAY}|{_SHORT}\.?),? (?:de[nm] )?)?(?:(?:{_NUMERIC}|{_SLASHED}|{_DOTTED})"
    rf"|(?:\d{{1,2}}(?:{_TH}|er|\.)(?: of| de)? {_MONTH}|{_MONTH} \d{{1,2}}{_TH})(?:(?:,| del?)? \d{{4}})?)"
    rf"|(?P<bare>{_WEEKDAY}|{_AWAY}){_PART}?|(?P<short>{_SHORT})"
    rf"|\[\[(?:[^\[\]|#]*/)?(?P<link>{_NUMERIC})\]\])(?![\w-])|(?:\d{{4}} ?年 ?)?\d{{1,2}} ?月 ?\d{{1,2}} ?日"
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
_FEW_WORDS = r"(?:[^\s,;.]+ ){1,3}"  # "call her in 3 days"
_MARKS_BEHIND = r"(?:[\s.!]|#[\w/-]+)*\Z"
# Behind these words a day is part of what was said.
_REPORTED = (
    r"(?i)\b(?:s?he|they|it|that|what|which|who|whom|when|why|how|if|whether|sa(?:id|ys)|told|tells|asked|since|until"
    r"|till|before|after|about)\b"
)


# As people say it in other languages, where the day is not worked out.
_OTHER_WEEKDAY = rf"(?:{any_of(word for word in WEEKDAYS if len(word) > 4 and not word.endswith('day'))})"
_OTHER_UNIT = r"(?:tage?n?|wochen?|monate?n?|jahre?n?|jours?|semaines?|mois|ans?|d[ií]as?|semanas?|mes(?:es)?|años?|giorni|settimane)"
_VAGUE_ELSEWHERE = (
    rf"(?:am|letzten|vorigen|vergangenen|diesen) {_OTHER_WEEKDAY}|{_OTHER_WEEKDAY} (?:dernier|pasado|scorso|passado)"
    rf"|(?:letzte[nrs]?|vorige[nrs]?|vergangene[nrs]?|diese[nrs]?) (?:{_OTHER_UNIT}|wochenende)"
    rf"|(?:vor|il y a|hace|há) [\w'’]+ {_OTHER_UNIT}|la (?:semaine dernière|semana pasada|settimana scorsa)"
    rf"|\A{_OTHER_WEEKDAY}(?! (?:ist|war|est|es)\b)|вчера|позавчера|wczoraj"
)
_CHINESE = r"\A(?:昨天|前天|昨日|一昨日|上周|上个月|先週|先月|어제)"  # and Japanese and Korean

_ON = frozenset({"on ", "am ", "vom ", "den ", "le ", "el ", "il ", "em ", "op "})

# Words for a day that is not known from them.
_VAGUE = (
    r"(?i)\b(?:(?:the )?(?:last|past|previous) (?:spring|summer|autumn|fall|winter|year|quarter|term|semester|christmas|easter"
    r"|fortnight|(?:few |couple of )?days)"
    r"|(?:the )?(?:week|month|year|weekend) before last|(?:[\w'’]+ ){1,2}ago|a while back"
    r"|the other (?:day|week|night|evening)|(?:earlier )?this (?:week|month|year)|earlier (?:last|in the) \w+"
    rf"|(?:back )?in (?:{_MONTH}|(?:19|20)\d\d)|on the \d{{1,2}}{_TH}|yest\w*|hier|{_VAGUE_ELSEWHERE})(?![\w-])|{_CHINESE}"
)
# Each text that fits one of these two patterns, which are slow to compile, holds a digit or one of these words.
_OF_DAYS = frozenset(
    re.findall(
        r"[^\W\d_]+",
        "today tonight tomorrow this last past previous next other earlier ago back weekend day days week weeks month months"
        " year years fortnight fortnights woche wochen monat monate jahr jahren wochenende tagen jours semaine semaines"
        " mois semana semanas mes meses días años settimana giorni"
        f" вчера позавчера wczoraj {' '.join((*WEEKDAYS, *DAYS_AWAY, *MONTHS))}",
    )
)
_FIRST_WORD = r"([^\W\d_]{6,12})(?=\s*:)"
_NEAR_DAYS = ("yesterday", "tomorrow", *(name.lower() for name in WEEKDAY_NAMES))


class Doubt(NamedTuple):
    """Words that name a day and were not understood, with the days that they may mean; none where that is not known."""

    words: str
    days: tuple[date, ...] = ()

    def __str__(self) -> str:
        if len(self.days) == 1:
            return f'"{self.words}" may be when it was ({self.days[0]})'
        days = " or ".join(map(str, self.days))
        return f'"{self.words}" may be {days}' if days else f'"{self.words}" is not understood as a day'


class Capture(NamedTuple):
    """A typed text, taken apart."""

    day: date | None  # None where the text gives none
    channel: str  # lower case; "" where the text gives none
    text: str
    runs_on: bool = False  # the words follow the channel without a stop: "called her"


class _Today(NamedTuple):
    """The day on which something is typed, and the day that the user named for it."""

    day: date
    given: date | None = None


def read_capture(text: str, today: date, given: date | None = None) -> Capture:
    """The day, the channel and the words of a text typed on `today`; a day without a year is in the past.

    `given` is the day that the user named besides: it decides what `11/12` means.
    """
    text = one_line(text)
    when = _Today(today, given)
    has_day = _may_name_day(text)
    had = re.match(_HAD, text)
    day: date | None = None
    channel, place = "", had.end() if had and _channel_at(text, had.end()) else 0
    runs_on = False
    while place < len(text):
        found = re.compile(_DAY).match(text, place) if has_day and day is None else None
        if found and _is_day(text, found, channel) and (day := _day_of(found, when)) is not None:
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
            day, rest = _day_in_head(rest, colon.start(), when)
        else:
            day, rest = _day_in_sentence(rest, channel, when)
    if not channel and (own := re.match(_OWN_CHANNEL, rest)) and own[1] == own[1].lower():
        channel, rest = own[1], rest[own.end() :]
    if channel and not runs_on and had:
        rest = re.sub(_AND, "", rest, count=1)
    runs_on = bool(runs_on and rest and (channel in _VERBS or re.match(_RUNNING, rest)))
    return Capture(day, channel, rest, runs_on)


def find_doubt(text: str, today: date, given: date | None = None) -> Doubt | None:
    """A day among the words of a text that was read without one: it may be two, or is not understood.

    What follows the channel or the colon is what was said, and a day in it is not looked at.
    """
    text = one_line(text)
    capture = read_capture(text, today, given)
    if capture.day is not None:
        return None
    colon = _COLON.search(text, 0, _LONGEST_HEAD)
    if colon:
        return _doubt_in_head(text, colon.start(), today)
    vague = [*_find_all(_VAGUE, capture.text)]
    for found in (*(one for one in vague if not one.start()), *_days_in(capture.text), *vague):
        before, behind = capture.text[: found.start()], capture.text[found.end() :]
        is_first = not before or before.lower() in _ON
        is_said = re.search(_REPORTED, before) or _OF.search(before)
        is_last = re.match(_MARKS_BEHIND, behind) and not is_said
        is_vague = found.re.pattern == _VAGUE
        is_past = not is_vague and (_is_past(found) or (found["bare"] and found[0].lower().startswith("on ")))
        is_sure = is_vague or not (found["bare"] or found["short"])
        if ((is_first or is_last) and is_sure) or (is_past and not capture.channel):
            words = found[0] if is_vague else found[0].removeprefix(found["on"] or "")
            return Doubt(words, _days_of(found, today))
    return None


def _doubt_in_head(text: str, colon: int, today: date) -> Doubt | None:
    for found in (*_days_in(text, colon), *_find_all(_VAGUE, text[:colon])):
        is_short = found.re.pattern == _DAY and found["short"]
        if not is_short and not _OF.search(text, 0, found.start()):
            return Doubt(found[0], _days_of(found, today))
    word = re.match(_FIRST_WORD, text)
    if word and word[1].lower() not in CHANNELS and near_word(word[1], _NEAR_DAYS):
        return Doubt(word[1])
    return None


def _days_of(found: re.Match[str], today: date) -> tuple[date, ...]:
    if found.re.pattern == _VAGUE:
        return ()
    day = _day_of(found, _Today(today))
    return (day,) if day else days_in_numbers(_day_words(found), today, past=True)


def _days_in(text: str, end: int | None = None) -> Iterator[re.Match[str]]:
    """The words in a text that name days and begin where a word does."""
    for found in _find_all(_DAY, text[:end]):
        if not found.start() or text[found.start() - 1].isspace():
            yield found


def _find_all(pattern: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(pattern, text) if _may_name_day(text) else iter(())


def _may_name_day(text: str) -> bool:
    folded = text.lower()
    words = re.findall(r"[^\W\d_]+", folded)
    return (
        "yest" in folded or re.search(r"\d|[昨前先上어]", text) is not None or not _OF_DAYS.isdisjoint(words)
    )


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
    may_be_said = found["bare"] or found["on"]
    return bool(not may_be_said or channel or has_channel or _SEPARATOR.match(text, found.end()))


def _is_past(found: re.Match[str]) -> bool:
    """Whether words that name a day can mean only a past one."""
    words = found[0].lower()
    is_weekend = found["weekend"] and "this" not in words and "next" not in words
    return bool(found["ago"] or is_weekend or words.startswith(_PAST))


def _day_in_sentence(text: str, channel: str, when: _Today) -> tuple[date | None, str]:
    """The day of "lunch with Grace last week" or "sent her card yesterday #sent", and the words without it."""
    has_who = channel and re.match(_WITH, text)
    for found in _days_in(text) if has_who else ():
        before, behind = text[: found.start()], text[found.end() :]
        is_who = re.fullmatch(_WITH, before) and not re.search(_REPORTED, before[5:])
        if is_who and (day := _day_of(found, when)) is not None:
            return day, f"{before.rstrip()} {behind.lstrip(' ,')}".strip()
    for found in _days_in(text):
        before, behind = text[: found.start()], text[found.end() :]
        is_plan = found["ahead"] and channel and re.fullmatch(_FEW_WORDS, before)
        is_when = before and (_is_past(found) or is_plan) and re.match(_MARKS_BEHIND, behind)
        if is_when and not re.search(_REPORTED, before) and (day := _day_of(found, when)) is not None:
            behind = behind if behind[:1] in (".", "!") else f" {behind.lstrip()}"
            return day, f"{before.rstrip()}{behind}".strip()
    return None, text


def _day_in_head(text: str, colon: int, when: _Today) -> tuple[date | None, str]:
    """The day before the first colon, as in "walk with Grace yesterday: ...", and the rest."""
    for found in _days_in(text, colon):
        if found["short"] or (_OF.search(text, 0, found.start()) and not _is_past(found)):
            continue
        if (day := _day_of(found, when)) is not None:
            head = f"{text[: found.start()].rstrip()} {text[found.end() : colon].lstrip()}".strip()
            rest = text[colon:].lstrip(" :")
            return day, f"{head}: {rest}" if head and rest else head or rest
    return None, text


def _day_of(found: re.Match[str], when: _Today) -> date | None:
    if found["part"]:
        return when.day
    words = _day_words(found)
    if when.given is not None and when.given in days_in_numbers(words, when.day, past=True):
        return when.given
    return parse_when(words, when.day, past=True)


def _day_words(found: re.Match[str]) -> str:
    """The words of a day without what time of the day it was."""
    words = found["link"] or re.sub(rf"(?i)\A(?:{_AT} )?(?:on (?!the week))?(?:the )?{ON}", "", found[0])
    words = re.sub(rf"(?i) {_AT}\Z|(?:['’]s?)?(?: time)?\Z", "", words, count=1)
    return words if words.lower() == "last night" else re.sub(rf"(?i){_PART}\Z", "", words)
