"""What `status` prints: what was found and by which rule, what was skipped and why, and the state of the index."""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from mdmentor.core import kinds, names, words
from mdmentor.core.kinds import IN_TEMPLATES
from mdmentor.core.model import CONTACT, DATED, GOAL, NOTE, PAGE, POST, UNREAD, UTF_16
from mdmentor.core.text import counted, problem_words
from mdmentor.git.setup import find_problems
from mdmentor.heartbeat import read_beat
from mdmentor.index import notes
from mdmentor.queries import Queries
from mdmentor.vault import SETTINGS_FILE
from mdmentor.vault.folders import Scan

MOST_SKIPPED = 5  # that are listed unless all are asked for; more templates of a folder are always one line
# Endings of files beside the notes that may well hold somebody, in a contacts folder.
_TEXTS = (".markdown", ".mdown", ".mkd", ".mdx", ".txt", ".org", ".rtf", ".vcf")
_KINDS = {
    CONTACT: "contact",
    POST: "post",
    GOAL: "goal",
    DATED: "dated note",
    NOTE: "plain note",
    PAGE: "page",
}
# How a note becomes one of a kind.
_HINTS = {
    CONTACT: "in a folder people, contacts or crm, with type: person, or with the tag person",
    POST: "in a folder posts, articles or advice, with type: post, or with the tag post",
    GOAL: "in a folder goals, or with type: goal; its topics bring up who can help",
}


class IndexFile(NamedTuple):
    path: str
    bytes: int
    at: str  # when it last changed
    warning: str


class Status:
    """The facts about a vault, as JSON or in lines."""

    def __init__(self, queries: Queries, scan: Scan) -> None:
        """Of a vault whose index was brought up to date with `scan`."""
        index, file, root = queries.index, Path(queries.index.path), Path(queries.index.root)
        size, at = 0, "never"
        with suppress(OSError, ValueError):
            size, changed = file.stat().st_size, file.stat().st_mtime
            at = datetime.fromtimestamp(changed, UTC).astimezone().isoformat(" ", "seconds")
        rules = [
            (path, kind, name, _without_words(rule) if confidential else rule)
            for path, kind, name, rule, confidential in notes.note_rules(index)
        ]
        numbers = Counter((kind, rule) for _, kind, _, rule in rules if rule).items()
        by_rule = sorted(numbers, key=lambda one: (one[0][0], -one[1], one[0][1]))
        contacts = sorted((name.casefold(), p, name, by) for p, kind, name, by in rules if kind == CONTACT)
        has_settings = (root / SETTINGS_FILE).is_file()
        self.vault = index.root
        self.settings = SETTINGS_FILE if has_settings else f"none (no {SETTINGS_FILE}; the defaults apply)"
        self.counts = notes.counts(index)
        self.rules = [{"kind": kind, "rule": rule, "notes": number} for (kind, rule), number in by_rule]
        self.interactions = notes.count_entries(index, "talk")
        self.promises = notes.count_entries(index, "promise")
        self.contacts = [{"path": path, "name": name, "rule": rule} for _, path, name, rule in contacts]
        self.skipped = _find_skipped(scan, queries, rules)
        self.ignored = scan.ignored
        self.problems = notes.count_problems(index)  # problems, hints, links to no note
        self.index = IndexFile(os.fspath(file), size, at, index.warning)
        self.git = [f"Git: {p.what}; {p.fix}" for p in find_problems(root)]  # where the setup is incomplete
        self.watcher = read_beat(file)  # None where none runs

    def to_json(self) -> dict[str, object]:
        return {
            **vars(self),
            "skipped": [{"path": path, "reason": why, "why": why} for path, why in self.skipped],
            "problems": sum(self.problems),
            "index": self.index._asdict(),
            "watcher": self.watcher and self.watcher._asdict(),
        }

    def lines(self) -> list[str]:
        """One fact a line; details of a fact are indented below it."""
        lines = [f"Vault: {self.vault}", f"Settings: {self.settings}", ""]
        for kind, called in _KINDS.items():
            number = self.counts.get(kind, 0)
            lines.append(counted(number, called) + " of mdmentor" * (kind == PAGE))
            if kind in _HINTS:
                lines += [f"  {of['notes']} by {of['rule']}" for of in self.rules if of["kind"] == kind]
                lines += [] if number else [f"  a note is a {called} {_HINTS[kind]}"]
        talks, promises = counted(self.interactions, "talk"), counted(self.promises, "open promise")
        lines += ["", f"{talks} in the notes, {promises}"]
        if self.skipped:
            total, *skipped = self.skipped_lines()
            lines += ["", total, *skipped[:MOST_SKIPPED]]
            if len(skipped) > MOST_SKIPPED:
                lines.append(f"  and {len(skipped) - MOST_SKIPPED} more; see: mdmentor status --skipped")
        if self.ignored:
            lines.append(f"Ignored by the patterns in the settings: {counted(self.ignored, 'note')}")
        see = "; see: mdmentor check" if any(self.problems) else ""
        lines += ["", problem_words(self.problems) + see]
        index = self.index
        lines.append(f"Index: {index.path} ({index.bytes / 2**20:.1f} MB), last changed {index.at[:19]}")
        if index.warning:
            lines.append(index.warning)
        none = "Watcher: none; start one with: mdmentor watch"
        return [*lines, *self.git, self.watcher.in_words() if self.watcher else none]

    def contact_lines(self) -> list[str]:
        """Everybody who counts as a contact, and by which rule."""
        lines = ["{path}: {name}, by {rule}".format(**who) for who in self.contacts]
        return [f"Contacts: {len(lines)}", *(f"  {line}" for line in lines)]

    def skipped_lines(self) -> list[str]:
        """All that was left out, with the reason; a folder of many templates is one line."""
        templates = Counter(names.folder(path) for path, why in self.skipped if why == IN_TEMPLATES)

        def line(path: str, why: str) -> str:
            folder = names.folder(path)
            number = templates[folder] if why == IN_TEMPLATES else 0
            return f"{folder}/: {number} notes {why}" if number > MOST_SKIPPED else f"{path}: {why}"

        return [f"Skipped: {len(self.skipped)}", *dict.fromkeys(f"  {line(*one)}" for one in self.skipped)]


def _find_skipped(
    scan: Scan, queries: Queries, rules: Sequence[tuple[str, str, str, str]]
) -> list[tuple[str, str]]:
    """(path, why) of all that was left out: files that are not read, and notes that might hold somebody."""
    found = {(p.path, p.what) for p in scan.problems}
    unread = {
        p.path: p.what
        for p in reversed(notes.problems(queries.index))
        if p.code in UNREAD and (p.code != "not-utf8" or p.what == UTF_16)
    }
    found.update(unread.items())
    for path, kind, _, rule in rules:
        if kind in (CONTACT, PAGE) or path in unread:
            continue
        if rule.startswith("not a contact") or rule == IN_TEMPLATES:
            found.add((path, rule))
        elif kinds.contacts_folder(path, queries.settings):
            found.add((path, f"not a contact: a {_KINDS[kind]}" + (f" ({rule})" if rule else "")))
    found.update((path, "ignored by a pattern in the settings") for path in scan.ignored_paths)
    texts = (path for path in scan.attachments if path.lower().endswith(_TEXTS))
    what = "not a Markdown note, whose name ends in .md"
    found.update((path, what) for path in texts if kinds.contacts_folder(path, queries.settings))
    return sorted(found)


def _without_words(rule: str) -> str:
    """The rule for a confidential note: of a tag or type only the word that says "person", if any."""
    before, word, value = rule.rpartition("tag ") if "tag " in rule else rule.rpartition("type ")
    if not word or "folder " in rule:
        return rule
    known = (part for part in value.split("/") if names.fold_plain(part) in (*words.PERSON, "crm"))
    return f"{before}{word}{next(known, '')}".strip()
