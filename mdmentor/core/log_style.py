"""How an entry of a contact's log is written: its date, channel and text, in the style of the entries beside it."""

import re
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import any_of, find_leading_date
from mdmentor.core.day_words import WEEKDAYS, WEEKDAYS_CUT, weekday_like
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.marks import CHANNELS


class LogLine(NamedTuple):
    """What to log: a day, how one was in touch ("" where that is not said), and the words."""

    date: date
    channel: str
    text: str
    runs_on: bool = False  # no colon between channel and words: "called her"


class LogStyle(NamedTuple):
    """The parts of an entry's line around date, channel and text."""

    lead: str = "- "  # indentation, bullet or heading mark, blanks
    before: str = ""  # what dresses the date: "[[", "**" ...
    day_gap: str = "-"  # between year, month and day
    behind: str = ""
    mid: str = " "  # between date and channel, or date and text
    sep: str = ": "  # between channel and text
    has_channel: bool = True
    has_text: bool = True


_DAY = r"[0-9]{4}(?P<gap>[-/._]?)[0-9]{1,2}(?P=gap)[0-9]{1,2}"
_WEEKDAY = rf"(?i:(?P<weekday>{any_of([*WEEKDAYS, *WEEKDAYS_CUT])}))\.?"
_WEEKDAY_BEFORE = rf"\b{_WEEKDAY},? $"
_WEEKDAY_BEHIND = rf"^[ ,_-]+{_WEEKDAY}(?: [0-9]{{1,2}}:[0-9]{{2}}(?:-[0-9:]+)?)?(?=[\])>])"
_NOT_REPEATED = r"(?:[T ]\s?[0-9]{1,2}:[0-9:.,]*[0-9](?:Z|[+-][0-9:]+)?)?(?:[#|][^\[\]]*(?=\]\]))?"
_AFTER = re.compile(
    r"(?P<mid>[ \t]*(?:[:–—,|-]+[ \t]*)?)"
    r"(?:(?P<channel>[^\W\d_]+(?:-[^\W\d_]+)?)(?P<sep>[ \t]*[:–—][ \t]*|[ \t]+-[ \t]+|[ \t]+|$))?(?P<text>.*)"
)


def style_of(source: str) -> LogStyle:
    """The style of an entry, read from its first line."""
    lead = split_line(source)
    found = find_leading_date(lead.text)
    if not lead.mark or found is None:
        return LogStyle()
    style = LogStyle(lead.indent + lead.mark + lead.gap)
    dress, after = lead.text[: found[1]], _AFTER.match(lead.text, found[1])
    assert after
    day = re.search(_DAY, dress)
    if day is not None:
        behind = re.sub(_NOT_REPEATED, "", dress[day.end() :], count=1)
        style = style._replace(before=dress[: day.start()], day_gap=day["gap"], behind=behind)
    mid, channel, sep, text = after.group("mid", "channel", "sep", "text")
    has_channel = bool(channel) and (bool(sep.strip()) or channel.lower() in CHANNELS)
    has_text = bool(text) if has_channel else bool(channel or text)
    return style._replace(
        mid=mid or " ", sep=sep if has_channel else "", has_channel=has_channel, has_text=has_text
    )


def written(style: LogStyle, line: LogLine) -> str:
    """The line of a new entry."""
    day = style.day_gap.join(line.date.isoformat().split("-"))
    before = _with_weekday(_WEEKDAY_BEFORE, style.before, line.date)
    start = f"{style.lead}{before}{day}{_with_weekday(_WEEKDAY_BEHIND, style.behind, line.date)}"
    mid, sep = style.mid, ""
    if line.channel and style.has_channel:
        sep = style.sep if style.sep.strip() else ": "
    elif line.channel:
        # `2026-09-01: text` becomes `2026-10-14 call: text`, and so does `2026-09-01 text`
        mid, sep = " ", style.mid if style.mid.strip() else ": "
    elif style.has_channel and not style.mid.strip():
        # `[2026-10-14]: text` is a definition in Markdown
        mid = " " if re.search(r"(?<!\])\]$", style.behind) else style.sep or " "
    if line.channel and line.runs_on:
        sep = " "
    if not line.text:
        return start + (mid + line.channel if line.channel else "")
    return f"{start}{mid}{line.channel}{sep}{line.text}"


def _with_weekday(pattern: str, dress: str, day: date) -> str:
    """What dresses a date with the weekday of this one; without one where its language is not clear."""
    found = re.search(pattern, dress) if any(map(str.isalpha, dress)) else None
    if found is None:
        return dress
    word, name = found["weekday"], weekday_like(found["weekday"], day)
    instead = found[0].replace(word, name) if name else ""
    return f"{dress[: found.start()]}{re.sub(' [0-9].*', '', instead)}{dress[found.end() :]}"
