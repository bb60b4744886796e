"""The picture of the network, with you in the middle, and the small chart of talks.

Distance is the time since the last contact against the person's own rhythm, the sector and the shape of the mark say
where you know them from, a curved line is an introduction. Each is one self-contained SVG file: no script,
no font, nothing to load. Nothing here decides who is due.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mdmentor.core import network_svg as rings
from mdmentor.core.model import GENERATED
from mdmentor.core.network_svg import layout
from mdmentor.core.network_svg.layout import MIDDLE, RADIUS, YOU, Label, Place, Plan, point, tenth, text_width
from mdmentor.core.text import counted, full_day, link_target, xml
from mdmentor.core.trust import COLLEAGUE

# Fonts about as wide as `layout.text_width` assumes come first.
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
SMALL_SCREEN = 500  # pixels: below this width the picture is shown with fewer names in larger type
PALE = 0.8  # opacity of marks without a name

_MARGIN = 38.0  # around the rings, for the titles of the sectors
_TITLE, _FOOT = 17.0, 13.0  # font sizes of these titles and of the lines at the foot
_MOST_LINES = 25  # introductions drawn; more would be a tangle
# Marks differ in shape, about 10 units wide, around (0, 0); colour only helps.
_SHAPES = {
    "family": '<circle r="4.7"/>',
    "mentor": '<path d="M0-6.4 1.7-2.2 6.1-2 2.7.9 3.8 5.2 0 2.8-3.8 5.2-2.7.9-6.1-2-1.7-2.2Z"/>',
    "work": '<rect x="-4.3" y="-4.3" width="8.6" height="8.6" rx="1"/>',
    "member": '<path d="M0-5.4 5.2 4-5.2 4Z"/>',
    "interview": '<path d="M0-5.8 5.8 0 0 5.8-5.8 0Z"/>',
    "event": '<path d="M-1.8-5.2H1.8V-1.8H5.2V1.8H1.8V5.2H-1.8V1.8H-5.2V-1.8H-1.8Z"/>',
    "other": (
        '<path d="M-4.8 0A4.8 4.8 0 1 1 4.8 0 4.8 4.8 0 1 1-4.8 0Z'
        'M-2.6 0A2.6 2.6 0 1 0 2.6 0 2.6 2.6 0 1 0-2.6 0Z"/>'
    ),
}
_CIRCLE = '<g id="colleague"><circle class="line" r="7.2"/></g>'
_ARROW = (
    '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    ' markerUnits="userSpaceOnUse"><path class="tip" d="M1 1.2 7 4 1 6.8Z"/></marker>'
)


def number(value: float) -> str:
    """A coordinate with at most one decimal: `12`, `12.5`, `-0.3`."""
    return f"{tenth(value):g}"


def document(
    width: float, height: float, title: str, description: str, rules: Iterable[str], body: Iterable[str]
) -> str:
    """A whole SVG file: what it shows in words, its colours, further CSS `rules`, its ground, the elements of `body`."""
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
        *rules,
        light,
        f"@media (prefers-color-scheme:dark){{{dark}}}",
        "</style>",
        f'<rect class="ground" width="{w}" height="{h}" rx="14"/>',
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def render_network_svg(network: rings.Network, folder: str, today: date) -> str:
    """The picture as one SVG file; `folder` is its place, for the links from names to notes."""
    planned = layout.plan(network.dots)
    has_colleagues = any(place.dot.path in network.colleagues for place in planned.places)
    # what the picture alone can say: how to read it stands on the page
    foot = "" if planned.places else "Nobody is here yet."
    if any(place.label is None for place in planned.places):
        foot = "A pale mark has no room for its name."
    width = 2 * (RADIUS + _MARGIN)
    at = f'x="{number(width / 2)}" y="{number(width + 0.75 * _FOOT)}"'
    used = {place.dot.kind for place in planned.places}
    people = sorted(planned.places, key=lambda place: rings.by_name(place.dot))
    centre = number(RADIUS + _MARGIN)
    body = [
        "<defs>",
        *(f'<g id="{kind}">{shape}</g>' for kind, shape in _SHAPES.items() if kind in used),
        *([_CIRCLE] if has_colleagues else []),
        _ARROW,
        "</defs>",
        f'<g transform="translate({centre} {centre})">',
        *_ground(planned),
        *(_text(label, "quiet halo caption") for label in planned.captions),
        *_introductions(planned),
        *(_person(place, network, folder) for place in people),
        *_titles(planned),
        "</g>",
        *([f'<text class="quiet foot" {at} text-anchor="middle">{foot}</text>'] if foot else []),
    ]
    rules = (
        ".halo{stroke-width:3px;stroke-linejoin:round;paint-order:stroke}",
        f".name{{font-size:{planned.font}px}}.caption{{font-size:{layout.CAPTION}px}}.foot{{font-size:{_FOOT}px}}",
        f".title{{font-weight:600;font-size:{_TITLE}px}}.you-text{{font-size:14px;font-weight:600}}",
        f".own{{unicode-bidi:isolate}}.pale{{opacity:{PALE}}}.line{{fill:none;stroke-width:1}}",
        ".line path{marker-end:url(#arrow)}a:hover text,a:focus text{text-decoration:underline}",
        f"@media (max-width:{SMALL_SCREEN}px){{.name{{display:none}}.caption{{font-size:{layout.CAPTION_LARGE}px}}",
        f".large{{display:inline;font-size:{layout.LARGE}px}}}}",
    )
    height = width + 1.5 * _FOOT * bool(foot) + 6
    title = f"Your network on {full_day(today)}"
    return document(width, height, title, rings.describe(network), rules, body)


def _text(label: Label, classes: str) -> str:
    """A line of text; its size comes from the CSS of its classes.

    Text that begins in a script written from right to left says so: its ellipsis and its blanks then fall on the
    left, and start and end change places.
    """
    anchor, direction = label.anchor, ""
    letters = (unicodedata.bidirectional(char) for char in label.text)
    if next((kind for kind in letters if kind in ("L", "R", "AL")), "L") != "L":
        direction = ' direction="rtl"'
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    return (
        f'<text class="{classes}" x="{number(label.x)}" y="{number(label.y)}" dy=".34em"'
        f' text-anchor="{anchor}"{direction}>{xml(label.text)}</text>'
    )


def _ground(planned: Plan) -> list[str]:
    """Rings and the edges of the sectors; what is within one rhythm is tinted."""
    last = len(planned.radii) - 1
    lines = [f'<circle class="near" r="{number(planned.radii[rings.IN_RHYTHM])}"/>']
    for ring, radius in enumerate(planned.radii):
        dashes = "" if ring in (rings.IN_RHYTHM, last) else ' stroke-dasharray="2 4"'
        lines.append(f'<circle class="ring" fill="none" r="{number(radius)}"{dashes}/>')
    if len(planned.sectors) > 1:
        edges = [(point(MIDDLE, first), point(RADIUS, first)) for first, _ in planned.sectors.values()]
        spokes = [f"M{number(a)} {number(b)}L{number(c)} {number(d)}" for (a, b), (c, d) in edges]
        lines.append(f'<path class="ring" d="{"".join(spokes)}"/>')
    lines.append(f'<circle class="you" r="{number(YOU)}"/>')
    lines.append('<text class="within you-text" dy=".34em" text-anchor="middle">You</text>')
    return lines


def _introductions(planned: Plan) -> list[str]:
    """A curved line from each introducer to whom they introduced, with an arrow at its end."""
    where = {place.dot.path: place for place in planned.places}
    pairs = [(where.get(place.dot.introduced_by), place) for place in planned.places]
    lines = [_curve(start, end) for start, end in pairs if start][:_MOST_LINES]
    return ['<g class="line">', *lines, "</g>"] if lines else []


def _curve(start: Place, end: Place) -> str:
    """A line bent to the side that is away from you, and never across you."""
    x, y = (start.x + end.x) / 2, (start.y + end.y) / 2
    across, down = end.x - start.x, end.y - start.y
    length = math.hypot(across, down) or 1.0
    out_x, out_y = -down / length, across / length  # at right angles to the line
    aside = out_x * x + out_y * y  # how far the straight line passes from the middle
    push = math.copysign(max(0.1 * length, 2 * (YOU + 16 - abs(aside))), aside)
    bend = tenth(x + out_x * push), tenth(y + out_y * push)
    (ax, ay), (bx, by) = _beside(start, bend), _beside(end, bend)
    return f'<path d="M{number(ax)} {number(ay)}Q{number(bend[0])} {number(bend[1])} {number(bx)} {number(by)}"/>'


def _beside(place: Place, to: tuple[float, float]) -> tuple[float, float]:
    """Where a line to that point leaves the mark."""
    x, y = to[0] - place.x, to[1] - place.y
    length = math.hypot(x, y) or 1.0
    step = min(8.0, length / 2) / length
    return place.x + x * step, place.y + y * step


def _person(place: Place, network: rings.Network, folder: str) -> str:
    """A link to the person's note: mark, name, and as its title how things are with them."""
    dot, label = place.dot, place.label
    is_colleague = dot.path in network.colleagues
    title = f"{rings.shown_name(dot)}: {rings.quiet_text(dot)}" + (f"; {COLLEAGUE}" if is_colleague else "")
    at = f'x="{number(place.x)}" y="{number(place.y)}"'
    return (
        f'<a href="{xml(link_target(folder, dot.path))}"><title>{xml(title)}</title>'
        f'<use class="{dot.kind}{"" if label else " pale"}" href="#{dot.kind}" {at}/>'
        + (f'<use href="#colleague" {at}/>' if is_colleague else "")
        + (_text(label, f"text halo name{' large' if place.is_large else ''}") if label else "")
        + "</a>"
    )


def _titles(planned: Plan) -> Iterator[str]:
    """The sectors' titles along the rim, with the number of people; a short one where the sector is small."""
    for kind in rings.KINDS:
        first, last = planned.sectors.get(kind.word, (0.0, 0.0))
        count = planned.counts[kind.word]
        room = (last - first) * RADIUS * 0.96
        texts = (f"{kind.title} {count}", f"{kind.short} {count}", kind.short)
        text = next((text for text in texts if text_width(text, _TITLE) <= room), "")
        if text:
            rim = _rim((first + last) / 2 if last - first < 6 else 0.0)
            yield (
                f'<path id="{kind.word}-title" fill="none" d="{rim}"/>'
                f'<text class="{kind.word} title" text-anchor="middle">'
                f'<textPath href="#{kind.word}-title" startOffset="50%">{xml(text)}</textPath></text>'
            )


def _rim(angle: float) -> str:
    """An arc outside the rings around an angle, read from left to right above and below."""
    is_below = math.cos(angle) < -1e-9
    radius = tenth(RADIUS + 9 + (0.74 * _TITLE if is_below else 0))
    half = -1.0 if is_below else 1.0
    (x0, y0), (x1, y1) = point(radius, angle - half), point(radius, angle + half)
    r, sweep = number(radius), 0 if is_below else 1
    return f"M{number(x0)} {number(y0)}A{r} {r} 0 0 {sweep} {number(x1)} {number(y1)}"


# --- the chart of talks -----------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 640.0, 220.0
_SIDE, _TOP, _BASE = 24.0, 34.0, 164.0  # margin left and right; top of the tallest bar; the foot of the bars
_BAR = 26.0


def render_talks_svg(talks: Sequence[tuple[str, int]]) -> str:
    """The chart as one SVG file, a bar for each month with its name below; the numbers stand on the page."""
    most = max((count for _, count in talks), default=0) or 1
    step = (_WIDTH - 2 * _SIDE) / max(len(talks), 1)
    body = [f'<path class="ring" d="M{number(_SIDE)} {number(_BASE)}H{number(_WIDTH - _SIDE)}"/>']
    year = ""
    for place, (month, count) in enumerate(talks):
        middle = tenth(_SIDE + step * (place + 0.5))
        height = tenth((_BASE - _TOP) * count / most)
        name = rings.month_name(month)
        if count:
            body.append(_bar(middle, height, f"{name}: {counted(count, 'talk')}"))
        body.append(_below(middle, 20, name[:3], name[:1]))
        if name[-4:] != year:
            year = name[-4:]
            body.append(_below(middle, 42, year, f"’{year[2:]}"))
    rules = (
        "text{font-size:12px;text-anchor:middle}.short{display:none}.ring{fill:none}",
        f"@media (max-width:{SMALL_SCREEN}px){{text{{font-size:20px}}.long{{display:none}}",
        ".short{display:inline}}",
    )
    return document(_WIDTH, _HEIGHT, "Talks per month", rings.talks_text(talks), rules, body)


def _bar(middle: float, height: float, title: str) -> str:
    """A bar with round corners at its top."""
    left, bend = number(middle - _BAR / 2), min(4.0, height)
    b = number(bend)
    return (
        f'<path class="bar" d="M{left} {number(_BASE)}V{number(_BASE - height + bend)}q0-{b} {b}-{b}'
        f'h{number(_BAR - 2 * bend)}q{b} 0 {b} {b}V{number(_BASE)}Z"><title>{title}</title></path>'
    )


def _below(x: float, y: float, long: str, short: str) -> str:
    """A text below the bars, with a shorter form for a small screen."""
    both = f'<tspan class="long">{long}</tspan><tspan class="short">{short}</tspan>'
    return f'<text class="quiet" x="{number(x)}" y="{number(_BASE + y)}">{both}</text>'
