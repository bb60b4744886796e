"""Pen and paper of the two pictures: the SVG around a drawing, its colours, its lines of text.

A picture brings its own ground, since a viewer may show a light page around an image that was told the
screen is dark. Every text goes out escaped; what is drawn and where is not decided here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from mdmentor.core.escape import xml
from mdmentor.core.network_svg.lettering import Label
from mdmentor.core.pages.page import GENERATED

# Families whose letters are about as wide as `lettering.text_width` takes them to be come first.
_FONTS = '"Segoe UI","Helvetica Neue",Helvetica,Arial,"Liberation Sans",Roboto,"Noto Sans",sans-serif'

# Selector, property, on light ground, on dark ground. Marks and lines that carry meaning have a contrast
# of at least 3:1 against the ground, text of at least 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11).
COLOURS = (
    (".ground", "fill", "#fbfaf7", "#1d1f24"),
    (".text", "fill", "#2a2d34", "#e3e5ea"),
    (".quiet", "fill", "#62666f", "#a0a5b0"),
    (".halo", "stroke", "#fbfaf7", "#1d1f24"),
    (".near", "fill", "#f1ede2", "#2a2c33"),
    (".ring", "stroke", "#dcd8cd", "#3a3d46"),
    (".line", "stroke", "#8d8676", "#7f8694"),
    (".tip", "fill", "#8d8676", "#7f8694"),
    (".you", "fill", "#2a2d34", "#e3e5ea"),
    (".within", "fill", "#fbfaf7", "#1d1f24"),
    (".family", "fill", "#915a14", "#e0ab5e"),
    (".mentor", "fill", "#7550a8", "#bda3ea"),
    (".work", "fill", "#2b6ca0", "#7db4e6"),
    (".member", "fill", "#2b7251", "#7cc79f"),
    (".interview", "fill", "#15757f", "#68c5cf"),
    (".event", "fill", "#a04a80", "#e09ac3"),
    (".other", "fill", "#5f636c", "#a0a5b0"),
    (".bar", "fill", "#2b6ca0", "#7db4e6"),
)

NARROW_BELOW = 500  # pixels: the width of the picture on the screen below which the large type is shown


def number(value: float) -> str:
    """A coordinate with at most one decimal: `12`, `12.5`, `-0.3`."""
    text = f"{value:.1f}"
    return (
        text[:-2].replace("-0", "0")
        if text.endswith(".0") and text in ("0.0", "-0.0")
        else text.removesuffix(".0")
    )


def document(
    width: float, height: float, title: str, description: str, rules: Iterable[str], body: Iterable[str]
) -> str:
    """A whole SVG file: what it shows in words, its colours, its ground, the body.

    `rules` are further CSS rules; `body` are elements.
    """
    light = "".join(f"{selector}{{{what}:{value}}}" for selector, what, value, _ in COLOURS)
    dark = "".join(f"{selector}{{{what}:{value}}}" for selector, what, _, value in COLOURS)
    w, h = number(width), number(height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"'
        ' aria-labelledby="title desc">',
        f"<!-- {GENERATED} -->",
        f'<title id="title">{xml(title)}</title>',
        f'<desc id="desc">{xml(description)}</desc>',
        "<style>",
        f"text{{font-family:{_FONTS}}}",
        ".halo{stroke-width:3px;stroke-linejoin:round;paint-order:stroke}",
        ".n{display:none}",
        *rules,
        light,
        f"@media (prefers-color-scheme:dark){{{dark}}}",
        f"@media (max-width:{NARROW_BELOW}px){{.w{{display:none}}.n{{display:inline}}}}",
        "</style>",
        f'<rect class="ground" width="{w}" height="{h}" rx="14"/>',
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def text_element(label: Label, classes: str) -> str:
    """A line of text; its size comes from the CSS of its classes.

    Text that begins in a script written from right to left is told so: its ellipsis and its blanks then fall
    on the left, and start and end change places.
    """
    anchor = label.anchor
    direction = ""
    if _is_right_to_left(label.text):
        direction = ' direction="rtl"'
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text class="{classes}" x="{number(label.x)}" y="{number(label.y)}"{placed}{direction}>'
        f"{xml(label.text)}</text>"
    )


def _is_right_to_left(text: str) -> bool:
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False
