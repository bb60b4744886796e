"""From the bytes of one file to a `Note`: the only way a note is read.

Never raises: whatever is wrong is a `Problem` of the note. Private lines and confidential notes are set apart here, so
that nothing after it can show them.
"""

import codecs
import posixpath
import re
from collections.abc import Callable, Sequence
from datetime import date

from mdmentor.core import dates, kinds, log, names, privacy, words
from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.day_formats import with_iso_day
from mdmentor.core.frontmatter import line_and_column, schema
from mdmentor.core.frontmatter.keys import is_date_of_the_tie
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.frontmatter.values import Fields, field_of, filled
from mdmentor.core.log_entries import (
    LOG_HEADINGS,
    find_snooze_origin,
    log_key,
    read_listed,
    take_origins,
    with_titles,
)
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import block_problems
from mdmentor.core.marks import OWN_TAGS
from mdmentor.core.model import (
    CONTACT,
    DATED,
    ERROR,
    GOAL,
    NOTE,
    PAGE,
    POST,
    UTF_16,
    WARNING,
    Block,
    Body,
    Field,
    Interaction,
    Item,
    Link,
    Note,
    Problem,
    Settings,
    is_generated,
)
from mdmentor.core.not_understood import find_not_understood
from mdmentor.core.text import plain_newlines, plain_words

# A larger note was not written by hand: only its name is indexed.
MOST_BYTES = 8 * 1024 * 1024

_DISTINCT = "distinctfrom"  # the folded key
_TAG = r"(?:^|(?<=\s))#(?=[^\W\d])[\w/-]+"
_BLOCK_ID = r"\s\^[A-Za-z0-9-]+\s*\Z"
_NO_TEXT = r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]"


def parse_note(path: str, data: bytes, settings: Settings) -> Note:
    """The note at `path` whose bytes are `data`."""
    if len(data) > MOST_BYTES:
        what = f"the note is larger than {MOST_BYTES // 2**20} MB and is not read"
        return unread_note(path, "too-big", what, "split it")
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return unread_note(path, "not-utf8", UTF_16, "save it as UTF-8 in your editor")
    if b"\0" in data and _is_binary(data):
        what = "this is binary data, not text"
        return unread_note(path, "binary", what, "rename it to something other than .md")
    problems: list[Problem] = []
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = data.decode(errors="replace")
        what = f"byte 0x{data[error.start]:02x} is not UTF-8, so the note is read as far as possible and never written"
        place = line_and_column(data.decode("latin-1"), error.start)
        problems.append(Problem(path, *place, ERROR, "not-utf8", what, "save it as UTF-8 in your editor"))
    if "\r" in text:
        text = plain_newlines(text)
    if count := text.count("\0") if "\0" in text else 0:
        they, them = ("a NUL byte", "it") if count == 1 else (f"{count} NUL bytes", "them")
        what = f"the note has {they} in it, so it is read without {them} and never written"
        fix = f"delete {them}, or save the note as UTF-8, in your editor"
        problems.append(Problem(path, *line_and_column(text, text.index("\0")), ERROR, "nul-byte", what, fix))
        text = text.replace("\0", "")
    text, ticked = take_origins(text)
    note = _read(path, text, problems, settings)
    if not ticked:
        return note
    talks = (talk._replace(ticked=ticked.get(talk.line)) for talk in note.interactions)
    contact, snooze = note.contact, field_of(note.fields, "snooze")
    if contact and contact.snooze and snooze and snooze.is_inline:
        contact = contact._replace(snoozed_on=ticked.get(snooze.line))
    return note._replace(interactions=tuple(talks), contact=contact)


def _is_binary(data: bytes) -> bool:
    """Whether bytes with a NUL among them are no text: empty without the NULs, or full of control characters."""
    text = data[:65536].replace(b"\0", b"").decode(errors="replace")
    return not text.strip() or len(re.findall(_NO_TEXT, text)) > len(text) / 10


def unread_note(path: str, code: str, what: str, fix: str) -> Note:
    """A note known by its name alone, with the reason: it stays in the index and can be linked."""
    return Note(path, NOTE, names.stem(path), problems=(Problem(path, 1, 1, ERROR, code, what, fix),))


def _read(path: str, text: str, problems: list[Problem], settings: Settings) -> Note:
    head = read_head(path, text)
    hidden = privacy.private_lines(text, head.body_line)
    card = Fields(path, fields := privacy.public_fields(head.fields, hidden))
    tags = schema.read_tags(card)
    kind, why = kinds.kind_of(path, head.fields, tags, settings)
    if kind == PAGE:
        return Note(path, PAGE, names.stem(path), fields=fields, why_kind=why)
    is_template = why == kinds.IN_TEMPLATES
    body_text = text[head.body_start :]
    body = read_body(path, body_text, head.body_line)
    all_fields = privacy.all_fields(head, body, text)
    body_links = body.links
    if all_fields is not head.fields:
        body_links = _body_links(body_links, all_fields)
        card = Fields(path, fields := privacy.public_fields(all_fields, hidden))
        tags = schema.read_tags(card)
        kind, why = kinds.kind_of(path, all_fields, tags, settings)
    if body_tags := _shown_tags(path, body, body_text, head.body_line, hidden):
        tags = tuple(dict.fromkeys((*tags, *body_tags)))
        if kind == NOTE and not is_template:
            kind, why = kinds.kind_of(path, fields, tags, settings)
        elif kind == CONTACT and (found := kinds.kind_of(path, all_fields, tags, settings))[0] == NOTE:
            kind, why = found  # tagged as a firm or a template
    title = _title(path, kind, card, body, hidden)
    if kind == CONTACT:
        if kinds.is_unfilled(title) or kinds.is_unfilled(_opening_heading(body, hidden)):
            kind, why = NOTE, f"not a contact: {kinds.NOT_FILLED_IN}"
        elif not why.startswith("type") and (field := kinds.unknown_type(card.unknown)):
            what = f'{field.name} "{field.values[0]}" is not a known type; the note is a contact by {why}'
            card.hint(field, "unknown-type", what, "write person, or another type")
    note = Note(
        path,
        kind,
        title=title,
        aliases=schema.read_aliases(card),
        tags=tags,
        day=_day(path, kind, fields, settings),
        fields=all_fields,
        links=(
            *head.links,
            *(_attendees(fields) if kind == DATED else ()),
            *body_links,
        ),
        headings=body.headings,
        blocks=() if is_template else body.blocks,
        why_kind=why,
        text=text,
    )
    if kind == DATED and note.day is None and (said := field_of(fields, "date")) and filled(said).values:
        card.report_date(said, said.values[0])
    items = _without_block_ids(body.items) if "^" in body_text and " ^" in body_text else body.items
    if settings.day_formats and "[[" in body_text:
        formats = [form for _, form in settings.day_formats]
        items = tuple(item._replace(text=with_iso_day(item.text, formats)) for item in items)
    note = _with_content(note, card, items, hidden, settings)
    if not is_template:
        is_dated = note.day is not None
        promises, links = log.read_promises(path, items, note.links, own=kind == CONTACT, nested=is_dated)
        problems += log.misdated(promises)
        note = note._replace(links=links, promises=promises) if promises else note
    problems += (*head.problems, *card.problems, *body.problems)
    problems += block_problems(path, body_text, head.body_line, body.blocks)
    problems += _taken_name(path, text, settings)
    if problems:
        note = note._replace(problems=_in_order(problems, is_template or why.endswith(" a template")))
    if privacy.is_confidential(all_fields, body_text):
        return _with_name_alone(note)
    return _set_apart(note, body.blocks, hidden)


def _without_block_ids(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items without what links to them name them by: `- 2026-10-14 call: the raise ^b1`."""
    return tuple(item._replace(text=re.sub(_BLOCK_ID, "", item.text)) for item in items)


def _body_links(links: tuple[Link, ...], fields: tuple[Field, ...]) -> tuple[Link, ...]:
    """The links of the text; those of a field `distinct_from:: [[Ann]]` with its key, as they tie nobody."""
    lines = {field.line for field in fields if field.is_inline and field.key == _DISTINCT}
    return tuple(link._replace(field=_DISTINCT) if link.line in lines else link for link in links)


def _with_content(
    note: Note, card: Fields, items: tuple[Item, ...], hidden: frozenset[int], settings: Settings
) -> Note:
    """The note with what is read in those of its kind alone; the problems of its log are added to those of the card."""
    if note.kind == CONTACT:
        items = tuple(with_titles(items))
        talks, problems = log.read_own_log(note.path, items, note.links, hidden)
        if card.unknown or hidden:
            listed, undated = read_listed(note)
            talks, problems = (*listed, *talks), (*problems, *undated)
        contact = schema.type_contact(
            card,
            name=note.title,
            aliases=note.aliases,
            tags=note.tags,
            first_date=_first_date(card.all, talks, items, hidden),
            settings=settings,
        )
        if contact.snooze and "# ticked " in note.text:
            field = field_of(note.fields, "snooze")
            line = note.text.split("\n")[field.line - 1] if field else ""
            contact = contact._replace(snoozed_on=find_snooze_origin(line))
        understood = {talk.line for talk in talks} | {problem.line for problem in problems}
        card.problems += (*problems, *find_not_understood(note.path, items, understood))
        return note._replace(interactions=talks, topics=contact.helps_with, contact=contact)
    if note.kind == GOAL:
        goal = schema.type_goal(card, note.title, note.tags)
        return note._replace(topics=goal.topics, goal=goal)
    if note.kind == POST:
        return note._replace(topics=schema.post_topics(card, note.tags))
    if note.day is not None:
        is_meeting = note.why_kind.startswith("type")
        mentions = settings.journal_mentions or is_meeting
        talks, links = log.read_dated(
            note.path, note.day, note.title, items, note.links, mentions=mentions, is_meeting=is_meeting
        )
        return note._replace(interactions=talks, links=links)
    kept = log.read_kept(note.path, items, note.links)
    return note._replace(interactions=kept) if kept else note


def _with_name_alone(note: Note) -> Note:
    """A confidential note as others may see it: its name, and nothing that it says.

    The whole contact stays beside it for the ranking; so do talks and promises, as private ones.
    """
    return note._replace(
        aliases=(),
        tags=(),
        topics=(),
        text="",
        private_text=note.text,
        interactions=tuple(map(_as_private, note.interactions)),
        promises=tuple(promise._replace(private=True) for promise in note.promises),
        problems=tuple(map(privacy.without_words, note.problems)),
        confidential=True,
        contact=note.contact._replace(confidential=True) if note.contact else None,
        goal=note.goal._replace(topics=(), confidential=True) if note.goal else None,
    )


def _set_apart(note: Note, blocks: tuple[Block, ...], hidden: frozenset[int]) -> Note:
    """The note with its text split into what may be shown and what may not; our own blocks are in neither.

    Each text has an empty line for each line that it leaves out, so that a place in it is a place in the file.
    """
    if not hidden and not blocks:
        return note
    lines = note.text.split("\n")
    for block in blocks:
        lines[block.line - 1 : block.last] = [""] * (block.last - block.line + 1)
    note = note._replace(text=_lines_where(lines, lambda number: number not in hidden))
    if not hidden:
        return note
    return note._replace(
        private_text=_lines_where(lines, hidden.__contains__),
        interactions=tuple(_as_private(i) if i.line in hidden else i for i in note.interactions),
        promises=tuple(p._replace(private=True) if p.line in hidden else p for p in note.promises),
        problems=tuple(privacy.without_words(p) if p.line in hidden else p for p in note.problems),
    )


def _lines_where(lines: Sequence[str], shown: Callable[[int], bool]) -> str:
    """The lines as text, with an empty one for each whose number is not shown."""
    return "\n".join(line if shown(number) else "" for number, line in enumerate(lines, 1))


def _as_private(talk: Interaction) -> Interaction:
    return talk if talk.is_private else talk._replace(marks=(*talk.marks, "private"))


def blocks_of(path: str, data: bytes) -> tuple[Block, ...]:
    """The blocks of a note, for renewing them; none in a note that cannot be decoded."""
    try:
        text = plain_newlines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return ()
    head = read_head(path, text)
    return read_body(path, text[head.body_start :], head.body_line).blocks


def _shown_tags(path: str, body: Body, text: str, first_line: int, hidden: frozenset[int]) -> tuple[str, ...]:
    """The body's tags without our own marks, and without those on private lines alone."""
    shown = body.tags
    if not shown:
        return ()
    if hidden:
        public = _lines_where(text.split("\n"), lambda number: number + first_line - 1 not in hidden)
        shown = read_body(path, public, first_line).tags
    return tuple(tag for tag in body.tags if tag in shown and tag.lower() not in OWN_TAGS)


def _title(path: str, kind: str, card: Fields, body: Body, hidden: frozenset[int]) -> str:
    """A contact's name or another note's title.

    Only a first-level heading that opens the note is taken for a name: notes on people also begin with `## Meetings`.
    Without one a `title` that adds words to the file's name is, as Dendron has it; any other is a role.
    """
    title = " ".join(_first_value(card.all, "title").split())
    if kind == CONTACT:
        name = schema.contact_name(card)
        if name and not title:
            return name
        heading = _opening_heading(body, hidden)
        name = name or kinds.contact_name(path, heading)
        is_longer = title and not heading and set(words.split(name)) < set(words.split(title))
        return title if is_longer and not _first_value(card.all, "name") else name
    if not title:
        heading = _opening_heading(body, hidden)
        title = "" if log_key(heading) in LOG_HEADINGS else heading
    return title if title and "{{" not in title else names.stem(path)


def _opening_heading(body: Body, hidden: frozenset[int]) -> str:
    """The words of the first-level heading that opens the note, "" without one; of `# **Ada** #person` "Ada"."""
    first = body.headings[0] if body.headings else None
    if first is None or first.level != 1 or hidden.intersection(range(first.line, first.last + 1)):
        return ""
    if may_hold_marks(first.text):  # one side of a merge, which "=======" seems to underline
        return ""
    text = names.unlink(first.text)
    return " ".join(plain_words(re.sub(_TAG, "", text) if "#" in text else text).split())


def _first_value(fields: Sequence[Field], key: str) -> str:
    return next((f.values[0] for f in fields if f.key == key and f.values), "")


def _day(path: str, kind: str, fields: Sequence[Field], settings: Settings) -> date | None:
    if kind != DATED:
        return None
    return kinds.day_of_name(path, settings) or dates.parse_date(_first_value(fields, "date"))


def _first_date(
    fields: Sequence[Field], talks: tuple[Interaction, ...], items: Sequence[Item], hidden: frozenset[int]
) -> date | None:
    """The earliest date of the tie in the log and the front matter; without any the first one in the note's words.

    Where all talks are of one day, what the note says beside them: before that day nothing else was known.
    """
    days = {talk.date for talk in talks}
    dated = [f for f in fields if f.values and f.values[0][:1].isdigit() and is_date_of_the_tie(f.key)]
    noted = [day for field in dated if (day := dates.parse_date(field.values[0]))]
    if len(days) > 1 or noted:
        return min([*days, *noted])
    return log.first_date_in_words(items, hidden.union(talk.line for talk in talks))


def _attendees(fields: tuple[Field, ...]) -> list[Link]:
    """The plain names among a meeting's attendees, as links of their own kind."""
    return [
        Link(*field.place_of(value), "attendee", name, name, "", name, field.key)
        for field in fields
        if field.key in log.ATTENDEE_KEYS
        for value in field.values
        for name in ([value.strip()] if field.is_list else map(str.strip, value.split(",")))
        if "[[" not in value and name
    ]


def _taken_name(path: str, text: str, settings: Settings) -> list[Problem]:
    """The problem of a user's note in the place of a page, so that the page is not written."""
    title = names.stem(path) if path.startswith(settings.pages_folder) else ""
    is_page = title in settings.pages_made and path == posixpath.join(settings.pages_folder, f"{title}.md")
    if not is_page or is_generated(text):
        return []
    what = f'this note has the name of the page "{title}", so the page is not written'
    fix = "rename the note, or set another folder under [pages] in mdmentor.toml"
    return [Problem(path, 1, 1, WARNING, "page-name", what, fix)]


def _in_order(problems: list[Problem], is_template: bool) -> tuple[Problem, ...]:
    """The problems by place; of a template, which is unfilled by nature, only those that break it."""
    if is_template:
        unfilled = ("yaml", "unfilled-template")
        problems = [p for p in problems if p.severity == ERROR and p.code not in unfilled]
    return tuple(sorted(problems, key=lambda p: (p.line, p.column, p.code)))
