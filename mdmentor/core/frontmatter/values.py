"""What the reading of a block of front matter comes to, whoever reads it."""

from typing import NamedTuple

from mdmentor.core.model import Field, Link, Problem


class Reading(NamedTuple):
    """What a block holds. `root` is "mapping", "empty" or "other"; only a mapping has fields."""

    root: str
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsafe: str = ""  # why no line of the block may be edited; "" where one may


class Fault(NamedTuple):
    """Where YAML could not go on; `refused` says why the block was not read at all, if so."""

    line: int
    refused: str = ""
