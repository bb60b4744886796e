"""The lines of the inbox: what each probably says, of whom, and whether it can be filed without guessing."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.capture import Capture, Doubt, find_doubt, read_capture
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import indent_of
from mdmentor.core.model import Item

INBOX = "inbox"

# A name, or a link "[[target]]" -> the paths of the contacts that it may mean.
Who = Callable[[str], Sequence[str]]

_LINK = r"\[\[(?P<target>[^\[\]|#]+)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]"
_WORD = r"[^\W\d_](?:[\w'’.-]*\w)?"
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|\+)\s)\s*", re.IGNORECASE)
# Behind these words a name is that of a contact, even in small letters.
_LINKING_WORD = r"\b(?i:with|met|saw|called|phoned|wrote|emailed|mailed|to|from)\s+"
_LINKING = rf"{_LINKING_WORD}\Z"
_CAPITALS = r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*)*"
_INBOX_COLON = r":(?:\s|\Z)"
_PLAN = r"(?i)(?:i )?(?:will|should|must|need to|want to|to|plan|remember|todo|ask)\b"
_MOST_WORDS = 5  # in a name


class Jotting(NamedTuple):
    """One line of the inbox with the lines nested below it (lines from 1)."""

    line: int
    last: int
    text: str  # of the first item; it is found again by this
    words: str  # of all of it
    is_task: bool = False  # an open one


class Proposal(NamedTuple):
    """What a jotting probably says; `why_not` is the reason why it cannot be filed, "" where it can."""

    jotting: Jotting
    people: tuple[str, ...]  # paths
    capture: Capture
    why_not: str = ""
    candidates: tuple[str, ...] = ()  # paths, where a name fits several
    doubt: Doubt | None = None  # a day that is not understood
    words: str = ""  # without the names


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
        is_below = bool(found) and indent_of(lines[item.line - 1]) > indent_of(lines[found[-1].line - 1])
        if is_below and item.kind == "item":
            above = found[-1]
            found[-1] = above._replace(last=item.last, words=f"{above.words}; {item.text}")
        else:
            found.append(Jotting(item.line, item.last, item.text, item.text, item.task == "open"))
    return tuple(jotting for jotting in found if jotting.text.strip())


def _is_in(item: Item) -> bool:
    sections = [names.fold_key(heading.rstrip(":")) for heading in item.sections]
    return item.kind in ("item", "paragraph") and item.task in ("", "open") and INBOX in sections


def propose(jotting: Jotting, today: date, who: Who, given: date | None = None) -> Proposal:
    """What the jotting says, and whether it can be filed without guessing; `given` settles which day is meant."""
    text = jotting.words
    groups = _groups(text, sorted(_iter_names(text, who), key=lambda name: name.start))
    colon = re.search(_INBOX_COLON, re.sub(_LINK, lambda m: "x" * len(m[0]), text))
    if colon is not None:
        in_head = [group for group in groups if group[-1].end <= colon.start()]
        groups = in_head or groups
    if not groups:
        return Proposal(jotting, (), read_capture(text, today), "no contact is named in it")
    sure = [group for group in groups if not group[0].start or re.search(_LINKING, text[: group[0].start])]
    group = (sure or groups)[0]
    words = _without(text, group, today, given)
    capture, doubt = read_capture(words, today, given), find_doubt(words, today, given)
    unclear = next((name for name in group if len(name.paths) != 1), None)
    if unclear is not None:
        why_not = f'"{unclear.words}" matches {len(unclear.paths)} contacts'
        return Proposal(jotting, (), capture, why_not, unclear.paths)
    if (len(sure) > 1 and sure[0][0].start) or (not sure and len(groups) > 1):
        why_not = "several people are named, and it is not clear who took part"
        return Proposal(jotting, (), capture, why_not, _paths(groups))
    why_not = _why_not(jotting, capture, doubt, today)
    return Proposal(jotting, _paths([group]), capture, why_not, doubt=doubt, words=words)


def _paths(groups: Sequence[Sequence[_Name]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for group in groups for name in group for path in name.paths))


def _why_not(jotting: Jotting, capture: Capture, doubt: Doubt | None, today: date) -> str:
    """Why a jotting about known people cannot be filed; "" where it can."""
    if not capture.text and not capture.channel:
        return "it says nothing but a name"
    if doubt is not None:
        first = doubt.words if len(doubt.days) == 1 else next(iter(doubt.days), today)
        return f'{doubt}; write it first: "{first}: ..."'
    is_plan = jotting.is_task or re.match(_PLAN, jotting.words) or re.match(_PLAN, capture.text)
    if is_plan or (capture.day is not None and capture.day > today):
        return "it seems to be in the future"
    return ""


def _iter_names(text: str, who: Who) -> Iterator[_Name]:
    """The links and names in a text that fit contacts, the longest at each place."""
    links = list(re.finditer(_LINK, text))
    for link in links:
        if paths := tuple(who(f"[[{link['target'].strip()}]]")):
            yield _Name(link.start(), link.end(), link["target"], paths)
    words = [w for w in re.finditer(_WORD, text) if not any(k.start() <= w.start() < k.end() for k in links)]
    number = 0
    while number < len(words):
        for count in range(min(_MOST_WORDS, len(words) - number), 0, -1):
            first, last = words[number], words[number + count - 1]
            name = text[first.start() : last.end()]
            if not _may_name(name, text, first.start()):
                continue
            if paths := tuple(who(name)):
                yield _Name(first.start(), last.end(), name, paths)
                number += count - 1
                break
        number += 1


def _may_name(name: str, text: str, start: int) -> bool:
    """Small letters make a name only where one is expected: "with ada", but not "will" or "art"."""
    before = text[:start]
    is_expected = bool(re.search(_LINKING, before) or _BETWEEN.search(before + "x", max(0, start - 6)))
    return not name[0].islower() or is_expected


def _groups(text: str, found: Sequence[_Name]) -> list[list[_Name]]:
    """Names that are joined, as in "Ada, Grace and Mary"."""
    groups: list[list[_Name]] = []
    for name in found:
        if groups and _BETWEEN.fullmatch(text, groups[-1][-1].end, name.start):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _without(text: str, group: Sequence[_Name], today: date, given: date | None) -> str:
    """The words without the names, where these only say who it was with; else all of them."""
    start, end = group[0].start, group[-1].end
    while start and end < len(text) and text[start - 1] == text[end] and text[end] in "*_":
        start, end = start - 1, end + 1  # a name in bold
    before = re.sub(r"(?:\A|\s+)with\s+\Z", " ", text[:start], flags=re.IGNORECASE).strip()
    if before and read_capture(before, today, given).text:
        return text
    rest = text[end:].lstrip(" ")
    if not before:
        return re.sub(r"\A[\s,;:–—-]+", "", rest)
    return f"{before}{rest}" if rest[:1] in (":", ",") else f"{before} {rest}"


def guess_name(words: str) -> str:
    """The name in a line of somebody who is no contact yet: a link, or words that begin with capitals; "" for none."""
    if link := re.search(_LINK, words):
        return names.unlink(link[0])
    places = (_LINKING_WORD, r"(?<=[^.:] )", r"\A")
    found = next(filter(None, (re.search(f"{place}({_CAPITALS})", words) for place in places)), None)
    return found[1].rstrip(".,:;") if found else ""
