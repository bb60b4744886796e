"""What the reading of a block of front matter comes to, whoever reads it."""

from __future__ import annotations

from mdmentor.core.model import Field, Link, Problem
from mdmentor.core.value import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What a block holds. `root` is "mapping", "empty" or "other"; only a mapping has fields."""

    root: str
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsafe: str = ""  # why no line of the block may be edited; "" where one may


@dataclass(frozen=True, slots=True)
class Fault:
    """Where YAML could not go on; `refused` says why the block was not read at all, if so."""

    line: int
    refused: str = ""
