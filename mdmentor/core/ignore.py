"""The patterns of `ignore`, read as git reads a .gitignore file and matched in linear time.

A settings file may come from somebody else together with file names that were chosen to be slow to match, so each
part between two wildcards is matched once, at the first place where it fits: what follows a `*` or `**` can always
make up for the rest, and nothing is tried twice. Source: gitignore(5), wildmatch.c of git.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

LONGEST = 1000  # characters of one pattern
MOST = 500  # patterns; each is asked about every file

_CONTROL = r"[\x00-\x1f\x7f\ud800-\udfff]"
_MANY = r"\*{2,}"  # git takes three asterisks and more for two
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " ", "digit": "0-9", "lower": "a-z", "upper": "A-Z",
    "xdigit": "0-9a-fA-F", "punct": r"!-/:-@\[-`{-~", "space": " ", "graph": "!-~", "print": " -~", "cntrl": "",
}  # fmt: skip
_FOLDERS = "(?:[^/]+/)*?"


class Ignore(NamedTuple):
    """One pattern; the last one that matches a path decides."""

    regex: re.Pattern[str]
    is_negated: bool  # "!keep.md": takes part though an earlier pattern leaves it out
    only_folders: bool


def parse_ignore(line: str) -> Ignore | None:
    """The pattern of a line; None for a blank line or a comment.

    Raises ValueError, with the reason to be read after "pattern ...", for one that git would never match or that is
    too long.
    """
    if len(line) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    if re.search(_CONTROL, line):
        raise ValueError("holds a control character")
    text = line.rstrip(" ")
    if len(text) < len(line) and _is_escaped(text, len(text)):
        text += " "
    if not text or text.startswith("#"):
        return None
    is_negated = text.startswith("!")
    text = text.removeprefix("!")
    only_folders = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        raise ValueError("names nothing")
    is_anchored = "/" in text
    parts = ["**" if re.fullmatch(_MANY, part) else part for part in text.removeprefix("/").split("/")]
    if not is_anchored:
        parts.insert(0, "**")
    return Ignore(re.compile(_translate(parts)), is_negated, only_folders)


def ignore_rule(lines: Sequence[str]) -> Callable[[str], bool] | None:
    """Whether the patterns leave out a path by its own name (a folder's ends in "/"); None where there is none.

    Whoever asks does not go into a folder that is left out, as git does not.
    """
    found = [ignore for line in lines[:MOST] if (ignore := parse_ignore(line)) is not None]
    found.reverse()
    if not found:
        return None

    def is_ignored(path: str) -> bool:
        is_folder = path.endswith("/")
        path = path.removesuffix("/")
        for regex, is_negated, only_folders in found:
            if (is_folder or not only_folders) and regex.match(path):
                return not is_negated
        return False

    return is_ignored


def _is_escaped(text: str, end: int) -> bool:
    """Whether an odd number of backslashes stands before `end`."""
    return (end - len(text[:end].rstrip("\\"))) % 2 == 1


def _translate(parts: Sequence[str]) -> str:
    """The parts of a path pattern, of which "**" stands for any number of folders, as a regular expression."""
    groups: list[list[str]] = [[]]
    for part in parts:
        if part != "**":
            groups[-1].append(_translate_name(part))
        elif len(groups) == 1 or groups[-1]:  # two in a row mean one
            groups.append([])
    first, *others = groups
    regex = "".join(f"{part}/" for part in first)
    if not others:
        return regex.removesuffix("/") + r"\Z"
    for group in others[:-1]:
        regex += f"(?>{_FOLDERS}{''.join(f'{part}/' for part in group)})"
    return regex + (_FOLDERS + "/".join(others[-1]) + r"\Z" if others[-1] else r"[\s\S]+\Z")


def _translate_name(part: str) -> str:
    """One part of a path pattern as a regular expression for a whole name; its last piece ends where the name does."""
    if not part.strip("*") and part:
        return "[^/]+"
    pieces = [""]
    index = 0
    while index < len(part):
        sign = part[index]
        index += 1
        if sign == "*":
            pieces.append("")
        elif sign == "?":
            pieces[-1] += "[^/]"
        elif sign == "[":
            piece, index = _translate_class(part, index)
            pieces[-1] += piece
        else:
            if sign == "\\":
                if index == len(part):
                    raise ValueError("ends in a backslash")
                sign = part[index]
                index += 1
            pieces[-1] += re.escape(sign)
    first, *others = pieces
    if not others:
        return first
    between = "".join(f"(?>[^/]*?{piece})" for piece in others[:-1] if piece)
    return f"{first}{between}[^/]*{others[-1]}"


def _translate_class(part: str, index: int) -> tuple[str, int]:
    """A class of signs that begins behind its bracket, as a regular expression, and where it ends."""
    is_negated = part[index : index + 1] in ("!", "^")
    index += is_negated
    found = ""
    first = index
    while index < len(part) and (part[index] != "]" or index == first):
        if part.startswith("[:", index) and (end := part.find(":]", index)) > 0:
            name = part[index + 2 : end]
            if name not in _CLASSES:
                raise ValueError(f"holds a class [:{name}:] that is not known")
            found += _CLASSES[name]
            index = end + 2
            continue
        low, index = _sign(part, index)
        found += re.escape(low)
        if part.startswith("-", index) and part[index + 1 : index + 2] not in ("]", ""):
            high, index = _sign(part, index + 1)
            if low <= high:  # else it stands for its first sign alone, as with git
                found += f"-{re.escape(high)}"
    if index >= len(part):
        raise ValueError("has a bracket that is not closed")
    if is_negated:
        return f"[^/{found}]", index + 1
    return f"(?!/)[{found}]" if found else "(?!)", index + 1


def _sign(part: str, index: int) -> tuple[str, int]:
    """One sign of a class, which a backslash may stand before, and where the next one begins."""
    index += part[index] == "\\"
    if index >= len(part):
        raise ValueError("has a bracket that is not closed")
    return part[index], index + 1
