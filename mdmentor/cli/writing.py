"""What commands that change notes have in common: the vault to be written in, and telling what was written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from mdmentor.cli import output, streams

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from mdmentor.actions.edit import Hands, Written


@contextmanager
def hands(vault: str | None, today: date | None = None) -> Iterator[Hands]:
    """The vault to be written in, after an edit that was cut short is taken back and the index is renewed."""
    from mdmentor.actions.edit import Hands, mend
    from mdmentor.cli.session import open_answers, open_vault
    from mdmentor.index import cache_path, index_path

    where = open_vault(vault)
    for words in mend(where, index_path(where.folder, cache_path(os.environ.get("MDMENTOR_CACHE")))):
        output.say(words)
    with open_answers(vault, today) as answers:
        ready = Hands(where, answers)
        try:
            yield ready
        finally:
            if ready.has_written:
                streams.tell_edited()
        for words in ready.words:
            output.say(words)
        if ready.store.warning:
            output.say(ready.store.warning)


def tell(written: Iterable[Written]) -> None:
    """Prints the lines as they are now, each with its place."""
    lines = list(written)
    for one in lines:
        output.line(str(one))
    if not lines:
        output.say("it says so already; nothing was changed")


def put_on_record(
    vault: str | None,
    today: date | None,
    name: str,
    words: Callable[[], str],
    day: date | None,
    *,
    journal: bool,
) -> None:
    """What `log` does; the words are asked for once it is known who is meant."""
    from mdmentor.actions import log as use_case

    with hands(vault, today) as ready:
        people = use_case.find_people(ready.answers, name)
        text = words()
        write = use_case.journal if journal else use_case.log
        line, written = write(ready, people, text, day)
        tell(written)
        if known := use_case.said(line, text, day, ready.answers.today):
            output.say(known)
