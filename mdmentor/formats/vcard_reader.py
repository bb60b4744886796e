"""vCards read: 2.1, 3.0 and 4.0, as iPhone, Android, Outlook, Gmail, Evolution, Thunderbird and khard write them.

A file is split into cards, without their photos, and each card is read by itself, so that several processes can share
the work. A broken card costs that card alone: it comes back as `Unreadable`, with its first line.
"""

import re
from binascii import a2b_qp
from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat
from typing import NamedTuple

from mdmentor.core.dates import parse_birthday
from mdmentor.core.model import Birthday
from mdmentor.formats.person import FormatPerson, Unreadable
from mdmentor.formats.text import decode, one_line, unique

MOST_BYTES = 1 << 20  # of one value, and of all that is kept of one card
_BINARY = {"PHOTO": "photo", "LOGO": "logo", "SOUND": "sound", "KEY": "key", "X-MS-CARDPICTURE": "photo"}
# Of the card and not of the person, or said in another property as well.
_WRITTEN = (
    "BEGIN END VERSION PRODID REV SOURCE NAME PROFILE MAILER SORT-STRING CLASS LABEL CLIENTPIDMAP CALURI"
    " CALADRURI FBURL KIND AGENT XML"
)
_OF_THE_CARD = frozenset(_WRITTEN.split())
# Of the person, among the many properties that programs add for themselves.
_ADDED = (
    "X-ABDATE X-MAIDENNAME X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-AIM X-ICQ X-JABBER X-MSN X-YAHOO X-SKYPE X-SKYPE-USERNAME"
    " X-GOOGLE-TALK X-QQ X-TWITTER X-GADUGADU X-MS-IMADDRESS"
)
_ADDED_FACTS = frozenset(_ADDED.split())
_OF_ANDROID = "vnd.android.cursor.item/"
_BORDER = re.compile(rb"(?i)\s*(BEGIN|END)\s*:\s*VCARD\s*\Z")
_PROPERTY = re.compile(rb"\s*(?:[A-Za-z0-9_-]+\.)?([A-Za-z][A-Za-z0-9_-]*)\s*[;:]")
_HEAD = re.compile(rb'(?:[^":]+|"[^"]*")*')
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_ESCAPE = re.compile(r"(?s)\\(.)")
_DAY = re.compile(r"(?P<year>\d{4}|-)-?(?P<month>\d\d)-?(?P<day>\d\d)(?:[T ].*)?$")
_NO_PHONE, _PHONE = {"fax", "pager", "homefax", "workfax"}, {"voice", "cell"}  # types of a TEL
_RELATED = (
    "RELATED",
    "X-ABRELATEDNAMES",
    *(f"X-{x}{who}" for x in ("", "EVOLUTION-") for who in ("SPOUSE", "MANAGER", "ASSISTANT")),
)
_NO_YEAR = 1604  # Apple's
_NO_END = "the card has no END:VCARD"


class _Property(NamedTuple):
    name: str  # upper case
    group: str  # "item1" of item1.EMAIL
    parameters: dict[str, list[str]]  # upper-case name -> values
    value: str  # escaped, as written

    def types(self) -> set[str]:
        return {word.lower() for word in self.parameters.get("TYPE", ())}

    def parameter(self, name: str) -> str:
        return next(iter(self.parameters.get(name, ())), "")

    def text(self) -> str:
        return _unescaped(self.value).strip()

    def parts(self, separator: str = ";") -> list[str]:
        """The components of a structured value, or with a comma the values of a list."""
        pieces = re.findall(rf"(?s)((?:[^\\{separator}]|\\.|\\$)*)(?:{separator}|$)", self.value)
        return [_unescaped(piece).strip() for piece in pieces[:-1]]


def split_cards(lines: Iterable[bytes]) -> "Iterator[Card | Unreadable]":
    """The cards of a file given as its lines, a very long one in pieces."""
    card: Card | None = None
    for number, line in enumerate(_numbered(lines), 1):
        border = _border(line)
        if border == b"BEGIN":
            if card is not None and card.is_open("AGENT"):
                card.depth += 1
                continue
            if card is not None:
                yield Unreadable(card.line, _NO_END)
            card = Card(number)
        elif card is not None and border == b"END":
            if card.depth:
                card.depth -= 1
                continue
            yield card
            card = None
        elif card is not None and not card.depth:
            card.add(line)
    if card is not None:
        yield Unreadable(card.line, _NO_END)


def is_begin(line: bytes) -> bool:
    """Whether a card begins with this line."""
    return _border(line) == b"BEGIN"


def _border(line: bytes) -> bytes:
    """BEGIN where a card begins with this line, END where it ends, b"" where neither."""
    match = _BORDER.match(line)
    return match[1].upper() if match else b""


def _numbered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines without their newlines, the pieces of a long one joined up to the limit."""
    begun = b""
    for line in lines:
        if not line.endswith((b"\n", b"\r")):
            begun = (begun + line)[: MOST_BYTES + 1]
            continue
        yield (begun + line).rstrip(b"\r\n")
        begun = b""
    if begun:
        yield begun


class Card:
    """The lines of one card, gathered into properties."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.depth = 0  # of nested cards
        self.size = 0
        self.properties: list[bytearray] = []
        self.left_out: list[str] = []
        self._is_skipping = False  # the lines of a photo, or of a value that is too long
        self._is_open_quoted = False  # quoted-printable that goes on in the next line

    def is_open(self, name: str) -> bool:
        return bool(self.properties) and self.properties[-1].strip().upper().rstrip(b":") == name.encode()

    def add(self, line: bytes) -> None:
        """One more physical line: folded onto the property before it, or a new one."""
        if self._is_open_quoted:
            self._is_open_quoted = line.endswith(b"=")
            self._join(line[:-1] if self._is_open_quoted else line)
            return
        if line[:1] in (b" ", b"\t"):
            self._join(line[1:])
            return
        match = _PROPERTY.match(line)
        if match is None:
            # no property: the rest of a value with line ends in it, or of a photo
            if line.strip():
                self._join(b"\\n" + line)
            return
        name = match[1].decode().upper()
        self._is_skipping = name in _BINARY
        if self._is_skipping:
            self.left_out.append(_BINARY[name])
            return
        head = line[:400].split(b":", 1)[0].upper()
        if b"QUOTED-PRINTABLE" in head and line.endswith(b"="):
            self._is_open_quoted = True
            line = line[:-1]
        self.properties.append(bytearray())
        self._join(line)

    def _join(self, piece: bytes) -> None:
        if self._is_skipping or not self.properties:
            return
        if self.size + len(piece) > MOST_BYTES:
            self._is_skipping = True
            begun = bytes(self.properties.pop())
            name = re.split(rb"[;:]", begun or piece, maxsplit=1)[0].decode(errors="replace").lower()
            self.left_out.append(f"a very long {one_line(name)[:40]}")
            return
        self.size += len(piece)
        self.properties[-1] += piece

    def read(self) -> FormatPerson | Unreadable:
        """Whose card it is; a group's or company's is `Unreadable`."""
        found = _Found([one for raw in self.properties if (one := _property(bytes(raw))) is not None])
        if why := found.why_no_person():
            return Unreadable(self.line, why)
        person = found.person()
        if not person.name:
            return Unreadable(self.line, "the card names nobody")
        return person._replace(line=self.line, left_out=(*self.left_out, *person.left_out))


def _property(raw: bytes) -> _Property | None:
    """One unfolded line taken apart; None for one without a colon."""
    end = raw.find(b":")
    if b'"' in raw[:end]:  # a colon in quotes ends nothing
        match = _HEAD.match(raw)
        end = match.end() if match and raw.startswith(b":", match.end()) else end
    if end < 0:
        return None
    head, body = decode(raw[:end]), raw[end + 1 :]
    label, _, rest = head.partition(";")
    group, _, name = label.strip().rpartition(".")
    parameters: dict[str, list[str]] = {}
    if not rest:
        return _Property(name.strip().upper(), group.lower(), parameters, decode(body))
    for written in _PARAMETER.findall(f";{rest}"):
        key, equals, value = written.partition("=")
        if not equals:  # of 2.1: `TEL;HOME;QUOTED-PRINTABLE`
            word = key.strip().upper()
            is_encoding = word in ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B")
            key, value = ("ENCODING" if is_encoding else "TYPE"), word
        values = [v.strip().strip('"') for v in re.findall(r'"[^"]*"|[^,]+', value)]
        # RFC 6868: ^n is a line end, ^' a double quote
        plain = (re.sub(r"\^([n'^])", lambda m: {"n": "\n", "'": '"', "^": "^"}[m[1]], v) for v in values)
        parameters.setdefault(key.strip().upper(), []).extend(plain)
    encoding, charset = (next(iter(parameters.get(k, ())), "") for k in ("ENCODING", "CHARSET"))
    if encoding.upper() == "QUOTED-PRINTABLE":
        body = a2b_qp(body)
        text = decode(body, charset).replace("\r\n", "\n").replace("\n", "\\n")
    else:
        text = decode(body, charset)
    return _Property(name.strip().upper(), group.lower(), parameters, text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], text) if "\\" in text else text


class _Found:
    """The properties of one card by what they say."""

    def __init__(self, properties: list[_Property]) -> None:
        self.by_name: dict[str, list[_Property]] = {}
        for one in properties:
            self.by_name.setdefault(one.name, []).append(one)
        self.labels = {one.group: one.text() for one in self.by_name.get("X-ABLABEL", ()) if one.group}
        self.used: set[str] = set()

    def take(self, *names: str) -> list[_Property]:
        """The properties of these names that hold anything, the preferred ones first."""
        self.used.update(names)
        found = [one for name in names for one in self.by_name.get(name, ()) if one.value.strip(" ;,")]
        return sorted(found, key=_preference) if len(found) > 1 else found

    def texts(self, *names: str) -> tuple[str, ...]:
        found = self.take(*names)
        return unique(one_line(one.text()) for one in found) if found else ()

    def first(self, *names: str) -> str:
        return next(iter(self.texts(*names)), "")

    def why_no_person(self) -> str:
        kind = (self.first("KIND") or self.first("X-ADDRESSBOOKSERVER-KIND")).lower()
        if kind in ("group", "location", "application", "device", "thing"):
            return f"it is a {kind}, no person"
        if kind in ("org", "organization") or self.first("X-ABSHOWAS").lower() == "company":
            return "it is a company, no person"
        return ""

    def person(self) -> FormatPerson:
        emails = unique(re.sub(r"(?i)^mailto:", "", text) for text in self.texts("EMAIL"))
        numbers = self.take("TEL")
        faxes = [one for one in numbers if one.types() & _NO_PHONE and not one.types() & _PHONE]
        texts = (one_line(one.text()) for one in numbers if one not in faxes)
        phones = unique(re.sub(r"(?i)^tel:", "", text).replace(";ext=", " ext. ") for text in texts)
        android = [one.parts() for one in self.take("X-ANDROID-CUSTOM")]
        added = [(parts[0].removeprefix(_OF_ANDROID), one_line(parts[1])) for parts in android if parts[1:]]
        aliases = unique(
            (
                *(one_line(part) for one in self.take("NICKNAME") for part in one.parts(",")),
                *(text for what, text in added if what == "nickname"),
                *self.texts("FN")[1:],  # in other scripts
            )
        )
        organisations = [one.parts() for one in self.take("ORG")]
        company = unique(one_line(parts[0]) for parts in organisations)
        departments = unique(one_line(", ".join(filter(None, parts[1:]))) for parts in organisations)
        titles, roles = self.texts("TITLE"), self.texts("ROLE")
        urls, linkedin = self._addresses()
        birthday, odd_birthday = self._birthday()
        location, address = self._places()
        own = self._own_keys()
        gone = ("never",) if self.take("DEATHDATE") else ()
        extra = {"department": departments, "postal_address": address, "contact": gone}
        name = self._name() or next(iter((*aliases, *company, *emails, *phones)), "")
        return FormatPerson(
            name=name,
            uid=self.first("UID")[:300],
            aliases=tuple(alias for alias in aliases if alias != name),
            email=emails,
            phone=phones,
            url=urls,
            linkedin=linkedin,
            company=company,
            role=next(iter((*titles, *roles)), ""),
            location=location,
            birthday=birthday,
            tags=unique(
                one_line(part)
                for one in self.take("CATEGORIES")
                for part in one.parts(",")
                if part != "myContacts"  # Google's own
            ),
            relations=tuple(self._relations()),
            notes="\n\n".join(dict.fromkeys(one.text() for one in self.take("NOTE"))),
            more=(*((key, values) for key, values in extra.items() if values), *own),
            left_out=(
                *("fax" for _ in faxes),
                *odd_birthday,
                *(one_line(what)[:40] for what, text in added if what != "nickname" and text),
                *self._unused(),
            ),
        )

    def _name(self) -> str:
        whole = self.first("FN")
        parts = [one.parts() for one in self.take("N")]
        known = map(one_line, parts[0] if parts else [])
        family, given, middle, before, behind = islice(chain(known, repeat("")), 5)
        before_comma, comma, after_comma = (part.strip() for part in whole.partition(","))
        is_turned = comma and given and before_comma == family and after_comma.startswith(given)
        if whole and not is_turned:
            return whole
        return " ".join(" ".join((before, given, middle, family, behind)).replace(",", " ").split()) or whole

    def _addresses(self) -> tuple[tuple[str, ...], str]:
        """Web addresses, and that of a profile at LinkedIn apart."""
        urls: list[str] = []
        linkedin = ""
        for one in self.take("URL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", "X-LINKEDIN"):
            text = re.sub(r"(?i)^x-apple:", "", one_line(one.text()))
            if not text:
                continue
            is_profile = "linkedin.com/" in text.lower() or "linkedin" in one.types()
            if one.name == "X-LINKEDIN" or (is_profile and not linkedin):
                linkedin = linkedin or text
            else:
                urls.append(text)
        return unique(urls), linkedin

    def _birthday(self) -> tuple[Birthday | None, tuple[str, ...]]:
        """The first that is a day, and in words the values that are none."""
        odd: list[str] = []
        for one in self.take("BDAY"):
            text = one.text()
            if match := _DAY.match(text):
                text = "-".join(filter(None, (match["year"].strip("-"), match["month"], match["day"])))
            if birthday := parse_birthday(text):
                omitted = (str(_NO_YEAR), one.parameter("X-APPLE-OMIT-YEAR"))
                return birthday._replace(year=None) if str(birthday.year) in omitted else birthday, tuple(odd)
            odd.append(f'birthday "{one_line(text)[:40]}"')
        return None, tuple(odd)

    def _places(self) -> tuple[str, tuple[str, ...]]:
        """Town and country, and whole addresses that say more."""
        town, whole = "", []
        for one in self.take("ADR"):
            parts = chain(map(one_line, one.parts()), repeat(""))
            box, more, street, city, region, code, country = islice(parts, 7)
            town = town or ", ".join(filter(None, (city or region, country)))
            if box or more or street or code:
                lines = (box, more, street, f"{code} {city}".strip(), region, country)
                whole.append(", ".join(filter(None, lines)))
        return town, unique(whole)

    def _relations(self) -> Iterator[tuple[str, str]]:
        for one in self.take(*_RELATED):
            label = re.sub(r"^_\$!<(.*)>!\$_$", r"\1", self.labels.get(one.group, ""))
            types = " ".join(sorted(one.types())) if one.name == "RELATED" else one.name.rsplit("-", 1)[-1]
            yield one_line((label or types).lower()), one_line(one.text())

    def _own_keys(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The keys that our own export adds."""
        for name in [name for name in self.by_name if name.startswith("X-MDMENTOR-")]:
            values = unique(one_line(part) for one in self.take(name) for part in one.parts(","))
            if values:
                yield name.removeprefix("X-MDMENTOR-").lower().replace("-", "_"), values

    def _unused(self) -> tuple[str, ...]:
        """The properties about the person that are not imported."""
        left = [name for name in self.by_name if name not in self.used and name not in _OF_THE_CARD]
        return tuple(name.lower() for name in left if name in _ADDED_FACTS or not name.startswith("X-"))


def _preference(one: _Property) -> int:
    pref = one.parameter("PREF")
    return int(pref) if pref.isdigit() and len(pref) < 4 else 1 if "pref" in one.types() else 101
