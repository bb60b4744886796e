"""The picture of the network and the small chart of talks: people in, SVG out.

`rings` decides how far away somebody stands, `seating` and what it uses where on the paper, `network`
and `talks` draw.
"""

from mdmentor.core.picture.network import render_network_svg
from mdmentor.core.picture.rings import Dot, count_left_out, dots, with_introducers
from mdmentor.core.picture.talks import render_talks_svg, sum_up, talks_per_month

__all__ = [
    "Dot",
    "count_left_out",
    "dots",
    "render_network_svg",
    "render_talks_svg",
    "sum_up",
    "talks_per_month",
    "with_introducers",
]
