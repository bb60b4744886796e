"""A plain `next` that was answered before, answered again without loading the command line.

Half of the time of such a `next` would go into loading what reads arguments. This reads the few plain forms and
leaves every other one, every slip, and whatever is not kept or not current to the usual way; a test holds the
two to the same words.
"""

from __future__ import annotations

import os
import sys
from datetime import date

_KNOWN = {"--vault", "--today", "--topic", "-n", "--json"}


def give_kept_next(arguments: list[str]) -> bool:
    """Whether the answer was kept, and has been printed."""
    asked = read_plain(arguments)
    # elsewhere click knows the console, or the encoding, better
    if asked is None or os.name != "posix" or (sys.stdout.encoding or "").lower() != "utf-8":
        return False
    from mdmentor.errors import MdmentorError
    from mdmentor.glance import find_current_answer
    from mdmentor.index import Index, cache_path
    from mdmentor.vault import Vault, find_root

    named, today, question = asked
    try:
        vault = Vault(find_root(named, os.environ.get("MDMENTOR_VAULT"), os.getcwd()))
        index = Index(vault.absolute("").rstrip("/"), cache_path(os.environ.get("MDMENTOR_CACHE")))
    except (MdmentorError, OSError):
        return False  # the usual way will tell what is wrong
    try:
        day = today or date.today()  # noqa: DTZ011 - the user's own calendar day is what is meant
        lines = [] if index.warning else find_current_answer(vault, index, day, question)
    except (MdmentorError, OSError):
        return False
    finally:
        index.close()
    if not lines:
        return False
    from mdmentor.cli import out
    from mdmentor.cli.told import Told

    out.told(Told(lines))
    sys.stdout.flush()
    return True


def read_plain(arguments: list[str]) -> tuple[str | None, date | None, str] | None:
    """The vault named, the day and the question of a plain `next`; None for any that is not plain."""
    if arguments[:1] != ["next"]:
        return None
    told: dict[str, str] = {}
    rest = iter(arguments[1:])
    for word in rest:
        value = "" if word == "--json" else next(rest, "-")
        if word in told or word not in _KNOWN or value[:1] == "-" or (not value and word != "--json"):
            return None
        told[word] = value
    as_json = "--json" in told
    number, day = told.get("-n"), told.get("--today")
    if number is not None and not (number.isascii() and number.isdecimal() and 1 <= int(number) <= 100):
        return None
    if day is not None and not (
        len(day) == 10 and day[4] == day[7] == "-" and day.replace("-", "").isdecimal()
    ):
        return None
    try:
        today = date.fromisoformat(day) if day is not None else None
    except ValueError:
        return None
    return told.get("--vault"), today, question(as_json, int(number) if number else None, told.get("--topic"))


def question(as_json: bool, number: int | None, topic: str | None) -> str:
    """Under what the answer to a `next` is kept."""
    return repr(("next", as_json, number, topic))
