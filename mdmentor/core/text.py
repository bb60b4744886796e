"""How dates, spans of time and a note's own words are told inside a sentence.

The sentences are the same on every machine: no locale, no clock. What comes back is plain text; whoever puts
it into Markdown or SVG escapes it there.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_WIKILINK = r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]"
_INLINE_LINK = r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"
_COMMENT = r"<!--.*?-->|%%.*?%%"
_EMPHASIS = r"\*\*|__|~~|==|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)"
_MARK = r"(?i)(?<![\w#/])#(?:gave|got|thanked|sent|private|waiting)(?![\w/-])"

# Words with which a task may be read on after "You promised to".
_VERB_WORDS = """
    ask bring buy call check come connect cook deliver email find finish fix forward get give help introduce
    invite join keep lend let look make meet organise organize pass pay pick prepare propose put read
    recommend refer remind reply return say schedule see send share sign submit suggest take teach tell
    thank think translate write
"""
_VERBS = frozenset(_VERB_WORDS.split())


def day_text(day: date, today: date) -> str:
    """ "14 Oct", with the year only when it is not this one: "14 Oct 2025"."""
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def weekday_text(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


@lru_cache(maxsize=512)  # many people, and few rhythms
def every(days: int) -> str:
    """A cadence in words: "every 6 weeks", "every month", "every half year"."""
    if days in (1, 7, 30, 31, 365, 366):
        return f"every {({1: 'day', 7: 'week', 30: 'month', 31: 'month'}).get(days, 'year')}"
    if days in (182, 183):
        return "every half year"
    if days in (91, 92):
        return "every 3 months"
    for size, word in ((365, "years"), (30, "months"), (7, "weeks")):
        if days % size == 0:
            return f"every {days // size} {word}"
    return f"every {days} days"


def about(days: float) -> str:
    """A span of time as one says it: "9 days", "6 weeks", "4 months", "2 years"; rounded, never "0"."""
    if days < 13.5:
        return _count(days, "day")
    if days < 75:
        return _count(days / 7, "week")
    if days < 540:
        return _count(days / 30.44, "month")
    return _count(days / 365.25, "year")


def plain(text: str, limit: int = 80) -> str:
    """The words of a line without links, emphasis and marks, cut at a word after `limit` characters."""
    if "[" in text:
        text = re.sub(_INLINE_LINK, r"\1", re.sub(_WIKILINK, _shown, text))
    if "<" in text or "%" in text:
        text = re.sub(_COMMENT, "", text)
    if "#" in text:
        text = re.sub(_MARK, "", text)
    if "*" in text or "_" in text or "`" in text or "~~" in text or "==" in text:
        text = re.sub(_EMPHASIS, "", text)
    text = " ".join(text.split()).rstrip(" .,;:")
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rpartition(" ")[0] or text[:limit]
    return cut.rstrip(" .,;:") + " …"


def promised(text: str) -> tuple[str, str]:
    """What follows "You promised" for a task: ("to send the paper", "") or ("", "the paper").

    Only what clearly begins with a verb is read on as a sentence; anything else stands after a colon.
    """
    words = plain(text)
    first, blank, rest = words.partition(" ")
    if first.lower() in _VERBS and first[1:].islower():
        return f"to {first.lower()}{blank}{rest}", ""
    return "", words


def _count(number: float, word: str) -> str:
    whole = max(1, int(number + 0.5))
    return f"{whole} {word}" if whole == 1 else f"{whole} {word}s"


def _shown(match: re.Match[str]) -> str:
    target, text = match.groups()
    return str(text or target.split("#", 1)[0].rsplit("/", 1)[-1] or target.lstrip("#"))
