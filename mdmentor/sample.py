"""The sample vault that comes with mdmentor, copied with its dates filled in, and settings for an existing vault."""

import json
import re
import textwrap
from collections.abc import Collection
from datetime import date
from pathlib import Path

from mdmentor.core.dates import add_days
from mdmentor.core.discovery import Doubt, Findings, Place, numbers
from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.core.text import clean, json_text
from mdmentor.errors import RefusedToWrite, WorldFailed
from mdmentor.vault import SETTINGS_FILE

# `{today-41}` is an ISO date, `{today+3:%m-%d}` any other form of one; doubled braces are a note template's own.
_DATE = re.compile(r"(?<!\{)\{today([+-]\d+)?(?::([^{}]+))?\}(?!\})")


def template_folder() -> Path:
    """The template as installed, or beside the package in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "vault-template", here.parent / "vault-template"):
        if folder.is_dir():
            return folder
    raise WorldFailed("the sample vault is missing from this installation", "install mdmentor again")


def fill_dates(text: str, today: date) -> str:
    """The text with every date of the template as it is when counted from `today`."""

    def day(match: re.Match[str]) -> str:
        found = add_days(today, int(match.group(1) or 0))
        return found.strftime(match.group(2)) if match.group(2) else found.isoformat()

    return _DATE.sub(day, text)


def is_empty_folder(folder: Path) -> bool:
    """Whether a folder is missing or holds nothing but what begins with a dot: `.git`, `.obsidian`."""
    return not folder.exists() or all(entry.name.startswith(".") for entry in folder.iterdir())


def copy_template(target: Path, today: date, *, is_demo: bool = False, has_people: bool = True) -> int:
    """Copies the template into an empty or new folder; the number of files. Raises RefusedToWrite for a full one.

    A demo gets all of it, with an employer. A vault to work in gets few examples, since they have to be deleted;
    without `has_people` it gets none of the invented people, and empty folders in their place.
    """
    source = template_folder()
    if not is_empty_folder(target):
        raise RefusedToWrite(f'"{target}" is not empty, so nothing was copied', "name a new folder")
    places: set[Path] = set()
    for file in sorted(source.rglob("*")):
        if not file.is_file():
            continue
        relative = file.relative_to(source)
        place = target / fill_dates(relative.as_posix(), today)
        if place in places:  # the calendar begins on 0001-01-01: the days before it are that day too
            continue
        data = file.read_bytes()
        is_of_people = relative.parts[0] in _OF_PEOPLE
        if has_people and is_of_people and not is_demo and b"\n  - example\n" not in data:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if is_of_people and not has_people:
            continue
        if not has_people and file.name == "Home.md":
            data = data.replace(_HOME_ON_PEOPLE, b"")
        if is_demo and file.name == SETTINGS_FILE:
            data = data.replace(b"# employer = ", b"employer = ")
        if file.suffix in (".md", ".toml"):
            data = fill_dates(data.decode(), today).encode()
        with place.open("xb") as new:
            new.write(data)
        places.add(place)
    return len(places)


def is_sample(folder: Path) -> bool:
    """Whether a vault was made from the template: one of its people is there."""
    return any((folder / "people" / file.name).is_file() for file in (template_folder() / "people").iterdir())


_OF_PEOPLE = ("people", "journal", "meetings", "goals")  # folders that are about invented people
_HOME_ON_PEOPLE = b"- The people who came with this vault are invented, and so is everything about them. Look around, then delete them.\n"

# --- settings for a vault that was there before -------------------------------------------------------------

SECTIONS = {CONTACT: "contacts", POST: "posts", GOAL: "goals"}
_WIDE = 79  # characters of a line
_HEAD = """\
# Settings of mdmentor for this vault, as `mdmentor init` found it. Every line
# may be left out, and no note needs any of them.
"""


def settings_text(findings: Findings, taken: Collection[Doubt]) -> str:
    """A mdmentor.toml for an existing vault: the template's, with the folders that were found and `taken`."""
    text = (template_folder() / SETTINGS_FILE).read_text(encoding="utf-8")
    text = _HEAD + text[text.index("\n\n") + 1 :]
    for kind, section in SECTIONS.items():
        found = [place.setting for place in findings.of_kind(kind) if place.setting]
        folders = dict.fromkeys([*found, *(doubt.folder for doubt in taken if doubt.kind == kind)])
        at = text.index("folders = ", text.index(f"[{section}]\n"))
        end = text.index("\n", at) + 1
        listed = [json_text(json.dumps(folder, ensure_ascii=False)) for folder in folders]
        line = f"folders = [{', '.join(listed)}]\n" if listed else text[at:end]
        if listed and len(line) > _WIDE + 1:
            line = "folders = [\n" + "".join(f"    {folder},\n" for folder in listed) + "]\n"
        text = text[:at] + _found_words(kind, findings, taken) + line + text[end:]
    return text


def _found_words(kind: str, findings: Findings, taken: Collection[Doubt]) -> str:
    """Comments that say what was found in each folder, and which folders were left out."""

    def counts(one: Place | Doubt) -> str:
        return f"{one.folder}: {numbers(one.notes, one.found, one.kind)}"

    doubts = [doubt for doubt in findings.doubts if doubt.kind == kind]
    found = [*map(counts, findings.of_kind(kind)), *(counts(doubt) for doubt in doubts if doubt in taken)]
    left = [counts(doubt) for doubt in doubts if doubt not in taken]
    item = textwrap.TextWrapper(
        _WIDE, initial_indent="#   ", subsequent_indent="#     ", break_on_hyphens=False
    )
    lines = ["# Found here:"] if found else []
    lines += (item.fill(clean(words)) for words in found)
    lines += ["# Not sure, so left out; if they belong here, name them below:"] if left else []
    lines += (item.fill(clean(words)) for words in left)
    return "".join(f"{line}\n" for line in lines)
