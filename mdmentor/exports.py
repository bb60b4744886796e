"""People who may leave the vault, as the values that the writers of formats take.

Every door asks the rule of `core/trust.py` here. Nothing is written; each function gives values or text.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

from mdmentor.core import serialize
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.model import Contact, Interaction, Person, Promise
from mdmentor.core.names import fold, fold_key, fold_plain, stem, unlink
from mdmentor.core.privacy import private_lines
from mdmentor.core.same_person import uid_of
from mdmentor.core.text import json_text, plain_words
from mdmentor.core.trust import OUTWARD, is_left_out, last_day, public_person
from mdmentor.core.words import PERSON
from mdmentor.formats.content_lines import escape_address, render_vcard
from mdmentor.formats.csv_writer import render_csv
from mdmentor.formats.person import BESIDE, NOTES, FormatPerson, texts_of
from mdmentor.index import notes, people
from mdmentor.queries import Queries

SCHEMA_VERSION = 1  # of the JSON document; grows when a key changes its meaning
_JSON_BEGIN = f'{{\n"generated_by": "mdmentor",\n"schema_version": {SCHEMA_VERSION},\n"contacts": ['
_IMPORTED = rf"(?ms)^##[ \t]+{NOTES}[ \t]*\n(.*?)(?=^\#{{1,2}}[ \t]|\Z)"
_RELATED = r"- ([^:\n]{1,60}): (.+)"
_LINK = re.compile(r"\[\[([^\[\]|#]+)[^\[\]]*\]\]|\[[^\[\]]*\]\(<?([^()<>#]+)[^()<>]*>?\)")


class Exporter:
    """The people who may leave in a format. `asked` is `--with-confidential`."""

    def __init__(self, queries: Queries, form: str, *, asked: bool = False) -> None:
        self.queries, self.form, self.asked = queries, form, asked
        listed = sorted(people.contacts(queries.index), key=lambda who: (who.name.casefold(), who.path))
        self.contacts = [who for who in listed if not is_left_out(who, asked=asked)]
        self.confidential = sum(who.confidential for who in listed)  # left out, or included when asked
        unnamed = [who for who in listed if is_left_out(who, asked=asked)]
        called = {name for who in unnamed for name in (who.name, stem(who.path), *who.aliases)}
        self._unnamed = set(map(fold, called))
        longest_first = sorted(map(re.escape, called), key=len, reverse=True)
        self._names = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")

    def render(self) -> Iterator[str]:
        """The pieces of the document."""
        if self.form == "json":
            return self.json_document()
        return render_csv(self.people()) if self.form == "csv" else (card for _, card in self.vcards())

    def people(self) -> Iterator[FormatPerson]:
        """Everybody, by name, each with a UID of their own."""
        today, colleagues = self.queries.today, self.queries.colleague_paths()
        taken: set[str] = set()
        # of several people of one name by UID, which an import keeps, as it need not keep the path
        order = [c.path for c in sorted(self.contacts, key=lambda c: (_name(c).casefold(), uid_of(c)))]
        texts = self._public_texts() if self.form == "vcard" else {}
        for whole in people.people(self.queries.index, order):
            path = whole.contact.path
            person = person_of(self.public(whole), today)
            if path in texts:
                person = self._with_imported(person, path, texts[path])
            if person.uid in taken:  # a note that is a copy of another
                person = person._replace(uid=uid_of(whole.contact._replace(uid="")))
            taken.add(person.uid)
            yield person._replace(colleague=path in colleagues)

    def public(self, whole: Person) -> Person:
        """What of a person may leave, with nobody named who is left out.

        Every line of a confidential note is private; of one that was asked for only those that say so themselves are.
        """
        path = whole.contact.path
        if whole.contact.confidential and self.asked:
            text = notes.private_text(self.queries.index, path)
            hidden = private_lines(text, read_head(path, text).body_line)

            def is_open(one: Interaction | Promise) -> bool:
                return one.path == path and one.line not in hidden

            def opened(found: Iterable[Promise]) -> tuple[Promise, ...]:
                return tuple(one._replace(private=not is_open(one)) for one in found)

            talks = (
                one._replace(marks=tuple(m for m in one.marks if m != "private")) if is_open(one) else one
                for one in whole.interactions
            )
            whole = Person(whole.contact, tuple(talks), opened(whole.promises), opened(whole.planned))
        return self.without_names(public_person(whole, OUTWARD, asked=self.asked))

    def without_names(self, person: Person) -> Person:
        """The person, with nobody named who is left out."""
        if not self._unnamed:
            return person
        contact = person.contact
        introducers = contact.introduced_by.split(", ")
        named = [name for name in introducers if fold(unlink(name)) not in self._unnamed]
        return Person(
            contact._replace(
                introduced_by=", ".join(named),
                # some are read without the brackets of their links
                met=self._masked(contact.met),
                role=self._masked(contact.role),
                source=tuple(map(self._masked, contact.source)),
                helps_with=tuple(map(self._masked, contact.helps_with)),
                wants=tuple(map(self._masked, contact.wants)),
            ),
            tuple(line._replace(text=self.without_links(line.text)) for line in person.interactions),
            tuple(one._replace(text=self.without_links(one.text)) for one in person.promises),
            tuple(one._replace(text=self.without_links(one.text)) for one in person.planned),
        )

    def _masked(self, text: str) -> str:
        return self._names.sub("somebody", self.without_links(text))

    def without_links(self, text: str) -> str:
        """The text, with "somebody" for each link to somebody who is left out."""

        def shown(match: re.Match[str]) -> str:
            name = stem(match[1] or unquote(match[2]))
            return "somebody" if fold(name) in self._unnamed else match[0]

        return _LINK.sub(shown, text) if "[" in text else text

    def vcards(self) -> Iterator[tuple[str, str]]:
        """UID and card of everybody."""
        return ((person.uid, render_vcard(person)) for person in self.people())

    def _with_imported(self, person: FormatPerson, path: str, text: str) -> FormatPerson:
        """The person with what an import put into the note's public text, and no column or key of ours holds."""
        head = read_head(path, text)
        beside = {fold_key(key): key for key in BESIDE}
        more = [(beside[field.key], field.values) for field in head.fields if field.key in beside]
        section = re.search(_IMPORTED, text)
        lines = section[1].split("\n") if section else []
        related = [match for line in lines if (match := re.fullmatch(_RELATED, line))]
        notes = [plain_words(self.without_links(line)) for line in lines if not re.fullmatch(_RELATED, line)]
        return person._replace(
            more=(*person.more, *((key, found) for key, values in more if (found := _plain(values)))),
            notes=re.sub(r"\n{3,}", "\n\n", "\n".join(notes)).strip(),
            relations=tuple(
                (plain_words(match[1]), plain_words(match[2]))
                for match in related
                if fold(unlink(match[2])) not in self._unnamed
            ),
        )

    def _public_texts(self) -> dict[str, str]:
        """Path -> text without private lines, of the notes that an import may have put more into."""
        found = {}
        for path, shown, private in notes.contact_texts(self.queries.index, (NOTES, *BESIDE)):
            if not shown and self.asked:  # confidential, so that all of it stands apart
                hidden = private_lines(private, read_head(path, private).body_line)
                rows = enumerate(private.split("\n"), 1)
                shown = "\n".join("" if number in hidden else row for number, row in rows)
            found[path] = shown
        return found

    def json_document(self) -> Iterator[str]:
        """What `contacts --json` prints, under a number that says what its keys mean.

        A last contact on a private line, and what is due by it, stay here.
        """
        begin = _JSON_BEGIN
        paths = (who.path for who in self.contacts)
        for card in self.queries.plain_cards(paths, OUTWARD, asked=self.asked):
            who = card.person
            who = (
                self.public(self.queries.person(who.contact.path))
                if who.contact.confidential
                else self.without_names(who)
            )
            assessment, last = card.assessment, last_day(who, self.queries.today)
            if assessment.last_contact != last:
                assessment = assessment._replace(last_contact=last, due=None)
            card = card._replace(person=who, assessment=assessment)
            yield f"{begin}\n{json_text(json.dumps(serialize.contact(card), ensure_ascii=False))}"
            begin = ","
        yield f"{_JSON_BEGIN}]\n}}\n" if begin == _JSON_BEGIN else "\n]\n}\n"


def _name(who: Contact) -> str:
    """The name in plain words; that of the note where it says none."""
    return plain_words(who.name) or stem(who.path)


def person_of(person: Person, today: date) -> FormatPerson:
    """What an export says of a person: the fields of their note, and the last day of contact."""
    who = person.contact
    last = last_day(person, today)
    cadence = "none" if who.cadence_none else str(who.cadence_days or "")
    more = {
        "cadence": cadence,
        "tier": who.tier,
        "last_contact": last,
        "snooze": who.snooze,
        "contact": "never" if who.paused else "",
        "helps_with": _plain(who.helps_with),
        "wants": _plain(who.wants),
        "mentor": who.mentor,
        "support": who.support,
    }
    texts = ("role", "location", "met", "introduced_by")
    lists = ("aliases", "email", "phone", "company", "source")
    values: dict[str, Any] = {name: plain_words(getattr(who, name)) for name in texts}
    values |= {name: _plain(getattr(who, name)) for name in lists}
    values |= {name: getattr(who, name) for name in ("birthday", "met_on", "next", "confidential")}
    return FormatPerson(
        **values,
        name=_name(who),
        uid=uid_of(who),
        url=tuple(map(escape_address, who.url)),
        linkedin=escape_address(who.linkedin),
        # that they are people need not be said
        tags=tuple(tag for tag in who.tags if fold_plain(tag) not in PERSON),
        more=tuple((key, found) for key, value in more.items() if (found := texts_of(value))),
    )


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(plain_words, texts)))
