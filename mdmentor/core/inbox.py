"""Lines jotted down under a heading Inbox, and what each of them probably says: who, when, how, the words.

"coffee with Ada: how to open the talk", "Ada called yesterday", "[[Ada]] lunch: ...". Who is meant is looked
up by whoever calls; a name that fits nobody or several is told, and never guessed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.capture import Capture, find_unread_day, read_capture
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.model import Item

HEADING = "inbox"

# Paths of the contacts that a name, or a link "[[target]]", may mean.
Who = Callable[[str], Sequence[str]]

_LINK = r"\[\[(?P<target>[^\[\]|#]+)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]"
_WORD = r"[^\W\d_](?:[\w'’.-]*\w)?"
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|\+)\s)\s*", re.IGNORECASE)
# Behind these a name is whom one was in touch with, even in small letters.
_LINKING = r"(?i)\b(?:with|met|saw|called|phoned|wrote|emailed|mailed|to|from)\s+\Z"
_COLON = r":(?:\s|\Z)"
_PLAN = r"(?i)(?:i )?(?:will|should|must|need to|want to|to|plan|remember|todo|ask)\b"
_MOST_WORDS = 5  # in a name


class Jotting(NamedTuple):
    """One line of the inbox with what hangs on it (lines from 1)."""

    line: int
    last: int
    text: str  # of the first item: by this it is found again
    words: str  # of all of it
    is_task: bool = False  # an open one: still to be done


class Proposal(NamedTuple):
    """What a jotting probably says. `why_not` tells why it cannot be filed; "" where it can."""

    jotting: Jotting
    people: tuple[str, ...]  # paths
    told: Capture
    why_not: str = ""
    candidates: tuple[str, ...] = ()  # paths, where a name fits several


class _Name(NamedTuple):
    """A stretch of the words that names somebody."""

    start: int
    end: int
    words: str
    paths: tuple[str, ...]


def find_jottings(text: str) -> tuple[Jotting, ...]:
    """The lines under the headings Inbox of a note's text (newlines "\\n"), from top to bottom."""
    head = read_head("", text)
    lines = text.split("\n")
    items = [item for item in read_body("", text[head.body_start :], head.body_line).items if _is_in(item)]
    found: list[Jotting] = []
    for item in items:
        is_below = bool(found) and _depth(lines, item.line) > _depth(lines, found[-1].line)
        if is_below and item.kind == "item":
            above = found[-1]
            found[-1] = above._replace(last=item.last, words=f"{above.words}; {item.text}")
        else:
            found.append(Jotting(item.line, item.last, item.text, item.text, item.task == "open"))
    return tuple(jotting for jotting in found if jotting.text.strip())


def _is_in(item: Item) -> bool:
    sections = [names.fold_key(heading.rstrip(":")) for heading in item.sections]
    return item.kind != "heading" and item.task in ("", "open") and HEADING in sections


def _depth(lines: Sequence[str], line: int) -> int:
    text = lines[line - 1].expandtabs(4)
    return len(text) - len(text.lstrip())


def propose(jotting: Jotting, today: date, who: Who) -> Proposal:
    """What the jotting says, and if it can be filed without guessing."""
    text = jotting.words
    groups = _groups(text, sorted(_iter_names(text, who), key=lambda name: name.start))
    colon = re.search(_COLON, re.sub(_LINK, lambda m: "x" * len(m[0]), text))
    if colon is not None:
        in_head = [group for group in groups if group[-1].end <= colon.start()]
        groups = in_head or groups
    sure = [group for group in groups if not group[0].start or re.search(_LINKING, text[: group[0].start])]
    group = (sure or groups or [[]])[0]
    if not group:
        return Proposal(jotting, (), read_capture(text, today), "no contact is named in it")
    people = tuple(dict.fromkeys(path for name in group for path in name.paths))
    told = read_capture(_without(text, group, today), today)
    unclear = next((name for name in group if len(name.paths) != 1), None)
    if unclear is not None:
        fits = f'"{unclear.words}" fits {len(unclear.paths)} contacts'
        return Proposal(jotting, (), told, fits, unclear.paths)
    if (len(sure) > 1 and sure[0][0].start) or (not sure and len(groups) > 1):
        several = tuple(dict.fromkeys(path for g in groups for name in g for path in name.paths))
        return Proposal(
            jotting, (), told, "several people are named, and it is not clear who took part", several
        )
    if not told.text and not told.channel:
        return Proposal(jotting, people, told, "it says nothing but a name")
    if unread := find_unread_day(told.text, told, today):
        return Proposal(
            jotting, people, told, f'"{unread[0]}" may be when it was; write it first: "{unread[0]}: ..."'
        )
    if (
        jotting.is_task
        or re.match(_PLAN, text)
        or re.match(_PLAN, told.text)
        or (told.day is not None and told.day > today)
    ):
        return Proposal(jotting, people, told, "it seems to be still to come")
    return Proposal(jotting, people, told)


def _iter_names(text: str, who: Who) -> Iterator[_Name]:
    """The links and names in a text that fit contacts, each as long as can be."""
    links = list(re.finditer(_LINK, text))
    for link in links:
        if paths := tuple(who(f"[[{link['target'].strip()}]]")):
            yield _Name(link.start(), link.end(), link["target"], paths)
    words = [w for w in re.finditer(_WORD, text) if not any(k.start() <= w.start() < k.end() for k in links)]
    number = 0
    while number < len(words):
        for count in range(min(_MOST_WORDS, len(words) - number), 0, -1):
            first, last = words[number], words[number + count - 1]
            told = text[first.start() : last.end()]
            if not _may_name(told, text, first.start()):
                continue
            if paths := tuple(who(told)):
                yield _Name(first.start(), last.end(), told, paths)
                number += count - 1
                break
        number += 1


def _may_name(told: str, text: str, start: int) -> bool:
    """Small letters make a name only where one is expected: "with ada", but not "will" or "art"."""
    if not re.fullmatch(r"\S+(?: \S+)*", told):
        return False
    before = text[:start]
    is_expected = bool(re.search(_LINKING, before) or _BETWEEN.search(before + "x", max(0, start - 6)))
    return not told[0].islower() or is_expected


def _groups(text: str, found: Sequence[_Name]) -> list[list[_Name]]:
    """Names that stand together, as in "Ada, Grace and Mary"."""
    groups: list[list[_Name]] = []
    for name in found:
        if groups and _BETWEEN.fullmatch(text, groups[-1][-1].end, name.start):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _without(text: str, group: Sequence[_Name], today: date) -> str:
    """The words without the names, where these only say who it was with; else all of them."""
    start, end = group[0].start, group[-1].end
    while start and end < len(text) and text[start - 1] == text[end] and text[end] in "*_":
        start, end = start - 1, end + 1  # a name in bold
    before = re.sub(r"(?:\A|\s+)with\s+\Z", " ", text[:start], flags=re.IGNORECASE).strip()
    if before and read_capture(before, today).text:
        return text
    rest = text[end:].lstrip(" ")
    if not before:
        return re.sub(r"\A[\s,;:–—-]+", "", rest)
    return f"{before}{rest}" if rest[:1] in (":", ",") else f"{before} {rest}"
