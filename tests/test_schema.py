"""The front matter of a contact, in every spelling that people use, and of goals and posts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core import names
from mdmentor.core.frontmatter import schema
from mdmentor.core.frontmatter.keys import KEYS, SOURCES, canonical_key, near_key
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.frontmatter.values import Fields, field_of
from mdmentor.core.model import Birthday, Contact, Field, Goal, Settings
from mdmentor.core.privacy import hidden_lines, is_confidential

SETTINGS = Settings(tiers=(("inner circle", 14),))


def fields_of(block: str) -> tuple[Field, ...]:
    return read_head("people/ada.md", f"---\n{block}\n---\n").fields


def card(
    block: str, *, name: str = "Ada", tags: tuple[str, ...] = (), first_date: date | None = None
) -> tuple[Contact, list[str]]:
    fields = fields_of(block)
    contact = schema.type_contact(
        found := Fields("people/ada.md", fields),
        name=name,
        aliases=schema.read_aliases(Fields("people/ada.md", fields)),
        tags=tags,
        first_date=first_date,
        settings=SETTINGS,
    )
    return contact, [f"{p.severity} {p.code} {p.line}:{p.column}: {p.what}; {p.fix}" for p in found.problems]


def contact(block: str) -> Contact:
    """The contact of a block in which nothing is wrong."""
    found, problems = card(block)
    assert not problems
    return found


WHOLE = """\
name: Ada Lovelace
aliases: [Countess]
tags: [person]
email: [ada@example.org, "Ada <ada@home.example>"]
phone: +44 0123
linkedin: https://linkedin.com/in/ada
url: https://ada.example
company: "[[companies/Analytical Engines|AE]]"
role: Countess
location: "[[London]]"
met: PyCon 2019-05-03, hallway
source: [teacher, boss]
introduced_by: "[[Charles Babbage]]"
cadence: 6 weeks
tier: close
last_contact: 2026-10-14
next: 2026-12-01
snooze: 2026-12-02
helps_with: [Databases, "[[Raise talks]]"]
wants: hiring, "#python"
mentor: catching-up
support: [job, emotional]
birthday: 1815-12-10
confidential: no
uid: urn:uuid:ada
"""


def test_every_field_of_a_contact_is_read() -> None:
    assert contact(WHOLE.replace('hiring, "#python"', '["hiring", "#python"]')) == Contact(
        path="people/ada.md",
        name="Ada",
        aliases=("Countess",),
        email=("ada@example.org", "ada@home.example"),
        phone=("+44 0123",),
        linkedin="https://linkedin.com/in/ada",
        url=("https://ada.example",),
        company=("Analytical Engines",),
        role="Countess",
        location="London",
        met="PyCon, hallway",
        met_on=date(2019, 5, 3),
        source=("teacher", "boss"),
        introduced_by="Charles Babbage",
        cadence_days=42,
        tier="close",
        last_contact=date(2026, 10, 14),
        next=date(2026, 12, 1),
        snooze=date(2026, 12, 2),
        helps_with=("Databases", "Raise talks"),
        wants=("hiring", "python"),
        mentor="catching-up",
        support=("job", "emotional"),
        birthday=Birthday(12, 10, 1815),
        first_date=date(2019, 5, 3),
        uid="urn:uuid:ada",
    )


def test_a_contact_needs_nothing() -> None:
    assert card("tags: [person]") == (Contact("people/ada.md", "Ada"), [])


SAMPLES = {
    "email": "ada@example.org",
    "phone": "0123",
    "linkedin": "ada",
    "url": "https://ada.example",
    "company": "Acme, Inc.",
    "role": "CTO",
    "location": "London",
    "met": "PyCon 2019-05-03",
    "source": "boss",
    "introduced_by": "Bob",
    "cadence": "monthly",
    "tier": "warm",
    "last_contact": "2026-10-14",
    "next": "2026-12-01",
    "snooze": "2026-12-01",
    "paused": "true",
    "deceased": "2020-01-01",
    "helps_with": "hiring",
    "wants": "hiring",
    "mentor": "true",
    "birthday": "12-10",
    "aliases": "[Countess]",
}
EVERY_SPELLING = [(key, other) for key in SAMPLES for other in KEYS[key].spellings[1:]]


@pytest.mark.parametrize(("key", "other"), EVERY_SPELLING)
def test_every_spelling_of_a_key_means_the_same(key: str, other: str) -> None:
    expected = contact(f"{key}: {SAMPLES[key]}")
    assert expected != Contact("people/ada.md", "Ada")
    assert card(f"{other}: {SAMPLES[key]}")[0] == expected
    assert card(f"{other.replace('_', ' ').title()}: {SAMPLES[key]}")[0] == expected
    assert card(f"{other.replace('_', '-')}: {SAMPLES[key]}")[0] == expected


# Canonical and further spellings that other formats and real vaults use, as they are written there.
WRITTEN = """
    name first_name last_name aliases nickname alias tags tag email emails phone phones mobile
    linkedin url website company org organization organisation employer work role title position
    job_title location city met first_met met_date date_met how_we_met howWeMet met_context source
    relationship introduced_by cadence every frequency contact_frequency contactFrequency
    custom_frequency_days contact_interval_days frequence prm-cadence stay_in_touch_frequency_days
    tier prm-tier warmth relationship_strength last_contact lastContact last_contacted
    last-contacted lastContacted last_interaction last_met last_seen last_chat prm-last-contacted
    next next_followup next_follow_up next_contact next_contact_due snooze snooze_until snooze-until
    prm-snooze-until contact paused prm-paused deceased helps_with expertise can_help_with skills
    topics interests wants wants_help_with i_can_help_them mentor support birthday birthdate
    birthDate bday confidential
"""


def test_the_keys_that_people_use_are_all_known() -> None:
    assert [key for key in WRITTEN.split() if not canonical_key(names.fold_key(key))] == []


def test_the_canonical_key_goes_before_its_other_spellings() -> None:
    assert contact("frequency: weekly\ncadence: monthly").cadence_days == 30
    assert contact("frequency: weekly\ncadence:").cadence_days == 7


def test_several_keys_of_addresses_and_topics_are_put_together() -> None:
    found = contact(
        "email: a@b.org\nemail2: c@d.org\nphone: {home: 1, work: 2}\nmobile: 3\nskills: [SQL]\n"
        "helps_with: [chess, sql]"
    )
    assert found.email == ("a@b.org", "c@d.org")
    assert found.phone == ("1", "2", "3")
    assert found.helps_with == ("chess", "sql")


def test_unfilled_templates_and_empty_values_are_as_if_absent() -> None:
    block = 'role: "{{role}}"\nlast_contact: "{{date}}"\ncadence: <% tp.x %>\nmentor:\nconfidential:'
    block += '\nbirthday: ""\nskills: ["{{x}}", SQL]'
    assert contact(block) == Contact("people/ada.md", "Ada", helps_with=("SQL",))


def test_unknown_keys_are_left_alone() -> None:
    assert card("shoe_size: 38\ncontacted: x\ntype: person\nrating: 7") == (
        Contact("people/ada.md", "Ada"),
        [],
    )


def test_a_key_that_looks_like_a_slip_is_reported() -> None:
    found, problems = card("cadance: monthly\nlastcontat: 2026-01-01")
    assert found == Contact("people/ada.md", "Ada")
    assert problems == [
        'hint near-key 2:10: key "cadance" is not known; did you mean "cadence"?',
        'hint near-key 3:13: key "lastcontat" is not known; did you mean "last_contact"?',
    ]
    assert not card("cadance: monthly\ncadence: weekly")[1]
    assert not any(near_key(key) for key in ("contacted", "notes", "twitter", "rating", "contacts", "mentee"))


# Names, tags and aliases


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("name: Ada  Lovelace", "Ada Lovelace"),
        ('name: "[[Ada Lovelace]]"', "Ada Lovelace"),
        ("first_name: Ada\nlast_name: Lovelace", "Ada Lovelace"),
        ("First Name: Ada\nSurname: Lovelace", "Ada Lovelace"),
        ("name:\n  first: Ada\n  last: Lovelace", "Ada Lovelace"),
        ("first_name: Ada\nlast_name: Lovelace\nname: Countess", "Countess"),
        ("first_name: Ada\nlast_name:", ""),
        ('name: "{{title}}"', ""),
        ("title: Ada", ""),
    ],
)
def test_the_name_is_read_from_name_or_by_its_parts(block: str, name: str) -> None:
    assert schema.contact_name(Fields("a.md", fields_of(block))) == name


@pytest.mark.parametrize(
    ("block", "tags", "hints"),
    [
        ('tags: [person, "#Maths", a/b]', ("person", "Maths", "a/b"), 0),
        ("tags:\n  - Person\n  - person", ("Person",), 0),
        ("tag: [x]", ("x",), 0),
        ("tags: person", ("person",), 1),
        ("tags: person, maths", ("person", "maths"), 1),
        ("tags: person maths", ("person", "maths"), 1),
        ("tags: #person #maths", ("person", "maths"), 1),
        ('tags: "[[People]]"', ("People",), 1),
        ("filetags: [people, friend]", ("people", "friend"), 0),
        ('filetags: ":people:friend:"', ("people", "friend"), 0),
        ("filetags: people", ("people",), 0),
        ("tags: a:b", ("a:b",), 1),
        ("tags: [1984, x]", ("x",), 1),
        ("tags:", (), 0),
        ('tags: ["{{x}}"]', (), 0),
    ],
)
def test_tags_are_read_in_their_older_shapes_too(block: str, tags: tuple[str, ...], hints: int) -> None:
    card = Fields("a.md", fields_of(block))
    assert schema.read_tags(card) == tags
    assert [p.severity for p in card.problems] == ["hint"] * hints


@pytest.mark.parametrize(
    ("block", "aliases", "hints"),
    [
        ('aliases: [Countess, "[[Ada]]", countess]', ("Countess", "Ada"), 0),
        ("aliases: Countess of Lovelace, Ada", ("Countess of Lovelace", "Ada"), 1),
        ("alias: Ada", ("Ada",), 1),
        ("nickname: Ada", ("Ada",), 0),
        ("aliases:\n- Lovelace, Ada", ("Lovelace, Ada",), 0),
    ],
)
def test_aliases_are_read_in_their_older_shapes_too(block: str, aliases: tuple[str, ...], hints: int) -> None:
    card = Fields("a.md", fields_of(block))
    assert schema.read_aliases(card) == aliases
    assert [p.severity for p in card.problems] == ["hint"] * hints


def test_the_hint_says_how_the_list_is_written() -> None:
    card = Fields("a.md", fields_of("tags: person maths"))
    schema.read_tags(card)
    assert [str(p) for p in card.problems] == [
        'a.md:2:7: tags "person maths" is one text, which other programs do not read; write a '
        "list: [person, maths]"
    ]


def test_the_editor_learns_which_spelling_the_note_has() -> None:
    fields = fields_of("Last Contacted: 2026-01-01\nfrequency:\nevery:\nx: 1")
    last = field_of(fields, "last_contact")
    assert last and last.name == "Last Contacted"
    cadence = field_of(fields, "cadence")
    assert cadence and cadence.name == "every"
    assert field_of(fields, "birthday") is None
    own = field_of(fields, "x")
    assert own and own.values == ("1",)


# Values


def test_the_latest_of_several_last_contacts_counts() -> None:
    assert contact(
        "last_contact: 2026-01-01\nlast_met: 2026-03-03\nLast chat: '[[2026-02-02]]'"
    ).last_contact == date(2026, 3, 3)


@pytest.mark.parametrize("word", ["never", "unknown", "-"])
def test_a_word_for_no_date_is_no_problem(word: str) -> None:
    assert contact(f'last_contact: "{word}"').last_contact is None


@pytest.mark.parametrize("value", ["25.12.2025", "12/25/2025", "25-12-2025", "[[25.12.2025]]"])
def test_a_date_that_can_only_be_one_day_is_taken(value: str) -> None:
    day = date(2025, 12, 25)
    found = contact(f'last_contact: "{value}"\nnext: "{value}"\nbirthday: "{value}"\ncreated: "{value}"')
    assert (found.last_contact, found.next, found.first_date) == (day, day, day)
    assert found.birthday == Birthday(12, 25, 2025)


def test_with_dots_the_day_comes_first() -> None:
    found = contact('last_contact: 03.04.2026\nbirthday: 3.4.1990\nsnooze: "[[03.04.2027]]"')
    assert (found.last_contact, found.snooze) == (date(2026, 4, 3), date(2027, 4, 3))
    assert found.birthday == Birthday(4, 3, 1990)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("soon", 'last_contact "soon" is not a date; write it as 2026-10-14'),
        (
            "2024-02-30",
            'last_contact "2024-02-30" is a day that does not exist; write one that exists, as in 2026-10-14',
        ),
        ("03/04/2026", 'last_contact "03/04/2026" is not a date; write it as "2026-04-03" or "2026-03-04"'),
        ("31.02.2026", 'last_contact "31.02.2026" is not a date; write it as 2026-10-14'),
    ],
)
def test_what_is_no_date_is_reported_with_the_dates_it_may_be(value: str, problem: str) -> None:
    found, problems = card(f"x: 1\nlast_contact: {value}")
    assert found.last_contact is None
    assert problems == [f"warning not-a-date 3:15: {problem}"]


@pytest.mark.parametrize(
    ("block", "met", "met_on"),
    [
        ("met: PyCon 2019-05-03, hallway", "PyCon, hallway", date(2019, 5, 3)),
        ("met: 2019-05-03", "", date(2019, 5, 3)),
        ('met: "[[2019-05-03]] at [[PyCon 2019|PyCon]]"', "at PyCon", date(2019, 5, 3)),
        ("met: PyCon 2019, hallway track", "PyCon 2019, hallway track", None),
        ("met: PyCon (2019-05-03)", "PyCon", date(2019, 5, 3)),
        ("met_date: 2019-05-03\nhow_we_met: through Bob", "through Bob", date(2019, 5, 3)),
        ("met: at a fair on 2019-05-03", "at a fair", date(2019, 5, 3)),
        ("met: at PyCon in 3 May 2019, hallway", "at PyCon, hallway", date(2019, 5, 3)),
        ("met: am 3. Mai 2019 in Bonn", "in Bonn", date(2019, 5, 3)),
        ("met: 2019-05", "2019-05", None),
        ("first_met: 3 May 2019 in Bonn", "in Bonn", date(2019, 5, 3)),
    ],
)
def test_how_they_met_is_words_a_date_or_both(block: str, met: str, met_on: date | None) -> None:
    found = contact(block)
    assert (found.met, found.met_on) == (met, met_on)


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("ex-boss", ("boss",)),
        ("former boss", ("boss",)),
        ("my former manager at Globex", ("boss",)),
        ("ex-coworker, friend", ("coworker", "friend")),
        ("colleague and friend", ("coworker", "friend")),
        ("Colleague / client", ("coworker", "client")),
        ("professor", ("teacher",)),
        ("relative", ("family",)),
        ("informational interviewee", ("informational-interview",)),
        ("Informational interview", ("informational-interview",)),
        ('"[[Friend]]"', ("friend",)),
        ("[boss, someone I admire]", ("boss", "someone I admire")),
        ("met at a party, knows Bob", ("met at a party, knows Bob",)),
        ("mentee", ("mentee",)),
    ],
)
def test_where_a_tie_comes_from_is_read_in_the_words_of_the_eight_places(
    value: str, source: tuple[str, ...]
) -> None:
    assert contact(f"relationship: {value}").source == source


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_its_own_word(source: str) -> None:
    assert contact(f"source: {source}").source == (source,)


def test_a_mentor_among_the_relations_is_one() -> None:
    assert contact("relationship: mentor").mentor == "ongoing"
    assert contact("relationship: former mentor, friend").mentor == "past"
    assert contact("relationship: former mentor, friend").source == ("friend",)
    assert contact("relationship: mentor\nmentor: asked-once").mentor == "asked-once"
    assert contact("relationship: mentor\nmentor: false").mentor == ""


@pytest.mark.parametrize(
    ("value", "step"),
    [
        ("true", "ongoing"),
        ("Yes", "ongoing"),
        ("catching up", "catching-up"),
        ("asked once", "asked-once"),
        ("Former", "past"),
        ("no", ""),
    ],
)
def test_the_step_of_a_mentor_is_read(value: str, step: str) -> None:
    assert contact(f"mentor: {value}").mentor == step


def test_a_misspelt_word_is_reported_with_the_near_one() -> None:
    found, problems = card("mentor: ongoin\nsupport: [job, emotonal]\ntier: inner")
    assert (found.mentor, found.support, found.tier) == ("", ("job",), "inner")
    assert problems == [
        'warning unknown-word 2:9: mentor "ongoin" is not known; '
        'did you mean "ongoing"? else write candidate, catching-up, asked-once, ongoing or past',
        'warning unknown-word 3:16: support "emotonal" is not known; '
        'did you mean "emotional"? else write job, career or emotional',
        'hint unknown-word 4:7: tier "inner" is not a known tier; write close, warm or casual, or '
        "give it days in mdmentor.toml",
    ]


def test_a_cadence_is_days_or_none_or_a_problem() -> None:
    assert contact("cadence: quarterly").cadence_days == 90
    assert contact("custom_frequency_days: 45").cadence_days == 45
    assert contact("cadence: none").cadence_none
    found, problems = card("cadence: evry month")
    assert found.cadence_days is None and not found.cadence_none
    assert problems == [
        'warning not-a-span 2:10: cadence "evry month" is not a span of time; '
        'did you mean "every month"? else write "2 weeks" or "3 months"'
    ]
    assert card("cadence: whenever")[1] == [
        'warning not-a-span 2:10: cadence "whenever" is not a span of time; write "2 weeks" or "3 months"'
    ]


def test_a_tier_of_the_settings_is_known() -> None:
    assert contact("tier: Inner-Circle").tier == "inner circle"


@pytest.mark.parametrize(
    "block",
    [
        "contact: never",
        "contact: no",
        "contact: Do not contact",
        "paused: true",
        "prm-paused: yes",
        "deceased: 2020-01-01",
        "deceased: true",
    ],
)
def test_who_is_not_to_be_contacted_is_paused(block: str) -> None:
    assert contact(block).paused


@pytest.mark.parametrize(
    "block", ["contact: ada@example.org", "paused: false", "deceased: no", "contact: by phone"]
)
def test_anybody_else_is_not(block: str) -> None:
    assert not contact(block).paused


def test_a_tag_pauses_too() -> None:
    assert card("x: 1", tags=("person", "Do-Not-Contact"))[0].paused


def test_a_date_for_a_pause_is_reported_as_a_snooze() -> None:
    assert card("paused: 2027-01-01")[1] == [
        'warning not-yes-or-no 2:9: paused "2027-01-01" is neither yes nor no; write '
        'paused: true, or "snooze: 2027-01-01"'
    ]


@pytest.mark.parametrize("value", ["true", "yes", "Yes", "on", "1"])
def test_a_confidential_note_is_known(value: str) -> None:
    assert contact(f"confidential: {value}").confidential


@pytest.mark.parametrize("line", ["vertraulich: ja", "Confidentiel: oui", "riservato: sì", "保密: 是"])
def test_confidential_is_read_in_other_languages(line: str) -> None:
    for block in (line, f"phone: @1\n{line}"):  # also where the front matter is no YAML
        found, problems = card(block)
        assert found.confidential and is_confidential(fields_of(block))
        assert not [p for p in problems if "confidential" in p or "yes" in p]
    assert not contact("vertraulich: nein").confidential
    in_text = line.replace(":", "::")
    assert hidden_lines("ada.md", f"# Ada\n{in_text}\n") == {1, 2, 3}


def test_what_was_meant_to_be_confidential_is() -> None:
    double = "confidential: false\nConfidential: true"
    for block in ("confidential: very", "confidental: true", "cofnidential: true", double):
        found, problems = card(block)
        assert found.confidential and is_confidential(fields_of(block))
        assert all(p.startswith("warning") for p in problems)
    assert not contact("confidential: false").confidential


@pytest.mark.parametrize(
    ("value", "email"),
    [
        ("a@b.org", ("a@b.org",)),
        ("a@b.org, C@d.org; a@B.org", ("a@b.org", "C@d.org")),
        ("Ada Lovelace <a@b.org>", ("a@b.org",)),
        ("mailto:a@b.org", ("a@b.org",)),
        ('"[write](mailto:a@b.org)"', ("a@b.org",)),
    ],
)
def test_addresses_are_read_as_people_paste_them(value: str, email: tuple[str, ...]) -> None:
    assert contact(f"email: {value}").email == email


def test_what_is_no_address_is_reported() -> None:
    assert card("email: ask her")[1] == [
        'warning not-an-address 2:8: email "ask her" is not an email address; write it as name@place.org'
    ]


def test_a_company_may_hold_a_comma_and_be_one_of_several_links() -> None:
    assert contact('company: "Acme, Inc."').company == ("Acme, Inc.",)
    assert contact('company: "[[Acme]], [[Globex]]"').company == ("Acme", "Globex")
    assert contact('company: ["[[Acme]]", Globex]').company == ("Acme", "Globex")


def test_a_title_that_is_the_name_is_no_role() -> None:
    assert card("title: ada lovelace\nposition: CTO", name="Ada Lovelace")[0].role == "CTO"


@pytest.mark.parametrize(
    "value",
    [
        "[raise talks, hiring]",
        "raise talks, hiring",
        '"[[Raise talks]], [[Hiring]]"',
        "[[[Raise talks]], [[Hiring]]]",
        '["#raise-talks", "#hiring"]',
    ],
)
def test_topics_are_read_in_every_shape(value: str) -> None:
    found, _ = card(f"helps_with: {value}")
    assert [names.fold_topic(topic) for topic in found.helps_with] == ["raise talks", "hiring"]


def test_the_first_date_is_the_earliest_of_the_tie() -> None:
    block = "created: 2018-04-04\nmet: 2017-03-03\nlast_contact: 2026-10-14\nbirthday: 1815-12-10"
    assert card(block, first_date=date(2020, 1, 1))[0].first_date == date(2017, 3, 3)
    assert card(block, first_date=date(2016, 1, 1))[0].first_date == date(2016, 1, 1)
    assert contact("birthday: 1815-12-10").first_date is None


def test_both_sides_of_a_merge_are_heard() -> None:
    found, _ = card(
        "<<<<<<< HEAD\nlast_contact: 2026-01-01\nconfidential: true\n=======\n"
        "last_contact: 2026-03-03\nconfidential: false\n>>>>>>> x"
    )
    assert found.last_contact == date(2026, 3, 3)
    assert found.confidential


# Goals and posts


@pytest.mark.parametrize(
    ("block", "active"),
    [
        ("x: 1", True),
        ("status: active", True),
        ("status: '[[Active]]'", True),
        ("status: Done", False),
        ("status: on hold", False),
        ("status: [paused]", False),
        ("done: true", False),
        ("done: false", True),
        ("status:", True),
    ],
)
def test_a_goal_is_active_until_it_is_done_or_paused(block: str, active: bool) -> None:
    card = Fields("g.md", fields_of(block))
    assert schema.type_goal(card, "Get a raise", ()) == Goal("g.md", "Get a raise", (), active)
    assert not card.problems


def test_an_unknown_status_counts_as_active_and_is_reported() -> None:
    card = Fields("g.md", fields_of("status: finishd"))
    assert schema.type_goal(card, "x", ()).active
    assert [str(p) for p in card.problems] == [
        'g.md:2:9: status "finishd" is not known, so the goal counts as active; '
        'did you mean "finished"? else write active, paused or done'
    ]


def test_topics_of_a_goal_or_post_are_its_own_else_its_tags() -> None:
    tags = ("post", "Networking", "goal/raise", "advice")
    for block, topics in (
        ('topics: [Raise, "[[Hiring]]"]', ("Raise", "Hiring")),
        ("topic: Raise, raise", ("Raise",)),
        ("topics: []", ("Networking", "raise")),
    ):
        assert schema.post_topics(Fields("g.md", fields_of(block)), tags) == topics
    assert schema.type_goal(Fields("g.md", ()), "x", tags).topics == ("Networking", "raise")


# For all


SPELLINGS = st.sampled_from(
    [spelling for key in KEYS.values() for spelling in key.spellings] + ["status", "x"]
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "true",
            "never",
            "2026-10-14",
            "2024-02-30",
            "[[Ada]]",
            "[[a]], [[b]]",
            "{{date}}",
            "a@b.org",
            "monthly",
            "#x",
            "  ",
        ]
    ),
)
FIELDS = st.builds(
    lambda name, values, is_list, line: Field(name, names.fold_key(name), values, is_list, line, 1),
    SPELLINGS,
    st.lists(VALUES.filter(bool), max_size=3).map(tuple),
    st.booleans(),
    st.integers(2, 99),
)


@settings(max_examples=200)
@given(st.lists(FIELDS, max_size=8).map(tuple), st.lists(st.text(max_size=9), max_size=3).map(tuple))
def test_any_fields_give_a_contact_a_goal_and_labels(
    fields: tuple[Field, ...], tags: tuple[str, ...]
) -> None:
    card = Fields("a.md", fields)
    found = schema.type_contact(card, name="Ada", aliases=(), tags=tags, first_date=None, settings=SETTINGS)
    assert found.name == "Ada" and found.path == "a.md"
    schema.contact_name(card)
    schema.type_goal(card, "Ada", tags)
    schema.post_topics(card, tags)
    schema.read_tags(card)
    schema.read_aliases(card)
    lines = {field.line for field in fields}
    for problem in card.problems:
        assert problem.line in lines
        assert "\n" not in str(problem)
        assert not problem.what[:1].isupper() and not problem.what.endswith(".")
    guarded = [f for f in fields if f.key == "confidential" and any("{{" not in v for v in f.values)]
    if any(f.values[0].strip().lower() in ("true", "yes") for f in guarded):
        assert found.confidential


@given(st.lists(FIELDS, max_size=6))
def test_the_order_of_the_keys_does_not_matter(fields: list[Field]) -> None:
    once = list({field.key: field for field in fields}.values())
    read = [
        schema.type_contact(
            Fields("a.md", given), name="Ada", aliases=(), tags=(), first_date=None, settings=SETTINGS
        )
        for given in (tuple(once), tuple(reversed(once)))
    ]
    assert read[0] == read[1]


def test_a_slip_behind_what_nobody_filled_in_is_reported_at_its_own_place() -> None:
    _, problems = card('next: ["{{date}}", soon]')
    assert [problem.split(": ")[0] for problem in problems] == ["warning not-a-date 2:20"]


GUARDING = {
    "contact: never\ncontact: yes",
    "contact: yes\ncontact: never",
    "contact: never\ncontact:",
    "contact: [phone, never]",
    "Contact: never\ncontact: yes",
    '"contact": do-not-contact\ncontact: friend',
    "paused: true\npaused: false",
    "prm-paused: yes\nprm-paused: no",
    "deceased: 2020-01-01\ndeceased: false",
    "tags: [person, do-not-contact]\ntags: [person]",
    "tags: person do-not-contact\ntags: person",
    "tags:\n  - '#do-not-contact'\ntags:\n  - person",
    "contact: never\ncontact: yes\nrole: [broken\n",
}


@pytest.mark.parametrize("block", sorted(GUARDING))
def test_of_two_values_the_one_counts_that_keeps_somebody_off_the_list(block: str) -> None:
    fields = fields_of(block)
    tags = schema.read_tags(Fields("people/ada.md", fields))
    assert card(block, tags=tags)[0].paused


@pytest.mark.parametrize(
    "block",
    [
        "confidential: true\nconfidential: false",
        "confidential: false\nconfidential: true",
        "confidential: yes\nconfidential:",
        "confidential: [no, yes]",
        "confidental: true\nconfidental: false",
        "Confidential: true\nconfidential: false",
        "confidential: true\nrole: a\nconfidential: no\nrole: [b\n",
    ],
)
def test_of_two_values_the_one_counts_that_keeps_a_note_confidential(block: str) -> None:
    assert card(block)[0].confidential and is_confidential(fields_of(block))


def test_a_key_that_guards_somebody_says_that_the_stricter_value_counts() -> None:
    problems = read_head("a.md", "---\ncontact: never\ncontact: yes\nrole: a\nrole: b\n---\n").problems
    assert [p.fix for p in problems] == [
        "keep one of them; the stricter one counts until then",
        "keep one of them; the last one counts until then",
    ]
    assert card("role: a\nrole: b")[0].role == "b"


# In other languages


@pytest.mark.parametrize(
    "block",
    [
        "nom: Ada Byron\ncourriel: ada@x.org\ntéléphone: 01 23\ndate de naissance: 1985-12-10\nentreprise: AE\nposte: CTO",
        "Name: Ada Byron\nE-Mail: ada@x.org\nTelefon: 01 23\nGeburtstag: 10.12.1985\nFirma: AE\nFunktion: CTO",
        "Nombre: Ada Byron\nCorreo electrónico: ada@x.org\nMóvil: 01 23\nCumpleaños: 1985-12-10\nEmpresa: AE\nCargo: CTO",
        "nome: Ada Byron\nposta elettronica: ada@x.org\ncellulare: 01 23\ncompleanno: 1985-12-10\nazienda: AE\nruolo: CTO",
        "nome: Ada Byron\ne-mail: ada@x.org\ntelemóvel: 01 23\naniversário: 1985-12-10\nempresa: AE\nfunção: CTO",
        "naam: Ada Byron\ne-mailadres: ada@x.org\ntelefoon: 01 23\nverjaardag: 1985-12-10\nbedrijf: AE\nfunctie: CTO",
        "姓名: Ada Byron\n邮箱: ada@x.org\n电话: 01 23\n生日: 1985年12月10日\n公司: AE\n职位: CTO",
        "氏名: Ada Byron\nメールアドレス: ada@x.org\n電話番号: 01 23\n誕生日: 1985年12月10日\n会社: AE\n役職: CTO",
    ],
)
def test_keys_are_read_in_other_languages(block: str) -> None:
    found = contact(block)
    assert schema.contact_name(Fields("", fields_of(block))) == "Ada Byron"
    assert (found.email, found.phone) == (("ada@x.org",), ("01 23",))
    assert found.birthday == Birthday(12, 10, 1985)
    assert (found.company, found.role) == (("AE",), "CTO")


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("prénom: Ada\nnom: Byron", "Ada Byron"),
        ("Name: Byron\nVorname: Ada", "Ada Byron"),
        ("nombre: Ada\napellidos: Byron King", "Ada Byron King"),
        ("name: Ada\nfirst_name: Ada", "Ada"),
        ("name: Countess\nfirst_name: Ada\nlast_name: Byron", "Countess"),
        ("name: Ada B.\nlast_name: Byron", "Ada B."),
    ],
)
def test_a_name_of_one_word_may_be_the_first_or_the_last(block: str, name: str) -> None:
    assert schema.contact_name(Fields("", fields_of(block))) == name


def test_an_english_spelling_counts_before_one_of_another_language() -> None:
    assert contact("firma: Globex\norg: AE").company == ("AE",)
