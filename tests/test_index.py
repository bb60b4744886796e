"""The index: incremental equals from scratch, damage heals, links follow names, search finds."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mdmentor.core.model import Settings
from mdmentor.core.parse import MOST_BYTES
from mdmentor.core.ranking.select import shortlist
from mdmentor.index import Index, cache_path, find, schema
from mdmentor.index import people as people_in
from mdmentor.index import writer as put
from mdmentor.index.writer import writing
from mdmentor.reindex import Events, plan_run, reindex
from mdmentor.reindex.update_index import update_index
from mdmentor.reindex.workers import Workers
from mdmentor.vault import Vault
from mdmentor.vault.folders import Stamp
from tests.conftest import VaultOnDisk

TABLES = {
    "note": "SELECT path, key, kind, title, day, why, data, hash FROM note",
    "name": "SELECT n.path, m.text, m.plain, m.what FROM name m JOIN note n ON n.id = m.note",
    "topic": "SELECT n.path, t.key, t.text, t.kind FROM topic t JOIN note n ON n.id = t.note",
    "link": (
        "SELECT n.path, l.seq, l.line, l.col, l.kind, l.raw, l.wanted, l.key, l.fragment, l.text, l.field, l.entry,"
        " l.private, l.target IS NULL, t.path, l.file FROM link l JOIN note n ON n.id = l.note LEFT JOIN note t ON t.id = l.target"
    ),
    "entry": "SELECT n.path, e.* FROM entry e JOIN note n ON n.id = e.note",
    "block": "SELECT n.path, b.kind FROM block b JOIN note n ON n.id = b.note",
    "problem": "SELECT path, line, col, severity, code, what, fix FROM problem",
    "attachment": "SELECT path FROM attachment",
    "body": "SELECT n.path, b.title, b.shown, b.private FROM body b JOIN note n ON n.id = b.note",
    "share": "SELECT path, name, is_left_out, dot, sources, months, step, support, exchange, days FROM contribution",
    "standing": "SELECT path, name, pool, held, score, duty, turn, due, snooze, last, revived, data FROM assessment",
}


def content(vault: VaultOnDisk) -> dict[str, list[tuple[object, ...]]]:
    """All that the index knows once it is up to date, without its own numbers."""
    with vault.queries() as queries:
        return told_by(queries.index)


def known(vault: VaultOnDisk) -> dict[str, list[tuple[object, ...]]]:
    """All that the index knows as it is."""
    index = Index(vault.root.resolve(), vault.cache)
    try:
        return told_by(index)
    finally:
        index.close()


def told_by(sql: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    told = {}
    for table, query in TABLES.items():
        rows = [tuple(v for v in row) for row in sql.execute(query)]
        if table == "entry":
            rows = [row[:1] + row[2:] for row in rows]
        told[table] = sorted(rows, key=repr)
    words = [row["path"] for row in find.search(sql, "tea", 100)]
    told["words"] = sorted((w,) for w in words)
    return told


def fresh(vault: VaultOnDisk) -> dict[str, list[tuple[object, ...]]]:
    other = VaultOnDisk(vault.root, vault.cache.with_name("fresh"))
    shutil.rmtree(other.cache, ignore_errors=True)
    return content(other)


FOLDERS = ["", "people/", "posts/", "daily/", "goals/", "Work/people/"]
NAMES = ["Ada", "Grace", "ada", "Raise", "2026-11-01", "2026-11-20", "José"]
BODIES = [
    "",
    "# Ada Lovelace\n\n## Log\n\n- 2026-10-14 call: tea, see [[Raise]] #got\n- [ ] send it 📅 2026-11-25\n",
    "---\naliases: [Countess]\ntags: [person]\ntopics: [raise, tea]\n---\nwith [[Grace]] and [[Ada|her]]\n",
    "- coffee with [[Ada]] and [[Grace]] about [[Raise]]\n- secret [[José]] #private\n",
    "## Log\n- 2026-11-02 walk with [[Ada]]\n  - told [[Grace]] of [[Raise]] #gave\n  - [ ] write\n  - #thanked #private\n",
    "---\ntopics: [raise]\nhelps_with: [raise]\n---\n[[Nowhere]] [x](../people/Ada.md) ![[pic.png]]\n",
    "---\nconfidential: true\nsnooze: 2026-12-24\n---\n## Log\n- 2025-01-01 tea\n",
    "---\nname: [broken\n---\ntea [[work/people/Grace]]\n",
    b"\xff\xfe not text",
]


class Edits(RuleBasedStateMachine):
    """Any series of edits; after some of them the index must equal one built from nothing."""

    root: Path

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.vault = VaultOnDisk(self.folder / "vault", self.folder / "cache")
        self.looked = True
        self.vault.add(
            ".obsidian/app.json", "{}"
        )  # a vault without anything is taken for a drive that is gone

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(folder=st.sampled_from(FOLDERS), name=st.sampled_from(NAMES), body=st.sampled_from(BODIES))
    def write(self, folder: str, name: str, body: str | bytes) -> None:
        self.vault.add(f"{folder}{name}.md", body)

    @rule(folder=st.sampled_from(FOLDERS), name=st.sampled_from(NAMES))
    def remove(self, folder: str, name: str) -> None:
        (self.vault.root / f"{folder}{name}.md").unlink(missing_ok=True)

    @rule(old=st.sampled_from(FOLDERS[1:]), new=st.sampled_from(FOLDERS[1:]))
    def move_folder(self, old: str, new: str) -> None:
        source, target = self.vault.root / old, self.vault.root / new / "moved"
        if source.is_dir() and not target.exists() and not target.is_relative_to(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)

    @rule(there=st.booleans())
    def attachment(self, there: bool) -> None:
        if there:
            self.vault.add("pic.png", b"png")
        else:
            (self.vault.root / "pic.png").unlink(missing_ok=True)

    @rule(per_day=st.sampled_from([1, 3]), folder=st.sampled_from(["people", "Work"]))
    def change_settings(self, per_day: int, folder: str) -> None:
        self.vault.add(
            "mdmentor.toml", f'[reach_out]\nper_day = {per_day}\n[contacts]\nfolders = ["{folder}"]\n'
        )

    @rule()
    def look(self) -> None:
        with self.vault.queries():
            pass

    @rule()
    def write_pages(self) -> None:
        self.vault.reindex()
        assert self.vault.reindex().pages_written == []

    @invariant()
    def incremental_equals_from_scratch(self) -> None:
        assert content(self.vault) == fresh(self.vault)


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)


class ManyEdits(Edits):
    """The same where two notes are many, and are handed to SQLite by threes."""

    def __init__(self) -> None:
        super().__init__()
        self.few = pytest.MonkeyPatch()
        self.few.setattr(put, "_MANY", 2)

    def teardown(self) -> None:
        self.few.undo()
        super().teardown()

    @rule(folder=st.sampled_from(FOLDERS), bodies=st.permutations(BODIES))
    def write_many(self, folder: str, bodies: list[str | bytes]) -> None:
        for name, body in zip(NAMES, bodies, strict=False):
            self.vault.add(f"{folder}{name}.md", body)


TestManyEdits = ManyEdits.TestCase
TestManyEdits.settings = settings(
    max_examples=15, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_new_note_makes_links_to_its_name_whole(vault: VaultOnDisk) -> None:
    vault.add("a.md", "see [[Grace]]\n")
    assert vault.json("links", "a.md")[0]["target"] is None
    vault.add("deep/folder/grace.md", "")
    assert vault.json("links", "a.md")[0]["target"] == "deep/folder/grace.md"
    (vault.root / "deep/folder/grace.md").unlink()
    assert vault.json("links", "a.md")[0]["target"] is None


@pytest.mark.parametrize("meanwhile", ["", "gone", "unreadable"])
def test_many_notes_at_once_are_known_as_they_are_one_by_one(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    for number, (folder, name) in enumerate(itertools.product(FOLDERS, NAMES)):
        vault.add(f"{folder}{name}.md", BODIES[number % len(BODIES)])
    ways = "[[lone]] [[deep/lone]] [[Lone#Part]] [[#Part]] [[ada]] [x](deep/lone.md) [[/deep/Lone]] [[./deep/lone]]"
    vault.add("links.md", f"{ways} [[./lone]] [[shallow/lone]] [[deep\\\\lone|x]] [[DEEP/lone.md]]\n")
    vault.add(
        "deep/links.md", f"{ways} [[./lone]] [[../deep/lone]] [x](lone.md) [y](../lone.md) [[deep/lone/]]\n"
    )
    vault.add("odd.md", "[[Blank]] [[ blank ]] [[ÉTÉ]] [[upper]] [[upper.md]] [[x.y]] [[.md]] [[.]]\n")
    for odd in ("deep/ Blank.md", "deep/été.md", "deep/UPPER.md", "deep/x.y.md"):
        vault.add(odd, "")
    lone = vault.add("deep/lone.md", "[[links]]\n")
    read = Vault.read

    def read_meanwhile(self: Vault, path: str, most: int = MOST_BYTES) -> tuple[bytes, Stamp]:
        if meanwhile and path == "deep/lone.md":
            raise FileNotFoundError if meanwhile == "gone" else PermissionError
        return read(self, path, most)

    monkeypatch.setattr(Vault, "read", read_meanwhile)
    with monkeypatch.context() as few:
        few.setattr(put, "_MANY", 1)
        at_once = content(vault)
    if meanwhile == "gone":
        lone.unlink()
    assert at_once == fresh(vault)
    assert len(at_once["note"]) > 40


def test_pages_that_another_run_wrote_since_the_walk_are_not_taken_for_gone(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-10-14 call\n")
    index = Index(vault.root.resolve(), vault.cache)
    walked = Vault(vault.root.resolve()).scan(Settings())
    vault.reindex()
    with writing(index) as writer, Workers() as pool:
        update_index(plan_run(Vault(vault.root.resolve()), index, vault.today), writer, pool, walked)
    index.close()
    assert known(vault) == fresh(vault)


def test_a_changed_note_of_equal_size_within_the_clocks_tick_is_seen(vault: VaultOnDisk) -> None:
    file = vault.add("a.md", "[[one]]\n")
    stamp = file.stat()
    with vault.queries():
        pass
    file.write_bytes(b"[[two]]\n")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert vault.json("links")[0]["raw"] == "[[two]]"


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])  # some file systems have no WAL
def test_a_cache_folder_that_is_deleted_in_mid_run_costs_nothing(vault: VaultOnDisk, journal: str) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-10-01 tea\n")
    index = Index(vault.root.resolve(), vault.cache)
    index.execute(f"PRAGMA journal_mode = {journal}")
    there = iter([vault.cache])
    deleted = Events(lambda done, count: any(map(shutil.rmtree, there)))
    try:
        report = reindex(plan_run(Vault(vault.root.resolve()), index, vault.today, deleted))
        assert (report.contacts, index.warning) == (1, "")
    finally:
        index.close()
    assert "Ada" in vault.page("Network")
    with vault.queries() as queries:
        assert queries.find_contact("Ada") == "people/Ada.md" and Path(queries.index.path).exists()


@pytest.mark.parametrize("harm", ["garbage", "cut", "version", "gone", "empty", "foreign"])
def test_a_damaged_index_heals_by_itself(vault: VaultOnDisk, harm: str) -> None:
    for number in range(30):
        vault.add(f"people/P{number}.md", f"---\ntags: [person]\n---\n[[P{number + 1}]] tea\n")
    before = content(vault)
    file = next(vault.cache.glob("*.sqlite"))
    data = file.read_bytes()
    if harm == "garbage":
        file.write_bytes(b"garbage" * 1000)
    elif harm == "cut":
        file.write_bytes(data[: len(data) // 3])
    elif harm == "version":
        sql = sqlite3.connect(file)
        sql.execute("UPDATE link SET target = NULL, raw = 'as another version keeps it'")
        sql.execute("PRAGMA user_version = 999")
        sql.commit()
        sql.close()
    elif harm == "gone":
        file.unlink()
    elif harm == "empty":
        file.write_bytes(b"")
    else:
        file.unlink()
        sql = sqlite3.connect(file)
        sql.execute("CREATE TABLE other (x)")
        sql.close()
    assert content(vault) == before


def test_pages_in_the_middle_of_the_file_gone_bad_heal_too(vault: VaultOnDisk) -> None:
    for number in range(200):
        vault.add(f"people/P{number}.md", f"---\ntags: [person]\n---\n[[P{number + 1}]] " + "tea " * 200)
    before = content(vault)
    file = next(vault.cache.glob("*.sqlite"))
    data = bytearray(file.read_bytes())
    for place in range(8192, len(data), 4096):
        data[place : place + 64] = os.urandom(64)
    file.write_bytes(bytes(data))
    vault.add("people/P1.md", "changed\n")
    vault.reindex(full=True)
    (vault.root / "people/P1.md").write_text("---\ntags: [person]\n---\n[[P2]] " + "tea " * 200)
    assert content(vault)["link"] == before["link"]


def test_an_index_that_cannot_be_kept_is_told_and_does_not_stop_the_work(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "x\n")
    vault.cache.write_text("a file where the folder should be")
    run = vault.run("contacts")
    assert run.code == 0
    assert "Ada" in run.out
    assert "cannot be written" in run.err


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jose", ["José.md"]),
        ("JOSÉ", ["José.md"]),
        ("山田", ["山田太郎.md"]),
        ("太郎", ["山田太郎.md"]),
        ("lukasz", ["Łukasz.md"]),
        ("rais talk", ["talk.md"]),
        ("raise (talk*", ["talk.md"]),
        ('"raise AND', ["talk.md"]),
        ("nothing", []),
        ("*", []),
        ("secret", []),
    ],
)
def test_search_finds_words_their_beginnings_and_parts_of_cjk_names(
    vault: VaultOnDisk, words: str, found: list[str]
) -> None:
    vault.add("José.md", "")
    vault.add("山田太郎.md", "")
    vault.add("Łukasz.md", "")
    vault.add("talk.md", "how to open the raise talk\nand more\n- secret thing #private\n")
    assert [hit["path"] for hit in vault.json("search", *words.split())] == found


def test_search_tells_of_those_whose_title_holds_the_words_before_those_whose_text_does(
    vault: VaultOnDisk,
) -> None:
    vault.add("notes/Diary.md", "raise " * 40)
    filler = "and many other words that make it a long note " * 60
    vault.add("posts/How one may open the talk about a raise in ten long steps.md", filler)
    for n in range(30):
        vault.add(f"notes/{n}.md", "raise raise raise\n")
    found = [hit["path"] for hit in vault.json("search", "raise", "-n", "2")]
    assert found[0].startswith("posts/How one may open") and len(found) == 2


def test_a_search_result_names_the_line_and_shows_it(vault: VaultOnDisk) -> None:
    vault.add("talk.md", "---\ntags: [x]\n---\n\none\ntwo raise\n")
    assert vault.json("search", "raise") == [
        {"path": "talk.md", "title": "talk", "line": 6, "snippet": "two raise"}
    ]


names = st.sampled_from(["Ada", "Bea", "Cem", "Dora", "Émile", "Fay"])
heads = st.sampled_from(
    [
        "",
        "next: 2026-11-20\n",
        "snooze: 2026-12-01\n",
        "contact: never\n",
        "cadence: none\n",
        "cadence: 2w\n",
        "birthday: 11-24\n",
    ]
)
logs = st.sampled_from(
    [
        "",
        "2026-11-20 call",
        "2026-09-01 call: x #got",
        "2024-01-01 tea",
        "2026-11-22 met at a party",
        "2026-06-01 #sent",
    ]
)


@given(st.dictionaries(names, st.tuples(heads, logs), max_size=6), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_the_list_from_the_index_is_the_list_from_everybody(
    tmp_path_factory: pytest.TempPathFactory, people: dict[str, tuple[str, str]], size: int
) -> None:
    vault = VaultOnDisk(tmp_path_factory.mktemp("v") / "vault", tmp_path_factory.mktemp("c"))
    for name, (head, log) in people.items():
        vault.add(f"people/{name}.md", f"---\n{head}---\n## Log\n" + (f"- {log}\n" if log else ""))
    with vault.queries() as queries:
        everybody = list(people_in.assessments(queries.index, vault.today))
        found = people_in.shortlist(queries.index, vault.today, size)
        # only the index knows whether a talk came in since the first run
        assert not found.is_return and found == shortlist(everybody, vault.today, size)._replace(
            is_return=False
        )


def test_an_index_is_not_seen_until_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(tmp_path / "index.sqlite")
    lay_out, seen = schema._lay_out, []

    def looked_at(connection: sqlite3.Connection, root: str) -> None:
        seen.append(os.path.exists(file))
        lay_out(connection, root)

    monkeypatch.setattr(schema, "_lay_out", looked_at)
    lock = schema.UseLock(file)
    schema.open_index(file, "root", lock).close()
    lock.close()
    assert seen == [False]
    assert sorted(os.listdir(tmp_path)) == ["index.sqlite", "index.sqlite.lock"]


def test_eight_runs_at_once_end_well(vault: VaultOnDisk) -> None:
    for number in range(300):
        vault.add(
            f"people/P{number}.md",
            f"---\ntags: [person]\n---\n## Log\n- 2026-01-0{number % 9 + 1} call with [[P{number // 2}]]\n",
        )
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache)}
    command = [
        sys.executable,
        "-m",
        "mdmentor",
        "reindex",
        "--vault",
        str(vault.root),
        "--today",
        "2026-11-23",
    ]
    runs = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    for run in runs:
        _, err = run.communicate()
        assert run.returncode == 0, err
    assert content(vault) == fresh(vault)
    assert vault.reindex().pages_written == []


@pytest.mark.parametrize("home", ["/home/ada", "/home/ada/", "/", "", "relative", None])
@pytest.mark.parametrize("cache", ["/var/cache/ada", "", "relative", None])
def test_the_index_lies_where_the_system_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, home: str | None, cache: str | None
) -> None:
    import platformdirs

    for name, value in (("HOME", home), ("XDG_CACHE_HOME", cache)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert cache_path(None) == platformdirs.user_cache_dir("mdmentor", appauthor=False)


def test_what_a_confidential_note_or_a_private_line_tells_is_private_in_the_index(vault: VaultOnDisk) -> None:
    log = "## Log\n- 2026-01-01 tea\n- 2026-01-02 call #private\n\n- [ ] send it\n"
    vault.add("people/Ada.md", f"---\nconfidential: true\n---\n{log}")
    vault.add("people/Bea.md", log)
    vault.reindex()
    index = Index(vault.root.resolve(), vault.cache)
    told = index.execute(
        "SELECT n.path, e.private FROM entry e JOIN note n ON n.id = e.note ORDER BY 1, e.seq"
    )
    assert told.fetchall() == [
        *[("people/Ada.md", 1)] * 3, ("people/Bea.md", 0), ("people/Bea.md", 1), ("people/Bea.md", 0),
    ]  # fmt: skip
    index.close()
