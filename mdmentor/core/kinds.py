"""What kind of note a note is, and by which rule: contact, post, goal, dated note, page or plain note.

Decided from the path, the front matter and the tags alone. An explicit type beats the folder, the
folder beats a tag; whatever lies in a templates folder is a plain note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core import dates, names, words
from mdmentor.core.day_formats import day_in_format, usual_day
from mdmentor.core.frontmatter.keys import TYPE_KEYS
from mdmentor.core.model import CONTACT, DATED, GENERATED, GOAL, NOTE, PAGE, POST, Field, Settings

_UNFILLED = re.compile(r"\{\{|<%|^\s*\[[^\[\]]*\]\s*$")  # `{{title}}`, `<% tp.file.title %>`, `[Name]`
_DRAWN = frozenset({"kanbanplugin", "excalidrawplugin"})  # keys of boards and drawings
_GROUPS = (
    words.CONTACT_FOLDER
    | words.NO_CONTACT_FOLDER
    | frozenset({"family", "work", "colleagues", "clients", "team"})
)


def kind_of(path: str, fields: Sequence[Field], tags: Iterable[str], settings: Settings) -> tuple[str, str]:
    """The kind of the note and the rule that says so, in words for `status`.

    Of a note that some rule would make a contact and that is none, the reason: "not a contact: an index note".
    """
    types: list[str] = []
    has_date = has_day = is_drawn = False
    for field in fields:
        key = field.key
        if key in TYPE_KEYS:
            types += [word for value in field.values for word in _type_words(value)]
        elif key == "generatedby" and field.values == ("mdmentor",):
            return PAGE, GENERATED
        elif key == "date":
            has_date = bool(field.values)
            has_day = bool(field.values and dates.parse_date(field.values[0]))
        elif key in _DRAWN:
            is_drawn = True
    if is_template(path, settings):
        return NOTE, "in a templates folder"
    if has_date and (found := _first(types, words.MEETING)):
        return DATED, f"type {found}"
    is_person = _first(types, words.PERSON)
    if not is_person:
        for kind, known in ((POST, words.POST), (GOAL, words.GOAL)):
            if found := _first(types, known):
                return kind, f"type {found}"
        if found_day := find_day(path, settings):
            return DATED, found_day[1]
        if has_day and (found := _journal_folder(names.folder(path))):
            return DATED, f"date, in the folder {found}"
    kind, why = (CONTACT, f"type {is_person}") if is_person else _by_place(path, types, tags, settings)
    if kind != CONTACT:
        return kind, why
    reason = "a board or a drawing" if is_drawn else why_no_contact(path, fields, is_typed=bool(is_person))
    return (NOTE, f"not a contact: {reason}") if reason else (kind, why)


def in_contacts_folder(path: str, settings: Settings) -> bool:
    """Whether a note lies in a contacts folder, whatever its kind."""
    return bool(_contact_folder_rule(names.folder(path), settings.contact_folders))


def _by_place(path: str, types: Sequence[str], tags: Iterable[str], settings: Settings) -> tuple[str, str]:
    """The kind by folder, tag or name, for a note whose type does not say it."""
    other = _first(types, words.OTHER_TYPE)
    roots = [(names.fold_plain(tag), tag) for tag in tags]
    person_tag = next(
        (
            tag
            for folded, tag in roots
            if not words.PERSON.isdisjoint((*_ends(folded),)) or "crm" in _ends(folded)
        ),
        "",
    )
    for kind, folders in ((POST, settings.post_folders), (GOAL, settings.goal_folders)):
        if (rule := _folder_rule(names.folder(path), folders)) and not is_index_note(path):
            return kind, rule
    if person_tag and not other:
        return CONTACT, f"tag {person_tag}"
    rule = _contact_folder_rule(names.folder(path), settings.contact_folders)
    if not rule and person_tag:
        rule = f"tag {person_tag}"
    if not rule and words_of_name_alone(path):
        rule = "name that begins with @ or people."
    if rule:
        return (NOTE, f"not a contact: type {other}") if other else (CONTACT, rule)
    if any(folded.split("/")[0] == "post" for folded, _ in roots):
        return POST, "tag post"
    return NOTE, ""


def unknown_type(fields: Sequence[Field]) -> Field | None:
    """The first field that says a type which is no known word; None where there is none."""
    for field in fields:
        if field.key in TYPE_KEYS:
            found = [word for value in field.values for word in _type_words(value)]
            if found and not any(_first(found, known) for known in _KNOWN_TYPES):
                return field
    return None


_KNOWN_TYPES = (words.PERSON, words.OTHER_TYPE, words.POST, words.GOAL, words.MEETING)


def _type_words(value: str) -> list[str]:
    """What a type may be: each of several values, and root and leaf of `a/b`; `[[Categories/People|people]]` too."""
    return [
        words.whole(part)
        for one in value.split(",")
        for part in (*names.unlink(one).split("/"), *one.strip().strip("[]").split("|")[0].split("/"))
    ]


def _first(found: Iterable[str], known: frozenset[str]) -> str:
    return next((word for word in found if word in known), "")


def _ends(tag: str) -> tuple[str, str]:
    """Root and leaf of a tag."""
    return tag.split("/", 1)[0], tag.rsplit("/", 1)[-1]


def words_of_name_alone(path: str) -> bool:
    """Whether a file's name says by itself that it is a person's: `@Ann Smith.md`, `people.ann-smith.md`."""
    stem = names.stem(path)
    return (stem.startswith("@") and len(stem) > 1) or (stem.lower().startswith("people.") and len(stem) > 7)


def why_no_contact(path: str, fields: Sequence[Field], title: str = "", *, is_typed: bool = False) -> str:
    """Why a note that a rule makes a contact is none after all; "" where it is one."""
    stem = names.stem(path)
    called = [stem, title, *(f.values[0] for f in fields if f.key in ("name", "title") and f.values)]
    if any(map(_UNFILLED.search, called)):
        return "its name is not filled in"
    found = words.split(stem)
    if found and not words.TEMPLATE.isdisjoint((found[0], found[-1])):
        return "a template"
    if words.whole(stem) in words.UNTITLED or found[:1] == ("untitled",):
        return "it has no name yet"
    if path.lower().endswith(".excalidraw.md"):
        return "a board or a drawing"
    if words.has(stem, words.INDEX) or (is_named_like_folder(path) and _is_group(path)):
        return "an index note"
    return "" if is_typed else _why_below(path)


def _why_below(path: str) -> str:
    """Why a note below a contacts folder is none: it belongs to a company, or to somebody who has a folder."""
    parts = names.folder(path).split("/")
    first = next((n for n, part in enumerate(parts) if words.has(part, words.CONTACT_FOLDER)), None)
    if first is None:
        return ""
    for part in parts[first + 1 :]:
        if words.has(part, words.NO_CONTACT_FOLDER):
            return f"in the folder {part}"
    stem = names.stem(path)
    if len(parts) > first + 1 and words.has(stem, words.THING) and names.fold(stem) != names.fold(parts[-1]):
        return f"about something else in the folder {parts[-1]}"
    return ""


def _is_group(path: str) -> bool:
    """Whether a note's folder is called by what it holds, not by a person: People, Friends, Work."""
    return words.has(names.folder(path).rsplit("/", 1)[-1], _GROUPS)


def find_day(path: str, settings: Settings) -> tuple[date, str] | None:
    """The day that a note's path names, first in the vault's own formats, and the rule; None without one."""
    for folder, form in settings.day_formats:
        if day := day_in_format(path, folder, form):
            usual = usual_day(path)
            return usual if usual and usual[0] == day else (day, f"name is a day as {form}")
    return usual_day(path)


def day_of_name(path: str, settings: Settings | None = None) -> date | None:
    """The day that a note's path names, in one of the usual forms or those of the settings; None without one."""
    found = find_day(path, settings) if settings else usual_day(path)
    return found[0] if found else None


@lru_cache(maxsize=512)
def _journal_folder(where: str) -> str:
    """The first part of a folder's path that is called by a word for a journal; "" without one."""
    return next((part for part in where.split("/") if words.has(part, words.JOURNAL_FOLDER)), "")


def is_template(path: str, settings: Settings) -> bool:
    """True for a note in a folder of templates, whatever it is numbered ("99 Templates"), or in one set in Obsidian."""
    folder = names.folder(path)
    if not folder:
        return False
    if settings.template_folders:
        folded = names.fold(path)
        if any(folded.startswith(names.fold(known) + "/") for known in settings.template_folders):
            return True
    return _is_in_templates(folder)


@lru_cache(maxsize=512)  # a vault has many notes and few folders
def _is_in_templates(folder: str) -> bool:
    return any(words.whole(part) in words.TEMPLATE for part in folder.split("/"))


def is_index_note(path: str) -> bool:
    """True for a note that lists others: `README`, `index`, `People MOC`, or a folder's own `People/_People.md`."""
    return words.has(names.stem(path), words.INDEX) or is_named_like_folder(path)


def is_named_like_folder(path: str) -> bool:
    parent = names.folder(path).rsplit("/", 1)[-1]
    return bool(parent) and words.split(names.stem(path)) == words.split(parent)


@lru_cache(maxsize=512)
def _folder_rule(where: str, folders: tuple[str, ...]) -> str:
    """The rule by which a note in the folder `where` lies in one of these, "" where it does not."""
    folded = f"/{names.fold(where)}/"
    parts = {names.fold(part) for part in where.split("/")} if where else set()
    for folder in folders:
        known = names.fold(folder.strip("/"))
        if known in parts or ("/" in known and f"/{known}/" in folded):
            return f"folder {folder}"
    return ""


@lru_cache(maxsize=512)
def _contact_folder_rule(where: str, folders: tuple[str, ...]) -> str:
    """As `_folder_rule`, for contacts: a folder of the settings, else one called by a word for people, with its path."""
    if rule := _folder_rule(where, folders):
        return rule
    parts = where.split("/") if where else []
    for number, part in enumerate(parts):
        if words.has(part, words.CONTACT_FOLDER):
            return f"folder {'/'.join(parts[: number + 1])}"
    return ""
