"""The kind of a note and the rule that decides it, and what a contact is called whose note has no `name`.

Path, front matter and tags decide. An explicit type beats the folder, the folder beats a tag; whatever is in a
templates folder is a plain note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core import dates, names, words
from mdmentor.core.day_formats import day_in_format, usual_day
from mdmentor.core.frontmatter.keys import TYPE_KEYS
from mdmentor.core.model import CONTACT, DATED, GENERATED, GOAL, NOTE, PAGE, POST, Field, Settings

IN_TEMPLATES = "in a templates folder"
NOT_FILLED_IN = "its name is not filled in"
_UNFILLED = r"\{\{|<%|^\s*\[[^\[\]]*\]\s*$"  # `{{title}}`, `<% tp.file.title %>`, `[Name]`
_DRAWN = frozenset({"kanbanplugin", "excalidrawplugin"})  # keys of boards and drawings
_PERSON_TAG = words.PERSON | {"crm"}
_PERSON_TYPE = words.PERSON | {"individual"}  # as a vCard says it
_OTHER_TYPE = words.OTHER_TYPE | words.TEMPLATE
_KNOWN_TYPES = _PERSON_TYPE | _OTHER_TYPE | words.POST | words.GOAL | words.MEETING
_PERSON_NAME = r"(?i)@.|people\.."  # `@Ann Smith.md`, `people.ann-smith.md`
_DATE_ID = re.compile(r"\d{8}(?:T\d{6})?[-_]{1,2}(?=[^\W\d_]+[-_.][^\W\d_]+)")
_THING = words.THING | words.CHANNEL
_GROUPS = words.CONTACT_FOLDER | words.NO_CONTACT_FOLDER | {"family", "work", "colleagues", "clients", "team"}


def kind_of(path: str, fields: Sequence[Field], tags: Sequence[str], settings: Settings) -> tuple[str, str]:
    """The kind of the note and the rule that says so, in words for `status`.

    For a note that a rule makes a contact and that is none, the reason: "not a contact: an index note".
    """
    values = {field.key: field.values for field in fields}
    if values.get("generatedby") == ("mdmentor",):
        return PAGE, GENERATED
    if is_template(path, settings):
        return NOTE, IN_TEMPLATES
    types = [] if TYPE_KEYS.isdisjoint(values) else _types(fields)
    day = values.get("date", ())
    if day and (found := _first(types, words.MEETING)):
        return DATED, f"type {found}"
    is_person = _first(types, _PERSON_TYPE)
    if not is_person:
        for kind, known in ((POST, words.POST), (GOAL, words.GOAL)) if types else ():
            if found := _first(types, known):
                return kind, f"type {found}"
        if (found_day := find_day(path, settings)) and not _is_no_day(path, types, tags, settings):
            return DATED, found_day[1]
        if day and dates.parse_date(day[0]) and (found := _journal_folder(names.folder(path))):
            return DATED, f"date, in the folder {found}"
    kind, why = (CONTACT, f"type {is_person}") if is_person else _by_place(path, types, tags, settings)
    if kind != CONTACT:
        return kind, why
    reason = _why_no_contact(path, values, tags, settings, bool(is_person))
    return (NOTE, f"not a contact: {reason}") if reason else (kind, why)


def contacts_folder(path: str, settings: Settings) -> str:
    """The contacts folder of a note, whatever its kind, as the settings or the vault name it; "" for none."""
    rule = _folder_rule(_place_of(path), settings.contact_folders, words.CONTACT_FOLDER)
    return rule.removeprefix("folder ")


def _by_place(path: str, types: Sequence[str], tags: Sequence[str], settings: Settings) -> tuple[str, str]:
    """The kind by folder, tag or name, for a note whose type does not say it."""
    folder = _place_of(path)
    for kind, folders in ((POST, settings.post_folders), (GOAL, settings.goal_folders)):
        if folders and (rule := _folder_rule(folder, folders)) and not is_index_note(path):
            return kind, rule
    other = _first(types, _OTHER_TYPE)
    said = [_kind_by_tag(tag) for tag in tags]
    rule = _folder_rule(folder, settings.contact_folders, words.CONTACT_FOLDER)
    if CONTACT in said and not (rule and other):
        rule = f"tag {tags[said.index(CONTACT)]}"
    if not rule and (stem := names.stem(path))[:1] in "@pP" and re.match(_PERSON_NAME, stem):
        rule = "name that begins with @ or people."
    if rule:
        return (NOTE, f"not a contact: type {other}") if other else (CONTACT, rule)
    return (POST, "tag post") if POST in said else (NOTE, "")


def unknown_type(fields: Sequence[Field]) -> Field | None:
    """The first field that says a type which is no known word; None where there is none.

    `CATEGORIES` in capitals is a vCard's and says no type.
    """
    for field in fields:
        is_type = field.key in TYPE_KEYS and field.name != "CATEGORIES"
        if is_type and (types := _types([field])) and not _first(types, _KNOWN_TYPES):
            return field
    return None


def other_type(fields: Sequence[Field]) -> str:
    """The type by which a note says that it is no person's; "" where it says none."""
    return _first(_types(fields), _KNOWN_TYPES - _PERSON_TYPE)


def _types(fields: Sequence[Field]) -> list[str]:
    """What types the fields may name: each of several, root and leaf of `a/b`; `[[Categories/People|people]]` too."""
    return [
        words.whole(part)
        for field in fields
        if field.key in TYPE_KEYS
        for value in field.values
        for one in value.split(",")
        for part in (*names.unlink(one).split("/"), *one.strip().strip("[]").split("|")[0].split("/"))
    ]


def _first(found: Iterable[str], known: frozenset[str]) -> str:
    for word in found:
        if word in known:
            return word
    return ""


@lru_cache(maxsize=512)  # a vault has many notes and few tags
def _parts(tag: str) -> tuple[str, ...]:
    return tuple(names.fold_plain(tag).split("/"))


@lru_cache(maxsize=512)
def _kind_by_tag(tag: str) -> str:
    """The kind that a tag makes a note, "" for none."""
    parts = _parts(tag)
    is_person = parts[0] in _PERSON_TAG or parts[-1] in _PERSON_TAG
    return CONTACT if is_person else POST if parts[0] == "post" else ""


def _is_no_day(path: str, types: Sequence[str], tags: Sequence[str], settings: Settings) -> bool:
    """Whether the date in a name is not the note's day: of a post, as blogs call them, or the id of a person's note.

    `2026-11-22-ask-for-a-raise.md` is a post in a folder of posts or with the tag, `20210507-ann_smith.md`, as org-roam
    has it, a person with the tag, or in a folder of contacts where its words name no talk.
    """
    stem = names.stem(path)
    kind, rule = _by_place(path, types, tags, settings)
    if kind == POST:
        return bool(words.whole(stem))
    if not _DATE_ID.match(stem) or _THING.intersection(words.split(_DATE_ID.sub("", stem))):
        return False
    is_among_people = f"/{names.fold(names.folder(path))}".endswith(names.fold(rule.replace("folder ", "/")))
    return kind == CONTACT and (rule.startswith("tag ") or is_among_people)


def is_unfilled(name: str) -> bool:
    """Whether a name is still the one of a template."""
    return ("[" in name or "{{" in name or "<%" in name) and re.search(_UNFILLED, name) is not None


def _why_no_contact(
    path: str, values: Mapping[str, Sequence[str]], tags: Sequence[str], settings: Settings, is_typed: bool
) -> str:
    """Why a note that a rule makes a contact is none after all; "" where it is one."""
    if not _DRAWN.isdisjoint(values):
        return "a board or a drawing"
    stem, folder = names.stem(path), _last_part(path)
    found, whole = words.split(stem), words.whole(stem)
    tagged = [part for tag in tags for part in _parts(tag)]
    if not words.TEMPLATE.isdisjoint((*found[:1], *found[-1:], *tagged)):
        return "a template"
    if any(map(is_unfilled, (stem, *values.get("name", ())[:1], *values.get("title", ())[:1]))):
        return NOT_FILLED_IN
    if whole in words.UNTITLED or found[:1] == ("untitled",) or not stem.strip():
        return "it has no name yet"
    if path.lower().endswith(".excalidraw.md"):
        return "a board or a drawing"
    is_like_folder = bool(folder) and found == words.split(folder) and words.has(folder, _GROUPS)
    if is_like_folder or not words.INDEX.isdisjoint((*found, whole)):
        return "an index note"
    if is_typed:
        return ""
    if found and words.LISTS.issuperset(found) and (len(found) > 1 or found[0] in words.ALL_OF_THEM):
        return "an index note"
    if firms := [tag for tag in tags if _parts(tag)[-1] in words.COMPANY_TAG]:
        return f"tag {firms[0]}"
    of_things = whole.split("-")
    is_thing = not words.THING.isdisjoint(of_things) and (words.THING | words.LISTS).issuperset(of_things)
    return _why_below(path, settings.contact_folders) or ("about something else" if is_thing else "")


def _why_below(path: str, folders: tuple[str, ...]) -> str:
    """Why a note below a contacts folder is none: it belongs to a company, or to somebody who has a folder."""
    below, apart = _below_contacts(_place_of(path), folders)
    if apart:
        return f"in the folder {apart}"
    stem = names.stem(path)
    above, _, last = stem.rpartition(".")
    if above and re.match(r"(?i)people\..", above) and words.has(last, words.THING):
        return f"about something else below {above}"
    if below and words.has(stem, words.THING) and names.fold(stem) != names.fold(below):
        return f"about something else in the folder {below}"
    return ""


def _place_of(path: str) -> str:
    """The folder of a note; what Logseq puts before its page's name (`pages/people___Ann.md`) is one, too."""
    is_page = "___" in path or "%2" in path
    return names.folder(f"{names.folder(path)}/{names.logseq_page(path)}".lstrip("/") if is_page else path)


@lru_cache(maxsize=512)
def _below_contacts(where: str, folders: tuple[str, ...]) -> tuple[str, str]:
    """The last part of a folder's path below one of contacts, and the first there that holds no contacts.

    A path in the settings, such as `crm/companies/staff`, counts whatever is above it.
    """
    parts, folded = where.split("/"), f"/{names.fold(where)}/"
    keys = [key for folder in folders if (key := f"/{names.fold(folder.strip('/'))}/") in folded]
    ends = [(key.count("/"), folded[: folded.index(key) + len(key) - 1].count("/")) for key in keys]
    first = next((n for n, part in enumerate(parts, 1) if words.has(part, words.CONTACT_FOLDER)), len(parts))
    first = max((end for depth, end in ends if depth > 2), default=min([first, *(end for _, end in ends)]))
    below = parts[first:]
    return below[-1] if below else "", next((p for p in below if words.has(p, words.NO_CONTACT_FOLDER)), "")


def find_day(path: str, settings: Settings) -> tuple[date, str] | None:
    """The day that a note's path names, first in the vault's own formats, and the rule; None without one."""
    for folder, form in settings.day_formats:
        if day := day_in_format(path, folder, form):
            usual = usual_day(path)
            return usual if usual and usual[0] == day else (day, f"name is a day as {form}")
    order = dict(settings.day_orders).get(names.folder(path), "") if settings.day_orders else ""
    return usual_day(path, order)


def day_of_name(path: str, settings: Settings | None = None) -> date | None:
    """The day that a note's path names, in one of the usual forms or those of the settings; None without one."""
    found = find_day(path, settings) if settings else usual_day(path)
    return found[0] if found else None


@lru_cache(maxsize=512)  # a vault has many notes and few folders
def _journal_folder(where: str) -> str:
    """The first part of a folder's path that is called by a word for a journal; "" without one."""
    return next((part for part in where.split("/") if words.has(part, words.JOURNAL_FOLDER)), "")


def is_template(path: str, settings: Settings) -> bool:
    """True for a note in a folder of templates, whatever it is numbered ("99 Templates"), or in one set in Obsidian."""
    if settings.template_folders:
        folded = names.fold(path)
        if any(folded.startswith(names.fold(known) + "/") for known in settings.template_folders):
            return True
    return _is_in_templates(names.folder(path))


@lru_cache(maxsize=512)
def _is_in_templates(folder: str) -> bool:
    """Whether a part of the path is called so: `99 Templates`, `Page Templates`. Swedish "mall" is English as well."""
    called = map(words.whole, folder.split("/"))
    last = words.TEMPLATE - {"mall"}
    return any(name in words.TEMPLATE or name.rpartition("-")[2] in last for name in called)


def is_index_note(path: str) -> bool:
    """True for a note that lists others: `README`, `index`, `People MOC`, or a folder's own `People/_People.md`."""
    stem, folder = names.stem(path), _last_part(path)
    return words.has(stem, words.INDEX) or (bool(folder) and words.split(stem) == words.split(folder))


def _last_part(path: str) -> str:
    """The name of the folder that holds the note; "" for the vault's root."""
    return names.folder(path).rsplit("/", 1)[-1]


@lru_cache(maxsize=512)
def _folder_rule(where: str, folders: tuple[str, ...], known: frozenset[str] = frozenset()) -> str:
    """The rule by which the folder `where` is one of these, or in one, or called by a known word, or ""."""
    if not where:
        return ""
    folded = f"/{names.fold(where)}/"
    for folder in folders:
        if f"/{names.fold(folder.strip('/'))}/" in folded:
            return f"folder {folder}"
    parts = where.split("/")
    for number, part in enumerate(parts, 1):
        if words.has(part, known):
            return f"folder {'/'.join(parts[:number])}"
    return ""


# --- what a contact is called ---------------------------------------------------------------------------------

# As slip-boxes, org-roam, Denote and Johnny Decimal begin a name: `20210507123000-ann_smith`, `10.12 Ann Smith`.
_ID = re.compile(r"^(?:\d{8}T\d{6}--|\d{8,14}(?:[-_ ]+|$)|\d{4}-\d\d-\d\d[-_ ]+|\d\d\.\d\d[-_ ]+)")
_DENOTE = re.compile(r"\d{8}T\d{6}--[^\W_]")  # `20220610T062201--ann-smith__person`
_KEYWORDS = re.compile(r"__.*")
_NOTION_ID = re.compile(r"[ -][0-9a-f]{32}$")
_SLUG = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)+")
_PICTURE = re.compile(r"^(?:[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]*\s*)+(?=\S)")


def contact_name(path: str, heading: str) -> str:
    """The name of the contact at `path`; `heading` is the first-level heading that opens the note, or "".

    The heading counts where it shares a word with the file's name, or where that is a slug or an id: `ann-smith`,
    `jdoe`. A heading such as Notes, Hi Notes or About Ann never does. A file's name is read without `@`, `people.`, a picture or
    an id in front, and `ann-smith` as Ann Smith.
    """
    stem, heading = (_PICTURE.sub("", text.strip()) for text in (names.stem(path), heading))
    others = set(words.split(heading)) - set(words.split(stem))
    if heading and words.whole(heading) not in words.NO_NAME and words.NO_NAME.isdisjoint(others):
        is_lower = stem == stem.lower() and " " not in stem and stem.isascii()
        is_code = is_lower or _ID.match(stem) or _SLUG.fullmatch(stem)
        if is_code or not set(words.split(heading)).isdisjoint(words.split(stem)):
            return heading
    name = names.without_namespace(stem)
    if name.lower().startswith("people."):
        name = name[len("people.") :]
        name = name.capitalize() if name.isalpha() and name.islower() else name
    name = name.lstrip("@").strip() or name
    name = _KEYWORDS.sub("", name) if _DENOTE.match(name) else name
    name = _ID.sub("", _NOTION_ID.sub("", name)) or name
    if _SLUG.fullmatch(name) and name == name.lower():
        name = " ".join(word.capitalize() for word in re.split(r"[-_.]", name))
    return name
