"""Drawing the network: its page and both its pictures, which takes longest of all pages.

Nothing is looked up and nothing is written here, so that a helper can draw as well (see `crew`).
"""

from datetime import date
from typing import Any

from mdmentor.core.pages import frame
from mdmentor.core.pages.network import render_network
from mdmentor.core.picture.network import render_network_svg
from mdmentor.core.picture.rings import Dot
from mdmentor.core.picture.talks import render_talks_svg
from mdmentor.crew import Setting, Work

# Dots as plain tuples, talks by month, places with who is there, folder, pages, who is left out, who is inside.
Told = tuple[
    list[tuple[Any, ...]],
    tuple[tuple[str, int], ...],
    list[tuple[str, tuple[tuple[str, str], ...]]],
    str,
    tuple[str, ...],
    int,
    frozenset[str],
]


def draw_network(told: Told, today: date) -> dict[str, str | None]:
    """File name -> text, of the page "Network" and its pictures."""
    plain, talks, places, folder, pages, left_out, inside = told
    dots = [Dot(*values) for values in plain]
    return {
        f"{frame.NETWORK}.md": render_network(dots, talks, places, folder, pages, today, left_out, inside),
        "network.svg": render_network_svg(dots, folder, today, left_out, inside),
        "talks.svg": render_talks_svg(talks),
    }


def begin(setting: Setting) -> Work:
    """What draws the networks of a chunk of jobs."""
    return lambda jobs: [draw_network(told, setting.today) for told in jobs]
