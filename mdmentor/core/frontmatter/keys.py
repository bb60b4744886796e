"""The words of a contact's front matter: which keys mean what, and which values stand for the same.

The keys and their order are those of real vaults, counted in fifty-three public ones, and of other tools.
Tables only, and the search for a near word; how a value is read is for `schema.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from mdmentor.core import names

# Canonical key -> the other spellings, in the order in which they count. Case, blanks, dashes: all one.
SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "name": "full_name, fn, display_name",
        "first_name": "given_name, name.first, name.given, n.gn",
        "last_name": "family_name, surname, name.last, name.family, n.fn",
        "aliases": "alias, nickname, nicknames, aka",
        "tags": "tag",
        "email": "emails, e_mail, mail, email_address",
        "phone": "phones, mobile, tel, telephone, cell, phone_number, mobile_phone",
        "linkedin": "linkedin_url, linkedin_id, linked_in",
        "url": "urls, website, websites, homepage, web",
        "company": (
            "org, organization, organisation, employer, work, companies, orgs, organizations, organisations"
        ),
        "role": "title, position, job_title, job_position, job",
        "location": "city, loc, place, based_in, address",
        "met": "first_met, met_date, how_we_met, met_context, date_met, met_on, met_at, how_met, where_met",
        "source": "relationship, relationship_type, relation, prm_relationship",
        "introduced_by": "introduction_by, intro_by, met_through, first_met_through, referred_by",
        "cadence": (
            "every, frequency, contact_frequency, custom_frequency_days, contact_interval_days,"
            " stay_in_touch_frequency_days, prm_cadence, frequence, contact_reminder_interval, keep_in_touch"
        ),
        "tier": "prm_tier, warmth, relationship_strength, strength",
        "last_contact": (
            "last_contacted, last_interaction, last_met, last_seen, last_chat, prm_last_contacted,"
            " last_contact_date, last_talked, last_talked_to, last_spoke, last_spoken"
        ),
        "next": "next_followup, next_follow_up, next_contact, next_contact_due, next_contact_date",
        "snooze": "snooze_until, prm_snooze_until, snoozed_until",
        "contact": "",
        "paused": "prm_paused",
        "deceased": "died, date_of_death",
        "helps_with": "expertise, can_help_with, skills, topics, interests, skill, topic, interest",
        "wants": "wants_help_with, i_can_help_them, needs_help_with",
        "mentor": "mentoring",
        "support": "",
        "birthday": "birthdate, bday, birth_date, birth, date_of_birth, dob, prm_birthday",
        "confidential": "",
        "created": "created_at, created_on, date_created, creation_date",
    }
)

# Folded keys that say what kind of note a note is.
TYPE_KEYS = frozenset({"type", "kind", "category", "categories"})
# How two versions of a note are merged. Of two days the later one counts: nobody was in touch less recently than before.
LATER_WINS = frozenset({"last_contact", "snooze"})
# A single text here is a list of one, so two of them are no contradiction.
LISTS = frozenset({"aliases", "tags", "email", "phone", "url", "helps_with", "wants"})
COMMA_LISTS = frozenset({"aliases", "tags"})  # older vaults hold `tags: a, b`

# Of the keys above, those whose date is a day on which the tie was there. A birthday, a plan or a snooze is no such day.
DATES_OF_THE_TIE = frozenset({"met", "last_contact", "created"})
# Parts of folded keys outside the table above whose dates are no such days either: births in other languages, other
# anniversaries, plans, and what programs write about the file.
BIRTH_PARTS = (
    "birth, bday, dob, born, geburt, geboren, geboorte, verjaardag, naissance, anniversaire, cumple, nacim, nascim,"
    " nascita, compleanno, aniversario, aniversário, 生日, 出生, 誕生, 생일"
)
_OTHER_PARTS = (
    "anniversary, wedding, married, died, death, deceased, update, modified, edited, changed, snooze, remind, due,"
    " deadline, until, expir, next, followup, review, plan, future, upcoming, todo, publish, graduat, hired, retire"
)


def _split(words: str) -> list[str]:
    return [word for word in words.split(", ") if word]


# Canonical key -> its folded spellings, the canonical one first; and the way back.
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        key: tuple(dict.fromkeys(names.fold_key(name) for name in (key, *_split(others))))
        for key, others in SPELLINGS.items()
    }
)
CANONICAL: Mapping[str, str] = MappingProxyType(
    {spelling: key for key, spellings in KEYS.items() for spelling in spellings}
)
SPELLED: Mapping[str, frozenset[str]] = MappingProxyType(
    {key: frozenset(spellings) for key, spellings in KEYS.items()}
)
# Folded key -> as it is written. Without `contact`, a word that people use for much else.
_WRITTEN = {
    names.fold_key(name): name
    for key, others in SPELLINGS.items()
    for name in (key, *_split(others))
    if name != "contact"
}

NO_DATES_OF_THE_TIE = tuple(names.fold_key(part) for part in _split(f"{BIRTH_PARTS}, {_OTHER_PARTS}"))

TRUE = frozenset({"true", "yes", "y", "on", "1", "x"})
FALSE = frozenset({"false", "no", "n", "off", "0"})
NEVER = frozenset({"never", "no", "none", "off", "false", "do not contact", "dont", "do not"})
NEVER_TAGS = frozenset({"donotcontact", "nocontact"})  # folded as keys are

MENTOR_STEPS = ("candidate", "catching-up", "asked-once", "ongoing", "past")
SUPPORT = ("job", "career", "emotional")
TIERS = ("close", "warm", "casual")
# Where a tie comes from: the places in which mentors are found, with bosses, coworkers, clients and
# associates apart.
SOURCES = (
    "teacher",
    "boss",
    "coworker",
    "client",
    "associate",
    "member",
    "family",
    "friend",
    "informational-interview",
    "interviewer",
    "event",
)


def _words(others: Mapping[str, str]) -> Mapping[str, str]:
    """Each word folded as a topic -> the canonical word that it stands for."""
    return MappingProxyType(
        {names.fold_topic(word): key for key, also in others.items() for word in (key, *_split(also))}
    )


MENTOR_WORDS = _words(
    {
        "candidate": "maybe, possible, potential, prospective, would be, wish",
        "catching-up": "catch up, catchup, reconnecting",
        "asked-once": "asked, asked advice, asked for advice",
        "ongoing": "true, yes, y, on, 1, x, active, current, official, mentor",
        "past": "former, ex, previous, ended, old",
    }
)
SUPPORT_WORDS = _words(
    {
        "job": "jobs, work, job search, job advice",
        "career": "careers, career advice, professional",
        "emotional": "moral, personal, emotions, encouragement, listening",
    }
)
# Looked up after what stands before and behind the word is taken off: "my former boss at Globex".
PAST = ("ex ", "former ", "old ", "previous ", "past ")
FORMER = (*PAST, "my ", "a ", "an ", "the ", "current ", "fellow ")
SOURCE_WORDS = _words(
    {
        "teacher": (
            "teachers, professor, prof, lecturer, instructor, tutor, coach, advisor, adviser, thesis advisor,"
            " thesis supervisor, phd supervisor, academic advisor"
        ),
        "boss": "bosses, manager, supervisor, line manager, team lead, employer",
        "coworker": (
            "co worker, coworkers, colleague, colleagues, workmate, teammate, team mate, work, peer,"
            " employee, direct report, report, collaborator"
        ),
        "client": "clients, customer, customers",
        "associate": (
            "associates, business associate, business partner, business contact, business, vendor, supplier,"
            " contractor, consultant, investor, co founder, cofounder, professional contact"
        ),
        "member": (
            "organisation, organization, association, club, society, community, volunteer, church, alumni,"
            " alumnus, alumna, professional organisation, professional organization"
        ),
        "family": (
            "relative, relatives, kin, parent, mother, father, mum, mom, dad, sister, brother, sibling,"
            " aunt, uncle, cousin, son, daughter, child, niece, nephew, grandmother, grandfather, wife,"
            " husband, spouse, in law, mother in law, father in law, sister in law, brother in law"
        ),
        "friend": (
            "friends, friend of a friend, close friend, best friend, good friend, social, social contact,"
            " acquaintance, neighbour, neighbor, mate, buddy, classmate, schoolmate, roommate, flatmate"
        ),
        "informational-interview": (
            "informational interviewee, informational interviews, information interview, informational,"
            " interviewee"
        ),
        "interviewer": "interview, job interview, job interviewer, interviewed me, recruiter, hiring manager",
        "event": "events, party, conference, meetup, meet up, workshop, seminar, fair, hackathon, dinner",
    }
)

GOAL_DONE = frozenset(
    _split(
        "done, paused, finished, achieved, reached, complete, completed, closed, dropped, cancelled,"
        " canceled, abandoned, archived, inactive, someday, later, stopped, ended, past, on hold, not now"
    )
)
GOAL_ACTIVE = frozenset(
    _split(
        "active, live, open, current, ongoing, started, not started, doing, to do, todo, wip, now, next,"
        " in progress, true, yes"
    )
)
# Tags that say what a note is, not what it is about.
KIND_TAGS = frozenset({"post", "posts", "article", "articles", "goal", "goals", "advice"})


@lru_cache(maxsize=1024)
def near_key(key: str) -> str:
    """The spelling, as it is written, that an unknown folded key was probably meant for; "" for none.

    Strict, since keys of one's own are welcome: `contacted` is one, `cadance` and `lastcontat` are slips.
    """
    from difflib import SequenceMatcher, get_close_matches

    if len(key) < 5:
        return ""
    for found in get_close_matches(key, _WRITTEN, n=3, cutoff=0.85):
        if len(found) == len(key) or SequenceMatcher(None, key, found).ratio() >= 0.88:
            return _WRITTEN[found]
    return ""


def near_word(word: str, words: Iterable[str]) -> str:
    """The one of `words` that a misspelt one was probably meant for; "" where none is near."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower()[:60], tuple(words), n=1, cutoff=0.75)
    return found[0] if found else ""
