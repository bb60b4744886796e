"""A vault in git: two clones and a bare repository, merged, rebased and repaired by real git."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mdmentor.git.setup import DRIVER, HOOKS
from tests.clones import ADA, PACKAGE, Machine, two_clones
from tests.conftest import VaultOnDisk, with_tick

NOTE = "people/Ada Lovelace.md"
LAST = "- 2026-09-01 call: first talk\n"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Machine, Machine]:
    return two_clones(tmp_path)


def on_both(laptop: Machine, desktop: Machine, *, conflict: bool = False) -> None:
    """Each machine logs a talk, and the desktop has pushed first."""
    laptop.edit(
        NOTE, (LAST, LAST + "- 2026-10-14 coffee: the raise #got\n"), ("2026-09-01\n---", "2026-10-14\n---")
    )
    laptop.edit(NOTE, ("[ ] send", "[x] send"), ("[person]", "[person, maths]"))
    desktop.edit(NOTE, (LAST, LAST + "- 2026-10-20 mail: thanked her #thanked\n"))
    desktop.edit(
        NOTE, ("2026-09-01\n---", "2026-10-20\n---"), ("[ ] ask", "[x] ask"), ("[person]", "[person, pay]")
    )
    if conflict:
        laptop.edit(NOTE, ("role: Analyst", "role: Head of analysis"))
        desktop.edit(NOTE, ("role: Analyst", "role: CTO"))
    laptop.commit("laptop")
    desktop.commit("desktop")
    desktop.git("push", "-q")
    laptop.git("fetch", "-q")


MERGED = (
    ADA.replace("2026-09-01\n---", "2026-10-20\n---")
    .replace("[ ]", "[x]")
    .replace(LAST, LAST + "- 2026-10-14 coffee: the raise #got\n- 2026-10-20 mail: thanked her #thanked\n")
)


def without_tags(text: str) -> str:
    return text.replace("[person, maths, pay]", "[person]").replace("[person, pay, maths]", "[person]")


class TestMerges:
    def test_a_pull_joins_logs_lists_and_days(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop)
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        assert without_tags(laptop.read(NOTE)) == MERGED

    def test_a_control_without_the_driver_does_conflict(self, tmp_path: Path) -> None:
        laptop, desktop = two_clones(tmp_path, install=False)
        on_both(laptop, desktop)
        laptop.git("merge", "-q", "origin/main", fails=True)
        assert laptop.conflicts() == [NOTE]

    def test_a_rebase_joins_the_same(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop)
        laptop.git("rebase", "-q", "origin/main")
        assert without_tags(laptop.read(NOTE)) == MERGED

    def test_a_cherry_pick_joins_the_same(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop)
        laptop.git("cherry-pick", "origin/main")
        assert without_tags(laptop.read(NOTE)) == MERGED

    def test_a_stash_comes_back_joined(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        laptop.edit(NOTE, (LAST, LAST + "- 2026-10-14 coffee: the raise\n"))
        laptop.git("stash", "-q")
        desktop.edit(NOTE, (LAST, LAST + "- 2026-10-20 mail: thanks\n"))
        desktop.commit()
        desktop.git("push", "-q")
        laptop.git("pull", "-q")
        laptop.git("stash", "pop")
        assert laptop.read(NOTE).endswith("- 2026-10-14 coffee: the raise\n- 2026-10-20 mail: thanks\n")

    def test_a_revert_takes_back_one_entry_and_keeps_the_later_one(
        self, clones: tuple[Machine, Machine]
    ) -> None:
        laptop, _ = clones
        laptop.edit(NOTE, (LAST, LAST + "- 2026-10-14 coffee: a slip\n"))
        laptop.commit("slip")
        laptop.edit(NOTE, ("a slip\n", "a slip\n- 2026-10-20 mail: thanks\n"))
        laptop.commit("later")
        laptop.git("revert", "--no-edit", "HEAD~1")
        assert laptop.read(NOTE).endswith(LAST + "- 2026-10-20 mail: thanks\n")

    def test_two_values_for_a_key_stay_a_conflict_that_can_be_read(
        self, clones: tuple[Machine, Machine]
    ) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop, conflict=True)
        laptop.git("merge", "-q", "origin/main", fails=True)
        text = laptop.read(NOTE)
        assert laptop.conflicts() == [NOTE]
        assert text.split("---")[1].count("role:") == 1
        assert (
            "<<<<<<< ours (front matter)\nrole: Head of analysis\n=======\nrole: CTO\n>>>>>>> theirs" in text
        )
        assert "2026-10-14 coffee" in text and "2026-10-20 mail" in text

    def test_a_note_that_both_added_is_joined(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        for machine, line in ((laptop, "- 2026-10-01 call: one\n"), (desktop, "- 2026-10-02 call: two\n")):
            machine.write("people/Bob.md", f"---\ntags: [person]\n---\n## Log\n\n{line}")
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        assert laptop.read("people/Bob.md").endswith("- 2026-10-01 call: one\n- 2026-10-02 call: two\n")

    def test_the_same_line_on_both_sides_is_there_once(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        line = "- 2026-10-14 coffee: ticked on the phone\n"
        laptop.edit(NOTE, (LAST, LAST + line))
        desktop.edit(NOTE, (LAST, LAST + line + "- 2026-10-15 call: more\n"))
        for machine in clones:
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        assert laptop.read(NOTE).count(line) == 1

    def test_one_deletes_and_one_edits_is_told_by_git(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        (laptop.root / NOTE).unlink()
        laptop.commit()
        desktop.edit(NOTE, (LAST, LAST + "- 2026-10-20 mail: thanks\n"))
        desktop.commit()
        desktop.git("push", "-q")
        laptop.git("fetch", "-q")
        told = laptop.git("merge", "origin/main", fails=True)
        assert "modify/delete" in told
        assert "2026-10-20 mail" in laptop.read(NOTE)
        assert "2 versions" not in laptop.mdmentor("git", "resolve", code=1)
        laptop.mdmentor("git", "resolve", NOTE)

    def test_a_machine_without_the_program_gets_ordinary_marks(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop)
        laptop.has_program = False
        laptop.git("merge", "-q", "origin/main", fails=True)
        text = laptop.read(NOTE)
        assert "<<<<<<< ours" in text and ">>>>>>> theirs" in text
        assert text.count("<<<<<<<") == text.count(">>>>>>>")
        laptop.mdmentor("git", "resolve", NOTE)
        assert without_tags(laptop.read(NOTE)) == MERGED

    def test_a_driver_killed_half_way_loses_nothing(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop)
        before = laptop.read(NOTE)
        laptop.git("config", "merge.mdmentor.driver", "kill -9 $$")
        laptop.git("merge", "-q", "origin/main", fails=True)
        laptop.git("merge", "--abort")
        assert laptop.read(NOTE) == before
        laptop.mdmentor("git", "install")
        laptop.git("merge", "-q", "--no-edit", "origin/main")
        assert without_tags(laptop.read(NOTE)) == MERGED

    @pytest.mark.parametrize("autocrlf", ["true", "false"])
    def test_windows_newlines_stay(self, clones: tuple[Machine, Machine], autocrlf: str) -> None:
        laptop, desktop = clones
        for machine in clones:
            machine.git("config", "core.autocrlf", autocrlf)
        laptop.write("people/Bob.md", ADA.replace("\n", "\r\n"))
        laptop.commit()
        laptop.git("push", "-q")
        desktop.git("pull", "-q")
        last = LAST.replace("\n", "\r\n")
        laptop.edit("people/Bob.md", (last, last + "- 2026-10-14 coffee: a\r\n"))
        desktop.edit("people/Bob.md", (last, last + "- 2026-10-20 mail: b\r\n"))
        for machine in clones:
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        text = laptop.read("people/Bob.md")
        assert text.endswith("- 2026-10-14 coffee: a\r\n- 2026-10-20 mail: b\r\n")
        assert text.count("\n") == text.count("\r\n")

    def test_a_note_that_is_no_text_is_left_as_a_conflict(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        for number, machine in enumerate(clones):
            machine.write("people/odd.md", b"\0\1\2" + bytes([number]))
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("fetch", "-q")
        laptop.git("merge", "origin/main", fails=True)
        assert laptop.conflicts() == ["people/odd.md"]

    def test_three_hundred_notes_in_one_merge(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        names = [f"people/Person {number}.md" for number in range(300)]
        for name in names:
            laptop.write(name, ADA)
        laptop.commit()
        laptop.git("push", "-q")
        desktop.git("pull", "-q")
        for name in names:
            laptop.write(name, ADA + "- 2026-10-14 coffee: a\n")
            desktop.write(name, ADA + "- 2026-10-20 mail: b\n")
        for machine in clones:
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        assert {laptop.read(name) for name in names} == {
            ADA + "- 2026-10-14 coffee: a\n- 2026-10-20 mail: b\n"
        }


class TestPages:
    def test_pages_in_git_never_conflict_and_are_renewed_by_the_hook(self, tmp_path: Path) -> None:
        laptop, desktop = clones = two_clones(tmp_path)
        laptop.mdmentor("git", "install", "--keep-pages")
        laptop.commit()
        laptop.git("push", "-q")
        desktop.git("pull", "-q")
        for machine, name in ((laptop, "Bob"), (desktop, "Cecilia")):
            machine.write(f"people/{name}.md", f"## Log\n\n- 2026-01-01 call: hello {name}\n")
            machine.mdmentor("reindex")
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        assert laptop.conflicts() == []
        page = laptop.read("reach-out/Mentors.md") + laptop.read("reach-out/network.svg")
        assert "Bob" in page and "Cecilia" in page
        laptop.mdmentor("reindex", "--check")
        assert len(clones) == 2

    def test_pages_are_renewed_after_a_rebase_and_a_checkout(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        for machine, name in ((laptop, "Bob"), (desktop, "Cecilia")):
            machine.write(f"people/{name}.md", f"## Log\n\n- 2026-01-01 call: hello {name}\n")
            machine.commit()
        desktop.git("push", "-q")
        laptop.git("fetch", "-q")
        laptop.git("rebase", "-q", "origin/main")
        laptop.mdmentor("reindex", "--check")
        laptop.git("checkout", "-q", "HEAD~1")
        laptop.mdmentor("reindex", "--check")
        assert "Bob" not in laptop.read("reach-out/network.svg")

    def test_no_page_is_written_while_a_merge_is_open(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop, conflict=True)
        laptop.git("merge", "-q", "origin/main", fails=True)
        assert "middle of a merge" in laptop.mdmentor("reindex")
        assert not (laptop.root / "reach-out").exists()

    def test_a_failing_program_never_makes_git_fail(self, clones: tuple[Machine, Machine]) -> None:
        laptop, _ = clones
        (laptop.home / "bin" / "mdmentor").write_text("#!/bin/sh\nexit 5\n")
        laptop.git("checkout", "-q", "-b", "other")

    def test_a_tick_made_elsewhere_stays_on_the_page(self, tmp_path: Path) -> None:
        laptop, desktop = two_clones(tmp_path)
        laptop.mdmentor("git", "install", "--keep-pages")
        page = "reach-out/Reach out next.md"
        laptop.edit(NOTE, ("send her the paper", "send her the paper 📅 2026-01-31"))
        laptop.mdmentor("reindex")
        laptop.commit()
        laptop.git("push", "-q")
        desktop.git("pull", "-q")
        (desktop.root / ".git/hooks/post-merge").unlink()
        (laptop.root / ".git/hooks/post-merge").unlink()
        (desktop.root / page).write_text(with_tick(desktop.read(page), ", had coffee"), encoding="utf-8")
        desktop.commit()
        desktop.git("push", "-q")
        laptop.edit(page, ("Tick a name", "Do tick a name"))
        laptop.commit()
        laptop.git("pull", "-q", "--no-rebase", "--no-edit")
        assert ")**, had coffee\n" in laptop.read(page)


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    """All that `git install` may touch, with its modes."""
    found = {}
    for file in [root / ".gitattributes", root / ".gitignore", root / ".git/config", *root.rglob("*hooks/*")]:
        if file.is_symlink():
            found[str(file)] = (os.fsencode(file.readlink()), 0)
        elif file.is_file():
            found[str(file)] = (file.read_bytes(), stat.S_IMODE(file.stat().st_mode))
    return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / 'a vault\'s "home"', tmp_path / "home")
    machine.root.mkdir()
    machine.git("init", "-q", "-b", "main")
    machine.write("mdmentor.toml", "")
    machine.write(NOTE, ADA)
    return machine


class TestInstall:
    def test_a_second_run_changes_nothing(self, machine: Machine) -> None:
        machine.mdmentor("git", "install", "--ignore-pages")
        before = snapshot(machine.root)
        assert "set up already" in machine.mdmentor("git", "install")
        assert snapshot(machine.root) == before

    def test_uninstall_gives_back_every_byte(self, machine: Machine) -> None:
        before = snapshot(machine.root)
        machine.mdmentor("git", "install", "--ignore-pages")
        assert snapshot(machine.root) != before
        machine.mdmentor("git", "uninstall")
        assert snapshot(machine.root) == before
        assert machine.git("status", "--porcelain", "--ignored").count("git") == 0

    @pytest.mark.parametrize(
        "text", ["", "*.png binary", "*.png binary\n", "*.png binary\r\n*.jpg binary\r\n"]
    )
    def test_what_stood_in_the_files_comes_back(self, machine: Machine, text: str) -> None:
        for name in (".gitattributes", ".gitignore"):
            machine.write(name, text)
        machine.write(".git/hooks/post-merge", "#!/bin/sh\necho mine >> ../seen\nexit 0\n")
        (machine.root / ".git/hooks/post-merge").chmod(0o755)
        machine.write(".git/hooks/post-checkout", "#!/usr/bin/env python3\nprint('mine')\n")
        (machine.root / ".git/hooks/post-checkout").chmod(0o755)
        machine.write(".git/hooks/post-rewrite", "#!/bin/sh\nexit 1\n")
        before = snapshot(machine.root)
        machine.mdmentor("git", "install", "--ignore-pages")
        machine.mdmentor("git", "install", "--keep-pages")
        machine.mdmentor("git", "install", "--ignore-pages")
        machine.mdmentor("git", "uninstall")
        assert snapshot(machine.root) == before

    def test_the_users_hooks_are_called_as_before(self, machine: Machine) -> None:
        seen = machine.home / "seen"
        machine.write(".git/hooks/post-checkout", f'#!/bin/sh\necho "shell $3" >> "{seen}"\nexit 3\n')
        machine.write(
            ".git/hooks/post-merge", f"#!/usr/bin/env python3\nopen({str(seen)!r}, 'a').write('python\\n')\n"
        )
        for name in ("post-checkout", "post-merge"):
            (machine.root / ".git/hooks" / name).chmod(0o755)
        machine.mdmentor("git", "install", "--ignore-pages")
        machine.commit()
        assert machine.run(
            "git", "checkout", "-q", "-b", "other"
        ).returncode  # git passes on that a hook failed
        machine.write("people/Bob.md", "Bob\n")
        machine.commit()
        machine.run("git", "checkout", "-q", "main")
        machine.git("merge", "-q", "other")
        assert seen.read_text() == "shell 1\nshell 1\npython\n"
        assert "Bob" in machine.read("reach-out/network.svg")

    def test_hooks_go_where_git_looks_for_them(self, machine: Machine) -> None:
        machine.git("config", "core.hooksPath", "tools/my hooks")
        machine.mdmentor("git", "install", "--ignore-pages")
        assert (machine.root / "tools/my hooks/post-merge").exists()
        machine.commit()
        machine.git("checkout", "-q", "-b", "other")
        assert (machine.root / "reach-out/Mentors.md").exists()
        machine.mdmentor("git", "uninstall")
        assert not (machine.root / "tools/my hooks").exists()

    def test_a_shared_hooks_folder_leaves_other_repositories_alone(
        self, machine: Machine, tmp_path: Path
    ) -> None:
        shared = tmp_path / "shared hooks"
        machine.git("config", "--global", "core.hooksPath", str(shared))
        machine.mdmentor("git", "install", "--ignore-pages")
        other = Machine(tmp_path / "other", machine.home)
        other.root.mkdir()
        other.git("init", "-q", "-b", "main")
        other.write("mdmentor.toml", "")
        other.write(NOTE, ADA)
        other.commit()
        other.git("checkout", "-q", "-b", "x")
        assert not (other.root / "reach-out").exists()

    def test_a_worktree_is_served_by_the_same_set_up(self, machine: Machine, tmp_path: Path) -> None:
        machine.mdmentor("git", "install", "--ignore-pages")
        machine.commit()
        machine.git("worktree", "add", "-q", str(tmp_path / "a tree"), "-b", "tree")
        tree = Machine(tmp_path / "a tree", machine.home)
        assert (tree.root / "reach-out/Mentors.md").exists()
        assert "set up already" in tree.mdmentor("git", "install")
        assert json.loads(tree.mdmentor("git", "status", "--json"))["hooks"] == dict.fromkeys(
            HOOKS, "installed"
        )

    def test_a_submodule_has_a_set_up_of_its_own(self, machine: Machine, tmp_path: Path) -> None:
        machine.commit()
        outer = Machine(tmp_path / "outer", machine.home)
        outer.root.mkdir()
        outer.git("init", "-q", "-b", "main")
        outer.git(
            "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(machine.root), "the vault"
        )
        inner = Machine(outer.root / "the vault", machine.home)
        inner.mdmentor("git", "install", "--ignore-pages")
        inner.git("checkout", "-q", "-b", "other")
        assert (inner.root / "reach-out/Mentors.md").exists()
        assert not outer.run("git", "config", "--local", "merge.mdmentor.driver").stdout

    def test_a_vault_below_the_top_keeps_its_lines_to_itself(self, tmp_path: Path) -> None:
        top = Machine(tmp_path / "all my things", tmp_path / "home")
        top.root.mkdir()
        top.git("init", "-q", "-b", "main")
        vault = Machine(top.root / "my notes", tmp_path / "home")
        vault.write("mdmentor.toml", '[pages]\nfolder = "out [of] it"\n')
        vault.write(NOTE, ADA)
        vault.mdmentor("git", "install", "--ignore-pages")
        assert not (top.root / ".gitattributes").exists()
        assert top.run("git", "check-attr", "merge", "x.md", "my notes/x.md").stdout.splitlines() == [
            "x.md: merge: unspecified",
            "my notes/x.md: merge: mdmentor",
        ]
        for path in ("my notes/out [of] it/a.svg",):
            assert "mdmentor" in top.run("git", "check-attr", "merge", path).stdout
            top.git("check-ignore", "-q", path)
        top.commit()
        top.git("checkout", "-q", "-b", "other")
        assert (vault.root / "out [of] it/Mentors.md").exists()

    def test_outside_of_git_it_says_so(self, vault: VaultOnDisk) -> None:
        run = vault.run("git", "install")
        assert run.code == 2
        assert "is not in a git repository; make it one with: git init" in run.err
        assert "is not in a git repository" in vault.run("git", "status").out

    def test_nothing_is_committed(self, machine: Machine) -> None:
        machine.commit()
        head = machine.git("rev-parse", "HEAD")
        machine.mdmentor("git", "install", "--ignore-pages")
        assert machine.git("rev-parse", "HEAD") == head
        assert machine.git("diff", "--cached", "--name-only") == ""


class TestStatus:
    def test_a_driver_that_is_bound_and_not_there_is_a_problem(self, clones: tuple[Machine, Machine]) -> None:
        laptop, _ = clones
        laptop.git("config", "--remove-section", "merge.mdmentor")
        told = laptop.mdmentor("check", code=1)
        assert (
            ".gitattributes:2:1: warning: mdmentor should merge the notes, but it is not set up in this clone"
            in told
        )
        assert "Git: mdmentor should merge the notes" in laptop.mdmentor("status")
        laptop.mdmentor("git", "status", code=1)
        laptop.mdmentor("git", "install")
        assert "does not know how" not in laptop.mdmentor("check")

    def test_a_driver_that_nothing_is_bound_to_is_one_too(self, clones: tuple[Machine, Machine]) -> None:
        laptop, _ = clones
        laptop.write(".gitattributes", "*.png binary\n")
        assert "no line uses it" in laptop.mdmentor("check", code=1)

    def test_a_driver_named_for_all_clones_is_fine(self, clones: tuple[Machine, Machine]) -> None:
        laptop, _ = clones
        laptop.git("config", "--remove-section", "merge.mdmentor")
        laptop.git("config", "--global", "merge.mdmentor.driver", DRIVER)
        assert "does not know how" not in laptop.mdmentor("check")

    def test_a_line_that_has_the_last_word_is_noticed(self, machine: Machine) -> None:
        machine.write("people/.gitattributes", "*.md merge=union\n")
        machine.mdmentor("git", "install")
        machine.write(".gitattributes", machine.read(".gitattributes") + "*.md merge=text\n")
        assert json.loads(machine.mdmentor("git", "status", "--json"))["bound"] is False


class TestRepair:
    def test_a_note_with_marks_keeps_what_it_said_and_tells_the_lines(self, vault: VaultOnDisk) -> None:
        vault.add(NOTE, ADA)
        before = vault.json("show", "Ada")
        half = ADA.replace(
            LAST, f"<<<<<<< HEAD\n{LAST}=======\n- 2026-10-20 mail: new\n>>>>>>> origin/main\n"
        )
        vault.add(NOTE, half)
        assert vault.json("show", "Ada") == before
        assert [p for p in vault.problems() if "merge is not finished" in p] == [
            f"{NOTE}:15:1: a merge is not finished here, so what the note said before it still counts; choose"
            f' what to keep and delete the marks, or run: mdmentor git resolve "{NOTE}"'
        ]
        vault.add(NOTE, half + "\nstill not finished\n")
        assert vault.json("show", "Ada") == before
        vault.add(NOTE, ADA + "- 2026-10-20 mail: new\n")
        assert vault.json("show", "Ada")["last_contact"] == "2026-10-20"
        assert not [p for p in vault.problems() if "merge" in p]

    def test_a_note_first_seen_with_marks_is_read_as_well_as_can_be(self, vault: VaultOnDisk) -> None:
        half = ADA.replace(LAST, f"<<<<<<< HEAD\n{LAST}=======\n- 2026-10-20 mail: new\n>>>>>>> x\n")
        vault.add(NOTE, half)
        assert vault.json("show", "Ada")["name"] == "Ada Lovelace"
        vault.add(NOTE, half.replace("role: Analyst", "role: CTO"))
        assert vault.json("show", "Ada")["role"] == "CTO"

    def test_marks_in_a_page_and_in_a_block_heal(self, vault: VaultOnDisk) -> None:
        vault.add(NOTE, ADA)
        vault.add("Home.md", "# Home\n\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n\nbelow\n")
        vault.reindex()
        page, home = vault.page("Reach out next"), vault.read("Home.md")
        lines = page.split("\n")
        lines[2:3] = ["<<<<<<< HEAD", lines[2], "=======", "day: 2026-11-20", ">>>>>>> x"]
        vault.add("reach-out/Reach out next.md", "\n".join(lines))
        inside = home.split("\n")[3:5]
        marks = ["<<<<<<< HEAD", *inside, "=======", *inside, ">>>>>>> x"]
        vault.add("Home.md", home.replace("\n".join(inside), "\n".join(marks)))
        vault.reindex()
        assert vault.page("Reach out next") == page
        assert vault.read("Home.md") == home

    def test_a_tick_between_marks_in_a_page_is_carried_out(self, vault: VaultOnDisk) -> None:
        vault.add(NOTE, ADA.replace("the paper", "the paper 📅 2026-11-01"))
        vault.reindex()
        page = vault.page("Reach out next")
        box = next(line for line in page.split("\n") if line.startswith("- [ ] **["))
        marks = [
            "<<<<<<< HEAD",
            f"{box.replace('[ ]', '[x]')}, showed her the paper",
            "=======",
            box,
            ">>>>>>> x",
        ]
        vault.add("reach-out/Reach out next.md", page.replace(box, "\n".join(marks), 1))
        vault.reindex()
        assert "- 2026-11-23: showed her the paper <!-- ticked 2026-11-23 -->\n" in vault.read(NOTE)
        assert "<<<<<<<" not in vault.page("Reach out next")

    def test_resolve_joins_what_a_phone_left(self, tmp_path: Path) -> None:
        laptop, desktop = two_clones(tmp_path, install=False)
        on_both(laptop, desktop)
        laptop.git("merge", "-q", "origin/main", fails=True)
        assert laptop.mdmentor("git", "resolve", code=1) == f"{NOTE}\n"
        told = laptop.mdmentor("git", "resolve", "Ada Lovelace")
        assert f'git add "{NOTE}"' in told
        assert without_tags(laptop.read(NOTE)) == MERGED

    @pytest.mark.parametrize("style", ["diff3", "zdiff3"])
    def test_resolve_reads_marks_that_were_committed(self, tmp_path: Path, style: str) -> None:
        laptop, desktop = two_clones(tmp_path, install=False)
        laptop.git("config", "merge.conflictStyle", style)
        on_both(laptop, desktop)
        laptop.git("merge", "-q", "origin/main", fails=True)
        laptop.commit("a hurried phone")
        laptop.mdmentor("git", "resolve", NOTE)
        assert without_tags(laptop.read(NOTE)) == MERGED

    def test_resolve_without_a_common_version_asks_what_nobody_can_know(self, tmp_path: Path) -> None:
        laptop, desktop = two_clones(tmp_path, install=False)
        on_both(laptop, desktop)
        laptop.git("merge", "-q", "origin/main", fails=True)
        laptop.commit("a hurried phone")
        assert f"{NOTE}:10: both sides changed these lines" in laptop.mdmentor("git", "resolve", NOTE, code=1)
        text = laptop.read(NOTE)
        assert "last_contact: 2026-10-20" in text and text.count("<<<<<<<") == 1
        assert text.count("- 2026-10-14 coffee") == text.count("- 2026-10-20 mail") == 1
        laptop.mdmentor("git", "resolve", NOTE, "--take", "ours")
        assert "- [x] send her the paper\n- [ ] ask about" in laptop.read(NOTE)

    def test_resolve_keeps_what_was_typed_after_the_merge(self, tmp_path: Path) -> None:
        laptop, desktop = two_clones(tmp_path, install=False)
        on_both(laptop, desktop)
        laptop.git("merge", "-q", "origin/main", fails=True)
        laptop.edit(NOTE, ("# Ada Lovelace\n", "# Ada Lovelace\n\nTyped since.\n"))
        laptop.mdmentor("git", "resolve", NOTE)
        assert "Typed since." in laptop.read(NOTE)

    def test_resolve_asks_for_a_key_and_takes_the_answer(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop, conflict=True)
        laptop.git("merge", "-q", "origin/main", fails=True)
        told = laptop.mdmentor("git", "resolve", NOTE, code=1)
        assert "role has two values" in told and "role: CTO" in told
        laptop.mdmentor("git", "resolve", NOTE, "--take", "role=theirs")
        assert without_tags(laptop.read(NOTE)) == MERGED.replace("role: Analyst", "role: CTO")

    def test_resolve_can_be_taken_back(self, clones: tuple[Machine, Machine]) -> None:
        laptop, desktop = clones
        on_both(laptop, desktop, conflict=True)
        laptop.git("merge", "-q", "origin/main", fails=True)
        before = laptop.read(NOTE)
        laptop.mdmentor("git", "resolve", NOTE, "--take", "ours")
        if "undo" in laptop.mdmentor("--help"):
            laptop.mdmentor("undo")
            assert laptop.read(NOTE) == before

    @pytest.mark.parametrize(
        "copy",
        [
            "Ada Lovelace.sync-conflict-20261101-101112-ABCDEFG.md",
            "Ada Lovelace (Grace's conflicted copy 2026-11-01).md",
            "Ada Lovelace.conflicted.1.md",
        ],
    )
    def test_a_sync_tools_copy_is_joined_with_its_note(self, vault: VaultOnDisk, copy: str) -> None:
        vault.add(NOTE, ADA + "- 2026-10-14 coffee: here\n")
        vault.add(f"people/{copy}", ADA + "- 2026-10-20 mail: there\n")
        assert f"people/{copy}" in vault.run("git", "resolve").out
        assert vault.run("git", "resolve", "Ada Lovelace").code == 0
        assert vault.read(NOTE) == ADA + "- 2026-10-14 coffee: here\n- 2026-10-20 mail: there\n"
        assert not (vault.root / "people" / copy).exists()

    def test_a_copy_with_another_value_stays_until_that_is_decided(self, vault: VaultOnDisk) -> None:
        copy = "people/Ada Lovelace.sync-conflict-20261101-101112-ABCDEFG.md"
        vault.add(NOTE, ADA)
        vault.add(copy, ADA.replace("Analyst", "CTO"))
        assert vault.run("git", "resolve", copy).code == 1
        assert (vault.root / copy).exists()
        assert vault.run("git", "resolve", NOTE, "--take", "role=theirs").code == 0
        assert vault.read(NOTE) == ADA.replace("Analyst", "CTO")
        assert vault.run("git", "resolve", NOTE).code == 0


class TestDocument:
    """docs/git.md, step by step."""

    BLOCKS = tuple(
        part.split("\n```", 1)[0] for part in (PACKAGE / "docs/git.md").read_text().split("\n```\n")[1::2]
    )

    def test_two_laptops(self, tmp_path: Path) -> None:
        origin = tmp_path / "origin.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(origin)], check=True)
        first, second, daily = self.BLOCKS[:3]
        laptop = Machine(tmp_path / "laptop", tmp_path / "home laptop")
        laptop.write("mdmentor.toml", "")
        laptop.write(NOTE, ADA)
        self.type(laptop, first.replace("URL", str(origin)))
        desktop = Machine(tmp_path, tmp_path / "home desktop")
        self.type(desktop, second.replace("URL", str(origin)))
        desktop.root = tmp_path / "notes"
        assert (desktop.root / "reach-out/Mentors.md").exists()
        for machine, line in ((desktop, "- 2026-10-20 mail: b\n"), (laptop, "- 2026-10-14 call: a\n")):
            machine.edit(NOTE, (LAST, LAST + line))
            self.type(machine, daily)
        assert laptop.read(NOTE) == ADA + "- 2026-10-14 call: a\n- 2026-10-20 mail: b\n"
        assert laptop.git("status", "--porcelain") == ""

    def test_the_workflow(self, tmp_path: Path) -> None:
        laptop, _ = two_clones(tmp_path)
        laptop.mdmentor("git", "install", "--keep-pages")
        laptop.mdmentor("reindex", "--today", "2026-11-20")
        workflow = yaml.safe_load(
            (PACKAGE / "docs/git.md").read_text().split("```yaml\n")[1].split("\n```")[0]
        )
        steps = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
        assert steps.pop(0) == "pip install mdmentor"
        self.type(laptop, "\n".join(steps))
        laptop.write("people/Bob.md", "## Log\n- 2026-01-01 call: hello\n")
        assert laptop.run("sh", "-c", steps[-1]).returncode == 1

    def type(self, machine: Machine, lines: str) -> None:
        done = machine.run("sh", "-e", "-c", lines)
        assert done.returncode == 0, done.stdout + done.stderr


class TestDriver:
    def test_without_arguments_it_says_who_calls_it(
        self, vault: VaultOnDisk, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from mdmentor.cli import main

        assert main(["merge-driver"]) == 2
        assert "called by git" in capsys.readouterr().err


@pytest.mark.parametrize("missing", [{"base"}, {"ours"}, {"theirs"}, {"base", "ours", "theirs"}], ids=str)
def test_the_driver_says_in_one_line_which_file_is_not_there(tmp_path: Path, missing: set[str]) -> None:
    names = ["base", "ours", "theirs"]
    for name in names:
        if name not in missing:
            (tmp_path / name).write_text("---\nname: Ada\n---\n")
    for rest in ([], ["7", "Jörg.md"], ["²", "x.md"]):
        told = subprocess.run(
            [sys.executable, "-m", "mdmentor", "merge-driver", *names, *rest],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 129
        assert told.stderr.count("\n") == 1 and "No such file" in told.stderr
    assert {name for name in names if (tmp_path / name).exists()} == set(names) - missing


@pytest.mark.skipif(os.name != "posix", reason="a newline in a path")
@pytest.mark.parametrize("below", ["", "sub\nfolder"])
def test_a_vault_whose_path_holds_a_newline_is_set_up_like_any_other(tmp_path: Path, below: str) -> None:
    laptop = Machine(tmp_path / "new\nline", tmp_path / "home")
    laptop.root.mkdir()
    laptop.git("init", "-q")
    vault = laptop.root / below
    (vault / ".obsidian").mkdir(parents=True)
    (vault / "people").mkdir()
    (vault / "people/Ada.md").write_text("- 2026-01-01 call\n")
    here = ("--vault", str(vault))
    before = snapshot(laptop.root)
    laptop.mdmentor("git", "install", *here)
    assert "set up already" in laptop.mdmentor("git", "install", *here)
    for command in (["check"], ["next"]):
        laptop.mdmentor(*command, *here)
    laptop.mdmentor("git", "hook", "post-merge")
    assert (vault / "reach-out/Reach out next.md").is_file()
    state = json.loads(laptop.mdmentor("git", "status", "--json", *here))
    assert state["repository"] == str(laptop.root) and state["driver"] == "installed" and state["bound"]
    assert set(state["hooks"].values()) == {"installed"}
    laptop.mdmentor("git", "uninstall", *here)
    assert snapshot(laptop.root) == before
