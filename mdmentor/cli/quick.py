"""A plain `next`, read and answered without loading what reads the command line.

It is asked most often, and loading that would take half of its time. This reads the few plain forms and leaves
every other one and every slip to the usual way; a test holds the two to the same reading. The answer is kept: while
nothing has changed it is given again, and what made it is not even loaded.
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


def answer_plain(arguments: list[str]) -> bool:
    """Whether this is a plain `next`, which then has been answered."""
    # elsewhere click knows the console, or the encoding, better
    if os.name != "posix" or (sys.stdout.encoding or "").lower() != "utf-8":
        return False
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
    if day is not None and not (
        len(day) == 10 and day[4] == day[7] == "-" and day.replace("-", "").isdecimal()
    ):
        return None
    try:
        today = date.fromisoformat(day) if day is not None else None
    except ValueError:
        return None
    return Asked(told.get("--vault"), today, as_json, int(number) if number else None, told.get("--topic"))
