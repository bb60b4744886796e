"""Words for days, spans and counts, and a note's own words made safe for Markdown, XML, JSON and a terminal.

The words are the same on every machine: no locale, no clock. They are plain text, which pages escape
for Markdown or SVG.
"""

from __future__ import annotations

import math
import posixpath
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from mdmentor.core.day_words import MONTH_NAMES, WEEKDAY_NAMES
from mdmentor.core.names import stem


def plain_newlines(text: str) -> str:
    """The text with each newline as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_lines(text: str) -> list[str]:
    """The lines of a text whose newlines are "\\n"; none for an empty text."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def weekday_text(day: date) -> str:
    """`Monday`."""
    return WEEKDAY_NAMES[day.weekday()]


def month_text(day: date) -> str:
    """`November 2026`."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def long_day(day: date) -> str:
    """`Monday, 23 November 2026`."""
    return f"{weekday_text(day)}, {day.day} {month_text(day)}"


def full_day(day: date) -> str:
    """`14 Oct 2026`: for text that must not change as the days go by, such as a block in a user's note."""
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"


def short_day(day: date, today: date) -> str:
    """`14 Oct`, with the year only when it is not this one: `14 Oct 2025`."""
    return full_day(day) if day.year != today.year else full_day(day).rpartition(" ")[0]


def day_text(day: date, today: date) -> str:
    """`14 Oct`; with the weekday within the six days ahead (`Fri 27 Nov`), with the year if not this one."""
    if 0 <= (day - today).days <= 6:
        return f"{weekday_text(day)[:3]} {day.day} {MONTH_NAMES[day.month - 1][:3]}"
    return short_day(day, today)


def ago(day: date, today: date) -> str:
    """`today`, `yesterday`, `5 weeks ago`, `in 3 days`: how far away a day is."""
    days = (today - day).days
    if days in (-1, 0, 1):
        return ("today", "yesterday", "tomorrow")[days]
    return f"{span_text(days)} ago" if days > 0 else f"in {span_text(-days)}"


def past_day(day: date, today: date) -> str:
    """`Mon 23 Nov, 3 days ago`."""
    return f"{day_text(day, today)}, {ago(day, today)}"


def span_text(days: int) -> str:
    """A number of days, rounded: `10 days`, `5 weeks`, `3 months`, `a year`, `2 years`."""
    text = about(days)
    return "a year" if text == "12 months" else text


def about(days: float) -> str:
    """A span of time, rounded and never zero: `9 days`, `6 weeks`, `4 months`, `2 years`."""
    sizes = ((13.5, 1, "day"), (75, 7, "week"), (715, 30.44, "month"), (math.inf, 365.25, "year"))
    size, unit = next((size, unit) for below, size, unit in sizes if days < below)
    return counted(max(1, int(days / size + 0.5)), unit)


_CADENCES = {
    1: "day", 7: "week", 30: "month", 31: "month", 91: "3 months", 92: "3 months",
    182: "half year", 183: "half year", 365: "year", 366: "year",
}  # fmt: skip


def every(days: int) -> str:
    """A cadence in words: `every 6 weeks`, `every month`, `every half year`."""
    if days in _CADENCES:
        return f"every {_CADENCES[days]}"
    for size, unit in ((365, "years"), (30, "months"), (7, "weeks")):
        if days % size == 0:
            return f"every {days // size} {unit}"
    return f"every {days} days"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 person`, `3 people`: a number with its noun; `many` is for a plural without "s"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listing(words: Sequence[str]) -> str:
    """`Ada, Grace and Mary`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def problem_words(counts: tuple[int, int, int]) -> str:
    """`3 problems, 1 hint, 40 links without a note`, without zeros; else `no problems`.

    Links are counted apart since nothing is wrong with a vault that links names for which it has no notes.
    """
    nouns = (("problem",), ("hint",), ("link without a note", "links without a note"))
    words = [counted(number, *noun) for number, noun in zip(counts, nouns, strict=True) if number]
    return ", ".join(words) or "no problems"


# What ends a line somewhere (in Python, in JavaScript, in a terminal) becomes a blank.
_BREAKS = r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+"
# Bidi overrides and isolates can show a line in another order than it is written; the marks that a
# script needs (U+200E, U+200F) stay. A byte order mark within a text is nothing.
_UNSEEN = r"[\u202a-\u202e\u2066-\u2069\ufeff]"
# Other controls, lone surrogates and what XML forbids: shown, so that nothing disappears silently.
_CONTROLS = r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
_TYPED_BREAKS = r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+"
_TYPED_CONTROLS = r"[\x00-\x1f\x7f-\x9f\ufeff]"
_DIRECTION_MARKS = r"[\u061c\u200e\u200f]"
_STEERING = r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"


def clean(text: str) -> str:
    """The text on one line, without blanks at its ends and with a single one for each run of blanks and line ends.

    Control characters are shown as U+FFFD; bidi overrides and isolates are removed.
    """
    if text.isprintable():  # as most texts are; the only blank among printable characters is the plain one
        return " ".join(text.split())
    text = re.sub(_BREAKS, " ", re.sub(_UNSEEN, "", text))
    return re.sub(_CONTROLS, "\ufffd", text).strip()


def sentence(text: str) -> str:
    """Plain words with a capital first and a mark at the end."""
    text = clean(text)
    return text and text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def one_line(text: str) -> str:
    """Words typed by the user on one line: newlines and tabs become blanks, control characters go."""
    if not text.isprintable():
        text = re.sub(_TYPED_CONTROLS, "", re.sub(_TYPED_BREAKS, " ", text))
    return text.strip()


def terminal(text: str) -> str:
    """The text for one line of a terminal, without escape sequences, controls and marks of direction."""
    text = clean(text)
    return text if text.isprintable() else re.sub(_DIRECTION_MARKS, "", text)


def shell_word(text: str) -> str:
    """The text as one word of a shell's command line."""
    if re.fullmatch(r'[^"$`\\!]+', text):
        return f'"{text}"'
    import shlex  # few texts have such characters

    return shlex.quote(text)


def json_text(text: str) -> str:
    """The same JSON document with controls, line ends and marks of direction escaped: they occur in strings only."""
    return re.sub(_STEERING, lambda match: f"\\u{ord(match[0]):04x}", text)


_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def xml(text: str) -> str:
    """The text for an element or a quoted attribute of SVG or HTML."""
    return clean(text).translate(_XML)


# What opens or closes something within a line, and so needs a backslash there. Tags and ids of blocks,
# highlights, comments and maths are Obsidian's; "~5 weeks", snake_case, C# and AT&T stay as they are.
_INLINE_PARTS = {
    "code, emphasis, links, footnotes, table cells, maths": r"[`*\[\]|$]",
    "emphasis": r"(?<![^\W_])_|_(?![^\W_])",
    "struck out": r"~(?![^\W_])|(?<=[^\s!-/:-@\[-`{-}])~",
    "tag, heading": r"(?<![A-Za-z0-9])#",
    "highlight": r"(?<==)=",
    "comment": r"(?<=%)%",
    "id of a block": r"(?:^|(?<=\s))\^",
    "HTML, comment, autolink": r"<(?!\s)",
    "entity": r"&(?=#|[A-Za-z][A-Za-z0-9]*;)",
    "template languages": r"\{(?=[{%#])",
    "Dataview's field, key:: value": r"(?<=\w:):(?=\s|$)",
    "escape, hard line break": r"\\(?=[!-/:-@\[-`{-~]|$)",
}
_INLINE = "|".join(_INLINE_PARTS.values())
_INLINE_SIGNS = r"[`*\[\]|$_~#=%^<&{\\]|::"  # without any of these no part fits, which is quicker to see
# Within a web address "#" opens no tag, and a backslash would break the address where it is made a link.
_URL = r"(https?://\S+)"
_INLINE_OF_URL = "|".join(part for what, part in _INLINE_PARTS.items() if what != "tag, heading")
# What makes a quote, list, rule, setext underline or table rule at the beginning of a line; of a numbered item the
# number is kept, and the backslash goes before the dot.
_START = r"\A(?:([0-9]{1,9})(?=[.)](?:\s|$))|(?=[>=]|-(?:[\s-]|$)|\+(?:\s|$)|:-))"


def md(text: str) -> str:
    """The text as Markdown that shows just these words wherever in a line it is.

    It may begin a paragraph, a list item, a heading or a table cell, and may be the text of a link.
    Ordinary words get no backslash; a bare web address stays as it is. Between two such texts a page
    needs a blank or words of its own.
    """
    text = clean(text)
    if re.search(_INLINE_SIGNS, text):
        pieces = enumerate(re.split(_URL, text))  # every second one is an address
        text = "".join(re.sub(_INLINE_OF_URL if i % 2 else _INLINE, r"\\\g<0>", piece) for i, piece in pieces)
    return re.sub(_START, r"\g<1>\\", text)


_ENCODED = r"[^\w\-.~/,@]"


def link_target(from_folder: str, path: str) -> str:
    """The relative, percent-encoded way from a note in `from_folder` to `path`, both from the vault's root.

    Letters of any script stay readable; everything else is encoded as the bytes of the file's name, which
    Obsidian, GitHub, VS Code and browsers all resolve. `find_linked_path` goes the way back.
    """
    return re.sub(_ENCODED, _percent, posixpath.relpath(f"/{path}", f"/{from_folder}"))


def _percent(match: re.Match[str]) -> str:
    """One character encoded; a vowel sign or an accent, being part of the letter before it, as it is.

    A file's name that is not UTF-8 holds surrogates; its bytes are what the link must say.
    """
    from urllib.parse import quote  # slow to load, and needed for writing pages alone

    is_mark = unicodedata.category(match[0])[0] == "M"
    return match[0] if is_mark else quote(match[0], safe="", errors="surrogateescape")


def find_linked_path(target: str, from_folder: str) -> str:
    """The path from the vault's root that a relative link target names; what `link_target` encoded."""
    from urllib.parse import unquote

    decoded = unquote(target.split("#", 1)[0], errors="surrogateescape")
    return posixpath.normpath(posixpath.join(from_folder, decoded))


def md_link(text: str, from_folder: str, path: str) -> str:
    """An inline link to a note, from a page in `from_folder`; without text it shows the file's name."""
    shown = md(text) or md(stem(path)) or md(path)
    return f"[{shown}]({link_target(from_folder, path)})"


_SYNTAX = "|".join(
    (
        r"(?i)%%.{0,1000}?%%|<!--.{0,1000}?-->",
        r"!?\[\[(?P<wiki>[^\[\]|]*)(?:\|(?P<shown>[^\[\]]*))?\]\]",
        r"!?\[(?P<text>[^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])",
        r"(?P<ticks>`+)(?P<code>[^`]+)(?P=ticks)",
        r"<(?P<auto>https?://[^\s<>]+|[^\s<>@]+@[^\s<>]+)>",
        r"\\(?P<escaped>[!-/:-@\[-`{-~])",
        r"(?<!\S)#(?:gave|got|thanked|sent|private|waiting|mention)(?![\w/-])",
    )
)
_SIGNS = frozenset("%<!\\[`#*_=~")  # with which all of these begin
_EMPHASIS = r"(?<![\w\\])(\*{1,3}|_{1,3}|==|~~)(?=[^\s*_=~\\])([^*_=~\\]*[^\s*_=~\\])\1(?!\w)"


def plain_words(text: str) -> str:
    """A log line, a task or a stretch of a note as a person would say it: Markdown gone, words kept.

    `[[Ask for a raise|raise]]` is "raise"; our marks (`#got`, `#waiting` ...), comments and emphasis are
    gone; other tags stay. The result is plain text on one line and still to be escaped.
    """
    text = clean(text)
    if _SIGNS.isdisjoint(text):
        return text
    words = re.sub(_EMPHASIS, r"\2", re.sub(_EMPHASIS, r"\2", text))
    words = clean(re.sub(_SYNTAX, _words_of, words))
    return text if words == text else re.sub(r" (?=[,.;:](?: |$))", "", words)


def _words_of(match: re.Match[str]) -> str:
    if match["wiki"] is None:
        return match["text"] or match["code"] or match["auto"] or match["escaped"] or ""
    path, _, heading = match["wiki"].partition("#")
    return match["shown"] or stem(path.strip()) or heading.lstrip("^")


def plain(text: str, limit: int = 80) -> str:
    """The plain words of a line for the end of a sentence: cut after `limit` characters, without a stop."""
    return shorten(plain_words(text).rstrip(" .,;:"), limit)


def shorten(text: str, limit: int) -> str:
    """The text on one line in at most `limit` characters, cut at a word with an ellipsis where it is longer.

    A single long word (or a script without blanks) is cut within, never between a letter and its accent
    or in the middle of a joined emoji. Cut plain words, before they are escaped.
    """
    text = clean(text)
    if len(text) <= limit:
        return text
    end = limit - 1
    blank = text.rfind(" ", 0, end + 1)
    if blank > end // 2:
        end = blank
    while end > 0 and _is_joined(text, end):
        end -= 1
    return text[:end].rstrip(" ,;:.–-") + "…"


def _is_joined(text: str, i: int) -> bool:
    """True where a character belongs to the one before it."""
    return (
        "\u200d" in (text[i - 1], text[i])
        or unicodedata.category(text[i])[0] == "M"
        or "\U0001f3fb" <= text[i] <= "\U0001f3ff"
    )
