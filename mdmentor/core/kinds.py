"""What kind of note a note is, and by which rule: contact, post, goal, dated note, page or plain note.

Decided from the path, the front matter and the tags alone. An explicit type beats the folder, the folder beats a tag;
a note in a templates folder is a plain note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mdmentor.core import names
from mdmentor.core.frontmatter.keys import TYPE_KEYS
from mdmentor.core.model import CONTACT, DATED, GOAL, NOTE, PAGE, POST, Field, Settings

PERSON_WORDS = frozenset({"person", "people", "contact", "contacts"})
POST_WORDS = frozenset({"post", "posts", "article", "articles", "advice"})
GOAL_WORDS = frozenset({"goal", "goals"})
MEETING_WORDS = frozenset({"meeting", "meetings"})
_KINDS = {CONTACT: PERSON_WORDS, POST: POST_WORDS, GOAL: GOAL_WORDS, DATED: MEETING_WORDS}
_KIND_OF_TAG = {"person": CONTACT, "people": CONTACT, "contact": CONTACT, "post": POST}

# Logseq names its journal 2026_11_22; dots are seen as well.
_DAY = re.compile(r"(\d{4})([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_IN_TEMPLATES = re.compile(r"(?i)(?:^|/)[\W\d_]*templates?[\W\d_]*/")
_ADORNMENT = r"^[\W_]+"  # as in `_People.md` or with an emoji of a folder before it
_INDEX_NOTES = frozenset({"readme", "index", "_index"})

GENERATED = "generated-by: mdmentor"  # the line that makes a note a page of ours
_GENERATED_WITHIN = 600  # characters from the start of a page, also where git left conflict marks there


def kind_of(path: str, fields: Sequence[Field], tags: Iterable[str], settings: Settings) -> tuple[str, str]:
    """The kind of the note and the rule that says so, in words for `status`."""
    values = {field.key: field.values for field in fields}
    if values.get("generatedby") == ("mdmentor",):
        return PAGE, GENERATED
    if is_template(path, settings):
        return NOTE, "in a templates folder"
    for word in _words(field for field in fields if field.key in TYPE_KEYS):
        for kind, words in _KINDS.items():
            if word in words and (kind != DATED or values.get("date")):
                return kind, f"type {word}"
    if day_of_name(path):
        return DATED, "name starts with a date"
    has_own_type = any(_words(field for field in fields if field.key == "type"))
    for kind, why in [*_by_folder(path, settings), *_by_tag(tags)]:
        if kind != CONTACT or not has_own_type:
            return kind, why
    return NOTE, ""


def _words(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        for value in field.values:
            yield from map(names.fold_topic, value.split(","))


def _by_folder(path: str, settings: Settings) -> Iterator[tuple[str, str]]:
    """The kinds that a note may have for the folders it lies in, the preferred one first, each with the rule."""
    where = f"/{names.fold(names.folder(path))}/"
    kinds = (
        (CONTACT, settings.contact_folders),
        (POST, settings.post_folders),
        (GOAL, settings.goal_folders),
    )
    for kind, folders in kinds:
        for folder in folders:
            if f"/{names.fold(folder).strip('/')}/" in where and not is_index_note(path):
                yield kind, f"folder {folder}"


def _by_tag(tags: Iterable[str]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        root = names.fold(tag).split("/", 1)[0]
        if root in _KIND_OF_TAG:
            yield _KIND_OF_TAG[root], f"tag {root}"


def is_generated(content: str | bytes | None) -> bool:
    """True for the content of a page or picture that mdmentor wrote."""
    start = (content or "")[:_GENERATED_WITHIN]
    return GENERATED in (start.decode("utf-8", "replace") if isinstance(start, bytes) else start)


def day_of_name(path: str) -> date | None:
    """The date that a file's name starts with; None without one or for an impossible one.

    `202611221530 idea.md`, the name of a slip-box note, starts with no date: the digits go on.
    """
    match = _DAY.match(path, path.rfind("/") + 1)
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None


def is_template(path: str, settings: Settings) -> bool:
    """True for a note in a folder of templates, whatever it is numbered ("99 Templates"), or in one set in Obsidian."""
    folded = names.fold(path)
    is_set = any(folded.startswith(names.fold(folder) + "/") for folder in settings.template_folders)
    return is_set or bool(_IN_TEMPLATES.search(path))


def is_index_note(path: str) -> bool:
    """True for a folder's own index note: `People/People.md`, `People/_People.md`, `README.md`, `index.md`."""
    name = names.fold(names.stem(path))
    parent = names.fold(names.folder(path).rsplit("/", 1)[-1])
    return name in _INDEX_NOTES or (bool(parent) and parent in (name, re.sub(_ADORNMENT, "", name)))
