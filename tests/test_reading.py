"""Work with helpers: the same results in the same order as without, also where a helper ends too early."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor import assessing, crew, reading, refresh, site
from mdmentor.core.pages import frame
from mdmentor.core.settings import Settings
from mdmentor.index import note_rows, put, tables
from mdmentor.vault import Vault
from tests.conftest import VaultOnDisk
from tests.test_index import BODIES, content

NOTES = 400


@pytest.fixture
def many(vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> VaultOnDisk:
    """A vault of a few hundred notes of every sort, with helpers asked for from the first one on."""
    for number in range(NOTES):
        body = BODIES[number % len(BODIES)]
        folder = ("people/", "posts/", "daily/", "")[number % 4]
        vault.add(
            f"{folder}Note {number} é.md",
            body if number % 7 else b"<<<<<<< ours\na\n=======\nb\n>>>>>>> x\n",
        )
    monkeypatch.setattr(reading, "MANY", 1)
    return vault


def batches(vault: VaultOnDisk, jobs: list[reading.Job]) -> list[reading.Batch]:
    with crew_of(vault) as helpers:
        return list(reading.read_notes(helpers, jobs, len(jobs)))


def outcomes(told: list[reading.Batch]) -> list[reading.Outcome]:
    return [outcome for some, _ in told for outcome in some]


def crew_of(vault: VaultOnDisk) -> crew.Crew:
    made = crew.Crew(str(vault.root.resolve()), Settings(), vault.today)
    # an hour on no file was saved so shortly before that its stamp is doubtful
    made._setting = made._setting._replace(started=time.time_ns() + 3600 * 10**9)
    return made


def jobs_of(vault: VaultOnDisk) -> list[reading.Job]:
    paths = sorted(Vault(vault.root.resolve()).scan(Settings()).notes)
    return [(path, number, None) for number, path in enumerate([*paths, "gone.md"], 1)]


def test_helpers_tell_what_one_process_tells(many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    monkeypatch.setattr(reading, "MANY", NOTES * 10)
    assert told == batches(many, jobs)
    assert [path for _, path, *_ in outcomes(told)] == [path for path, *_ in jobs]
    assert {what for what, *_ in outcomes(told)} == {reading.ROWS, reading.CARE, reading.GONE}
    for some, rows in told:
        with_rows = [path for what, path, *_ in some if what == reading.ROWS]
        assert [row[1] for row in rows["note"]] == with_rows


def test_a_note_with_the_hash_that_is_known_is_not_parsed(many: VaultOnDisk) -> None:
    hashes = {row[1]: row[-1] for _, rows in batches(many, jobs_of(many)) for row in rows["note"]}
    known = [(path, number, hashes.get(path)) for path, number, _ in jobs_of(many)]
    told = batches(many, known)  # type: ignore[arg-type]
    assert {what for what, path, *_ in outcomes(told) if path in hashes} == {reading.SAME}
    assert not any(held for _, rows in told for held in rows.values())


def test_an_index_made_with_helpers_is_the_one_made_without(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_helpers = content(many)
    monkeypatch.setattr(reading, "MANY", NOTES * 10)
    assert with_helpers == content(VaultOnDisk(many.root, tmp_path / "other cache"))


def test_a_first_run_leaves_every_index_of_the_tables_behind(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put, "_MANY", 2)
    with many.answers() as answers:
        assert layout(answers.sql) == layout(tables.in_memory("x"))
        assert not answers.sql.execute("SELECT * FROM sqlite_temp_master").fetchall()
        merge = answers.sql.execute("SELECT v FROM words_config WHERE k = 'automerge'").fetchone()
        assert merge == (4,)


def layout(sql: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(sql.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall())


@pytest.mark.parametrize("answers", [0, 2])
def test_a_helper_that_ends_too_early_costs_no_note(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, answers: int
) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    start = crew._start

    def start_and_stop(*called: Any) -> list[crew._Helper]:
        helpers = start(*called)
        answer_to = helpers[0].answer_to
        left = iter(range(answers))

        def answer_or_die(order: int) -> list[reading.Batch] | None:
            if next(left, None) is None:
                helpers[0]._process.kill()
                helpers[0]._process.wait()
                helpers[0]._listener.join()
            return answer_to(order)

        helpers[0].answer_to = answer_or_die  # type: ignore[method-assign]
        return helpers

    monkeypatch.setattr(crew, "_start", start_and_stop)
    assert batches(many, jobs) == told


def test_helpers_that_were_told_to_come_before_are_taken_on(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    spawned = crew.spawn("read")
    monkeypatch.setattr(crew, "_spawn", lambda work: pytest.fail("others were told to come"))
    root = str(many.root.resolve())
    with crew.Crew(root, Settings(), many.today, spawned) as helpers:
        helpers._setting = helpers._setting._replace(started=time.time_ns() + 3600 * 10**9)
        assert list(reading.read_notes(helpers, jobs, len(jobs))) == told
        assert [helper._process for helper in helpers._helpers] == spawned
    assert all(process.poll() is not None for process in spawned)


def test_helpers_that_nobody_takes_on_end(many: VaultOnDisk) -> None:
    with crew.Crew(str(many.root.resolve()), Settings(), many.today, spawned := crew.spawn("read")):
        assert all(process.poll() is None for process in spawned)
    assert all(process.poll() is not None for process in spawned)
    for process in crew.spawn("read"):
        with process:  # closes what it listens to
            pass
        assert process.returncode == 0


def test_no_helper_is_left_when_the_work_is_given_up(many: VaultOnDisk) -> None:
    with crew_of(many) as helpers:
        next(reading.read_notes(helpers, jobs_of(many), NOTES))
        there = list(helpers._helpers)
    assert there and all(helper._process.returncode is not None for helper in there)


def test_an_index_in_which_helpers_looked_at_people_is_the_one_made_without(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number, body in enumerate(BODIES * 10):
        vault.add(f"people/Note {number} é.md", body)
        vault.add(
            f"daily/2026-10-{number % 28 + 1:02} {number}.md", f"- call with [[Note {number} é]] #got help"
        )
    vault.add("goals/Grow.md", "---\ntype: goal\ntopics: [python, career]\n---\n")
    without = content(vault)
    started = []
    start = crew._start
    monkeypatch.setattr(crew, "_start", lambda *told: started.append(told) or start(*told))
    monkeypatch.setattr(assessing, "MANY", 1)
    assert without == content(VaultOnDisk(vault.root, tmp_path / "other cache"))
    assert started


def test_pages_drawn_by_a_helper_are_the_ones_drawn_without(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given_ = []
    give = crew._Helper.give
    monkeypatch.setattr(
        crew._Helper,
        "give",
        lambda self, work, jobs: given_.append(work if jobs else "") or give(self, work, jobs),
    )
    many.reindex()
    with_helpers = pages_of(many)
    assert given_.count("draw") == 1 and "network.svg" in with_helpers
    monkeypatch.setattr(reading, "MANY", NOTES * 10)
    given_.clear()
    shutil.rmtree(many.root / "reach-out")
    VaultOnDisk(many.root, tmp_path / "other cache").reindex()
    assert with_helpers == pages_of(many)
    assert not given_


def test_what_was_drawn_of_another_moment_is_drawn_again(many: VaultOnDisk) -> None:
    many.reindex()
    with crew_of(many) as helpers, many.answers() as answers:
        helpers.call()
        ahead = site.draw_ahead(helpers, answers)
        told = next(ahead.texts)
        network = f"reach-out/{frame.NETWORK}.md"
        for turn, text in ((ahead.turn, "of then"), (ahead.turn - 1, told["Network.md"])):
            drawn = site.Ahead(turn, iter([{"Network.md": "of then"}]))
            assert (
                dict(site.build_pages(answers, crew=helpers, ahead={frame.NETWORK: drawn}))[network] == text
            )


def test_helpers_are_called_while_the_vault_is_walked_once_there_is_enough_for_them(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MANY", NOTES // 2)
    met: list[list[str]] = []
    with crew_of(many) as helpers:
        scan = Vault(many.root.resolve()).scan(Settings(), met=lambda notes: met.append(list(notes)))
        assert met[-1] == list(scan.notes)
        for notes in met:
            assert notes == met[-1][: len(notes)]
            reading.begin_when_many(helpers, notes)
            assert helpers.is_there() == (len(notes) >= NOTES // 2)
    assert len(met[0]) < NOTES // 2


@pytest.mark.parametrize("is_new", [True, False])
def test_helpers_are_at_work_before_the_walk_is_over(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, is_new: bool
) -> None:
    if not is_new:
        many.reindex()
        many.add("mdmentor.toml", '[contacts]\nfolders = ["friends"]\n')
    order: list[object] = []
    start, give, everything = crew._start, crew._Helper.give, refresh.everything

    def give_(self: crew._Helper, work: str, jobs: list[object]) -> int:
        order.append([path for batch in jobs for path, *_ in batch] if work == "read" else work)  # type: ignore[attr-defined]
        return give(self, work, jobs)

    monkeypatch.setattr(crew, "_start", lambda *told: order.append("called") or start(*told))
    monkeypatch.setattr(crew._Helper, "give", give_)
    monkeypatch.setattr(refresh, "everything", lambda *told: order.append("walked") or everything(*told))
    many.reindex()
    walked = order.index("walked")
    assert order[0] == "called" and walked > 1
    read = [path for paths in order if isinstance(paths, list) for path in paths]
    if is_new:
        assert len(read) == len(set(read)), "read twice"


def test_what_helpers_began_with_is_read_anew_where_something_else_is_asked_for(many: VaultOnDisk) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    notes = [path for path, *_ in jobs]
    for foreseen in (notes, notes[::-1], notes[:10], ["people/gone before.md", *notes]):
        with crew_of(many) as helpers:
            reading.begin_when_many(helpers, foreseen)
            assert list(reading.read_notes(helpers, jobs, len(jobs))) == told
            assert list(reading.read_notes(helpers, jobs[:70], 70)) == list(
                reading.read_notes(helpers, jobs[:70], 70)
            )


def test_no_helper_is_kept_for_a_first_run_over_few_notes(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MANY", NOTES * 10)
    there: list[bool] = []
    read = refresh.read_notes
    monkeypatch.setattr(
        refresh, "read_notes", lambda crew, *told: there.append(crew.is_there()) or read(crew, *told)
    )
    many.reindex()
    many.add("Another.md", "- [[Note 1 é]]")
    many.reindex()
    assert there == [False, False]


def test_what_was_drawn_and_is_not_asked_for_is_no_answer_to_anything_else(many: VaultOnDisk) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    many.reindex()
    with crew_of(many) as helpers, many.answers() as answers:
        helpers.call()
        first, second = (site.draw_ahead(helpers, answers) for _ in range(2))
        assert list(reading.read_notes(helpers, jobs, len(jobs))) == told
        assert next(second.texts) == next(first.texts)
        assert "network.svg" in next(site.draw_ahead(helpers, answers).texts)


def test_what_is_brought_to_the_disk_meanwhile_is_no_answer_to_anything(many: VaultOnDisk) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    with crew_of(many) as helpers:
        helpers.make_ready("draw", "assess")
        helpers.bring_to_disk(str(many.root / "nobody is there yet"))
        helpers.call()
        found = reading.read_notes(helpers, jobs, len(jobs))
        for file in ("gone.md", "people/Note 0 é.md", ""):
            helpers.bring_to_disk(str(many.root / file))
            helpers.make_ready("assess", "draw")
        assert list(found) == told
        # one that ended would have cost no note, and much time
        for helper in helpers._helpers:
            answer = helper.answer_to(helper.give("read", [jobs[:1]]))
            assert answer is not None and answer[0][0] == outcomes(told)[:1]


def pages_of(vault: VaultOnDisk) -> dict[str, bytes]:
    return {page.name: page.read_bytes() for page in (vault.root / "reach-out").iterdir()}


@given(st.text(st.sampled_from("aé\u0dff\u0e00–\u2e7f\u2e80山ย한ﾊ😀\U00020000 \n") | st.characters()))
def test_text_without_blanks_between_its_words_is_cut_wherever_it_stands(text: str) -> None:
    assert note_rows.spaced(text) == note_rows._CJK.sub(r" \1 ", text)
