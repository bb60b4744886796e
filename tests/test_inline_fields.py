"""Fields in a note's text: Dataview's `key:: value` and `[key:: value]`, Logseq's properties. Read, and changed in place."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.actions.edit import NoteEditor
from mdmentor.actions.triage import Triage
from mdmentor.core.assist.actions import fixes, snooze
from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.edit import UnsafeEdit, apply
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.merge import merge_note
from mdmentor.core.model import CONTACT, DATED, NOTE, Contact, Field, Note, Settings
from mdmentor.core.parse import parse_note
from mdmentor.core.privacy import hidden_lines
from mdmentor.git import text_merge
from mdmentor.vault import Vault
from tests.conftest import VaultOnDisk, run_command

TODAY = "2026-11-30"


def note(text: str, path: str = "people/Ada.md") -> Note:
    return parse_note(path, text.encode(), Settings())


def contact(text: str) -> Contact:
    found = note(text).contact
    assert found is not None
    return found


def field(text: str, key: str) -> Field:
    return next(field for field in note(text).fields if field.key == key)


# What is read


@pytest.mark.parametrize(
    "line",
    [
        "Company:: Acme",
        "company::Acme",
        "**Company**:: Acme",
        "**Company::** Acme",
        "_Company_:: Acme",
        "- Company:: Acme",
        "  * Company:: Acme",
        "1. Company:: Acme",
        "- works there\n  company:: Acme",
        "she works (company:: Acme) there",
        "- she works [company:: Acme] there",
        "Entreprise:: Acme",
        "company:: [[Acme]]",
        "company:: [[firms/Acme|AC]]  ",
        "company:: Acme ^id1",
        "company:: Acme\\\nmore",
        "company:: Acme %%since May%%",
        'company:: "Acme"',
        "[company:: [Acme](https://acme.example)]",
    ],
)
def test_a_field_is_read_in_each_of_its_forms(line: str) -> None:
    assert contact(f"# Ada\n\n{line}\n").company == ("Acme",)


@pytest.mark.parametrize(
    "text",
    [
        "`company:: Acme`",
        "`x` and `[company:: Acme]`",
        "```\ncompany:: Acme\n```",
        "    company:: Acme",
        "%%\ncompany:: Acme\n%%",
        "%% [company:: Acme] %%",
        "words %% and\ncompany:: Acme %%",
        "<!-- company:: Acme -->",
        "words <!-- and\ncompany:: Acme\n-->",
        "> company:: Acme",
        "> [!info]\n> company:: Acme",
        "company:: Acme #private",
        "- met #private\n  - company:: Acme",
        "- [ ] write to them [company:: Acme]",
        "- [x] company:: Acme",
        "- [ ] write\n  - company:: Acme",
        "- 2026-10-14 call [company:: Acme]",
        "- 2026-10-14 call\n  company:: Acme",
        "- 2026-10-14 call\n  - company:: Acme",
        "## 2026-10-14 call\ncompany:: Acme",
        "company: Acme",
        "company ::: Acme",
        "company:::Acme",
        "[company:: Acme](acme.md)",
        "[[company:: Acme]]",
        "[company:: Acme",
        "her company:: Acme",
        "<div>\ncompany:: Acme\n</div>",
    ],
)
def test_what_only_looks_like_a_field_is_none(text: str) -> None:
    assert contact(f"# Ada\n\n{text}\n").company == ()


def test_front_matter_counts_before_the_text_unless_it_is_empty() -> None:
    text = "---\nemail: a@x.org\ncompany:\nrole: '{{role}}'\n---\nmail:: b@x.org\norg:: Acme\nrole:: CTO\n"
    found = contact(text)
    assert (found.email, found.company, found.role) == (("a@x.org",), ("Acme",), "CTO")


def test_of_two_fields_in_the_text_the_first_counts_and_lists_count_together() -> None:
    found = contact("cadence:: weekly\nemail:: a@x.org\n\ncadence:: monthly\nmail:: b@x.org, c@x.org\n")
    assert (found.cadence_days, found.email) == (7, ("a@x.org", "b@x.org", "c@x.org"))


def test_properties_of_logseq_make_a_contact_of_any_note() -> None:
    text = "type:: [[person]]\ntags:: mentor, [[old friend]], #math\nalias:: Countess, A. L.\n\n- born in London\n  id:: 64\n"
    found = note(text, "pages/Ada.md")
    assert (found.kind, found.why_kind) == (CONTACT, "type person")
    assert found.tags == ("mentor", "old friend", "math")
    assert found.aliases == ("Countess", "A. L.")
    assert not found.problems


@pytest.mark.parametrize(
    "text", ["tags:: person", "- tags:: #people/friend", "kind:: contact", "We. [type:: person]"]
)
def test_a_tag_or_type_in_the_text_makes_a_contact(text: str) -> None:
    assert note(f"# Ada\n{text}\n", "Ada.md").kind == CONTACT


@pytest.mark.parametrize(
    "text", ["- Ada [type:: person]", "- [ ] call [type:: person]", "- 2026-10-14 [tags:: person]"]
)
def test_a_type_behind_the_words_of_an_item_is_not_the_notes(text: str) -> None:
    assert note(f"# People I met\n{text}\n", "List.md").kind == NOTE


def test_the_type_of_a_talk_is_not_the_type_of_the_person() -> None:
    found = note("- 2026-10-14 asked her [type:: meeting]\n")
    assert found.kind == CONTACT and len(found.interactions) == 1


def test_a_meeting_may_name_day_and_people_in_its_text() -> None:
    found = note("type:: meeting\ndate:: 2026-10-14\nattendees:: Ada Byron, Bob\n", "Talk.md")
    assert (found.kind, found.day) == (DATED, date(2026, 10, 14))
    assert [link.target for link in found.links if link.kind == "attendee"] == ["Ada Byron", "Bob"]


def test_a_problem_is_at_the_value() -> None:
    text = "---\nname: Ada\n---\n# Ada\n- met [cadence:: evry month]\nbirthday:: 1985-13-01\nemail:: a@x.org, nobody\n"
    places = [(p.line, p.column, p.code) for p in note(text).problems]
    assert places == [(5, 18, "not-a-span"), (6, 12, "not-a-date"), (7, 18, "not-an-address")]


def test_a_misspelt_key_is_a_hint_at_its_place() -> None:
    [problem] = note("cadance:: weekly\n").problems
    assert (problem.line, problem.column, problem.code) == (1, 11, "near-key")


@pytest.mark.parametrize(
    "text",
    [
        "confidential:: true",
        "- [ ] ask her [confidential:: yes]",
        "Confidental:: true",
        "confidential:: true #private",
        "- 2026-10-14 call (confidential:: true)",
        "---\nconfidential: false\n---\nconfidential:: true",
    ],
)
def test_a_confidential_note_may_say_so_in_its_text(text: str) -> None:
    text += "\n\ncompany:: Secret Corp\n"
    found = note(text)
    assert found.confidential and not found.text and found.contact and found.contact.confidential
    assert len(hidden_lines("people/Ada.md", text)) == text.count("\n") + 1
    assert note(text, "x.md").confidential


def test_what_guards_somebody_counts_whatever_the_front_matter_says() -> None:
    assert contact("---\ncontact: old@x.org\n---\ncontact:: never\n").paused
    assert contact("---\ntags: [friend]\n---\ntags:: x, do-not-contact\n").paused
    assert note("---\ntags: [friend]\n---\ntags:: x, do-not-contact\n").tags == ("friend", "do-not-contact")


# What is written


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("role:: CTO", "CEO", "role:: CEO"),
        ("role::", "CEO", "role:: CEO"),
        ("- **Role**:: ", "CEO", "- **Role**:: CEO"),
        ("Role:: CTO  ", "CEO", "Role:: CEO  "),
        ("role:: CTO %%since May%%", "CEO", "role:: CEO %%since May%%"),
        ("role:: ^id", "CEO", "role:: CEO ^id"),
        ('role:: "CTO"', "CEO", 'role:: "CEO"'),
        ("was [role:: CTO] there", "CEO", "was [role:: CEO] there"),
        ("was (role::CTO) there", "head (of x)", "was (role::head (of x)) there"),
        ("was [role:: CTO] there", None, "was there"),
        ("role:: CTO\nmore", None, "more"),
        ("words\nrole:: CTO", None, "words"),
        ("- role:: CTO\n- b", None, "- b"),
        ("- role:: CTO\n  - b", None, "- role:: \n  - b"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_value_is_changed_where_it_is(before: str, value: str | None, after: str, newline: str) -> None:
    text, wanted = (f"# Ada\n\n{part}\n\nend\n".replace("\n", newline) for part in (before, after))
    assert write_field(text.encode(), field(text, "role"), value).decode() == wanted


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [
        ("tags:: a, [[b]]", ("c",), "tags:: a, [[b]], c"),
        ("tags:: #a #b", ("b", "c"), "tags:: #a #b #c"),
        ("tags::", ("c",), "tags:: c"),
        ("email:: a@x.org", ("b@x.org",), "email:: a@x.org, b@x.org"),
        ("company:: Acme", ("Globex",), 'company:: "Acme", "Globex"'),
        ("aliases:: A", ("B, C",), 'aliases:: A, "B, C"'),
        ("[helps_with:: pay]", ("math",), "[helps_with:: pay, math]"),
    ],
)
def test_a_list_is_added_to_where_it_is(before: str, added: tuple[str, ...], after: str) -> None:
    one = next(field for field in note(before).fields if field.is_inline)
    assert add_to_field(before.encode(), one, added).decode() == after
    again = next(field for field in note(after).fields if field.is_inline)
    assert add_to_field(after.encode(), again, added).decode() == after


def test_an_item_is_taken_out_with_what_parts_it_from_the_next() -> None:
    text = "tags:: a, [[b]],  c\n"
    one = field(text, "tags")
    results = [write_field(text.encode(), one, [v for v in one.values if v != gone]) for gone in one.values]
    assert results == [b"tags:: [[b]],  c\n", b"tags:: a,  c\n", b"tags:: a, [[b]]\n"]


@pytest.mark.parametrize("value", ["a\nb", "a %% b", "<!-- a", "a]b [c:: d]", "`a"])
def test_a_value_that_would_read_otherwise_is_refused(value: str) -> None:
    text = "# Ada\n\nat [role:: CTO] `x`\nend\n"
    with pytest.raises(UnsafeEdit):
        write_field(text.encode(), field(text, "role"), value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("type:: person\ntags:: a\n\n- b\n", "type:: person\ntags:: a\nrole:: CTO\n\n- b\n"),
        ("type:: person", "type:: person\nrole:: CTO"),
        ("type:: person\r\n- b", "type:: person\r\nrole:: CTO\r\n- b"),
        ("# Ada\ntype:: person\n", "---\nrole: CTO\n---\n# Ada\ntype:: person\n"),
        ("---\na: b\n---\ntype:: person\n", "---\na: b\nrole: CTO\n---\ntype:: person\n"),
        ("---\na: b\n---\n- **Role**::\n", "---\na: b\n---\n- **Role**:: CTO\n"),
    ],
)
def test_a_new_key_is_put_below_the_properties_that_a_note_begins_with(before: str, after: str) -> None:
    assert write_field(before.encode(), "role", "CTO").decode() == after


LINES = st.sampled_from(
    [
        *("role:: CTO", "- Role:: CTO", "**Email**:: a@x.org", "at (tier:: close) and [role:: [[CTO]]] too"),
        *("tags:: a, [[b]]", "tags:: #a #b ^id", "email::", "- phone:: ", "[company::]", 'name:: "Ada B."  '),
        *("words", "- item", "", "# Ada", "```", "%% company:: x %%", "> role:: y", "- [ ] task [tier:: x]"),
        *(
            "- 2026-10-14 call [role:: z]",
            "  - role:: nested",
            "---",
            "`role:: code`",
            "\\[role:: w]",
            "| a:: b |",
        ),
    ]
)
VALUES = st.sampled_from(["CEO", "[[Acme]]", "a, b", "x (y)", "", "ünï", "weekly"]) | st.text(
    "ab:[]()#`%<!-\\\"', ^\n", max_size=8
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(LINES, min_size=1, max_size=7), st.sampled_from(["\n", "\r\n"]), VALUES, st.booleans(), st.data()
)
def test_only_the_value_changes_and_reads_as_asked(
    lines: list[str], newline: str, value: str, remove: bool, data: st.DataObject
) -> None:
    before = newline.join(lines).encode()
    fields = [field for field in note(before.decode()).fields if field.is_inline]
    if not fields:
        return
    number = data.draw(st.integers(0, len(fields) - 1))
    one = fields[number]
    wanted = None if remove else (value,) if one.is_list else value
    try:
        after = write_field(before, one, wanted)
    except UnsafeEdit:
        return
    old, new = (text.decode().split(newline) for text in (before, after))
    is_gone = len(new) < len(old) and remove
    assert old[: one.line - 1] == new[: one.line - 1] and old[one.line :] == new[one.line - is_gone :]
    found = [field for field in note(after.decode()).fields if field.is_inline]
    others = [(f.name, f.values) for n, f in enumerate(fields) if n != number]
    if len(found) < len(fields):
        assert remove and [(f.name, f.values) for f in found] == others
    else:
        now = found.pop(number)
        assert [(f.name, f.values) for f in found] == others
        values = tuple(v if value.startswith("#") else v.lstrip("#") for v in now.values)
        assert values == (() if remove or not value else (value,)) or ", ".join(values) == value


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=":abk [](){}*_-#`%<!>\n\t\\\"'|^.,;é1", max_size=80))
def test_any_text_is_read_with_places_that_name_the_values(text: str) -> None:
    found = note(text)
    lines = text.split("\n")
    for one in found.fields:
        for value in one.values if one.is_inline else ():
            line, column = one.place_of(value)
            assert lines[line - 1][column - 1 :].lstrip('" ').startswith(value)
    with contextlib.suppress(UnsafeEdit):
        again = read_fields(text.encode())
        assert [f for f in again if f.is_inline] == [f for f in found.fields if f.is_inline]


# By the commands


ADA = "type:: person\ntags:: mentor\nemail:: a@x.org\ncadence:: 6 weeks\nsnooze:: 2026-11-01\n\n- 2026-10-14 call\n"


def test_the_commands_change_fields_in_the_text_and_undo_takes_it_back(vault: VaultOnDisk) -> None:
    vault.add("pages/Ada.md", ADA)
    for command, old, new in [
        (("set", "Ada", "cadence", "monthly"), "cadence:: 6 weeks", "cadence:: monthly"),
        (("set", "Ada", "mail", "--add", "b@x.org"), "a@x.org", "a@x.org, b@x.org"),
        (("set", "Ada", "tags", "--add", "math"), "tags:: mentor", "tags:: mentor, math"),
        (("set", "Ada", "snooze", "--remove"), "snooze:: 2026-11-01\n", ""),
        (("set", "Ada", "role", "CTO"), "snooze:: 2026-11-01\n", "snooze:: 2026-11-01\nrole:: CTO\n"),
        (("snooze", "Ada", "until 2026-12-24", "--today", TODAY), "2026-11-01", "2026-12-24"),
    ]:
        assert vault.run(*command).code == 0
        assert vault.read("pages/Ada.md") == ADA.replace(old, new)
        assert vault.run("undo").code == 0
        assert vault.read("pages/Ada.md") == ADA


def test_a_rename_changes_a_name_in_the_text(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "name:: Ada\nalias:: A\n")
    vault.add("log/2026-10-14.md", "type:: meeting\nattendees:: Ada, Bob\n")
    vault.reindex()
    assert vault.run("rename", "people/Ada.md", "Ava", "--keep-alias").code == 0
    assert vault.read("people/Ava.md") == "name:: Ava\nalias:: A, Ada\n"
    assert vault.read("log/2026-10-14.md") == "type:: meeting\nattendees:: Ava, Bob\n"


def test_a_new_contact_fills_the_field_of_a_template(vault: VaultOnDisk) -> None:
    vault.add("templates/person.md", "type:: person\nemail::\n")
    assert vault.run("new", "contact", "people/Ada", "--email", "a@x.org").code == 0
    assert vault.read("people/Ada.md") == "type:: person\nemail:: a@x.org\n"


def test_an_inline_confidential_note_shows_nothing_but_its_name(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada.md", "confidential:: true\ncompany:: Secret Corp\n- 2026-10-14 call: hidden words\n"
    )
    vault.reindex()
    for command in (("show", "Ada"), ("next",), ("check",), ("search", "hidden"), ("contacts", "--json")):
        run = vault.run(*command)
        assert "Secret" not in run.out + run.err and "hidden words" not in run.out + run.err
    run = vault.run("set", "Ada", "company", "Other Secret")
    assert run.code == 0 and "Secret" not in run.out


def test_a_snooze_ticked_on_the_page_changes_the_field_in_the_text(vault: VaultOnDisk) -> None:
    text = "# Ada\n\n- cadence:: monthly\n- snooze:: 2026-01-01\n- 2026-05-01 call\n"
    vault.add("people/Ada.md", text)
    vault.reindex()
    page = vault.read("reach-out/Reach out next.md")
    assert "[ ] snooze 2 weeks" in page
    vault.add("reach-out/Reach out next.md", page.replace("[ ] snooze 2 weeks", "[x] snooze 2 weeks"))
    vault.reindex()
    snoozed = text.replace("2026-01-01", "2026-12-07 <!-- ticked 2026-11-23 -->")
    assert vault.read("people/Ada.md") == snoozed
    found = contact(snoozed)
    assert (found.snooze, found.snoozed_on) == (date(2026, 12, 7), date(2026, 11, 23))
    vault.add("people/Ada.md", snoozed.replace("2026-12-07", "2026-11-24"))
    vault.today = date(2026, 11, 25)
    vault.reindex()
    page = vault.read("reach-out/Reach out next.md")
    vault.add("reach-out/Reach out next.md", page.replace("[ ] snooze 2 weeks", "[x] snooze 2 weeks"))
    vault.reindex()
    assert vault.read("people/Ada.md") == text.replace("2026-01-01", "2026-12-09 <!-- ticked 2026-11-25 -->")


def test_triage_fills_an_empty_tier_in_the_text(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "# Ada\n\n**Tier**::\n")
    vault.reindex()
    with vault.queries() as queries:
        Triage(NoteEditor(Vault(vault.root), queries)).answer("warm")
    assert vault.read("people/Ada.md") == "# Ada\n\n**Tier**:: warm\n"


def test_two_sides_that_change_two_fields_in_the_text_merge() -> None:
    base = "role:: CTO\n\n- company:: Acme\n\n- tier:: warm\n"
    ours, theirs = base.replace("CTO", "CEO"), base.replace("warm", "close")
    merged = merge_note(base.encode(), ours.encode(), theirs.encode(), text_merge)
    assert merged and merged.is_clean
    assert merged.data.decode() == ours.replace("warm", "close")
    merged = merge_note(base.encode(), ours.encode(), base.replace("CTO", "CFO").encode(), text_merge)
    assert merged and merged.in_body


def test_a_folder_of_notes_with_fields_in_the_text_looks_like_people(vault: VaultOnDisk) -> None:
    for name in ("Ada Byron", "Bob Low", "Cy Mid"):
        vault.add(f"Network/{name}.md", "**Email**:: a@x.org\n**Phone**:: 01 23\n")
    run = run_command(vault.cache, "init", str(vault.root), "--yes")
    assert run.code == 0 and "Network" in vault.read("mdmentor.toml")


def test_an_editor_snoozes_and_fixes_where_the_field_is() -> None:
    text = "# Ada\n\n- snooze:: 2026-01-01\n- [cadence:: evry month], **email**:: a@x.org\n"
    buffer = Buffer("people/Ada.md", text, Settings())
    assert snooze(buffer, date(2026, 11, 30))[0].decode() == text.replace("2026-01-01", "2026-12-14")
    [problem] = buffer.note.problems
    [fix] = fixes(buffer, problem, cast(ReadModel, None))  # asked about links alone
    assert apply(text, fix.edits) == text.replace("evry", "every")
