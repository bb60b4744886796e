"""Commands that change notes: one edit each, told by place, taken back by undo, and never a byte too many."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest import fixture, mark

from mdmentor.actions.edit import NoteEditor
from mdmentor.actions.history import Change, History
from mdmentor.actions.undo import roll_back_unfinished, undo
from mdmentor.core.dates import parse_when
from mdmentor.core.templates import fill_template, format_moment
from mdmentor.errors import RefusedToWrite, WorldFailed
from mdmentor.vault import Vault
from tests.conftest import Run, VaultOnDisk, index_file
from tests.terminals import run_on_terminal

ADA = "people/Ada Lovelace.md"
NOTE = (
    "---\ntags: [person]  # kept\nfrequency: monthly\n---\n# Ada Lovelace\n\n"
    "- [ ] send the paper 📅 2026-11-30\n"
    "- [ ] ask about the plan\n\n## Log\n\n- 2026-05-01 coffee: plans\n- 2026-04-01 call\n"
)
DAY = ("--today", "2026-11-23")


@fixture
def ada(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add(ADA, NOTE)
    vault.add("people/Grace Hopper.md", "# Grace Hopper\r\n")
    vault.add("people/Grace Kelly.md", "")
    return vault


def command(vault: VaultOnDisk, *arguments: str) -> list[str]:
    code = "import sys; from mdmentor.cli import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, *arguments, "--vault", str(vault.root)]


def environment(vault: VaultOnDisk) -> dict[str, str]:
    return {**os.environ, "MDMENTOR_CACHE": str(vault.cache)}


class TestLog:
    def test_adds_a_line_in_the_notes_own_style_and_says_where(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "ada", "coffee yesterday: how to open the raise talk #got", *DAY)
        line = "- 2026-11-22 coffee: how to open the raise talk #got"
        assert (run.code, run.out) == (0, f"{ADA}:12: {line}\n")
        assert ada.read(ADA) == NOTE.replace("- 2026-05-01", f"{line}\n- 2026-05-01")

    def test_one_event_with_several_people_is_one_edit(self, ada: VaultOnDisk) -> None:
        run = ada.run(
            "log", "Ada, Grace Hopper", "dinner: plans, see [[Meetup]]", "--date", "last friday", *DAY
        )
        assert run.code == 0, run.err
        assert "- 2026-11-20 dinner: plans, see [[Meetup]]\n" in ada.read(ADA)
        assert ada.read("people/Grace Hopper.md") == (
            "# Grace Hopper\r\n\r\n## Log\r\n\r\n- 2026-11-20 dinner: plans, see [[Meetup]]\r\n"
        )
        assert ada.run("undo").code == 0
        assert ada.read(ADA) == NOTE and ada.read("people/Grace Hopper.md") == "# Grace Hopper\r\n"

    @mark.parametrize("name", [ADA, "people/Ada Lovelace", "[[Ada Lovelace]]", "lovelace"])
    def test_a_person_may_be_named_by_path_or_part(self, ada: VaultOnDisk, name: str) -> None:
        assert ada.run("log", name, "call", *DAY).code == 0
        assert "- 2026-11-23 call\n" in ada.read(ADA)

    def test_between_two_people_it_never_guesses(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "Ada, Grace", "dinner", *DAY)
        assert run.code == 2 and "Grace Hopper" in run.err and "Grace Kelly" in run.err
        assert ada.read(ADA) == NOTE

    def test_two_days_at_once_are_refused(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "ada", "yesterday: call", "--date", "2026-10-01", *DAY)
        assert run.code == 2 and "leave out one" in run.err

    @mark.parametrize("words", ["yesterday", "on monday", "3 days ago"])
    def test_a_date_may_be_told_in_words_on_any_day(self, ada: VaultOnDisk, words: str) -> None:
        before = date.today()  # noqa: DTZ011 - the command asks the clock as well
        run = ada.run("log", "ada", "call", "--date", words)
        assert run.code == 0, run.err
        wanted = {parse_when(words, day, past=True) for day in (before, date.today())}  # noqa: DTZ011
        assert any(f"- {day} call\n" in ada.read(ADA) for day in wanted)

    def test_words_that_run_on_behind_how_it_was_get_no_colon(self, ada: VaultOnDisk) -> None:
        assert ada.run("log", "ada", "called her, she said yes", *DAY).code == 0
        assert "- 2026-11-23 called her, she said yes\n" in ada.read(ADA)
        told = ada.json("show", "ada")["interactions"][-1]
        assert (told["channel"], told["text"]) == ("", "called her, she said yes")

    @mark.parametrize(
        "words", ["she resigned yesterday, she says", "11/12 call: x", "12/05/2026: x", "coffee last summer"]
    )
    def test_a_day_that_is_not_understood_is_refused_and_the_option_settles_it(
        self, ada: VaultOnDisk, words: str
    ) -> None:
        run = ada.run("log", "ada", words, *DAY)
        assert run.code == 2 and "--date" in run.err and ada.read(ADA) == NOTE
        assert ada.run("log", "ada", words, "--journal", *DAY).code == 2
        day = "2026-05-12" if words.startswith("12/05") else "2026-11-12"
        run = ada.run("log", "ada", words, "--date", day, *DAY)
        assert run.code == 0 and f"- {day}" in run.out and "/12 " not in run.out, run.err

    def test_two_days_that_do_not_fit_are_refused(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "ada", "11/12 call: x", "--date", "2026-10-01", *DAY)
        assert run.code == 2 and "may be 2025-12-11 or 2026-11-12, and --date says 2026-10-01" in run.err
        run = ada.run("log", "ada", "call: x", "--date", "11/12", *DAY)
        assert run.code == 2 and "may be 2025-12-11 or 2026-11-12" in run.err
        assert ada.run("log", "ada", "call: x", "--date", "14/8", *DAY).out.endswith("2026-08-14 call: x\n")

    def test_a_terminal_asks_for_a_day_that_is_not_understood(self, ada: VaultOnDisk) -> None:
        command = ("log", "ada", "11/12 coffee: plans", "--vault", str(ada.root), *DAY)
        terminal = run_on_terminal(ada, command, [("On which day was it", "12 nov\n")])
        assert terminal.end() == 0 and "2026-11-12 coffee: plans" in terminal.output
        assert "- 2026-11-12 coffee: plans\n" in ada.read(ADA)

    def test_in_three_days_is_a_plan(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "ada", "in 3 days: call about the raise", *DAY)
        assert run.code == 0 and "- 2026-11-26 call about the raise" in run.out and "is a plan" in run.err
        assert ada.json("show", "ada")["last_contact"] == "2026-05-01"

    def test_a_day_to_come_is_told_to_be_a_plan(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "ada", "lunch", "--date", "2026-12-01", *DAY)
        assert run.code == 0 and "is in the future" in run.err

    def test_a_dash_reads_stdin_and_no_text_asks_for_it(self, ada: VaultOnDisk) -> None:
        run = subprocess.run(
            command(ada, "log", "ada", "-", *DAY), env=environment(ada), input=b"call:\n  two lines #sent\n",
            capture_output=True, check=True,
        )  # fmt: skip
        assert run.stdout.decode() == f"{ADA}:12: - 2026-11-23 call: two lines #sent\n"
        run = subprocess.run(
            command(ada, "log", "ada"), env=environment(ada), stdin=subprocess.DEVNULL, capture_output=True
        )
        assert run.returncode == 2 and b"say what it was" in run.stderr

    @mark.parametrize(
        ("note", "words"),
        [
            (b"<<<<<<< HEAD\n", "line 1 is the mark of an unfinished merge; choose what to keep"),
            (b"caf\xe9\n", "byte 0xe9 in line 1 is not UTF-8; save the note as UTF-8"),
            (b"---\na: 1\na: 2\n---\n", '"a"'),
            (b"---\na: 1\n", "line 1"),
        ],
    )
    def test_an_unsafe_note_is_refused_with_the_mend(self, ada: VaultOnDisk, note: bytes, words: str) -> None:
        file = ada.add("people/Bad.md", note)
        run = ada.run("log", "Ada, people/Bad.md", "call", *DAY)
        assert (run.code, run.out) == (4, "")
        assert "people/Bad.md: " in run.err and words in run.err
        assert file.read_bytes() == note and ada.read(ADA) == NOTE, "all or nothing"

    def test_eight_at_once_are_eight_lines(self, ada: VaultOnDisk) -> None:
        ada.run("next")

        def log(number: int) -> int:
            one = command(ada, "log", "ada", f"call: number {number}", *DAY)
            return subprocess.run(one, env=environment(ada), capture_output=True).returncode

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(log, range(8))) == [0] * 8
        text = ada.read(ADA)
        assert all(f"- 2026-11-23 call: number {number}\n" in text for number in range(8))
        assert len(text) == len(NOTE) + 8 * len("- 2026-11-23 call: number 0\n")
        for _ in range(8):
            assert ada.run("undo").code == 0
        assert ada.read(ADA) == NOTE

    def test_the_mode_and_a_symlink_survive(self, ada: VaultOnDisk) -> None:
        file = ada.root / ADA
        file.rename(ada.root / "ada-file.txt")
        file.symlink_to(ada.root / "ada-file.txt")
        (ada.root / "ada-file.txt").chmod(0o640)
        assert ada.run("log", "ada", "call", *DAY).code == 0
        assert file.is_symlink() and "call" in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o640

    def test_a_note_open_with_unsaved_changes_is_left_alone(self, ada: VaultOnDisk) -> None:
        swap = ada.root / "people/.Ada Lovelace.md.swp"
        swap.write_bytes(b"b0VIM 9.0".ljust(1007, b"\0") + b"\x55" + b"\0" * 100)
        run = ada.run("log", "ada", "call", *DAY)
        assert run.code == 4 and "open in vim with changes that are not saved" in run.err
        swap.write_bytes(b"b0VIM 9.0".ljust(2000, b"\0"))
        assert ada.run("log", "ada", "call", *DAY).code == 0
        (ada.root / "people/.#Ada Lovelace.md").symlink_to("me@here.1:2")
        assert "Emacs" in ada.run("log", "ada", "tea", *DAY).err

    @mark.skipif(os.name != "posix", reason="kill -9 is a POSIX way to die")
    def test_a_kill_leaves_the_old_or_the_new_note(self, ada: VaultOnDisk) -> None:
        ada.run("next")
        new = NOTE.replace("- 2026-05-01", "- 2026-11-23 call: once\n- 2026-05-01")
        for number in range(12):
            process = subprocess.Popen(
                command(ada, "log", "ada", "call: once", *DAY),
                env=environment(ada),
                stdout=subprocess.DEVNULL,
            )
            time.sleep(0.08 + 0.02 * number)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert ada.read(ADA) in (NOTE, new)
            ada.run("undo")
            ada.add(ADA, NOTE)


class TestJournal:
    def test_writes_one_line_with_links_into_a_new_daily_note(self, ada: VaultOnDisk) -> None:
        ada.add(".obsidian/daily-notes.json", '{"folder": "journal", "template": "templates/daily"}')
        ada.add("templates/daily.md", "# {{date}}\n\n## People\n\n- \n\n## Notes\n")
        run = ada.run("log", "Ada, Grace Hopper", "lunch: plans #got", "--journal", *DAY)
        line = "- lunch with [[Ada Lovelace]] and [[Grace Hopper]]: plans #got"
        assert run.out == f"journal/2026-11-23.md:5: {line}\n"
        assert ada.read("journal/2026-11-23.md") == f"# 2026-11-23\n\n## People\n\n{line}\n- \n\n## Notes\n"
        assert ada.json("show", "ada")["last_contact"] == "2026-11-23"
        assert ada.run("undo").code == 0
        assert not (ada.root / "journal/2026-11-23.md").exists()

    @mark.parametrize(
        ("file", "settings", "path"),
        [
            ("daily-notes.json", '{"folder": "log", "format": "DD-MM-YYYY"}', "log/08-09-2026"),
            ("daily-notes.json", '{"format": "YYYY/MM-MMMM/[Day] D"}', "2026/09-September/Day 8"),
            ("daily-notes.json", '{"folder": "log", "format": "YYYY-[W]WW"}', "log/2026-09-08"),
            (
                "plugins/periodic-notes/data.json",
                '{"daily": {"format": "DDMMYY", "folder": "d"}}',
                "d/080926",
            ),
            ("../logseq/config.edn", "{}", "journals/2026_09_08"),
            ("../logseq/config.edn", '{:journal/file-name-format "EEE dd MM yy"}', "journals/Tue 08 09 26"),
        ],
    )
    def test_reads_the_daily_note_that_it_wrote(
        self, ada: VaultOnDisk, file: str, settings: str, path: str
    ) -> None:
        ada.add(f".obsidian/{file}" if ".." not in file else file.removeprefix("../"), settings)
        run = ada.run("log", "ada", "tea", "--journal", "--today", "2026-09-08")
        assert run.out.startswith(f"{path}.md:3: ")
        assert ada.json("show", "ada", "--today", "2026-09-09")["last_contact"] == "2026-09-08"

    def test_the_day_is_called_in_the_words_of_the_other_days(self, ada: VaultOnDisk) -> None:
        ada.add(".obsidian/daily-notes.json", '{"folder": "Tage", "format": "YYYY/MM MMMM/YYYY-MM-DD dddd"}')
        ada.add("Tage/2026/11 November/2026-11-16 Montag.md", "")
        ada.add("Tage/2026/11 November/2026-11-15 Sonntag Ausflug.md", "")
        ada.add("Tage/2026/10 Oktober/2026-10-04 Sonntag.md", "")
        run = ada.run("log", "ada", "tea", "--journal", "--today", "2026-11-23")
        assert run.out.startswith("Tage/2026/11 November/2026-11-23 Montag.md:3: "), run.err
        run = ada.run("log", "ada", "tea", "--journal", "--today", "2026-10-11")
        assert run.out.startswith("Tage/2026/10 Oktober/2026-10-11 Sonntag.md:3: ")
        # a day that is there is found whatever its language
        ada.add("Tage/2026/11 November/2026-11-25 Środa.md", "words\n")
        run = ada.run("log", "ada", "tea", "--journal", "--today", "2026-11-25")
        assert run.out.startswith("Tage/2026/11 November/2026-11-25 Środa.md:3: ")

    def test_a_change_of_the_format_is_seen_at_once(self, ada: VaultOnDisk) -> None:
        ada.add("log/08-09-2026.md", "Tea with [[Ada Lovelace]]\n")
        for form, day in (("DD-MM-YYYY", "2026-09-08"), ("MM-DD-YYYY", "2026-08-09")):
            ada.add(".obsidian/daily-notes.json", f'{{"format": "{form}"}}')
            assert ada.json("show", "ada", "--today", "2026-09-09")["last_contact"] == day

    def test_a_private_line_in_a_new_daily_note_is_not_shown(self, ada: VaultOnDisk) -> None:
        run = ada.run("log", "ada", "call: the diagnosis #private", "--journal", *DAY)
        assert run.code == 0 and "diagnosis" not in run.out
        assert "diagnosis" in ada.read("journal/2026-11-23.md")

    def test_follows_the_notes_that_are_there(self, ada: VaultOnDisk) -> None:
        ada.add("Days/2026-11-22.md", "words\n")
        assert ada.run("log", "ada", "yesterday: tea", "--journal", *DAY).code == 0
        assert ada.read("Days/2026-11-22.md") == "words\n\n- tea with [[Ada Lovelace]]\n"
        assert ada.run("log", "ada", "call", "--journal", *DAY).code == 0
        assert ada.read("Days/2026-11-23.md") == "# 2026-11-23\n\n- call with [[Ada Lovelace]]\n"


class TestSet:
    @mark.parametrize(
        ("key", "value", "before", "after"),
        [
            ("cadence", "6 weeks", "frequency: monthly", "frequency: 6 weeks"),
            ("Tags", "person, friend", "tags: [person]", "tags: [person, friend]"),
            ("next", "in 2 weeks", "monthly\n---", "monthly\nnext: 2026-12-07\n---"),
            ("last_contact", "friday", "monthly\n---", "monthly\nlast_contact: 2026-11-20\n---"),
            ("note to self", "no", "monthly\n---", 'monthly\nnote to self: "no"\n---'),
            ("frequency", "", "frequency: monthly\n", ""),
        ],
    )
    def test_changes_the_key_that_the_note_has_and_nothing_else(
        self, ada: VaultOnDisk, key: str, value: str, before: str, after: str
    ) -> None:
        run = ada.run("set", "ada", key, value, *DAY)
        assert run.code == 0, run.err
        assert ada.read(ADA) == NOTE.replace(before, after, 1)

    @mark.parametrize(
        ("key", "value", "words"),
        [
            ("cadence", "evry month", 'frequency "evry month" is not a span of time'),
            ("birthday", "03/04/1985", 'birthday "03/04/1985" is not a birthday'),
            ("next", "some day", 'next "some day" is not a date'),
            ("mentor", "asked-onc", 'did you mean "asked-once"'),
            ("email", "ada at home", "is not an email address"),
        ],
    )
    def test_a_value_that_does_not_fit_is_refused_with_the_mend(
        self, ada: VaultOnDisk, key: str, value: str, words: str
    ) -> None:
        run = ada.run("set", "ada", key, value, *DAY)
        assert (run.code, run.out) == (2, "") and words in run.err
        assert ada.read(ADA) == NOTE

    def test_adds_to_a_list(self, ada: VaultOnDisk) -> None:
        assert ada.run("set", "ada", "tag", "friend", "--add").code == 0
        assert "tags: [person, friend]  # kept\n" in ada.read(ADA)

    @mark.parametrize(
        ("front", "arguments", "told"),
        [
            ("tags:\n  - person\n  - old", ("tags", "new", "--add"), ":5: - new"),
            ("tags: person", ("tags", "new", "--add"), ":4: - new"),
            ("tags: [person]", ("tags", "new", "--add"), ":2: tags: [person, new]"),
            ("tags:\n  - person\n  - old", ("tags", "person, new"), ":4: - new"),
            ("tags: [person]", ("role", "Analyst"), ":3: role: Analyst"),
            ("", ("role", "Analyst"), ":2: role: Analyst"),
        ],
    )
    def test_the_line_told_is_the_one_that_was_written(
        self, ada: VaultOnDisk, front: str, arguments: tuple[str, ...], told: str
    ) -> None:
        ada.add(ADA, f"---\n{front}\n---\n" if front else "# Ada\n")
        run = ada.run("set", "ada", *arguments)
        assert (run.code, run.out) == (0, f"{ADA}{told}\n"), run.err

    @mark.parametrize(
        ("key", "value", "hint"),
        [
            ("tier", "wrm", 'did you mean "warm"'),
            ("contact", "maybe", "contact: never"),
        ],
    )
    def test_what_will_do_nothing_is_written_with_a_hint(
        self, ada: VaultOnDisk, key: str, value: str, hint: str
    ) -> None:
        run = ada.run("set", "ada", key, value)
        assert run.code == 0 and f"{key}: {value}\n" in ada.read(ADA)
        assert hint in run.err

    @mark.parametrize(
        ("value", "written"),
        [
            ("yesterday", "2026-11-22"),
            ("3 months ago", "2026-08-23"),
            ("in May, at a fair", "in May, at a fair"),
            ("october", "october"),
        ],
    )
    def test_how_one_met_stays_words_and_a_day_told_from_today_becomes_a_date(
        self, ada: VaultOnDisk, value: str, written: str
    ) -> None:
        assert ada.run("set", "ada", "met", value, *DAY).code == 0
        assert f"met: {written}\n" in ada.read(ADA)

    def test_the_notes_title_is_not_the_role(self, ada: VaultOnDisk) -> None:
        ada.add(ADA, "---\ntitle: Ada Lovelace\n---\n")
        assert ada.run("set", "ada", "role", "Analyst").code == 0
        assert ada.read(ADA) == "---\ntitle: Ada Lovelace\nrole: Analyst\n---\n"

    def test_any_note_may_be_named(self, ada: VaultOnDisk) -> None:
        ada.add("goals/Raise.md", "---\nstatus: active\n---\n")
        assert ada.run("set", "Raise", "status", "done").code == 0
        assert ada.read("goals/Raise.md") == "---\nstatus: done\n---\n"

    @mark.parametrize(
        ("key", "near"),
        [
            ("cadance", "cadence"),
            ("bithday", "birthday"),
            ("emial", "email"),
            ("teir", "tier"),
            ("tgas", "tags"),
        ],
    )
    def test_a_key_near_a_known_one_is_refused_unless_forced(
        self, ada: VaultOnDisk, key: str, near: str
    ) -> None:
        run = ada.run("set", "ada", key, "1985-10-14")
        assert run.code == 2 and f'did you mean "{near}"' in run.err and "--force" in run.err
        assert ada.read(ADA) == NOTE
        assert ada.run("set", "ada", key, "1985-10-14", "--force").code == 0
        assert f"{key}: 1985-10-14\n" in ada.read(ADA)
        assert ada.run("set", "ada", key, "").code == 0, "a slip can be taken out"
        assert ada.read(ADA) == NOTE

    @mark.parametrize("key", ["hobbies", "notes", "family", "status", "meta", "pets", "likes", "photo"])
    def test_keys_of_the_users_own_are_set(self, ada: VaultOnDisk, key: str) -> None:
        assert ada.run("set", "ada", key, "x").code == 0

    @mark.parametrize(
        ("key", "value", "code"),
        [
            ("cadence", "evry month", 2),
            ("birthday", "31/31/1990", 2),
            ("email", "nobody", 2),
            ("tier", "wrm", 0),
        ],
    )
    def test_an_invalid_value_that_is_there_already_is_told(
        self, ada: VaultOnDisk, key: str, value: str, code: int
    ) -> None:
        ada.add(ADA, f"---\n{key}: {value}\n---\n# Ada\n")
        run = ada.run("set", "ada", key, value)
        assert run.code == code and value in run.err

    @mark.parametrize(
        ("front", "arguments", "after"),
        [
            ("tags: [person, friend]", ("tags", "friend"), "tags: [person]"),
            ("tags: [person, friend]", ("tags", "#Friend"), "tags: [person]"),
            ("tags:\n  - person\n  - friend", ("tags", "person"), "tags:\n  - friend"),
            ("skills: [a b, c]", ("helps_with", "a b"), "skills: [c]"),
            ("skills: [a, b, c]", ("helps_with", "a, c"), "skills: [b]"),
            ("skills: [a]", ("helps_with", "a"), "skills: []"),
            ('helps_with: ["[[Pay]]", x]', ("helps_with", "pay"), "helps_with: [x]"),
            ("tags: person, friend", ("tags", "friend"), "tags: person"),
            ("company: Acme\nrole: x", ("company", "acme"), "role: x"),
            ("email: [a@b.c, d@e.f] # mine", ("email", "a@b.c"), "email: [d@e.f] # mine"),
        ],
    )
    def test_one_value_is_taken_out_of_a_list(
        self, ada: VaultOnDisk, front: str, arguments: tuple[str, str], after: str
    ) -> None:
        ada.add(ADA, f"---\n{front}\n---\n# Ada\n")
        run = ada.run("set", "ada", *arguments, "--remove")
        assert run.code == 0, run.err
        assert ada.read(ADA) == f"---\n{after}\n---\n# Ada\n"
        assert ada.run("undo").code == 0 and ada.read(ADA) == f"---\n{front}\n---\n# Ada\n"

    @mark.parametrize(("key", "holds"), [("tags", "it has person"), ("wants", "it has no value")])
    def test_a_value_that_is_not_in_the_list_is_told(self, ada: VaultOnDisk, key: str, holds: str) -> None:
        ada.add(ADA, "---\ntags: [person]\n---\n# Ada\n")
        run = ada.run("set", "ada", key, "friend", "--remove")
        assert run.code == 2 and f'"friend" is not in {key}; {holds}' in run.err

    def test_json_names_what_was_written(self, ada: VaultOnDisk) -> None:
        written = json.loads(ada.run("set", "ada", "role", "Analyst", "--json").out)["written"]
        assert [(w["path"], w["text"]) for w in written] == [(ADA, "role: Analyst")] and written[0][
            "line"
        ] > 1
        assert json.loads(ada.run("set", "ada", "role", "Analyst", "--json").out) == {"written": []}
        (made,) = json.loads(ada.run("new", "contact", "Noor Siddiqui", "--json").out)["written"]
        assert made["path"].endswith("Noor Siddiqui.md") and set(made) == {"path", "line", "text"}
        (line,) = json.loads(ada.run("snooze", "ada", "--json", *DAY).out)["written"]
        assert line["text"] == "snooze: 2026-12-07"
        (line,) = json.loads(ada.run("log", "ada", "call: hello", "--json", *DAY).out)["written"]
        assert line["path"] == ADA and line["text"] == "- 2026-11-23 call: hello"

    def test_what_stands_there_already_is_not_written(self, ada: VaultOnDisk) -> None:
        run = ada.run("set", "ada", "cadence", "monthly")
        assert (run.code, run.out) == (0, "") and "nothing changed" in run.err
        assert ada.run("undo").out == "Nothing to undo.\n"


class TestSnooze:
    @mark.parametrize(
        ("words", "day"),
        [
            (["2w"], "2026-12-07"),
            (["2", "weeks"], "2026-12-07"),
            (["until", "2026-12-24"], "2026-12-24"),
            (["tomorrow"], "2026-11-24"),
            (["for", "a", "month"], "2026-12-23"),
        ],
    )
    def test_sets_the_day(self, ada: VaultOnDisk, words: list[str], day: str) -> None:
        run = ada.run("snooze", "ada", *words, *DAY)
        assert run.out == f"{ADA}:4: snooze: {day}\n", run.err

    def test_off_ends_it(self, ada: VaultOnDisk) -> None:
        ada.run("snooze", "ada", "2w", *DAY)
        assert ada.run("snooze", "ada", "off", *DAY).code == 0
        assert ada.read(ADA) == NOTE

    @mark.parametrize("words", ["soonish", "2020-01-01", "today"])
    def test_no_day_to_come_is_refused(self, ada: VaultOnDisk, words: str) -> None:
        assert ada.run("snooze", "ada", words, *DAY).code == 2

    @pytest.mark.parametrize("when", ["never", "forever"])
    def test_a_snooze_without_an_end_names_the_key_for_it(self, ada: VaultOnDisk, when: str) -> None:
        run = ada.run("snooze", "ada", when)
        assert run.code == 2 and "mdmentor set NAME contact never" in run.err

    def test_a_snooze_until_one_of_two_days_names_both(self, ada: VaultOnDisk) -> None:
        run = ada.run("snooze", "ada", "until 11/12", *DAY)
        assert run.code == 2 and "may be 2026-12-11 or 2027-11-12; write the one you mean" in run.err
        assert ada.read(ADA) == NOTE


class TestDone:
    def test_ticks_the_promise_that_fits(self, ada: VaultOnDisk) -> None:
        run = ada.run("done", "ada", "Paper", *DAY)
        assert run.out == f"{ADA}:7: - [x] send the paper 📅 2026-11-30 ✅ 2026-11-23\n"
        assert ada.read(ADA) == NOTE.replace(
            "[ ] send the paper 📅 2026-11-30", "[x] send the paper 📅 2026-11-30 ✅ 2026-11-23"
        )

    def test_several_are_listed(self, ada: VaultOnDisk) -> None:
        run = ada.run("done", "ada")
        assert run.code == 2 and "send the paper" in run.err and "ask about the plan" in run.err
        assert ada.read(ADA) == NOTE

    def test_none_is_told(self, ada: VaultOnDisk) -> None:
        assert (
            'no open promise between you and Ada Lovelace with "boat" in it'
            in ada.run("done", "ada", "boat").err
        )

    def test_of_two_with_the_same_words_one_is_told_by_its_line(self, ada: VaultOnDisk) -> None:
        ada.add(ADA, "- [ ] write\n- [ ] write\n- [ ] (by 2026-12-01)\n")
        assert ada.run("done", "ada", "write").code == 2
        assert ada.run("done", "ada", f"{ADA}:2", *DAY).out == f"{ADA}:2: - [x] write ✅ 2026-11-23\n"
        assert ada.run("done", "ada", "3", *DAY).out == f"{ADA}:3: - [x] (by 2026-12-01) ✅ 2026-11-23\n"
        assert ada.run("done", "ada", "7").code == 2

    @mark.parametrize("sign", ["🔁 every month 📅 2026-11-30 ✅", "[repeat:: every month] [completion::"])
    def test_of_a_task_that_comes_again_the_next_one_is_not_forgotten(
        self, ada: VaultOnDisk, sign: str
    ) -> None:
        sign, done = sign.rsplit(" ", 1)
        ada.add(ADA, f"- [ ] write {sign}\n")
        run = ada.run("done", "ada", *DAY)
        end = "]" if "[" in done else ""
        assert run.code == 0 and ada.read(ADA) == f"- [x] write {sign} {done} 2026-11-23{end}\n"
        assert "the next one was not written" in run.err
        assert ada.run("undo").code == 0

    def test_a_promise_in_another_note_is_ticked_there(self, ada: VaultOnDisk) -> None:
        ada.add("todo.md", "- [ ] call [[Grace Hopper]]\n")
        assert ada.run("done", "Grace Hopper", *DAY).out == (
            "todo.md:1: - [x] call [[Grace Hopper]] ✅ 2026-11-23\n"
        )

    @mark.parametrize(
        ("path", "text"),
        [
            (ADA, "# Ada\n\n## To do\n\n- [ ] send the paper 📅 2026-12-30 ^id\n"),
            ("journal/2026-10-01.md", "- [ ] send [[Ada Lovelace]] the paper\n"),
            ("todo.md", "- [ ] send [[Ada Lovelace]] the paper [due:: 2026-12-30]\n"),
        ],
    )
    def test_it_counts_on_the_day_of_ticking(self, ada: VaultOnDisk, path: str, text: str) -> None:
        ada.add(ADA, "# Ada\n")
        ada.add(path, text)
        run = ada.run("done", "ada", "paper", "--json", "--today", "2026-11-20")
        (line,) = json.loads(run.out)["written"]
        assert (line["path"], "2026-11-20" in line["text"]) == (path, True)
        assert not text.endswith("^id\n") or ada.read(path).endswith(" ✅ 2026-11-20 ^id\n")
        shown = ada.json("show", "ada")
        assert shown["last_contact"] == "2026-11-20"
        assert [(i["date"], i["path"], "paper" in i["text"]) for i in shown["interactions"]] == [
            ("2026-11-20", path, True)
        ]
        assert "✅" not in shown["interactions"][0]["text"] and "::" not in shown["interactions"][0]["text"]


class TestNew:
    def test_comes_from_the_vaults_own_template_into_the_usual_folder(self, ada: VaultOnDisk) -> None:
        ada.add(
            "99 Templates/Person template.md",
            "---\nname: {{title}}\ntags:\n  - person\nmet: {{date}}\nemail:\n---\n"
            "# {{title}}\n\n{{date:YYYY}} {{x}}\n",
        )
        run = ada.run(
            "new", "contact", 'O\'Neil: "Zoë"'.replace('"', "").replace(":", ""), "--email", "zoe@x.org"
        )
        assert run.code == 0, run.err
        assert run.out == "people/O'Neil Zoë.md\n"
        text = ada.read("people/O'Neil Zoë.md")
        assert "name: O'Neil Zoë\n" in text and "email: zoe@x.org\n" in text and "# O'Neil Zoë\n" in text
        assert "{{x}}" in text and "{{x}} was left" in run.err
        assert ada.kind("people/O'Neil Zoë.md") == "contact"
        assert ada.run("undo").code == 0 and not (ada.root / "people/O'Neil Zoë.md").exists()

    @mark.parametrize("kind", ["contact", "post", "goal"])
    def test_comes_from_our_template_into_an_empty_vault(self, vault: VaultOnDisk, kind: str) -> None:
        (vault.root / "mdmentor.toml").touch()
        run = vault.run("new", kind, "Some", "name")
        assert run.code == 0, run.err
        path = run.out.strip()
        assert vault.kind(path) == kind and "# Some name" in vault.read(path)
        assert [p for p in vault.problems() if path in p and "hint" not in p] == []

    def test_a_folder_that_says_nothing_gets_a_word_in_the_note(self, vault: VaultOnDisk) -> None:
        assert vault.run("new", "goal", "plans/Raise").code == 0
        assert vault.kind("plans/Raise.md") == "goal"

    def test_a_name_that_exists_is_refused_and_a_near_one_told(self, ada: VaultOnDisk) -> None:
        run = ada.run("new", "contact", "ada lovelace")
        assert run.code == 4 and ADA in run.err
        run = ada.run("new", "contact", "Ada Lovelacy")
        assert run.code == 0 and "Ada Lovelace may be the same person" in run.err
        run = ada.run("new", "contact", "Lovelace Ada")
        assert "Ada Lovelace may be the same person" in run.err

    @mark.parametrize("name", ["Mary Fairfax", "mary somerville", "Mary Somervillé"])
    def test_who_is_called_so_in_a_note_of_another_name_is_refused(self, ada: VaultOnDisk, name: str) -> None:
        ada.add("people/ms.md", "---\nname: Mary Somerville\naliases: [Mary Fairfax]\n---\n")
        before = sorted(ada.root.rglob("*"))
        run = ada.run("new", "contact", name)
        assert run.code == 4 and "is there already: people/ms.md" in run.err
        assert sorted(ada.root.rglob("*")) == before

    def test_the_same_address_is_told(self, ada: VaultOnDisk) -> None:
        ada.add("people/Mary.md", "---\nemail: [Mary@X.org]\n---\n")
        assert "Mary has the same address" in ada.run("new", "contact", "Maria", "--email", "mary@x.org").err

    def test_somebody_who_is_there_already_is_refused_with_the_path(self, ada: VaultOnDisk) -> None:
        ada.add("people/Mary.md", "---\naliases: [Mary Fairfax]\nemail: mary@x.org\n---\n")
        before = sorted(ada.root.rglob("*"))
        run = ada.run("new", "contact", "Mary Somerville", "--email", "MARY@x.org")
        assert run.code == 4 and "people/Mary.md (same e-mail address)" in run.err
        assert sorted(ada.root.rglob("*")) == before

    def test_a_shared_mailbox_is_told(self, ada: VaultOnDisk) -> None:
        ada.add("people/Mary.md", "---\nemail: info@x.org\n---\n")
        run = ada.run("new", "contact", "Mary Ann", "--email", "info@x.org")
        assert run.code == 0 and "Mary has the same address: people/Mary.md" in run.err

    @mark.parametrize("name", ["A[da", "A|da", "A#da", "A^da", "A/..", "a" * 300, ".", "A:b"])
    def test_a_name_that_no_link_can_hold_is_refused(self, ada: VaultOnDisk, name: str) -> None:
        before = sorted(ada.root.rglob("*"))
        run = ada.run("new", "contact", name)
        assert run.code == 2 and run.err
        assert sorted(ada.root.rglob("*")) == before

    def test_a_name_cannot_break_front_matter(self) -> None:
        data = (
            b'---\nname: {{title}}\nx: "{{title}}"\nl: [{{title}}, b]\nd: {{date:DD.MM.YYYY}}\n---\n'
            b"{{name}} {{time}}\n"
        )
        made = fill_template(data, "Re - 'x' & {y}, no", datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
        assert made.decode() == (
            "---\nname: Re - 'x' & {y}, no\nx: \"Re - 'x' & {y}, no\"\nl: [\"Re - 'x' & {y}, no\", b]\n"
            "d: 23.11.2026\n---\n"
            "Re - 'x' & {y}, no 09:05\n"
        )

    def test_formats_of_dates(self) -> None:
        now = datetime(2026, 11, 3, 15, 4, tzinfo=UTC)
        assert (
            format_moment("dddd Do MMMM YYYY, HH:mm [at] h a", now)
            == "Tuesday 3rd November 2026, 15:04 at 3 pm"
        )
        assert format_moment("x YYYY", now) is None


def fail_for(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Lets the disk refuse one note from now on."""
    write = Vault.write

    def failing(self: Vault, name: str, data: bytes, expected: bytes | None, *mode: int) -> bool:
        if name == path:
            raise WorldFailed(f'"{path}" could not be written (No space left on device)', "nothing changed")
        return write(self, name, data, expected, *mode)

    monkeypatch.setattr(Vault, "write", failing)


class TestAllOrNothing:
    def test_where_one_of_two_notes_cannot_be_written_neither_is(
        self, ada: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fail_for(monkeypatch, "people/Grace Hopper.md")
        run = ada.run("log", "Ada, Grace Hopper", "dinner", *DAY)
        assert run.code == 5 and "No space left" in run.err
        assert ada.read(ADA) == NOTE and ada.read("people/Grace Hopper.md") == "# Grace Hopper\r\n"
        assert "Nothing to undo" in ada.run("undo").out

    def test_a_rename_that_fails_at_its_last_note_leaves_all_as_it_was(
        self, ada: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ada.add("a.md", "[[Ada Lovelace]]\n")
        ada.add("z.md", "[[Ada Lovelace]]\n")
        fail_for(monkeypatch, "z.md")
        assert ada.run("rename", "Ada Lovelace", "Ada King").code == 5
        assert ada.read("a.md") == ada.read("z.md") == "[[Ada Lovelace]]\n"
        assert ada.read(ADA) == NOTE and not (ada.root / "people/Ada King.md").exists()

    def test_an_undo_that_fails_in_the_middle_leaves_the_edit_done(
        self, ada: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert ada.run("log", "Ada, Grace Hopper", "dinner", *DAY).code == 0
        done = ada.read(ADA), ada.read("people/Grace Hopper.md")
        with monkeypatch.context() as patch:
            fail_for(patch, ADA)
            assert ada.run("undo").code == 5
        assert (ada.read(ADA), ada.read("people/Grace Hopper.md")) == done
        assert ada.run("undo").code == 0
        assert ada.read(ADA) == NOTE


class TestUndo:
    def test_takes_back_one_edit_after_the_other_and_does_them_again(self, ada: VaultOnDisk) -> None:
        states = [ada.read(ADA)]
        for words in ("call: one", "call: two", "call: three"):
            ada.run("log", "ada", words, *DAY)
            states.append(ada.read(ADA))
        for state in reversed(states[:-1]):
            assert ada.run("undo").code == 0
            assert ada.read(ADA) == state
        assert ada.run("undo").out == "Nothing to undo.\n"
        for state in states[1:]:
            assert ada.run("undo", "--redo").code == 0
            assert ada.read(ADA) == state
        ada.run("undo")
        ada.run("log", "ada", "tea", *DAY)
        assert ada.run("undo", "--redo").out == "Nothing to redo.\n"

    def test_refuses_and_says_where_the_old_bytes_are(self, ada: VaultOnDisk) -> None:
        ada.run("log", "ada", "call", *DAY)
        ada.add(ADA, ada.read(ADA) + "mine\n")
        run = ada.run("undo")
        assert run.code == 4 and f'"{ADA}" was changed after "log Ada Lovelace"' in run.err
        assert Path(run.err.split("what it held before is in ")[1].strip()).read_text() == NOTE

    def test_an_edit_cut_short_is_taken_back(self, ada: VaultOnDisk) -> None:
        store, vault = a_store(ada)
        old, new = ada.read(ADA).encode(), b"new\n"
        store.begin("log Ada", (Change(ADA, old, new), Change("people/Grace Kelly.md", b"", new)))
        ada.add(ADA, new)
        assert roll_back_unfinished(vault, index_file(vault.root, ada.cache)) == [
            '"log Ada" was cut short before it was done, so nothing of it was kept'
        ]
        assert ada.read(ADA) == NOTE
        assert roll_back_unfinished(vault, index_file(vault.root, ada.cache)) == []

    def test_an_edit_cut_short_after_its_last_write_is_done(self, ada: VaultOnDisk) -> None:
        store, vault = a_store(ada)
        store.begin("log Ada", (Change(ADA, NOTE.encode(), b"new\n"),))
        ada.add(ADA, b"new\n")
        assert roll_back_unfinished(vault, index_file(vault.root, ada.cache)) == [
            f'"log Ada" was cut short, but it is complete: {ADA}'
        ]
        undo(vault, store)
        assert ada.read(ADA) == NOTE

    def test_what_the_user_wrote_meanwhile_is_never_taken_back(self, ada: VaultOnDisk) -> None:
        store, vault = a_store(ada)
        record = store.begin(
            "x", (Change(ADA, NOTE.encode(), b"new\n"), Change("people/Grace Kelly.md", b"", b"n"))
        )
        ada.add(ADA, "mine\n")
        (words,) = roll_back_unfinished(vault, index_file(vault.root, ada.cache))
        assert store.copy_old(record, ADA) in words and "left as it is" in words
        assert ada.read(ADA) == "mine\n"

    def test_only_the_last_edits_are_kept(self, ada: VaultOnDisk) -> None:
        store, _ = a_store(ada)
        for number in range(60):
            record = store.begin("x", (Change(ADA, b"%d" % number, b""),))
            store.put_state(record, "done")
        assert len([name for name in os.listdir(store.folder) if name.endswith(".json")]) == 50


def a_store(ada: VaultOnDisk) -> tuple[History, Vault]:
    with ada.queries():
        pass
    vault = Vault(ada.root.resolve())
    return History(index_file(vault.root, ada.cache)), vault


GRACE = "people/Grace Hopper.md"
EDITS = [
    ("log", "Ada, Grace Hopper", "dinner", *DAY),
    ("set", "Ada", "cadence", "weekly"),
    ("snooze", "Ada", "2w", *DAY),
    ("done", "Ada", "paper"),
    ("rename", "Ada Lovelace", "Ada King"),
    ("rename", "Grace Hopper", "Admiral Hopper"),  # the note of Ada links to hers
]


@fixture
def linked(ada: VaultOnDisk) -> VaultOnDisk:
    ada.add(ADA, NOTE + "\n[[Grace Hopper]]\n")
    return ada


@mark.parametrize("arguments", EDITS, ids=lambda a: " ".join(a[:2]))
class TestFilesThatAreMoreThanTheirBytes:
    def test_a_write_protected_note_is_refused_with_how_to_fix_it(
        self, linked: VaultOnDisk, arguments: tuple[str, ...]
    ) -> None:
        before = linked.read(ADA), linked.read(GRACE)
        (linked.root / ADA).chmod(0o444)
        run = linked.run(*arguments)
        assert (run.code, run.out) == (4, "")
        assert "write-protected (mode 0444)" in run.err and "chmod u+w" in run.err
        assert (linked.read(ADA), linked.read(GRACE)) == before
        assert stat.S_IMODE((linked.root / ADA).stat().st_mode) == 0o444
        assert "Nothing to undo" in linked.run("undo").out
        (linked.root / ADA).chmod(0o644)
        assert linked.run(*arguments).code == 0

    @mark.skipif(not hasattr(os, "link"), reason="no hard links here")
    def test_a_note_with_another_name_is_refused_with_how_to_fix_it(
        self, linked: VaultOnDisk, arguments: tuple[str, ...], tmp_path: Path
    ) -> None:
        before = linked.read(ADA), linked.read(GRACE)
        os.link(linked.root / ADA, tmp_path / "other.md")
        run = linked.run(*arguments)
        assert (run.code, run.out) == (4, "") and "a hard link" in run.err
        assert (linked.read(ADA), linked.read(GRACE)) == before
        assert (tmp_path / "other.md").samefile(linked.root / ADA)
        assert "Nothing to undo" in linked.run("undo").out

    @mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give files away")
    def test_the_owner_stays_where_we_may_keep_it(
        self, linked: VaultOnDisk, arguments: tuple[str, ...]
    ) -> None:
        for path in (ADA, GRACE):
            os.chown(linked.root / path, 12345, 23456)
        inodes = {(linked.root / path).stat().st_ino for path in (ADA, GRACE)}
        assert linked.run(*arguments).code == 0
        now = [file.stat() for file in (linked.root / "people").glob("*.md")]
        assert not inodes >= {info.st_ino for info in now}, "something was written"
        assert sorted(info.st_uid for info in now) == [0, 12345, 12345]
        assert sorted(info.st_gid for info in now) == [0, 23456, 23456]


@mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give files away")
def test_a_plain_user_does_not_take_over_a_note_of_somebody_else() -> None:
    root = Path(tempfile.mkdtemp())
    try:
        root.chmod(0o777)
        for name, mode, owner in (
            ("theirs.md", 0o666, 12345),
            ("closed.md", 0o644, 12345),
            ("mine.md", 0o644, 4321),
        ):
            file = root / name
            file.write_bytes(b"old\n")
            file.chmod(mode)
            os.chown(file, owner, 4321)
        told = []
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:  # a plain user
            os.setgroups([])
            os.setgid(4321)
            os.setuid(4321)
            for name in ("theirs.md", "closed.md", "mine.md"):
                try:
                    Vault(root).write(name, b"new\n", b"old\n")
                    os.write(writer, b"written\n")
                except RefusedToWrite as error:
                    os.write(writer, f"{error}\n".encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as lines:
            told = lines.read().splitlines()
        os.waitpid(child, 0)
        assert "belongs to another user or group" in told[0] and "chown" in told[0]
        assert "may not write to this note (mode 0644, owner 12345)" in told[1] and told[2:] == ["written"]
        assert (root / "theirs.md").read_bytes() == b"old\n" and (root / "theirs.md").stat().st_uid == 12345
        assert (root / "mine.md").read_bytes() == b"new\n"
        assert sorted(os.listdir(root)) == ["closed.md", "mine.md", "theirs.md"]
    finally:
        shutil.rmtree(root)


def test_an_editor_that_saves_in_between_loses_nothing(ada: VaultOnDisk) -> None:
    with ada.queries() as queries:
        hands = NoteEditor(Vault(ada.root.resolve()), queries)
        saves = iter([b"one\n", b"two\n"])

        def edit(data: bytes) -> tuple[bytes, int]:
            if (save := next(saves, None)) is not None:
                ada.add(ADA, save)
            return data + b"ours\n", 1

        hands.edit("x", {ADA: edit})
        assert ada.read(ADA) == "two\nours\n"


def test_an_editor_that_never_stops_saving_is_let_have_its_way(ada: VaultOnDisk) -> None:
    with ada.queries() as queries:
        hands = NoteEditor(Vault(ada.root.resolve()), queries)
        number = 0

        def edit(data: bytes) -> tuple[bytes, int]:
            nonlocal number
            number += 1
            ada.add(ADA, b"save %d\n" % number)
            return data + b"ours\n", 1

        with pytest.raises(RefusedToWrite, match="was changed meanwhile"):
            hands.edit("x", {ADA: edit})
        assert ada.read(ADA) == f"save {number}\n"
        assert undo(hands.vault, hands.history) is None


def loaded(vault: VaultOnDisk, *arguments: str) -> set[str]:
    code = "import sys; from mdmentor.cli import main; main(sys.argv[1:])"
    code += "; print('|'.join(sys.modules), file=sys.stderr)"
    one = [sys.executable, "-c", code, *arguments, "--vault", str(vault.root)]
    run = subprocess.run(one, env=environment(vault), capture_output=True, text=True, check=True)
    assert run.stdout
    return {name.split(".")[0] for name in run.stderr.splitlines()[-1].split("|")}


def test_log_loads_nothing_that_it_does_not_need(vault: VaultOnDisk) -> None:
    vault.add(ADA, "# Ada\n\n## Log\n\n- 2026-05-01 coffee\n")
    vault.run("next")
    heavy = {
        "markdown_it",
        "yaml",
        "frontmatter",
        "watchdog",
        "rich",
        "multiprocessing",
    }
    assert not loaded(vault, "log", "ada", "call: asked", *DAY) & heavy


def test_the_store_says_so_when_it_cannot_be_kept(ada: VaultOnDisk, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    ada.cache = blocked / "cache"
    run: Run = ada.run("log", "ada", "call", *DAY)
    assert run.code == 0 and "undo cannot take it back" in run.err
    assert "call" in ada.read(ADA)
    assert ada.run("rename", "ada", "Ada King").code == 5
    assert (ada.root / ADA).exists()


@mark.parametrize("arguments", [("set", "x", "y"), ("log", "call"), ("rename", "New")])
def test_a_page_of_ours_is_no_note_to_be_edited(ada: VaultOnDisk, arguments: tuple[str, ...]) -> None:
    ada.reindex()
    before = ada.page("Mentors")
    run = ada.run(arguments[0], "reach-out/Mentors.md", *arguments[1:])
    assert run.code == 4 and "generated by mdmentor" in run.err
    assert ada.page("Mentors") == before


def test_a_mistyped_option_is_not_logged_as_words(ada: VaultOnDisk) -> None:
    assert ada.run("log", "ada", "--jurnal", "call").code == 2
    assert ada.read(ADA) == NOTE


def test_a_key_whose_tool_reads_days_gets_a_number_of_days(vault: VaultOnDisk) -> None:
    vault.add("people/Bob.md", "---\nprm-cadence: 45\n---\n")
    vault.add("people/Cy.md", "---\nstay_in_touch_frequency_days: 30\n---\n")
    assert vault.run("set", "bob", "cadence", "6 weeks").code == 0
    assert vault.run("set", "cy", "cadence", "quarterly").code == 0
    assert vault.run("set", "bob", "prm-cadence", "none").code == 0
    assert vault.read("people/Bob.md") == "---\nprm-cadence: none\n---\n"
    assert vault.read("people/Cy.md") == "---\nstay_in_touch_frequency_days: 90\n---\n"
