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
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.ignore import is_temporary, membership
from mdmentor.core.model import Settings
from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed
from mdmentor.vault import SETTINGS_FILE, Vault, atomic_write, find_vault, folders
from mdmentor.vault.atomic_write import delete, save
from mdmentor.vault.folders import opened
from tests.conftest import VaultOnDisk


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
    assert membership(settings)(path) == (path in scan.notes or path in scan.attachments)


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
        "Ada.sync-conflict-20261122.md",
        "Ada (Max's case conflict).md",
        "Ada (Max's conflicting copy 2026-11-22).md",
        "Ada (Conflicted copy ThinkPad-T14 202611221015).md",
        "Ada (Unicode Encoding Conflict).md",
        "Ada (Selective Sync Conflict).md",
        "Ada (Konfliktkopie von Max 2026-11-22).md",
        "Ada (In Konflikt stehende Kopie von Max 2026-11-22).md",
        "Ada (copie en conflit de Max 2026-11-22).md",
        "Ada_conflict-20261122-101500.md",
        "Ada (SFConflict max@x.example 2026-11-22-10-15-00).md",
        "Ada (conflict 2026-11-22-10-15-00).md",
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
    assert (
        str(scan.problems[0])
        == "pipe.md:1:1: this is a pipe, not a note; rename it to something other than .md"
    )
    with pytest.raises(OSError, match="a pipe"):
        Vault(tmp_path).read("pipe.md")


def test_links_out_of_the_vault_are_not_followed_and_a_note_is_taken_once(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.md")
    root = tmp_path / "vault"
    put(root, "real.md")
    (root / "inside.md").symlink_to(root / "real.md")
    (root / "out.md").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "loop.md").symlink_to(root / "loop.md")
    (root / "gone.md").symlink_to(root / "nowhere.md")
    scan = Vault(root).scan(Settings())
    assert sorted(scan.notes) == ["real.md"]
    assert {p.path for p in scan.problems} == {"inside.md", "out.md", "loop.md", "gone.md", "folder"}


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


def outside_and_vault(tmp_path: Path) -> tuple[Path, Path]:
    """A folder outside, and a vault with two notes and a link `link` to that folder."""
    outside, root = tmp_path / "outside", tmp_path / "vault"
    put(outside, "theirs.md", b"theirs\n")
    put(root, "people/a.md", b"a\n")
    put(root, "people/b.md", b"b\n")
    (root / "link").symlink_to(outside)
    return outside, root


@pytest.mark.parametrize("path", ["link/new.md", "link/sub/new.md", "link/theirs.md", "../outside/new.md"])
def test_nothing_is_written_or_made_through_a_link_out_of_the_vault(tmp_path: Path, path: str) -> None:
    outside, root = outside_and_vault(tmp_path)
    expected = b"theirs\n" if path.endswith("theirs.md") else None
    with pytest.raises(RefusedToWrite, match="out of the vault"):
        Vault(root).write(path, b"ours\n", expected)
    with pytest.raises(RefusedToWrite):
        Vault(root).remove("link/theirs.md", b"theirs\n")
    assert os.listdir(outside) == ["theirs.md"] and (outside / "theirs.md").read_bytes() == b"theirs\n"


@pytest.mark.parametrize("old", ["people/a.md", "people"])
@pytest.mark.parametrize("new", ["link/x", "link/sub/x", "inner/x", "people/a.md/x", "../outside/x"])
def test_nothing_is_moved_through_a_link_or_a_file(tmp_path: Path, old: str, new: str) -> None:
    outside, root = outside_and_vault(tmp_path)
    (root / "inner").symlink_to(root / "people")
    if new.startswith(old):
        return
    with pytest.raises(RefusedToWrite):
        Vault(root).move(old, new)
    assert os.listdir(outside) == ["theirs.md"]
    assert sorted(os.listdir(root)) == ["inner", "link", "people"]
    assert sorted(os.listdir(root / "people")) == ["a.md", "b.md"]


def test_a_relative_link_is_moved_only_within_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "people/a.md")
    (tmp_path / "people/b.md").symlink_to("a.md")
    vault = Vault(tmp_path)
    with pytest.raises(RefusedToWrite, match="would lead to nothing"):
        vault.move("people/b.md", "b.md")
    vault.move("people/b.md", "people/c.md")
    assert (tmp_path / "people/c.md").read_bytes() == b"x\n"


def test_nothing_is_moved_in_through_a_link(tmp_path: Path) -> None:
    outside, root = outside_and_vault(tmp_path)
    with pytest.raises(RefusedToWrite):
        Vault(root).move("link/theirs.md", "mine.md")
    assert os.listdir(outside) == ["theirs.md"]


def test_a_folder_swapped_for_a_link_after_it_was_opened_leads_nothing_out(tmp_path: Path) -> None:
    outside, root = outside_and_vault(tmp_path)
    with opened(str(root), "people") as folder:
        (root / "people").rename(root / "elsewhere")
        (root / "people").symlink_to(outside)
        save(folder, "a.md", b"new\n", b"a\n", "people/a.md")
        delete(folder, "b.md", b"b\n", "people/b.md")
    assert os.listdir(outside) == ["theirs.md"]
    assert (root / "elsewhere" / "a.md").read_bytes() == b"new\n" and os.listdir(root / "elsewhere") == [
        "a.md"
    ]
    with pytest.raises(RefusedToWrite), opened(str(root), "people"):
        pass


def test_a_note_swapped_for_a_link_after_its_folder_was_opened_is_left(tmp_path: Path) -> None:
    outside, root = outside_and_vault(tmp_path)
    with opened(str(root), "people") as folder:
        (root / "people/a.md").unlink()
        (root / "people/a.md").symlink_to(outside / "theirs.md")
        with pytest.raises(RefusedToWrite):
            save(folder, "a.md", b"new\n", b"theirs\n", "people/a.md")
    assert (outside / "theirs.md").read_bytes() == b"theirs\n" and (root / "people/a.md").is_symlink()


def test_only_folders_of_the_vault_are_cleaned_up(tmp_path: Path) -> None:
    outside, root = outside_and_vault(tmp_path)
    put(outside, ".mdmentor-1-abc")
    put(root, "people/.mdmentor-1-abc")
    (outside / "empty").mkdir()
    vault = Vault(root)
    for folder in ("link", "people"):
        vault.clean_up(folder, age=-1)
    vault.remove_empty(["link/empty"])
    assert sorted(os.listdir(outside)) == [".mdmentor-1-abc", "empty", "theirs.md"]
    assert sorted(os.listdir(root / "people")) == ["a.md", "b.md"]


def test_a_vault_may_be_named_by_a_link_to_it(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    put(root, "people/a.md", b"a\n")
    (tmp_path / "name").symlink_to(root)
    vault = Vault(tmp_path / "name")
    vault.scan(Settings())
    assert vault.write("people/a.md", b"new\n", b"a\n") and vault.write("x/b.md", b"b\n", None)
    vault.move("x/b.md", "y/z/b.md")
    vault.remove("y/z/b.md", b"b\n")
    assert (root / "people/a.md").read_bytes() == b"new\n" and os.listdir(root / "y/z") == []


def test_a_move_makes_its_folders_and_takes_them_back_where_it_fails(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    vault = Vault(tmp_path)
    assert vault.move("a.md", "x/y/a.md") == ("x", "x/y")
    with pytest.raises(RefusedToWrite, match="not there any more"):
        vault.move("a.md", "z/a.md")
    with pytest.raises(WorldFailed, match="could not be moved"):
        vault.move("x/y/a.md", f"z/{'n' * 300}.md")
    assert os.listdir(tmp_path) == ["x"]


def test_a_move_to_another_name_of_the_same_file_is_refused(tmp_path: Path) -> None:
    os.link(put(tmp_path, "a.md"), tmp_path / "b.md")
    with pytest.raises(RefusedToWrite, match="is there already"):
        Vault(tmp_path).move("a.md", "b.md")
    assert sorted(os.listdir(tmp_path)) == ["a.md", "b.md"]


LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells whether a file is open for writing"
)


@LINUX
def test_a_note_that_somebody_is_saving_in_place_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_write, "_FOR_WRITER", 0.05)
    file = put(tmp_path, "a.md", b"old\n")
    vault = Vault(tmp_path)
    with file.open("r+b") as editor:
        with pytest.raises(RefusedToWrite, match="changed meanwhile"):
            vault.write("a.md", b"ours\n", b"old\n")
        editor.write(b"the editor's\n")
    assert file.read_bytes() == b"the editor's\n" and os.listdir(tmp_path) == ["a.md"]
    assert vault.write("a.md", b"ours\n", b"the editor's\n")


@pytest.mark.skipif(os.name != "posix", reason="folders are locked on POSIX systems alone")
def test_another_programs_lock_on_a_folder_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(folders, "LONGEST_WAIT", 0.1)
    file = put(tmp_path, "people/a.md", b"old\n")
    lock = os.open(tmp_path / "people", os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        vault = Vault(tmp_path)
        with pytest.raises(WorldFailed, match='"people" is locked by another program'):
            vault.write("people/a.md", b"new\n", b"old\n")
        with pytest.raises(WorldFailed, match="is locked"):
            vault.remove("people/a.md", b"old\n")
        assert file.read_bytes() == b"old\n" and os.listdir(tmp_path / "people") == ["a.md"]
    finally:
        os.close(lock)
    assert vault.write("people/a.md", b"new\n", b"old\n")


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


_KILLED_AFTER = """
import os, sys
from mdmentor.vault import Vault, atomic_write
root, step, saves = sys.argv[1], sys.argv[2], sys.argv[3] == "saves"
original = getattr(atomic_write, step)
def step_and_die(folder, one, other, *more):
    if saves:
        (editor := open(root + "/a.md", "wb")).write(b"the editor's\\n")
        editor.close()
    original(folder, one, other, *more)
    os.kill(os.getpid(), 9)
setattr(atomic_write, step, step_and_die)
if step == "exchange":
    Vault(root).write("a.md", b"new\\n", b"old\\n")
else:
    Vault(root).remove("a.md", b"old\\n")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names may not be exchanged in one step")
@pytest.mark.parametrize("step", ["exchange", "_rename"])
def test_a_save_that_a_kill_left_in_a_temporary_file_becomes_a_conflict_copy(
    tmp_path: Path, step: str
) -> None:
    """Killed after an editor's save was moved out of the way, and before anybody looked at it."""
    for saves in (True, False):
        root = tmp_path / str(saves)
        put(root, "a.md", b"old\n")
        command = [sys.executable, "-c", _KILLED_AFTER, str(root), step, "saves" if saves else ""]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        Vault(root).clean_up("", age=-1)
        left = {name: (root / name).read_bytes() for name in os.listdir(root)}
        assert left.pop("a.md", b"new\n") == b"new\n"
        assert list(left.values()) == ([b"the editor's\n"] if saves else [])
        assert all(re.fullmatch(r"a \(conflicted copy [^()]+\)\.md", name) for name in left)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names may not be exchanged in one step")
def test_two_saves_of_an_editor_while_a_note_is_written_are_both_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(tmp_path, "a.md", b"old\n")
    saves = iter([b"first\n", b"second\n"])
    exchange = atomic_write.exchange

    def save_and_exchange(folder: folders.Folder, one: str, other: str) -> bool:
        for data in islice(saves, 1):
            (tmp_path / "editors-own.tmp").write_bytes(data)
            (tmp_path / "editors-own.tmp").replace(file)
        return exchange(folder, one, other)

    monkeypatch.setattr(atomic_write, "exchange", save_and_exchange)
    with pytest.raises(RefusedToWrite, match="changed meanwhile"):
        Vault(tmp_path).write("a.md", b"ours\n", b"old\n")
    assert file.read_bytes() == b"second\n"
    [copy] = [name for name in os.listdir(tmp_path) if name != "a.md"]
    assert "conflicted copy" in copy and (tmp_path / copy).read_bytes() == b"first\n"


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
    assert find_vault(None, None, tmp_path / "a" / "b") == str((tmp_path / "a").resolve())
    assert find_vault(None, str(tmp_path), tmp_path / "a") == str(tmp_path.resolve())
    assert find_vault(str(tmp_path / "a"), str(tmp_path), tmp_path) == str((tmp_path / "a").resolve())


def test_no_vault_is_told_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoVault, match="mdmentor init"):
        find_vault(str(tmp_path / "nowhere"), None, tmp_path)


def test_a_note_that_icloud_keeps_off_the_disk_is_told_and_stays_in_the_index(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "- 2026-11-01 call\n")
    vault.reindex()
    (vault.root / "people/Ada.md").unlink()
    (vault.root / "people/.Ada.md.icloud").write_bytes(b"bplist00")
    assert [(p["path"], p["code"]) for p in vault.json("check")["problems"]] == [
        ("people/Ada.md", "offloaded")
    ]
    assert vault.json("show", "Ada")["last_contact"] == "2026-11-01"
    assert vault.run("log", "Ada", "tea").code == 4
    assert vault.run("new", "contact", "Ada").code == 4
    (vault.root / "people/.Ada.md.icloud").unlink()
    assert vault.json("contacts") == [] and vault.json("check")["problems"] == []
