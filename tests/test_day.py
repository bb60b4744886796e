"""A day ends: whoever of the list is done stays done, nobody new comes, and what was left open rests."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import fixture, mark

from mdmentor.core.entries import Choice
from mdmentor.core.model import Contact, Interaction, Person, Promise, Settings
from mdmentor.core.ranking.assess import assess
from mdmentor.core.ranking.select import choose, shortlist
from tests.conftest import TODAY, VaultOnDisk, with_tick
from tests.test_assess import people

PAGE = "reach-out/Reach out next.md"
OVER = "Done for today."


def list_of(persons: Sequence[Person], per_day: int = 3, today: date = TODAY) -> Choice:
    assessments = [assess(one, today, {"raise": "Ask for a raise"}, Settings()) for one in persons]
    return choose(shortlist(assessments, today, 20), per_day)


def with_talk(person: Person, *, is_ticked: bool, marks: tuple[str, ...] = ()) -> Person:
    path = person.contact.path
    line = Interaction(TODAY, "call", "", marks, 9, (), path, TODAY if is_ticked else None)
    return person._replace(interactions=(*person.interactions, line))


@settings(max_examples=150, deadline=None)
@given(st.lists(people, max_size=12, unique_by=lambda one: one.contact.path), st.integers(1, 4), st.randoms())
def test_doing_everything_in_any_order_leads_to_the_end_of_the_day_and_to_nobody_new(
    everybody: list[Person], per_day: int, chance: random.Random
) -> None:
    everybody = [
        one._replace(interactions=tuple(line for line in one.interactions if line.date != TODAY))
        for one in everybody
        if one.contact.last_contact != TODAY
    ]
    first = [one.path for one in list_of(everybody, per_day).suggestions]
    left = set(first)
    while left:
        # somebody else one happens to talk to takes no place
        others = [one for one in everybody if one.contact.path not in first]
        path = chance.choice([*sorted(left), *(one.contact.path for one in others)])
        number = next(n for n, one in enumerate(everybody) if one.contact.path == path)
        is_ticked = path in left and chance.random() < 0.5
        marks = chance.choice([(), ("thanked",), ("got",), ("sent",), ("private",)])
        everybody[number] = with_talk(everybody[number], is_ticked=is_ticked, marks=marks)
        left.discard(path)
        choice = list_of(everybody, per_day)
        assert {one.path for one in choice.suggestions} == left
        assert {one.path for one in choice.done} == set(first) - left
    assert list_of(everybody, per_day).is_over is bool(first)


def quiet(name: str, *promises: Promise, **told: object) -> Person:
    return Person(Contact(f"people/{name}.md", name, cadence_days=30, **told), (), promises)  # type: ignore[arg-type]


def test_a_promise_kept_today_keeps_its_place() -> None:
    owed = [quiet(f"P{n}", Promise("send it", TODAY, False, 3)) for n in range(5)]
    first = [one.path for one in list_of(owed).suggestions]
    kept = Interaction(TODAY, "", "send it", (), 3, (), owed[0].contact.path, due=TODAY)
    owed[0] = owed[0]._replace(promises=(), interactions=(kept,))
    choice = list_of(owed)
    assert [one.path for one in choice.suggestions] == first[1:]
    assert [one.path for one in choice.done] == first[:1]


def test_more_are_shown_when_asked_for_beyond_the_days_places() -> None:
    owed = [quiet(f"P{n}", Promise("send it", TODAY, False, 3)) for n in range(6)]
    owed[:3] = [with_talk(one, is_ticked=True) for one in owed[:3]]
    assessments = [assess(one, TODAY, {}, Settings()) for one in owed]
    short = shortlist(assessments, TODAY, 20)

    def names(number: int | None) -> list[str]:
        return [one.name for one in choose(short, 3, number=number).suggestions]

    assert (names(None), names(2), names(3)) == ([], [], [])
    assert (names(4), names(6)) == (["P3"], ["P3", "P4", "P5"])


class TestVault:
    @fixture
    def crowd(self, vault: VaultOnDisk) -> VaultOnDisk:
        """Eight people, late, to whom something is owed."""
        vault.add("mdmentor.toml", "")
        vault.add("Home.md", "# Home\n\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n")
        for n in range(8):
            vault.add(
                f"people/P{n}.md",
                f"---\ncadence: monthly\nbirthday: 1980-11-{20 + n}\n---\n# P{n}\n\n"
                f"- [ ] send P{n} the paper 📅 2026-11-2{n}\n\n## Log\n\n- 2026-08-0{n + 1} call: the tip #got\n",
            )
        vault.reindex()
        return vault

    def names(self, vault: VaultOnDisk, *options: str) -> list[str]:
        return [one["name"] for one in vault.json("next", *options)["suggestions"]]

    def on_page(self, vault: VaultOnDisk) -> list[str]:
        return re.findall(r"^- \[ \] \*\*\[(.+?)\]", vault.page("Reach out next"), re.MULTILINE)

    def in_block(self, vault: VaultOnDisk) -> list[str]:
        return re.findall(r"^- \[(.+?)\]", vault.read("Home.md"), re.MULTILINE)

    def tick_on_page(self, vault: VaultOnDisk, name: str, chance: random.Random) -> None:
        text = vault.read(PAGE)
        start = text.index(f"- [ ] **[{name}]")
        end = text.index("\n\n", start)
        boxes = [m.start() for m in re.finditer(r"\[ \]", text[start:end])]
        for at in chance.sample(boxes[:-1], chance.randint(1, len(boxes) - 1)):
            text = text[: start + at] + "[x]" + text[start + at + 3 :]
        vault.add(PAGE, text)

    @mark.parametrize("seed", range(6))
    def test_ticks_and_lines_in_any_order_end_the_day(
        self, crowd: VaultOnDisk, tmp_path: Path, seed: int
    ) -> None:
        chance = random.Random(seed)
        first = self.names(crowd)
        left = set(first)
        while left:
            name = chance.choice(sorted(left))
            how = chance.choice(["tick", "log", "line", "done"])
            if how == "tick":
                self.tick_on_page(crowd, name, chance)
                assert set(self.names(crowd)) == left - {name}, "a tick that waits counts"
                assert len(crowd.json("next")["done_today"]) == 4 - len(left)
            elif how == "log":
                assert crowd.run("log", name, "call: hello", "--today", str(TODAY)).code == 0
            elif how == "line":
                crowd.add(f"people/{name}.md", crowd.read(f"people/{name}.md") + f"- {TODAY}: hello\n")
            else:
                assert crowd.run("done", name, "paper", "--today", str(TODAY)).code == 0
            left.discard(name)
            crowd.reindex()
            assert set(self.names(crowd)) == left
            assert set(self.on_page(crowd)) == set(self.in_block(crowd)) == left
        told = crowd.json("next")
        assert {one["name"] for one in told["done_today"]} == set(first)
        assert OVER in crowd.page("Reach out next") and OVER in crowd.read("Home.md")
        assert OVER in crowd.run("next", "--today", str(TODAY)).out
        assert len(self.names(crowd, "-n", "5")) == 2
        shutil.copytree(crowd.root, tmp_path / "copy")
        copy = VaultOnDisk(tmp_path / "copy", tmp_path / "other cache")
        assert copy.reindex().pages_written == []
        crowd.today = TODAY + timedelta(1)
        assert [one["name"] for one in told["tomorrow"]] == self.names(crowd)

    def test_two_machines_that_tick_different_boxes_end_the_day_together(
        self, crowd: VaultOnDisk, tmp_path: Path
    ) -> None:
        first = self.names(crowd)
        shutil.copytree(crowd.root, tmp_path / "other")
        other = VaultOnDisk(tmp_path / "other", tmp_path / "other cache")
        for vault, name in ((crowd, first[0]), (other, first[1])):
            vault.add(PAGE, vault.read(PAGE).replace(f"- [ ] **[{name}]", f"- [x] **[{name}]"))
            vault.reindex()
        crowd.add(f"people/{first[1]}.md", other.read(f"people/{first[1]}.md"))
        crowd.reindex()
        assert self.names(crowd) == first[2:]

    def test_a_tick_for_a_duty_settles_it_and_logs_one_line(self, crowd: VaultOnDisk) -> None:
        name = self.names(crowd)[0]
        text = crowd.read(PAGE)
        start = text.index(f"- [ ] **[{name}]")
        end = text.index("\n\n", start)
        entry = (
            text[start:end]
            .replace("[ ] kept", "[x] kept")
            .replace("[ ] said thanks", "[x] said thanks: by mail")
        )
        crowd.add(PAGE, text[:start] + entry + text[end:])
        crowd.reindex()
        note = crowd.read(f"people/{name}.md")
        assert f"- [x] send {name} the paper" in note
        assert note.count(f"- {TODAY}") == 1
        assert f"- {TODAY}: by mail #thanked <!-- ticked {TODAY} -->\n" in note
        assert not [p for p in crowd.json("promises")["promises"] if p["name"] == name]
        assert not [t for t in crowd.json("promises")["thanks"] if t["name"] == name]
        assert crowd.run("undo").code == 0
        assert f"- [ ] send {name} the paper" in crowd.read(f"people/{name}.md")
        assert str(TODAY) not in crowd.read(f"people/{name}.md")

    def test_a_line_by_hand_and_a_tick_without_words_are_one(self, crowd: VaultOnDisk) -> None:
        name = self.names(crowd)[0]
        path = f"people/{name}.md"
        page = crowd.read(PAGE)
        crowd.add(path, crowd.read(path) + f"- {TODAY} call: hello\n")
        crowd.add(PAGE, page.replace(f"- [ ] **[{name}]", f"- [x] **[{name}]"))
        crowd.reindex()
        assert crowd.read(path).count(str(TODAY)) == 1
        crowd.add(PAGE, page.replace("  - [ ] said thanks", "  - [x] said thanks", 1))
        crowd.reindex()
        assert f"- {TODAY} call: hello #thanked\n" in crowd.read(path)
        crowd.add(PAGE, with_tick(page, ": and a walk"))
        crowd.reindex()
        assert crowd.read(path).count(f"- {TODAY}") == 2

    def test_a_place_freed_by_a_tick_to_snooze_is_offered_the_next_day(self, crowd: VaultOnDisk) -> None:
        first = self.names(crowd)
        start = crowd.read(PAGE).index(f"- [ ] **[{first[1]}]")
        text = crowd.read(PAGE)
        crowd.add(
            PAGE, text[:start] + text[start:].replace("[ ] snooze 2 weeks", "[x] snooze until March", 1)
        )
        assert self.names(crowd) == [first[0], first[2]]
        crowd.reindex()
        assert self.names(crowd) == self.on_page(crowd) == [first[0], first[2]]
        assert crowd.json("show", first[1])["snooze"] == "2027-03-01"
        crowd.today = TODAY + timedelta(1)
        assert len(self.names(crowd)) == 3 and first[1] not in self.names(crowd)

    def test_who_is_reached_and_snoozed_on_one_day_is_done(self, crowd: VaultOnDisk) -> None:
        first = self.names(crowd)
        text = with_tick(crowd.read(PAGE))
        crowd.add(PAGE, text.replace("[ ] snooze 2 weeks", "[x] snooze 2 weeks", 1))
        assert [one["name"] for one in crowd.json("next")["done_today"]] == first[:1]
        crowd.reindex()
        assert [one["name"] for one in crowd.json("next")["done_today"]] == first[:1]
        assert crowd.json("show", first[0])["snooze"] == "2026-12-07"

    def test_one_freed_by_the_command_is_offered_at_once(self, crowd: VaultOnDisk) -> None:
        first = self.names(crowd)
        crowd.run("snooze", first[1], "--today", str(TODAY))
        assert len(self.names(crowd)) == 3 and first[1] not in self.names(crowd)

    def test_birthdays_are_on_top_and_take_no_place(self, crowd: VaultOnDisk) -> None:
        told = crowd.json("next")
        assert told["birthdays"] == [
            {"path": "people/P3.md", "name": "P3", "date": "2026-11-23", "turns": 46},
            {"path": "people/P4.md", "name": "P4", "date": "2026-11-24", "turns": 46},
        ]
        page = crowd.page("Reach out next")
        assert (
            page.index("**Today** is the birthday of [P3]")
            < page.index("**Tomorrow** is")
            < page.index("- [ ]")
        )
        assert len(told["suggestions"]) == 3

    def test_a_confidential_person_has_boxes_without_words(self, vault: VaultOnDisk) -> None:
        note = (
            "---\ncadence: monthly\nconfidential: true\n---\n# Eve\n\n- [ ] send the paper 📅 2026-11-24\n\n"
        )
        vault.add("people/Eve.md", f"{note}## Log\n\n- 2026-08-01 call: hello\n")
        vault.reindex()
        page = vault.page("Reach out next")
        assert "- [ ] **[Eve](../people/Eve.md)**" in page and "paper" not in page
        vault.add(PAGE, page.replace("[ ] kept what was owed", "[x] kept what was owed"))
        vault.reindex()
        note = vault.read("people/Eve.md")
        assert "- [x] send the paper" in note and f"- {TODAY}: reached out" in note
        assert "Eve" in [one["name"] for one in vault.json("next")["done_today"]]

    def test_who_is_due_and_has_no_place_is_named(self, crowd: VaultOnDisk) -> None:
        told = crowd.json("next")
        assert told["also_due"] == len(told["also_due_people"]) == 5
        assert all(one["reason"] and one["path"] for one in told["also_due_people"])

    def test_the_last_talk_is_the_same_on_the_page_and_in_the_terminal(self, crowd: VaultOnDisk) -> None:
        out = " ".join(crowd.run("next", "--today", str(TODAY)).out.split())
        assert "**Last talk:** call, 1 Aug, 4 months ago: the tip" in crowd.page("Reach out next")
        assert "Last: call, 1 Aug, 4 months ago: the tip" in out


def test_the_terminal_names_what_they_promised_but_nothing_private_or_late(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada.md",
        "---\nmet: 2026-11-21\n---\n- [ ] sends the paper #waiting\n- [ ] a secret #waiting #private\n"
        "- [ ] lends me a book #waiting 📅 2026-12-01\n- [ ] a thing long due #waiting 📅 2026-10-01\n",
    )
    vault.add("people/Bob.md", "---\nmet: 2026-11-21\nconfidential: true\n---\n- [ ] brings x #waiting\n")
    out = vault.run("next", "--today", vault.today.isoformat()).out
    promised = [line.strip() for line in out.splitlines() if "They promised" in line]
    assert promised == ["They promised: lends me a book (by 1 Dec)", "They promised: sends the paper"]


@mark.parametrize(
    "note",
    ["", "we met 2026-11-20 at the lake\n", "- met her\n\n## Log\n", "---\ncreated: 2026-11-02\n---\n"],
)
def test_the_first_talk_of_all_ends_the_day_as_any_other(vault: VaultOnDisk, note: str) -> None:
    vault.add("mdmentor.toml", "[reach_out]\nper_day = 1\n")
    vault.add("people/Ann.md", note)
    vault.add("people/Bob.md", "")
    (one,) = vault.json("next")["suggestions"]
    assert one["name"] == "Ann"
    assert vault.run("log", "Ann", "call: hello", "--today", TODAY.isoformat()).code == 0
    today = vault.json("next")
    assert [one["name"] for one in today["done_today"]] == ["Ann"] and today["suggestions"] == []
