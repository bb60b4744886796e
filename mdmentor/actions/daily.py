"""The note of a day: where the user keeps such notes, and a new one from their own template."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time

from mdmentor.actions.edit import Hands
from mdmentor.config import DAILY_FILE, read_json
from mdmentor.core import names
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.kinds import day_of_name
from mdmentor.core.model import DATED
from mdmentor.core.templates import fill_template, format_moment
from mdmentor.errors import RefusedToWrite
from mdmentor.index import moving
from mdmentor.plain_file import read_plain_file

# Headings below which a line about people belongs, folded as keys are.
HEADINGS = frozenset({"people", "contacts", "log", "interactions", "interactionlog", "contactlog", "journal"})

_ISO = "YYYY-MM-DD"


def find_note(hands: Hands, day: date) -> tuple[str, bytes | None]:
    """The path of the day's note, and the bytes it begins with where there is none yet."""
    told, _ = read_json(hands.vault.folder, DAILY_FILE)
    dated = moving.paths_of_kind(hands.answers.sql, DATED)
    folder = told.get("folder", "").strip("/") if told else _usual_folder(dated)
    midnight = datetime.combine(day, time())
    name = format_moment(told.get("format") or _ISO, midnight) or day.isoformat()
    path = f"{folder}/{name}.md" if folder else f"{name}.md"
    if hands.vault.stamp(path) is not None:
        return path, None
    here = [p for p in dated if names.stem(p) == day.isoformat()]
    if len(here) == 1 and hands.vault.stamp(here[0]) is not None:
        return here[0], None
    if not names.fits_everywhere(path):
        mend = "change folder or format of daily notes in Obsidian's settings"
        raise RefusedToWrite(f'"{path}" as a daily note cannot be kept on every system', mend)
    return path, _fresh(hands, told.get("template", "").strip().strip("/"), names.stem(path), midnight)


def _usual_folder(dated: list[str]) -> str:
    """The folder in which most notes named for a day alone lie."""
    plain = [
        names.folder(p) for p in dated if re.fullmatch(r"\d{4}-\d\d-\d\d", names.stem(p)) and day_of_name(p)
    ]
    return min(Counter(plain).items(), key=lambda t: (-t[1], t[0]))[0] if plain else "journal"


def _fresh(hands: Hands, template: str, title: str, now: datetime) -> bytes:
    """A new daily note: the vault's template filled in, else nothing but a heading."""
    known = moving.templates(hands.answers.sql)
    wanted = [template if template.lower().endswith(".md") else f"{template}.md"] if template else []
    wanted += [p for p in known if names.fold_key(names.stem(p)) in ("daily", "dailynote", "journal", "day")]
    for path in wanted:
        data = read_template(hands, path, is_named=bool(template) and path == wanted[0])
        if data is not None:
            try:
                return fill_template(data, title, now)
            except UnsafeEdit as error:
                raise RefusedToWrite(f"{path}: {error.reason}", error.mend) from error
    return f"# {title}\n\n".encode()


def read_template(hands: Hands, path: str, *, is_named: bool = False) -> bytes | None:
    """The bytes of a template in the vault; None, with words for the user, where it cannot be used.

    One that `is_named` in settings and is not there is told as well.
    """
    try:
        return read_plain_file(hands.vault.folder, path)
    except FileNotFoundError:
        if is_named:
            hands.words.append(f"{path}: the template is not there, so it is not used")
        return None
    except OSError as error:
        reason = f"cannot be read ({error.strerror})" if error.strerror else str(error)
        hands.words.append(f"{path}: the template {reason}, so it is not used")
        return None
