"""A renamed note or folder: every link names what it named before, and all of it happens or nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pytest import mark

from mdmentor.actions.edit import EditedLine
from mdmentor.core.markdown.targets import Naming, Paths, is_markdown, new_targets
from mdmentor.core.model import Link
from mdmentor.index import find
from mdmentor.index.links import links_of
from tests.conftest import VaultOnDisk

LINKS = {
    "Home.md": "See [[Ada Byron]], [[ada byron|Ada]], [[people/Ada Byron#Log]], ![[Ada Byron#^x]].\n",
    "posts/Raise.md": 'Ask [Ada](../people/Ada%20Byron.md#log), [h](<../people/Ada Byron.md> "t") [x][r]\n\n'
    "[r]: ../people/Ada%20Byron.md\n\n`[[Ada Byron]]` %%[[Ada Byron]]%%\n",
    "journal/2026-11-01.md": '---\nattendees: [Ada Byron, "[[Ada Byron]]"]\n---\n- [[Ada Byron]] #private\n',
    "people/Grace.md": "---\nintroduced_by: [[Ada Byron]]\n---\n",
    "people/Ada Byron.md": "---\nname: Ada Byron\naliases:\n  - Countess\n---\n# Ada Byron\n\n"
    "[self](Ada%20Byron.md) [p](../posts/Raise.md)\n",
}  # fmt: skip


def filled(vault: VaultOnDisk) -> VaultOnDisk:
    for path, text in LINKS.items():
        vault.add(path, text)
    return vault


def bytes_of(root: Path) -> dict[str, bytes]:
    """All notes; a killed run's temporary files go a minute later, which is held elsewhere."""
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in sorted(root.rglob("*"))
        if p.is_file() and not any(part.startswith(".") for part in p.relative_to(root).parts)
    }


def targets(vault: VaultOnDisk) -> list[tuple[str, int, str | None]]:
    with vault.queries() as queries:
        found = [(s, k, t) for p in find.note_paths(queries.index) for s, k, t in links_of(queries.index, p)]
    return sorted(((s, link.line, t) for s, link, t in found), key=str)


def test_a_note_and_its_links_in_all_forms_get_the_new_name(vault: VaultOnDisk) -> None:
    filled(vault)
    run = vault.run("rename", "Ada Byron", "Ada Lovelace", "--keep-alias")
    assert run.code == 0, run.err
    assert vault.read("Home.md") == (
        "See [[Ada Lovelace]], [[Ada Lovelace|Ada]], [[people/Ada Lovelace#Log]], ![[Ada Lovelace#^x]].\n"
    )
    assert vault.read("posts/Raise.md") == (
        'Ask [Ada](../people/Ada%20Lovelace.md#log), [h](<../people/Ada Lovelace.md> "t") [x][r]\n\n'
        "[r]: ../people/Ada%20Lovelace.md\n\n`[[Ada Byron]]` %%[[Ada Byron]]%%\n"
    )
    assert vault.read("journal/2026-11-01.md") == (
        '---\nattendees: [Ada Lovelace, "[[Ada Lovelace]]"]\n---\n- [[Ada Lovelace]] #private\n'
    )
    assert vault.read("people/Grace.md") == "---\nintroduced_by: [[Ada Lovelace]]\n---\n"
    assert vault.read("people/Ada Lovelace.md") == (
        "---\nname: Ada Lovelace\naliases:\n  - Countess\n  - Ada Byron\n---\n# Ada Lovelace\n\n"
        "[self](Ada%20Lovelace.md) [p](../posts/Raise.md)\n"
    )
    assert not (vault.root / "people/Ada Byron.md").exists()
    assert "Home.md:1: See [[Ada Lovelace]]" in run.out
    assert None not in [t for _, _, t in targets(vault)]


@mark.parametrize(
    ("old", "new", "there"),
    [
        ("Ada Byron", "./Ada", "Ada.md"),
        ("people/Ada Byron.md", "./Ada Byron.md", "Ada Byron.md"),
        ("Ada Byron", "./crm/Ada", "crm/Ada.md"),
        ("./people/Ada Byron", "Ada", "people/Ada.md"),
        ("journal", "./people/journal", "people/journal/2026-11-01.md"),
        ("people/old", "./people", "people/x.md"),
    ],
)
def test_a_path_that_begins_with_a_dot_is_from_the_root(
    vault: VaultOnDisk, old: str, new: str, there: str
) -> None:
    filled(vault)
    vault.add("people/old/x.md", "")
    run = vault.run("rename", old, new)
    if old == "people/old":
        assert run.code == 4 and '"people" is there already' in run.err
    else:
        assert run.code == 0 and (vault.root / there).is_file(), run.err
        assert all(target for _, _, target in targets(vault))


def test_a_dry_run_prints_the_same_and_changes_nothing(vault: VaultOnDisk) -> None:
    filled(vault)
    before = bytes_of(vault.root)
    dry = vault.run("rename", "Ada Byron", "Ada Lovelace", "--dry-run")
    assert dry.code == 0 and bytes_of(vault.root) == before
    planned = vault.json("rename", "Ada Byron", "Ada Lovelace", "--dry-run")
    assert planned["written"] == [] and bytes_of(vault.root) == before
    done = vault.json("rename", "Ada Byron", "Ada Lovelace")
    assert done["written"] == planned["changes"]
    assert dry.out.splitlines()[1:] == [str(EditedLine(**line)) for line in done["written"]]


def test_undo_takes_a_rename_back_as_a_whole_and_redo_does_it_again(vault: VaultOnDisk) -> None:
    filled(vault)
    before = bytes_of(vault.root)
    assert vault.run("rename", "Ada Byron", "crm/new/Ada Lovelace").code == 0
    after = bytes_of(vault.root)
    assert vault.run("undo").code == 0
    assert bytes_of(vault.root) == before
    assert not (vault.root / "crm").exists(), "folders made for it are gone too"
    assert vault.run("undo", "--redo").code == 0
    assert bytes_of(vault.root) == after
    assert vault.run("undo").code == 0
    assert bytes_of(vault.root) == before


def test_undo_refuses_when_one_of_the_notes_was_changed_since(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.run("rename", "Ada Byron", "Ada Lovelace")
    vault.add("Home.md", "mine\n")
    before = bytes_of(vault.root)
    run = vault.run("undo")
    assert run.code == 4
    assert '"Home.md" was changed after "rename Ada Byron to Ada Lovelace"' in run.err
    assert bytes_of(vault.root) == before
    old = run.err.split("what it held before is in ")[1].strip()
    assert Path(old).read_text() == LINKS["Home.md"]


def test_a_folder_moves_with_everything_in_it(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.add("people/ada.png", b"x")
    vault.add("Home.md", LINKS["Home.md"] + "![](people/ada.png) [g](people/Grace.md)\n")
    before = [
        (s.replace("people/", "crm/people/"), n, t and t.replace("people/", "crm/people/"))
        for s, n, t in targets(vault)
    ]
    run = vault.run("rename", "people", "crm/people")
    assert run.code == 0, run.err
    assert targets(vault) == sorted(before, key=str)
    assert vault.read("Home.md") == (
        "See [[Ada Byron]], [[ada byron|Ada]], [[crm/people/Ada Byron#Log]], ![[Ada Byron#^x]].\n"
        "![](crm/people/ada.png) [g](crm/people/Grace.md)\n"
    )
    assert "[p](../../posts/Raise.md)" in vault.read("crm/people/Ada Byron.md")


def test_a_folder_that_made_people_contacts_is_warned_of(vault: VaultOnDisk) -> None:
    filled(vault)
    run = vault.run("rename", "people", "humans", "--dry-run")
    assert "would no longer be a contact" in run.err


def test_a_link_that_would_name_the_renamed_note_gets_a_longer_path(vault: VaultOnDisk) -> None:
    vault.add("a/Ada.md", "")
    vault.add("b/Eve.md", "")
    vault.add("b/x.md", "[[Ada]] [[Eve]]\n")
    assert vault.run("rename", "b/Eve.md", "Ada").code == 0
    assert vault.read("b/x.md") == "[[a/Ada]] [[Ada]]\n"


@mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("Ada Byron", "Grace", 4, "there already"),
        ("Ada Byron", "A|da", 2, 'try "A da"'),
        ("Ada Byron", "What? #1", 2, 'try "What 1"'),
        ("Ada Byron", "Ada Byron", 2, "already called that"),
        ("Nobody", "Somebody", 2, "no note"),
        ("people", "people/old", 2, "is inside"),
        ("Ada Byron", "con", 2, 'try "con_"'),
        ("Ada Byron", "aux.txt", 2, 'try "aux_.txt"'),
        ("Ada Byron", "COM1/Ada", 2, 'try "COM1_"'),
        ("people", "nul", 2, 'try "nul_"'),
        ("Ada Byron", "Ada.", 2, 'try "Ada"'),
        ("Ada Byron", "old /Ada", 2, 'try "old"'),
        ("Ada Byron", "../out", 2, "cannot be linked"),
        ("Ada Byron", ".hidden", 2, "cannot be linked"),
        ("Ada Byron", "", 2, "cannot be linked"),
        (".", "x", 2, "is not a note or folder in the vault"),
        ("people/..", "x", 2, "is not a note or folder in the vault"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(
    vault: VaultOnDisk, old: str, new: str, code: int, words: str
) -> None:
    filled(vault)
    before = bytes_of(vault.root)
    run = vault.run("rename", old, new)
    assert (run.code, run.out) == (code, "")
    assert words in run.err
    assert bytes_of(vault.root) == before


def test_one_note_that_is_unsafe_stops_the_whole(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.add("posts/Zebra.md", "[[Ada Byron]]\n<<<<<<< HEAD\n")
    before = bytes_of(vault.root)
    run = vault.run("rename", "Ada Byron", "Ada Lovelace")
    assert run.code == 4 and "posts/Zebra.md: line 2 is the mark of an unfinished merge" in run.err
    assert bytes_of(vault.root) == before


def test_a_name_that_differs_in_case_alone(vault: VaultOnDisk) -> None:
    vault.add("people/ada.md", "# ada\n")
    vault.add("x.md", "[[ada]]\n")
    assert vault.run("rename", "people/ada.md", "Ada").code == 0
    assert vault.read("people/Ada.md") == "# Ada\n"
    assert vault.read("x.md") == "[[Ada]]\n"


_RENAMER = """
import sys
from mdmentor.actions import undo
from mdmentor.cli import main
take = undo._take
steps = int(sys.argv[1])
def slow(*arguments):
    global steps
    if steps == 0:
        print("here", flush=True)
        sys.stdin.read()
    steps -= 1
    take(*arguments)
undo._take = slow
main(["rename", "Ada Byron", "Ada Lovelace", "--vault", sys.argv[2]])
"""


@mark.skipif(os.name != "posix", reason="kill -9 is a POSIX way to die")
@mark.parametrize("steps", [0, 1, 3, 4])
def test_a_rename_killed_in_the_middle_is_taken_back_by_the_next_command(
    vault: VaultOnDisk, steps: int
) -> None:
    filled(vault)
    before = bytes_of(vault.root)
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache)}
    command = [sys.executable, "-c", _RENAMER, str(steps), str(vault.root)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None and process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (bytes_of(vault.root) == before) == (steps == 0)
    run = vault.run("snooze", "Grace", "off")
    assert "was cut short" in run.err
    assert bytes_of(vault.root) == before
    assert vault.run("undo").out == "Nothing to undo.\n"


@mark.skipif(os.name != "posix", reason="kill -9 is a POSIX way to die")
def test_a_rename_killed_at_any_moment_is_whole_or_taken_back(vault: VaultOnDisk) -> None:
    filled(vault)
    for number in range(40):
        vault.add(f"notes/{number}.md", "[[Ada Byron]]\n" * 50)
    with vault.queries():
        pass
    before = bytes_of(vault.root)
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache)}
    code = "import sys; from mdmentor.cli import main; print('on', flush=True); main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "rename", "Ada Byron", "Ada Lovelace", "--vault", str(vault.root)]
    after = None
    for number in range(12):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.05 + 0.03 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        vault.run("undo", "--redo")  # any command mends first; there is nothing to redo
        now = bytes_of(vault.root)
        if now != before:
            after = after or now
            assert now == after
            assert vault.run("undo").code == 0
        assert bytes_of(vault.root) == before


NAMES = ["Ada", "Bob", "ada x", "Zoë"]
FOLDERS = ["", "a", "b", "a/b"]
PATHS = st.builds(lambda f, n: f"{f}/{n}.md".lstrip("/"), st.sampled_from(FOLDERS), st.sampled_from(NAMES))
FORMS = st.sampled_from(["wiki", "path", "md", "relative", "rooted", "embed", "front"])


def written(form: str, source: str, target: str) -> str:
    bare = target.removesuffix(".md")
    relative = os.path.relpath(target, Path(source).parent).replace(" ", "%20")
    return {
        "wiki": f"[[{bare.rsplit('/', 1)[-1]}]]",
        "path": f"[[{bare}|text]]",
        "md": f"[t](<{target}>)",
        "relative": f"[t]({relative}#h)",
        "rooted": f"[[/{bare}]]",
        "embed": f"![[{bare.rsplit('/', 1)[-1]}]]",
        "front": f"[[{bare}]]",
    }[form]


VAULTS = st.dictionaries(PATHS, st.lists(st.tuples(FORMS, PATHS), max_size=4), min_size=2, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VAULTS, st.data())
def test_after_any_rename_every_link_names_what_it_named(
    notes: dict[str, list[tuple[str, str]]], data: st.DataObject
) -> None:
    old = data.draw(st.sampled_from(sorted(notes)))
    new = data.draw(PATHS)
    assume(new not in notes and new != "a/b")
    home = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_TMPDIR")))
    try:
        vault = VaultOnDisk(home / "vault", home / "cache")
        (vault.root / "mdmentor.toml").touch()
        for path, links in notes.items():
            front = next((written("front", path, t) for form, t in links if form == "front"), "")
            head = f'---\nsee: "{front}"\n---\n' if front else ""
            vault.add(path, head + "".join(f"- {written(form, path, t)}\n" for form, t in links))
        before = targets(vault)
        old_bytes = bytes_of(vault.root)
        run = vault.run("rename", old, "/" + new if "/" not in new and "/" in old else new)
        assert run.code == 0, run.err
        there = [(new if s == old else s, n, new if t == old else t) for s, n, t in before]
        now = targets(vault)
        for was, is_now in zip(
            sorted(there, key=lambda x: (x[0], x[1])), sorted(now, key=lambda x: (x[0], x[1])), strict=True
        ):
            if was[2] is not None:
                assert was == is_now
        assert vault.run("undo").code == 0
        assert bytes_of(vault.root) == old_bytes
    finally:
        shutil.rmtree(home)


@settings(max_examples=150, deadline=None)
@given(
    st.sets(PATHS, min_size=2, max_size=8), st.lists(st.tuples(FORMS, PATHS, PATHS), max_size=8), st.data()
)
def test_new_targets_resolve_to_the_same_notes(
    notes: set[str], links: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    old = data.draw(st.sampled_from(sorted(notes)))
    new = data.draw(PATHS.filter(lambda path: path not in notes))
    before = Paths(sorted(notes), ())
    namings = []
    for number, (form, source, target) in enumerate(links):
        if source in notes:
            raw = written(form, source, target)
            inner = (
                raw[raw.index("(") + 1 : -1].strip("<>").split("#")[0]
                if "](" in raw
                else raw.strip("![]").split("|")[0]
            )
            kind = "inline" if "](" in raw else "embed" if raw[0] == "!" else "wikilink"
            link = Link(number + 1, 1, kind, raw, inner.replace("%20", " "), "", "")
            namings.append(
                Naming(source, link, before.resolve(link.target, source, is_markdown=is_markdown(link)))
            )
    moves = {old: new}
    after = before.moved(lambda path: moves.get(path, path))
    changed = {
        id(link): wanted for told in new_targets(namings, before, moves).values() for link, wanted in told
    }
    for naming in namings:
        if naming.target is not None:
            target = changed.get(id(naming.link), naming.link.target)
            source = moves.get(naming.source, naming.source)
            found = after.resolve(target, source, is_markdown=is_markdown(naming.link))
            assert found == moves.get(naming.target, naming.target)


@mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_a_canvas_that_cannot_be_read_stops_no_rename(vault: VaultOnDisk) -> None:
    filled(vault)
    (vault.root / "gone.canvas").symlink_to("nowhere")
    (vault.root / "out.canvas").symlink_to("/etc/hostname")
    os.mkfifo(vault.root / "pipe.base")
    run = vault.run("rename", "Ada Byron", "Ada Lovelace")
    assert run.code == 0, run.err
    assert (vault.root / "people/Ada Lovelace.md").is_file()
    assert "out.canvas leads out of the vault" in run.err and "pipe.base is a pipe" in run.err


def test_a_plain_name_of_an_introducer_follows_where_nobody_else_has_it(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.add("people/Cy.md", "---\nintroduced_by: Ada Byron # at Tarn\n---\n")
    vault.add("people/Dee.md", "---\nmet_through: [Ada Byron, Countess]\n---\nIntroduced by Ada Byron\n")
    vault.add("people/Eve.md", "---\nintroduced_by: Ada Byron and Cy\n---\n")
    assert vault.run("rename", "Ada Byron", "Ada Lovelace").code == 0
    assert vault.read("people/Cy.md") == "---\nintroduced_by: Ada Lovelace # at Tarn\n---\n"
    assert "met_through: [Ada Lovelace, Countess]\n---\nIntroduced by Ada Byron" in vault.read(
        "people/Dee.md"
    )
    assert "Ada Byron and Cy" in vault.read("people/Eve.md")


def test_a_plain_name_that_somebody_else_has_too_stays(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.add("people/Cy.md", "---\nintroduced_by: Ada Byron\n---\n")
    vault.add("people/Ada B.md", "---\naliases: [Ada Byron]\n---\n")
    assert vault.run("rename", "people/Ada Byron.md", "Ada Lovelace").code == 0
    assert vault.read("people/Cy.md") == "---\nintroduced_by: Ada Byron\n---\n"


def test_a_page_in_a_namespace_of_logseq_is_named_and_renamed_as_there(vault: VaultOnDisk) -> None:
    vault.add("pages/people___Bob.md", "- ## Log\n")
    vault.add("journals/2026_11_20.md", "- coffee with [[people/Bob]], [[Bob]] was away\n")
    assert vault.json("show", "people/Bob")["last_contact"] == "2026-11-20"
    assert vault.run("rename", "people/Bob", "people___Robert").code == 0
    assert vault.read("journals/2026_11_20.md") == "- coffee with [[people/Robert]], [[Bob]] was away\n"
