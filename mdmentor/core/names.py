"""Names folded for comparing: keys of links, front-matter keys, topics, and names people type.

Obsidian compares names without regard to case on the NFC form; people who search expect even accents
not to matter. Each of these foldings is one function here, and nothing else folds.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that no Unicode decomposition takes apart, spelled as people type them on a plain keyboard.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_GAP = r"[\s_-]+"
# What Windows takes for a device, whatever follows the first dot.
_RESERVED = r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)"
_NOT_EVERYWHERE = r"[\\:*?\"<>|\x00-\x1f\x7f]"
_INLINE = r"\[([^\[\]]+)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"


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
    return re.sub(_GAP, "", fold(name))


def fold_plain(text: str) -> str:
    """A name as one types it on a plain keyboard: accents gone, case gone, blanks single."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c)).casefold().translate(_PLAIN)
    return " ".join(text.lower().split())


@lru_cache(maxsize=4096)  # a vault has many notes and few topics
def fold_topic(topic: str) -> str:
    """A topic for comparing: `#Open-Source`, `open source` and `[[Open source]]` are one."""
    return re.sub(_GAP, " ", fold_plain(unlink(topic)).lstrip("#")).strip()


def unlink(text: str) -> str:
    """A wikilink's words (`[[Path/Ada|Countess]]` -> "Ada"), a Markdown link's text; any other text as it is."""
    text = text.strip()
    if text.startswith("[") and text.endswith(")") and (link := re.fullmatch(_INLINE, text)):
        return link[1].strip() or text
    if text.startswith("[[") and text.endswith("]]"):
        target = text[2:-2].split("|", 1)[0].split("#", 1)[0].strip()
        name = target.rsplit("/", 1)[-1]
        return name[:-3] if name.lower().endswith(".md") else name
    return text


def stem(path: str) -> str:
    """The file's name without folder and `.md`."""
    name = path.rsplit("/", 1)[-1]
    return name[:-3] if name.lower().endswith(".md") else name


def folder(path: str) -> str:
    """The folder a path lies in; "" for the vault's root."""
    return path.rsplit("/", 1)[0] if "/" in path else ""


def is_reserved(part: str) -> bool:
    """True for one part of a path that Windows takes for a device, `nul` or `AUX.txt`, so that it cannot be checked out.

    Source: "Naming Files, Paths, and Namespaces" of the Windows documentation.
    """
    return bool(re.match(_RESERVED, part))


def fits_everywhere(path: str) -> bool:
    """Whether every system can keep a file or folder of this path."""
    return not any(
        re.search(_NOT_EVERYWHERE, part)
        or part != part.strip(" ").rstrip(".")
        or not part
        or is_reserved(part)
        for part in path.split("/")
    )
