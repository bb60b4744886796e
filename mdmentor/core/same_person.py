"""Whether two descriptions are of one person: by what other programs know them by, by addresses, by name and company.

Names open a question and addresses answer it: a name alone never makes two people one, and neither does a mailbox or a
telephone that several share. `import`, `new contact` and `duplicates` all ask this judge. Candidates come from keys
that both have, never from comparing everybody with everybody.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from mdmentor.core.model import Birthday, Contact
from mdmentor.core.names import fold, fold_plain, is_within, word_set
from mdmentor.core.trust import company_key

SAME, UNSURE, NONE = "same", "unsure", "none"
MOST_HOLDERS = 40  # of one key; what more people share says nothing about any of them

# Mailboxes of a house and not of a person.
_SHARED = word_set("""
    info office contact contacts kontakt hello hi hallo sales support admin administration team mail post service help
    helpdesk hr jobs careers press media noreply no-reply donotreply reception enquiries inquiries enquiry billing
    accounts accounting invoices orders family familie secretary sekretariat secretariat studio shop store booking
    bookings marketing webmaster postmaster all everyone staff club board office1 general customerservice
""")
_NICKNAMES_WRITTEN = """
    alexander alex sasha sandy; alexandra alex sasha sandra; andrew andy drew; anthony tony; benjamin ben benny;
    catherine katherine kathryn kate katie cathy kathy; charles charlie chuck; christopher chris; christine chris tina;
    daniel dan danny; david dave; deborah debbie deb; donald don; edward ed eddie ted; elizabeth liz lizzie beth betty;
    eugene gene; frederick fred freddie; gregory greg; james jim jimmy jamie; jennifer jen jenny; jeffrey jeff; john
    jack johnny; jonathan jon; joseph joe joey; joshua josh; kenneth ken; lawrence larry; leonard len; margaret maggie
    meg peggy; matthew matt; michael mike mick; nicholas nick; patrick pat; patricia pat patty trish; peter pete;
    philip phil; rebecca becky; richard rick dick rich; robert bob rob bobby robbie; ronald ron; samuel sam; samantha
    sam; stephen steven steve; susan sue susie; theodore ted theo; thomas tom tommy; timothy tim; victoria vicky;
    vincent vince; walter walt; william bill will billy liam; zachary zach; johannes hannes hans; josef sepp; giuseppe
    beppe; francisco paco pancho; jose pepe; dmitri dima; ivan vanya; mikhail misha; nikolai kolya; sergei seryozha
"""
_CHINESE_JAPANESE_KOREAN = ("\u1100\u11ff", "\u3040\u30ff", "\u3400\u9fff", "\uac00\ud7af")
_TITLES = word_set("""
    dr prof mr mrs ms miss sir dame lady lord herr frau mme mlle ing dipl jr sr phd md mba esq ii iii
""")
# Providers of mail to everybody: two addresses there are often one person's.
_PUBLIC = word_set("""
    gmail.com googlemail.com outlook.com hotmail.com yahoo.com icloud.com me.com gmx.de gmx.net web.de aol.com proton.me
    protonmail.com mail.ru yandex.ru qq.com 163.com
""")
_PROFILES = (
    r"(?:[a-z]{2,3}\.(?=linkedin|facebook))?(linkedin\.com/(?:mwlite/)?(?:in|pub)/[^/?#]+|(?:github\.com|gitlab\.com|twitter\.com|x\.com|facebook\.com"
    r"|instagram\.com|t\.me|keybase\.io|xing\.com/profile|threads\.net|bsky\.app/profile|orcid\.org)/[^/?#]+"
    r"|[^/]+/@[^/?#]+)"
)


class Identity(NamedTuple):
    """What is compared of a person; `path` names them, in a vault or as a line of a file."""

    path: str
    name: str
    aliases: tuple[str, ...] = ()
    uid: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    birthday: Birthday | None = None


class Match(NamedTuple):
    """Somebody who is, or may be, the same person, with the evidence in words."""

    path: str
    verdict: str
    evidence: tuple[str, ...]


class Phone(NamedTuple):
    digits: str
    has_country: bool


def uid_of(contact: Contact) -> str:
    """What other programs know somebody by: the note's `uid`, else one made of its path, the same each time."""
    if contact.uid:
        return contact.uid
    from uuid import NAMESPACE_URL, uuid5  # slow to load

    return str(uuid5(NAMESPACE_URL, f"mdmentor:{contact.path}"))


def identity_of(contact: Contact) -> Identity:
    called = contact.path, contact.name, contact.aliases, contact.uid
    addresses = contact.email, contact.phone, (contact.linkedin, *contact.url)
    return Identity(*called, *addresses, contact.company, contact.birthday)


def judge(one: Identity, other: Identity, shared: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """SAME, UNSURE or NONE, with the evidence in words, the strongest first.

    `shared` are the keys of addresses and numbers that several known people have.
    """
    if one.uid and one.uid == other.uid:
        return SAME, ("same UID",)
    sure: list[str] = []
    unsure: list[str] = []
    is_alike = _are_alike(one, other)
    for address in sorted(_emails(one) & _emails(other)):
        is_shared = address in shared or re.split(r"[@+]", address)[0] in _SHARED
        what = "same shared mailbox" if is_shared else "same e-mail address"
        (unsure if is_shared or not is_alike else sure).append(what)
    theirs = _phones(other)
    if number := next((p for p in _phones(one) if any(is_one_number(p, q) for q in theirs)), None):
        is_shared = number.digits[-7:] in shared or len(number.digits) < 9
        (unsure if is_shared or not is_alike else sure).append("same phone number")
    if _profiles(one) & _profiles(other):
        sure.append("same profile")
    if names := _names_in(_strict, one) & _names_in(_strict, other):
        is_whole = any(" " in key or not key.isascii() for key in names)
        is_one_company = is_whole and bool(_companies(one) & _companies(other))
        what = "same name and company" if is_one_company else "same name"
        (sure if is_one_company else unsure).append(what)
    elif _loose_names(one) & _loose_names(other):
        unsure.append("nearly the same name")
    evidence = (*dict.fromkeys(sure + unsure),)
    if not evidence:
        return NONE, ()
    if against := _against(one, other):
        return UNSURE, (*evidence, against)
    if unsure and not sure and not is_alike:
        return UNSURE, (*evidence, "the names differ")
    return SAME if sure else UNSURE, evidence


def _against(one: Identity, other: Identity) -> str:
    """What says that these are two people; "" for nothing."""
    if one.birthday and other.birthday and one.birthday[:2] != other.birthday[:2]:
        return "the birthdays differ"
    ours, theirs = ({p for p in _profiles(who) if p.startswith("linkedin.com/in/")} for who in (one, other))
    if ours and theirs and not ours & theirs:
        return "the profiles differ"
    ours, theirs = _emails(one), _emails(other)
    if not ours & theirs and {a.split("@")[-1] for a in ours} & {a.split("@")[-1] for a in theirs} - _PUBLIC:
        return "two addresses at one company"
    return ""


class Directory:
    """Known people by the keys that somebody else may share with them."""

    def __init__(self, people: Iterable[Identity] = ()) -> None:
        self._people: dict[str, Identity] = {}
        self._holders: dict[str, list[str]] = {}  # a key -> paths
        for person in people:
            self.add(person)

    def add(self, person: Identity, path: str = "") -> None:
        """Makes somebody known, under another path where one is given; or known by more keys than before."""
        path = path or person.path
        self._people[path] = person._replace(path=path)
        for key in _keys(person):
            holders = self._holders.setdefault(key, [])
            if path not in holders and len(holders) <= MOST_HOLDERS:
                holders.append(path)

    def person(self, path: str) -> Identity:
        return self._people[path]

    def find(self, person: Identity) -> list[Match]:
        """Everybody who is or may be this person, the strongest evidence first: UID, e-mail, phone, profile, name."""
        found = []
        holders = {key: self._holders.get(key, []) for key in _keys(person)}
        alike = chain.from_iterable(paths for paths in holders.values() if len(paths) <= MOST_HOLDERS)
        for path in {*alike} - {person.path}:
            verdict, evidence = judge(person, self._people[path], self._shared(person, holders, path))
            if verdict != NONE:
                found.append(Match(path, verdict, evidence))
        return sorted(found, key=lambda m: (m.verdict != SAME, ORDER.index(m.evidence[0]), m.path))

    def pairs(self) -> Iterator[tuple[str, Match]]:
        """Each pair of known people who are or may be one, from the one whose path comes first."""
        for path in sorted(self._people):
            for match in self.find(self._people[path]):
                if match.path > path:
                    yield path, match

    def _shared(self, person: Identity, holders: Mapping[str, Sequence[str]], but: str) -> set[str]:
        """The addresses and numbers of this person that somebody of another name has, too."""

        def is_another(path: str) -> bool:
            return path not in (person.path, but) and not _are_alike(person, self._people[path])

        return {key[1:] for key, paths in holders.items() if key[0] in "@+" and any(map(is_another, paths))}


ORDER = (
    "same UID",
    "same e-mail address",
    "same phone number",
    "same profile",
    "same name and company",
    "same shared mailbox",
    "same name",
    "nearly the same name",
)


@lru_cache(maxsize=1024)  # of somebody who is added, and then looked for
def _keys(person: Identity) -> frozenset[str]:
    """The keys by which somebody is found: each begins with a sign that says of what it is."""
    return frozenset(
        (
            *([f"!{person.uid}"] if person.uid else ()),
            *(f"@{address}" for address in _emails(person)),
            *(f"+{phone.digits[-7:]}" for phone in _phones(person)),
            *(f"/{profile}" for profile in _profiles(person)),
            *(f"={name}" for name in _loose_names(person)),
        )
    )


def email_key(address: str) -> str:
    return fold(address.strip()).removeprefix("mailto:")


def _emails(person: Identity) -> set[str]:
    return {email_key(address) for address in person.emails}


@lru_cache(maxsize=1024)
def phone_of(text: str) -> Phone | None:
    """The number in a text, whatever its notation; None for one too short to be anybody's own."""
    text = re.sub(r"(?i)\s*(?:ext\.?|x|#)\s*\d+\s*$|^tel:", "", text.strip())
    has_country = text.startswith(("+", "00"))
    digits = "".join(filter(str.isdecimal, re.sub(r"\(0\)", "", text) if has_country else text))
    digits = digits.removeprefix("00") if text.startswith("00") else digits
    if not has_country:
        digits = digits.lstrip("0")
        if len(digits) == 11 and digits[0] in "18":
            digits = digits[1:]  # the prefix of calls within the United States or Russia
    return Phone(digits, has_country) if 7 <= len(digits) <= 17 and digits.isascii() else None


def is_one_number(one: Phone, other: Phone) -> bool:
    """True for one number in two notations: a country code that only one of them has does not matter."""
    if one.has_country == other.has_country:
        return one.digits == other.digits
    whole, part = (one, other) if one.has_country else (other, one)
    return len(part.digits) >= 8 and whole.digits.endswith(part.digits)


def _phones(person: Identity) -> list[Phone]:
    # two numbers in one text are too long for one
    parts = (
        part for text in person.phones for part in ([text] if phone_of(text) else re.split(r" / |[,;]", text))
    )
    return [phone for part in parts if (phone := phone_of(part))]


@lru_cache(maxsize=4096)
def profile_of(url: str) -> str:
    """The address of somebody's own page, without what differs from link to link; "" for any other address."""
    if "%" in url:
        from urllib.parse import unquote  # slow to load, and few addresses need it

        url = unquote(url)
    text = re.sub(r"^(?:https?:)?(?://)?(?:www\.|m\.)?", "", fold(url)).rstrip("/")
    match = re.match(_PROFILES, text)
    profile = re.sub("/(?:mwlite/in|mwlite/pub|pub)/", "/in/", match[1]) if match else ""
    return re.sub("^twitter", "x", profile)


def _profiles(person: Identity) -> set[str]:
    return {profile for url in person.urls if (profile := profile_of(url))}


def _companies(person: Identity) -> set[str]:
    return {key for company in person.company if (key := company_key(company))}


@lru_cache(maxsize=16384)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name as one types them, without titles; a name in brackets or an address has none of its own."""
    if "@" in name:
        return ()
    plain = re.sub("['’ʼ]", "", fold_plain(re.sub(r"\([^()]*\)", " ", name)))  # O'Brien is OBrien
    plain = re.sub(r"[^\w\s-]", " ", plain)
    words = [word for word in re.split(r"[\s_-]+", plain) if word and word not in _TITLES]
    joined = "".join(words)
    if not joined.isascii() and all(is_within(_CHINESE_JAPANESE_KOREAN, c) for c in joined):
        return (joined,)  # names of these scripts are written with a blank and without
    return tuple(words)


@lru_cache(maxsize=16384)
def _strict(name: str) -> str:
    """A name for comparing, its words in any order: Müller, Mueller and Muller are one. Of an address or a picture all of it."""
    return " ".join(sorted(re.sub(r"([aou])e", r"\1", word) for word in _words(name))) or fold_plain(name)


@lru_cache(maxsize=16384)
def _loose(name: str) -> str:
    return " ".join(sorted(latin_words(name))) or fold_plain(name)


@lru_cache(maxsize=16384)
def latin_words(name: str) -> tuple[str, ...]:
    """A name in Latin letters, however it was transcribed: Мария is Maria and Mariya."""
    words = re.sub(r"([aou])e", r"\1", _latin(" ".join(_words(name)))).translate(str.maketrans("yj", "ii"))
    return tuple(re.sub(r"([^\W\d])\1+", r"\1", word) for word in words.split())


def _latin(text: str) -> str:
    if text.isascii():
        return text
    try:
        from anyascii import anyascii
    except ImportError:  # without the extra `doors` the letters stay as they are
        return text
    return anyascii(text).lower()


def _names(person: Identity) -> tuple[str, ...]:
    return (person.name, *person.aliases)


def _names_in(form: Callable[[str], str], person: Identity) -> set[str]:
    """The name, and aliases of two words or more: a nickname alone names too many."""
    aliases = {key for name in person.aliases if " " in (key := form(name)) or not key.isascii()}
    return ({form(person.name)} | aliases) - {""}


def _loose_names(person: Identity) -> set[str]:
    """Names that may be written in several ways, with the short forms of first names."""
    return _names_in(_loose, person).union(*map(_short_forms, _names(person)))


@lru_cache(maxsize=16384)
def _short_forms(name: str) -> frozenset[str]:
    """`Robert Smith` and `Bob Smith` have a form in common."""
    first, *rest = _words(name) or ("",)
    rows = _nicknames().get(first, ()) if rest else ()
    return frozenset(f"{number}~ {' '.join(rest)}" for number in rows)


@lru_cache(maxsize=1)
def _nicknames() -> dict[str, tuple[int, ...]]:
    """Each first name -> the numbers of its rows in the list."""
    found: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(_NICKNAMES_WRITTEN.split(";")):
        for word in row.split():
            found[word] = (*found.get(word, ()), number)
    return found


def _are_alike(one: Identity, other: Identity) -> bool:
    """Whether two people at one address may be one person by their first names; families share the others."""
    ours, theirs = ([_words(name) for name in _names(who)] for who in (one, other))
    if not any(ours) or not any(theirs):
        return True  # one of them has only an address for a name
    return any(_is_like(a, b) for a in ours for b in theirs if a and b)


def _is_like(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    ours, theirs = " ".join(one), " ".join(other)
    if set(one) == set(other) or _strict(ours) == _strict(theirs) or _loose(ours) == _loose(theirs):
        return True
    first, second = one[0], other[0]
    if first == second or set(_nicknames().get(first, ())) & set(_nicknames().get(second, ())):
        return True
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) == 1 and longer.startswith(shorter) and one[-1] == other[-1]
