"""What was found in a vault at first sight, in the words of `init`: by which rule, with counts and examples."""

from __future__ import annotations

from mdmentor.core import names
from mdmentor.core.discovery import MOST_EXAMPLES, Doubt, Findings, Group, Place
from mdmentor.core.model import CONTACT, DATED, GOAL, POST
from mdmentor.core.text import counted

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
        for place in places[:_MOST_PLACES]:
            found += _place_lines(place)
        if rest := places[_MOST_PLACES:]:
            notes = counted(sum(place.found for place in rest), "note")
            found.append(f"  {notes} in {len(rest)} other folders")
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
        count = len(place.others)
        found.append(f"    the other {'note' if count == 1 else f'{count} notes'}: {_others(place)}")
    return found


def numbers(notes: int, found: int, kind: str) -> str:
    """`41 notes, 38 look like people`; `6 notes` where all are posts."""
    if kind != CONTACT and notes == found:
        return counted(notes, "note")
    return f"{counted(notes, 'note')}, {found} {_LIKE[kind][found != 1]}"


def _others(place: Place) -> str:
    shown = [f"{path.removeprefix(place.folder + '/')} ({why})" for path, why in place.others[:MOST_EXAMPLES]]
    more = len(place.others) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


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
    one = len(findings.loose) == 1
    such = ", ".join(findings.loose[:MOST_EXAMPLES])
    return (
        f"{counted(len(findings.loose), 'other note')} {_LIKE[CONTACT][not one]}: {such}"
        f"{'' if len(findings.loose) <= MOST_EXAMPLES else ' ...'}. To make a note a contact, give it type: person."
    )
