"""The picture of the network: you in the middle, each person as far away as it has been quiet.

Distance is the time since the last contact against the person's own rhythm, the sector and the shape of
the mark tell where you know them from, a curved line is an introduction. What comes out is one SVG that
stands alone: no script, no font, nothing to load. It decides nothing about who is due.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from mdmentor.core.kinds import GENERATED
from mdmentor.core.network_svg import svg
from mdmentor.core.network_svg.boxes import tenth
from mdmentor.core.network_svg.disc import MIDDLE, Disc, point
from mdmentor.core.network_svg.layout import FONT, LONGEST, NARROW_MARK, Place
from mdmentor.core.network_svg.lettering import ASCENT, Label, shorten, text_width
from mdmentor.core.network_svg.people import IN_RHYTHM, KINDS, Dot, by_name, describe, quiet_text, shown_name
from mdmentor.core.network_svg.seating import CAPTION, YOU, Plan, caption_narrow, plan
from mdmentor.core.text import full_day, link_target, xml
from mdmentor.core.trust import COLLEAGUE

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


_TITLE, _FOOT = 13.5, 11.5  # font sizes of the sectors' titles and of what stands below
PALE = 0.8  # opacity of marks without a name
_NAME_LINES = 2  # of confidential people below the disc
_MANY_LINES = 40  # introductions; more are thinned out
_NOBODY = "Nobody stands here yet."
_DISTANCE = "The nearer to you, the more lately you talked, each against their own rhythm."
_LINE = "A curved line is an introduction."
_CIRCLE = "A circle around a mark: works where you work."
# Marks are told apart by their shape, about 10 units wide, around (0, 0); colour only helps.
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
_AROUND = '<g id="inside"><g class="mark"><circle class="line" r="7.2"/></g></g>'
_ARROW = (
    '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    ' markerUnits="userSpaceOnUse"><path class="tip" d="M1 1.2 7 4 1 6.8Z"/></marker>'
)


def render_network_svg(
    dots: Sequence[Dot], folder: str, today: date, left_out: int = 0, inside: Collection[str] = ()
) -> str:
    """The picture as one SVG file; `folder` is where it will lie, for the links from names to notes.

    `left_out` is the number of paused people, told below the picture. Those whose paths are `inside` are
    marked as working where the user works. The order of `dots` does not matter.
    """
    planned = plan(dots)
    disc = planned.disc
    centre = number(disc.width / 2)
    introductions = _introductions(planned)
    circled = sum(dot.path in inside for dot in planned.shown)
    how_to_read = [_DISTANCE, *([_LINE] if introductions else []), *([_CIRCLE] if circled else [])]
    below, height = _below(planned, folder, left_out, how_to_read)
    body = [
        *_definitions(planned.shown, bool(circled)),
        f'<g transform="translate({centre} {centre})">',
        *_ground(disc),
        *(text_element(label, "quiet halo caption w") for label in planned.captions),
        *(text_element(label, "quiet halo caption n") for label in planned.captions_narrow),
        *introductions,
        *_people(planned, folder, inside),
        *(text_element(item.label, "quiet halo count w") for item in planned.more if item.label),
        *_titles(planned.shown, disc),
        "</g>",
        *below,
    ]
    title = f"Your network on {full_day(today)}"
    described = describe(dots, left_out) + (f" Working where you work: {circled}." if circled else "")
    return svg.document(disc.width, height, title, described, _rules(disc), body)


def _definitions(shown: Sequence[Dot], has_inside: bool) -> list[str]:
    used = {dot.kind for dot in shown}
    marks = [
        f'<g id="{kind}"><g class="mark">{shape}</g></g>' for kind, shape in _SHAPES.items() if kind in used
    ]
    return ["<defs>", *marks, *([_AROUND] if has_inside else []), _ARROW, "</defs>"]


def _ground(disc: Disc) -> list[str]:
    """Rings and the edges of the sectors; what is within one rhythm is tinted."""
    lines = [f'<circle class="near" r="{number(disc.radii[IN_RHYTHM])}"/>']
    for ring, radius in enumerate(disc.radii):
        dashes = "" if ring == IN_RHYTHM else ' stroke-dasharray="2 4"' if ring < len(disc.radii) - 1 else ""
        lines.append(f'<circle class="ring" fill="none" r="{number(radius)}"{dashes}/>')
    edges = sorted({first for first, last in disc.sectors if last > first})
    if len(edges) > 1:
        spokes = []
        for angle in edges:
            (x0, y0), (x1, y1) = point(MIDDLE, angle), point(disc.radius, angle)
            spokes.append(f"M{number(x0)} {number(y0)}L{number(x1)} {number(y1)}")
        lines.append(f'<path class="ring" d="{"".join(spokes)}"/>')
    lines.append(f'<circle class="you" r="{number(YOU)}"/>')
    lines.append('<text class="within you-text" y="4.2" text-anchor="middle">You</text>')
    return lines


def _introductions(planned: Plan) -> list[str]:
    """A curved line from each introducer to whom they introduced, with an arrow at its end."""
    where = {dot.path: place for dot, place in zip(planned.shown, planned.places, strict=True) if place}
    pairs = []
    tied = [dot for dot in planned.shown if dot.introduced_by in where and dot.path in where]
    for dot in sorted(tied, key=by_name):
        start, end = where.get(dot.introduced_by), where.get(dot.path)
        if start and end:
            pairs.append((start, end))
    if len(pairs) > _MANY_LINES:
        # a tangle says nothing: of so many only those between two names are drawn, the page tells them all
        pairs = [(start, end) for start, end in pairs if start.label and end.label]
    lines = []
    for start, end in pairs:
        bend = _bend(start, end)
        (ax, ay), (bx, by) = _towards(start, bend, 8), _towards(end, bend, 8)
        way = f"M{number(ax)} {number(ay)}Q{number(bend[0])} {number(bend[1])} {number(bx)} {number(by)}"
        hidden = ' class="w"' if start.is_covered or end.is_covered else ""
        lines.append(f'<path d="{way}"{hidden}/>')
    if not lines:
        return []
    return ['<g class="line">', *lines, "</g>"]


def _bend(start: Place, end: Place) -> tuple[float, float]:
    """Where the line bends to: beside the straight way, on the side away from you, and never across you."""
    x, y = (start.x + end.x) / 2, (start.y + end.y) / 2
    across, down = end.x - start.x, end.y - start.y
    length = math.sqrt(across * across + down * down) or 1.0
    # the unit vector across the line, turned to the side on which its middle lies
    out_x, out_y = -down / length, across / length
    if out_x * x + out_y * y < 0:
        out_x, out_y = -out_x, -out_y
    aside = abs(out_x * x + out_y * y)  # how far the straight line passes from the middle
    push = max(0.1 * length, 2 * (YOU + 16 - aside))
    return tenth(x + out_x * push), tenth(y + out_y * push)


def _towards(place: Place, to: tuple[float, float], distance: float) -> tuple[float, float]:
    x, y = to[0] - place.x, to[1] - place.y
    length = math.sqrt(x * x + y * y) or 1.0
    step = min(distance, length / 2) / length
    return tenth(place.x + x * step), tenth(place.y + y * step)


def _people(planned: Plan, folder: str, inside: Collection[str]) -> list[str]:
    """Each person a link to their note, with how things stand in words for whoever points at it."""
    elements = []
    pairs = zip(planned.shown, planned.places, strict=True)
    drawn = [(dot, place) for dot, place in pairs if place is not None]
    for dot, place in sorted(drawn, key=lambda pair: by_name(pair[0])):
        is_colleague = dot.path in inside
        told = f"{shown_name(dot)}: {quiet_text(dot)}" + (f"; {COLLEAGUE}" if is_colleague else "")
        href = xml(link_target(folder, dot.path))
        at = f'x="{number(place.x)}" y="{number(place.y)}"'
        classes = dot.kind + ("" if place.label else " pale") + (" w" if place.is_covered else "")
        hidden = ' class="w"' if place.is_covered else ""
        elements.append(
            f'<a href="{href}"><title>{xml(told)}</title>'
            f'<use class="{classes}" href="#{dot.kind}" {at}/>'
            + (f'<use{hidden} href="#inside" {at}/>' if is_colleague else "")
            + (text_element(place.label, "text halo name w") if place.label else "")
            + (text_element(place.narrow, "text halo large n") if place.narrow else "")
            + "</a>"
        )
    return elements


def _titles(shown: Sequence[Dot], disc: Disc) -> list[str]:
    """The sectors' titles along the rim, with the number of people; a short one where the sector is small."""
    elements = []
    counts = Counter(dot.kind for dot in shown)
    for kind, (first, last) in zip(KINDS, disc.sectors, strict=True):
        word, count = kind.word, counts[kind.word]
        if not count:
            continue
        middle = (first + last) / 2 if last - first < 6 else 0.0
        for suffix, size in (("w", _TITLE), ("n", disc.narrow_font)):
            room = (last - first) * disc.radius * 0.96
            texts = (f"{kind.title} {count}", f"{kind.short} {count}", kind.short)
            fits = [text for text in texts if text_width(text, size) <= room]
            if not fits:
                continue
            elements.append(
                f'<path id="{word}-{suffix}" fill="none" d="{_rim(disc.radius, middle, size)}"/>'
                f'<text class="{word} title {suffix}" text-anchor="middle">'
                f'<textPath href="#{word}-{suffix}" startOffset="50%">{xml(fits[0])}</textPath></text>'
            )
    return elements


def _rim(radius: float, angle: float, size: float) -> str:
    """An arc outside the disc around an angle, read from left to right above and below."""
    is_below = math.cos(angle) < -1e-9
    away = tenth(radius + 9 + (ASCENT * size * 0.92 if is_below else 0))
    half = -1.0 if is_below else 1.0
    (x0, y0), (x1, y1) = point(away, angle - half), point(away, angle + half)
    way = 0 if is_below else 1
    return f"M{number(x0)} {number(y0)}A{number(away)} {number(away)} 0 0 {way} {number(x1)} {number(y1)}"


def _below(planned: Plan, folder: str, left_out: int, how_to_read: Sequence[str]) -> tuple[list[str], float]:
    """What stands below the disc, and the height of the whole picture."""
    disc, people = planned.disc, len(planned.shown)
    width = disc.width - 40
    wide = _wrapped(how_to_read if people else (), width) + _wrapped(_counts(planned, left_out), width)
    lines = [xml(line) for line in wide] + _names_only(planned.silent, _FOOT, width, folder)
    # the large type would take many lines; the page tells in words what is not said here
    named = planned.named_narrow
    narrow = [_NOBODY if not people else f"{named} of {people} named" if named < people else ""]
    narrow.append(_only(len(planned.silent), left_out))
    elements: list[str] = []
    height = 0.0
    for suffix, size, texts in (("w", _FOOT, lines), ("n", _foot_narrow(disc), [t for t in narrow if t])):
        baseline = disc.width + size * 0.5
        for text in texts:
            at = f'x="{number(disc.width / 2)}" y="{number(tenth(baseline))}" text-anchor="middle"'
            elements.append(f'<text class="quiet foot {suffix}" {at}>{text}</text>')
            baseline += size * 1.5
        height = max(height, baseline)
    return elements, tenth(height + 6)


def _only(silent: int, left_out: int) -> str:
    told = [f"{silent} by name only"] if silent else []
    return ", ".join([*told, f"{left_out} paused"] if left_out else told)


def _counts(planned: Plan, left_out: int) -> list[str]:
    """What the picture leaves out, in sentences; none where everybody stands in it by name."""
    people = len(planned.shown)
    told = [] if people else [_NOBODY]
    if planned.named < people:
        told.append(f"{planned.named} of {people} people are named; a pale mark is one person more.")
    if planned.grouped:
        told.append(f"{planned.grouped} have no mark of their own and are counted as “more”.")
    if left_out:
        told.append(f"{left_out} paused, not shown.")
    return told


def _names_only(silent: Sequence[Dot], size: float, width: float, folder: str) -> list[str]:
    """The confidential people, as lines of links: a name beside the rings says nothing but itself."""
    if not silent:
        return []
    lines = [["By name only: "]]
    used = text_width(lines[0][0], size)
    for place, dot in enumerate(silent):
        name = shorten(shown_name(dot), LONGEST)
        comma = ", " if place < len(silent) - 1 else ""
        wide = text_width(name + comma, size)
        rest = f"and {len(silent) - place} more"
        if used + wide > width and len(lines) < _NAME_LINES:
            lines.append([])
            used = 0.0
        if used + wide + (text_width(rest, size) if len(lines) == _NAME_LINES else 0) > width:
            lines[-1].append(rest)
            break
        href = xml(link_target(folder, dot.path))
        lines[-1].append(f'<a href="{href}"><tspan class="own">{xml(name)}</tspan></a>{comma}')
        used += wide
    return ["".join(line) for line in lines]


def _wrapped(sentences: Sequence[str], width: float) -> list[str]:
    """The sentences as lines: several on one where they fit, a long one broken between words."""
    lines: list[str] = []
    for sentence in sentences:
        if lines and text_width(f"{lines[-1]} {sentence}", _FOOT) <= width:
            lines[-1] += f" {sentence}"
            continue
        first, *words = sentence.split()
        lines.append(first)
        for word in words:
            if text_width(f"{lines[-1]} {word}", _FOOT) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
    return lines


def _foot_narrow(disc: Disc) -> float:
    return tenth(disc.narrow_font * 0.85)


def _rules(disc: Disc) -> tuple[str, ...]:
    return (
        f".name,.count{{font-size:{FONT}px}}",
        f".large,.title.n{{font-size:{number(disc.narrow_font)}px}}",
        f".caption.w{{font-size:{CAPTION}px}}.caption.n{{font-size:{number(caption_narrow(disc))}px}}",
        f".title{{font-weight:600}}.title.w{{font-size:{_TITLE}px}}",
        f".foot.w{{font-size:{_FOOT}px}}.foot.n{{font-size:{number(_foot_narrow(disc))}px}}",
        f".you-text{{font-size:12px;font-weight:600}}.own{{unicode-bidi:isolate}}.pale{{opacity:{PALE}}}",
        ".line{fill:none;stroke-width:1}.line path{marker-end:url(#arrow)}",
        "a:hover text,a:focus text{text-decoration:underline}",
        f"@media (max-width:{svg.NARROW_BELOW}px){{.mark{{transform:scale({NARROW_MARK})}}",
        ".you-text{font-size:15px}}",
    )
