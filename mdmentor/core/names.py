"""Names folded for comparing (keys of links, front-matter keys, topics, names people type), and what a link names.

Obsidian compares names without regard to case in NFC; people who search expect even accents not to matter. Each
of these foldings is one function here, and nothing else folds.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import filterfalse

# Letters that no Unicode decomposition takes apart, spelled as people type them on a plain keyboard.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
# Marks that people leave out as they type: accents of European letters, the vowels of Hebrew, Arabic and Syriac, the
# Arabic letter that only stretches a word, and what chooses between forms of a character: first and last of each range.
_OPTIONAL_MARKS = (
    "\u0300\u036f", "\u0483\u0489", "\u0591\u05bd", "\u05bf\u05bf", "\u05c1\u05c2", "\u05c4\u05c5", "\u05c7\u05c7",
    "\u0610\u061a", "\u0640\u0640", "\u064b\u065f", "\u0670\u0670", "\u06d6\u06dc", "\u06df\u06e4", "\u06e7\u06e8",
    "\u06ea\u06ed", "\u0711\u0711", "\u0730\u074a", "\u08ca\u08e1", "\u08e3\u08ff", "\u180b\u180d", "\u1ab0\u1aff",
    "\u1dc0\u1dff", "\u20d0\u20f0", "\ufe00\ufe0f", "\ufe20\ufe2f", "\U000e0100\U000e01ef",
)  # fmt: skip
# Chinese, Japanese and Korean; Thai and Lao, Burmese, Khmer: the first and the last of each range.
_WITHOUT_BLANKS = (
    "\u1100\u11ff", "\u2e80\u2fdf", "\u3005\u3007", "\u3040\u30fa", "\u30fc\u30ff", "\u3130\u318f",
    "\u31f0\u31ff", "\u3400\u4dbf", "\u4e00\u9fff", "\ua960\ua97f", "\uac00\ud7ff", "\uf900\ufaff",
    "\U00020000\U0003ffff", "\u0e00\u0eff", "\u1000\u109f", "\u1780\u17ff",
)  # fmt: skip
_NOT_ASCII = "[^\x00-\x7f]+"
_SEARCH_WORD = "[^\x00-/:-`{-\x7f]+"  # said by what it leaves out, which takes a tenth of the time to compile
_GAP = r"[\s_-]+"
# What Windows takes for a device, whatever follows the first dot.
_RESERVED = r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)"
_NOT_EVERYWHERE = r"[\\:*?\"<>|\x00-\x1f\x7f]|\A(?: |\Z)|[ .]\Z"
_LOGSEQ_SLASH = r"(?i)___|%2F"
_NAMESPACE = r"(?i)^.*(?:___|%2F)(?=.)"
_INLINE = r"\[([^\[\]]+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)"


def fold(text: str) -> str:
    """The key under which a link finds a name: NFC, case folded, outer blanks gone.

    Source: Obsidian matches names so (its index is NFC, its lookup ignores case).
    """
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).strip()


@lru_cache(maxsize=4096)
def fold_key(name: str) -> str:
    """A front-matter key for comparing: `Last contact`, `last_contact` and `lastContact` are one."""
    folded = fold(name)
    return folded if folded.isalnum() else re.sub(_GAP, "", folded)


def fold_plain(text: str) -> str:
    """A name as one types it on a plain keyboard: accents gone, case gone, blanks single."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(filterfalse(unicodedata.combining, text)).casefold().translate(_PLAIN)
    return " ".join(text.lower().split())


def word_set(text: str) -> frozenset[str]:
    """The words of a table, each as `fold_plain` has it."""
    return frozenset(map(fold_plain, text.split()))


def search_form(text: str) -> str:
    """A text as full-text search takes it, which folds the case of ASCII itself: without accents and signs beyond ASCII.

    Scripts written without blanks are cut into characters, so that a part of a name (`山田` of `山田太郎`) is found.
    All Unicode forms of a text (NFC, NFD, full width) are one.
    """
    if text.isascii():
        return text
    if "\n" in text:  # few lines have anything to fold
        return "\n".join([line if line.isascii() else search_form(line) for line in text.split("\n")])
    return re.sub(_NOT_ASCII, lambda run: _fold_run(run[0]), text)


def search_words(text: str) -> list[str]:
    """The words of a `search_form` in lower case, cut where full-text search cuts them; none in a text of signs alone."""
    return re.findall(_SEARCH_WORD, search_form(text).lower())


@lru_cache(maxsize=4096)  # words come again
def _fold_run(run: str) -> str:
    """The search form of characters beyond ASCII."""
    folded = map(_fold_character, unicodedata.normalize("NFKC", run))
    return "".join(folded).lower()  # not so Cherokee when folded


def is_within(ranges: Iterable[str], character: str) -> bool:
    """Whether one of the ranges, each a text of its first and last character, holds this one.

    A pattern with the same ranges takes 2 ms to compile.
    """
    return any(ends[0] <= character <= ends[1] for ends in ranges)


@cache
def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    folded = "".join(c for c in decomposed if not is_within(_OPTIONAL_MARKS, c)).translate(_PLAIN)
    if not folded or (unicodedata.category(character) == "Cf" and character != "\u200b"):
        return ""  # also what only joins letters or sets their direction
    folded = unicodedata.normalize("NFC", folded)
    if is_within(_WITHOUT_BLANKS, folded[0]):
        return f" {folded} "
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)


@lru_cache(maxsize=4096)  # a vault has many notes and few topics
def fold_topic(topic: str) -> str:
    """A topic for comparing: `#Open-Source`, `open source` and `[[Open source]]` are one."""
    return re.sub(_GAP, " ", fold_plain(unlink(topic)).lstrip("#")).strip()


def unlink(text: str) -> str:
    """A wikilink's words (`[[Path/Ada|Countess]]` -> "Ada"), a Markdown link's text; any other text as it is."""
    text = text.strip()
    if text[:1] != "[":
        return text
    if text.endswith(")") and (link := re.fullmatch(_INLINE, text)):
        return link[1].strip() or text
    if text.startswith("[[") and text.endswith("]]"):
        return stem(text[2:-2].split("|", 1)[0].split("#", 1)[0].strip())
    return text


def web_address(text: str) -> str:
    """The address in a text: of `[my page](https://ada.example)` and `<https://ada.example>` what they lead to."""
    text = text.strip()
    link = re.fullmatch(_INLINE, text) if text.startswith("[") else None
    return (link[2] if link else unlink(text)).strip("<>")


def without_md(path: str) -> str:
    """A path or name without `.md`; other files keep their extension."""
    return path[:-3] if path[-3:].lower() == ".md" else path


def stem(path: str) -> str:
    """The file's name without folder and `.md`."""
    return without_md(path.rsplit("/", 1)[-1])


def folder(path: str) -> str:
    """The folder of a path; "" for the vault's root."""
    return path.rsplit("/", 1)[0] if "/" in path else ""


def is_reserved(part: str) -> bool:
    """True for one part of a path that Windows takes for a device, `nul` or `AUX.txt`, so that it cannot be checked out.

    Source: "Naming Files, Paths, and Namespaces" of the Windows documentation.
    """
    return bool(re.match(_RESERVED, part))


def fits_everywhere(path: str) -> bool:
    """Whether every system can keep a file or folder of this path."""
    return not any(re.search(_NOT_EVERYWHERE, part) or is_reserved(part) for part in path.split("/"))


@lru_cache(maxsize=4096)  # the same notes are linked again and again
def key_of(target: str) -> str:
    """The key under which the note or file that a target names is found; "" for the note itself.

    The last segment of the path, folded, without `.md`.
    """
    if "/" in target or "\\" in target:
        target = target.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return without_namespace(without_md(fold(target)))


def without_namespace(name: str) -> str:
    """A file's name without what Logseq puts before it: `people___Ann` is its page `people/Ann`."""
    return re.sub(_NAMESPACE, "", name) if "___" in name or "%2" in name else name


def logseq_page(path: str) -> str:
    """The page that a file is in Logseq, which keeps `people/Ann` as `people___Ann.md`, of old as `people%2FAnn.md`."""
    return re.sub(_LOGSEQ_SLASH, "/", stem(path))


def by_folded_path(candidates: Iterable[str]) -> dict[str, str]:
    """The paths by what they are compared as; of several that are the same the first."""
    return {fold_path(path): path for path in sorted(candidates, reverse=True)}


def resolve_among(target: str, source: str, folded: Mapping[str, str], *, is_markdown: bool) -> str | None:
    """The path that a link in the note `source` names, of the candidates, whose key is the target's; or None.

    The candidates are as `by_folded_path` has them. `./` and `../` are exact and never fall back to the bare name.
    Markdown links are tried from the source's folder first, as every other tool reads them, and then, as Obsidian
    does, anywhere in the vault. A link without a target (`[[#Heading]]`) is the source itself.
    """
    target = target.strip().replace("\\", "/")
    if not target:
        return source
    wanted, base = fold_path(target), folder(fold(source))
    if wanted.startswith("/"):
        return folded.get(wanted.lstrip("/"))
    if wanted.startswith(("./", "../")):
        return folded.get(posixpath.normpath(posixpath.join(base, wanted)))
    beside = posixpath.join(base, wanted)
    if is_markdown and beside in folded:
        return folded[beside]
    if wanted in folded:
        return folded[wanted]
    if beside in folded:
        return folded[beside]
    ends = [path for path in folded if path.endswith("/" + wanted)]
    ends = ends or [path for path in folded if "/" in wanted and logseq_page(path) == wanted]
    return folded[min(ends, key=lambda path: (len(path), path))] if ends else None


def fold_path(path: str) -> str:
    """A path for comparing: folded, without `.md`."""
    return without_md(fold(path))
