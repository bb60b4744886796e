"""How one entry of a log is written: the bullet, the date's dress and the separators the log has already.

Pure text: one line of the log in, the new entry's line out. Where a log tells nothing, an entry is written
as `- 2026-10-14 call: asked how to open the raise talk`.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import find_leading_date
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.log import CHANNELS
from mdmentor.core.spans import MONTHS

_LEAD = r"(?P<indent>[ \t]*)(?P<mark>[-*+]|#{1,6}|(?P<number>\d{1,9})[.)])(?P<gap>[ \t]+)(?:\[[^\]]\][ \t]+)?"
_DAY = r"[0-9]{4}(?P<gap>[-/]?)[0-9]{1,2}(?P=gap)[0-9]{1,2}"
_NOT_REPEATED = r"(?:[T ]\s?[0-9]{1,2}:[0-9:.,]*[0-9](?:Z|[+-][0-9:]+)?)?(?:[#|][^\[\]]*(?=\]\]))?"
_AFTER = re.compile(
    r"(?P<mid>[ \t]*(?:[:–—,|-]+[ \t]*)?)"
    r"(?:(?P<channel>[^\W\d_]+(?:-[^\W\d_]+)?)(?P<sep>[ \t]*[:–—][ \t]*|[ \t]+-[ \t]+|[ \t]+|$))?(?P<text>.*)"
)
_BREAKS = r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+"
# The headings by which a log may be divided.
_PERIOD = r"[0-9]{4}(?:-[0-9]{2})?"
_NAMED_PERIOD = r"(?P<before>[0-9]{4})?[ ,-]*(?P<month>[A-Za-z]{3,9})\.?[ ,-]*(?P<after>[0-9]{4})?"
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_CONTROLS = r"[\x00-\x1f\x7f-\x9f\ufeff]"


class LogLine(NamedTuple):
    """What is to be logged: a day, how one was in touch ("" for untold), and the words."""

    date: date
    channel: str
    text: str
    runs_on: bool = False  # no stop between channel and words: "called her"


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


def one_line(text: str) -> str:
    """Words typed by the user on one line: newlines and tabs become blanks, control characters go."""
    if text.isprintable():  # then there are none
        return text.strip()
    return re.sub(_CONTROLS, "", re.sub(_BREAKS, " ", text)).strip()


def cleaned(line: LogLine) -> LogLine:
    """The line as it may be written. Raises UnsafeEdit for words that would hide what stands below them."""
    text, channel = one_line(line.text), one_line(line.channel)
    if "<!--" in text or "-->" in text or text.count("%%") % 2 or text.startswith("```"):
        raise UnsafeEdit(
            "the words would open or close a comment in the note", "leave out <!--, -->, %% and ```"
        )
    return line._replace(channel=channel, text=text)


def style_of(source: str) -> LogStyle:
    """The style of an entry, read from its first line."""
    lead = re.match(_LEAD, source)
    rest = source[lead.end() :] if lead else source
    found = find_leading_date(rest)
    if lead is None or found is None:
        return LogStyle()
    style = LogStyle(lead["indent"] + lead["mark"] + lead["gap"])
    dress, after = rest[: found[1]], _AFTER.match(rest, found[1])
    day = re.search(_DAY, dress)
    if day is not None:
        behind = re.sub(_NOT_REPEATED, "", dress[day.end() :], count=1)
        style = style._replace(before=dress[: day.start()], day_gap=day["gap"], behind=behind)
    if after is None:
        return style
    mid, channel, sep, text = after.group("mid", "channel", "sep", "text")
    has_channel = bool(channel) and (bool(sep.strip()) or channel.lower() in CHANNELS)
    has_text = bool(text) if has_channel else bool(channel or text)
    return style._replace(
        mid=mid or " ", sep=sep if has_channel else "", has_channel=has_channel, has_text=has_text
    )


def choose_style(sources: Sequence[str], line: LogLine) -> LogStyle:
    """The style for a new entry, from the lines of a log's entries, the nearest first."""
    styles = [style_of(source) for source in sources]
    if not styles:
        return LogStyle()
    told = [style for style in styles if style.has_text] or styles
    return next((style for style in told if style.has_channel == bool(line.channel)), told[0])


def written(style: LogStyle, line: LogLine) -> str:
    """The line of a new entry."""
    day = style.day_gap.join(line.date.isoformat().split("-"))
    start = f"{style.lead}{style.before}{day}{style.behind}"
    has_mid_mark = bool(style.mid.strip())
    if line.channel and style.has_channel:
        mid, sep = style.mid, style.sep if style.sep.strip() else ": "
    elif line.channel:
        # `2026-09-01: text` becomes `2026-10-14 call: text`, and so does `2026-09-01 text`
        mid, sep = " ", style.mid if has_mid_mark else ": "
    elif style.has_channel and not has_mid_mark:
        mid, sep = style.sep or " ", ""
    else:
        mid, sep = style.mid, ""
    if line.channel and line.runs_on:
        sep = " "
    if not line.text:
        return start + (mid + line.channel if line.channel else "")
    return f"{start}{mid}{line.channel}{sep}{line.text}"


def period_for(text: str, day: date) -> str:
    """What a heading like this says where the day belongs below it: `November 2026` for one like `October 2026`.

    "" where the text names neither a year nor a month of one. A month may be cut short, as in `Oct. 2026`.
    """
    if re.fullmatch(_PERIOD, text):
        return day.isoformat()[: len(text)]
    found = re.fullmatch(_NAMED_PERIOD, text)
    word = found["month"] if found else ""
    month = MONTHS.get(word.lower())
    if found is None or month is None or bool(found["before"]) == bool(found["after"]):
        return ""
    year = found["before"] or found["after"]
    if (int(year), month) == (day.year, day.month):
        return text
    name = _MONTH_NAMES[day.month - 1]
    name = name if word.lower() == _MONTH_NAMES[month - 1].lower() else name[:3]
    name = name.upper() if word.isupper() else name.lower() if word.islower() else name
    told = f"{text[: found.start('month')]}{name}{text[found.end('month') :]}"
    return told.replace(year, f"{day.year:04}", 1)


def next_number(lead: str) -> str:
    """The lead of the item after one: `3. ` follows `2. `; a bullet follows itself."""
    number = re.search(r"\d+", lead)
    return lead if number is None else lead[: number.start()] + str(int(number[0]) + 1) + lead[number.end() :]
