"""The picture of the network and the small chart of talks: people in, SVG out.

`rings` decides how far away somebody stands, `seating` and what it uses where on the paper, `network`
and `talks` draw.
"""
