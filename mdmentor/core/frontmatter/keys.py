"""The keys of a contact's front matter and the words of their values.

One table says everything about a key: its spellings, whether it holds a list, how two versions of it merge, whether its
day is in the past. The spellings are those of fifty-three public vaults, in the order of their number.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from posixpath import commonprefix
from typing import NamedTuple

from mdmentor.core import names

LIST = "list"
TEXTS = "texts"  # a text or a list
PAST, AHEAD = "past", "ahead"


class Key(NamedTuple):
    """One key of the front matter."""

    name: str
    others: str = ""  # its other spellings, in the order in which they count; case, blanks and dashes do not
    abroad: str = ""  # the spellings of other languages, which come last
    shape: str = ""  # LIST or TEXTS, which merge as sets; "" for one text
    has_commas: bool = False  # `tags: a, b` in older vaults is a list
    is_numbered: bool = False  # `email2`, `tel[work]` and `phone.home` are read as well
    day: str = ""  # PAST for a day on which the tie existed, AHEAD for a plan; a birthday is neither
    later_wins: bool = False  # in a merge: nobody was in touch less recently than before
    guards: bool = False  # protects somebody, so that of two values the stricter one counts

    @property
    def spellings(self) -> tuple[str, ...]:
        """All spellings as written, the canonical one first."""
        return (self.name, *self.others.split(), *self.abroad.split())


_TABLE = (
    Key(
        "name",
        "full_name fn display_name",
        "nom nom_complet vollständiger_name nombre nombre_completo nome nome_completo naam volledige_naam"
        " 姓名 名字 全名 名前 氏名 お名前",
    ),
    Key(
        "first_name",
        "given_name name.first name.given n.gn",
        "prénom prenom vorname primer_nombre primeiro_nome voornaam",
    ),
    Key(
        "last_name",
        "family_name surname name.last name.family n.fn",
        "nom_de_famille nachname familienname apellido apellidos cognome sobrenome apelido achternaam",
    ),
    Key("aliases", "alias nickname nicknames aka", shape=LIST, has_commas=True),
    Key("tags", "tag filetags", shape=LIST, has_commas=True),
    Key(
        "email",
        "emails e_mail mail email_address",
        "courriel courriels mél adresse_e_mail adresse_mail adresse_électronique e_mail_adresse mailadresse"
        " correo correos correo_electrónico correo_electronico indirizzo_email posta_elettronica"
        " correio_eletrônico correio_eletrónico correio_electrónico correio_eletronico e_mailadres mailadres"
        " 邮箱 电子邮箱 邮箱地址 电子邮件 邮件 电邮 郵箱 電子郵件 電郵 メール メールアドレス 電子メール eメール",
        shape=TEXTS,
        is_numbered=True,
    ),
    Key(
        "phone",
        "phones mobile tel telephone cell phone_number mobile_phone",
        "téléphone téléphones tél téléphone_portable numéro_de_téléphone portable"
        " telefon telefonnummer handy handynummer mobil mobiltelefon mobilnummer rufnummer festnetz"
        " teléfono telefono teléfonos móvil movil celular teléfono_móvil número_de_teléfono"
        " cellulare numero_di_telefono telefone telemóvel telemovel número_de_telefone"
        " telefoon telefoonnummer mobiel gsm"
        " 电话 电话号码 手机 手机号 手机号码 電話 電話號碼 手機 電話番号 携帯 携帯電話 携帯番号",
        shape=TEXTS,
        is_numbered=True,
    ),
    Key("linkedin", "linkedin_url linkedin_id linked_in"),
    Key("url", "urls website websites homepage web", shape=TEXTS, is_numbered=True),
    Key(
        "company",
        "org organization organisation employer work companies orgs organizations organisations",
        "entreprise société societe employeur firma unternehmen arbeitgeber empresa compañía compañia empleador"
        " organización azienda società societa ditta datore_di_lavoro organizzazione companhia empregador"
        " organização bedrijf werkgever organisatie"
        " 公司 公司名称 单位 單位 工作单位 企业 企業 雇主 会社 会社名 勤務先",
        is_numbered=True,
    ),
    Key(
        "role",
        "title position job_title job_position job occupation",
        "rôle poste fonction profession métier rolle funktion beruf stelle jobtitel berufsbezeichnung"
        " puesto cargo rol ocupación profesión posición ruolo posizione professione mansione"
        " função funcao papel profissão functie functietitel beroep"
        " 职位 职业 头衔 职务 职称 職位 職務 役職 職業 職種 肩書き 肩書",
    ),
    Key("location", "city loc place based_in address prm_location"),
    Key(
        "met", "first_met met_date how_we_met met_context date_met met_on met_at how_met where_met", day=PAST
    ),
    Key("source", "relationship relationship_type relation prm_relationship"),
    Key("introduced_by", "introduction_by intro_by met_through first_met_through referred_by"),
    Key("distinct_from", shape=LIST),
    Key(
        "cadence",
        "every frequency contact_frequency custom_frequency_days contact_interval_days "
        "stay_in_touch_frequency_days prm_cadence frequence contact_reminder_interval "
        "keep_in_touch",
    ),
    Key("tier", "prm_tier warmth relationship_strength strength"),
    Key(
        "last_contact",
        "last_contacted last_interaction last_met last_seen last_chat prm_last_contacted "
        "last_contact_date last_talked last_talked_to last_spoke last_spoken",
        day=PAST,
        later_wins=True,
    ),
    Key("next", "next_followup next_follow_up next_contact next_contact_due next_contact_date", day=AHEAD),
    Key("snooze", "snooze_until prm_snooze_until snoozed_until", day=AHEAD, later_wins=True),
    Key("contact", guards=True),
    Key("paused", "prm_paused", guards=True),
    Key("deceased", "died date_of_death", guards=True),
    Key("helps_with", "expertise can_help_with skills topics interests skill topic interest", shape=LIST),
    Key("wants", "wants_help_with i_can_help_them needs_help_with", shape=LIST),
    Key("mentor", "mentoring"),
    Key("support", shape=LIST),
    Key(
        "birthday",
        "birthdate bday birth_date birth date_of_birth dob prm_birthday",
        "anniversaire date_de_naissance naissance né_le née_le geburtstag geburtsdatum geboren geboren_am"
        " cumpleaños cumpleanos fecha_de_nacimiento nacimiento compleanno data_di_nascita nascita nato_il nata_il"
        " aniversário data_de_nascimento data_nascimento nascimento verjaardag geboortedatum"
        " 生日 出生日期 出生年月 誕生日 生年月日",
    ),
    Key(
        "confidential",
        abroad="vertraulich confidentiel confidentielle confidencial riservato confidenziale vertrouwelijk"
        " 机密 機密 保密 秘密",
        guards=True,
    ),
    Key("uid"),
    Key("created", "created_at created_on date_created creation_date", day=PAST),
)
KEYS: Mapping[str, Key] = {key.name: key for key in _TABLE}
# Each spelling folded -> the key, and how the spelling is written.
CANONICAL: Mapping[str, str] = {names.fold_key(s): key.name for key in _TABLE for s in key.spellings}
# The same without "contact", which people use for much else.
_WRITTEN = {names.fold_key(s): s for key in _TABLE for s in key.spellings if s != "contact"}
# Key -> its folded spellings, the canonical one first.
SPELLED: Mapping[str, tuple[str, ...]] = {
    key.name: tuple(dict.fromkeys(names.fold_key(s) for s in key.spellings)) for key in _TABLE
}
GUARDS = frozenset(spelling for spelling, name in CANONICAL.items() if KEYS[name].guards)

# Folded keys that say what kind of note a note is.
TYPE_KEYS = frozenset({"type", "kind", "category", "categories", "class", "fileclass", "notetype", "is"})

# Parts of other folded keys whose dates are no days of the tie: births, anniversaries, plans, dates of the file.
BIRTH_PARTS = (
    "birth bday dob born geburt geboren geboorte verjaardag naissance anniversaire cumple nacim nascim nascita"
    " compleanno aniversario aniversário 生日 出生 誕生 생일"
)
_OTHER_PARTS = (
    "anniversary wedding married died death deceased update modified edited changed snooze remind due deadline"
    " until expir next followup review plan future upcoming todo publish graduat hired retire"
)
_NO_DATES_OF_THE_TIE = tuple(map(names.fold_key, f"{BIRTH_PARTS} {_OTHER_PARTS}".split()))
_SUFFIX = r"[0-9]+$|\[.*|\..*"


@lru_cache(maxsize=4096)
def canonical_key(key: str) -> str:
    """The key of the table that a folded key means; "" for one that means nothing to us."""
    if found := CANONICAL.get(key):
        return found
    found = CANONICAL.get(re.sub(_SUFFIX, "", key), "")
    return found if found and KEYS[found].is_numbered else ""


def key_named(name: str) -> Key:
    """The key of the table that is meant by a name as written; one without a name where there is none."""
    return KEYS.get(canonical_key(names.fold_key(name)), Key(""))


def rank(key: str) -> int:
    """The position of a folded key among the spellings of its meaning; 0 is the canonical one."""
    spellings = SPELLED[canonical_key(key)]
    return spellings.index(key if key in spellings else re.sub(_SUFFIX, "", key))


@lru_cache(maxsize=4096)
def is_date_of_the_tie(key: str) -> bool:
    """Whether a date under this folded key may be a day on which the tie existed.

    False for birthdays, plans and misspelled keys of these. The date of a key of the user's own counts unless a part
    of the key says otherwise.
    """
    leaf = key.rsplit(".", 1)[-1]
    meaning = canonical_key(key) or canonical_key(leaf)
    if meaning := meaning or CANONICAL.get(names.fold_key(near_key(leaf)), ""):
        return KEYS[meaning].day == PAST
    return not any(part in key for part in _NO_DATES_OF_THE_TIE)


@lru_cache(maxsize=1024)
def near_key(key: str) -> str:
    """The spelling that an unknown folded key was probably meant for; "" for none.

    Strict, since users have keys of their own: `contacted` is one, `cadance` and `lastcontat` are slips.
    """
    from difflib import SequenceMatcher, get_close_matches

    if len(key) < 5:
        return ""
    for found in get_close_matches(key, _WRITTEN, n=3, cutoff=0.85):
        if len(found) == len(key) or SequenceMatcher(None, key, found).ratio() >= 0.88:
            return _WRITTEN[found]
    return ""


def nearest_key(key: str) -> str:
    """As `near_key`, for a key that is being typed: one slip is enough in a short one, too (`teir`, `emial`, `tgas`)."""
    if (near := near_key(key)) or len(key) < 4:
        return near
    spellings = [spelling for known in _TABLE for spelling in (known.name, *known.others.split())]
    likely = (one for one in spellings if len(one) > 3 and "_" not in one)
    return next((one for one in likely if _is_one_slip(key, one)), "")


def _is_one_slip(one: str, other: str) -> bool:
    """Whether two words differ in one letter that is wrong, missing or too many, or in two that are swapped."""
    start = len(commonprefix((one, other)))
    end = len(commonprefix((one[start:][::-1], other[start:][::-1])))
    a, b = one[start : len(one) - end], other[start : len(other) - end]
    return (len(a) <= 1 and len(b) <= 1) or (len(a) == 2 and a == b[::-1])


_LETTERS = frozenset("confidential")


@lru_cache(maxsize=4096)
def is_confidential_key(key: str) -> bool:
    """True for the folded key `confidential`, also misspelled."""
    is_near = len(_LETTERS.intersection(key)) > 7  # of most keys this is a quick no
    return key in SPELLED["confidential"] or (is_near and near_key(key) == "confidential")


def guards(key: str) -> bool:
    """Whether a folded key protects somebody, so that of two values the stricter one counts."""
    return key in GUARDS or is_confidential_key(key)


def near_word(word: str, words: Iterable[str]) -> str:
    """The one of `words` that a misspelt one was probably meant for; "" where none is near."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower()[:60], tuple(words), n=1, cutoff=0.75)
    return found[0] if found else ""


TRUE = frozenset({"true", "yes", "y", "on", "1", "x", "ja", "oui", "sí", "si", "sì", "sim", "是", "はい"})
FALSE = frozenset({"false", "no", "n", "off", "0", "nein", "non", "não", "nao", "nee", "否", "いいえ"})
YES_OR_NO = TRUE | FALSE
NEVER = frozenset({"never", "no", "none", "off", "false", "do not contact", "dont", "do not"})
NEVER_TAGS = frozenset({"donotcontact", "nocontact", "paused", "prmpaused", "deceased"})  # folded as keys are
PRIVATE_TAGS = frozenset({"private", "confidential"})
GUARD_TAGS = NEVER_TAGS | PRIVATE_TAGS

TIERS = ("close", "warm", "casual")


def _table(text: str) -> dict[str, list[str]]:
    """Canonical word -> other words for it, from rows of `word: others`; an indented line goes on with the row above."""
    rows = [row.partition(":") for row in re.split(r"\n(?! )", text.strip())]
    return {word: " ".join(others.split()).split(", ") for word, _, others in rows}


def _words(table: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """Each word folded as a topic -> the canonical word for it."""
    return {names.fold_topic(word): key for key, others in table.items() for word in (key, *others)}


_MENTOR_STEPS = _table("""
candidate: maybe, possible, potential, prospective, would be, wish
catching-up: catch up, catchup, reconnecting
asked-once: asked, asked advice, asked for advice
ongoing: true, yes, y, on, 1, x, active, current, official, mentor
past: former, ex, previous, ended, old
""")
MENTOR_STEPS = tuple(_MENTOR_STEPS)
MENTOR_WORDS = _words(_MENTOR_STEPS)
_SUPPORT = _table("""
job: jobs, work, job search, job advice
career: careers, career advice, professional
emotional: moral, personal, emotions, encouragement, listening
""")
SUPPORT = tuple(_SUPPORT)
SUPPORT_WORDS = _words(_SUPPORT)
# Looked up without the words before and behind: "my former boss at Globex".
EX = ("ex ", "former ", "old ", "previous ", "past ")
FORMER = (*EX, "my ", "a ", "an ", "the ", "current ", "fellow ")
_SOURCES = _table("""
teacher: teachers, professor, prof, lecturer, instructor, tutor, coach, advisor, adviser, thesis advisor,
    thesis supervisor, phd supervisor, academic advisor
boss: bosses, manager, supervisor, line manager, team lead, employer
coworker: co worker, coworkers, colleague, colleagues, workmate, teammate, team mate, work, peer, employee,
    direct report, report, collaborator
client: clients, customer, customers
associate: associates, business associate, business partner, business contact, business, vendor, supplier,
    contractor, consultant, investor, co founder, cofounder, professional contact
member: organisation, organization, association, club, society, community, volunteer, church, alumni, alumnus,
    alumna, professional organisation, professional organization
family: relative, relatives, kin, parent, mother, father, mum, mom, dad, sister, brother, sibling, aunt, uncle,
    cousin, son, daughter, child, niece, nephew, grandmother, grandfather, wife, husband, spouse, in law,
    mother in law, father in law, sister in law, brother in law
friend: friends, friend of a friend, close friend, best friend, good friend, social, social contact, acquaintance,
    neighbour, neighbor, mate, buddy, classmate, schoolmate, roommate, flatmate
informational-interview: informational interviewee, informational interviews, information interview,
    informational, interviewee
interviewer: interview, job interview, job interviewer, interviewed me, recruiter, hiring manager
event: events, party, conference, meetup, meet up, workshop, seminar, fair, hackathon, dinner
""")
SOURCES = tuple(_SOURCES)
SOURCE_WORDS = _words(_SOURCES)
_GOALS = _table("""
done: paused, finished, achieved, reached, complete, completed, closed, dropped, cancelled, canceled, abandoned,
    archived, inactive, someday, later, stopped, ended, past, on hold, not now
active: live, open, current, ongoing, started, not started, doing, to do, todo, wip, now, next, in progress,
    true, yes
""")
GOAL_DONE = frozenset({"done", *_GOALS["done"]})
GOAL_ACTIVE = frozenset({"active", *_GOALS["active"]})
# Tags that say what a note is, not what it is about.
KIND_TAGS = frozenset({"post", "posts", "article", "articles", "goal", "goals", "advice"})
