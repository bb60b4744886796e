"""Lines of text on paper: how wide they are, where they are cut, which box they fill.

No font is measured, since nobody knows which one a viewer has: a small table of widths, on the generous
side, stands for all of them.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from mdmentor.core.network_svg.boxes import Box

ASCENT, DESCENT = 0.8, 0.24  # of a line of text, in its font size

# Widths of Latin letters in thousandths of the font size. Source: the metrics that Helvetica, Arial and
# Liberation Sans share, told here in steps; the margin in `text_width` covers system fonts, which differ.
_NARROWEST = "ijl'|"
_WIDTHS = {
    **dict.fromkeys(_NARROWEST, 225),
    **dict.fromkeys("fItr.,:;!/\\()[]-`·", 320),
    **dict.fromkeys(" ", 280),
    **dict.fromkeys('ckJsvxyz*"°', 500),
    **dict.fromkeys("abdeghnopquL0123456789?_$#+<>=~", 560),
    **dict.fromkeys("ABEFKPSTVXYZ&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 780),
    **dict.fromkeys("MmωψжшщюфмыЖШЩЮФМЫ", 835),
    **dict.fromkeys("W%@", 960),
    "…": 1000,
}


@lru_cache(maxsize=2048)  # the same few hundred names are measured at every place they could stand in
def text_width(text: str, size: float) -> float:
    """The width a line of text takes in a plain sans serif font, on the generous side.

    CJK counts one font size a character, combining marks and joiners nothing, letters of other scripts
    as a wide Latin one. Fonts differ by a tenth from one system to the next; that much is added.
    """
    total = 0
    for char in text:
        known = _WIDTHS.get(char)
        if known is not None:
            total += known
        elif unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        elif ord(char) >= 0x1F000:
            total += 1300  # emoji are drawn wider than ideographs
        elif unicodedata.east_asian_width(char) in "WF":
            total += 1000
        else:
            base = unicodedata.normalize("NFD", char)[0]
            total += _WIDTHS.get(base, 720 if char.isupper() else 600)
    return total * size * 1.08 / 1000


MOST_SHOWN = 400  # characters; no line in a picture holds so many


def shorten(text: str, ems: float) -> str:
    """The text, cut with an ellipsis so that it is at most `ems` font sizes wide.

    A combining mark stays with its letter.
    """
    if text_width(text, 1.0) <= ems:
        return text
    end = min(len(text), MOST_SHOWN)
    while end and text_width(text[:end].rstrip() + "…", 1.0) > ems:
        end -= 1
        while end and unicodedata.combining(text[end]):
            end -= 1
    return text[:end].rstrip() + "…"


class Label(NamedTuple):
    """A line of text and where it stands: the baseline's start, middle or end."""

    text: str
    x: float
    y: float
    anchor: str  # "start", "middle" or "end", counted from left to right whatever the script

    def box(self, size: float) -> Box:
        width = text_width(self.text, size)
        left = self.x - (0.0 if self.anchor == "start" else width if self.anchor == "end" else width / 2)
        return Box(left, self.y - ASCENT * size, left + width, self.y + DESCENT * size)
