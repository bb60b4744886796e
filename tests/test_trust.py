"""What must not travel: who works where the user works, and what never leaves a note."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.exchange import balance_words, exchange
from mdmentor.core.frontmatter.keys import SOURCES
from mdmentor.core.model import (
    PAGES,
    Assessment,
    Birthday,
    Contact,
    Interaction,
    Person,
    Promise,
    Reason,
    Relation,
)
from mdmentor.core.names import fold_plain
from mdmentor.core.opener import opener
from mdmentor.core.pages import Context
from mdmentor.core.pages.mentors import render_mentors, render_two_way
from mdmentor.core.trust import (
    company_key,
    employer_keys,
    first_letters,
    is_colleague,
    public_log,
    public_person,
)
from tests.values import built, mentor_steps, places

TODAY = date(2026, 11, 23)
EMPLOYER = ("Analytical Engines",)


def works_at(*company: str) -> Contact:
    return Contact("people/Ada Lovelace.md", "Ada Lovelace", company=company)


def inside(
    company: str | tuple[str, ...], employer: tuple[str, ...] = EMPLOYER, *notes: tuple[str, ...]
) -> bool:
    """Whether who works there works where the user works; `notes` are the names of notes."""
    told = (company,) if isinstance(company, str) else company
    return is_colleague(told, employer_keys(employer, notes))


@pytest.mark.parametrize(
    "company",
    [
        "Analytical Engines",
        "analytical engines",
        "  ANALYTICAL   Engines ",
        "[[Analytical Engines]]",
        "[[companies/Analytical Engines|AE]]",
        "Analytical Engines, Inc.",
        "Analytical Engines Ltd",
        "Analytical Engines GmbH",
        "Analytical Engines GmbH & Co. KG",
        "Analytical Engines LLC",
        "Analytical Engines S.A.",
        "Analytical Engines AG",
        "Analytical Engines S.p.A.",
        "Analytical Engines A/S",
        "Analytical Engines sp. z o.o.",
        "Analytical Engines S.à r.l.",
        "Analytical Engines Pty Ltd",
        "The Analytical Engines Company",
        "株式会社Analytical Engines",
        "Analytical-Engines",
        "Analytical Engines (London)",
        "Analytical Engines, London office",
        "Acme / Analytical Engines Ltd.",
        "Analytical Engines (R&D) / Acme",
        "[Analytical Engines](../orgs/Analytical%20Engines.md)",
        "[Analytical Engines](https://ae.example/a_(b))",
    ],
)
def test_a_colleague_is_one_however_the_company_is_written(company):
    assert inside(company)


@pytest.mark.parametrize(
    "company",
    [
        "Analytical",
        "Analytical Engines Museum",
        "Not Analytical Engines",
        "Engines",
        "",
        "Inc.",
        "Analytical Engine",
        "Analytical Engines (until 2020)",
        "Analytical Engines (former)",
        "Museum of Analytical-Engines",
        "Acme (Analytical Engines)",
    ],
)
def test_somebody_at_another_company_is_no_colleague(company):
    assert not inside(company)


def test_the_users_company_may_be_the_short_name_of_the_contacts():
    assert not inside("Analytical Engines", ("Analytical",))


COMPANY = ("Analytical Engines GmbH", "ae-2024", "AE", "Engines of Analysis")


@pytest.mark.parametrize("employer", COMPANY)
@pytest.mark.parametrize(
    "company", ["ae", "AE Ltd.", "[[companies/ae-2024|us]]", "Analytical Engines", "the engines of analysis"]
)
def test_all_names_of_a_companys_note_count_in_both_directions(company, employer):
    assert inside(company, (employer,), ("Royal Society", "RS"), COMPANY)
    assert not inside(company, ("RS",), ("Royal Society", "RS"), COMPANY)


def test_a_name_of_two_companies_counts_for_both_rather_than_for_none():
    assert inside("Analytical Engines", ("AE",), ("Applied Ethics", "AE"), ("Analytical Engines", "AE"))


def test_without_a_note_an_alias_is_another_company():
    assert not inside("AE")


@pytest.mark.parametrize(
    "name",
    ["Analytical Engines", "The Analytical Engines Co.", "株式会社Analytical Engines", "Analytical-Engines"],
)
def test_a_name_with_the_key_of_the_employer_begins_as_the_index_is_asked(name):
    assert company_key(name) == "analytical engines"
    assert any(name.lower().startswith(begin) for begin in first_letters("analytical engines"))


def test_one_of_several_companies_is_enough():
    assert inside(("Royal Society", "Analytical Engines"), ("Bletchley", *EMPLOYER))


def test_a_name_in_another_unicode_form_is_the_same_company():
    assert inside(unicodedata.normalize("NFD", "Café Zürich"), ("café zürich AG",))


def test_a_company_that_is_called_like_a_legal_form_keeps_its_name():
    assert inside("Limited", ("limited",))
    assert not inside("Limited", ("Inc.",))


def test_without_a_company_or_an_employer_nobody_is_a_colleague():
    assert not inside(())
    assert not inside("Analytical Engines", ())
    assert not inside("", ("",))


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=150)
def test_colleague_is_the_same_seen_from_either_company(one, other):
    assert inside(one, (other,)) == inside(other, (one,))


def test_private_lines_and_promises_stay_in_the_note():
    private = Interaction(date(2026, 10, 14), "call", "the diagnosis", ("private",), 8)
    told = Interaction(date(2026, 9, 1), "call", "the paper", (), 9)
    hidden = Promise("ask about the diagnosis", None, False, 10, private=True)
    kept = Promise("send the paper", None, False, 11)
    person = Person(works_at("Royal Society"), (told, private), (kept, hidden))
    assert public_person(person) == Person(works_at("Royal Society"), (told,), (kept,))


def test_of_a_confidential_contact_only_path_and_name_remain():
    contact = Contact("people/X.md", "X", email=("x@example.org",), mentor="ongoing", confidential=True)
    line = Interaction(date(2026, 10, 14), "call", "the diagnosis", (), 8)
    assert public_person(Person(contact, (line,))) == Person(Contact("people/X.md", "X", confidential=True))


def test_a_plan_is_not_in_the_log():
    plan = Interaction(TODAY + timedelta(days=3), "lunch", "", (), 9)
    talk = Interaction(TODAY, "call", "", (), 8)
    assert public_log(Person(works_at(), (talk, plan)), TODAY) == (talk,)


# --- nothing secret gets out -------------------------------------------------------------------------

SECRET = "zqx"  # in no sentence of ours

days = st.dates(date(2022, 1, 1), date(2027, 3, 1))
words = st.sampled_from(
    [
        "asked about",
        "talked about",
        "introduced me to",
        "sent her",
        "very kind, offered to stay in touch",
        "",
        "#",
    ]
)
secrets = words.map(lambda text: f"{text} {SECRET}")
harmless = words.map(lambda text: f"{text} the paper")
marks = st.sets(st.sampled_from(["gave", "got", "thanked", "sent"])).map(lambda found: tuple(sorted(found)))
sources = st.lists(st.sampled_from(SOURCES), max_size=2, unique=True).map(tuple)
steps = st.sampled_from(["", "candidate", "catching-up", "asked-once", "ongoing", "past"])


@st.composite
def lines(draw, text, *extra, path="people/Ada.md"):
    return Interaction(
        draw(days),
        draw(st.sampled_from(["", "call", "coffee", "email"])),
        draw(text),
        (*draw(marks), *extra),
        draw(st.integers(1, 99)),
        (),
        draw(st.sampled_from([path, "journal/2026-10-14.md"])),
    )


@st.composite
def people_with_private_lines(draw):
    contact = Contact(
        "people/Ada.md",
        "Ada Lovelace",
        source=draw(sources),
        mentor=draw(steps),
        support=("emotional",),
        helps_with=("negotiation",),
        wants=draw(st.sampled_from([(), ("recruiting",)])),
        birthday=draw(st.sampled_from([None, Birthday(11, 23)])),
        last_contact=draw(st.none() | days),
    )
    log = draw(st.lists(lines(harmless) | lines(secrets, "private"), max_size=6))
    promise = built(Promise, harmless, st.none() | days, st.booleans(), st.integers(1, 99))
    hidden = built(Promise, secrets, st.none() | days, st.booleans(), st.integers(1, 99), st.just(True))
    return Person(contact, tuple(log), tuple(draw(st.lists(promise | hidden, max_size=4))))


@st.composite
def confidential_people(draw):
    contact = Contact(
        "people/Ada.md",
        "Ada Lovelace",
        aliases=(SECRET,),
        tags=(SECRET,),
        email=(f"{SECRET}@example.org",),
        company=(SECRET, "Analytical Engines"),
        role=SECRET,
        location=SECRET,
        met=f"at {SECRET}",
        met_on=draw(st.none() | days),
        source=(*draw(sources), SECRET),
        introduced_by=SECRET.title(),
        next=draw(st.none() | days),
        helps_with=(SECRET,),
        wants=(SECRET,),
        mentor=draw(steps),
        support=("job", "emotional"),
        birthday=Birthday(11, 23),
        confidential=True,
    )
    log = draw(st.lists(lines(secrets), max_size=5))
    promise = built(Promise, secrets, st.none() | days, st.booleans(), st.integers(1, 99))
    return Person(contact, tuple(log), tuple(draw(st.lists(promise, max_size=3))))


def all_that_gets_out(person: Person) -> str:
    contact = person.contact
    reasons = tuple(Reason(kind, "Can help with negotiation.", 20) for kind in ("goal", "promise", "new"))
    assessment = Assessment(contact.path, contact.name, TODAY, 60, "active", "", TODAY, None, 60, reasons)
    found = mentor_steps([person], TODAY, {person.contact.path})
    street = exchange(person, TODAY)
    return "\n".join(
        [
            opener(person, assessment, (Relation("posts/A.md", "post", "Negotiation", 1.0),), TODAY),
            opener(person, assessment, (), TODAY, colleague=True),
            render_mentors(found, places([person]), (), Context("reach-out", TODAY, PAGES)),
            render_two_way([street], Context("reach-out", TODAY, PAGES)),
            balance_words(street),
            repr((found, street, places([person]), public_person(person), public_log(person, TODAY))),
        ]
    ).lower()


@given(people_with_private_lines())
@settings(max_examples=200)
def test_no_word_of_a_private_line_gets_out(person):
    assert SECRET not in all_that_gets_out(person)


@given(people_with_private_lines())
@settings(max_examples=100)
def test_private_help_leaves_no_trace(person):
    """A private `#got` changes no word on the two-way street."""
    without = Person(
        person.contact,
        tuple(line for line in person.interactions if not (line.is_private and "got" in line.marks)),
        person.promises,
    )
    private_settles = any(
        line.is_private and {"gave", "thanked"} & set(line.marks) for line in person.interactions
    )
    if not private_settles:
        assert exchange(person, TODAY) == exchange(without, TODAY)


@given(confidential_people())
@settings(max_examples=200)
def test_of_a_confidential_note_nothing_but_the_name_gets_out(person):
    told = all_that_gets_out(person)
    assert SECRET not in told
    assert "works where you work" not in told


@given(confidential_people())
@settings(max_examples=50)
def test_there_is_no_opener_for_a_confidential_contact(person):
    assessment = Assessment(person.contact.path, "Ada Lovelace", TODAY, 0, "active", "", None, None, None)
    assert opener(person, assessment, (), TODAY) == ""


@given(st.text(min_size=1, max_size=20))
@settings(max_examples=150)
def test_every_name_begins_as_one_of_the_ways_to_look_for_its_key(name):
    plain = name.replace("[", "").replace("]", "")
    key = company_key(plain)
    if key and plain[:1].isalnum() and plain[1:2].isalnum():
        begins = tuple(fold_plain(begin) for begin in first_letters(key))
        assert fold_plain(plain).startswith(begins)
