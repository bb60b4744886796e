"""Monica's JSON export (`"version": "1.0-preview.1"`).

Notes, activities and calls become dated talks, relationships the names of others, the next reminder a date. Photos,
gifts, debts and whatever else there is no place for are counted as left out.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from mdmentor.core.dates import add_days, add_months, parse_date
from mdmentor.core.model import Birthday
from mdmentor.core.text import clean
from mdmentor.formats.person import FormatPerson, Talk, Unreadable
from mdmentor.formats.text import one_line, unique

Values = Mapping[str, Any]
_TALKS = (  # a kind of value, which of its properties says when, the channel, which say what
    ("call", "called_at", "call", ("content",)),
    ("activity", "happened_at", "", ("summary", "description")),
    ("note", "", "note", ("body",)),
)
_READ = frozenset({"note", "activity", "call", "reminder", "contact_field", "address"})


def is_monica(document: object) -> bool:
    """Whether a JSON document is an export of an account."""
    account = document.get("account") if isinstance(document, dict) else None
    return isinstance(account, dict) and isinstance(account.get("data"), list)


def read_monica(document: Values, today: date) -> Iterator[FormatPerson | Unreadable]:
    """Everybody in the account; of a `partial` contact, a relative without a page of their own, only the name is used."""
    account = _mapping(document.get("account"))
    contacts = _values(account, "contact")
    names = {_text(one, "uuid"): _name(_properties(one)) for one in contacts}
    activities = {_text(one, "uuid"): one for one in _values(account, "activity")}
    kinds = _field_kinds(account)
    relations: dict[str, list[tuple[str, str]]] = {}
    for one in map(_properties, _values(account, "relationship")):
        # "contact_is" is the `type` of "of_contact"
        other, whose = names.get(_text(one, "contact_is"), ""), _text(one, "of_contact")
        if other and whose:
            relations.setdefault(whose, []).append((one_line(_text(one, "type").replace("_", " ")), other))
    for number, contact in enumerate(contacts, 1):
        properties = _properties(contact)
        name = names[_text(contact, "uuid")]
        if not name:
            yield Unreadable(number, f"contact {number} of the file has no name")
        elif _is_set(properties, "is_partial"):
            yield Unreadable(number, f"{name} is in Monica only as a relative of somebody")
        else:
            person = _person(name, contact, activities, kinds, today)
            through = names.get(_text(properties, "first_met_through"), "")
            known = tuple(relations.get(person.uid, ()))
            yield person._replace(introduced_by=through, relations=known, line=number)


def _person(
    name: str, contact: Values, activities: Mapping[str, Values], kinds: Mapping[str, str], today: date
) -> FormatPerson:
    properties = _properties(contact)
    fields = [
        (kinds.get(_text(one, "type"), ""), one_line(_text(one, "data")))
        for one in map(_properties, _values(contact, "contact_field"))
    ]
    emails = unique(value for kind, value in fields if kind == "email" or (not kind and "@" in value))
    phones = unique(value for kind, value in fields if kind == "phone" or (not kind and _is_phone(value)))
    urls = [value for _, value in fields if value not in (*emails, *phones)]
    linkedin = next((url for url in urls if "linkedin.com/" in url.lower()), "")
    places = [_properties(one) for one in _values(contact, "address")]
    towns = [_joined(place, "city", "country") for place in places]
    whole = unique(
        _joined(p, "street", "postal_code", "city", "province", "country") for p in places if p.get("street")
    )
    company, nickname = one_line(_text(properties, "company")), one_line(_text(properties, "nickname"))
    frequency = one_line(_text(properties, "stay_in_touch_frequency"))
    talks = _talks(contact, activities)
    last = _day(_text(properties, "last_talked_to"))
    is_last_known = last is None or any(talk.day >= last for talk in talks)
    is_gone = _is_set(properties, "is_dead") or _is_unset(properties, "is_active")  # dead, or in the archive
    more = (
        ("postal_address", whole),
        ("cadence", (f"{frequency} days",) if frequency.isdigit() and frequency != "0" else ()),
        ("last_contact", () if is_last_known else (str(last),)),
        ("contact", ("never",) if is_gone else ()),
    )
    met = _birthday(properties.get("first_met_date"))
    texts = (_text(properties, key) for key in ("description", "food_preferences"))
    return FormatPerson(
        name=name,
        uid=_text(contact, "uuid"),
        aliases=(nickname,) if nickname and nickname != name else (),
        email=emails,
        phone=phones,
        url=unique(url for url in urls if url != linkedin),
        linkedin=linkedin,
        company=(company,) if company else (),
        role=one_line(_text(properties, "job")),
        location=next(filter(None, towns), ""),
        birthday=_birthday(properties.get("birthdate")),
        tags=unique(one_line(str(tag)) for tag in _list(properties.get("tags"))),
        met_on=date(met.year, met.month, met.day) if met and met.year else None,
        next=_next(contact, today),
        notes="\n\n".join(filter(None, texts)),
        talks=talks,
        more=tuple((key, values) for key, values in more if values),
        left_out=tuple(_left_out(contact, properties)),
    )


def _talks(contact: Values, activities: Mapping[str, Values]) -> tuple[Talk, ...]:
    """Calls, activities and notes, by day."""
    talks = []
    for kind, key, channel, keys in _TALKS:
        for one in _values(contact, kind, of_uuids=activities):
            properties = _properties(one)
            day = _day(_text(properties, key)) or _day(_text(one, "created_at"))
            text = ": ".join(filter(None, (clean(_text(properties, name)) for name in keys)))  # of any length
            if day and (text or channel == "call"):
                talks.append(Talk(day, channel, text))
    return tuple(sorted(talks, key=lambda talk: talk.day))


def _next(contact: Values, today: date) -> date | None:
    """The day of the soonest reminder that is still to come and still wanted, without those that Monica made itself."""
    reminders = map(_properties, _values(contact, "reminder"))
    wanted = (one for one in reminders if not _is_set(one, "inactive") and not _is_unset(one, "delible"))
    return min(filter(None, (_still_to_come(one, today) for one in wanted)), default=None)


def _still_to_come(reminder: Values, today: date) -> date | None:
    """The day of a reminder that has not passed: of one that comes again, the next of them."""
    day, unit = _day(_text(reminder, "initial_date")), _text(reminder, "frequency_type")
    if day is None or day >= today:
        return day
    number = _text(reminder, "frequency_number")
    every = int(number) if re.fullmatch("[1-9][0-9]{0,2}", number) else 1
    if unit == "week":
        return add_days(today, (day - today).days % (7 * every))
    months = {"month": every, "year": 12 * every}.get(unit)
    if months is None:
        return None
    passed = (today.year - day.year) * 12 + today.month - day.month
    with suppress(ValueError):  # behind the end of the calendar
        counts = range(passed - passed % months, passed + months + 1, months)
        return next((one for one in (add_months(day, count) for count in counts) if one >= today), None)
    return None


def _left_out(contact: Values, properties: Values) -> Iterator[str]:
    counts = {
        _text(part, "type").replace("_", " "): len(_list(part.get("values")))
        for part in map(_mapping, _list(contact.get("data")))
        if _text(part, "type") not in _READ
    }
    for kind, number in counts.items():
        yield from [kind] * min(number, 1000)
    if _text(_mapping(properties.get("avatar")), "avatar_source") == "photo" and not counts.get("photo"):
        yield "photo"


def _field_kinds(account: Values) -> dict[str, str]:
    """The uuid of each type of contact field -> "email", "phone" or another word."""
    types = map(_mapping, _list(_mapping(account.get("instance")).get("contact_field_types")))
    named = ((_text(one, "uuid"), _properties(one)) for one in types)
    return {uuid: (_text(kind, "type") or _text(kind, "name")).lower() for uuid, kind in named}


def _birthday(value: object) -> Birthday | None:
    date_of = _mapping(value)
    day = _day(_text(date_of, "date"))
    if day is None or _is_set(date_of, "is_age_based"):
        return None
    return Birthday(day.month, day.day, None if _is_set(date_of, "is_year_unknown") else day.year)


def _name(properties: Values) -> str:
    parts = (one_line(_text(properties, key)) for key in ("first_name", "middle_name", "last_name"))
    return " ".join(filter(None, parts))


def _joined(properties: Values, *keys: str) -> str:
    return ", ".join(filter(None, (one_line(_text(properties, key)) for key in keys)))


def _is_phone(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 5 and not any(map(str.isalpha, text))


def _day(text: str) -> date | None:
    return parse_date(text[:10])


def _values(owner: Values, kind: str, *, of_uuids: Mapping[str, Values] | None = None) -> list[Values]:
    """All values of a kind in the `data` of an account or a contact; with `of_uuids` those that are named there."""
    parts = (part for part in map(_mapping, _list(owner.get("data"))) if _text(part, "type") == kind)
    values = (value for part in parts for value in _list(part.get("values")))
    named = ((of_uuids or {}).get(value) if isinstance(value, str) else value for value in values)
    return [value for value in named if isinstance(value, dict)]


def _properties(one: Values) -> Values:
    return _mapping(one.get("properties"))


def _mapping(value: object) -> Values:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_unset(owner: Values, key: str) -> bool:
    return key in owner and owner[key] in (False, 0, "0")


def _is_set(owner: Values, key: str) -> bool:
    return owner.get(key) in (True, 1, "1")


def _text(owner: Values, key: str) -> str:
    value = owner.get(key)
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value).strip()
