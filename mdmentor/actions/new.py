"""Creates a contact, post, goal or daily note, from the vault's own template if it has one, else from ours."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from difflib import SequenceMatcher

from mdmentor.actions.edit import EditedLine, NoteEditor, refusing
from mdmentor.actions.history import Change
from mdmentor.actions.notes import refuse_bad_name
from mdmentor.config import DAILY_FILE, ISO, PERIODIC_FILE, read_json
from mdmentor.core import names, words
from mdmentor.core.day_formats import day_in_format, words_of_format
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.kinds import day_of_name
from mdmentor.core.model import CONTACT, DATED, GOAL, POST, Settings
from mdmentor.core.parse import parse_note
from mdmentor.core.same_person import SAME, Directory, Identity, email_key, identity_of
from mdmentor.core.templates import LEFT, fill_template, format_moment
from mdmentor.errors import RefusedToWrite
from mdmentor.files import NotPlain, read_plain_file
from mdmentor.index import find, people
from mdmentor.sample import template_folder

_WORDS = {CONTACT: words.PERSON, POST: words.POST, GOAL: words.GOAL}
_NEAR = 0.88  # likeness from which two names are probably one: "Jon Smith" and "John Smith"
_DAILY = ("daily", "dailynote", "journal", "day")  # names of templates


def new(editor: NoteEditor, kind: str, name: str, now: datetime, email: str = "") -> EditedLine:
    """Creates a note of `kind` (CONTACT, POST or GOAL) called `name`; see `draft`."""
    path, data = draft(editor, kind, name, now, email)
    editor.change(f"new {kind} {names.stem(path)}", [Change(path, None, data)])
    return EditedLine(path, 0, "made")


def draft(editor: NoteEditor, kind: str, name: str, now: datetime, email: str = "") -> tuple[str, bytes]:
    """The path and the bytes of a new note of `kind` called `name`, which may hold a folder.

    Without a folder it is put where most notes of its kind are. Raises UnknownName for a name that no link can hold,
    RefusedToWrite where there is a note of this name, or of somebody who is called so or has this address.
    """
    queries = editor.queries
    name = name.strip().removesuffix(".md").strip("/")
    refuse_bad_name(name)
    title = names.stem(name)
    path = f"{name}.md" if "/" in name else f"{folder_for(editor, kind)}/{name}.md".lstrip("/")
    if same := find.paths_with_key(queries.index, names.key_of(path)):
        raise RefusedToWrite(f'"{title}" is there already: {same[0][0]}', "choose another name")
    if kind == CONTACT:
        _refuse_same(editor, title, email.strip())
    template, origin = template_for(editor, kind)
    with refusing(origin):
        data = as_kind(editor.queries.settings, kind, path, fill_template(template, title, now))
        if email:
            field = field_of(parse_note(path, data, queries.settings).fields, "email")
            data = write_field(data, field or "email", email.strip())
    if left := re.search(LEFT, data.decode(errors="replace")):
        editor.warnings.append(f"{left[0]} was left as it is in the template")
    return path, data


def folder_for(editor: NoteEditor, kind: str) -> str:
    """The folder with most notes of a kind; without any, the first one of the settings that is there."""
    index, settings = editor.queries.index, editor.queries.settings
    if paths := find.paths_of_kind(index, kind):
        return _most_common(map(names.folder, paths))
    folders = {CONTACT: settings.contact_folders, POST: settings.post_folders, GOAL: settings.goal_folders}
    here = {names.fold(folder): folder for folder in map(names.folder, find.note_paths(index)) if folder}
    there = (here[names.fold(folder)] for folder in folders[kind] if names.fold(folder) in here)
    return next(there, next(iter(folders[kind]), ""))


def _most_common(folders: Iterable[str]) -> str:
    """The folder that is there most often, the first by name of several; "" for none."""
    counts = Counter(folders)
    return min(counts, key=lambda folder: (-counts[folder], folder), default="")


def template_for(editor: NoteEditor, kind: str) -> tuple[bytes, str]:
    """The template for a kind of note, and where it is from."""
    for path in find.templates(editor.queries.index):
        words = names.fold_topic(names.stem(path)).replace("template", "").replace("new ", "").split()
        is_meant = len(words) == 1 and words[0] in _WORDS[kind]
        if is_meant and (data := _read_template(editor, path)) is not None:
            return data, path
    return (template_folder() / "templates" / f"{kind}.md").read_bytes(), f"the template for a {kind}"


def as_kind(settings: Settings, kind: str, path: str, data: bytes) -> bytes:
    """The note, with a tag or type where neither its folder nor its template says what it is."""
    if parse_note(path, data, settings).kind == kind:
        return data
    if kind != CONTACT:
        return write_field(data, "type", kind)
    tags = field_of(read_fields(data), "tags")
    data = add_to_field(data, tags or "tags", ("person",))
    if parse_note(path, data, settings).kind == CONTACT:
        return data
    return write_field(data, "type", "person")


def _refuse_same(editor: NoteEditor, title: str, email: str) -> None:
    """Raises RefusedToWrite for somebody who is there already; warns of who may be the same person."""
    index = editor.queries.index
    known = {contact.path: contact for contact in people.contacts(index)}
    directory = Directory(map(identity_of, known.values()))
    found: dict[str, str] = {}
    for match in directory.find(Identity("", title, emails=(email,) if email else ())):
        name = known[match.path].name
        if match.verdict == SAME:
            what = f'"{title}" is there already: {match.path} ({", ".join(match.evidence)})'
            fix = "open that note, or leave out the address; two notes of one person become one with: mdmentor merge"
            raise RefusedToWrite(what, fix)
        has_address = email and email_key(email) in map(email_key, known[match.path].email)
        found[match.path] = f"{name} {'has the same address' if has_address else 'may be the same person'}"
    plain = names.fold_plain(title)
    for other, path, name in find.contact_names(index):
        if other == plain:
            raise RefusedToWrite(f'"{title}" is there already: {path}', "choose another name")
        if path not in found and _is_near(other, plain):
            found[path] = f"{name} may be the same person"
    fix = "if so, take this back with: mdmentor undo, or make one note of both with: mdmentor merge"
    editor.warnings += (f"{words}: {path}; {fix}" for path, words in found.items())


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 4 or " " not in one or " " not in other:
        return False
    is_same = sorted(one.replace(",", "").split()) == sorted(other.replace(",", "").split())
    match = SequenceMatcher(None, one, other)
    return is_same or (match.quick_ratio() >= _NEAR and match.ratio() >= _NEAR)


def daily_note(editor: NoteEditor, day: date) -> tuple[str, bytes | None]:
    """The path of the day's note, and the bytes it begins with where there is none yet."""
    root, settings = editor.vault.folder, editor.queries.settings
    options = read_json(root, PERIODIC_FILE, "daily")[0] or read_json(root, DAILY_FILE)[0]
    dated = find.paths_of_kind(editor.queries.index, DATED)
    plain = [p for p in dated if re.fullmatch(r"\d{4}-\d\d-\d\d", names.stem(p)) and day_of_name(p)]
    usual_folder = _most_common(map(names.folder, plain)) if plain else "journal"
    folder, form = next(iter(settings.day_formats), (usual_folder, ISO))
    midnight = datetime.combine(day, time())
    there, said = _like_other_days(dated, folder, form, day)
    if there:
        return there, None
    name = format_moment(form, midnight, said) or day.isoformat()
    path = f"{folder}/{name}.md".lstrip("/")
    if names.fits_everywhere(path) and day_of_name(path, settings) != day:  # nobody would find it again
        path = f"{folder}/{day.isoformat()}.md".lstrip("/")
    same = [p for p in dated if names.stem(p) == day.isoformat()]
    for there in (path, *(same if len(same) == 1 else ())):
        if editor.vault.stamp(there) is not None:
            return there, None
    if not names.fits_everywhere(path):
        fix = "change folder or format of daily notes in Obsidian's settings"
        raise RefusedToWrite(f'"{path}" as a daily note cannot be kept on every system', fix)
    title = names.stem(path)
    template = options.get("template", "").strip().strip("/")
    template = template if not template or template.lower().endswith(".md") else f"{template}.md"
    usual = [p for p in find.templates(editor.queries.index) if names.fold_key(names.stem(p)) in _DAILY]
    for source in filter(None, (template, *usual)):
        if (data := _read_template(editor, source, is_named=source == template)) is not None:
            with refusing(source):
                return path, fill_template(data, title, midnight)
    return path, f"# {title}\n\n".encode()


def _like_other_days(dated: Iterable[str], folder: str, form: str, day: date) -> tuple[str, dict[str, str]]:
    """The day's note in this format, "" where there is none yet; and the words that other days have for its weekday and month.

    Obsidian names them in the language of its user.
    """
    known: dict[str, str] = {}
    for path in dated:
        other = day_in_format(path, folder, form)
        said = words_of_format(path, form, other) if other else None
        if other is None or said is None:
            continue
        if other == day:
            return path, {}
        same = {"M": other.month == day.month, "d": other.weekday() == day.weekday()}
        known |= {token: word for token, word in said.items() if same[token[0]]}
    return "", known


def _read_template(editor: NoteEditor, path: str, *, is_named: bool = False) -> bytes | None:
    """The bytes of a template in the vault; None, with a warning for the user, where it cannot be used.

    A missing one is reported only if it `is_named` in settings.
    """
    try:
        return read_plain_file(editor.vault.folder, path)
    except FileNotFoundError:
        if is_named:
            editor.warnings.append(f"{path}: the template is not there, so it is not used")
    except NotPlain as error:
        editor.warnings.append(f"{path}: the template {error}, so it is not used")
    return None
