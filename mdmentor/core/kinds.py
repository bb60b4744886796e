"""What kind of note a note is, and by which rule: contact, post, goal, dated note, page or plain note.

Decided from the path, the front matter and the tags alone. An explicit type beats the folder, the
folder beats a tag; whatever lies in a templates folder is a plain note.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core import names
from mdmentor.core.frontmatter.keys import TYPE_KEYS
from mdmentor.core.model import CONTACT, DATED, GOAL, NOTE, PAGE, POST, Field, Settings

PERSON_WORDS = frozenset({"person", "people", "contact", "contacts"})
POST_WORDS = frozenset({"post", "posts", "article", "articles", "advice"})
GOAL_WORDS = frozenset({"goal", "goals"})
MEETING_WORDS = frozenset({"meeting", "meetings"})
PERSON_TAGS = frozenset({"person", "people", "contact"})

# Logseq names its journal 2026_11_22; dots are seen as well.
_DAY = re.compile(r"(\d{4})([-_.])(\d\d)\2(\d\d)(?!\d)|(\d{4})(\d\d)(\d\d)(?!\d)")
_TEMPLATES = r"[\W\d_]*templates?[\W\d_]*$"
_ADORNMENT = r"^[\W_]+"  # as in `_People.md` or with an emoji of a folder before it
_INDEX_NOTES = frozenset({"readme", "index", "_index"})

GENERATED = "generated-by: mdmentor"  # the line that makes a note a page of ours
_GENERATED_WITHIN = 600  # characters from the start of a page, also where git left conflict marks there


def kind_of(path: str, fields: Sequence[Field], tags: Iterable[str], settings: Settings) -> tuple[str, str]:
    """The kind of the note and the rule that says so, in words for `status`."""
    types: list[str] = []
    has_own_type = has_date = False
    for field in fields:
        key = field.key
        if key in TYPE_KEYS:
            words = [names.fold_topic(word) for value in field.values for word in value.split(",")]
            types += words
            has_own_type |= key == "type" and any(words)
        elif key == "generatedby" and field.values == ("mdmentor",):
            return PAGE, GENERATED
        elif key == "date":
            has_date = bool(field.values)
    if is_template(path, settings):
        return NOTE, "in a templates folder"
    for word in types:
        if word in PERSON_WORDS:
            return CONTACT, f"type {word}"
        if word in MEETING_WORDS and has_date:
            return DATED, f"type {word}"
        if word in POST_WORDS:
            return POST, f"type {word}"
        if word in GOAL_WORDS:
            return GOAL, f"type {word}"
    if day_of_name(path):
        return DATED, "name starts with a date"
    folders = settings.contact_folders, settings.post_folders, settings.goal_folders
    found = _kinds_of_folder(names.folder(path), *folders)
    if found and not is_index_note(path):
        for kind, why in found:
            if kind != CONTACT or not has_own_type:
                return kind, why
    for tag in tags:
        root = names.fold(tag).split("/", 1)[0]
        if root in PERSON_TAGS and not has_own_type:
            return CONTACT, f"tag {root}"
        if root == "post":
            return POST, "tag post"
    return NOTE, ""


def is_generated(content: str | bytes | None) -> bool:
    """True for the content of a page or picture that mdmentor wrote."""
    start = (content or "")[:_GENERATED_WITHIN]
    return GENERATED in (start.decode("utf-8", "replace") if isinstance(start, bytes) else start)


def day_of_name(path: str) -> date | None:
    """The date that a file's name starts with; None without one or for an impossible one.

    `202611221530 idea.md`, the name of a slip-box note, starts with no date: the digits go on.
    """
    match = _DAY.match(path, path.rfind("/") + 1)
    if match is None:
        return None
    year, month, day = match.group(1, 3, 4) if match[1] else match.group(5, 6, 7)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_template(path: str, settings: Settings) -> bool:
    """True for a note in a folder of templates, whatever it is numbered ("99 Templates"), or in one set in Obsidian."""
    if settings.template_folders:
        folded = names.fold(path)
        if any(folded.startswith(names.fold(folder) + "/") for folder in settings.template_folders):
            return True
    if "emplate" not in path and "EMPLATE" not in path:
        return False
    return any(re.match(_TEMPLATES, names.fold(part)) for part in path.split("/")[:-1])


def is_index_note(path: str) -> bool:
    """True for a folder's own index note: `People/People.md`, `People/_People.md`, `README.md`, `index.md`."""
    name = names.fold(names.stem(path))
    parent = names.fold(names.folder(path).rsplit("/", 1)[-1])
    if name in _INDEX_NOTES or name == parent:
        return True
    return bool(parent) and name.endswith(parent) and re.sub(_ADORNMENT, "", name) == parent


@lru_cache(maxsize=512)  # a vault has many notes and few folders
def _kinds_of_folder(
    where: str, contacts: tuple[str, ...], posts: tuple[str, ...], goals: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """The kinds that the notes in the folder `where` may have for it, the first to be preferred, with the rule."""
    folded = f"/{names.fold(where)}/"
    parts = {names.fold(part) for part in where.split("/")} if where else set()
    return tuple(
        (kind, f"folder {folder}")
        for kind, folders in ((CONTACT, contacts), (POST, posts), (GOAL, goals))
        for folder in folders
        if _lies_in(folded, parts, names.fold(folder).strip("/"))
    )


def _lies_in(folded: str, parts: Collection[str], wanted: str) -> bool:
    return f"/{wanted}/" in folded if "/" in wanted else wanted in parts
