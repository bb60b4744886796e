"""A new contact, post or goal, from the vault's own template if it has one, else from ours."""

import re
from collections import Counter
from datetime import datetime
from difflib import SequenceMatcher
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, NoteEditor
from mdmentor.actions.log import read_template
from mdmentor.actions.rename import refuse_bad_name
from mdmentor.core import names, words
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.frontmatter.editor import add_to_list, set_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.core.names import key_of
from mdmentor.core.parse import parse_note
from mdmentor.core.templates import LEFT, fill_template
from mdmentor.errors import RefusedToWrite
from mdmentor.index import contacts, find

KINDS = (CONTACT, POST, GOAL)
_WORDS = {CONTACT: words.PERSON, POST: words.POST, GOAL: words.GOAL}
_NEAR = 0.88  # likeness from which two names are probably one: "Jon Smith" and "John Smith"


class Made(NamedTuple):
    """A note that was made, and what the user should know of it."""

    written: EditedLine
    warnings: tuple[str, ...] = ()


def new(editor: NoteEditor, kind: str, name: str, now: datetime, email: str = "") -> Made:
    """Makes a note of `kind` (CONTACT, POST or GOAL) called `name`, which may hold a folder.

    It comes to lie where most notes of its kind do. Raises UnknownName for a name that no link can hold,
    RefusedToWrite where a note of this name is there already.
    """
    name = name.strip().removesuffix(".md").strip("/")
    refuse_bad_name(name)
    title = names.stem(name)
    path = f"{name}.md" if "/" in name else f"{_folder(editor, kind)}/{name}.md".lstrip("/")
    there = find.paths_with_key(editor.queries.index, key_of(path))
    if there:
        raise RefusedToWrite(f'"{title}" is there already: {there[0][0]}', "choose another name")
    warnings = _likely_the_same(editor, title, email) if kind == CONTACT else []
    template, origin = _template(editor, kind)
    try:
        data = _as_kind(editor, kind, path, fill_template(template, title, now))
        if email:
            field = field_of(parse_note(path, data, editor.queries.settings).fields, "email")
            data = set_field(data, field.name if field else "email", email.strip())
    except UnsafeEdit as error:
        raise RefusedToWrite(f"{origin}: {error.reason}", error.fix) from error
    if left := re.search(LEFT, data.decode(errors="replace")):
        warnings.append(f"{left[0]} was left as the template has it")
    return Made(editor.create(f"new {kind} {title}", path, data), tuple(warnings))


def _folder(editor: NoteEditor, kind: str) -> str:
    """The folder in which most notes of a kind lie; without any, the first that the settings name."""
    paths = find.paths_of_kind(editor.queries.index, kind)
    if paths:
        counts = Counter(names.folder(path) for path in paths)
        return min(counts, key=lambda folder: (-counts[folder], folder))
    settings = editor.queries.settings
    told = {CONTACT: settings.contact_folders, POST: settings.post_folders, GOAL: settings.goal_folders}[kind]
    here = {names.fold(folder): folder for path in find.note_paths(editor.queries.index)
            if (folder := names.folder(path))}  # fmt: skip
    return next((here[names.fold(f)] for f in told if names.fold(f) in here), told[0] if told else "")


def _template(editor: NoteEditor, kind: str) -> tuple[bytes, str]:
    """The template for a kind of note, and where it is from."""
    for path in find.templates(editor.queries.index):
        words = names.fold_topic(names.stem(path)).replace("template", "").replace("new ", "").split()
        if len(words) == 1 and words[0] in _WORDS[kind]:
            data = read_template(editor, path)
            if data is not None:
                return data, path
    from mdmentor.sample import template_folder

    return (template_folder() / "templates" / f"{kind}.md").read_bytes(), f"the template for a {kind}"


def _as_kind(editor: NoteEditor, kind: str, path: str, data: bytes) -> bytes:
    """The note, with a tag or type where neither its folder nor its template says what it is."""
    if parse_note(path, data, editor.queries.settings).kind == kind:
        return data
    if kind != CONTACT:
        return set_field(data, "type", kind)
    data = add_to_list(data, "tags", "person")
    is_contact = parse_note(path, data, editor.queries.settings).kind == CONTACT
    return data if is_contact else set_field(data, "type", "person")


def _likely_the_same(editor: NoteEditor, title: str, email: str) -> list[str]:
    """Contacts who may well be the same person: by address, alias or a name that is nearly this one."""
    plain = names.fold_plain(title)
    found: dict[str, str] = {}
    if email:
        for person in contacts.people(editor.queries.index):
            if email.strip().lower() in map(str.lower, person.contact.email):
                found[person.contact.path] = f"{person.contact.name} has the same address"
    for other, path, name in find.contact_names(editor.queries.index):
        if path not in found and (other == plain or _is_near(other, plain)):
            found[path] = f"{name} may be the same person"
    return [f"{why}: {path}; if so, take this back with: mdmentor undo" for path, why in found.items()]


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 4 or " " not in one or " " not in other:
        return False
    if sorted(one.replace(",", "").split()) == sorted(other.replace(",", "").split()):
        return True
    match = SequenceMatcher(None, one, other)
    return match.quick_ratio() >= _NEAR and match.ratio() >= _NEAR
