"""Work with helpers: the same results in the same order as without, also where a helper ends too early."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

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


def outcomes(vault: VaultOnDisk, jobs: list[reading.Job]) -> list[reading.Outcome]:
    with crew_of(vault) as helpers:
        return list(reading.read_notes(helpers, jobs, len(jobs)))


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
    told = outcomes(many, jobs)
    monkeypatch.setattr(reading, "MANY", NOTES * 10)
    assert told == outcomes(many, jobs)
    assert {what for what, *_ in told} == {reading.ROWS, reading.CARE, reading.GONE}


def test_a_note_with_the_hash_that_is_known_is_not_parsed(many: VaultOnDisk) -> None:
    hashes = {path: rows["note"][0][-1] for what, path, _, _, rows in outcomes(many, jobs_of(many)) if rows}
    known = [(path, number, hashes.get(path)) for path, number, _ in jobs_of(many)]
    told = outcomes(many, known)  # type: ignore[arg-type]
    assert {what for what, path, *_ in told if path in hashes} == {reading.SAME}


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
    told = outcomes(many, jobs)
    start = crew._start

    def start_and_stop(setting: crew.Setting) -> list[crew._Helper]:
        helpers = start(setting)
        answer_to = helpers[0].answer_to
        left = iter(range(answers))

        def answer_or_die(order: int) -> list[reading.Outcome] | None:
            if next(left, None) is None:
                helpers[0]._process.kill()
                helpers[0]._process.wait()
                helpers[0]._listener.join()
            return answer_to(order)

        helpers[0].answer_to = answer_or_die  # type: ignore[method-assign]
        return helpers

    monkeypatch.setattr(crew, "_start", start_and_stop)
    assert outcomes(many, jobs) == told


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
    monkeypatch.setattr(crew, "_start", lambda setting: started.append(setting) or start(setting))
    monkeypatch.setattr(assessing, "MANY", 1)
    assert without == content(VaultOnDisk(vault.root, tmp_path / "other cache"))
    assert started


def test_pages_drawn_by_a_helper_are_the_ones_drawn_without(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given_ = []
    give = crew._Helper.give
    monkeypatch.setattr(
        crew._Helper, "give", lambda self, work, jobs: given_.append(work) or give(self, work, jobs)
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
            drawn = site.Drawn(turn, iter([{"Network.md": "of then"}]))
            assert dict(site.build_pages(answers, crew=helpers, drawn=drawn))[network] == text


def test_helpers_are_called_while_the_vault_is_walked_once_there_is_enough_for_them(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MANY", NOTES // 2)
    counts: list[int] = []
    with crew_of(many) as helpers:
        scan = Vault(many.root.resolve()).scan(Settings(), met=counts.append)
        assert counts == sorted(counts) and counts[-1] == len(scan.notes)
        for count in counts:
            reading.call_when_many(helpers, count)
            assert helpers.is_there() == (count >= NOTES // 2)
    assert counts[0] < NOTES // 2


def test_a_first_run_has_its_helpers_before_the_walk_is_over(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    start, everything = crew._start, refresh.everything
    monkeypatch.setattr(crew, "_start", lambda setting: order.append("called") or start(setting))
    monkeypatch.setattr(refresh, "everything", lambda *told: order.append("walked") or everything(*told))
    many.reindex()
    assert order == ["called", "walked"]


def test_what_was_drawn_and_is_not_asked_for_is_no_answer_to_anything_else(many: VaultOnDisk) -> None:
    jobs = jobs_of(many)
    told = outcomes(many, jobs)
    many.reindex()
    with crew_of(many) as helpers, many.answers() as answers:
        helpers.call()
        first, second = (site.draw_ahead(helpers, answers) for _ in range(2))
        assert list(reading.read_notes(helpers, jobs, len(jobs))) == told
        assert next(second.texts) == next(first.texts)
        assert "network.svg" in next(site.draw_ahead(helpers, answers).texts)


def test_what_is_brought_to_the_disk_meanwhile_is_no_answer_to_anything(many: VaultOnDisk) -> None:
    jobs = jobs_of(many)
    told = outcomes(many, jobs)
    with crew_of(many) as helpers:
        helpers.bring_to_disk(str(many.root / "nobody is there yet"))
        helpers.call()
        found = reading.read_notes(helpers, jobs, len(jobs))
        for file in ("gone.md", "people/Note 0 é.md", ""):
            helpers.bring_to_disk(str(many.root / file))
        assert list(found) == told
        # one that ended would have cost no note, and much time
        for helper in helpers._helpers:
            assert helper.answer_to(helper.give("read", jobs[:1])) == told[:1]


def pages_of(vault: VaultOnDisk) -> dict[str, bytes]:
    return {page.name: page.read_bytes() for page in (vault.root / "reach-out").iterdir()}


@given(st.text(st.sampled_from("aé\u0dff\u0e00–\u2e7f\u2e80山ย한ﾊ😀\U00020000 \n") | st.characters()))
def test_text_without_blanks_between_its_words_is_cut_wherever_it_stands(text: str) -> None:
    assert note_rows.spaced(text) == note_rows._CJK.sub(r" \1 ", text)
