"""A plain `next` or `log`, read and carried out without loading what reads the command line.

They are run most often, and loading that would take much of their time. This reads the few plain forms and leaves
every other one and every slip to the usual way; tests hold the two to the same reading. The answer of `next` is
kept: while nothing has changed it is given again, and what made it is not even loaded.
"""

from __future__ import annotations

import os
import sys
from datetime import date

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from mdmentor.answers import Answers
    from mdmentor.cli.told import Told

_KNOWN = {"--vault", "--today", "--topic", "-n", "--json"}


class Asked:
    """What is asked of `next`: vault and day as they were named, and of the list its form, length and topic."""

    def __init__(
        self, vault: str | None, today: date | None, as_json: bool, number: int | None, topic: str | None
    ) -> None:
        self.vault, self.today = vault, today
        self.as_json, self.number, self.topic = as_json, number, topic

    def question(self) -> str:
        """Under what the answer is kept."""
        return repr(("next", self.as_json, self.number, self.topic))


def run_plain(arguments: list[str]) -> bool:
    """Whether this is a plain `next` or `log`, which then has been carried out."""
    # elsewhere click knows the console, or the encoding, better
    if os.name != "posix" or (sys.stdout.encoding or "").lower() != "utf-8":
        return False
    if arguments[:1] == ["log"]:
        said = read_plain_log(arguments)
        if said is None:
            return False
        from mdmentor.cli.writing import put_on_record

        vault, today, name, text = said
        put_on_record(vault, today, name, lambda: text, None, journal=False)
    else:
        asked = read_plain(arguments)
        if asked is None:
            return False
        answer(asked)
    sys.stdout.flush()
    return True


def answer(asked: Asked) -> None:
    """Prints whom to reach out to."""
    from mdmentor.cli import out
    from mdmentor.cli.session import answer_once

    def make(answers: Answers) -> Told:
        from mdmentor.cli.next_told import tell_next

        return tell_next(answers, asked.number, asked.topic, as_json=asked.as_json)

    out.told(answer_once(asked.vault, asked.today, asked.question(), make))


def read_plain(arguments: list[str]) -> Asked | None:
    """What a plain `next` asks; None for any that is not plain."""
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
    today = _plain_day(day) if day is not None else None
    if today is None and day is not None:
        return None
    return Asked(told.get("--vault"), today, as_json, int(number) if number else None, told.get("--topic"))


def read_plain_log(arguments: list[str]) -> tuple[str | None, date | None, str, str] | None:
    """Vault, day, name and words of a plain `log NAME TEXT`; None for any that is not plain."""
    told: dict[str, str] = {}
    said: list[str] = []
    rest = iter(arguments[1:])
    for word in rest:
        if word in ("--vault", "--today") and word not in told:
            told[word] = next(rest, "-")
            if told[word][:1] in ("", "-"):
                return None
        elif word[:1] in ("", "-"):
            return None
        else:
            said.append(word)
    day = told.get("--today")
    today = _plain_day(day) if day is not None else None
    if arguments[:1] != ["log"] or len(said) < 2 or (today is None and day is not None):
        return None
    return told.get("--vault"), today, said[0], " ".join(said[1:])


def _plain_day(text: str) -> date | None:
    """The day that is written as `2026-11-23`."""
    if len(text) != 10 or not (text[4] == text[7] == "-" and text.replace("-", "").isdecimal()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
