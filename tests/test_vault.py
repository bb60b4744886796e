"""The folder of notes: what a scan sees, and that writing never loses a byte."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.settings import Settings
from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed
from mdmentor.vault import SETTINGS_FILE, Vault, find_vault, is_part_of_vault
from mdmentor.vault import walk as walking
from mdmentor.vault.belonging import is_temporary


def put(root: Path, path: str, data: bytes = b"x\n") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def seen(root: Path, **settings: object) -> list[str]:
    return sorted(Vault(root).scan(Settings(**settings)).notes)  # type: ignore[arg-type]


def test_a_scan_sees_notes_of_any_depth_and_case_of_ending(tmp_path: Path) -> None:
    for path in ("a.md", "b/c/d.md", "UPPER.MD"):
        put(tmp_path, path)
    assert seen(tmp_path) == ["UPPER.MD", "a.md", "b/c/d.md"]


def test_dot_folders_node_modules_and_temporary_files_are_no_part(tmp_path: Path) -> None:
    for path in (
        ".obsidian/x.md",
        ".trash/x.md",
        "node_modules/x.md",
        ".hidden.md",
        "~$a.md",
        "a.md~",
        "b/.git/x.md",
    ):
        put(tmp_path, path)
    scan = Vault(tmp_path).scan(Settings())
    assert not scan.notes and not scan.attachments


@pytest.mark.parametrize(
    "path",
    [
        "a.md",
        ".x.md",
        "b/.git/c.md",
        "node_modules/a.md",
        "a.md~",
        "4913",
        "sedAbC123",
        ".a.md.swp",
        "#a.md#",
        "drafts/a.md",
        "d/e.md",
    ],
)
def test_watcher_and_scan_decide_alike_what_belongs(tmp_path: Path, path: str) -> None:
    put(tmp_path, path)
    settings = Settings(ignore=("drafts/",))
    scan = Vault(tmp_path).scan(settings)
    assert is_part_of_vault(path, settings) == (path in scan.notes or path in scan.attachments)


@given(
    name=st.text("~$#.aS", max_size=4)
    | st.tuples(
        *[
            st.sampled_from(
                [
                    "",
                    "a",
                    ".",
                    "~",
                    "#",
                    "4913",
                    "sed",
                    "Sedab1XYZ",
                    "sedab-xyz",
                    ".TMP",
                    ".swp",
                    ".swx",
                    ".crdownload",
                    ".part",
                ]
            )
        ]
        * 2
    ).map("".join)
)
def test_a_temporary_file_is_known_by_its_name(name: str) -> None:
    said = r"(?i)(?:~\$.*|#.*#|.*~|.*\.tmp|.*\.swp|.*\.swx|4913|sed[a-z0-9]{6}|.*\.crdownload|.*\.part)"
    assert is_temporary(name) == bool(re.fullmatch(said, name))


def test_ignore_patterns_are_those_of_gitignore(tmp_path: Path) -> None:
    for path in ("keep.md", "drafts/a.md", "x/drafts/b.md", "old-1.md", "x/old-2.md"):
        put(tmp_path, path)
    assert seen(tmp_path, ignore=("/drafts/", "old-*.md")) == ["keep.md", "x/drafts/b.md"]
    assert Vault(tmp_path).scan(Settings(ignore=("old-*.md",))).ignored == 2


@pytest.mark.parametrize(
    "name",
    [
        "Ada.sync-conflict-20261122-101500-ABCDEFG.md",
        "Ada (conflicted copy 2026-11-22).md",
        "Ada (Max's conflicted copy 2026-11-22).md",
    ],
)
def test_conflict_copies_are_told_and_take_no_part(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    scan = Vault(tmp_path).scan(Settings())
    assert not scan.notes
    assert [p.code for p in scan.problems] == ["conflict-copy"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_named_like_a_note_costs_one_line_and_no_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    scan = Vault(tmp_path).scan(Settings())
    assert not scan.notes
    assert str(scan.problems[0]) == "pipe.md:1:1: this is a pipe, not a note; give it another ending than .md"
    with pytest.raises(OSError, match="a pipe"):
        Vault(tmp_path).read("pipe.md")


def test_links_out_of_the_vault_are_not_followed_and_links_within_are(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.md")
    root = tmp_path / "vault"
    put(root, "real.md")
    (root / "inside.md").symlink_to(root / "real.md")
    (root / "out.md").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "loop.md").symlink_to(root / "loop.md")
    (root / "gone.md").symlink_to(root / "nowhere.md")
    scan = Vault(root).scan(Settings())
    assert sorted(scan.notes) == ["inside.md", "real.md"]
    assert {p.path for p in scan.problems} == {"out.md", "loop.md", "gone.md", "folder"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_unknown_not_empty(tmp_path: Path) -> None:
    put(tmp_path, "closed/a.md")
    (tmp_path / "closed").chmod(0)
    try:
        scan = Vault(tmp_path).scan(Settings())
        assert scan.is_unknown("closed/a.md")
        assert scan.problems[0].code == "unreadable-folder"
    finally:
        (tmp_path / "closed").chmod(0o755)


NAMES = [
    "Ada.md", "b.md", "Ä ö.md", "2026-11-20.md", "a\nb.md", " .md", "~a.md", "~$a.md", ".a.md", "-.md",
    "a.MD", "a.txt", "a.png", "Dr. Ada.md", "v1.2.md", "Ada (Bea).md", "a.md~", "4913", "a.tmp", "x", "sub",
    "node_modules", ".mdmentor-1", ".git", b"\xff.md", b"a\xff.md", b"\xff.png", b"\xff", "conflicted copy).md",
    "a (Bob's conflicted copy 2026-11-20).md", "a.sync-conflict-20261120-101010-ABC.md", "a.conflicted.md",
    "(conflicted copy",
]  # fmt: skip
KINDS = ["file", "file", "file", "folder", "hard link", "link within", "link out", "link to nothing", "link to a folder"]  # fmt: skip


def lay(where: Path, kind: str, root: Path) -> None:
    """Something of that kind at that place, if nothing is there."""
    if os.path.lexists(where):
        return
    targets = {
        "link within": root / "home" / "target.md",
        "link out": root.parent / "outside.md",
        "link to nothing": root / "nothing.md",
        "link to a folder": root / "home",
    }
    if kind == "file":
        where.write_bytes(b"x")
    elif kind == "folder":
        where.mkdir()
        (where / "below.md").write_bytes(b"x")
        (where / "conflicted copy).md").write_bytes(b"x")
    elif kind == "hard link":
        os.link(root / "home" / "target.md", where)
    else:
        where.symlink_to(targets[kind])


def all_that_is_told(scan: walking.Scan) -> dict[str, object]:
    told = {**vars(scan), "folders": set(scan.folders)}
    return {key: value for key, value in told.items() if key not in ("started", "settled")}


def check_that_both_ways_agree(root: Path) -> None:
    at_once = walking.walk(str(root), ())
    one_by_one = walking.walk(str(root), ("a pattern that fits nothing",))
    assert all_that_is_told(at_once) == all_that_is_told(one_by_one)
    again = walking.walk(str(root), (), at_once.folders)
    assert again.folders == at_once.folders and not again.notes


def test_looking_at_many_notes_at_once_finds_what_looking_one_by_one_finds(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    put(root, "home/target.md")
    put(tmp_path, "outside.md")
    for number, (name, kind) in enumerate(product(NAMES, dict.fromkeys(KINDS))):
        folder = put(root, f"{number}/ordinary.md").parent
        lay(folder / os.fsdecode(name), kind, root)
    check_that_both_ways_agree(root)


@given(found=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS)), max_size=8))
def test_the_two_ways_agree_on_any_mixture(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str | bytes, str]]
) -> None:
    root = tmp_path_factory.mktemp("walk") / "vault"
    put(root, "home/target.md")
    put(root.parent, "outside.md")
    for name, kind in found:
        lay(root / os.fsdecode(name), kind, root)
    check_that_both_ways_agree(root)


def test_a_note_that_goes_or_is_replaced_while_its_folder_is_looked_at_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "b.md", "c.md"):
        put(tmp_path, name)
    look = walking._are_named_so

    def meanwhile(entries: list[os.DirEntry[str]]) -> bool:
        (tmp_path / "b.md").unlink(missing_ok=True)
        return look(entries)

    monkeypatch.setattr(walking, "_are_named_so", meanwhile)
    scan = Vault(tmp_path).scan(Settings())
    assert (set(scan.notes), scan.unknown, scan.problems) == ({"a.md", "c.md"}, [], [])


@pytest.mark.parametrize("can", [True, False])
def test_what_is_found_does_not_depend_on_whether_a_folder_can_be_held_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can: bool
) -> None:
    for path in ("a.md", "b/c/d.md", "x.png", "b/v1.2.md"):
        put(tmp_path, path)
    (tmp_path / "b" / "link.md").symlink_to("c/d.md")
    held = walking.walk(str(tmp_path), ())
    monkeypatch.setattr(os, "supports_fd", {os.scandir} if can else set())
    assert all_that_is_told(walking.walk(str(tmp_path), (), {})) == all_that_is_told(held)
    assert walking.walk(str(tmp_path), ()).folders == held.folders


def test_notes_of_a_folder_too_large_to_be_looked_at_at_once_are_all_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_AT_ONCE", 3)
    paths = sorted([*(f"{n}.md" for n in range(10)), "v1.2.md", "b/c.md"])
    for path in paths:
        put(tmp_path, path)
    assert seen(tmp_path) == paths


def test_writing_replaces_only_what_was_read(tmp_path: Path) -> None:
    file = put(tmp_path, "a.md", b"old\n")
    vault = Vault(tmp_path)
    assert vault.write("a.md", b"new\n", b"old\n")
    assert file.read_bytes() == b"new\n"
    with pytest.raises(RefusedToWrite, match="changed meanwhile"):
        vault.write("a.md", b"newer\n", b"old\n")
    assert file.read_bytes() == b"new\n"
    assert os.listdir(tmp_path) == ["a.md"]


def test_writing_what_stands_there_already_is_not_writing(tmp_path: Path) -> None:
    file = put(tmp_path, "a.md", b"old\n")
    before = file.stat().st_mtime_ns
    assert not Vault(tmp_path).write("a.md", b"old\n", b"old\n")
    assert file.stat().st_mtime_ns == before


def test_writing_keeps_the_mode_and_writes_through_a_link(tmp_path: Path) -> None:
    file = put(tmp_path, "a.md", b"old\n")
    file.chmod(0o600)
    (tmp_path / "link.md").symlink_to(file)
    Vault(tmp_path).write("link.md", b"new\n", b"old\n")
    assert (tmp_path / "link.md").is_symlink()
    assert file.read_bytes() == b"new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_writing_never_leaves_the_vault(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside.md", b"old\n")
    root = tmp_path / "vault"
    root.mkdir()
    (root / "link.md").symlink_to(outside)
    with pytest.raises(RefusedToWrite, match="out of the vault"):
        Vault(root).write("link.md", b"new\n", b"old\n")
    assert outside.read_bytes() == b"old\n"


def test_writing_never_makes_a_vault_that_is_gone(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    put(root, "a.md", b"x\n")
    vault = Vault(root)
    vault.scan(Settings())
    root.rename(tmp_path / "away")
    with pytest.raises(NoVault, match="not there"):
        vault.write("reach-out/Dates.md", b"x\n", None)
    assert not root.exists()
    root.mkdir()  # as a drive leaves the place it was mounted on
    with pytest.raises(NoVault, match="is the drive mounted"):
        vault.write("reach-out/Dates.md", b"x\n", None)
    assert os.listdir(root) == []
    with pytest.raises(WorldFailed):
        Vault(tmp_path / "never").write("reach-out/Dates.md", b"x\n", None)
    assert not (tmp_path / "never").exists()


def test_a_vault_that_goes_while_it_is_walked_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "vault"
    put(root, "people/a.md", b"x\n")
    scandir = os.scandir

    def scandir_and_lose(folder: str) -> Iterator[os.DirEntry[str]]:
        entries = scandir(folder)
        if root.exists():
            root.rename(tmp_path / "away")
        return entries

    monkeypatch.setattr(os, "scandir", scandir_and_lose)
    with pytest.raises(NoVault, match="not there"):
        Vault(root).scan(Settings())


_WRITER = """
import sys
from pathlib import Path
from mdmentor.vault import Vault
vault = Vault(Path(sys.argv[1]))
one, two = b"one\\n" * 50000, b"two\\n" * 50000
print("ready", flush=True)
while True:
    vault.write("a.md", two, one)
    vault.write("a.md", one, two)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX way to die")
def test_a_kill_in_the_middle_leaves_the_old_or_the_new_note(tmp_path: Path) -> None:
    one, two = b"one\n" * 50000, b"two\n" * 50000
    file = put(tmp_path, "a.md", one)
    for number in range(25):
        file.write_bytes(one)
        process = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * (number % 7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert file.read_bytes() in (one, two)
    Vault(tmp_path).clean_up("", age=0)
    assert os.listdir(tmp_path) == ["a.md"]


def test_the_vault_is_the_nearest_parent_that_is_one(tmp_path: Path) -> None:
    put(tmp_path, SETTINGS_FILE, b"")
    (tmp_path / "a" / ".obsidian").mkdir(parents=True)
    (tmp_path / "a" / "b").mkdir()
    assert find_vault(None, None, tmp_path / "a" / "b") == (tmp_path / "a").resolve()
    assert find_vault(None, str(tmp_path), tmp_path / "a") == tmp_path.resolve()
    assert find_vault(str(tmp_path / "a"), str(tmp_path), tmp_path) == (tmp_path / "a").resolve()


def test_no_vault_is_told_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoVault, match="mdmentor init"):
        find_vault(str(tmp_path / "nowhere"), None, tmp_path)
