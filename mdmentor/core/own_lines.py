"""Lines of ours in a file of somebody else's (`.gitattributes`, `.gitignore`, a hook), between two marks.

Putting them in and taking them out again gives back the same characters, whatever the file ended with. A
file that we made says so in its mark, so that it can go with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGIN, _END = "# >>> mdmentor", "# <<< mdmentor <<<"
_NEW_FILE = ", which made this file"
_BLOCK = (
    r"(?m)^# >>> mdmentor(?P<new>, which made this file)?(?: [^\r\n]*)?>>>\r?\n(?:.*\r?\n)*?"
    r"# <<< mdmentor <<<(?P<end>\r?\n|\Z)"
)


def has_own(text: str) -> bool:
    """True for a text with lines of ours in it."""
    return re.search(_BLOCK, text) is not None


def with_own(text: str | None, lines: Sequence[str], *, first: str = "") -> str:
    """The text with `lines` between our marks: where such lines stand already, else at its end.

    None is a file that is not there. `first` is a line that a new file begins with, and below which the
    marks go in a file that begins with one like it (`#!`).
    """
    newline = "\r\n" if text and "\r\n" in text else "\n"
    found = re.search(_BLOCK, text) if text else None
    is_new = text is None or bool(found and found["new"])
    begin = f"{_BEGIN}{_NEW_FILE if is_new else ''} (taken out by: mdmentor git uninstall) >>>"
    block = newline.join([begin, *lines, _END])
    if text is None:
        return "".join(f"{line}\n" for line in ([first] if first else [])) + block + "\n"
    if found:
        return text[: found.start()] + block + found["end"] + text[found.end() :]
    if first and text.startswith(first[:2]):
        start = text.find("\n") + 1
        return text[:start] + block + newline + text[start:] if start else text + newline + block
    if not text or text.endswith("\n"):
        return text + block + newline
    return text + newline + block


def without_own(text: str, *, first: str = "") -> str | None:
    """The text as it was before `with_own`; None where the file was made by us and holds nothing else."""
    found = re.search(_BLOCK, text)
    if found is None:
        return text
    before, after = text[: found.start()], text[found.end() :]
    if not found["end"]:
        before = before.removesuffix("\n").removesuffix("\r")
    left = before + after
    return None if found["new"] and left.strip() in ("", first) else left
