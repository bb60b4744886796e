"""What a contact is called, where no `name` says so: by the heading that opens the note, else by the file's name."""

from __future__ import annotations

import re

from mdmentor.core import names, words

_ID = re.compile(
    r"^\d{8,14}(?:[-_ ]+|$)"
)  # as slip-boxes and org-roam begin a name: `20210507123000-ann_smith`
_SLUG = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)+")


def contact_name(path: str, heading: str) -> str:
    """The name of the contact at `path`; `heading` is the first-level heading that opens the note, or "".

    The heading counts where it shares a word with the file's name, or where that is a slug or an id. A heading such
    as Notes or Contact never does.
    """
    stem = names.stem(path)
    if heading and words.whole(heading) not in words.NO_NAME:
        shared = set(words.split(heading)) & set(words.split(stem))
        if shared or not _is_spelled_out(stem):
            return heading
    return name_of_file(stem)


def name_of_file(stem: str) -> str:
    """A file's name in words: without `@`, `people.` or an id in front, and `ann-smith` as Ann Smith."""
    name = stem.strip()
    if name.lower().startswith("people."):
        name = name[len("people.") :]
    name = name.lstrip("@").strip() or name
    without_id = _ID.sub("", name)
    name = without_id or name
    if _SLUG.fullmatch(name) and name == name.lower():
        name = " ".join(word.capitalize() for word in re.split(r"[-_.]", name))
    return name


def _is_spelled_out(stem: str) -> bool:
    """Whether a file's name is written as a name, not as a slug or an id: `ann-smith`, `jdoe`."""
    is_slug = _SLUG.fullmatch(stem) or (stem == stem.lower() and " " not in stem and stem.isascii())
    return not (_ID.match(stem) or is_slug)
