"""One line added to the log of a contact's note, at the log's own end and in the log's own style.

The place is found with the same eyes that read the log later; the result is read again, and unless all that
was there reads as before and the new entry counts, the change is refused with UnsafeEdit. No line of the note
is changed, moved or removed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from mdmentor.core.dates import MONTH_NAMES, MONTHS, find_leading_date
from mdmentor.core.edit import (
    Edit,
    RawNote,
    UnsafeEdit,
    apply,
    encode_raw,
    find_lines,
    newline_before,
    read_for_edit,
)
from mdmentor.core.log import CHANNELS
from mdmentor.core.log_entries import LOG_HEADINGS, LogEntry, LogPage, iter_entries, log_items, log_key
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.model import Heading

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
    name = MONTH_NAMES[day.month - 1]
    name = name if word.lower() == MONTH_NAMES[month - 1].lower() else name[:3]
    name = name.upper() if word.isupper() else name.lower() if word.islower() else name
    told = f"{text[: found.start('month')]}{name}{text[found.end('month') :]}"
    return told.replace(year, f"{day.year:04}", 1)


def next_number(lead: str) -> str:
    """The lead of the item after one: `3. ` follows `2. `; a bullet follows itself."""
    number = re.search(r"\d+", lead)
    return lead if number is None else lead[: number.start()] + str(int(number[0]) + 1) + lead[number.end() :]


# Headings that mean a log even above other words; under "History" there may be a life.
_SURELY_LOG = frozenset({"log", "interactions", "interactionlog", "contactlog"})
_ATX = r" {0,3}#"
_UNDERLINE = r" {0,3}(?:=+|-+)[ \t]*"
_BULLET = r"[ \t]*([-*+])[ \t]"
_EMPTY_ITEM = r" {0,3}[-*+][ \t]*"
# A text that begins so is a paragraph and nothing else.
_PARAGRAPH = r"[^\W\d_]|\[\[|[\"“‘(@]"


class _Insertion(NamedTuple):
    """Lines to come before the line at position `row` (from 0); the one at `told` is the entry's own."""

    row: int
    lines: tuple[str, ...]
    told: int


def add_log_line(data: bytes, line: LogLine) -> tuple[bytes, int]:
    """The note's bytes with one entry more in its log, and the number of the line it stands in.

    The entry goes where its date belongs: to the end, or to the top of a log that has its newest entry
    first; a log of one day only, or none, grows downwards. It is written as the nearest entry is. Without
    a log there comes a heading `Log` at the note's end. Raises UnsafeEdit, with nothing changed.
    """
    note, head = read_for_edit(data)
    line = cleaned(line)
    page = _read_page(note.text, head.body_line)
    for insertion in _with_room(_insertion(page, line)):
        result = encode_raw(note._replace(text=apply(note.text, [_edit_of(note, insertion)])))
        number = insertion.row + insertion.told + 1
        after_note, after_head = read_for_edit(result)
        after = _read_page(after_note.text, after_head.body_line)
        end = insertion.row + len(insertion.lines)
        is_entry = any(
            item.line == number and item.last <= end and day == line.date
            for item, day in log_items(after.body)
        )
        if is_entry and after_head.body_line == head.body_line and _reads_as_before(page, after, insertion):
            return result, number
    reason = "a log line would not be read as one, or would change how the lines around it read"
    raise UnsafeEdit(
        reason, "close what is left open (a code block, a comment), or write the line in your editor"
    )


def _with_room(insertion: _Insertion) -> Iterator[_Insertion]:
    """The insertion as it is, then with a blank line below, above and on both sides, should it need that."""
    for above, below in (((), ()), ((), ("",)), (("",), ()), (("",), ("",))):
        yield _Insertion(insertion.row, (*above, *insertion.lines, *below), insertion.told + len(above))


def _read_page(text: str, first_line: int) -> LogPage:
    lines = tuple(text[line.start : line.end] for line in find_lines(text))
    body = "\n".join(lines[first_line - 1 :])
    return LogPage(lines, read_body("", body, first_line))


def _edit_of(note: RawNote, insertion: _Insertion) -> Edit:
    """The insertion as an edit; a note without a last newline stays without one."""
    lines = find_lines(note.text)
    at_end = insertion.row >= len(lines)
    place = len(note.text) if at_end else lines[insertion.row].start
    newline = newline_before(note, place)
    if at_end and lines and lines[-1].end == lines[-1].next:
        return Edit(place, place, "".join(newline + text for text in insertion.lines))
    return Edit(place, place, "".join(text + newline for text in insertion.lines))


def _reads_as_before(page: LogPage, after: LogPage, insertion: _Insertion) -> bool:
    """Whether the note reads the same but for the lines that came in."""
    count = len(insertion.lines)

    def moved(number: int) -> int:
        return number + count if number > insertion.row else number

    def is_old(number: int) -> bool:
        return not insertion.row < number <= insertion.row + count

    items = [item._replace(line=moved(item.line), last=moved(item.last)) for item in page.body.items]
    links = [link._replace(line=moved(link.line)) for link in page.body.links]
    blocks = [block._replace(line=moved(block.line), last=moved(block.last)) for block in page.body.blocks]
    return (
        items == [item for item in after.body.items if is_old(item.line)]
        and links == [link for link in after.body.links if is_old(link.line)]
        and blocks == list(after.body.blocks)
    )


def _insertion(page: LogPage, line: LogLine) -> _Insertion:
    logs = [heading for heading in page.body.headings if log_key(heading.text) in LOG_HEADINGS]
    by_log: dict[int, list[LogEntry]] = {}
    for entry in iter_entries(page):
        by_log.setdefault(max(log.line for log in logs if log.line <= entry.first), []).append(entry)
    if by_log:
        newest = max(by_log, key=lambda number: max(entry.day for entry in by_log[number]))
        log = next(log for log in logs if log.line == newest)
        return _beside(page, log, by_log[newest], line)
    for log in logs:
        if log_key(log.text) in _SURELY_LOG or not _own_lines(page, log):
            return _below(page, log, line)
    return _new_section(page, line)


def _beside(page: LogPage, log: Heading, entries: Sequence[LogEntry], line: LogLine) -> _Insertion:
    """A new entry before or behind one of the log's entries."""
    days = [entry.day for entry in entries]
    newest_first = days[0] > days[-1]
    is_sorted = days == sorted(days, reverse=newest_first)
    earlier = [number for number, day in enumerate(days) if day <= line.date]
    if newest_first:
        number = 0 if not is_sorted else earlier[0] if earlier else len(days)
    else:
        number = len(days) if not is_sorted else earlier[-1] + 1 if earlier else 0
    is_behind = number > 0 and (not newest_first or number == len(days))
    near = entries[number - 1 if is_behind else number]
    texts = _entry_lines(page, near, entries, line, is_behind)
    gap = ("",) * _gap(page, near, entries)
    period = _period(page, log, near)
    told = period_for(period.text, line.date) if period else ""
    if period and number in (0, len(days)) and told != period.text:
        start = page.source(period.line).replace(period.text, told, 1)
        below = ("",) if page.is_blank(period.line) else ()
        if is_behind:
            return _Insertion(near.last, ("", start, *below, *texts), 2 + len(below))
        return _Insertion(period.line - 1, (start, *below, *texts, ""), 1 + len(below))
    if is_behind:
        return _Insertion(near.last, (*gap, *texts), len(gap))
    return _Insertion(near.first - 1, (*texts, *gap), 0)


def _gap(page: LogPage, near: LogEntry, entries: Sequence[LogEntry]) -> int:
    """The blank lines that the log keeps between two entries; between headings one where it shows none."""
    gaps = [
        below.first - above.last - 1
        for above, below in pairwise(entries)
        if all(page.is_blank(row) for row in range(above.last, below.first - 1))
    ]
    return min(gaps, default=1 if near.level else 0)


def _period(page: LogPage, log: Heading, near: LogEntry) -> Heading | None:
    """The heading of the year or month that an entry stands under, in a log that is divided so."""
    above = [heading for heading in page.body.headings if log.line < heading.line < near.first]
    if above and period_for(above[-1].text, near.day) and re.match(_ATX, page.source(above[-1].line)):
        return above[-1]
    return None


def _entry_lines(
    page: LogPage, near: LogEntry, entries: Sequence[LogEntry], line: LogLine, is_behind: bool
) -> tuple[str, ...]:
    """The lines of a new entry, written as the entries nearest to its place are."""
    alike = [entry for entry in entries if bool(entry.level) == bool(near.level)]
    alike.sort(key=lambda entry: abs(entry.first - near.first))
    style = choose_style([page.source(entry.first) for entry in alike], line)
    if is_behind and not near.level:
        style = style._replace(lead=next_number(style.lead))
    above = next((entry for entry in alike if entry.last > entry.first), None)
    if not near.level or style.has_text or above is None or not re.match(_PARAGRAPH, line.text):
        return (written(style, line),)
    below = next(row for row in range(above.first, above.last) if not page.is_blank(row))
    bullet = re.match(_BULLET, page.lines[below])
    text = f"{bullet[1]} {line.text}" if bullet else line.text
    return (written(style, line._replace(text="")), *[""] * (below - above.first), text)


def _own_lines(page: LogPage, log: Heading) -> tuple[int, ...]:
    """The numbers of the lines of words below a heading, up to the next heading or block of ours."""
    return tuple(
        n for n in range(_last_of(page, log) + 1, _end_of_own(page, log) + 1) if not page.is_blank(n - 1)
    )


def _end_of_own(page: LogPage, log: Heading) -> int:
    stops = [heading.line for heading in page.body.headings] + [block.line for block in page.body.blocks]
    return min((stop for stop in stops if stop > log.line), default=len(page.lines) + 1) - 1


def _last_of(page: LogPage, heading: Heading) -> int:
    """The last line of a heading, which may be underlined."""
    if re.match(_ATX, page.source(heading.line)):
        return heading.line
    rows = range(heading.line, len(page.lines))
    return next((row + 1 for row in rows if re.fullmatch(_UNDERLINE, page.lines[row])), heading.line)


def _below(page: LogPage, log: Heading, line: LogLine) -> _Insertion:
    """The first entry below a heading that has none yet; blank lines that wait there stay around it."""
    text = written(LogStyle(lead=f"{_usual_bullet(page)} "), line)
    words = _own_lines(page, log)
    if words and re.fullmatch(_EMPTY_ITEM, page.source(words[-1])):
        # a template's waiting bullet goes on waiting, below the entry
        return _Insertion(words[-1] - 1, (text,), 0)
    if words:
        is_item = any(item.kind == "item" and item.line <= words[-1] <= item.last for item in page.body.items)
        return _Insertion(words[-1], (text,) if is_item else ("", text), 0 if is_item else 1)
    start, end = _last_of(page, log), _end_of_own(page, log)
    has_room = end - start > 1 or (end > start and end == len(page.lines))
    return _Insertion(start + 1 if has_room else start, (text,), 0)


def _usual_bullet(page: LogPage) -> str:
    bullets = (re.match(_BULLET, page.source(item.line)) for item in page.body.items if item.kind == "item")
    return next((bullet[1] for bullet in bullets if bullet), "-")


def _new_section(page: LogPage, line: LogLine) -> _Insertion:
    """A log at the note's end, under a heading of the level and with the blank lines that its others have."""
    end = len(page.lines)
    below = Counter(page.is_blank(h.line) for h in page.body.headings if h.line < end)
    texts = [
        "#" * _usual_level(page.body.headings) + " Log",
        written(LogStyle(f"{_usual_bullet(page)} "), line),
    ]
    if below[True] >= below[False]:
        texts.insert(1, "")
    if end and not page.is_blank(end - 1):
        texts.insert(0, "")
    return _Insertion(end, tuple(texts), len(texts) - 1)


def _usual_level(headings: Sequence[Heading]) -> int:
    """The level of the note's sections: below a title that stands alone, beside them where there is none."""
    levels = [heading.level for heading in headings]
    if levels[:1] == [1] and levels.count(1) == 1:
        levels = levels[1:]
    return min(levels, default=2)
