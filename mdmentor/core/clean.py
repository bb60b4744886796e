"""Text from notes on one line and without anything that steers a terminal; what `escape` builds on.

A module of its own because whatever prints needs it, and little else.
"""

from __future__ import annotations

import re

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
