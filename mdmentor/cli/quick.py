"""A plain `next` or `log`, and a first `reindex`, read and carried out without loading what reads the command line.

They are run most often, or waited for longest, and loading that would take some of the time. This reads the few
plain forms and leaves every other one and every slip to the usual way; tests hold the two to the same reading. The
answer of `next` is kept: while nothing has changed it is given again, and what made it is not even loaded.
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


def run_plain(arguments: list[str]) -> int | None:
    """Carries out a plain `next` or `log`, or a plain first `reindex`: its exit code, and None where it is none of these."""
    # elsewhere click knows the console, or the encoding, better
    if os.name != "posix" or (sys.stdout.encoding or "").lower() != "utf-8":
        return None
    code = 0
    if arguments[:1] == ["log"]:
        said = read_plain_log(arguments)
        if said is None:
            return None
        from mdmentor.cli.writing import put_on_record

        vault, today, name, text = said
        put_on_record(vault, today, name, lambda: text, None, journal=False)
    elif arguments[:1] == ["reindex"]:
        wanted = read_plain_reindex(arguments)
        if wanted is None:
            return None
        vault, today, flags = wanted
        if has_index(vault):
            return None
        # helpers take a while to come, so they are called before all else is loaded that this needs
        from mdmentor.crew import spawn

        helpers = spawn("read")
        from mdmentor.cli.reindexing import bring_up_to_date

        code = bring_up_to_date(
            vault,
            today,
            full="--full" in flags,
            check="--check" in flags,
            as_json="--json" in flags,
            helpers=helpers,
        )
    else:
        asked = read_plain(arguments)
        if asked is None:
            return None
        answer(asked)
    sys.stdout.flush()
    return code


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


def read_plain_reindex(arguments: list[str]) -> tuple[str | None, date | None, set[str]] | None:
    """Vault, day and flags of a plain `reindex`; None for any that is not plain."""
    told: dict[str, str] = {}
    rest = iter(arguments[1:])
    for word in rest:
        is_flag = word in ("--full", "--check", "--json")
        if word in told or not (is_flag or word in ("--vault", "--today")):
            return None
        told[word] = "" if is_flag else next(rest, "-")
        if not is_flag and told[word][:1] in ("", "-"):
            return None
    day = told.get("--today")
    today = _plain_day(day) if day is not None else None
    if arguments[:1] != ["reindex"] or (today is None and day is not None):
        return None
    return told.get("--vault"), today, {"--full", "--check", "--json"}.intersection(told)


def has_index(named: str | None) -> bool:
    """Whether there is an index of the vault the user means. Raises NoVault."""
    from mdmentor.index import cache_path, index_path
    from mdmentor.vault.finding import find_root

    root = find_root(named, os.environ.get("MDMENTOR_VAULT"), os.getcwd())
    return os.path.exists(index_path(root, cache_path(os.environ.get("MDMENTOR_CACHE"))))


def _plain_day(text: str) -> date | None:
    """The day that is written as `2026-11-23`."""
    if len(text) != 10 or not (text[4] == text[7] == "-" and text.replace("-", "").isdecimal()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
