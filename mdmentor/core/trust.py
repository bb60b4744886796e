"""What of a person may leave the notes, by one rule, and who works where the user works.

What is marked private must not leave the note, and what is confided must not reach the user's own employer. Everything
that goes to a page, to JSON, into a block or into an export passes `public_person`, which asks the rule `may_pass`.
The tests hold the table of this rule.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from operator import attrgetter

from mdmentor.core import names
from mdmentor.core.model import Contact, Interaction, Person, Promise

COLLEAGUE = "works where you work: think before you confide"
# Where many people are in little room: the mark behind each name, and one sentence for all of them.
COLLEAGUE_MARK = "(works where you work)"
COLLEAGUE_FOOT = "Colleagues are marked: think before you confide."


# The doors: inside (pages, terminal, editor) all stays with the user; a command that shows a note to its owner may be
# asked for all of it with --private; outward (vCard, CSV, JSON, iCalendar) things are handed on.
INSIDE, SHOW, OUTWARD = "inside", "show", "outward"
# What a door may be asked about: a line or field marked #private, a confidential contact or note. All else passes.
PRIVATE, CONFIDENTIAL = "private", "confidential"
# What it may do: show all, the name and nothing else, or nothing (what is left out outward is counted).
SHOWN, NAME_ONLY, LEFT_OUT = "shown", "name only", "left out"


def may_pass(what: str, door: str, *, asked: bool = False) -> str:
    """SHOWN, NAME_ONLY or LEFT_OUT.

    `asked` is what the user asked for this once and no setting can ask for: `--private` of a command that shows a
    note, `--with-confidential` of an export. No option takes a private line outward.
    """
    if door == SHOW and asked:
        return SHOWN
    if what == PRIVATE or (door == OUTWARD and not asked):
        return LEFT_OUT
    return SHOWN if door == OUTWARD else NAME_ONLY


def public_person(person: Person, door: str = INSIDE, *, asked: bool = False) -> Person:
    """The person as this door may show them; `asked` is as `may_pass` has it. An export first asks `is_left_out`.

    Without private interactions and promises; of a confidential contact only the path and the name.

    The ranking uses whole persons: that a private talk took place, and when, a private `#thanked` or `#gave`, the
    dates and the rhythm of a confidential note. But no sentence comes from the words of a private line, from a private
    `#got` or from a confidential note.
    """
    contact = public_contact(person.contact, door, asked=asked)
    if contact is not person.contact:
        return Person(contact)
    if may_pass(PRIVATE, door, asked=asked) == SHOWN:
        return person
    return Person(
        contact,
        tuple([line for line in person.interactions if "private" not in line.marks]),
        _not_private(person.promises),
        _not_private(person.planned),
    )


def _not_private(promises: Iterable[Promise]) -> tuple[Promise, ...]:
    return tuple([promise for promise in promises if not promise.private])


def without_private_duties(person: Person) -> Person:
    """The person without what a private line alone would make a duty of: its promise, and thanks for its #got.

    Its day still counts as contact, and a #thanked, #gave or #sent in it still settles or stretches: without
    these the user would be sent to somebody they spoke to yesterday. None of it can be read off a sentence.
    What is owed to somebody confidential counts, as none of their reasons is shown.
    """
    if person.contact.confidential:
        return person

    def bare(line: Interaction) -> Interaction:
        return line._replace(text="", channel="", marks=tuple(mark for mark in line.marks if mark != "got"))

    lines = tuple([bare(line) if "private" in line.marks else line for line in person.interactions])
    return Person(person.contact, lines, _not_private(person.promises), _not_private(person.planned))


def public_contact(contact: Contact, door: str = INSIDE, *, asked: bool = False) -> Contact:
    """The contact as this door may show them: of a confidential one only path and name."""
    if not contact.confidential or may_pass(CONFIDENTIAL, door, asked=asked) == SHOWN:
        return contact
    return Contact(contact.path, contact.name, confidential=True)


def is_left_out(contact: Contact, *, asked: bool = False) -> bool:
    """Whether not even the name may pass outward, as of a confidential contact."""
    return contact.confidential and may_pass(CONFIDENTIAL, OUTWARD, asked=asked) == LEFT_OUT


def public_log(person: Person, today: date) -> tuple[Interaction, ...]:
    """What the log may show of the past: no private line, no plan for a later day; oldest first."""
    past = [line for line in public_person(person).interactions if line.date <= today]
    return tuple(sorted(past, key=attrgetter("date", "path", "line")))


def last_day(person: Person, today: date) -> date | None:
    """The last day of contact up to today, private lines and the front matter included."""
    days = [person.contact.last_contact, *(line.date for line in person.interactions)]
    return max((day for day in days if day and day <= today), default=None)


# --- who works where the user works -----------------------------------------------------------------------

# Legal forms as the last words of a company's name, dots, slashes and blanks between them gone.
_FORMS_WRITTEN = """
    inc incorporated ltd limited llc llp lp plc corp corporation co company pty pte pvt private bhd sdnbhd
    gmbh ggmbh mbh ag kg kgaa ohg gbr ug ev eg se sa sas sasu sarl sàrl srl srls sl slu lda ltda
    bv nv vof cv ab oy oyj aps asa hf ehf sro spzoo doo dd aş kft zrt nyrt jsc pjsc ооо ао kk gk
"""
_FORMS = frozenset(_FORMS_WRITTEN.split()) | {"and"}  # of "GmbH & Co. KG"
# Words as well as legal forms: they count only with the dot or slash that makes them one.
_DOTTED_FORMS = frozenset({"spa", "as", "is"})
# Forms that East Asian names carry in front or behind, without a blank.
_JOINED_WRITTEN = "株式会社 有限会社 合同会社 股份有限公司 有限责任公司 有限公司 주식회사 (株) ㈱ ㈜"
_JOINED_FORMS = tuple(_JOINED_WRITTEN.split())
_JOINTS = r"[./·'’]"
_GAPS = r"[\s,;–-]+"
# Two companies in one text, or a company and its place.
_PARTS = r"\s*[,;/|]\s*"
_ASIDE = r"\s*\(([^()]*)\)$"
_FORMER = r"\d|\b(?:until|till|former|formerly|past|left|ex|previously|before|bis|ehemals|früher)\b"


def is_colleague(company: Iterable[str], employer: frozenset[str]) -> bool:
    """True where one of these companies is the user's own; `employer` are the keys of all its names.

    Whole names are compared. Case, Unicode form, wikilink brackets, hyphens, a leading "the" and legal forms (Inc.,
    GmbH, S.A. ...) do not matter, nor does a place or another company in the same text: "Engines (London) / Acme".
    """
    return bool(employer) and any(not employer.isdisjoint(_keys(name)) for name in company)


@lru_cache(maxsize=4096)
def _keys(company: str) -> frozenset[str]:
    """The keys of all companies that a text may name."""
    whole = names.fold(names.unlink(company))
    parts = {whole, *re.split(_PARTS, whole)}
    for part in [*parts]:
        aside = re.search(_ASIDE, part)
        if aside and not re.search(_FORMER, aside[1]):
            parts.add(part[: aside.start()])
    return frozenset(map(company_key, parts)) - {""}


def employer_keys(employer: Iterable[str], notes: Iterable[Collection[str]] = ()) -> frozenset[str]:
    """The keys of all names of the user's employers.

    `notes` are notes that may be a company's own, each as all of its names: title, file name, aliases. All names of a
    note that has an employer's name are names of this employer.
    """
    keys = {company_key(name) for name in employer} - {""}
    companies = [{company_key(name) for name in names_of_it} for names_of_it in notes]
    return frozenset(keys.union(*(company for company in companies if not keys.isdisjoint(company))) - {""})


@lru_cache(maxsize=4096)
def company_key(name: str) -> str:
    """What a company's name is compared as; "" for a text that holds no name."""
    name = names.fold(names.unlink(name))
    for form in _JOINED_FORMS:
        name = name.removeprefix(form).removesuffix(form)
    words = [word for word in re.split(_GAPS, name.replace("&", " and ")) if word]
    while length := _length_of_legal_form(words):
        del words[-length:]
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join(filter(None, (re.sub(_JOINTS, "", word) for word in words)))


def first_letters(key: str) -> tuple[str, ...]:
    """How a folded name may begin of which `company_key` makes `key`: enough to look for it in an index."""
    # a key is without signs: "A.E.", "A&E"
    ways = (key[:2], *(key[0] + sign for sign in "./·'’&-–"))
    return *ways, *(f"the {way}" for way in ways), *(form + key[0] for form in _JOINED_FORMS)


def _length_of_legal_form(words: list[str]) -> int:
    """How many words at the end are a legal form, at least one word left: "sp. z o.o." is three, "S.à r.l." two."""
    for length in range(min(3, len(words) - 1), 0, -1):
        written = "".join(words[-length:])
        joined = re.sub(_JOINTS, "", written)
        if joined in _FORMS or (joined in _DOTTED_FORMS and joined != written):
            return length
    return 0
