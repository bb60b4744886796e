"""The note of a day: where the user keeps such notes, and a new one from their own template."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime, time

from mdmentor.core import names
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.filling import fill_template, format_moment
from mdmentor.core.kinds import day_of_name
from mdmentor.core.model import DATED
from mdmentor.errors import RefusedToWrite
from mdmentor.hands.write import Hands
from mdmentor.index import moving

# Headings below which a line about people belongs, folded as keys are.
HEADINGS = frozenset({"people", "contacts", "log", "interactions", "interactionlog", "contactlog", "journal"})

_ISO = "YYYY-MM-DD"
_SETTINGS = ".obsidian/daily-notes.json"


def find_note(hands: Hands, day: date) -> tuple[str, bytes | None]:
    """The path of the day's note, and the bytes it begins with where there is none yet."""
    told = _obsidian(hands)
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
    return path, _fresh(hands, told.get("template", ""), names.stem(path), midnight)


def _obsidian(hands: Hands) -> dict[str, str]:
    """What Obsidian's settings say of daily notes; nothing where there are none that can be read."""
    try:
        told = json.loads(hands.vault.read(_SETTINGS)[0])
    except (OSError, ValueError):
        return {}
    return {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}


def _usual_folder(dated: list[str]) -> str:
    """The folder in which most notes named for a day alone lie."""
    plain = [
        names.folder(p) for p in dated if re.fullmatch(r"\d{4}-\d\d-\d\d", names.stem(p)) and day_of_name(p)
    ]
    return min(Counter(plain).items(), key=lambda t: (-t[1], t[0]))[0] if plain else "journal"


def _fresh(hands: Hands, template: str, title: str, now: datetime) -> bytes:
    """A new daily note: the vault's template filled in, else nothing but a heading."""
    known = moving.templates(hands.answers.sql)
    wanted = [template, f"{template}.md"] if template else []
    wanted += [p for p in known if names.fold_key(names.stem(p)) in ("daily", "dailynote", "journal", "day")]
    for path in wanted:
        if hands.vault.stamp(path) is not None:
            try:
                return fill_template(hands.read(path), title, now)
            except UnsafeEdit as error:
                raise RefusedToWrite(f"{path}: {error.reason}", error.mend) from error
    return f"# {title}\n\n".encode()
