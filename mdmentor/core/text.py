"""How dates, spans of time and a note's own words are told inside a sentence.

The sentences are the same on every machine: no locale, no clock. What comes back is plain text; whoever puts
it into Markdown or SVG escapes it there.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from datetime import date
from functools import lru_cache

from mdmentor.core.names import stem

# Spelled out here, as the names that the standard library gives depend on the machine's language.
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
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


def short_day(day: date, today: date) -> str:
    """`14 Oct`, with the year only when it is not this one: `14 Oct 2025`."""
    text = full_day(day)
    return text.removesuffix(f" {day.year}") if day.year == today.year else text


def day_text(day: date, today: date) -> str:
    """`14 Oct`; with the weekday within the six days ahead (`Fri 27 Nov`), with the year if not this one."""
    if 0 <= (day - today).days <= 6:
        return f"{weekday_text(day)[:3]} {day.day} {_MONTHS[day.month - 1][:3]}"
    return short_day(day, today)


def full_day(day: date) -> str:
    """`14 Oct 2026`: for text that must not change as the days go by, such as a block in a user's note."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def long_day(day: date) -> str:
    """`Monday, 23 November 2026`."""
    return f"{weekday_text(day)}, {day.day} {month_text(day)}"


def month_text(day: date) -> str:
    """`November 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def weekday_text(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def ago(day: date, today: date) -> str:
    """`today`, `yesterday`, `5 weeks ago`, `in 3 days`: how far away a day is."""
    days = (today - day).days
    if days in (-1, 0, 1):
        return ("today", "yesterday", "tomorrow")[days]
    return f"{span_text(days)} ago" if days > 0 else f"in {span_text(-days)}"


def span_text(days: int) -> str:
    """A number of days in words, rounded: `10 days`, `5 weeks`, `3 months`, `a year`, `2 years`."""
    text = about(days)
    return "a year" if text == "12 months" else text


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


def counted(number: int, one: str, many: str = "") -> str:
    """`1 person`, `3 people`: a number with its noun; `many` where it is not made with an "s"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def problem_words(counts: tuple[int, int, int]) -> str:
    """`3 problems, 1 hint, 40 links without a note`, as far as there are any; "no problems" where there is nothing.

    They are told apart since a vault may link names for years that it has no notes for: nothing is wrong with that.
    """
    problems, hints, loose = counts
    words = (
        counted(problems, "problem") if problems else "",
        counted(hints, "hint") if hints else "",
        counted(loose, "link without a note", "links without a note") if loose else "",
    )
    return ", ".join(filter(None, words)) or "no problems"


# What ends a line somewhere (in Python, in JavaScript, in a terminal) becomes a blank.
_BREAKS = r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+"
# Bidi overrides and isolates can show a line in another order than it is written; the marks that a
# script needs (U+200E, U+200F) stay. A byte order mark within a text is nothing.
_UNSEEN = r"[\u202a-\u202e\u2066-\u2069\ufeff]"
# Other controls, lone surrogates and what XML forbids: shown, so that nothing disappears silently.
_CONTROLS = r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"

_MARKS = r"[\u061c\u200e\u200f]"  # of direction
_STEERING = r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"


def clean(text: str) -> str:
    """The text on one line: runs of blanks and line ends are one blank, with none at either end.

    Control characters are shown as U+FFFD; bidi overrides and isolates are removed.
    """
    # what is printable holds none of the others, and no blank but the plain one
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = re.sub(_BREAKS, " ", re.sub(_UNSEEN, "", text))
    return re.sub(_CONTROLS, "\ufffd", text).strip()


def terminal(text: str) -> str:
    """The text for one line of a terminal: no escape sequence, no control, nothing that turns the direction of text."""
    text = clean(text)
    return text if text.isprintable() else re.sub(_MARKS, "", text)


def json_text(text: str) -> str:
    """A JSON document with controls, line ends and marks of direction escaped: it says the same, and steers nothing.

    Outside of its strings JSON holds none of these.
    """
    return re.sub(_STEERING, lambda match: f"\\u{ord(match[0]):04x}", text)


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
_INLINE = re.compile("|".join(_INLINE_PARTS.values()))
# The signs that these begin with: a text without any of them, as most are, need not be looked at further.
_SIGNS = r"[`*\[\]|$_~#=%^<&{:\\]"
# Within a web address "#" opens no tag, and a backslash would break the address where it is made a link.
_URL = r"(https?://\S+)"
_INLINE_OF_URL = re.compile("|".join(part for what, part in _INLINE_PARTS.items() if what != "tag, heading"))
# What makes a quote, list, rule, setext underline or table rule at the beginning of a line.
_START = r"[>=]|-(?=[\s-]|$)|\+(?=\s|$)|:(?=-)|[0-9]{1,9}(?=[.)](?:\s|$))"


def md(text: str) -> str:
    """The text as Markdown that shows just these words wherever in a line it stands.

    It may begin a paragraph, a list item, a heading or a table cell, and may be the text of a link.
    Ordinary words get no backslash; a bare web address stays as it is. Between two such texts a page
    needs a blank or words of its own.
    """
    text = clean(text)
    marked = _marked(text) if re.search(_SIGNS, text) else text
    start = re.match(_START, marked)
    if start is None:
        return marked
    # A number is no mark itself: the backslash goes before the dot behind it.
    number_end = start.end() if start[0].isdigit() else 0
    return f"{marked[:number_end]}\\{marked[number_end:]}"


def _marked(text: str) -> str:
    """The text with a backslash before every sign that would open or close something."""
    pieces = re.split(_URL, text) if "://" in text else [text]
    return "".join(
        (_INLINE_OF_URL if i % 2 else _INLINE).sub(r"\\\g<0>", piece) for i, piece in enumerate(pieces)
    )


def table_cell(text: str) -> str:
    """The text for a cell of a Markdown table; an empty one is a dash, so that the column is seen."""
    return md(text) or "–"


def xml(text: str) -> str:
    """The text for an element or a quoted attribute of SVG or HTML."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")


def link_target(from_folder: str, path: str, fragment: str = "") -> str:
    """The relative, percent-encoded way from a note in `from_folder` to `path`, both from the vault's root.

    Letters of any script stay readable; everything else is encoded as the bytes of the file's name, which
    Obsidian, GitHub, VS Code and browsers all resolve. `find_linked_path` goes the way back.
    """
    target = _encode(_way(from_folder, path))
    return f"{target}#{_encode(fragment)}" if fragment else target


def _way(from_folder: str, path: str) -> str:
    """The relative way; step by step where neither path has a step that is none, as in a vault."""
    if re.search(_ODD_STEP, path) or (from_folder and re.search(_ODD_STEP, from_folder)):
        return posixpath.relpath(path or ".", from_folder or ".")
    here, there = from_folder.split("/") if from_folder else [], path.split("/")
    same = 0
    while same < len(here) and same < len(there) and here[same] == there[same]:
        same += 1
    return "/".join((*[".."] * (len(here) - same), *there[same:])) or "."


_ODD_STEP = r"(?:^|/)(?:[./]|$)"  # an empty one, or one that may be "." or ".."
_ENCODED = r"[^\w\-.~/,@]"


def _encode(part: str) -> str:
    return re.sub(_ENCODED, _percent_of, part)


def _percent_of(match: re.Match[str]) -> str:
    return _percent(match[0])


@lru_cache(maxsize=1024)
def _percent(character: str) -> str:
    if unicodedata.category(character)[0] == "M":
        return character  # a vowel sign or an accent of the letter before it, read as part of it
    from urllib.parse import quote  # as slow to load as all of this module, and needed by few lines

    # A name that is not UTF-8 comes from the disk with surrogates; its bytes are what the link must say.
    return quote(character, safe="", errors="surrogateescape" if character > "\ud7ff" else "strict")


def find_linked_path(target: str, from_folder: str) -> str:
    """The path from the vault's root that a relative link target names; what `link_target` encoded."""
    from urllib.parse import unquote

    decoded = unquote(target.split("#", 1)[0], errors="surrogateescape")
    return posixpath.normpath(posixpath.join(from_folder, decoded))


def md_link(text: str, from_folder: str, path: str, fragment: str = "") -> str:
    """An inline link to a note, from a page in `from_folder`; without text, the file's name stands for it."""
    shown = md(text) or md(stem(path)) or md(path)
    return f"[{shown}]({link_target(from_folder, path, fragment)})"


_SKIPPED = r"%%.{0,1000}?%%|<!--.{0,1000}?-->"
_ESCAPE_WIKILINK = r"!?\[\[(?P<wiki>[^\[\]|]*)(?:\|(?P<shown>[^\[\]]*))?\]\]"
_LINK = r"!?\[(?P<text>[^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])"
_CODE = r"(?P<ticks>`+)(?P<code>[^`]+)(?P=ticks)"
_AUTOLINK = r"<(?P<auto>https?://[^\s<>]+|[^\s<>@]+@[^\s<>]+)>"
_ESCAPED = r"\\(?P<escaped>[!-/:-@\[-`{-~])"
_ESCAPE_MARK = r"(?<!\S)#(?:gave|got|thanked|sent|private|waiting|mention)(?![\w/-])"
_SYNTAX = re.compile(
    "|".join((_SKIPPED, _ESCAPE_WIKILINK, _LINK, _CODE, _AUTOLINK, _ESCAPED, _ESCAPE_MARK)), re.IGNORECASE
)
_MARKUP = frozenset("[`*_#<\\%=~")  # without which a text is no Markdown
_ESCAPE_EMPHASIS = r"(?<![\w\\])(\*{1,3}|_{1,3}|==|~~)(?=[^\s*_=~\\])([^*_=~\\]*[^\s*_=~\\])\1(?!\w)"


def plain_words(text: str) -> str:
    """A log line, a task or a stretch of a note as a person would say it: Markdown gone, words kept.

    `[[Ask for a raise|raise]]` is "raise"; our marks (`#got`, `#waiting` ...), comments and emphasis are
    gone; other tags stay. The result is plain text on one line and still to be escaped.
    """
    if _MARKUP.isdisjoint(text):
        return clean(text)
    text = re.sub(_ESCAPE_EMPHASIS, r"\2", re.sub(_ESCAPE_EMPHASIS, r"\2", clean(text)))
    text = _SYNTAX.sub(_words_of, text)
    return re.sub(r" (?=[,.;:](?: |$))", "", clean(text))


def _words_of(match: re.Match[str]) -> str:
    if match["wiki"] is not None:
        return match["shown"] or _words_of_target(match["wiki"])
    return match["text"] or match["code"] or match["auto"] or match["escaped"] or ""


def _words_of_target(target: str) -> str:
    path, _, heading = target.partition("#")
    return stem(path.strip()) or heading.lstrip("^")


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
    while end > 0 and _belongs_to_former(text, end):
        end -= 1
    return text[:end].rstrip(" ,;:.–-") + "…"


def _belongs_to_former(text: str, i: int) -> bool:
    joined = text[i - 1] == "\u200d" or text[i] == "\u200d"
    return (
        joined
        or unicodedata.category(text[i]) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= text[i] <= "\U0001f3ff"
    )
