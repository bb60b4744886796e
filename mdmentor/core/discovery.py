"""What a vault that mdmentor has never seen holds: the contacts by rule, folders that may hold people, daily notes.

`clue_of` keeps of each note what matters here, `Findings` judges all of them together, and `lines` says it in the words
of `init`. `kinds` has decided what each note is; this looks for what it may have missed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import kinds, names, words
from mdmentor.core.day_formats import day_in_format, day_tokens, fill_format
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.model import CONTACT, DATED, GOAL, NOTE, PAGE, POST, Note, Settings
from mdmentor.core.text import counted

MOST_EXAMPLES = 3
_LONGEST_CJK = 6  # characters of a name in Chinese, Japanese or Korean
_FEWEST_LINKED = 3  # notes of a folder, where only links in the journal suggest people
# Keys that only a note about a person has, and keys that say so where its name looks like one.
_OF_PEOPLE = {
    "birthday": "birthday", "met": "where you met", "introduced_by": "who introduced you",
    "last_contact": "last contact", "first_name": "first name", "last_name": "last name",
}  # fmt: skip
_OF_NAMED_PEOPLE = {"email": "e-mail", "phone": "phone", "linkedin": "LinkedIn"}
_NAME_PART = r"[^\W\d_][\w'’.-]*"
# What is no part of a person's name, though it is often written like one.
_THINGS = words.OTHER_TYPE | words.INDEX | words.TEMPLATE | words.JOURNAL_FOLDER
_THINGS |= words.THING | words.POST | words.GOAL
_CALLED = {DATED: "a dated note", POST: "a post", GOAL: "a goal"}
# Folders of a year, and of months in it, that end a path.
_OF_DAYS = r"(?:^|/)(?:19|20)[0-9]{2}(?:[ ._-][^/]*)?(?:/[0-9]{1,4}(?:[ ._-][^/]*)?)*$"
_NO_DAY = r"(?i)(?:19|20)[0-9]{2}[ _-]?(?:[wq][0-9]{1,2}|kw ?[0-9]{1,2}|[0-9]{2})\b(?![._-][0-9])"  # a week, quarter or month
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


def clue_of(note: Note) -> Clue:
    """What is kept of a note; of a confidential one no more than what it is."""
    linked = frozenset(names.key_of(link.target) for link in note.links if note.kind == DATED)
    name = kinds.contact_name(note.path, "")
    has_name = _is_name(name)
    is_index = kinds.is_index_note(note.path) and not has_name  # `Ann Smith/Ann Smith.md` is none
    may_ask = not (note.kind != NOTE or note.why_kind or is_index or kinds.other_type(note.fields))
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
        (2 <= len(parts) <= 4 and len(text.split()) <= 5)
        and all(re.fullmatch(_NAME_PART, part) and part[0].isupper() for part in parts)
        and _THINGS.isdisjoint(words.split(text))
    )


def _evidence(note: Note, has_name: bool) -> str:
    """What makes a plain note look like one about a person, in words; "" for nothing."""
    filled = {canonical_key(field.key) for field in note.fields if field.values}
    known = _OF_PEOPLE | _OF_NAMED_PEOPLE if has_name else _OF_PEOPLE
    found = next((said for key, said in known.items() if key in filled), "")
    if found or not has_name:
        return found
    if tag := next((tag for tag in note.tags if words.has(tag, words.RELATION)), ""):
        return f"tag {tag}"
    field = kinds.unknown_type(note.fields)
    is_relation = field and words.has(field.values[0], words.RELATION)
    return f"{field.name} {field.values[0]}" if field and is_relation else ""


class Findings:
    """What the notes of a vault are, by which rule, and what is uncertain; in no order of the clues."""

    def __init__(self, clues: Iterable[Clue], settings: Settings) -> None:
        found = sorted(clue for clue in clues if clue.kind != PAGE)
        linked = frozenset(key for clue in found for key in clue.linked)
        self.notes = len(found)
        self.counts = Counter(clue.kind for clue in found)
        self.places = _places(found, settings)
        self.doubts, self.loose = _doubts(found, linked)
        # notes of a journal whose day is not understood
        self.unread_days = tuple(clue.path for clue in found if _is_unread_day(clue))
        in_places = tuple(f"{place.folder}/" for place in self.of_kind(CONTACT))
        by_rule: dict[tuple[str, str], list[str]] = defaultdict(list)
        for clue in found:
            is_in_place = clue.kind == CONTACT and clue.path.startswith(in_places)
            if clue.kind in (CONTACT, POST, GOAL) and not (clue.rule.startswith("folder ") or is_in_place):
                by_rule[clue.kind, clue.rule].append(clue.name)
        groups = [Group(kind, "", rule, len(of), _few(of)) for (kind, rule), of in by_rule.items()]
        groups += _day_groups([clue for clue in found if clue.day], settings)
        self.groups = tuple(sorted(groups, key=lambda group: (group.kind, -group.notes, group.words)))

    def of_kind(self, kind: str) -> list[Place]:
        return [place for place in self.places if place.kind == kind]


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
        reasons = ((c, c.rule.removeprefix("not a contact: ") or _CALLED.get(c.kind)) for c in inside)
        others = tuple((c.path, reason or "a plain note") for c, reason in reasons if c.kind != kind)
        by_rule = Counter(c.rule for c in inside if c.kind == kind and not c.rule.startswith("folder "))
        rules, count = tuple(by_rule.most_common()), len(inside)
        places.append(Place(kind, folder, setting, count, count - len(others), others, rules))
    return tuple(sorted(places, key=lambda place: (place.kind, -place.found, place.folder)))


def _folder_called(setting: str, path: str) -> str:
    """The folder on the way to a note that a setting names, as it is written there."""
    parts, wanted = names.folder(path).split("/"), f"/{names.fold(setting)}"
    ways = ("/".join(parts[:number]) for number in range(1, len(parts) + 1))
    return next((way for way in ways if f"/{names.fold(way)}".endswith(wanted)), names.folder(path))


_Looked = tuple[Clue, str, bool]  # a plain note, what it looks like, whether that is enough


def _looks_like_people(notes: Sequence[_Looked]) -> bool:
    """Whether half of the notes look like people, and at least three where links are the only evidence."""
    found = [is_sure for _, looks, is_sure in notes if looks]
    return len(found) * 2 >= len(notes) and (len(found) >= _FEWEST_LINKED or any(found))


def _doubts(found: Sequence[Clue], linked: frozenset[str]) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """The folders to ask about, and the names of notes about people in none of them."""
    looked: list[_Looked] = []
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for clue in found:
        if not clue.may_ask:
            continue
        parts = clue.path.split("/")[:-1]
        if text_folder := _text_folder(parts):
            texts[text_folder].append(clue.name)
        else:
            looked.append((clue, *_looks(clue, parts, linked)))
    picked = _pick("", looked)
    doubts = [Doubt(*key, len(of), len(of), _few(of), is_proposed=True) for key, of in texts.items()]
    for folder, notes in picked:
        people = [f"{clue.name} ({looks})" for clue, looks, _ in notes if looks]
        is_likely = sum(is_sure for *_, is_sure in notes) * 2 >= len(notes)
        doubts.append(Doubt(CONTACT, folder, len(notes), len(people), _few(people), is_likely))
    inside = tuple(f"{folder}/" for folder, _ in picked)
    loose = [c.name for c, looks, _ in looked if c.evidence and looks and not c.path.startswith(inside)]
    doubts.sort(key=lambda doubt: ([*_TITLES].index(doubt.kind), -doubt.found, doubt.folder))
    return tuple(doubts), tuple(loose)


def _pick(path: str, notes: Sequence[_Looked]) -> list[tuple[str, list[_Looked]]]:
    """The outermost folders in this one whose notes look like people, without those that hold something else as well."""
    own: list[_Looked] = []
    below: dict[str, list[_Looked]] = {}
    for one in notes:
        folder, is_below, _ = one[0].path.removeprefix(path).partition("/")
        (below.setdefault(f"{path}{folder}/", []) if is_below else own).append(one)
    are_all = all(map(_looks_like_people, [own] if own else below.values()))
    if path and are_all and (own or len(below) > 1) and _looks_like_people(notes):
        return [(path[:-1], [*own, *(one for inside in below.values() for one in inside)])]
    return [picked for folder, inside in below.items() for picked in _pick(folder, inside)]


def _text_folder(parts: Sequence[str]) -> tuple[str, str] | None:
    """The kind of notes, posts or goals, that a folder on the way is called by, and its path."""
    known = ((POST, words.POST_FOLDER), (GOAL, words.GOAL_FOLDER))
    found = ((kind, n) for n, part in enumerate(parts, 1) for kind, of in known if words.has(part, of))
    return next(((kind, "/".join(parts[:number])) for kind, number in found), None)


def _looks(clue: Clue, parts: Sequence[str], linked: frozenset[str]) -> tuple[str, bool]:
    """Why a note looks like a person's, "" where it does not, and whether that is enough to propose it."""
    if any(words.has(part, words.NO_CONTACT_FOLDER) for part in parts):
        return "", False
    if clue.evidence:
        return clue.evidence, True
    name = clue.name  # in a folder of people also `Mom`, and a few characters without capitals
    has_no_case = name.upper() == name.lower() and len(name) <= _LONGEST_CJK
    may_be_called = clue.has_name or (name.isalpha() and (name.istitle() or has_no_case))
    if may_be_called and any(words.has(part, words.MAYBE_CONTACT_FOLDER) for part in parts):
        return "by the name", True
    if clue.has_name and names.key_of(clue.path) in linked:
        return "linked in a dated note", False
    return "", False


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
        if form:
            called = f"called {re.sub(r'[][]', '', form)}{', as set in this vault' if form in own else ''}"
        elif clue.rule.startswith("type "):
            called = f"with a date and {clue.rule}"
        else:
            called = "with a date" if clue.rule.startswith("date, ") else f"whose {clue.rule}"
        groups[base, called].append((clue.day, names.without_md(shown)))
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [Group(DATED, base, called, len(of), (max(of)[1],)) for (base, called), of in largest]


def _form_of(path: str, day: date, own: Sequence[str]) -> str:
    """The format in which a path is called by a day, the vault's own before the usual ones; "" for none."""
    if form := next((form for form in own if day_in_format(path, "", form) == day), ""):
        return form
    known, slashed = day_tokens(day), f"/{names.without_md(path)}"
    return next((form for form in _FORMS if slashed.endswith(f"/{fill_format(form, known)}")), "")


_MOST_GROUPS = 5  # of daily notes that are named
_MOST_PLACES = 8  # folders of one kind that are named
_TITLES = {CONTACT: "Contacts", DATED: "Dated notes", POST: "Posts", GOAL: "Goals"}
_LIKE = {CONTACT: ("looks like a person", "look like people"), POST: ("is a post", "are posts"), GOAL: ("is a goal", "are goals")}  # fmt: skip
_HOW = {
    CONTACT: "A note is a contact in a folder people, contacts, crm or friends, with type: person, or with the tag person.",
    DATED: "A note is dated when it is called by its day, such as 2026-11-22.",
    POST: "A note is a post in a folder posts, articles or advice, with type: post, or with the tag post.",
    GOAL: "A note is a goal in a folder goals, or with type: goal; its topics bring up who can help.",
}


def lines(findings: Findings) -> list[str]:
    """What was found, by which rule, with counts; indented by what belongs together."""
    found: list[str] = []
    for kind, title in _TITLES.items():
        count = findings.counts.get(kind, 0)
        found.append(f"{title}: {count or 'none'}")
        places = findings.of_kind(kind)
        found += [line for place in places[:_MOST_PLACES] for line in _place_lines(place)]
        if rest := places[_MOST_PLACES:]:
            found.append(f"  {counted(sum(one.found for one in rest), 'note')} in {len(rest)} other folders")
        groups = [group for group in findings.groups if group.kind == kind]
        found += [f"  {_group_words(group)}" for group in groups[:_MOST_GROUPS]]
        if more := groups[_MOST_GROUPS:]:
            found.append(f"  {counted(sum(group.notes for group in more), 'note')} in other ways")
        if not count:
            found.append(f"  {_HOW[kind]}")
        if kind == DATED and (unread := findings.unread_days):
            such = names.without_md(unread[0])
            found.append(f"  {counted(len(unread), 'note')} whose day is not clear, such as {such}")
    return found


def _place_lines(place: Place) -> list[str]:
    numbered = ((rule, "" if number == place.found else f"{number} ") for rule, number in place.rules)
    by = ", ".join(f"{number}by {_rule_words(rule)}" for rule, number in numbered)
    found = [f"  {place.folder}: {numbers(place.notes, place.found, place.kind)}{f' ({by})' if by else ''}"]
    if place.others:
        count, more = len(place.others), len(place.others) - MOST_EXAMPLES
        shown = [f"{path.removeprefix(f'{place.folder}/')} ({why})" for path, why in place.others]
        such = ", ".join(_few(shown)) + (f" and {more} more" if more > 0 else "")
        found.append(f"    the other {'note' if count == 1 else f'{count} notes'}: {such}")
    return found


def numbers(notes: int, found: int, kind: str) -> str:
    """`41 notes, 38 look like people`; `6 notes` where all are posts."""
    if kind != CONTACT and notes == found:
        return counted(notes, "note")
    return f"{counted(notes, 'note')}, {found} {_LIKE[kind][found != 1]}"


def _group_words(group: Group) -> str:
    if group.kind == DATED:
        where = group.folder or "in the vault's own folder"
        return f"{where}: {counted(group.notes, 'note')} {group.words}, such as {group.examples[0]}"
    found = f"{_rule_words(group.words)}: {counted(group.notes, 'note')}"
    return f"{found}, such as {' and '.join(group.examples[:2])}"


def _rule_words(rule: str) -> str:
    return 'names that begin with "@" or "people."' if rule.startswith("name ") else rule


def doubt_lines(doubt: Doubt) -> list[str]:
    """A folder that is asked about, with examples."""
    found = numbers(doubt.notes, doubt.found, doubt.kind)
    return [f"Not sure about {doubt.folder}: {found}", f"  such as {', '.join(doubt.examples)}"]


def loose_words(findings: Findings) -> str:
    """A line about notes that look like people, in no folder that could be named; "" without any."""
    if not findings.loose:
        return ""
    count = len(findings.loose)
    such = ", ".join(_few(findings.loose)) + (" ..." if count > MOST_EXAMPLES else "")
    found = f"{counted(count, 'other note')} {_LIKE[CONTACT][count != 1]}: {such}"
    return f"{found}. To make a note a contact, give it type: person."
