"""The calendar: what is in it on which day, what is not, and that real programs read it so."""

from __future__ import annotations

import os
import stat
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.conftest import VaultOnDisk, program

TODAY = "2026-11-23"


@pytest.fixture
def people(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", '[me]\nemployer = ["Navy"]\n[reach_out]\nper_day = 2\n')
    vault.add(
        "people/Ada.md",
        "---\ncadence: 2w\nbirthday: 1972-05-17\nemail: ada@example.org\n---\n## Log\n"
        "- 2026-10-01 call: the raise; \\o/, and more\n- 2026-10-02 secret #private\n"
        "- [ ] send the paper 📅 2026-11-30\n- [ ] bring the book 📅 2026-12-01 #waiting\n",
    )
    vault.add(
        "people/Bo.md", "---\nnext: 2026-12-03\ncompany: Navy\nbirthday: 05-18\n---\n- 2026-11-20 tea\n"
    )
    vault.add("people/Leap.md", "---\nbirthday: 1992-02-29\n---\n- 2026-11-20 tea\n")
    vault.add("people/Leap too.md", "---\nbirthday: 02-29\n---\n- 2026-11-20 tea\n- 2027-01-05 dinner\n")
    vault.add(
        "people/Spy.md", "---\nconfidential: true\nbirthday: 1970-06-06\nnext: 2026-11-29\ncadence: 1w\n---\n"
    )
    return vault


def export(vault: VaultOnDisk, *options: str, today: str = TODAY) -> str:
    run = vault.run("export", "ics", "--today", today, *options)
    assert run.code == 0, run.err
    return run.out


def events(text: str) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


def days(text: str) -> dict[str, date]:
    return {summary: event["DTSTART"].dt for summary, event in events(text).items()}


def test_each_fact_is_on_its_day(people: VaultOnDisk) -> None:
    assert days(export(people)) == {
        "Reach out to Ada": date(2026, 11, 23),
        "Be in touch with Bo": date(2026, 12, 3),
        "Leap too: dinner": date(2027, 1, 5),
        "Promised to Ada: send the paper": date(2026, 11, 30),
        "Ada promised: bring the book": date(2026, 12, 1),
        "Ada's birthday (1972)": date(1972, 5, 17),
        "Bo's birthday": date(2000, 5, 18),
        "Leap's birthday (1992)": date(1992, 2, 29),
        "Leap too's birthday": date(2000, 2, 29),
    }


def test_the_file_is_as_the_standard_has_it(people: VaultOnDisk) -> None:
    people.add("people/Žofie 王.md", f"---\nnext: 2026-12-05\n---\n- 2026-11-20 tea: {'é王🙂 ' * 60}\n")
    text = export(people)
    assert text.count("\n") == text.count("\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for event in events(text).values():
        assert event["TRANSP"] == "TRANSPARENT" and event["CLASS"] == "PRIVATE"
        assert event["DTSTAMP"].dt.date() == event["DTSTART"].dt and not event.subcomponents
    calendar = pytest.importorskip("ical.calendar_stream")
    (read,) = calendar.CalendarStream.from_ics(text).calendars
    assert {event.summary for event in read.events} == set(events(text))


def test_a_description_has_the_last_talk_and_what_is_owed(people: VaultOnDisk) -> None:
    text = str(events(export(people))["Reach out to Ada"]["DESCRIPTION"])
    assert "Last talk: 2026-10-01: call: the raise; \\o/, and more" in text
    assert "You promised: send the paper (by 2026-11-30)" in text
    assert "They promised: bring the book (by 2026-12-01)" in text and "ada@example.org" in text
    assert "secret" not in text
    assert "works where you work" in str(events(export(people))["Be in touch with Bo"]["DESCRIPTION"]).lower()


def test_a_birthday_with_a_year_says_the_ages(people: VaultOnDisk) -> None:
    found = events(export(people))
    assert "Turns 55 on 17 May 2027, 56 in 2028" in str(found["Ada's birthday (1972)"]["DESCRIPTION"])
    assert found["Ada's birthday (1972)"]["RRULE"]["FREQ"] == ["YEARLY"]
    assert found["Leap's birthday (1992)"]["RRULE"]["BYMONTHDAY"] == [-1]
    assert "Turns" not in str(found["Bo's birthday"].get("DESCRIPTION", ""))
    assert "Turns 55 on" in str(
        events(export(people, today="2027-05-17"))["Ada's birthday (1972)"]["DESCRIPTION"]
    )


def test_whoever_was_reached_out_to_leaves_the_calendar_and_the_others_keep_their_uids(
    people: VaultOnDisk,
) -> None:
    before = events(export(people))
    assert len({event["UID"] for event in before.values()}) == len(before)
    later = events(export(people, today="2026-11-24"))
    assert {name: event["UID"] for name, event in later.items()} == {
        name: event["UID"] for name, event in before.items()
    }
    people.run("log", "Ada", "call: hello", "--date", TODAY)
    after = events(export(people))
    assert set(before) - set(after) == {"Reach out to Ada"}
    assert all(after[name]["UID"] == before[name]["UID"] for name in after)
    again = events(export(people, today="2027-01-10"))["Reach out to Ada"]
    assert again["UID"] != before["Reach out to Ada"]["UID"]


def test_a_promise_that_is_moved_keeps_its_uid(people: VaultOnDisk) -> None:
    name = "Promised to Ada: send the paper"
    before = events(export(people))[name]
    note = people.root / "people/Ada.md"
    note.write_text(note.read_text().replace("2026-11-30", "2026-12-09"))
    after = events(export(people))[name]
    assert after["UID"] == before["UID"] and after["DTSTART"].dt == date(2026, 12, 9)


def test_two_promises_of_the_same_words_are_two_events(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "- [ ] send notes 📅 2026-11-30\n- [ ] send notes 📅 2026-12-07\n")
    promised = [
        e for e in icalendar.Calendar.from_ical(export(vault)).walk("VEVENT") if "notes" in e["SUMMARY"]
    ]
    assert [event["DTSTART"].dt for event in promised] == [date(2026, 11, 30), date(2026, 12, 7)]
    assert len({str(event["UID"]) for event in promised}) == 2


def test_a_day_has_at_most_as_many_reach_outs_as_places(people: VaultOnDisk) -> None:
    for number in range(8):
        people.add(f"people/P{number}.md", "---\ncadence: 1w\n---\n- 2026-11-01 tea\n")
    found = days(export(people))
    assert sum(name.startswith("Reach out") for name in found) == 2
    saturday = days(export(people, today="2026-11-28"))
    assert {day for name, day in saturday.items() if name.startswith("Reach out")} == {date(2026, 11, 28)}
    monday = days(export(people, "--weekdays", today="2026-11-28"))
    assert {day for name, day in monday.items() if name.startswith("Reach out")} == {date(2026, 11, 30)}


def test_alarms_come_when_asked_for(people: VaultOnDisk) -> None:
    assert "VALARM" not in export(people)
    for clock, trigger in (("09:00", "PT9H"), ("9:30", "PT9H30M"), ("00:00", "PT0M"), ("00:05", "PT5M")):
        text = export(people, "--alarms", clock)
        assert text.count(f"TRIGGER:{trigger}\r\n") == text.count("BEGIN:VEVENT")
        assert icalendar.Calendar.from_ical(text).walk("VALARM")
    for wrong in ("24:00", "9", "noon", ""):
        assert people.run("export", "ics", "--alarms", wrong).code == 2
    assert people.run("export", "csv", "--alarms", "09:00").code == 2


def test_confidential_people_are_left_out_and_counted(people: VaultOnDisk) -> None:
    text = export(people)
    assert "Spy" not in text
    calendar = icalendar.Calendar.from_ical(text)
    assert "1 confidential person is left out" in str(calendar["X-WR-CALDESC"])
    asked = export(people, "--with-confidential")
    assert "left out" not in asked
    assert days(asked)["Spy's birthday (1970)"] == date(1970, 6, 6)


SETTING = '[calendar]\nfile = "{}"\nalarms = "08:30"\n'


def test_the_calendar_of_the_settings_is_written_where_it_differs(
    people: VaultOnDisk, tmp_path: Path
) -> None:
    file = tmp_path / "people.ics"
    people.add("mdmentor.toml", SETTING.format(file))
    assert str(file) in people.reindex().pages_written
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and b"TRIGGER:PT8H30M" in file.read_bytes()
    before = file.stat()
    people.add("notes/other.md", "nothing to do with it")
    assert str(file) not in people.reindex().pages_written
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    people.add("people/New.md", "---\nnext: 2026-12-24\n---\n")
    assert people.reindex(check=True).stale.count(str(file)) == 1
    assert str(file) in people.reindex().pages_written and b"with New" in file.read_bytes()
    file.unlink()
    assert str(file) in people.reindex().pages_written and file.exists()
    assert not people.reindex().pages_written


def test_a_calendar_in_the_vault_is_found_from_its_root_and_causes_no_second_run(people: VaultOnDisk) -> None:
    people.add("mdmentor.toml", SETTING.format("people.ics"))
    assert "people.ics" in people.reindex().pages_written
    people.reindex()
    assert not people.reindex().pages_written and not people.reindex(check=True).stale


@pytest.mark.parametrize("place", ["reach-out/people.ics", "mine.ics", "no/folder/people.ics"])
def test_a_calendar_that_cannot_be_written_costs_a_line(people: VaultOnDisk, place: str) -> None:
    people.add("mine.ics", "BEGIN:VCALENDAR\nmine\n")
    people.add("mdmentor.toml", SETTING.format(place))
    report = people.reindex()
    assert place in report.left and "the calendar was not written" in report.left[place]
    assert (
        people.read("mine.ics") == "BEGIN:VCALENDAR\nmine\n" and "reach-out/Dates.md" in report.pages_written
    )


@pytest.mark.parametrize(
    "line",
    ['file = "notes.md"', "file = 3", 'alarms = "25:00"', "alarms = 9", 'weekdays = "yes"', 'fil = "x.ics"'],
)
def test_a_setting_that_does_not_fit_is_a_problem(people: VaultOnDisk, line: str) -> None:
    people.add("mdmentor.toml", f"[calendar]\n{line}\n")
    (problem,) = (p for p in people.json("check")["problems"] if p["path"] == "mdmentor.toml")
    assert (problem["line"], problem["code"]) == (2, "settings")


def khal(tmp_path: Path, kind: str, folder: Path, *words: str) -> list[str]:
    """The lines of a list by khal of one calendar."""
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[one]]\npath = {folder}\ntype = {kind}\n[sqlite]\npath = {tmp_path}/khal.db\n"
        "[locale]\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n[default]\ndefault_calendar = one\n"
    )
    options = ["list", "--format", "{start-date} {title}", "--day-format", "", "--once"]
    done = subprocess.run(
        [program("khal"), "-c", str(config), *options, *words],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path), "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line.strip()]


def imported_by_khal(tmp_path: Path, text: str) -> Path:
    """A folder in which each event is a file, as khal keeps them."""
    folder = tmp_path / "events"
    folder.mkdir()
    head = text.split("BEGIN:VEVENT")[0].split("NAME:")[0]
    for number, event in enumerate(text.split("BEGIN:VEVENT")[1:]):
        body = event.split("END:VEVENT")[0]
        file = folder / f"{number}.ics"
        file.write_text(f"{head}BEGIN:VEVENT{body}END:VEVENT\nEND:VCALENDAR\n".replace("\r\n", "\n"))
    return folder


def test_khal_shows_each_event_on_its_day(people: VaultOnDisk, tmp_path: Path) -> None:
    folder = imported_by_khal(tmp_path, export(people))
    lines = khal(tmp_path, "calendar", folder, "2026-11-23", "60d")
    assert [line.split(" ⟳")[0] for line in lines] == [
        "2026-11-23 Reach out to Ada",
        "2026-11-30 Promised to Ada: send the paper",
        "2026-12-01 Ada promised: bring the book",
        "2026-12-03 Be in touch with Bo",
        "2027-01-05 Leap too: dinner",
    ]
    for year in range(2026, 2034):
        day = f"{year}-02-29" if year % 4 == 0 else f"{year}-02-28"
        lines = khal(tmp_path, "calendar", folder, day, "1d")
        assert sorted(line.split(" ⟳")[0] for line in lines) == [
            f"{day} Leap too's birthday",
            f"{day} Leap's birthday (1992)",
        ]


def test_khal_shows_the_birthdays_of_the_cards(people: VaultOnDisk, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    people.run("export", "vcard", "--to", str(folder))
    for day, title in (("2027-05-17", "Ada's 55th birthday"), ("2027-05-18", "Bo's birthday")):
        assert any(title in line for line in khal(tmp_path, "birthdays", folder, day, "1d")), title


def test_a_fresh_start_after_an_absence_is_one_event(vault: VaultOnDisk) -> None:
    for number in range(20):
        vault.add(f"people/P{number:02}.md", "---\ncadence: 1w\n---\n## Log\n- 2026-10-01 tea\n")
    assert vault.run("next", "--today", "2026-11-01").code == 0
    assert vault.run("log", "P00", "call: hello", "--date", "2026-11-02").code == 0
    assert vault.json("next")["fresh_start"]
    (summary,) = events(export(vault))
    assert summary.startswith("Start afresh with P") and summary.count("P") == 3


def test_plans_and_promises_are_on_the_days_that_the_lists_say(people: VaultOnDisk) -> None:
    people.add("people/Old.md", "- [ ] send the map 📅 2026-11-02\n- 2026-11-20 tea\n")
    shown = sorted(day for name, day in days(export(people)).items() if "birthday" not in name)
    listed = [
        date.fromisoformat(one["date"]) for one in people.json("dates") if one["kind"] in ("next", "plan")
    ]
    listed += [date.fromisoformat(one["due"]) for one in people.json("promises")["promises"]]
    reach_outs = sum(name.startswith("Reach out") for name in days(export(people)))
    assert shown == sorted([*listed, *[date(2026, 11, 23)] * reach_outs])
    assert date(2026, 11, 2) in shown
