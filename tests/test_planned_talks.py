"""A task that only says to get in touch is a planned talk, not a promise."""

from __future__ import annotations

import pytest

from mdmentor.core.model import Contact, Promise
from mdmentor.core.planned_talks import is_planned_talk
from tests.conftest import VaultOnDisk

MOM = Contact("people/Mom.md", "Mom", aliases=("Rosa Carter",))
MAMA = Contact("people/Mama.md", "Mama")
NAMED = {name: Contact(f"people/{name}.md", name) for name in ("Ann Smith", "妈妈", "母", "엄마")}

PLANNED = """
email [[Mom]]
Call [[Mom]]!
ping [[Mom]]
text [[Mom]] tonight
write to [[Mom]]
ask [[Mom]]
ask [[Mom]] for the recipe
call [[Mom]] about the roof
call [[Mom]] at 17:30
call [[Mom]], [[Ann Smith]]
meet [[Mom]] for coffee
coffee with [[Rosa Carter|Mom]]
get in touch with [[Mom]]
reach out to [[Mom]] again
check in with [[Mom]] next week
schedule a call with [Mom](../people/Mom.md)
give [[Mom]] a call
send [[Mom]] a quick message
send an email to [[Mom]] about the roof
drop [[Mom]] a line
say hi to [[Mom]]
"""
PROMISED = """
send [[Mom]] the paper
email [[Mom]] the photos
send [[Mom]] the text
send [[Mom]] coffee
send [[Mom]] a text on pensions
give [[Mom]] my mail
email [[Mom]] the [[Paper]]
write [[Mom]] a recommendation
write about [[Mom]]
introduce [[Mom]] to [[Ann Smith]]
thank [[Mom]] for the cake
call the plumber for [[Mom]]
call [[Mom]] back with the numbers for the loan, then send the form
book the restaurant for dinner with [[Mom]]
[[Mom]]
"""
OTHER_LANGUAGES = """
[[Mama]] anrufen
mit [[Mama]] telefonieren
[[Mama]] wegen Kuchen anrufen
bei [[Mama]] melden
mich bei [[Mama]] melden
[[Mama]] eine Nachricht schicken
envoyer un message à [[Mama]]
prendre un café avec [[Mama]]
prendre des nouvelles de [[Mama]]
mandar un mensaje a [[Mama]]
tomar un café con [[Mama]]
escribirle a [[Mama]]
appeler [[Mama]]
écrire à [[Mama]]
llamar a [[Mama]]
chiamare [[Mama]]
ligar para [[Mama]]
[[Mama]] bellen
позвонить [[Mama]]
"""


def lines(text: str) -> list[str]:
    return text.strip().split("\n")


def is_plan(
    text: str, contact: Contact, path: str = "journal/2026-11-01.md", *, theirs: bool = False
) -> bool:
    return is_planned_talk(Promise(text, None, theirs, 1, False, (), path), contact)


@pytest.mark.parametrize("text", lines(PLANNED))
def test_a_task_to_get_in_touch_is_a_planned_talk(text):
    assert is_plan(text, MOM)


@pytest.mark.parametrize("text", lines(PROMISED))
def test_a_task_with_anything_to_do_is_a_promise(text):
    assert not is_plan(text, MOM)


@pytest.mark.parametrize("text", lines(OTHER_LANGUAGES))
def test_the_words_are_known_in_other_languages(text):
    assert is_plan(text, MAMA)


@pytest.mark.parametrize(
    ("text", "name"),
    [("给[[妈妈]]打电话", "妈妈"), ("[[母]]に電話する", "母"), ("[[엄마]] 에게 전화", "엄마")],
)
def test_the_words_are_known_without_blanks_between_them(text, name):
    assert is_plan(text, NAMED[name])


@pytest.mark.parametrize(
    "text",
    ["call", "email her", "write back", "call Mom", "ring Rosa Carter", "coffee?", "ask her about the visa"],
)
def test_in_their_own_note_the_name_may_be_left_out(text):
    assert is_plan(text, MOM, MOM.path)


@pytest.mark.parametrize(
    "text", ["call [[Ann Smith]]", "call the doctor", "write to the bank", "send it", "meet the deadline"]
)
def test_in_their_own_note_a_task_about_somebody_else_is_a_promise(text):
    assert not is_plan(text, MOM, MOM.path)


def test_what_they_are_to_do_is_theirs():
    assert not is_plan("call", MOM, MOM.path, theirs=True)


def add_mom(vault: VaultOnDisk, task: str, last: str = "2026-11-10") -> None:
    vault.add("people/Mom.md", f"---\ncadence: 60 days\n---\n## Log\n- {last} call: the garden\n")
    vault.add("journal/2026-11-12.md", f"- [ ] {task}\n")


def reasons(vault: VaultOnDisk) -> list[tuple[str, str, float]]:
    return [(r["kind"], r["text"], r["points"]) for r in vault.json("why", "Mom")["reasons"]]


def test_it_weighs_as_much_as_a_date_chosen_from_its_day_on(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]] 📅 2026-11-23")
    assert reasons(vault) == [("promise", "You planned to email Mom on 23 Nov.", 60)]
    vault.today = vault.today.replace(day=22)
    assert reasons(vault) == [("promise", "You planned to email Mom on 23 Nov.", 0)]
    assert not vault.json("why", "Mom")["listed"]


def test_it_is_over_once_there_was_contact_on_its_day_or_since(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]] 📅 2026-11-15", last="2026-11-15")
    assert reasons(vault) == []


def test_without_a_date_it_is_told_without_points(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]]")
    assert reasons(vault) == [("promise", "You planned to email Mom.", 0)]


def test_a_promise_beside_it_counts_and_both_together_once(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]] 📅 2026-11-20\n- [ ] send [[Mom]] the photos 📅 2026-11-24")
    assert [(text[:12], points) for _, text, points in reasons(vault)] == [
        ("You promised", 60),
        ("You planned ", 0),
    ]


def test_it_is_not_counted_among_promises(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]] 📅 2026-11-25")
    assert vault.json("promises")["promises"] == []
    shown = vault.json("show", "Mom")
    assert shown["promises"] == []
    assert [(one["text"], one["due"]) for one in shown["planned"]] == [("email [[Mom]]", "2026-11-25")]
    assert [(one["kind"], one["text"]) for one in vault.json("dates")] == [("plan", "email Mom")]
    vault.reindex()
    assert "email" not in vault.page("Two-way street")
    for title in ("Reach out next", "Two-way street", "Dates"):
        assert "promised to email" not in vault.page(title)


def test_done_ticks_it(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]]")
    assert vault.run("done", "Mom").code == 0
    assert vault.read("journal/2026-11-12.md").startswith("- [x] email [[Mom]]")


def test_a_private_one_is_told_nowhere(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]] 📅 2026-11-20 #private")
    assert reasons(vault) == []
    assert vault.json("show", "Mom")["planned"] == []


def test_the_opener_never_calls_it_a_promise(vault: VaultOnDisk):
    add_mom(vault, "email [[Mom]] 📅 2026-11-20")
    (one,) = vault.json("next")["suggestions"]
    assert "promise" not in one["opener"] and "email you" not in one["opener"]
