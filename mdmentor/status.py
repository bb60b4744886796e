"""What `status` tells: what was found and by which rule, what was skipped and why, and how the index fares."""

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

_WORDS = (
    (CONTACT, "contact"),
    (POST, "post"),
    (GOAL, "goal"),
    (DATED, "dated note"),
    (NOTE, "plain note"),
    (PAGE, "page of ours"),
)


@dataclass(frozen=True, slots=True)
class Status:
    """The facts; `to_json` and `lines` tell the same."""

    vault: str
    settings: str
    counts: dict[str, int]
    rules: list[tuple[str, str, int]]
    talks: int
    promises: int
    skipped: list[tuple[str, str]]  # path, why
    ignored: int
    problems: tuple[int, int, int]  # then hints, then links that name no note
    index: str
    index_bytes: int
    indexed_at: str
    warning: str
    git: tuple[str, ...]  # what is set up of git by half
    watcher: Beat | None  # None where none is alive

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
            "git": list(self.git),
            "watcher": self.watcher.to_json() if self.watcher else None,
        }

    def lines(self) -> list[str]:
        """The same in words, a sentence each; what belongs to one is indented below it."""
        told = [f"Vault: {self.vault}", f"Settings: {self.settings}", ""]
        for kind, word in _WORDS:
            number = self.counts.get(kind, 0)
            told.append(counted(number, word, word.replace("page of", "pages of") if "of" in word else ""))
            told += [
                f"  {n} by {rule}" for k, rule, n in self.rules if k == kind and k not in (NOTE, PAGE, DATED)
            ]
            if not number:
                told.append(f"  {_ZERO[kind]}") if kind in _ZERO else None
        told += [
            "",
            f"{counted(self.talks, 'dated contact')} in the notes, {counted(self.promises, 'open promise')}",
        ]
        if self.skipped:
            told += ["", f"Skipped: {len(self.skipped)}"]
            told += [f"  {path}: {why}" for path, why in self.skipped[:20]]
            if len(self.skipped) > 20:
                told.append(f"  and {len(self.skipped) - 20} more; see: mdmentor check")
        if self.ignored:
            told.append(f"Left out by the settings' ignore patterns: {counted(self.ignored, 'note')}")
        told += [
            "",
            problem_words(self.problems) + ("; see: mdmentor check" if any(self.problems) else ""),
        ]
        told.append(
            f"Index: {self.index} ({self.index_bytes / 2**20:.1f} MB), last changed {self.indexed_at}"
        )
        if self.warning:
            told.append(self.warning)
        told += self.git
        told.append(
            self.watcher.in_words() if self.watcher else "Watcher: none; start one with: mdmentor watch"
        )
        return told


_ZERO = {
    CONTACT: "a note is a contact in a folder people, contacts or crm, with type: person, or with the tag person",
    POST: "a note is a post in a folder posts, articles or advice, with type: post, or with the tag post",
    GOAL: "a note is a goal in a folder goals, or with type: goal; its topics bring up who can help",
}


def describe(vault: Vault, queries: Queries) -> Status:
    """The status of a vault whose index has just been brought up to date."""
    settings_file = vault.root / SETTINGS_FILE
    file = Path(queries.index.path)
    try:
        info = os.stat(file)
        size, at = (
            info.st_size,
            datetime.fromtimestamp(info.st_mtime, UTC).astimezone().isoformat(" ", "seconds"),
        )
    except (OSError, ValueError):
        size, at = 0, "never"
    scan = vault.scan(queries.settings)
    skipped = [(p.path, p.what) for p in scan.problems]
    skipped += [
        (p.path, p.what)
        for p in notes.problems(queries.index)
        if p.code in ("too-big", "binary", "unreadable")
    ]
    return Status(
        vault=os.fspath(vault.root),
        settings=SETTINGS_FILE
        if settings_file.is_file()
        else f"none ({SETTINGS_FILE} is not there; the defaults hold)",
        counts=notes.counts(queries.index),
        rules=notes.rules(queries.index),
        talks=notes.count_entries(queries.index, "talk"),
        promises=notes.count_entries(queries.index, "promise"),
        skipped=sorted(set(skipped)),
        ignored=scan.ignored,
        problems=notes.count_problems(queries.index),
        index=os.fspath(file),
        index_bytes=size,
        indexed_at=at,
        warning=queries.index.warning,
        git=tuple(f"Git: {p.what}; {p.fix}" for p in find_problems(vault.root)),
        watcher=read_beat(file),
    )
