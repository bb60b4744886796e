"""What of a note is never shown elsewhere: lines marked #private with all that belongs to them, confidential notes.

When in doubt more is hidden than was meant: a line too few costs somebody's trust.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from mdmentor.core.frontmatter.keys import FALSE, GUARDS, PRIVATE_TAGS, SPELLED, is_confidential_key
from mdmentor.core.frontmatter.reader import Head, read_head
from mdmentor.core.frontmatter.values import filled
from mdmentor.core.log_entries import LogPage, read_page
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import ATX, BULLET, indent_of
from mdmentor.core.model import Body, Field, Problem

# `#private/health`, `_#private_`, `#[[private]]` and the wide sign of a Chinese or Japanese keyboard are private too.
_SAYS_SO = r"(?<![^\W_][#＃])(?<![#/]#)(?:private|\[\[private\]\])(?!_*[^\W_]|-)"
_PRIVATE = re.compile(rf"(?i)#{_SAYS_SO}")  # begins with its sign, which lets the engine skip to it
_LIKE_ITEM = rf"\s*(?:{BULLET}\s|\[\^[^\]\s]+\]:)"  # and a footnote
_HEADING = rf" {{0,3}}({ATX})(?:\s|$)"
_RULE = r"-{3,}[ \t]*$|\.{3}[ \t]*$"
# A key of the front matter, or a remark there; what follows up to the next one belongs to it.
_MARK_ALONE = r"(?i)#[\s#]*private\s*"
_KEY = r"[^\s\-][^:]*:(?:\s|$)|[^\s\-].*?[\"']\s*:|#"

# The first line of the text, or the first below its title, where it is made of tags.
_TAG_LINE = r"\s*(?:# [^\n]*\n\s*)?((?:#[^\s#]+[ \t]*)+)(?:\n|\Z)"
_TAG = r"[\s,:;\[\]#\"']+"

_FIELD_SIGN = re.compile("::")  # in a whole note found twice as fast as with "in"
# How `confidential` is spelled, slips too, and the tags that say the same; few notes hold them.
_MAY_SAY_SO = rf"(?i)conf|fident|private|{'|'.join(SPELLED['confidential'])}"

# Fields that count on a private line, too: they guard somebody, or keep the list from naming them.
_GUARDS = GUARDS.union(SPELLED["snooze"])
_TAGS = frozenset(SPELLED["tags"])
# Problems whose text holds no words of the note.
_HARMLESS = frozenset(
    {"block-edited", "block-place", "page-name", "conflict-markers", "not-utf8", "nul-byte", "too-deep"}
)
_OPEN_FIXES = frozenset(
    {"write confidential: true", 'write it as "confidential"'}
)  # quote no word of the note


def private_lines(text: str, body_line: int = 1) -> frozenset[int]:
    """The numbers of the lines that never leave their note; `body_line` is the first below the front matter.

    A list item is hidden with all that is nested in it, a paragraph, a quote or a table as a whole, a heading with
    its section, a key of the front matter with its value.
    """
    if not _has_mark(text):
        return frozenset()
    lines = text.split("\n")
    return frozenset((*_in_head(lines[: body_line - 1]), *_in_body(read_page(lines, body_line), body_line)))


def _has_mark(text: str) -> bool:
    return bool(
        ("#" in text and _PRIVATE.search(text)) or ("＃" in text and re.search(rf"(?i)＃{_SAYS_SO}", text))
    )


def _in_head(lines: Sequence[str]) -> Iterator[int]:
    """The lines of each key with a mark on one of them, or on a line of its own above it."""
    starts = [
        number
        for number, line in enumerate(lines)
        if not number or (re.match(_KEY, line) and not re.fullmatch(_MARK_ALONE, lines[number - 1]))
    ]
    for start, end in pairwise([*starts, len(lines)]):
        if any(_has_mark(line) for line in lines[start:end]):
            yield from (row + 1 for row in range(start, end) if not re.match(_RULE, lines[row]))


def _in_body(page: LogPage, body_line: int) -> set[int]:
    """The lines of each item, paragraph and section with a mark."""
    headings = {heading.line: heading for heading in page.body.headings}
    begins = {item.line for item in page.body.items if item.kind == "item"}
    begins.update(headings, (block.line for block in page.body.blocks))
    hidden: set[int] = set()
    for number in range(body_line, len(page.lines) + 1):
        if number in hidden or not _has_mark(page.source(number)):
            continue
        first = number
        while first > body_line and first not in begins and not page.is_blank(first - 2):
            first -= 1
        heading = headings.get(first)
        if heading and number > heading.last:  # the paragraph right below a heading, not the heading
            first = heading.last + (1 if re.match(_HEADING, page.source(first)) else 2)
            heading = None
        like_heading = re.match(_HEADING, page.source(number))  # also in code, which may be open by mistake
        level = heading.level if heading else len(like_heading[1]) if like_heading else 0
        if level:
            below = (h.line for h in page.body.headings if h.line > number and h.level <= level)
            hidden.update(range(first, min(below, default=len(page.lines) + 1)))
        else:
            hidden.update(range(first, number + 1), _continuing(page, begins, first, number))
    return hidden


def _continuing(page: LogPage, begins: Container[int], first: int, marked: int) -> Iterator[int]:
    """The lines below the marked one that belong to the item or paragraph that begins in `first`."""
    depth = min(indent_of(page.source(number)) for number in range(first, marked + 1))
    is_item = first in begins or any(re.match(_LIKE_ITEM, line) for line in page.lines[first - 1 : marked])
    blanks: list[int] = []
    for number in range(marked + 1, len(page.lines) + 1):
        is_inside = is_item and indent_of(page.source(number)) > depth
        if page.is_blank(number - 1):
            blanks.append(number)
        elif is_inside or not (blanks or number in begins):
            yield from (*blanks, number)
            blanks = []
        else:
            return


def is_confidential(fields: Iterable[Field], body: str = "") -> bool:
    """Whether only the name of this note, of any kind, may be shown.

    A word that is neither yes nor no counts as yes, a slip in the key as the key. So does a tag `private` or
    `confidential` of the whole note, in a field or in a line of tags that opens the text.
    """
    for field in fields:
        key = field.key
        if key in _TAGS:
            for value in field.values:
                if _is_private_tag(value, field.is_list):
                    return True
        elif is_confidential_key(key) and any(
            value.strip().lower() not in FALSE for value in filled(field).values or field.values
        ):
            return True
    opening = re.match(_TAG_LINE, body) if "#" in body else None
    return opening is not None and _is_private_tag(opening[1])


def _is_private_tag(value: str, is_one: bool = False) -> bool:
    """Whether one of the tags in a text says that the note is private; `private/family` does."""
    if not is_one:
        return any(_is_private_tag(tag, is_one=True) for tag in re.split(_TAG, value))
    return value.strip(" #[]").lower().partition("/")[0] in PRIVATE_TAGS


def all_fields(head: Head, body: Body, text: str) -> tuple[Field, ...]:
    """The fields of a note: those of its front matter, and those in its text that count beside them."""
    if not _FIELD_SIGN.search(text):
        return head.fields
    from mdmentor.core.frontmatter import inline  # its patterns take a millisecond, and most vaults need none

    return inline.with_inline(head.fields, inline.find_places(body.items, text.split("\n")))


def hidden_lines(path: str, text: str) -> frozenset[int]:
    """The numbers of the lines of a whole note that may be shown nowhere else: all of a confidential one.

    `text` is as `read_head` takes it: without BOM, its newlines "\\n".
    """
    head = read_head(path, text)
    fields, body = head.fields, text[head.body_start :]
    if "::" in text and re.search(_MAY_SAY_SO, text):
        fields = all_fields(head, read_body(path, body, head.body_line), text)
    if is_confidential(fields, body):
        return frozenset(range(1, text.count("\n") + 2))
    return private_lines(text, head.body_line)


def public_fields(fields: tuple[Field, ...], private: frozenset[int]) -> tuple[Field, ...]:
    """The fields without those on private lines, but for what guards somebody and so counts there, too."""
    return tuple(f for f in fields if f.line not in private or f.key in _GUARDS) if private else fields


def without_words(problem: Problem) -> Problem:
    """The problem of a private line or confidential note as it may be shown: its place, no word of it."""
    if problem.code in _HARMLESS:
        return problem
    what = "this cannot be read as it was meant"
    fix = problem.fix if problem.fix in _OPEN_FIXES else "see the line in the note; it is not shown here"
    return problem._replace(what=what, fix=fix)
