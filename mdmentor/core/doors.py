"""What may pass which door: the one rule that pages, commands, the language server and every export ask.

Doors inside stay with the user; doors outward hand things on. The tests hold the table of this rule.
"""

from typing import NamedTuple


class Door(NamedTuple):
    name: str
    is_outward: bool = False
    shows_notes: bool = False  # a command that shows a note to its owner, who may ask for all of it


PAGES, TERMINAL, EDITOR = Door("pages"), Door("terminal"), Door("language server")
SHOW = Door("show", shows_notes=True)  # with its option --private
VCARD, CSV, JSON, ICALENDAR = (Door(name, is_outward=True) for name in ("vcard", "csv", "json", "ics"))
DOORS = (PAGES, TERMINAL, EDITOR, SHOW, VCARD, CSV, JSON, ICALENDAR)

# What a door may be asked about: anything else, a line or field marked #private, a confidential contact or note.
OPEN, PRIVATE, CONFIDENTIAL = "open", "private", "confidential"
# What it may do: show all, the name and nothing else, or nothing (what is left out outward is counted).
SHOWN, NAME_ONLY, LEFT_OUT = "shown", "name only", "left out"


def may_pass(what: str, door: Door, *, asked: bool = False) -> str:
    """SHOWN, NAME_ONLY or LEFT_OUT.

    `asked` is what the user asked for this once and no setting can ask for: `--private` of a command that shows a
    note, `--with-confidential` of an export. No option takes a private line outward.
    """
    if what == OPEN:
        return SHOWN
    if door.shows_notes and asked:
        return SHOWN
    if what == PRIVATE:
        return LEFT_OUT
    if door.is_outward:
        return SHOWN if asked else LEFT_OUT
    return NAME_ONLY
