"""Text from notes made safe for where it goes: Markdown, SVG, a terminal, the target of a link.

A name, a log line or a topic is anybody's text; put into a page as it stands it could open a link, a
comment or a table, or steer a terminal. Each function here takes plain text for one place and gives
text that shows the same words there and nothing else. It does not decide what may be shown.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from functools import lru_cache

from mdmentor.core.clean import clean as clean
from mdmentor.core.clean import terminal as terminal
from mdmentor.core.names import stem

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
_WIKILINK = r"!?\[\[(?P<wiki>[^\[\]|]*)(?:\|(?P<shown>[^\[\]]*))?\]\]"
_LINK = r"!?\[(?P<text>[^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])"
_CODE = r"(?P<ticks>`+)(?P<code>[^`]+)(?P=ticks)"
_AUTOLINK = r"<(?P<auto>https?://[^\s<>]+|[^\s<>@]+@[^\s<>]+)>"
_ESCAPED = r"\\(?P<escaped>[!-/:-@\[-`{-~])"
_MARK = r"(?<!\S)#(?:gave|got|thanked|sent|private|waiting|mention)(?![\w/-])"
_SYNTAX = re.compile("|".join((_SKIPPED, _WIKILINK, _LINK, _CODE, _AUTOLINK, _ESCAPED, _MARK)), re.IGNORECASE)
_MARKUP = frozenset("[`*_#<\\%=~")  # without which a text is no Markdown
_EMPHASIS = r"(?<![\w\\])(\*{1,3}|_{1,3}|==|~~)(?=[^\s*_=~\\])([^*_=~\\]*[^\s*_=~\\])\1(?!\w)"


def plain_words(text: str) -> str:
    """A log line, a task or a stretch of a note as a person would say it: Markdown gone, words kept.

    `[[Ask for a raise|raise]]` is "raise"; our marks (`#got`, `#waiting` ...), comments and emphasis are
    gone; other tags stay. The result is plain text on one line and still to be escaped.
    """
    if _MARKUP.isdisjoint(text):
        return clean(text)
    text = re.sub(_EMPHASIS, r"\2", re.sub(_EMPHASIS, r"\2", clean(text)))
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
