"""What `status` prints: what was found and by which rule, what was skipped and why, and the state of the index."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mdmentor.core.model import CONTACT, DATED, GOAL, NOTE, PAGE, POST
from mdmentor.core.text import counted, problem_words
from mdmentor.git.setup import find_problems
from mdmentor.heartbeat import Beat, read_beat
from mdmentor.index import notes
from mdmentor.queries import Queries
from mdmentor.vault import SETTINGS_FILE, Vault

MOST_SKIPPED = 20  # that are listed
# kind: what it is called, in the plural too, and how a note becomes one
_KINDS = {
    CONTACT: (
        "contact",
        "contacts",
        "a note is a contact in a folder people, contacts or crm, with type: person, or with the tag person",
    ),
    POST: (
        "post",
        "posts",
        "a note is a post in a folder posts, articles or advice, with type: post, or with the tag post",
    ),
    GOAL: (
        "goal",
        "goals",
        "a note is a goal in a folder goals, or with type: goal; its topics bring up who can help",
    ),
    DATED: ("dated note", "dated notes", ""),
    NOTE: ("plain note", "plain notes", ""),
    PAGE: ("page of mdmentor", "pages of mdmentor", ""),
}


@dataclass(frozen=True, slots=True)
class Status:
    """The facts, as JSON or in lines."""

    vault: str
    settings: str
    counts: dict[str, int]
    rules: list[tuple[str, str, int]]
    talks: int
    promises: int
    skipped: list[tuple[str, str]]  # path, why
    ignored: int
    problems: tuple[int, int, int]  # problems, hints, links to no note
    index: str
    index_bytes: int
    indexed_at: str
    warning: str
    git: list[str]  # what is set up of git, and incomplete
    watcher: Beat | None  # None where none runs

    def to_json(self) -> dict[str, object]:
        return {
            "vault": self.vault,
            "settings": self.settings,
            "counts": self.counts,
            "rules": [{"kind": kind, "rule": rule, "notes": number} for kind, rule, number in self.rules],
            "interactions": self.talks,
            "promises": self.promises,
            "skipped": [{"path": path, "why": why} for path, why in self.skipped],
            "ignored": self.ignored,
            "problems": sum(self.problems),
            "index": {
                "path": self.index,
                "bytes": self.index_bytes,
                "at": self.indexed_at,
                "warning": self.warning,
            },
            "git": self.git,
            "watcher": self.watcher.to_json() if self.watcher else None,
        }

    def lines(self) -> list[str]:
        """One fact a line; details of a fact are indented below it."""
        lines = [f"Vault: {self.vault}", f"Settings: {self.settings}", ""]
        for kind, (one, many, hint) in _KINDS.items():
            number = self.counts.get(kind, 0)
            lines.append(counted(number, one, many))
            if hint:
                lines += [f"  {n} by {rule}" for k, rule, n in self.rules if k == kind]
                lines += [] if number else [f"  {hint}"]
        talks, promises = counted(self.talks, "dated contact"), counted(self.promises, "open promise")
        lines += ["", f"{talks} in the notes, {promises}"]
        if self.skipped:
            lines += ["", f"Skipped: {len(self.skipped)}"]
            lines += [f"  {path}: {why}" for path, why in self.skipped[:MOST_SKIPPED]]
            if len(self.skipped) > MOST_SKIPPED:
                lines.append(f"  and {len(self.skipped) - MOST_SKIPPED} more; see: mdmentor check")
        if self.ignored:
            lines.append(f"Ignored by the patterns in the settings: {counted(self.ignored, 'note')}")
        see = "; see: mdmentor check" if any(self.problems) else ""
        lines += ["", problem_words(self.problems) + see]
        size = f"{self.index_bytes / 2**20:.1f} MB"
        lines.append(f"Index: {self.index} ({size}), last changed {self.indexed_at}")
        if self.warning:
            lines.append(self.warning)
        none = "Watcher: none; start one with: mdmentor watch"
        return [*lines, *self.git, self.watcher.in_words() if self.watcher else none]


def describe(vault: Vault, queries: Queries) -> Status:
    """The status of a vault whose index has just been brought up to date."""
    index, file = queries.index, Path(queries.index.path)
    try:
        info = os.stat(file)
        size = info.st_size
        at = datetime.fromtimestamp(info.st_mtime, UTC).astimezone().isoformat(" ", "seconds")
    except (OSError, ValueError):
        size, at = 0, "never"
    scan = vault.scan(queries.settings)
    unread = [p for p in notes.problems(index) if p.code in ("too-big", "binary", "unreadable")]
    has_settings = (vault.root / SETTINGS_FILE).is_file()
    return Status(
        vault=vault.folder,
        settings=SETTINGS_FILE if has_settings else f"none (no {SETTINGS_FILE}; the defaults apply)",
        counts=notes.counts(index),
        rules=notes.rules(index),
        talks=notes.count_entries(index, "talk"),
        promises=notes.count_entries(index, "promise"),
        skipped=sorted({(p.path, p.what) for p in (*scan.problems, *unread)}),
        ignored=scan.ignored,
        problems=notes.count_problems(index),
        index=os.fspath(file),
        index_bytes=size,
        indexed_at=at,
        warning=index.warning,
        git=[f"Git: {p.what}; {p.fix}" for p in find_problems(vault.root)],
        watcher=read_beat(file),
    )
