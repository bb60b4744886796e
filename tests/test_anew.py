"""Where nearly all notes changed, the index is filled anew: it then tells what it would have told the ordinary way."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from mdmentor import anew, reading
from mdmentor.core.parse import MOST_BYTES
from mdmentor.index import put
from mdmentor.index.put import Writer
from mdmentor.report import Report
from mdmentor.vault import Scan, Stamp, Vault
from tests.conftest import VaultOnDisk
from tests.test_index import BODIES, FOLDERS, NAMES, known

CONFLICT = "# Ada\n<<<<<<< one\n- 2026-11-01 call: a\n=======\n- 2026-11-02 call: b\n>>>>>>> two\n"
Read = Callable[[Vault, str, int], tuple[bytes, Stamp]]


def fill(vault: VaultOnDisk, turn: int) -> None:
    """Notes of all sorts that say something else in each turn, but for those in no folder."""
    for place, folder in enumerate(FOLDERS):
        for number, name in enumerate(NAMES):
            body = BODIES[(number + place * (turn + 1)) % len(BODIES)]
            data = body if isinstance(body, bytes) else body.encode()
            if folder or not turn:
                vault.add(
                    f"{folder}{name}.md", data + f"\n- 2026-10-0{turn + 1} call with [[Ada]]\n".encode()
                )


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[Writer]:
    """Few notes are many; the times that an index was filled anew."""
    monkeypatch.setattr(anew, "MANY", 5)
    monkeypatch.setattr(anew, "_SHARE", 0.6)
    monkeypatch.setattr(reading, "RACY_NS", 0)
    monkeypatch.setattr(put, "_MANY", 5)
    found: list[Writer] = []
    start_over = Writer.start_over

    def counted(self: Writer) -> None:
        found.append(self)
        start_over(self)

    monkeypatch.setattr(Writer, "start_over", counted)
    return found


def both_ways(vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> tuple[Report, Report]:
    """What two indexes report that knew the same, the second of which goes the ordinary way; they know the same again."""
    other = VaultOnDisk(vault.root, vault.cache.with_name("other"))
    shutil.rmtree(other.cache, ignore_errors=True)
    shutil.copytree(vault.cache, other.cache)
    first = vault.reindex(check=True)
    with monkeypatch.context() as much:
        much.setattr(anew, "MANY", 10**9)
        second = other.reindex(check=True)
    assert known(vault) == known(other)
    return first, second


def counts(report: Report) -> tuple[int, ...]:
    return report.added, report.changed, report.removed, report.notes, report.contacts, report.problems


def test_an_index_filled_anew_knows_and_reports_the_same(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, starts: list[Writer]
) -> None:
    fill(vault, 0)
    vault.add("people/Ada (conflicted copy).md", "told as a file, of no note\n")
    vault.reindex()
    fill(vault, 1)
    (vault.root / "people/Ada.md").unlink()
    vault.add("people/Zora.md", "with [[Grace]]\n")
    first, second = both_ways(vault, monkeypatch)
    assert counts(first) == counts(second)
    assert first.changed > 20
    assert len(starts) == 1
    assert vault.reindex().changed == 0 and len(starts) == 1


def test_settings_by_which_all_is_read_anew_fill_the_index_anew(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, starts: list[Writer]
) -> None:
    fill(vault, 0)
    vault.reindex()
    vault.add("mdmentor.toml", '[contacts]\nfolders = ["Work"]\n')
    first, second = both_ways(vault, monkeypatch)
    assert counts(first) == counts(second)
    assert len(starts) == 1


def test_new_notes_beside_known_ones_go_in_the_ordinary_way(vault: VaultOnDisk, starts: list[Writer]) -> None:
    vault.add("plain.md", "")
    vault.reindex()
    fill(vault, 0)
    vault.add("plain.md", "more\n")
    assert vault.reindex().added > 40
    assert starts == []


def test_notes_that_were_only_touched_stay_as_they_are(vault: VaultOnDisk, starts: list[Writer]) -> None:
    fill(vault, 0)
    vault.reindex()
    for file in vault.root.rglob("*.md"):
        file.write_bytes(file.read_bytes())
    assert vault.reindex().changed == 0
    assert starts == []


@pytest.mark.parametrize("meanwhile", ["gone", "unreadable", "conflicted", "unknown"])
def test_what_was_known_of_a_note_that_cannot_be_read_stays(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, starts: list[Writer], meanwhile: str
) -> None:
    vault.add("people/kept/Kept.md", "# Ada Kept\n## Log\n- 2026-10-14 call: tea\n")
    fill(vault, 0)
    vault.reindex()
    fill(vault, 1)
    if meanwhile == "conflicted":
        vault.add("people/kept/Kept.md", CONFLICT)
    else:
        vault.add("people/kept/Kept.md", "others\n")
        _hinder(monkeypatch, meanwhile)
    first, second = both_ways(vault, monkeypatch)
    assert counts(first) == counts(second)
    assert any(path == "people/kept/Kept.md" and "tea" in shown for path, _, shown, _ in known(vault)["body"])
    fill(vault, 2)
    both_ways(vault, monkeypatch)
    # one was begun and left for the ordinary way; then it was known beforehand, but for what is gone or out of sight
    assert len(starts) == {"gone": 2, "unknown": 0}.get(meanwhile, 1)


def _hinder(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """From now on the note cannot be read, or the folder of it cannot be listed."""
    read, walk = Vault.read, Vault.walk

    def hindered(self: Vault, path: str, most: int = MOST_BYTES) -> tuple[bytes, Stamp]:
        if path == "people/kept/Kept.md":
            raise FileNotFoundError if how == "gone" else PermissionError
        return read(self, path, most)

    def unlisted(self: Vault, *words: object) -> Scan:
        scan = walk(self, *words)  # type: ignore[arg-type]
        scan.unknown.append("people/kept")
        scan.notes.pop("people/kept/Kept.md", None)
        scan.folders.pop("people/kept", None)
        return scan

    monkeypatch.setattr(*(Vault, "walk", unlisted) if how == "unknown" else (Vault, "read", hindered))
