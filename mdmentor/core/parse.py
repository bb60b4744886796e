"""From the bytes of one file to a `Note`: the only way a note is read, for the index and for an editor alike.

Never raises: whatever is wrong is a `Problem` of the note, and what can be read is read. Private lines
and confidential notes are set apart here, at the door, so that nothing behind it can show them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Sequence
from datetime import date
from itertools import repeat

from mdmentor.core import dates, kinds, log, names, privacy
from mdmentor.core.frontmatter import schema
from mdmentor.core.frontmatter.fields import is_date_of_the_tie
from mdmentor.core.frontmatter.keys import BIRTH_PARTS
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.kinds import is_generated
from mdmentor.core.log_entries import LOG_HEADINGS, log_key
from mdmentor.core.markdown.blocks import block_state, misplaced_markers
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.model import (
    CONTACT,
    DATED,
    ERROR,
    GOAL,
    NOTE,
    PAGE,
    PAGES,
    POST,
    WARNING,
    Block,
    Body,
    Contact,
    Field,
    Goal,
    Interaction,
    Item,
    Link,
    Note,
    Problem,
    Promise,
    Settings,
)
from mdmentor.core.text import plain_words

# A note this large is not somebody's writing; what it says is left unread, its name still counts.
MOST_BYTES = 8 * 1024 * 1024

_TAG = r"(?:^|(?<=\s))#(?=[^\W\d])[\w/-]+"
_NO_TEXT = r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]"
_OPEN_BOX = re.compile(r"\[[ /]\]")
_WRITTEN_DATE = r"(?<![\w-])[12][0-9]{3}-[01][0-9]-[0-3][0-9](?![\w-])"
_BORN = rf"(?i)\bdied\b|🎂|🎉|{BIRTH_PARTS.replace(', ', '|')}"


def parse_note(path: str, data: bytes, settings: Settings) -> Note:
    """The note at `path` whose bytes are `data`."""
    if len(data) > MOST_BYTES:
        what = f"the note has more than {MOST_BYTES // 2**20} MB, too large to be read"
        return unread_note(path, "too-big", what, "split it")
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        what = "the note is UTF-16, which is not read"
        return unread_note(path, "not-utf8", what, "save it as UTF-8 in your editor")
    if b"\0" in data and _is_binary(data):
        return unread_note(
            path, "binary", "the file holds binary data, not text", "give it another ending than .md"
        )
    problems: tuple[Problem, ...] = ()
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text, problems = data.decode(errors="replace"), (_bad_bytes(path, data, error.start),)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        problems += (_nul_bytes(path, text),)
        text = text.replace("\0", "")
    return _read(path, text, problems, settings)


def _is_binary(data: bytes) -> bool:
    """Whether bytes with a NUL among them are no text: empty without the NULs, or full of what no text holds."""
    text = data[:65536].replace(b"\0", b"").decode(errors="replace")
    return not text.strip() or len(re.findall(_NO_TEXT, text)) > len(text) / 10


def unread_note(path: str, code: str, what: str, fix: str, severity: str = ERROR) -> Note:
    """A note of which only the name is known, with the reason: it can be linked, and it is never forgotten."""
    problem = Problem(path, 1, 1, severity, code, what, fix)
    return Note(path, NOTE, names.stem(path), problems=(problem,))


def _read(path: str, text: str, problems: tuple[Problem, ...], settings: Settings) -> Note:
    head = read_head(path, text)
    hidden = privacy.private_lines(text, head.body_line)
    fields = tuple(f for f in head.fields if privacy.may_be_read(f, hidden)) if hidden else head.fields
    tags, tag_problems = schema.read_tags(path, fields)
    kind, why = kinds.kind_of(path, head.fields, tags, settings)
    template = kinds.is_template(path, settings)
    if kind == PAGE:
        return Note(path, PAGE, names.stem(path), fields=fields, why_kind=why)
    body_text = text[head.body_start :]
    wants_items = kind in (CONTACT, DATED) or ("[" in body_text and _OPEN_BOX.search(body_text) is not None)
    body = read_body(path, body_text, head.body_line, items=wants_items)
    body_tags = _shown_tags(path, body, body_text, head.body_line, hidden) if hidden else body.tags
    told_tags = tuple([tag for tag in body_tags if tag.lower() not in log.OWN_TAGS])
    if told_tags:
        tags = tuple(dict.fromkeys((*tags, *told_tags)))
        if kind == NOTE and not template:
            kind, why = kinds.kind_of(path, fields, tags, settings)
            if kind == CONTACT and not wants_items:
                body = read_body(path, body_text, head.body_line)
    links = _attendees(fields, head.links) + body.links if kind == DATED else head.links + body.links
    notes = [*problems, *head.problems, *tag_problems, *body.problems]
    if body.blocks:
        notes += _edited_blocks(path, body.blocks)
    notes += misplaced_markers(path, body_text, head.body_line, body.blocks)
    notes += _taken_name(path, text, settings)
    aliases, alias_problems = schema.read_aliases(path, fields)
    notes += alias_problems
    title = _title(path, kind, fields, body, hidden)
    day = _day(path, kind, fields)
    told: tuple[Interaction, ...] = ()
    promises: tuple[Promise, ...] = ()
    contact: Contact | None = None
    goal: Goal | None = None
    topics: tuple[str, ...] = ()
    if kind == CONTACT:
        told, log_problems = log.read_own_log(path, body.items, links, hidden)
        first = _first_date(fields, told) or _first_date_in_words(body.items, hidden)
        contact, contact_problems = schema.type_contact(
            path, fields, name=title, aliases=aliases, tags=tags, first_date=first, settings=settings
        )
        notes += [*log_problems, *contact_problems]
        topics = contact.helps_with
    elif kind == GOAL:
        goal, goal_problems = schema.type_goal(path, fields, title, tags)
        notes += goal_problems
        topics = goal.topics
    elif kind == POST:
        topics = schema.post_topics(fields, tags)
    elif day is not None:
        mentions = settings.journal_mentions or why.startswith("type")
        told, links = log.read_dated(path, day, title, body.items, links, mentions=mentions)
    if body.items and not template:
        own, nested = kind == CONTACT, day is not None
        promises, links = log.read_promises(path, body.items, links, own=own, nested=nested)
        notes += log.misdated(promises)
    is_confidential = contact.confidential if contact else privacy.is_confidential(fields)
    note = Note(
        path=path,
        kind=kind,
        title=title,
        aliases=aliases,
        tags=tags,
        topics=topics,
        day=day,
        fields=head.fields,
        links=links,
        headings=body.headings,
        interactions=told,
        promises=promises,
        blocks=() if template else body.blocks,
        problems=_placed(notes, template),
        contact=contact,
        goal=goal,
        why_kind=why,
        text=text,
        confidential=is_confidential,
    )
    return _with_name_alone(note, text) if is_confidential else _set_apart(note, text, body.blocks, hidden)


def _with_name_alone(note: Note, text: str) -> Note:
    """A confidential note as the others may know it: what it is called, and nothing that it says.

    A contact is kept whole beside it, for whoever ranks; so are talks and promises, as private ones.
    """
    return note._replace(
        aliases=(),
        tags=(),
        topics=(),
        text="",
        private_text=text,
        interactions=tuple(_as_private(told) for told in note.interactions),
        promises=tuple(promise._replace(private=True) for promise in note.promises),
        problems=tuple(privacy.without_words(problem) for problem in note.problems),
        goal=note.goal._replace(topics=(), confidential=True) if note.goal else None,
    )


def _set_apart(note: Note, text: str, blocks: tuple[Block, ...], hidden: frozenset[int]) -> Note:
    """The note with its text split into what may be shown and what may not.

    Both texts keep the file's lines, an empty one for each that belongs to the other, so that a place
    found in them is a place in the file. What stands in our own blocks is in neither.
    """
    if not hidden and not blocks:
        return note
    lines = text.split("\n")
    for block in blocks:
        lines[block.line - 1 : block.last] = [""] * (block.last - block.line + 1)
    if not hidden:
        return note._replace(text="\n".join(lines))
    return note._replace(
        text="\n".join("" if n in hidden else line for n, line in enumerate(lines, 1)),
        private_text="\n".join(line if n in hidden else "" for n, line in enumerate(lines, 1)),
        interactions=tuple(_as_private(i) if i.line in hidden else i for i in note.interactions),
        promises=tuple(p._replace(private=True) if p.line in hidden else p for p in note.promises),
        problems=tuple(privacy.without_words(p) if p.line in hidden else p for p in note.problems),
    )


def _as_private(told: Interaction) -> Interaction:
    return told if told.is_private else told._replace(marks=(*told.marks, "private"))


def blocks_of(path: str, data: bytes) -> tuple[Block, ...]:
    """The blocks of a note, for renewing them; none in a note that cannot be decoded."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return ()
    head = read_head(path, text)
    return read_body(path, text[head.body_start :], head.body_line, items=False).blocks


def _shown_tags(path: str, body: Body, text: str, first_line: int, hidden: frozenset[int]) -> tuple[str, ...]:
    """The body's tags without those that stand on private lines alone."""
    lines = enumerate(text.split("\n"), first_line)
    shown = "\n".join("" if number in hidden else line for number, line in lines)
    told = set(read_body(path, shown, first_line, items=False).tags)
    return tuple(tag for tag in body.tags if tag in told)


def _title(path: str, kind: str, fields: tuple[Field, ...], body: Body, hidden: frozenset[int]) -> str:
    """A contact's name or another note's title.

    Only a first-level heading that opens the note is taken for a name: real vaults hold people whose
    notes begin with `## Meetings`. A heading is Markdown: of `# **Ada** #person` the name is "Ada".
    """
    told = schema.contact_name(fields) if kind == CONTACT else ""
    if not told and kind != CONTACT:
        told = next((f.values[0] for f in fields if f.key == "title" and f.values), "")
    first = body.headings[0] if body.headings else None
    if not told and first and first.level == 1 and hidden.isdisjoint(range(first.line, first.last + 1)):
        told = names.unlink(first.text)
        told = "" if log_key(told) in LOG_HEADINGS else plain_words(re.sub(_TAG, "", told))
    told = " ".join(told.split())
    return told if told and "{{" not in told else names.stem(path)


def _day(path: str, kind: str, fields: tuple[Field, ...]) -> date | None:
    if kind != DATED:
        return None
    told = next((f.values[0] for f in fields if f.key == "date" and f.values), "")
    return kinds.day_of_name(path) or (dates.parse_date(told) if told else None)


def _first_date(fields: tuple[Field, ...], told: tuple[Interaction, ...]) -> date | None:
    """The earliest date that the note tells of the tie."""
    found = [i.date for i in told]
    for field in fields:
        values = field.values
        if values and values[0][:1].isdigit() and is_date_of_the_tie(field.key):
            day = dates.parse_date(values[0])
            if day is not None:
                found.append(day)
    return min(found, default=None)


def _first_date_in_words(items: Sequence[Item], hidden: Collection[int]) -> date | None:
    """The first date in the body's own words, for a note that tells no other; no plan, no birthday, nothing private."""
    for item in items:
        if item.task == "open" or any(line in hidden for line in range(item.line, item.last + 1)):
            continue
        if (match := re.search(_WRITTEN_DATE, item.text)) and not re.search(_BORN, item.text):
            key = item.text[: match.start()].rstrip(" *_[")
            if key.endswith(":") and not is_date_of_the_tie(names.fold_key(key.strip(" *_:"))):
                continue
            day = dates.parse_date(match.group())
            if day is not None:
                return day
    return None


def _attendees(fields: tuple[Field, ...], links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The front matter's links, and the plain names among a meeting's attendees as links of their own kind."""
    extra = [
        Link(*place, "attendee", name, name, "", name, field.key)
        for field in fields
        if field.key in log.ATTENDEE_KEYS
        for value, place in zip(
            field.values, field.places or repeat((field.line, field.column)), strict=False
        )
        for name in ([value.strip()] if field.is_list else map(str.strip, value.split(",")))
        if "[[" not in value and name
    ]
    return (*links, *extra) if extra else links


def _taken_name(path: str, text: str, settings: Settings) -> list[Problem]:
    """The problem of a user's note that lies where a page would, which is so never made."""
    title = names.stem(path)
    if title not in PAGES or names.folder(path) != settings.pages_folder or not path.endswith(f"{title}.md"):
        return []
    if is_generated(text):
        return []
    what = f'this note of yours has the name of the page "{title}", which is so not made'
    fix = "rename the note, or name another folder under [pages] in mdmentor.toml"
    return [Problem(path, 1, 1, WARNING, "page-name", what, fix)]


def _edited_blocks(path: str, found: tuple[Block, ...]) -> list[Problem]:
    fix = "delete the lines between the markers to have it renewed, or the markers to keep the text as yours"
    return [
        Problem(
            path,
            block.line,
            1,
            WARNING,
            "block-edited",
            f"the block {block.kind} was changed by hand and is kept",
            fix,
        )
        for block in found
        if block_state(block.content) == "edited"
    ]


def _bad_bytes(path: str, data: bytes, offset: int) -> Problem:
    line = data.count(b"\n", 0, offset) + 1
    column = offset - (data.rfind(b"\n", 0, offset) + 1) + 1
    what = f"byte 0x{data[offset]:02x} is not UTF-8, so the note is read as well as can be and never written"
    return Problem(path, line, column, ERROR, "not-utf8", what, "save it as UTF-8 in your editor")


def _nul_bytes(path: str, text: str) -> Problem:
    at = text.index("\0")
    count = text.count("\0")
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    they = (
        "a NUL byte, so it is read without it"
        if count == 1
        else f"{count} NUL bytes, so it is read without them"
    )
    what = f"the note holds {they} and never written"
    fix = f"delete {'it' if count == 1 else 'them'}, or save the note as UTF-8, in your editor"
    return Problem(path, line, column, ERROR, "nul-byte", what, fix)


def _placed(problems: list[Problem], template: bool) -> tuple[Problem, ...]:
    """The problems by place; a template is unfilled by nature, so only what breaks it is told."""
    if not problems:
        return ()
    if template:
        problems = [
            p for p in problems if p.severity == ERROR and p.code not in ("yaml", "unfilled-template")
        ]
    return tuple(sorted(problems, key=lambda p: (p.line, p.column, p.code)))
