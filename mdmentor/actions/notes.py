"""Notes created and renamed.

A new contact, post, goal or daily note comes from the vault's own template if it has one, else from ours. Renaming a
note or folder changes every link that names it, as one edit: all of it or nothing.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, NoteEditor, changed_lines, refusal, refuse_page
from mdmentor.actions.history import Change, Move
from mdmentor.config import DAILY_FILE, PERIODIC_FILE, read_json
from mdmentor.core import names, words
from mdmentor.core.edit import Edit, UnsafeEdit, apply, encode_raw, find_lines, read_for_edit
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.kinds import day_of_name
from mdmentor.core.markdown.links import Naming, Paths, new_targets, rename_links
from mdmentor.core.model import CONTACT, DATED, GOAL, PAGE, POST
from mdmentor.core.names import key_of
from mdmentor.core.parse import parse_note
from mdmentor.core.templates import LEFT, fill_template, format_moment
from mdmentor.errors import RefusedToWrite, UnknownName
from mdmentor.files import read_plain_file
from mdmentor.index import find, people
from mdmentor.index.links import ATTENDEE, links_of, links_with_keys
from mdmentor.queries import Queries
from mdmentor.sample import template_folder

_WORDS = {CONTACT: words.PERSON, POST: words.POST, GOAL: words.GOAL}
_NEAR = 0.88  # likeness from which two names are probably one: "Jon Smith" and "John Smith"
_ISO = "YYYY-MM-DD"
_DAILY = ("daily", "dailynote", "journal", "day")  # names of templates

# What no link can hold, or no file's name on every system.
_NO_NAME = r'[\[\]|#^\\:*?"<>\x00-\x1f\x7f]|%%'
_HEADING = r"(?P<mark> {0,3}#[ \t]+)(?P<text>.*?)(?P<end>[ \t]*#*[ \t]*)\Z"


def new(editor: NoteEditor, kind: str, name: str, now: datetime, email: str = "") -> EditedLine:
    """Creates a note of `kind` (CONTACT, POST or GOAL) called `name`, which may hold a folder.

    Without a folder it is put where most notes of its kind are. Raises UnknownName for a name that no link can hold,
    RefusedToWrite where there is a note of this name.
    """
    queries = editor.queries
    name = name.strip().removesuffix(".md").strip("/")
    refuse_bad_name(name)
    title = names.stem(name)
    path = f"{name}.md" if "/" in name else f"{folder_for(editor, kind)}/{name}.md".lstrip("/")
    if same := find.paths_with_key(queries.index, key_of(path)):
        raise RefusedToWrite(f'"{title}" is there already: {same[0][0]}', "choose another name")
    if kind == CONTACT:
        editor.warnings += _likely_the_same(editor, title, email)
    template, origin = template_for(editor, kind)
    try:
        data = as_kind(editor, kind, path, fill_template(template, title, now))
        if email:
            field = field_of(parse_note(path, data, queries.settings).fields, "email")
            data = write_field(data, field.name if field else "email", field, email.strip())
    except UnsafeEdit as error:
        raise RefusedToWrite(f"{origin}: {error.reason}", error.fix) from error
    if left := re.search(LEFT, data.decode(errors="replace")):
        editor.warnings.append(f"{left[0]} was left as the template has it")
    return editor.create(f"new {kind} {title}", path, data)


def folder_for(editor: NoteEditor, kind: str) -> str:
    """The folder with most notes of a kind; without any, the first one of the settings that is there."""
    index, settings = editor.queries.index, editor.queries.settings
    if paths := find.paths_of_kind(index, kind):
        return _most_common(map(names.folder, paths))
    wanted = {CONTACT: settings.contact_folders, POST: settings.post_folders, GOAL: settings.goal_folders}[
        kind
    ]
    here = {names.fold(folder): folder for folder in map(names.folder, find.note_paths(index)) if folder}
    return next((here[names.fold(f)] for f in wanted if names.fold(f) in here), wanted[0] if wanted else "")


def _most_common(folders: Iterable[str]) -> str:
    """The folder that is there most often, the first by name of several; "" for none."""
    counts = Counter(folders)
    return min(counts, key=lambda folder: (-counts[folder], folder), default="")


def template_for(editor: NoteEditor, kind: str) -> tuple[bytes, str]:
    """The template for a kind of note, and where it is from."""
    for path in find.templates(editor.queries.index):
        words = names.fold_topic(names.stem(path)).replace("template", "").replace("new ", "").split()
        if len(words) == 1 and words[0] in _WORDS[kind]:
            data = _read_template(editor, path)
            if data is not None:
                return data, path
    return (template_folder() / "templates" / f"{kind}.md").read_bytes(), f"the template for a {kind}"


def as_kind(editor: NoteEditor, kind: str, path: str, data: bytes) -> bytes:
    """The note, with a tag or type where neither its folder nor its template says what it is."""
    settings = editor.queries.settings
    if parse_note(path, data, settings).kind == kind:
        return data
    if kind != CONTACT:
        return write_field(data, "type", None, kind)
    tags = field_of(read_fields(data), "tags")
    data = add_to_field(data, tags.name if tags else "tags", tags, ("person",))
    if parse_note(path, data, settings).kind == CONTACT:
        return data
    return write_field(data, "type", None, "person")


def _likely_the_same(editor: NoteEditor, title: str, email: str) -> list[str]:
    """Contacts who may well be the same person: by address, alias or a name that is nearly this one."""
    plain = names.fold_plain(title)
    found: dict[str, str] = {}
    if email:
        for person in people.people(editor.queries.index):
            if email.strip().lower() in map(str.lower, person.contact.email):
                found[person.contact.path] = f"{person.contact.name} has the same address"
    for other, path, name in find.contact_names(editor.queries.index):
        if path not in found and (other == plain or _is_near(other, plain)):
            found[path] = f"{name} may be the same person"
    return [f"{words}: {path}; if so, take this back with: mdmentor undo" for path, words in found.items()]


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 4 or " " not in one or " " not in other:
        return False
    if sorted(one.replace(",", "").split()) == sorted(other.replace(",", "").split()):
        return True
    match = SequenceMatcher(None, one, other)
    return match.quick_ratio() >= _NEAR and match.ratio() >= _NEAR


def daily_note(editor: NoteEditor, day: date) -> tuple[str, bytes | None]:
    """The path of the day's note, and the bytes it begins with where there is none yet."""
    root, settings = editor.vault.folder, editor.queries.settings
    options = read_json(root, PERIODIC_FILE, "daily")[0] or read_json(root, DAILY_FILE)[0]
    dated = find.paths_of_kind(editor.queries.index, DATED)
    form = _ISO
    if settings.day_formats:
        folder, form = settings.day_formats[0]
    else:
        plain = [p for p in dated if re.fullmatch(r"\d{4}-\d\d-\d\d", names.stem(p)) and day_of_name(p)]
        folder = _most_common(map(names.folder, plain)) if plain else "journal"
    midnight = datetime.combine(day, time())
    name = format_moment(form, midnight) or day.isoformat()
    start = f"{folder}/" if folder else ""
    path = f"{start}{name}.md"
    if names.fits_everywhere(path) and day_of_name(path, settings) != day:  # nobody would find it again
        path = f"{start}{day.isoformat()}.md"
    same = [p for p in dated if names.stem(p) == day.isoformat()]
    for there in (path, *(same if len(same) == 1 else ())):
        if editor.vault.stamp(there) is not None:
            return there, None
    if not names.fits_everywhere(path):
        fix = "change folder or format of daily notes in Obsidian's settings"
        raise RefusedToWrite(f'"{path}" as a daily note cannot be kept on every system', fix)
    title = names.stem(path)
    template = options.get("template", "").strip().strip("/")
    template += "" if not template or template.lower().endswith(".md") else ".md"
    usual = [p for p in find.templates(editor.queries.index) if names.fold_key(names.stem(p)) in _DAILY]
    for source in (template, *usual):
        data = _read_template(editor, source, is_named=source == template) if source else None
        if data is not None:
            try:
                return path, fill_template(data, title, midnight)
            except UnsafeEdit as error:
                raise RefusedToWrite(f"{source}: {error.reason}", error.fix) from error
    return path, f"# {title}\n\n".encode()


def _read_template(editor: NoteEditor, path: str, *, is_named: bool = False) -> bytes | None:
    """The bytes of a template in the vault; None, with a warning for the user, where it cannot be used.

    A missing one is reported only if it `is_named` in settings.
    """
    try:
        return read_plain_file(editor.vault.folder, path)
    except FileNotFoundError:
        if is_named:
            editor.warnings.append(f"{path}: the template is not there, so it is not used")
    except OSError as error:
        reason = f"cannot be read ({error.strerror})" if error.strerror else str(error)
        editor.warnings.append(f"{path}: the template {reason}, so it is not used")
    return None


class Plan(NamedTuple):
    """All that a rename would write, before it is written."""

    move: Move
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()

    def lines(self) -> Iterator[EditedLine]:
        """Every line that would change, under the path that it will have."""
        for change in self.changes:
            for line in changed_lines(change):
                yield line._replace(path=self.move.path_of(line.path))


def plan_rename(editor: NoteEditor, old: str, new: str, *, keep_alias: bool = False) -> Plan:
    """What renaming `old`, a note or a folder, to `new`, a name or a path, would change.

    Raises UnknownName for a name that no link can hold, RefusedToWrite where something is there already or
    a note that has to change cannot be changed safely.
    """
    move = _find_move(editor, old, new)
    paths, moves = _moved(editor.queries, [move])
    changes = _changes(editor, paths, moves, keep_alias=keep_alias)
    return Plan(move, tuple(changes), tuple(_warnings(editor, moves, paths)))


def plan_links(editor: NoteEditor, moves: Sequence[Move]) -> tuple[Change, ...]:
    """What has to change in links where notes and folders get other paths and nothing else in them changes.

    Raises RefusedToWrite where a note that has to change cannot be changed safely.
    """
    return tuple(_changes(editor, *_moved(editor.queries, moves), links_only=True))


def _moved(queries: Queries, moves: Sequence[Move]) -> tuple[Paths, dict[str, str]]:
    """All notes and files, and the new path of each that gets one."""
    paths = Paths(find.note_paths(queries.index), find.file_paths(queries.index))
    found = {}
    for path in (*paths.notes, *paths.files):
        there = next((new for move in moves if (new := move.path_of(path)) != path), path)
        if there != path:
            found[path] = there
    return paths, found


def _changes(
    editor: NoteEditor,
    paths: Paths,
    moves: Mapping[str, str],
    *,
    keep_alias: bool = False,
    links_only: bool = False,
) -> list[Change]:
    """The changes in notes that go with these moves."""
    queries = editor.queries
    renamed = {
        p for p, there in moves.items() if names.stem(p) != names.stem(there) and p.lower().endswith(".md")
    }
    links = tuple(_iter_links(queries, moves))
    wanted = new_targets((n for n in links if n.link.kind != ATTENDEE), paths, moves)
    attendees = _attendees(links, moves)
    changes = []
    pages = set(find.paths_of_kind(queries.index, PAGE))
    for path in sorted({*wanted, *attendees, *(() if links_only else renamed)} - pages):
        before = editor.read(path)
        try:
            after = rename_links(before, wanted[path]) if wanted.get(path) else before
            for field, name, there in attendees.get(path, ()):
                after = _with_value(after, field, name, there)
            if path in renamed and not links_only:
                after = _with_own_name(after, path, moves[path], keep_alias=keep_alias)
        except UnsafeEdit as error:
            raise refusal(path, before, error) from error
        if after != before:
            changes.append(Change(path, before, after))
    return changes


def rename(editor: NoteEditor, plan: Plan) -> None:
    """Carries the plan out. Raises RefusedToWrite, with nothing changed, where a note changed meanwhile."""
    what = f"rename {names.stem(plan.move.old)} to {names.stem(plan.move.new)}"
    editor.change(what, plan.changes, plan.move)


def _find_move(editor: NoteEditor, old: str, new: str) -> Move:
    vault, queries = editor.vault, editor.queries
    here, there = find.path_in_vault(queries.index, old.strip()), new.strip().replace("\\", "/")
    if here in ("", ".") and not find.is_path(old.strip(" /.")):
        raise UnknownName(f'"{old}" is no note or folder within the vault', "name one")
    folder = Path(vault.absolute(here))
    is_note = not here or not folder.is_dir() or folder.with_name(f"{folder.name}.md").is_file()
    if is_note:
        here = queries.find_note(old)
        refuse_page(queries, here)
        there = there if there.lower().endswith(".md") else f"{there}.md"
        if "/" not in there:
            there = f"{names.folder(here)}/{there}".lstrip("/")
    elif "/" not in there and "/" in here:
        there = f"{names.folder(here)}/{there}"
    there = there.strip("/")
    refuse_bad_name(there)
    if there == here:
        raise UnknownName(f'"{here}" is called so already', "name another one")
    if there.startswith(f"{here}/"):
        raise UnknownName(f'"{there}" is inside "{here}"', "name another folder")
    for path in (here, there):
        vault.refuse_links(path)
    now, then = Path(vault.absolute(here)), Path(vault.absolute(there))
    is_same = names.fold(here) == names.fold(there)
    if os.path.lexists(then) and not (is_same and then.samefile(now)):
        raise RefusedToWrite(f'"{there}" is there already', "choose another name")
    return Move(here, there)


def refuse_bad_name(path: str) -> None:
    """Raises UnknownName, with a name that would do, for a path that links or file systems cannot hold."""
    for part in path.split("/"):
        name = part[:-3] if part.lower().endswith(".md") else part
        clean = clean_name(name)
        if not clean or name != clean or len(part.encode()) > 240:
            found = re.search(_NO_NAME, name)
            what = f'a name with "{found[0]}" in it' if found else f'"{name[:40]}" as a name'
            fits = " ".join(clean.encode()[:200].decode(errors="ignore").split())
            fix = f'would "{fits}" do?' if fits else "choose another one"
            raise UnknownName(f"{what} cannot be linked or kept on every system", fix)


def clean_name(name: str) -> str:
    """The name without what links or file systems cannot hold; "" where nothing is left."""
    clean = " ".join(re.sub(_NO_NAME, " ", name).split()).strip(". ")
    if names.is_reserved(clean):
        start, dot, rest = clean.partition(".")
        clean = f"{start.rstrip()}_{dot}{rest}"
    return clean


def _iter_links(queries: Queries, moves: Mapping[str, str]) -> Iterator[Naming]:
    """Every link that the moves may touch, once: in a note that moves, or of an old or a new name."""
    seen: set[tuple[str, int, int, str]] = set()
    keys = dict.fromkeys(key_of(path) for pair in moves.items() for path in pair)
    found = chain(links_with_keys(queries.index, keys), *(links_of(queries.index, path) for path in moves))
    for source, link, target in found:
        place = (source, link.line, link.column, link.raw)
        if place not in seen:
            seen.add(place)
            yield Naming(source, link, target)


def _attendees(links: tuple[Naming, ...], moves: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """(field, old name, new name) of the plain names among attendees, by note."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for naming in links:
        link, target = naming.link, naming.target
        if link.kind == ATTENDEE and target is not None and target in moves:
            there = names.stem(moves[target])
            if there != names.stem(target):
                found.setdefault(naming.source, []).append((link.field, link.raw, there))
    return found


def _with_value(data: bytes, key: str, old: str, new: str) -> bytes:
    """The note with one of a field's values changed."""
    for field in read_fields(data):
        if field.key == key and old in field.values:
            values = tuple(new if value == old else value for value in field.values)
            return write_field(data, field.name, field, values if field.is_list else values[0])
    return data


def _with_own_name(data: bytes, old: str, new: str, *, keep_alias: bool) -> bytes:
    """The renamed note with its name, title and first heading renamed where they said the old name."""
    before, after = names.stem(old), names.stem(new)
    for field in read_fields(data):
        if field.key in ("name", "title") and field.values == (before,) and not field.is_list:
            data = write_field(data, field.name, field, after)
    if keep_alias:
        aliases = field_of(read_fields(data), "aliases")
        data = add_to_field(data, aliases.name if aliases else "aliases", aliases, (before,))
    note, head = read_for_edit(data)
    for line in find_lines(note.text)[head.body_line - 1 :]:
        text = note.text[line.start : line.end]
        heading = re.match(_HEADING, text)
        if heading and heading["text"].strip() == before:
            start = line.start + heading.start("text")
            text = apply(note.text, [Edit(start, start + len(heading["text"]), after)])
            return encode_raw(note._replace(text=text))
        if text.strip():
            break
    return data


def _warnings(editor: NoteEditor, moves: Mapping[str, str], paths: Paths) -> Iterator[str]:
    """What the rename changes beyond links, or cannot change."""
    queries = editor.queries
    kinds = {path: kind for kind in (CONTACT, POST, GOAL) for path in find.paths_of_kind(queries.index, kind)}
    lost = [
        path
        for path, there in moves.items()
        if path in kinds and parse_note(there, editor.read(path), queries.settings).kind != kinds[path]
    ]
    if lost:
        yield (
            f"{len(lost)} of these notes would no longer be a {kinds[lost[0]]}, for example {lost[0]}: their kind"
            " comes from the folder; name the new folder in mdmentor.toml, or give the notes a type"
        )
    for path in paths.files:
        if not path.lower().endswith((".canvas", ".base")):
            continue
        try:
            text = read_plain_file(editor.vault.folder, path).decode(errors="replace")
        except FileNotFoundError:
            continue  # a link to nothing
        except OSError as error:
            reason = f"cannot be read ({error.strerror})" if error.strerror else str(error)
            yield f"{path} {reason}, so it was not searched for the old path"
            continue
        if any(f'"{old}"' in text for old in moves):
            yield f"{path} names the old path too; open it and choose the note again"
