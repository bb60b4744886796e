"""`contacts`: who they are, when you last talked and when they are due, in an order that one may choose."""

from __future__ import annotations

import pytest

from tests.conftest import VaultOnDisk


@pytest.fixture
def many(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add(
        "people/Ada.md", "---\nrole: analyst\ncompany: Engines\ncadence: 30 days\n---\n- 2026-10-01 call: x\n"
    )
    vault.add("people/Bea.md", "---\ncompany: Acme\ncadence: 6 weeks\n---\n- 2026-11-20 call: x\n")
    vault.add("people/Cem.md", "---\ncadence: 30 days\nsnooze: 2026-12-24\n---\n- 2026-09-01 call: x\n")
    vault.add("people/Dina.md", "---\nconfidential: true\nrole: spy\n---\n- 2026-01-01 call: x\n")
    vault.add("people/Eve.md", "---\ncontact: never\n---\n- 2026-02-01 call: x\n")
    vault.add("people/Flo.md", "")
    return vault


def listed(vault: VaultOnDisk, *options: str) -> list[list[str]]:
    out = vault.run("contacts", "--today", "2026-11-23", *options).out
    return [line.split("\t") for line in out.splitlines()]


def test_role_last_talk_and_due_are_in_words(many: VaultOnDisk) -> None:
    rows = {row[0]: row[1:] for row in listed(many)}
    assert rows["Ada"] == ["analyst", "8 weeks ago", "overdue, 31 Oct", "every month", "people/Ada.md"]
    assert rows["Bea"][:2] == ["Acme", "3 days ago"] and rows["Bea"][3] == "every 6 weeks"
    assert rows["Cem"][2] == "snoozed, 24 Dec"
    assert rows["Eve"][2] == "paused"


def test_nothing_of_a_confidential_contact_but_the_name_is_shown(many: VaultOnDisk) -> None:
    assert {row[0]: row[1:] for row in listed(many)}["Dina"] == ["", "", "", "", "people/Dina.md"]


def test_a_narrow_window_has_no_path(many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "99")
    assert all(len(row) == 4 and "people/" not in "".join(row) for row in listed(many))
    monkeypatch.setenv("COLUMNS", "100")
    assert all(row[-1].startswith("people/") for row in listed(many))


def names(vault: VaultOnDisk, *options: str) -> list[str]:
    return [row[0] for row in listed(vault, *options)]


def test_they_are_sorted_by_name_due_or_last_talk(many: VaultOnDisk) -> None:
    assert names(many) == names(many, "--sort", "name") == ["Ada", "Bea", "Cem", "Dina", "Eve", "Flo"]
    assert names(many, "--sort", "last")[:3] == ["Cem", "Ada", "Bea"]
    by_due = names(many, "--sort", "due")
    assert by_due.index("Cem") < by_due.index("Ada") < by_due.index("Flo") < by_due.index("Bea")


def test_the_order_tells_nothing_of_a_confidential_contact(many: VaultOnDisk) -> None:
    assert names(many, "--sort", "last")[-3:] == ["Dina", "Eve", "Flo"]
    assert names(many, "--sort", "last", "--private")[0] == "Dina"


def test_json_is_in_the_same_order(many: VaultOnDisk) -> None:
    for order in ("name", "due", "last"):
        assert [one["name"] for one in many.json("contacts", "--sort", order)] == names(many, "--sort", order)


def test_another_order_is_refused(many: VaultOnDisk) -> None:
    run = many.run("contacts", "--sort", "age")
    assert run.code == 2 and "'age' is not one of 'name', 'due', 'last'" in run.err
