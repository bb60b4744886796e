"""Three versions of a note or a page become one."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# base, ours, theirs -> the merged text, and whether it holds a conflict
TextMerge = Callable[[str, str, str], tuple[str, bool]]

# Begins a line in place of what is merged separately; a note with this character in it is merged as text.
SIGN = "\ue000"
OURS, THEIRS = "ours", "theirs"


def changed_side(base: T, ours: T, theirs: T) -> str:
    """The side whose version the merge is; "" where both changed it, each in its own way."""
    if theirs in (ours, base):
        return OURS
    return THEIRS if ours == base else ""


def merge_lines(
    base: list[str], ours: list[str], theirs: list[str], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The merged lines, and whether they hold a conflict."""
    if side := changed_side(base, ours, theirs):
        return (ours if side == OURS else theirs), False
    versions = ("".join(f"{line}\n" for line in lines) for lines in (base, ours, theirs))
    text, has_conflict = merge_text(*versions)
    return lines_of(text), has_conflict


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]
