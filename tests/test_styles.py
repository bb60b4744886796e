"""Small vaults in the styles of well-known tools and templates, and what a person would read in each.

A file of `tests/styles` is one vault: what it is, then the expected outcome, a line a fact, then its notes.
The sections are `== contacts` (path: name, rule), `== skipped` (path: reason), `== talks` (name: date channel: text
marks), `== facts` (name: the values of the card), `== promises` (name: due text) and `== problems` (path:line severity
code), each in any order and gone where there is none; a note begins with `== PATH`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import VaultOnDisk

STYLES = sorted((Path(__file__).parent / "styles").glob("*.txt"))
SECTIONS = ("contacts", "skipped", "talks", "facts", "promises", "problems")
FACTS = ("aliases", "tags", "email", "phone", "url", "company", "role", "location", "met", "source", "introduced_by",
         "cadence_days", "last_contact", "snooze", "paused", "helps_with", "wants", "mentor", "birthday")  # fmt: skip
DEFAULTS = (("cadence_days", 60), ("cadence_days", 180))


def read_style(file: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The expected lines of each section, sorted, and the notes."""
    _, *parts = file.read_text(encoding="utf-8").split("\n== ")
    named = {name.strip(): text for name, _, text in (part.partition("\n") for part in parts)}
    expected = {name: sorted(filter(None, named.pop(name, "").split("\n"))) for name in SECTIONS}
    return expected, {path: f"{text}\n" for path, text in named.items()}


def outcome(vault: VaultOnDisk) -> dict[str, list[str]]:
    """What the reading commands say, in the form of the files.

    Without links to notes that the small vault leaves out, and the days between two talks that are the default.
    """
    status, people = vault.json("status"), vault.json("contacts")
    talks, facts = [], []
    for who in people:
        for talk in who["interactions"]:
            channel = f"{talk['channel']}: " if talk["channel"] else ""
            marks = "".join(f" #{mark}" for mark in talk["marks"])
            talks.append(f"{who['name']}: {talk['date']} {channel}{talk['text']}{marks}".rstrip())
        known = {key: value for key in FACTS if (value := who[key]) and (key, value) not in DEFAULTS}
        shown = {key: ", ".join(value) if isinstance(value, list) else value for key, value in known.items()}
        facts.append(f"{who['name']}: " + "; ".join(f"{key} {value}" for key, value in shown.items()))
    lines = {
        "contacts": [f"{row['path']}: {row['name']}, {row['rule']}" for row in status["contacts"]],
        "skipped": [f"{row['path']}: {row['reason'].removeprefix('not a contact: ')}" for row in status["skipped"]],
        "talks": talks,
        "facts": [fact for fact in facts if not fact.endswith(": ")],
        "promises": [f"{one['name']}: {one['due'] or 'no date'} {one['text']}" for one in vault.json("promises")["promises"]],
        "problems": [f"{one['path']}:{one['line']} {one['severity']} {one['code']}" for one in vault.json("check")["problems"] if not one["code"].startswith("missing-")],
    }  # fmt: skip
    return {name: sorted(found) for name, found in lines.items()}


@pytest.mark.parametrize("style", STYLES, ids=[file.stem for file in STYLES])
def test_a_vault_of_this_style_is_read_as_a_person_would_read_it(style: Path, vault: VaultOnDisk) -> None:
    expected, notes = read_style(style)
    for path, text in notes.items():
        vault.add(path, text)
    assert as_text(outcome(vault)) == as_text(expected)


def as_text(lines: dict[str, list[str]]) -> str:
    return "".join(f"== {name}\n" + "".join(f"{line}\n" for line in found) for name, found in lines.items())


def test_there_are_enough_styles() -> None:
    assert len(STYLES) >= 12
