"""A number with its noun, for pages and commands alike."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """`1 person`, `3 people`: a number with its noun; `many` where it is not made with an "s"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def problem_words(counts: tuple[int, int, int]) -> str:
    """`3 problems, 1 hint, 40 links without a note`, as far as there are any; "no problems" where there is nothing.

    They are told apart since a vault may link names for years that it has no notes for: nothing is wrong with that.
    """
    problems, hints, loose = counts
    words = (
        counted(problems, "problem") if problems else "",
        counted(hints, "hint") if hints else "",
        counted(loose, "link without a note", "links without a note") if loose else "",
    )
    return ", ".join(filter(None, words)) or "no problems"
