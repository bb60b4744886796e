"""The fields of one note by what they mean, and their values as texts, dates, words and answers.

`Fields` finds a field under any of its spellings and turns a value that does not fit into a problem at its place.
Which fields a contact has, and what they say of a person, is for `schema.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from mdmentor.core import dates, day_words, names
from mdmentor.core.frontmatter.keys import FALSE, SPELLED, TRUE, YES_OR_NO, canonical_key, near_word, rank
from mdmentor.core.model import HINT, WARNING, Field, Problem

_BETWEEN_COMMAS = re.compile(r"(?:\[\[[^\[\]]{1,500}\]\]|[^,;\n])+")
_LINKS_ONLY = r"(?:\[\[[^\[\]]{1,500}\]\][,;\s]*)+"
_LINK = r"\[\[([^\[\]|]{1,500})(?:\|([^\[\]]{0,500}))?\]\]"
_NO_DATE = frozenset({"never", "none", "no", "unknown", "n/a", "-", "?"})
_ISO_LIKE = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?![0-9])"


def field_of(fields: Sequence[Field], canonical: str) -> Field | None:
    """The field of this key under the first of its spellings, one with a value before an empty one; None without."""
    spelled = SPELLED.get(canonical) or (names.fold_key(canonical),)
    found = [field for field in fields if field.key in spelled]
    return min(found, key=lambda f: (not f.values, spelled.index(f.key)), default=None)


def filled(field: Field) -> Field:
    """The field without the values of a template that nobody filled in."""
    text = "".join(field.values)
    if "{{" not in text and "<%" not in text:
        return field
    kept = [n for n, value in enumerate(field.values) if "{{" not in value and "<%" not in value]
    places = tuple(field.places[n] for n in kept) if field.places else ()
    return field._replace(values=tuple(field.values[n] for n in kept), places=places)


def shown(text: str) -> str:
    """The words of a text with links in it: "at [[PyCon 2019|PyCon]]" is "at PyCon"."""
    return re.sub(_LINK, lambda match: match[2] or names.unlink(match[0]), text) if "[[" in text else text


def items(values: Iterable[str], *, split: bool) -> list[str]:
    """Each item of the values; `split` takes a text apart at its commas, links in a row always are."""
    found: list[str] = []
    for value in values:
        if split and not ("," in value or ";" in value or "\n" in value):
            found.append(value.strip())
        elif split or (value.startswith("[[") and re.fullmatch(_LINKS_ONLY, value)):
            found += map(str.strip, _BETWEEN_COMMAS.findall(value))
        else:
            found.append(value)
    return found


def unique(words: Iterable[str], fold: Callable[[str], str]) -> tuple[str, ...]:
    """The words that are not empty, each once, as first spelled."""
    found: dict[str, str] = {}
    for word in words:
        if word:
            found.setdefault(fold(word), word)
    return tuple(found.values())


def quoted(text: str) -> str:
    """The user's words for a problem: in double quotes, none inside, not too long, on one line."""
    text = " ".join(text.replace('"', "'").split())
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


class Fields:
    """The fields of one note by meaning, without values of a template; reading them gathers `problems`."""

    def __init__(self, path: str, fields: Sequence[Field]) -> None:
        self.path = path
        self.all = fields
        self.problems: list[Problem] = []
        self.unknown: list[Field] = []
        self.known: dict[str, list[Field]] = {}  # by canonical key, with a value
        for field in fields:
            key = canonical_key(field.key)
            if not key:
                self.unknown.append(field)
            elif (field := filled(field)).values:
                same = self.known.setdefault(key, [])
                same.append(field)
                if len(same) > 1:
                    same.sort(key=lambda field: rank(field.key))

    def __contains__(self, key: str) -> bool:
        return key in self.known

    def get(self, key: str) -> Sequence[Field]:
        """Every filled field of that meaning, in the order of the table."""
        return self.known.get(key, ())

    def values(self, key: str) -> list[tuple[Field, str]]:
        """Every value of these fields, with its field."""
        return [(field, value) for field in self.get(key) for value in field.values]

    def text(self, key: str) -> str:
        """The first filled field as one text, its links as their words."""
        return ", ".join(map(shown, self.known[key][0].values)) if key in self.known else ""

    def texts(self, key: str, *, split: bool = False) -> tuple[str, ...]:
        """The items of every filled field, links as the name of their note, each once."""
        return unique(map(names.unlink, self._items(key, split)), names.fold)

    def _items(self, key: str, split: bool) -> list[str]:
        fields = self.get(key)
        return [item for field in fields for item in items(field.values, split=split and not field.is_list)]

    def addresses(self, key: str) -> tuple[str, ...]:
        """The web addresses of every filled field, of a link what it leads to, each once."""
        found = self._items(key, split=False)
        return unique([names.web_address(item).rstrip(",;") for item in found], names.fold)

    def topics(self, key: str) -> tuple[str, ...]:
        """The topics of every filled field, each once: as a list, a text with commas, links or tags."""
        topics = [names.unlink(item).removeprefix("#").strip() for item in self._items(key, split=True)]
        return unique(topics, names.fold_topic)

    def days(self, key: str) -> list[date]:
        """The dates of every filled field; what is no date is a problem and left out."""
        found = []
        for field, value in self.values(key):
            day = dates.parse_date(value)
            if day is not None:
                found.append(day)
            elif value.lower() not in _NO_DATE:
                self.report_date(field, value)
        return found

    def words(self, key: str, known: Mapping[str, str], canonical: Sequence[str]) -> tuple[str, ...]:
        """The values that are known words, each as its canonical one; any other is a problem."""
        found: list[str] = []
        for field in self.get(key):
            for value in items(field.values, split=True):
                folded = names.fold_topic(value)
                if folded in known:
                    found.append(known[folded])
                elif folded not in FALSE and folded != "none":
                    choices = f"write {', '.join(canonical[:-1])} or {canonical[-1]}"
                    fix = did_you_mean(near_word(value, (*canonical, *known)), choices)
                    self.report(field, value, "unknown-word", "is not known", fix)
        return tuple(dict.fromkeys(found))

    def answer(self, field: Field) -> bool:
        """Whether the field says yes; what is neither yes nor no is a problem and counts as no."""
        value = field.values[0]
        if value.lower() not in YES_OR_NO:
            fix = f"write {field.name}: true or {field.name}: false"
            self.report(field, value, "not-yes-or-no", "is neither yes nor no", fix)
        return value.lower() in TRUE

    def report_date(self, field: Field, value: str) -> None:
        """A value that is no date, with the days that it may mean."""
        what, fix = "is not a date", "write it as 2026-10-14"
        if readings := day_words.readings(value):
            fix = "write it as " + " or ".join(quoted(day) for day in readings)
        elif re.match(_ISO_LIKE, names.unlink(value)):
            what, fix = "is a day that does not exist", "write one that exists, as in 2026-10-14"
        self.report(field, value, "not-a-date", what, fix)

    def report(
        self, field: Field, value: str, code: str, what: str, fix: str, severity: str = WARNING
    ) -> None:
        """A problem of one value: `what` goes on behind the field's name and the value in quotes."""
        self._add(field, value, severity, code, f"{field.name} {quoted(value)} {what}", fix)

    def hint(self, field: Field, code: str, what: str, fix: str, severity: str = HINT) -> None:
        """A problem of a field as a whole."""
        self._add(field, "", severity, code, what, fix)

    def _add(self, field: Field, value: str, severity: str, code: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.path, *field.place_of(value), severity, code, what, fix))


def did_you_mean(near: str, fix: str) -> str:
    """The fix, with the near word before it where there is one."""
    return f'did you mean "{near}"? else {fix}' if near else fix
