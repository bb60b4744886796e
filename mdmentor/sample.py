"""The sample vault that comes with mdmentor, copied with its dates filled in, and settings for an existing vault."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from mdmentor.core.dates import add_days
from mdmentor.core.model import CONTACT, GOAL, POST, Settings
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


def copy_template(target: Path, today: date, *, is_demo: bool = False) -> int:
    """Copies the template into an empty or new folder; the number of files. Raises RefusedToWrite for a full one.

    A demo gets all of it, with an employer. A vault to work in gets few examples, since they have to be deleted.
    """
    source = template_folder()
    if target.exists() and any(target.iterdir()):
        raise RefusedToWrite(f'"{target}" is not empty, so nothing was copied', "name a new folder")
    count = 0
    for file in sorted(source.rglob("*")):
        if not file.is_file():
            continue
        place = target / fill_dates(file.relative_to(source).as_posix(), today)
        data = file.read_bytes()
        if not is_demo and _is_demo_only(file.relative_to(source), data):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if is_demo and file.name == SETTINGS_FILE:
            data = data.replace(b"# employer = ", b"employer = ")
        if file.suffix in (".md", ".toml"):
            data = fill_dates(data.decode(), today).encode()
        place.write_bytes(data)
        count += 1
    return count


def is_sample(folder: Path) -> bool:
    """Whether a vault was made from the template: one of its people is there."""
    return any((folder / "people" / file.name).is_file() for file in (template_folder() / "people").iterdir())


def _is_demo_only(path: Path, data: bytes) -> bool:
    return path.parts[0] in ("people", "journal", "meetings", "goals") and b"\n  - example\n" not in data


_SETTINGS = """\
# mdmentor's settings for this vault. Every key may be left out.

[me]
# Contacts who work where you work are marked: think before you confide.
# employer = ["Analytical Engines"]

[contacts]
# Notes below these folders are contacts; so is any note with type: person or the tag person.
{contacts}

[posts]
# Notes below these folders are posts; so is any note with type: post or the tag post.
{posts}

[goals]
# Notes below these folders are goals; so is any note with type: goal.
{goals}

[reach_out]
# How many people a day are suggested.
per_day = {per_day}

[pages]
# Where the pages are written.
folder = "{pages_folder}"
"""


def settings_text(folders: Mapping[str, Counter[str]]) -> str:
    """A mdmentor.toml for an existing vault. `folders` counts for each kind the folders that have such notes."""
    defaults = Settings()

    def line(kind: str, default: tuple[str, ...]) -> str:
        found = [name for name, _ in folders.get(kind, Counter()).most_common()]
        listed = ", ".join(json.dumps(name, ensure_ascii=False) for name in found or default)
        return f"{'' if found else '# '}folders = [{listed}]"

    return _SETTINGS.format(
        contacts=line(CONTACT, defaults.contact_folders),
        posts=line(POST, defaults.post_folders),
        goals=line(GOAL, defaults.goal_folders),
        per_day=defaults.per_day,
        pages_folder=defaults.pages_folder,
    )
