"""What belongs to a vault, going by names alone, and the patterns of `ignore`, which mean what they mean to git.

A settings file may come from somebody else, together with file names chosen to be slow to match. So the parts between
two wildcards are looked for one after the other, each at the first place where it fits, and none is
tried twice: what follows a `*` or `**` can always make up for the rest. Source: gitignore(5), wildmatch.c of git.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from mdmentor.core.model import Settings

OWN_TEMPORARY = ".mdmentor-"  # dot files are not part of a vault, so these are never taken for notes
LONGEST = 1000  # characters of one pattern
MOST = 500  # patterns; each is tried on every file

# Files that editors and sync tools make for a moment while they save another.
_TEMPORARY_ENDS = ("~", ".tmp", ".swp", ".swx", ".crdownload", ".part")
_TEMPORARY = r"(?s)~\$.*|#.*#|4913|sed[a-z0-9]{6}"
# What sync tools put into the name of a copy, with the blank before it.
_OF_COPY = (
    r"(?i)(?:\.sync-conflict-\d{8}(?:-\d{6}(?:-\w+)?)?|\.conflicted(?:\.\d+)?|_conflict-\d{8}-\d{6}"
    r"| ?\((?:[^()]*['’]s )?(?:(?:conflict(?:ed|ing) copy|(?:case|unicode encoding|selective sync) conflict"
    r"|in konflikt stehende kopie|konfliktkopie|copie en conflit|copia en conflicto|copia in conflitto|cópia em conflito)\b[^()]*|sfconflict [^()]*|conflict[ -]\d{4}-[^()]*)\))(?=\.md\Z)"
)

_CONTROL = r"[\x00-\x1f\x7f\ud800-\udfff]"
_NAMED = r"\[:[^\]]*:\]"  # [:digit:]
_MEMBER = rf"(?:{_NAMED}|(?!{_NAMED})[^\]\\]|\\.)"
_TOKEN = rf"(?s)\\(?P<literal>.)|\[(?P<not>[!^]?)(?P<class>(?:\]|{_MEMBER}){_MEMBER}*)\]|(?P<sign>.)"
_IN_CLASS = r"(?s)\[:(?P<name>[^\]]*):\]|\\?(?P<low>.)(?:-\\?(?P<high>.))?"
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " ", "digit": "0-9", "lower": "a-z", "upper": "A-Z",
    "xdigit": "0-9a-fA-F", "punct": r"!-/:-@\[-`{-~", "space": " ", "graph": "!-~", "print": " -~", "cntrl": "",
}  # fmt: skip

_FOLDERS = "(?:[^/]+/)*?"


class Ignore(NamedTuple):
    """One pattern; the last one that matches a path decides."""

    pattern: re.Pattern[str]  # of a whole path, each name with "/" behind it
    is_negated: bool  # "!keep.md": takes part though an earlier pattern leaves it out
    only_folders: bool


def parse_ignore(line: str) -> Ignore | None:
    """The pattern of a line; None for a blank line or a comment.

    Raises ValueError for a pattern that git would never match or that is too long. The reason is to be read after
    "pattern ...".
    """
    if len(line) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    if re.search(_CONTROL, line):
        raise ValueError("has a control character in it")
    text = line.rstrip(" ")
    if len(text) < len(line) and re.search(r"(?<!\\)\\(?:\\\\)*\Z", text):
        text += " "  # a blank at the end counts behind a backslash
    if not text or text.startswith("#"):
        return None
    is_negated = text.startswith("!")
    text = text.removeprefix("!")
    only_folders = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        raise ValueError("names nothing")
    numbers = count()
    blocks: list[list[str]] = [[]] if "/" in text else [[], []]  # the names between two "**"
    for part in text.removeprefix("/").split("/"):
        if not re.fullmatch(r"\*{2,}", part):  # git reads three asterisks and more as two
            blocks[-1].append(_translate_name(part, numbers))
        elif len(blocks) == 1 or blocks[-1]:  # two in a row mean one
            blocks.append([])
    whole, *others = ("".join(f"{name}/" for name in block) for block in blocks)
    if others:
        *between, last = others
        whole += "".join(_once(f"{_FOLDERS}{block}", numbers) for block in between)
        whole += f"{_FOLDERS}{last or '[^/]+/'}"
    return Ignore(re.compile(whole), is_negated, only_folders)


def _once(pattern: str, numbers: Iterator[int]) -> str:
    """The pattern, which is not tried again where what follows does not fit; atomic groups are broken before 3.11.5."""
    name = f"n{next(numbers)}"
    return f"(?=(?P<{name}>{pattern}))(?P={name})"


def _translate_name(part: str, numbers: Iterator[int]) -> str:
    """A name of a pattern as a regular expression."""
    pieces = [""]
    for token in re.finditer(_TOKEN, part):
        if token["sign"] == "*":
            pieces.append("")
        elif token["sign"] == "?":
            pieces[-1] += "[^/]"
        elif token["sign"] == "[":
            raise ValueError("has a bracket that is not closed")
        elif token["sign"] == "\\":
            raise ValueError("ends in a backslash")
        elif token["class"]:
            pieces[-1] += _translate_class(token["class"], is_negated=bool(token["not"]))
        else:
            pieces[-1] += re.escape(token["sign"] or token["literal"])
    pieces[-1] += "(?=/)"
    return pieces[0] + "".join(_once(f"[^/]*?{piece}", numbers) for piece in pieces[1:])


def _translate_class(members: str, *, is_negated: bool) -> str:
    """The text between the brackets of a class, as a regular expression."""
    found = ""
    for member in re.finditer(_IN_CLASS, members):
        name, low, high = member.group("name", "low", "high")
        if name is not None:
            if name not in _CLASSES:
                raise ValueError(f"has a class [:{name}:] that is not known")
            found += _CLASSES[name]
        else:
            found += re.escape(low)
            if high and low <= high:  # otherwise it means its first character alone, as in git
                found += f"-{re.escape(high)}"
    if not found:
        return "[^/]" if is_negated else "(?!)"
    return f"[^/{found}]" if is_negated else f"(?!/)[{found}]"


def ignore_rule(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether the patterns leave out a path by its own name; a folder's path ends in "/".

    A folder that is left out is not to be looked into, as git does not.
    """
    found = [ignore for line in patterns[:MOST] if (ignore := parse_ignore(line)) is not None]
    found.reverse()

    def is_ignored(path: str) -> bool:
        if not found:
            return False
        is_folder = path.endswith("/")
        name = path if is_folder else f"{path}/"
        for ignore in found:
            if (is_folder or not ignore.only_folders) and ignore.pattern.fullmatch(name):
                return not ignore.is_negated
        return False

    return is_ignored


def membership(settings: Settings) -> Callable[[str], bool]:
    """Whether a scan would see a path, going by its name and those of its folders; that of a folder ends in "/"."""
    is_ignored = ignore_rule(settings.ignore)

    def belongs(path: str) -> bool:
        parts = path.split("/")
        folders = ("/".join(parts[:n]) + "/" for n in range(1, len(parts)))
        return is_named_like_one(path) and not is_ignored(path) and not any(map(is_ignored, folders))

    return belongs


def is_named_like_one(path: str) -> bool:
    """False for what no settings bring into a vault: dot files and folders, node_modules, temporary files."""
    *folders, name = path.split("/")
    is_hidden = any(part.startswith(".") for part in (*folders, name))
    return is_text(path) and not (is_hidden or "node_modules" in folders or is_temporary(name))


def is_temporary(name: str) -> bool:
    """True for a file that exists for a moment only, while another is saved."""
    name = name.lower()
    return name.endswith(_TEMPORARY_ENDS) or re.fullmatch(_TEMPORARY, name) is not None


def note_of_copy(path: str) -> str:
    """The note that a sync tool's copy was made of; "" for a path that is not a copy's."""
    found = re.sub(_OF_COPY, "", path)
    return found if found != path else ""


def is_text(name: str) -> bool:
    """False for a name made of bytes that are not UTF-8: it can be neither linked nor shown."""
    return re.search("[\ud800-\udfff]", name) is None
