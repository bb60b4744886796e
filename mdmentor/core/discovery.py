"""What a vault that mdmentor has never seen holds: the contacts by rule, folders that may hold people, daily notes.

`clue_of` keeps of each note what matters here, `discover` judges all of them together, and `discovery_words` says it in
words. `kinds` has decided what each note is; this looks for what it may have missed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import kinds, names, words
from mdmentor.core.day_formats import day_in_format, day_tokens, fill_format
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.model import CONTACT, DATED, GOAL, NOTE, PAGE, POST, Note, Settings

MOST_EXAMPLES = 3
_LONGEST_CJK = 6  # characters of a name in Chinese, Japanese or Korean
_FEWEST_LINKED = 3  # notes of a folder, where only links in the journal suggest people
# Keys that only a note about a person has, and keys that say so where its name looks like one.
_OF_PEOPLE = {
    "birthday": "birthday", "met": "where you met", "introduced_by": "who introduced you",
    "last_contact": "last contact", "first_name": "first name", "last_name": "last name",
}  # fmt: skip
_OF_NAMED_PEOPLE = {"email": "e-mail", "phone": "phone", "linkedin": "LinkedIn"}
_IN_DAILY_NOTES = "linked in a dated note"
_NAME_PART = r"[^\W\d_][\w'’.-]*"
# What is no part of a person's name, though it is often written like one.
_THINGS = words.OTHER_TYPE | words.INDEX | words.TEMPLATE | words.JOURNAL_FOLDER
_THINGS |= words.THING | words.POST | words.GOAL
# Folders of a year, and of months in it, that end a path.
_OF_DAYS = r"(?:^|/)(?:19|20)[0-9]{2}(?:[ ._-][^/]*)?(?:/[0-9]{1,4}(?:[ ._-][^/]*)?)*$"
_NO_DAY = r"(?i)(?:19|20)[0-9]{2}[ _-]?(?:[wq][0-9]{1,2}|kw ?[0-9]{1,2}|[0-9]{2})\b(?![._-][0-9])"  # a week, quarter or month
_BRACKETS = r"[\[\]]"  # of Moment.js, around words of a format
# The usual formats of daily notes, to call by its tokens what the vault's own settings do not name.
_FORMS = (
    *("YYYY-MM-DD", "YYYYMMDD", "YYYY_MM_DD", "YYYY.MM.DD", "DD.MM.YYYY", "DD-MM-YYYY", "MM-DD-YYYY"),
    *("YYYY-MM-DD dddd", "YYYY-MM-DD ddd", "dddd YYYY-MM-DD", "ddd YYYY-MM-DD", "YYYY-MMM-DD", "MMMM Do, YYYY"),
    *("MMM Do, YYYY", "D MMM YYYY", "DD MMM YYYY", "D MMMM YYYY", "MMMM D, YYYY", "[daily.journal.]YYYY.MM.DD"),
    *("YYYY/MM/DD", "YYYY/MM/YYYY-MM-DD"),
)  # fmt: skip


class Clue(NamedTuple):
    """What one note says about its vault."""

    path: str
    kind: str
    rule: str  # that made it what it is, as in `Note.why_kind`
    name: str
    day: date | None = None
    linked: frozenset[str] = frozenset()  # keys of what a dated note links
    evidence: str = ""  # why a plain note may be about a person: "birthday"
    has_name: bool = False  # a plain note that is called as a person may be
    may_ask: bool = False  # a plain note that no rule and no type decides about


class Place(NamedTuple):
    """A folder of contacts, posts or goals."""

    kind: str
    folder: str  # as it is written in the vault
    setting: str  # as the settings name it; "" where all of its notes say themselves what they are
    notes: int
    found: int
    others: tuple[tuple[str, str], ...] = ()  # notes in it that are not of this kind: path, why
    rules: tuple[tuple[str, int], ...] = ()  # other rules than the folder, and how many notes each found


class Doubt(NamedTuple):
    """A folder that may hold notes of a kind, and is asked about."""

    kind: str
    folder: str
    notes: int
    found: int  # notes that look like it
    examples: tuple[str, ...]
    is_proposed: bool  # what is suggested where the user does not say


class Group(NamedTuple):
    """Notes of one kind that one rule found, or one format of their names."""

    kind: str
    folder: str  # of dated notes; "" for the vault itself, and for notes of any folder
    words: str  # "type person", "called YYYY-MM-DD"
    notes: int
    examples: tuple[str, ...]


class Findings(NamedTuple):
    """What a first look at a vault finds."""

    notes: int
    counts: dict[str, int]
    places: tuple[Place, ...]
    groups: tuple[Group, ...]
    doubts: tuple[Doubt, ...]
    unread_days: tuple[str, ...] = ()  # notes of a journal whose day is not understood
    loose: tuple[str, ...] = ()  # names of notes about people in no folder that could be named

    def of_kind(self, kind: str) -> list[Place]:
        return [place for place in self.places if place.kind == kind]


def clue_of(note: Note) -> Clue:
    """What is kept of a note; of a confidential one no more than what it is."""
    links = note.links if note.kind == DATED else ()
    linked = frozenset(names.key_of(link.target) for link in links)
    name = kinds.contact_name(note.path, "")
    has_name = _is_name(name)
    is_index = kinds.is_index_note(note.path) and not has_name  # `Ann Smith/Ann Smith.md` is none
    is_plain = note.kind == NOTE and not note.why_kind
    may_ask = is_plain and not is_index and not kinds.other_type(note.fields)
    if not may_ask:
        rule = note.why_kind
        if note.confidential and rule.startswith(("tag ", "type ")):
            rule = "its type or tag"  # which may say more than that it is somebody
        return Clue(note.path, note.kind, rule, note.title, note.day, linked)
    evidence = "" if note.confidential else _evidence(note, has_name)
    return Clue(note.path, NOTE, "", name, None, linked, evidence, has_name, may_ask)


def _is_name(text: str) -> bool:
    """Whether a text has the form of a person's name: two to four words with capitals, none of them a thing."""
    parts = [part for part in text.split() if part not in words.PARTICLES]
    return (
        2 <= len(parts) <= len(text.split()) <= 5
        and len(parts) <= 4
        and all(re.fullmatch(_NAME_PART, part) and part[0].isupper() for part in parts)
        and _THINGS.isdisjoint(words.split(text))
    )


def _evidence(note: Note, has_name: bool) -> str:
    """What makes a plain note look like one about a person, in words; "" for nothing."""
    filled = {canonical_key(field.key) for field in note.fields if field.values}
    known = _OF_PEOPLE | _OF_NAMED_PEOPLE if has_name else _OF_PEOPLE
    if found := next((said for key, said in known.items() if key in filled), ""):
        return found
    if has_name:
        if tag := next((tag for tag in note.tags if words.has(tag, words.RELATION)), ""):
            return f"tag {tag}"
        if (field := kinds.unknown_type(note.fields)) and words.has(field.values[0], words.RELATION):
            return f"{field.name} {field.values[0]}"
    return ""


def discover(clues: Iterable[Clue], settings: Settings) -> Findings:
    """What the notes of a vault are, by which rule, and what is uncertain; in no order of the clues."""
    found = sorted(clue for clue in clues if clue.kind != PAGE)
    places = _places(found, settings)
    linked = frozenset(key for clue in found for key in clue.linked)
    doubts, loose = _doubts(found, linked)
    in_places = tuple(f"{place.folder}/" for place in places if place.kind == CONTACT)
    by_rule: dict[tuple[str, str], list[str]] = defaultdict(list)
    for clue in found:
        is_in_place = clue.kind == CONTACT and clue.path.startswith(in_places)
        if clue.kind in (CONTACT, POST, GOAL) and not (clue.rule.startswith("folder ") or is_in_place):
            by_rule[clue.kind, clue.rule].append(clue.name)
    groups = [Group(kind, "", rule, len(of), _few(of)) for (kind, rule), of in by_rule.items()]
    groups += _day_groups([clue for clue in found if clue.day], settings)
    return Findings(
        notes=len(found),
        counts=dict(Counter(clue.kind for clue in found)),
        places=places,
        groups=tuple(sorted(groups, key=lambda group: (group.kind, -group.notes, group.words))),
        doubts=doubts,
        unread_days=tuple(clue.path for clue in found if _is_unread_day(clue)),
        loose=loose,
    )


def _few(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(texts[:MOST_EXAMPLES])


def _places(found: Sequence[Clue], settings: Settings) -> tuple[Place, ...]:
    """The folders of contacts, posts and goals, those with most of them first."""
    named: dict[tuple[str, str], str] = {}
    for clue in found:
        by_folder = clue.rule.removeprefix("folder ") if clue.rule.startswith("folder ") else ""
        folder = by_folder or (kinds.contacts_folder(clue.path, settings) if clue.kind == CONTACT else "")
        if clue.kind in (CONTACT, POST, GOAL) and folder:
            place = clue.kind, _folder_called(folder, clue.path)
            named[place] = named.get(place) or by_folder
    places = []
    for (kind, folder), setting in named.items():
        inside = [clue for clue in found if clue.path.startswith(f"{folder}/")]
        others = tuple((c.path, _why_not(c)) for c in inside if c.kind != kind)
        by_rule = Counter(c.rule for c in inside if c.kind == kind and not c.rule.startswith("folder "))
        rules, count = tuple(by_rule.most_common()), len(inside)
        places.append(Place(kind, folder, setting, count, count - len(others), others, rules))
    return tuple(sorted(places, key=lambda place: (place.kind, -place.found, place.folder)))


def _folder_called(setting: str, path: str) -> str:
    """The folder on the way to a note that a setting names, as it is written there."""
    parts, wanted = names.folder(path).split("/"), f"/{names.fold(setting)}"
    ways = ("/".join(parts[:number]) for number in range(1, len(parts) + 1))
    return next((way for way in ways if f"/{names.fold(way)}".endswith(wanted)), names.folder(path))


def _why_not(clue: Clue) -> str:
    reason = clue.rule.removeprefix("not a contact: ")
    return reason or {DATED: "a dated note", POST: "a post", GOAL: "a goal"}.get(clue.kind, "a plain note")


class _Folder:
    """A folder of plain notes, with what looks like people in it and below it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.own: list[tuple[Clue, str, bool]] = []  # note, what it looks like, whether that is enough
        self.below: dict[str, _Folder] = {}

    def all(self) -> list[tuple[Clue, str, bool]]:
        return [*self.own, *(one for below in self.below.values() for one in below.all())]

    def folder_at(self, parts: Sequence[str]) -> _Folder:
        """The folder at a path from here, made where it is missing."""
        here = self
        for number, part in enumerate(parts, 1):
            here = here.below.setdefault(part, _Folder("/".join(parts[:number])))
        return here

    def pick(self) -> list[_Folder]:
        """The outermost folders whose notes look like people, without those that hold something else as well."""
        filled = [below for below in self.below.values() if below.all()]
        if self.path and _looks_like_people(self.all()):
            if self.own and _looks_like_people(self.own):
                return [self]
            if not self.own and len(filled) > 1 and all(_looks_like_people(below.all()) for below in filled):
                return [self]
        return [picked for below in filled for picked in below.pick()]


def _looks_like_people(notes: Sequence[tuple[Clue, str, bool]]) -> bool:
    """Whether half of the notes look like people, and at least three where links are the only evidence."""
    found = [is_sure for _, looks, is_sure in notes if looks]
    return len(found) * 2 >= len(notes) and (len(found) >= _FEWEST_LINKED or any(found))


def _doubts(found: Sequence[Clue], linked: frozenset[str]) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """The folders to ask about, and the names of notes about people in none of them."""
    root = _Folder("")
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for clue in found:
        if not clue.may_ask:
            continue
        parts = clue.path.split("/")[:-1]
        if text_folder := _text_folder(parts):
            texts[text_folder].append(clue.name)
        else:
            root.folder_at(parts).own.append((clue, *_looks(clue, parts, linked)))
    picked = root.pick()
    doubts = [_people_doubt(folder) for folder in picked]
    doubts += [Doubt(*key, len(of), len(of), _few(of), is_proposed=True) for key, of in texts.items()]
    inside = tuple(f"{folder.path}/" for folder in picked)
    loose = [c.name for c, looks, _ in root.all() if c.evidence and looks and not c.path.startswith(inside)]
    order = (CONTACT, POST, GOAL)
    return tuple(sorted(doubts, key=lambda d: (order.index(d.kind), -d.found, d.folder))), tuple(loose)


def _text_folder(parts: Sequence[str]) -> tuple[str, str] | None:
    """The kind of notes, posts or goals, that a folder on the way is called by, and its path."""
    for number, part in enumerate(parts, 1):
        for kind, known in ((POST, words.POST_FOLDER), (GOAL, words.GOAL_FOLDER)):
            if words.has(part, known):
                return kind, "/".join(parts[:number])
    return None


def _people_doubt(folder: _Folder) -> Doubt:
    notes = folder.all()
    people = [(clue, looks, is_sure) for clue, looks, is_sure in notes if looks]
    examples = _few([f"{clue.name} ({looks})" for clue, looks, _ in people])
    is_proposed = sum(is_sure for *_, is_sure in people) * 2 >= len(notes)
    return Doubt(CONTACT, folder.path, len(notes), len(people), examples, is_proposed)


def _looks(clue: Clue, parts: Sequence[str], linked: frozenset[str]) -> tuple[str, bool]:
    """Why a note looks like a person's, "" where it does not, and whether that is enough to propose it."""
    if any(words.has(part, words.NO_CONTACT_FOLDER) for part in parts):
        return "", False
    if clue.evidence:
        return clue.evidence, True
    if _may_be_called(clue) and any(words.has(part, words.MAYBE_CONTACT_FOLDER) for part in parts):
        return "by the name", True
    if clue.has_name and names.key_of(clue.path) in linked:
        return _IN_DAILY_NOTES, False
    return "", False


def _may_be_called(clue: Clue) -> bool:
    """Whether somebody in a folder of people may be called so: also `Mom`, and a few characters without capitals."""
    name = clue.name
    has_no_case = name.upper() == name.lower() and len(name) <= _LONGEST_CJK
    return clue.has_name or (name.isalpha() and (name.istitle() or has_no_case))


def _is_unread_day(clue: Clue) -> bool:
    """Whether a plain note in a journal has numbers for a name that are no day."""
    in_journal = any(words.has(part, words.JOURNAL_FOLDER) for part in names.folder(clue.path).split("/"))
    stem = names.stem(clue.path)
    return clue.may_ask and in_journal and len(re.findall("[0-9]", stem)) >= 6 and not re.match(_NO_DAY, stem)


def _day_groups(dated: Sequence[Clue], settings: Settings) -> list[Group]:
    """Dated notes by folder and by the format of their names, the largest groups; the newest as example."""
    own = [form for _, form in settings.day_formats]
    groups: dict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    for clue in dated:
        assert clue.day is not None
        form = _form_of(clue.path, clue.day, own)
        count = form.count("/") + 1
        parts = clue.path.split("/")
        base, shown = re.sub(_OF_DAYS, "", "/".join(parts[:-count])), "/".join(parts[-count:])
        is_set = ", as set in this vault" if form in own else ""
        called = f"called {re.sub(_BRACKETS, '', form)}{is_set}" if form else _how_dated(clue.rule)
        groups[base, called].append((clue.day, names.without_md(shown)))
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [Group(DATED, base, called, len(of), (max(of)[1],)) for (base, called), of in largest]


def _form_of(path: str, day: date, own: Sequence[str]) -> str:
    """The format in which a path is called by a day, the vault's own before the usual ones; "" for none."""
    if form := next((form for form in own if day_in_format(path, "", form) == day), ""):
        return form
    known, slashed = day_tokens(day), f"/{names.without_md(path)}"
    return next((form for form in _FORMS if slashed.endswith(f"/{fill_format(form, known)}")), "")


def _how_dated(rule: str) -> str:
    if rule.startswith("type "):
        return f"with a date and {rule}"
    return "with a date" if rule.startswith("date, ") else f"whose {rule}"
