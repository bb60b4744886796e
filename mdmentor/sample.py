"""The vault that comes with mdmentor: copying it with its dates filled in, and naming what an old vault holds."""

from __future__ import annotations

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
        told = add_days(today, int(match.group(1) or 0))
        return told.strftime(match.group(2)) if match.group(2) else told.isoformat()

    return _DATE.sub(day, text)


def copy_template(target: Path, today: date, *, is_demo: bool = False) -> int:
    """Copies the template into an empty or new folder; the number of files. Raises RefusedToWrite for a full one.

    A demo gets all of it, with an employer, so that everything there is to show is shown. A vault to work in
    gets few examples: those people, goals and days would only have to be deleted.
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
    """Whether the vault in a folder was made from the template: somebody of its people is there."""
    return any((folder / "people" / file.name).is_file() for file in (template_folder() / "people").iterdir())


def _is_demo_only(path: Path, data: bytes) -> bool:
    return path.parts[0] in ("people", "journal", "meetings", "goals") and b"\n  - example\n" not in data


def settings_text(folders: Mapping[str, Counter[str]]) -> str:
    """The mdmentor.toml for a vault that was there before, naming the folders that were found in it.

    `folders` counts for each kind the folders in which such notes lie.
    """
    defaults = Settings()
    lines = [
        "# mdmentor's settings for this vault. Every key may be left out.",
        "",
        "[me]",
        "# Contacts who work where you work are marked: mind what you confide.",
        '# employer = ["Analytical Engines"]',
        "",
    ]
    sections = (
        (
            CONTACT,
            "contacts",
            "Notes below these folders are contacts; so is any note with type: person or the tag person.",
            defaults.contact_folders,
        ),
        (
            POST,
            "posts",
            "Notes below these folders are posts; so is any note with type: post or the tag post.",
            defaults.post_folders,
        ),
        (
            GOAL,
            "goals",
            "Notes below these folders are goals; so is any note with type: goal.",
            defaults.goal_folders,
        ),
    )
    for kind, section, words, default in sections:
        found = [name for name, _ in folders.get(kind, Counter()).most_common()]
        lines += [f"[{section}]", f"# {words}"]
        listed = ", ".join(_quoted(name) for name in (found or default))
        lines += [f"{'' if found else '# '}folders = [{listed}]", ""]
    lines += [
        "[reach_out]",
        "# How many people a day are suggested.",
        f"per_day = {defaults.per_day}",
        "",
        "[pages]",
        "# Where the pages are written.",
        f'folder = "{defaults.pages_folder}"',
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
