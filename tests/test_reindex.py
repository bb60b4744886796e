"""Pages and blocks on the disk: written only when they differ, only over our own, the same on every machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mdmentor
from mdmentor.core import pages as frame
from mdmentor.errors import NoVault, WorldFailed
from mdmentor.index import state
from mdmentor.sample import copy_template
from mdmentor.vault import Vault
from mdmentor.vault.folders import Scan, Stamp
from tests.conftest import TODAY, VaultOnDisk, with_tick

MARKED = "# Ada\n\n<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\nbelow\n"


def files(root: Path) -> dict[str, bytes]:
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in root.rglob("*") if f.is_file()}


@pytest.fixture
def demo(tmp_path: Path) -> VaultOnDisk:
    vault = VaultOnDisk(tmp_path / "vault", tmp_path / "cache")
    copy_template(vault.root, TODAY, is_demo=True)
    return vault


def test_a_second_run_writes_nothing(demo: VaultOnDisk) -> None:
    assert demo.reindex().pages_written
    before = {f: f.stat().st_mtime_ns for f in demo.root.rglob("*")}
    assert demo.reindex().pages_written == []
    assert demo.reindex(full=True).pages_written == []
    assert {f: f.stat().st_mtime_ns for f in demo.root.rglob("*")} == before


def test_two_copies_in_different_folders_give_the_same_bytes(demo: VaultOnDisk, tmp_path: Path) -> None:
    copy = VaultOnDisk(tmp_path / "elsewhere" / "a copy with blanks", tmp_path / "other cache")
    shutil.copytree(demo.root, copy.root, dirs_exist_ok=True)
    demo.reindex()
    environment = {
        **os.environ,
        "MDMENTOR_CACHE": str(copy.cache),
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
    }
    command = [
        sys.executable,
        "-m",
        "mdmentor",
        "reindex",
        "--vault",
        str(copy.root),
        "--today",
        TODAY.isoformat(),
    ]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert files(demo.root) == files(copy.root)


def test_pages_after_any_edits_are_the_pages_from_scratch(demo: VaultOnDisk, tmp_path: Path) -> None:
    demo.reindex()
    people = sorted((demo.root / "people").glob("*.md"))
    people[0].unlink()
    people[1].rename(demo.root / "people" / "Somebody Else.md")
    demo.add("posts/Ask for a raise.md", "---\ntopics: [pay]\n---\nrewritten [[Somebody Else]]\n")
    demo.reindex()
    demo.add(
        "people/New.md", "---\nhelps_with: [pay]\n---\n## Log\n- 2026-11-20 tea [[Ask for a raise]] #got\n"
    )
    demo.reindex()
    again = VaultOnDisk(tmp_path / "again", tmp_path / "cache again")
    shutil.copytree(demo.root, again.root, dirs_exist_ok=True)
    shutil.rmtree(again.root / "reach-out")
    again.reindex()
    assert files(demo.root) == files(again.root)


def test_a_page_never_replaces_a_file_of_the_users(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("reach-out/Dates.md", "my own dates\n")
    vault.add("reach-out/network.svg", "<svg>mine</svg>")
    report = vault.reindex()
    assert vault.page("Dates") == "my own dates\n"
    assert vault.read("reach-out/network.svg") == "<svg>mine</svg>"
    assert any("reach-out/Dates.md is not a page of mdmentor" in words for words in report.words)
    assert "reach-out/Mentors.md" in report.pages_written


def test_a_note_that_takes_a_pages_name_is_told_as_a_problem_until_it_gives_way(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    note = vault.add("reach-out/Dates.md", "my own dates\n")
    vault.add("notes/Dates.md", "elsewhere it takes nothing\n")
    assert [(p["path"], p["severity"], p["code"]) for p in vault.json("check")["problems"]] == [
        ("reach-out/Dates.md", "warning", "page-name")
    ]
    vault.add("mdmentor.toml", '[pages]\nfolder = "pages"\n')
    assert vault.problems() == []
    (vault.root / "mdmentor.toml").unlink()
    vault.reindex()
    assert "has the name of the page" in vault.page("Problems")
    note.rename(vault.root / "reach-out/My dates.md")
    vault.reindex()
    assert vault.page("Dates").startswith("---\ngenerated-by: mdmentor\n")
    vault.add("reach-out/Dates.md", "<<<<<<< HEAD\n" + vault.page("Dates") + "=======\n>>>>>>> theirs\n")
    assert not any("name of the page" in problem for problem in vault.problems())


def test_pages_move_with_the_folder_that_the_settings_name(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.reindex()
    vault.add("reach-out/mine.md", "a note of mine\n")
    vault.add("reach-out/Dates.md", vault.page("Dates") + "scribbled\n")
    vault.add("mdmentor.toml", '[pages]\nfolder = "out/pages"\n')
    assert "reach-out/Mentors.md" in vault.reindex(check=True).stale
    told = vault.run("reindex", "--today", vault.today.isoformat()).out
    assert "removed reach-out/Mentors.md\n" in told and "wrote out/pages/Mentors.md\n" in told
    # what somebody wrote or wrote on stays
    assert {p.name for p in (vault.root / "reach-out").iterdir()} == {"mine.md", "Dates.md"}
    assert (vault.root / "out/pages/Mentors.md").exists()
    assert vault.reindex().pages_written == []


def test_a_page_that_was_deleted_or_changed_comes_back(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.reindex()
    dates = vault.page("Dates")
    (vault.root / "reach-out/Dates.md").unlink()
    assert vault.reindex().pages_written == ["reach-out/Dates.md"]
    vault.add("reach-out/Dates.md", dates + "scribbled\n")
    assert vault.reindex().pages_written == ["reach-out/Dates.md"]
    assert vault.page("Dates") == dates


def test_a_file_saved_right_after_a_page_was_written_is_not_taken_for_it(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("people/Ada.md", "<!-- mdmentor:card -->\n<!-- /mdmentor -->\n")
    mine = {"reach-out/Dates.md": "my own [[Ada]]\n", "people/Ada.md": "---\ncadence: weekly\n---\nmine\n"}
    write = Vault.write

    def write_and_be_overtaken(self: Vault, path: str, data: bytes, expected: bytes | None) -> bool:
        is_written = write(self, path, data, expected)
        if path in mine:
            vault.add(path, mine[path])
        return is_written

    monkeypatch.setattr(Vault, "write", write_and_be_overtaken)
    vault.reindex()
    monkeypatch.undo()
    report = vault.reindex()
    assert any("Dates.md is not a page of mdmentor" in words for words in report.words)
    assert vault.backlinks("people/Ada.md") == ["reach-out/Dates.md:1"]
    assert vault.json("show", "Ada")["cadence_days"] == 7


@pytest.mark.parametrize("is_named", [True, False], ids=["named", "walked"])
def test_a_vault_that_goes_in_the_middle_of_a_run_loses_nothing(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, is_named: bool
) -> None:
    for number in range(5):
        vault.add(f"people/{number}.md", "")
    vault.reindex()
    (vault.root / "people/1.md").unlink()
    away, look = vault.root.with_name("away"), Vault.look if is_named else Vault.scan

    def look_and_lose(self: Vault, *arguments: object) -> Scan:
        scan = look(self, *arguments)  # type: ignore[operator]
        vault.root.rename(away)
        vault.root.mkdir()  # as a drive leaves the place it was mounted on
        return scan

    monkeypatch.setattr(Vault, look.__name__, look_and_lose)
    only = {"people/1.md"} if is_named else ()
    with pytest.raises((NoVault, WorldFailed), match="drive mounted"):
        vault.reindex(only=only)
    assert os.listdir(vault.root) == []
    monkeypatch.undo()
    vault.root.rmdir()
    away.rename(vault.root)
    report = vault.reindex()
    assert (report.changes.removed, report.changes.added, report.notes) == (1, 0, 4)


def test_a_place_where_no_drive_is_mounted_is_not_taken_for_a_vault_without_notes(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.reindex()
    away = vault.root.with_name("away")
    vault.root.rename(away)
    vault.root.mkdir()
    for command in ("reindex", "contacts", "check"):
        run = vault.run(command)
        assert run.code == 5 and "is its drive mounted?" in run.err and len(run.err.splitlines()) == 1
    assert os.listdir(vault.root) == []
    vault.root.rmdir()
    away.rename(vault.root)
    assert vault.reindex().changes.added == 0
    shutil.rmtree(vault.root)
    vault.root.mkdir()
    assert vault.run("reindex", "--full").code == 0 and vault.json("contacts") == []


def test_problems_is_gone_when_there_is_none(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\ncadence: evry month\n---\n")
    vault.reindex()
    assert "evry month" in vault.page("Problems")
    assert "Problems" in vault.page("Reach out next")
    vault.add("people/Ada.md", "---\ncadence: monthly\n---\n")
    vault.reindex()
    assert not (vault.root / "reach-out/Problems.md").exists()
    assert "Problems" not in vault.page("Reach out next")


def test_pages_are_no_source_but_can_be_linked(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("home.md", "[[Reach out next]] [[Problems]]\n")
    assert vault.problems() == []
    vault.reindex()
    assert vault.backlinks("people/Ada.md") == []
    assert vault.json("links", "home.md")[0]["target"] == "reach-out/Reach out next.md"


def test_the_pages_folder_can_be_named(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("mdmentor.toml", '[pages]\nfolder = "Areas/Who next"\n')
    assert all(path.startswith("Areas/Who next/") for path in vault.reindex().pages_written)
    assert "](../../people/Ada.md)" in vault.read("Areas/Who next/Network.md")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_block_is_filled_and_every_byte_outside_it_stays(vault: VaultOnDisk, newline: str) -> None:
    text = "\ufeff" + MARKED.replace("\n", newline) + "no newline at the end  "
    vault.add("people/Ada.md", text)
    vault.add("posts/Raise.md", "Ask [[Ada]] first.\n")
    vault.reindex()
    after = vault.read("people/Ada.md")
    head, rest = text.split("<!-- /mdmentor -->")
    assert after.startswith(head) and after.endswith("<!-- /mdmentor -->" + rest)
    inside = after[len(head) : -len("<!-- /mdmentor -->" + rest)]
    assert "Ask" in inside and "../posts/Raise.md" in inside
    assert newline == "\n" or "\n" not in inside.replace("\r\n", "")
    assert vault.reindex().pages_written == []


def test_a_block_follows_what_it_tells(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", MARKED)
    vault.add("posts/Raise.md", "Ask [[Ada]] first.\n")
    vault.reindex()
    vault.add("posts/Raise.md", "Ask nobody.\n")
    assert "people/Ada.md" in vault.reindex().pages_written
    assert "Raise" not in vault.read("people/Ada.md")


def test_a_blocks_links_are_no_links(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", MARKED)
    vault.add("posts/Raise.md", "Ask [[Ada]] first.\n")
    vault.reindex()
    assert vault.backlinks("posts/Raise.md") == []


def test_a_block_changed_by_hand_is_kept_and_told(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", MARKED)
    vault.reindex()
    changed = vault.read("people/Ada.md").replace("<!-- /mdmentor -->", "my own line\n<!-- /mdmentor -->")
    vault.add("people/Ada.md", changed)
    vault.add("posts/Raise.md", "Ask [[Ada]] first.\n")
    vault.reindex()
    assert vault.read("people/Ada.md") == changed
    assert any("block backlinks was edited by hand" in p for p in vault.problems())


@pytest.mark.parametrize(
    "text",
    [
        "<!-- mdmentor:backlinks -->\nno end\n",
        "<!-- /mdmentor -->\n",
        "<!-- mdmentor:nonsense -->\n<!-- /mdmentor -->\n",
        "<!-- mdmentor:next -->\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
        "```\n<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n```\n",
    ],
)
def test_a_damaged_block_is_never_written(vault: VaultOnDisk, text: str) -> None:
    vault.add("people/Ada.md", text)
    vault.add("posts/Raise.md", "Ask [[Ada]] first.\n")
    vault.reindex()
    if "nested" not in text and "mdmentor:card" not in text:
        assert vault.read("people/Ada.md") == text
    assert text.startswith("```") or vault.problems()


def test_notes_without_markers_are_never_written(demo: VaultOnDisk) -> None:
    before = {path: data for path, data in files(demo.root).items() if b"<!-- mdmentor:" not in data}
    demo.reindex()
    after = files(demo.root)
    assert {path: after[path] for path in before} == before


def test_templates_blocks_stay_empty(vault: VaultOnDisk) -> None:
    vault.add("templates/person.md", MARKED)
    vault.reindex()
    assert vault.read("templates/person.md") == MARKED


def test_no_page_is_written_while_git_is_merging(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "one\n")
    git = ["git", "-C", str(vault.root), "-c", "user.name=a", "-c", "user.email=a@example.org"]

    def run(*words: str, fine: bool = True) -> None:
        subprocess.run([*git, *words], check=fine, capture_output=True)

    run("init", "-q", "-b", "main")
    run("add", "-A")
    run("commit", "-qm", "one")
    run("checkout", "-qb", "other")
    vault.add("people/Ada.md", "two\n")
    run("commit", "-qam", "two")
    run("checkout", "-q", "main")
    vault.add("people/Ada.md", "three\n")
    run("commit", "-qam", "three")
    run("merge", "other", fine=False)
    report = vault.reindex()
    assert report.pages_written == [] and not (vault.root / "reach-out").exists()
    assert "merge" in report.words[0]
    run("merge", "--abort")
    assert vault.reindex().pages_written


def test_a_vault_with_nothing_in_it_gets_friendly_pages(vault: VaultOnDisk) -> None:
    vault.root.mkdir(exist_ok=True)
    report = vault.reindex()
    assert report.notes == 0
    assert "people" in vault.page("Reach out next")
    assert vault.reindex().pages_written == []


lines = st.lists(
    st.sampled_from(
        ["text", "", "- [[Ada]] tea", "## Log", "- 2026-11-01 call #got", "<!-- mdmentor:backlinks -->", "<!-- mdmentor:card -->",
         "<!-- mdmentor:next -->", "<!-- /mdmentor -->", "```", "> quote", "<!-- sum 00000000 -->", "\t", "é 山"]
    ),
    max_size=12,
)  # fmt: skip


@given(lines, st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_outside_the_markers_no_byte_ever_changes(
    tmp_path_factory: pytest.TempPathFactory, body: list[str], newline: str, bom: bool
) -> None:
    vault = VaultOnDisk(tmp_path_factory.mktemp("v") / "vault", tmp_path_factory.mktemp("c"))
    text = ("\ufeff" if bom else "") + newline.join(body)
    vault.add("people/Ada.md", text)
    vault.add("posts/Raise.md", "Ask [[Ada]].\n")
    vault.reindex()
    after = vault.read("people/Ada.md")
    rest = iter(after.split("\n"))
    # what stood there still stands there, in its order; a block of blank lines is an empty one and is filled
    for line in text.split("\n"):
        assert not line.strip() or any(line == other for other in rest), (text, after)
    assert vault.reindex().pages_written == []


def test_another_version_makes_all_pages_anew_though_no_note_changed(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-11-01 call\n")
    vault.reindex()
    assert vault.reindex().pages_written == []
    monkeypatch.setattr(mdmentor, "__version__", "99")
    monkeypatch.setattr(frame, "_FOOT", "*In other words{}.*")
    assert "reach-out/Mentors.md" in vault.reindex().pages_written
    assert "In other words" in vault.page("Mentors")
    assert vault.reindex(check=True).stale == vault.reindex().pages_written == []


def test_pages_that_lie_there_are_counted_as_no_notes(vault: VaultOnDisk, tmp_path: Path) -> None:
    vault.add("people/Ada.md", "")
    vault.reindex()
    other = VaultOnDisk(vault.root, tmp_path / "another machine")
    report = other.reindex()
    assert (report.notes, report.changes.added, report.changes.changed, report.changes.paths) == (
        1,
        1,
        0,
        ["people/Ada.md"],
    )
    (vault.root / "reach-out/Mentors.md").unlink()
    vault.add("reach-out/Dates.md", vault.page("Dates") + "\n")
    report = other.reindex()
    assert (report.changes.added, report.changes.changed, report.changes.removed, report.changes.paths) == (
        0,
        0,
        0,
        [],
    )
    assert sorted(report.pages_written) == ["reach-out/Dates.md", "reach-out/Mentors.md"]


class TestADiskThatRefuses:
    """What is said where some files could be written and others not."""

    def refuse(self, monkeypatch: pytest.MonkeyPatch, *paths: str) -> None:
        write = Vault.write

        def failing(self: Vault, name: str, data: bytes, expected: bytes | None, *mode: int) -> bool:
            if name in paths:
                raise WorldFailed(
                    f'"{name}" could not be written (No space left on device)', "nothing changed"
                )
            return write(self, name, data, expected, *mode)

        monkeypatch.setattr(Vault, "write", failing)

    def test_it_is_told_once_with_what_was_written(
        self, vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault.add("people/Ada.md", "# Ada\n")
        with monkeypatch.context() as patch:
            self.refuse(patch, "reach-out/Mentors.md", "reach-out/Dates.md")
            run = vault.run("reindex")
        assert run.code == 5 and len(run.err.splitlines()) == 1
        assert (
            '"reach-out/Mentors.md" and 1 other file could not be written (No space left on device); '
            in run.err
        )
        assert "others were written; when that is put right, run: mdmentor reindex" in run.err
        assert (vault.root / "reach-out/Reach out next.md").exists()
        assert vault.run("reindex").code == 0 and (vault.root / "reach-out/Mentors.md").exists()
        assert vault.run("reindex", "--check").code == 0

    def test_a_tick_that_was_carried_out_is_told(
        self, vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault.add("people/Ada.md", "---\ncadence: 30\n---\n# Ada\n\n- 2026-01-01 call\n")
        vault.reindex()
        page = vault.page("Reach out next")
        vault.add("reach-out/Reach out next.md", with_tick(page, ": tea"))
        with monkeypatch.context() as patch:
            self.refuse(patch, *(f"reach-out/{p.name}" for p in (vault.root / "reach-out").iterdir()))
            run = vault.run("reindex")
        assert run.code == 5 and "carried out: people/Ada.md" in run.err
        assert "nothing changed" not in run.err and "no page was written" in run.err
        assert vault.read("people/Ada.md").count("tea") == 1
        assert vault.run("reindex").code == 0 and vault.read("people/Ada.md").count("tea") == 1


def test_a_note_with_a_new_stamp_and_the_same_bytes_brings_no_page_up_to_date(vault: VaultOnDisk) -> None:
    file = vault.add("people/Ada.md", "- 2026-11-01 call: x\n")
    vault.reindex()
    with vault.queries() as queries:
        before, old = state.load(queries.index).revision, state.stamps(queries.index)[0]
    os.utime(file, (1, 1))
    report = vault.reindex()
    assert report.changes.changed == 0 and report.pages_written == []
    with vault.queries() as queries:
        assert state.load(queries.index).revision == before
        assert state.stamps(queries.index)[0] != old
    vault.add("people/Ada.md", "- 2026-11-02 call: x\n")
    assert vault.reindex().changes.changed == 1


def test_a_note_that_can_be_read_again_loses_its_problem_from_the_page(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = vault.add("people/Ada.md", "- 2026-11-01 call: x\n")
    vault.reindex()
    read = Vault.read

    def refuse(self: Vault, path: str, *most: int) -> tuple[bytes, Stamp]:
        if path == "people/Ada.md":
            raise PermissionError(13, "Permission denied")
        return read(self, path, *most)

    os.utime(file, (1, 1))
    with monkeypatch.context() as for_now:
        for_now.setattr(Vault, "read", refuse)
        vault.reindex()
    assert "cannot be read" in vault.page("Problems")
    vault.reindex()
    assert vault.problems() == [] and not (vault.root / "reach-out/Problems.md").exists()


def test_a_file_in_place_of_the_folder_of_pages_costs_one_line_and_is_no_success(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("reach-out", "mine")
    for flags in ([], ["--check"], ["--json"]):
        run = vault.run("reindex", *flags)
        assert (run.code, run.out, run.err.count("\n")) == (5, "", 1)
        assert '"reach-out" is a file' in run.err
    assert vault.read("reach-out") == "mine"


def test_a_page_that_was_left_is_not_called_up_to_date(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", '[pages]\nmake = ["Mentors"]\n')
    vault.add("reach-out/Mentors.md", "mine")
    run = vault.run("reindex", "--today", vault.today.isoformat())
    assert run.code == 0 and "Mentors.md is not a page of mdmentor" in run.err
    assert "up to date" not in run.out


def test_check_names_the_stale_pages_in_json(vault: VaultOnDisk) -> None:
    assert "reach-out/Mentors.md" in vault.json("reindex", "--check")["stale"]
    assert vault.json("reindex")["stale"] == []
