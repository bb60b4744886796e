"""The watcher: every way of saving ends in the right index, and nothing is written that need not be."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mdmentor import watch as watcher
from mdmentor.errors import WorldFailed
from mdmentor.files import stamp_key
from mdmentor.heartbeat import read_beat
from mdmentor.reindex import Report, Run
from mdmentor.vault import Vault
from mdmentor.vault.folders import stamp_of
from mdmentor.watch import Timing, describe_changes
from mdmentor.watch.events import (
    MOST_PATHS,
    SCAN,
    EventQueue,
    Events,
    QuietPeriod,
    _Watchdog,
    find_shared_drive,
)
from tests.conftest import TODAY, VaultOnDisk, index_file, with_tick
from tests.watched import Process, Watched, paths, wait_until, watched

ADA = "---\ntags: [person]\n---\n# Ada Lovelace\n\n## Log\n\n- 2026-10-14 call: tea, see [[Raise]] #got\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for what is watched")
POSIX = pytest.mark.skipif(os.name != "posix", reason="uses POSIX signals and shells")


Way = Callable[[VaultOnDisk], None]


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture
def small(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("people/Ada Lovelace.md", ADA)
    vault.add("posts/Raise.md", "---\ntopics: [raise]\n---\nsee [[Ada Lovelace]] and [[Grace]]\n")
    vault.add("plain.md", "tea\n")
    return vault


WAYS: list[Way] = []


def way(save: Way) -> Way:
    WAYS.append(save)
    return save


# Ways of saving: each begins with a vault that is watched, and ends in the index of what is there then.


@way
def in_place(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", ADA + "- 2026-11-01 lunch\n")


@way
def appended(vault: VaultOnDisk) -> None:
    with (vault.root / "plain.md").open("a") as file:
        file.write("[[Ada Lovelace]]\n")


@way
def truncated_then_written(vault: VaultOnDisk) -> None:
    with (vault.root / "plain.md").open("w") as file:
        file.flush()
        time.sleep(0.15)  # longer than the quiet moment: the empty note is seen first
        file.write("whole again [[Raise]]\n")


@way
def written_bit_by_bit(vault: VaultOnDisk) -> None:
    with (vault.root / "people/Slow.md").open("w") as file:
        for line in ADA.splitlines(keepends=True):
            file.write(line)
            file.flush()
            time.sleep(0.02)


@way
def atomically_replaced(vault: VaultOnDisk) -> None:
    temporary = vault.add("people/.Ada Lovelace.md.tmp", ADA + "- 2026-11-02 mail #sent\n")
    temporary.replace(vault.root / "people/Ada Lovelace.md")


@way
def replaced_from_outside(vault: VaultOnDisk) -> None:
    outside = vault.root.parent / "downloaded.md"
    outside.write_text("# Grace\n\n## Log\n\n- 2026-11-03 call\n")
    outside.replace(vault.root / "people/Grace.md")


@way
def as_emacs_does(vault: VaultOnDisk) -> None:
    file = vault.root / "plain.md"
    lock = vault.root / ".#plain.md"
    lock.symlink_to("someone@host.1234:1700000000")
    file.rename(vault.root / "plain.md~")
    (vault.root / "#plain.md#").write_text("autosaved")
    file.write_text("emacs [[Raise]]\n")
    (vault.root / "#plain.md#").unlink()
    lock.unlink()


@way
def deleted(vault: VaultOnDisk) -> None:
    (vault.root / "posts/Raise.md").unlink()


@way
def into_the_trash(vault: VaultOnDisk) -> None:
    (vault.root / ".trash").mkdir()
    (vault.root / "posts/Raise.md").rename(vault.root / ".trash/Raise.md")


@way
def renamed(vault: VaultOnDisk) -> None:
    (vault.root / "people/Ada Lovelace.md").rename(vault.root / "people/Grace.md")


@way
def renamed_in_case_alone(vault: VaultOnDisk) -> None:
    (vault.root / "posts/Raise.md").rename(vault.root / "posts/raise.md")


@way
def swapped(vault: VaultOnDisk) -> None:
    one, two, between = (vault.root / name for name in ("plain.md", "posts/Raise.md", "between.md"))
    one.rename(between)
    two.rename(one)
    between.rename(two)


@way
def folder_renamed(vault: VaultOnDisk) -> None:
    (vault.root / "people").rename(vault.root / "contacts")
    vault.add("contacts/New.md", "in the renamed folder\n")


@way
def folder_moved_out(vault: VaultOnDisk) -> None:
    (vault.root / "people").rename(vault.root.parent / "gone")


@way
def folder_moved_in(vault: VaultOnDisk) -> None:
    outside = VaultOnDisk(vault.root.parent / "outside", vault.cache)
    outside.add("crm/deep/er/Grace.md", ADA)
    outside.add("crm/Bob.md", ADA)
    (outside.root / "crm").rename(vault.root / "crm")


@way
def folder_moved_within(vault: VaultOnDisk) -> None:
    (vault.root / "archive").mkdir()
    (vault.root / "people").rename(vault.root / "archive/people")
    vault.add("archive/people/deep/Late.md", ADA)


@way
def deep_folders_at_once(vault: VaultOnDisk) -> None:
    for number in range(10):
        vault.add(f"a/b{number}/c/d/e/f/note.md", f"[[Raise]] {number}\n")


@way
def folder_made_again(vault: VaultOnDisk) -> None:
    for number in range(5):
        shutil.rmtree(vault.root / "people")
        vault.add("people/Ada Lovelace.md", ADA + f"- 2026-11-0{number + 1} call\n")


@way
def folder_name_repeated(vault: VaultOnDisk) -> None:
    vault.add("x/x/x/x.md", "one\n")
    (vault.root / "x/x").rename(vault.root / "x/y")
    vault.add("x/y/x/x.md", "two\n")


@way
def a_note_becomes_a_folder(vault: VaultOnDisk) -> None:
    (vault.root / "plain.md").unlink()
    vault.add("plain.md/inside.md", "a folder may be called so [[Raise]]\n")


@way
def a_folder_becomes_a_note(vault: VaultOnDisk) -> None:
    shutil.rmtree(vault.root / "posts")
    vault.add("posts", "no note\n")
    shutil.rmtree(vault.root / "people")
    vault.add("people.md", ADA)


@way
def links_come_and_go(vault: VaultOnDisk) -> None:
    outside = VaultOnDisk(vault.root.parent / "outside", vault.cache)
    outside.add("far/away.md", ADA)
    (vault.root / "linked folder").symlink_to(outside.root / "far")
    (vault.root / "out.md").symlink_to(outside.root / "far/away.md")
    (vault.root / "within.md").symlink_to("posts/Raise.md")
    (vault.root / "dangling.md").symlink_to("nowhere.md")
    (vault.root / "loop.md").symlink_to("loop.md")
    (vault.root / "loop").symlink_to(".")
    vault.add("posts/Raise.md", "changed behind the link [[Grace]]\n")
    (vault.root / "plain.md").unlink()
    (vault.root / "plain.md").symlink_to("people/Ada Lovelace.md")


@way
def attachments_come_and_go(vault: VaultOnDisk) -> None:
    vault.add("plain.md", "![[pic.png]] and ![[gone.png]]\n")
    vault.add("pic.png", b"png")


@way
def settings_changed(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", 'ignore = ["posts/"]\n[contacts]\nfolders = ["friends"]\n')
    vault.add("friends/Bob.md", "## Log\n- 2026-11-01 call\n")


@way
def old_times_restored(vault: VaultOnDisk) -> None:
    file = vault.add("plain.md", "abc\n")
    os.utime(file, (1, 1))


@way
def times_in_the_future(vault: VaultOnDisk) -> None:
    file = vault.add("people/Ada Lovelace.md", ADA + "- 2026-11-05 call\n")
    os.utime(file, (2**32, 2**32))


@pytest.mark.parametrize("save", WAYS, ids=lambda save: save.__name__)
def test_every_way_of_saving_ends_in_the_right_index(small: VaultOnDisk, save: Way) -> None:
    with watched(small) as it:
        before = paths(it.index)
        save(small)
        it.comes_true()
        assert before
        # and the pages are those of a run by hand
        wait_until(lambda: small.reindex(check=True).stale == [], "the pages are written")


# Real programs.


@needs("vim")
@pytest.mark.parametrize("copies", ["no", "yes", "auto"])
def test_vim_saves_in_each_of_its_ways(small: VaultOnDisk, copies: str) -> None:
    with watched(small) as it:
        options = f"set nocompatible backup writebackup backupcopy={copies} backupskip= backupdir=."
        subprocess.run(
            ["vim", "-es", "-u", "NONE", "+" + options, "+normal Go[[Raise]] from vim", "+wq", "plain.md"],
            cwd=small.root, check=False, timeout=30, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        assert "from vim" in small.read("plain.md")
        it.comes_true()
        assert not any("~" in path or "4913" in path for path in paths(it.index))


@needs("emacs")
@pytest.mark.parametrize("copies", ["nil", "t"])
def test_emacs_saves_with_its_locks_and_backups(small: VaultOnDisk, copies: str) -> None:
    typed = (
        f"(progn (setq backup-by-copying {copies} create-lockfiles t backup-enable-predicate (quote always))"
        ' (find-file "plain.md")'
        ' (end-of-buffer) (insert "[[Raise]] from emacs\\n") (do-auto-save) (save-buffer)'
        ' (insert "again\\n") (save-buffer))'
    )
    with watched(small) as it:
        subprocess.run(
            ["emacs", "--batch", "-Q", "--eval", typed],
            cwd=small.root, check=True, timeout=60, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        assert small.read("plain.md").endswith("from emacs\nagain\n")
        assert (small.root / "plain.md~").exists()
        it.comes_true()
        assert not any("~" in path or "#" in path for path in paths(it.index))


@POSIX
@needs("nano")
def test_nano_saves_with_a_backup(small: VaultOnDisk) -> None:
    import pty

    with watched(small) as it:
        terminal, its_side = pty.openpty()
        process = subprocess.Popen(
            ["nano", "--ignorercfiles", "--backup", "plain.md"],
            cwd=small.root, env={**os.environ, "TERM": "xterm"},
            stdin=its_side, stdout=its_side, stderr=its_side, start_new_session=True,
        )  # fmt: skip
        os.close(its_side)
        shown = b""
        while b"tea" not in shown:
            shown += os.read(terminal, 4096)
        os.write(terminal, b"[[Raise]] from nano \x0f\r")  # ^O writes, the name is taken as it is
        wait_until(lambda: "from nano" in small.read("plain.md"), "nano writes")
        os.write(terminal, b"\x18")
        with contextlib.suppress(OSError):  # so Linux tells the end of a terminal
            while os.read(terminal, 4096):
                pass
        os.close(terminal)
        assert process.wait(60) == 0
        assert (small.root / "plain.md~").exists()
        it.comes_true()
        assert not any("~" in path for path in paths(it.index))


@POSIX
@needs("sed")
def test_sed_in_place_over_many_notes(small: VaultOnDisk) -> None:
    for number in range(50):
        small.add(f"notes/{number}.md", "about tea\n")
    with watched(small) as it:
        subprocess.run("sed -i 's/tea/[[Raise]]/' notes/*.md", shell=True, cwd=small.root, check=True)
        it.comes_true()


def git(folder: Path, *arguments: str, fails: bool = False) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    run = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert fails or run.returncode == 0, run.stderr


@needs("git")
def test_git_checkout_between_branches_far_apart(small: VaultOnDisk) -> None:
    git(small.root, "init", "-q", "-b", "main")
    for number in range(2000):
        small.add(f"notes/{number % 20}/{number}.md", f"[[Raise]] {number}\n")
    git(small.root, "add", "-A")
    git(small.root, "commit", "-qm", "one")
    git(small.root, "checkout", "-qb", "other")
    for number in range(2000):
        file = small.root / f"notes/{number % 20}/{number}.md"
        if number % 3:
            file.write_text(f"[[Ada Lovelace]] {number}\n")
        else:
            file.unlink()
    git(small.root, "commit", "-qam", "two")
    with watched(small) as it:
        git(small.root, "checkout", "-q", "main")
        it.comes_true()
        git(small.root, "checkout", "-q", "other")
        it.comes_true()
        wait_until(lambda: small.reindex(check=True).stale == [], "the pages are written")


@LINUX
@pytest.mark.parametrize("is_git", [True, False])
def test_what_git_writes_is_taken_in_once_it_is_done(small: VaultOnDisk, is_git: bool) -> None:
    lock = small.add(".git/index.lock" if is_git else ".git/HEAD", "")
    with watched(small, timing=Timing(quiet=0.5, most=0.3, merge=0.05)) as it:
        for number in range(60):
            small.add(f"checked out/{number}.md", "[[Ada Lovelace]]\n")
            time.sleep(0.02)
        lock.unlink()
        it.comes_true()
    runs = [line for line in it.lines if "new" in line][1:]
    assert (len(runs) == 1) == is_git, it.lines


@needs("git")
def test_git_stash_and_rebase(small: VaultOnDisk) -> None:
    small.add(".gitignore", "reach-out/\n")
    git(small.root, "init", "-q", "-b", "main")
    for number in range(40):
        small.add(f"notes/{number}.md", f"[[Raise]] {number}\n")
    git(small.root, "add", "-A")
    git(small.root, "commit", "-qm", "one")
    with watched(small) as it:
        small.add("plain.md", "stashed [[Raise]]\n")
        small.add("new.md", "stashed too\n")
        git(small.root, "stash", "-q", "--include-untracked")
        it.comes_true()
        git(small.root, "stash", "pop", "-q")
        it.comes_true()
        assert "new.md" in paths(it.index)
        git(small.root, "checkout", "-qb", "other")
        for number in range(5):
            small.add(f"notes/{number}.md", f"[[Ada Lovelace]] {number}\n")
            git(small.root, "commit", "-qm", f"other {number}", "--", f"notes/{number}.md")
        git(small.root, "checkout", "-q", "main")
        (small.root / "notes/39.md").unlink()
        git(small.root, "commit", "-qm", "main goes on", "--", "notes/39.md")
        git(small.root, "rebase", "-q", "--autostash", "main", "other")
        it.comes_true()
        wait_until(lambda: small.reindex(check=True).stale == [], "the pages are written")


@needs("git")
def test_while_a_merge_is_open_the_index_follows_and_the_pages_wait(small: VaultOnDisk) -> None:
    git(small.root, "init", "-q", "-b", "main")
    small.reindex()
    git(small.root, "add", "-A")
    git(small.root, "commit", "-qm", "one")
    git(small.root, "checkout", "-qb", "other")
    small.add("plain.md", "theirs\n")
    git(small.root, "commit", "-qam", "theirs")
    git(small.root, "checkout", "-q", "main")
    small.add("plain.md", "ours\n")
    git(small.root, "commit", "-qam", "ours")
    with watched(small) as it:
        git(small.root, "merge", "other", fails=True)
        before = {file: file.read_bytes() for file in (small.root / "reach-out").iterdir()}
        small.add("people/Grace.md", "---\nmentor: candidate\n---\n## Log\n\n- 2024-11-01 call\n")
        wait_until(lambda: "people/Grace.md" in paths(it.index), "the note is indexed")
        wait_until(lambda: any("git is in the middle" in line for line in it.lines), "the reason is told")
        assert {file: file.read_bytes() for file in (small.root / "reach-out").iterdir()} == before
        git(small.root, "merge", "--abort")
        wait_until(lambda: "Grace" in small.page("Mentors"), "the pages follow when the merge is over")
        assert sum("git is in the middle" in line for line in it.lines) == 1


_BURST = """
import sys
from pathlib import Path
root = Path(sys.argv[1])
for number in range(int(sys.argv[2])):
    file = root / f"burst/{number % 30}/{number % 7}/{number}.md"
    if number < 210:
        file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[[Ada Lovelace]] {number}\\n")
"""


def test_thousands_of_notes_written_by_another_process_at_once(small: VaultOnDisk) -> None:
    with watched(small) as it:
        subprocess.run([sys.executable, "-c", _BURST, str(small.root), "3000"], check=True)
        it.comes_true()
        assert len(paths(it.index)) > 3000


# No loops, no nagging.


def test_own_writes_start_no_loop(small: VaultOnDisk) -> None:
    small.add("plain.md", "<!-- mdmentor:next -->\n<!-- /mdmentor -->\n")
    with watched(small) as it:
        wait_until(lambda: "Ada" in small.read("plain.md"), "the block is filled")
        small.add("people/Grace.md", "---\nmentor: candidate\n---\n## Log\n\n- 2024-11-01 call\n")
        wait_until(lambda: "Grace" in small.page("Mentors"), "the pages are written")
        wait_until(lambda: "Grace" in small.read("plain.md"), "the block is renewed")
        small.add("last.md", "the last thing\n")
        wait_until(lambda: any("last.md" in line for line in it.lines), "a later note is told")
        mentors = [line for line in it.lines if line.startswith("wrote") and "Mentors.md" in line]
        assert len(mentors) == 2  # at the start, and for Grace
        it.comes_true()


def test_a_note_being_typed_in_is_not_written_to(small: VaultOnDisk) -> None:
    patient = Timing(quiet=0.02, most=0.1, rest=1.5)
    small.add("people/Grace.md", "[[typed]]\n")
    with watched(small, timing=patient) as it:
        typed = "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n"
        file = small.root / "typed.md"
        for number in range(10):
            typed += f"line {number}\n"
            file.write_text(typed)
            wait_until(lambda: is_current(it.index, small.root, "typed.md"), "the line is in the index")
            assert file.read_text() == typed
        wait_until(lambda: "Grace" in file.read_text(), "the block is filled once it is quiet")
        assert file.read_text().endswith("line 9\n")
        it.comes_true()


def test_what_mdmentor_wrote_itself_is_no_unrest(small: VaultOnDisk) -> None:
    name = "people/Ada Lovelace.md"
    vault = Vault(small.root.resolve())
    index = str(index_file(vault.root, small.cache))

    def is_quiet() -> bool:
        return QuietPeriod(vault, 60.0, index).is_over(name)

    assert not is_quiet(), "the test has just saved it"
    assert vault.write(name, small.read(name).encode() + b"a block\n", small.read(name).encode())
    assert is_quiet(), "written by this process"
    small.add(name, small.read(name) + "typed\n")
    assert not is_quiet(), "saved by an editor since"
    assert small.run("log", "Ada", "call: plans").code == 0
    assert is_quiet(), "written by a command"
    small.add(name, small.read(name) + "typed\n")
    assert not is_quiet()
    small.add(name, small.read(name).removesuffix("typed\n"))
    assert small.run("undo").code == 0
    assert is_quiet(), "taken back by a command"
    assert small.run("rename", "Ada Lovelace", "Ada King", "--keep-alias").code == 0
    assert QuietPeriod(vault, 60.0, index).is_over("people/Ada King.md"), "renamed by a command"


def test_a_save_of_somebody_else_before_our_own_write_still_counts(small: VaultOnDisk) -> None:
    name = "people/Ada Lovelace.md"
    vault = Vault(small.root.resolve())
    quiet = QuietPeriod(vault, 60.0, str(index_file(vault.root, small.cache)))
    assert not quiet.is_over(name)
    vault.write(name, b"ours\n", small.read(name).encode())
    assert not quiet.is_over(name), "somebody may still be typing"


def test_a_block_is_renewed_at_once_after_a_command_changed_its_note(small: VaultOnDisk) -> None:
    name = "people/Ada Lovelace.md"
    small.add(name, small.read(name) + "\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n")
    with watched(small, timing=Timing(quiet=0.02, most=0.1, rest=2.0)) as it:
        wait_until(lambda: "14 Oct 2026: tea" in small.read(name), "the block is filled")
        waited = [line for line in it.lines if line.startswith("waiting")]
        for day in ("20", "21", "22"):
            assert small.run("log", "Ada", "call: plans", "--date", f"2026-11-{day}").code == 0
            wait_until(lambda now=f"{day} Nov 2026: plans": now in small.read(name), "the block tells of it")  # type: ignore[misc]
        assert [line for line in it.lines if line.startswith("waiting")] == waited


def is_current(index: Path, root: Path, path: str) -> bool:
    """Whether the index holds the note as the file is now."""
    import sqlite3

    sql = sqlite3.connect(index)
    try:
        row = sql.execute("SELECT stamp FROM note WHERE path = ?", (path,)).fetchone()
        return row == (stamp_key(path, stamp_of((root / path).stat())),)
    finally:
        sql.close()


def test_a_page_of_the_users_own_making_is_told_once(small: VaultOnDisk) -> None:
    small.add("reach-out/Mentors.md", "my own list\n")
    with watched(small) as it:
        # not at once: until it rests, somebody may be writing a page of ours there, as git does
        wait_until(lambda: told_of_a_page_not_ours(it) == 1, "it is told")
        for number in range(4):
            # by turns what does not concern that page, and what does
            path, text = ("people/Ada Lovelace.md", ADA) if number % 2 else ("plain.md", "tea\n")
            small.add(path, f"{text}- 2026-11-0{number + 1} tea\n")
            wait_until(lambda p=path: is_current(it.index, small.root, p), "the note is in the index")  # type: ignore[misc]
        small.add("last.md", "the last thing\n")
        wait_until(lambda: any("last.md" in line for line in it.lines), "a later note is told")
        assert told_of_a_page_not_ours(it) == 1
        assert small.page("Mentors") == "my own list\n"
        (small.root / "reach-out/Mentors.md").unlink()
        wait_until(lambda: (small.root / "reach-out/Mentors.md").exists(), "the page is made")
        small.add("reach-out/Mentors.md", "mine again\n")
        wait_until(lambda: told_of_a_page_not_ours(it) == 2, "it is told anew")


def told_of_a_page_not_ours(it: Watched) -> int:
    return sum("not a page of mdmentor" in line for line in it.lines)


@LINUX
def test_ignored_folders_are_not_watched(small: VaultOnDisk) -> None:
    small.add("mdmentor.toml", 'ignore = ["drafts/"]\n')
    for folder in (".git/objects/aa", "node_modules/x/y", "posts/node_modules/z", "drafts/a", ".obsidian/p"):
        small.add(f"{folder}/x.md", "x\n")
    with watched(small):
        wait_until(lambda: watches() == 4, "root, people, posts, reach-out")
        small.add("later/node_modules/a/b.md", "x\n")
        small.add("later/.git/c/d.md", "x\n")
        wait_until(lambda: watches() == 5, "one more for the new folder, none for what it ignores")
        small.add("mdmentor.toml", "")
        wait_until(lambda: watches() == 7, "the drafts take part again")


def watches() -> int:
    """How many folders this process watches."""
    found = 0
    for info in Path("/proc/self/fdinfo").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += info.read_text().count("inotify wd")
    return found


@LINUX
def test_an_idle_watcher_sleeps(small: VaultOnDisk) -> None:
    process = Process(small, "watch")
    try:
        process.says("wrote")
        stats = Path(f"/proc/{process.process.pid}/task")

        def switches() -> int:
            return sum(
                int(line.split()[1])
                for task in stats.iterdir()
                for line in (task / "status").read_text().splitlines()
                if line.startswith("voluntary_ctxt")
            )

        def is_asleep() -> bool:
            before = switches()
            time.sleep(1.0)
            return switches() - before <= 1

        wait_until(is_asleep, "nothing runs for a second")
    finally:
        process.end()


# A scan finds what events did not report.


@LINUX
def test_an_overflow_of_the_events_starts_a_scan(small: VaultOnDisk) -> None:
    from mdmentor.watch.inotify import IN_Q_OVERFLOW, Tree

    with watched(small) as it:
        changed_without_an_event(it)
        assert it.watcher._events is not None and isinstance(it.watcher._events._source, Tree)
        it.watcher._events._source._take(-1, IN_Q_OVERFLOW, "")
        wait_until(lambda: "unseen.md" in paths(it.index), "the scan finds it")


@pytest.fixture
def by_watchdog(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and Windows, where watchdog reads the events."""
    monkeypatch.setattr(Events, "_make_source", lambda self: _Watchdog(self._root, self._queue, self.hear))


def test_events_of_watchdog_end_in_the_right_index(small: VaultOnDisk, by_watchdog: None) -> None:
    with watched(small) as it:
        in_place(small)
        (small.root / "posts").rename(small.root / "articles")
        deleted_note = small.add("gone.md", "x\n")
        deleted_note.unlink()
        it.comes_true()
        assert "looking for changes at intervals" not in "".join(it.lines)


def test_an_overflow_in_watchdogs_log_starts_a_scan(small: VaultOnDisk, by_watchdog: None) -> None:
    import logging

    with watched(small) as it:
        changed_without_an_event(it)
        logging.getLogger("watchdog.observers.anything").warning("Inotify queue overflowed")
        wait_until(lambda: "unseen.md" in paths(it.index), "the scan finds it")


def changed_without_an_event(it: Watched) -> None:
    """A note whose events are dropped."""
    outside = it.vault.root.parent / "unseen.md"
    outside.write_text("seen by a scan alone\n")
    add = it.watcher._queue.add
    it.watcher._queue.add = lambda path: None  # type: ignore[method-assign]
    try:
        outside.rename(it.vault.root / "unseen.md")
        time.sleep(0.1)
    finally:
        it.watcher._queue.add = add  # type: ignore[method-assign]


def test_a_machine_that_slept_is_looked_at_anew(small: VaultOnDisk) -> None:
    with watched(small, timing=Timing(quiet=0.05, beat=0.1)) as it:
        changed_without_an_event(it)
        wall, monotonic = it.watcher._clock
        it.watcher._clock = (
            wall - 3600,
            monotonic,
        )  # the clock on the wall went on, that of the machine did not
        wait_until(lambda: "unseen.md" in paths(it.index), "the walk finds it")


def test_a_watcher_whose_events_stop_begins_again(small: VaultOnDisk) -> None:
    with watched(small, timing=Timing(quiet=0.05, beat=0.1)) as it:
        assert it.watcher._events is not None and it.watcher._events._source is not None
        it.watcher._events._source.stop()
        small.add("after.md", "x\n")
        wait_until(lambda: "after.md" in paths(it.index), "the note is found")
        small.add("later.md", "x\n")
        wait_until(lambda: "later.md" in paths(it.index), "events are heard again")


def test_now_and_then_it_looks_even_if_nothing_was_told(small: VaultOnDisk) -> None:
    with watched(small, timing=Timing(quiet=0.05, reconcile=0.2)) as it:
        changed_without_an_event(it)
        wait_until(lambda: "unseen.md" in paths(it.index), "the walk finds it")


def test_polling_finds_everything_too(small: VaultOnDisk) -> None:
    with watched(small, polls=True, timing=Timing(poll=0.05, poll_share=1, quiet=0.01)) as it:
        for save in (in_place, deleted, deep_folders_at_once, settings_changed):
            save(small)
            it.comes_true()
        beat = read_beat(it.index)
        assert beat is not None and beat.mode == "polling"


def test_midnight_turns_the_pages_to_the_new_day(small: VaultOnDisk) -> None:
    small.add("people/Grace.md", "---\nsnooze: 2026-11-25\n---\n## Log\n\n- 2020-11-01 call\n")
    with watched(small, timing=Timing(quiet=0.05, beat=0.1)) as it:
        before = small.page("Reach out next")
        it.day = TODAY + timedelta(days=3)
        wait_until(lambda: small.page("Reach out next") != before, "the page of the new day")


def test_midnight_in_the_middle_of_a_run_turns_the_pages_too(
    small: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.add("people/Grace.md", "---\nsnooze: 2026-11-25\n---\n## Log\n\n- 2020-11-01 call\n")
    with watched(small, timing=Timing(quiet=0.05, beat=0.1)) as it:
        before = small.page("Reach out next")
        run = watcher.reindex

        def run_past_midnight(how: Run) -> Report:
            report = run(how)
            it.day = TODAY + timedelta(days=3)
            return report

        monkeypatch.setattr(watcher, "reindex", run_past_midnight)
        small.add("new.md", "x\n")
        wait_until(lambda: small.page("Reach out next") != before, "the page of the new day")


def test_a_save_while_pages_are_made_is_told_before_the_rest_of_them(
    small: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.reindex()
    run, reports = watcher.reindex, []

    def run_and_save(how: Run) -> Report:
        def is_interrupted() -> bool:
            if not reports:
                small.add("people/Grace.md", "## Log\n\n- 2020-11-01 call #got\n")
                wait_until(how.events.is_interrupted, "the event of the save")
            return how.events.is_interrupted()

        reports.append(run(how._replace(events=how.events._replace(is_interrupted=is_interrupted))))
        return reports[-1]

    with watched(small, timing=Timing(quiet=0.05, beat=0.1)):
        monkeypatch.setattr(watcher, "reindex", run_and_save)
        small.add("people/Ada.md", "## Log\n\n- 2020-11-01 call #got\n")
        wait_until(lambda: "Grace" in small.page("Two-way street"), "the rest of the pages")
    assert reports[0].is_unfinished
    assert small.reindex(check=True).stale == []


def test_a_vault_that_goes_away_is_waited_for(small: VaultOnDisk) -> None:
    with watched(small) as it:
        wait_until(lambda: any("more in reach-out" in line for line in it.lines), "every page is written")
        before = paths(it.index)
        away = small.root.with_name("away")
        small.root.rename(away)
        wait_until(lambda: any("waiting for it" in line for line in it.lines), "it says so")
        assert paths(it.index) == before
        away.rename(small.root)
        small.add("back.md", "x\n")
        it.comes_true()
        small.add("again.md", "x\n")
        wait_until(lambda: "again.md" in paths(it.index), "events are heard again")
        assert sum("waiting for it" in line for line in it.lines) == 1


def test_an_empty_folder_in_its_place_is_no_reason_to_forget(small: VaultOnDisk) -> None:
    with watched(small) as it:
        wait_until(lambda: any("more in reach-out" in line for line in it.lines), "every page is written")
        before = paths(it.index)
        away = small.root.with_name("away")
        small.root.rename(away)
        small.root.mkdir()
        wait_until(lambda: any("waiting for it" in line for line in it.lines), "it says so")
        assert paths(it.index) == before
        assert list(small.root.iterdir()) == []  # and no page is written into it
        small.root.rmdir()
        away.rename(small.root)
        small.add("back.md", "x\n")
        it.comes_true()


def test_a_note_deleted_while_being_read(small: VaultOnDisk) -> None:
    with watched(small) as it:
        for _ in range(30):
            files = [small.add(f"short/{number}.md", ADA) for number in range(10)]
            for file in files:
                file.unlink()
        it.comes_true()
        assert not any("should not happen" in line for line in it.lines)


# At once and together.


def test_only_one_watcher_watches_a_vault(small: VaultOnDisk) -> None:
    with watched(small), pytest.raises(WorldFailed, match="watched already"):
        Watched(small).watcher.run()


def test_two_vaults_are_watched_at_once(small: VaultOnDisk, tmp_path: Path) -> None:
    other = VaultOnDisk(tmp_path / "other", small.cache)
    other.add("people/Bob.md", ADA)
    with watched(small) as one, watched(other) as two:
        small.add("one.md", "x\n")
        other.add("two.md", "x\n")
        one.comes_true()
        two.comes_true()
        assert "two.md" not in paths(one.index)


def test_command_lines_and_a_watcher_work_on_one_vault(small: VaultOnDisk) -> None:
    with watched(small) as it:
        runs = [Process(small, "reindex", "--today", TODAY.isoformat()) for _ in range(8)]
        for number in range(40):
            small.add(f"people/{number}.md", ADA)
        try:
            assert [run.process.wait(60) for run in runs] == [0] * 8, runs[0].text()
        finally:
            for run in runs:
                run.end()
        it.comes_true()


def test_a_command_after_a_save_sees_the_save(small: VaultOnDisk) -> None:
    with watched(small):
        for number in range(5):
            small.add(f"people/Nr {number}.md", "## Log\n- 2026-11-01 call\n")
            assert f"Nr {number}" in small.run("contacts", "--today", TODAY.isoformat()).out


# Ends, and what status tells.


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_it_ends_cleanly_when_asked_to(small: VaultOnDisk, number: signal.Signals) -> None:
    process = Process(small, "watch")
    try:
        process.says("wrote")
        assert json_status(small)["pid"] == process.process.pid
        small.add("people/Grace.md", ADA)
        process.says("1 new: people/Grace.md")
        process.process.send_signal(number)
        assert process.process.wait(20) == 0
        assert process.text().endswith("stopped\n")
        assert json_status(small) is None
    finally:
        process.end()


@POSIX
def test_a_killed_watcher_is_not_taken_for_a_living_one(small: VaultOnDisk) -> None:
    process = Process(small, "watch")
    try:
        process.says("wrote")
        process.process.kill()
        process.process.wait()
        assert json_status(small) is None
        assert "Watcher: none" in small.run("status").out
        with watched(small):
            assert json_status(small)["pid"] == os.getpid()
    finally:
        process.end()


def json_status(vault: VaultOnDisk):  # type: ignore[no-untyped-def]
    return vault.json("status")["watcher"]


@LINUX
@needs("unshare")
def test_where_the_system_allows_too_few_watches_it_polls_and_says_so(small: VaultOnDisk) -> None:
    for number in range(20):
        small.add(f"folder {number}/x.md", "x\n")
    limited = ["unshare", "-Ur", "sh", "-c", 'echo 8 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"]
    if subprocess.run([*limited, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces here")
    command = [*limited, sys.executable, "-m", "mdmentor", "watch", "--vault", str(small.root)]
    environment = {**os.environ, "MDMENTOR_CACHE": str(small.cache)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: (json_status(small) or {}).get("mode") == "polling", "it polls")
        told = json_status(small)
        assert "max_user_watches" in told["why"]
        words = " ".join(small.run("status").out.split())
        assert "looks for changes at intervals" in words and "sysctl" in words
        small.add("folder 3/late.md", "x\n")
        wait_until(lambda: "folder 3/late.md" in small.run("search", "late").out, "changes are found")
    finally:
        process.terminate()
        process.wait(20)


def test_a_drive_that_others_write_to_is_told_from_ones_own(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /home/ada/My\\040Notes rw - nfs4 server:/notes rw\n"
        "31 22 0:41 / /home/ada/vault/shared rw - cifs //server/x rw\n"
    )
    assert find_shared_drive(Path("/home/ada/My Notes/vault"), table) == "nfs4"
    assert find_shared_drive(Path("/home/ada/vault"), table) == "cifs", "a shared drive below the vault"
    assert find_shared_drive(Path("/home/ada/other"), table) == ""
    assert find_shared_drive(Path("/home/ada"), tmp_path / "no table") == ""


def test_the_queue_keeps_names_up_to_a_burst() -> None:
    events = EventQueue()
    for number in range(MOST_PATHS + 10):
        events.add(f"{number}.md")
    batch = events.take()
    assert len(batch) == MOST_PATHS + 1 and SCAN in batch
    assert not events.take()


def test_the_queue_says_what_happened_outside_of_a_folder() -> None:
    events = EventQueue()
    events.add("reach-out/Mentors.md")
    assert not events.has_outside("reach-out/")
    events.add("reach-out.md")
    assert events.has_outside("reach-out/")
    events.take()
    events.request_scan()
    assert events.has_outside("reach-out/")


@LINUX
def test_a_long_life_keeps_memory_and_descriptors_flat(small: VaultOnDisk) -> None:
    process = Process(small, "watch")
    try:
        process.says("wrote")
        proc = Path(f"/proc/{process.process.pid}")

        def resident() -> int:
            return int((proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        def churn(rounds: int) -> None:
            for number in range(rounds):
                for name in range(50):
                    small.add(f"churn/{number % 5}/{name}.md", f"[[Ada Lovelace]] {number}\n")
                if number % 5 == 4:
                    shutil.rmtree(small.root / "churn")
            small.add("done.md", f"{rounds}\n")
            wait_until(lambda: is_current(index_of(small), small.root, "done.md"), "all of it is indexed")

        churn(10)
        descriptors, memory = len(list((proc / "fd").iterdir())), resident()
        churn(60)
        assert len(list((proc / "fd").iterdir())) <= descriptors
        assert resident() < memory + 12 * 2**20
    finally:
        process.end()


def index_of(vault: VaultOnDisk) -> Path:
    return index_file(vault.root.resolve(), vault.cache)


def test_the_log_names_what_changed_also_by_a_tick_and_some_of_many(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\ncadence: 30\n---\n# Ada\n\n- 2026-01-01 call\n")
    vault.reindex()
    page = vault.page("Reach out next")
    vault.add("reach-out/Reach out next.md", with_tick(page, ": tea"))
    told = list(describe_changes(vault.reindex(), "reach-out", ()))
    assert told[0] == "1 changed: people/Ada.md (1 note in all)"
    for number in range(5):
        vault.add(f"{number}.md", "")
    vault.add("people/Ada.md", vault.read("people/Ada.md") + "- 2026-10-01 tea\n")
    (line, *_) = describe_changes(vault.reindex(), "reach-out", ())
    assert line == "5 new, 1 changed: 0.md, 1.md, 2.md and 3 more (6 notes in all)"
