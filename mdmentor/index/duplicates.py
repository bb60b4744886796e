"""Hints at contacts of one name, and at pairs that are the same person, found from the keys that two rows share.

Only contacts who share an address, a number, a profile, a UID, or a name at one company are compared, as this runs
whenever one of these has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from itertools import chain, groupby

from mdmentor.core.model import HINT, Contact, Problem
from mdmentor.core.same_person import SAME, Directory, email_key, identity_of, phone_of, profile_of
from mdmentor.core.text import shell_word
from mdmentor.core.trust import company_key
from mdmentor.index import Index, people
from mdmentor.index.rows import contact_from_row

_Known = tuple[int, Contact]  # a note's number and its contact

_VALUES = """
    SELECT n.id, v.key, e.value FROM note n, json_each(n.data) v,
        json_each(CASE v.type WHEN 'array' THEN v.value ELSE json_array(v.value) END) e
    WHERE n.kind = 'contact' AND v.key IN ('uid', 'email', 'phone', 'linkedin', 'url')
"""
# A name makes two notes one person only at one company. Namesakes are many, and would be compared with every update.
_NAMES = """
    SELECT m.note, 'name', json_array(m.plain, c.value) FROM name m CROSS JOIN note n ON n.id = m.note
        JOIN json_each(n.data, '$.company') c
    WHERE m.plain IN (SELECT plain FROM name GROUP BY plain HAVING count(*) > 1) AND n.kind = 'contact'
"""


def hints(index: Index) -> Iterator[tuple[int, Problem]]:
    """(note, hint) for both notes of each pair that no note tells apart."""
    apart = {frozenset(pair[:2]) for pair in people.apart(index)}
    pairs = [*_same_people(index, apart)]
    yield from _namesakes(index, apart.union(frozenset((a.path, b.path)) for (_, a), (_, b), _ in pairs))
    for (one, ours), (other, theirs), why in pairs:
        yield one, _hint(ours, theirs, why)
        yield other, _hint(theirs, ours, why)


def _namesakes(index: Index, apart: Set[frozenset[str]]) -> Iterator[tuple[int, Problem]]:
    """A hint for each of several contacts that have one name."""
    found = index.execute(
        # first the few names that come twice, from the index on them
        "SELECT m.plain, n.id, n.path, m.text FROM name m CROSS JOIN note n ON n.id = m.note"
        " WHERE m.plain IN (SELECT plain FROM name GROUP BY plain HAVING count(*) > 1)"
        " AND n.kind = 'contact' AND m.what = 'name' ORDER BY m.plain, n.path"
    )
    for _, rows in groupby(found.fetchall(), lambda row: row[0]):
        contacts = [(number, path, name) for _, number, path, name in rows]
        for at, (number, path, name) in enumerate(contacts):
            others = (one[1] for one in chain(contacts[:at][::-1], contacts[at + 1 :]))
            other = next((one for one in others if frozenset((path, one)) not in apart), None)
            if other is not None:
                what = f'"{name}" is also the name of the contact {other}'
                merge = f"mdmentor merge {shell_word(other)} into {shell_word(path)}"
                fix = f"of one person make one note: {merge}; else add what tells them apart to one of the names"
                yield number, Problem(path, 1, 1, HINT, "same-name", what, fix)


def _same_people(index: Index, apart: Set[frozenset[str]]) -> Iterator[tuple[_Known, _Known, str]]:
    """Both notes of each pair that is the same person, and the evidence in brackets."""
    known = {contact.path: (number, contact) for number, contact in _candidates(index)}
    for path, match in Directory(identity_of(contact) for _, contact in known.values()).pairs():
        if match.verdict == SAME and frozenset((path, match.path)) not in apart:
            one, other = known[path], known[match.path]
            is_hidden = one[1].confidential or other[1].confidential
            yield one, other, "" if is_hidden else f" ({', '.join(match.evidence)})"


def _hint(who: Contact, other: Contact, why: str) -> Problem:
    what = f'"{who.name}" is probably the same person as {other.path}{why}'
    mine, theirs = shell_word(who.path), shell_word(other.path)
    fix = f"make one note of them: mdmentor merge {theirs} into {mine}"
    fix += f"; if they are two people: mdmentor distinct {mine} {theirs}"
    return Problem(who.path, 1, 1, HINT, "same-person", what, fix)


def _candidates(index: Index) -> Iterator[_Known]:
    """The contacts who share a key with another one."""
    query = (
        "SELECT id, path, title, data FROM note WHERE id IN (SELECT value FROM json_each(?)) ORDER BY path"
    )
    for number, *row in index.execute(query, (json.dumps(_sharing(index)),)):
        yield number, contact_from_row(*row)


def _sharing(index: Index) -> list[int]:
    """The numbers of the contacts who share a key with another one."""
    first: dict[str, int] = {}  # the contact in which a key was found first
    sharing: set[int] = set()
    for statement in (_VALUES, _NAMES):
        for number, kind, value in index.execute(statement):
            if (key := _key(kind, str(value))) and (other := first.setdefault(key, number)) != number:
                sharing |= {other, number}
    return sorted(sharing)


def _key(kind: str, value: str) -> str:
    if kind == "email":
        return f"@{email_key(value)}"
    if kind == "phone":
        phone = phone_of(value)
        return f"+{phone.digits[-7:]}" if phone else ""
    if kind in ("linkedin", "url"):
        profile = profile_of(value)
        return f"/{profile}" if profile else ""
    if kind == "name":
        name, company = json.loads(value)
        return f"={name} {company_key(company)}" if company_key(company) else ""
    return f"!{value}"
