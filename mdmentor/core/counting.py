"""A number with its noun, for pages and commands alike."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """`1 person`, `3 people`: a number with its noun; `many` where it is not made with an "s"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
