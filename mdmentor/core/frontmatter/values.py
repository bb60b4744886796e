"""What the reading of a block of front matter comes to, whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
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


# A lone "]" does not end a link. A tool that folds long lines may have broken one in the middle.
WIKILINK = r"(?s)\[\[((?:(?!\]\]|\[\[).){1,500}?)\]\](?!\])"
_PIPE = r"\\?\|"


def find_links(raw: str, value: str = "") -> Iterator[tuple[int, str, str]]:
    """Offset in `raw`, text and inner words of each wikilink of a value whose source is `raw`.

    `value` is the same with its quotes and escapes undone; without it the source is taken as it is.
    """
    found = list(re.finditer(WIKILINK, raw))
    if value:
        # the source of a block of text may run over into the comment behind it
        inner = [match[1] for match in re.finditer(WIKILINK, value)]
        found = found[: len(inner)]
    else:
        inner = [match[1] for match in found]
    for match, words in zip(found, inner, strict=False):
        yield match.start(), match[0], " ".join(words.split())


def as_link(raw: str, inner: str, line: int, column: int, key: str) -> Link:
    """The link `raw` whose words between the brackets are `inner`, standing under the folded `key`."""
    named, *shown = re.split(_PIPE, inner, maxsplit=1)
    target, _, fragment = named.partition("#")
    text = shown[0].strip() if shown else named.strip()
    return Link(line, column, "frontmatter", raw, target.strip(), fragment.strip(), text, key)
