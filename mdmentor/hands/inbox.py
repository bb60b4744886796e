"""The inbox of the home note: what lies in it, and a line of it put into the logs of those it tells of."""

from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.edit_items import remove_lines
from mdmentor.core.inbox import HEADING, Jotting, Proposal, Who, find_jottings, propose
from mdmentor.core.model import PAGE
from mdmentor.core.resolve import key_of, resolve_target
from mdmentor.hands.log import adding, log_line
from mdmentor.hands.write import EditNote, Hands, Written
from mdmentor.index import ask, moving


class Inbox(NamedTuple):
    """The note that holds the inbox, and what its lines probably say; "" where there is no such note."""

    path: str
    proposals: tuple[Proposal, ...] = ()


def read_inbox(hands: Hands) -> Inbox:
    """What lies in the inbox: that of `Home.md`, else of the note with such a heading nearest to the root."""
    path = _find_home(hands)
    if not path:
        return Inbox("")
    text = hands.read(path).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    who = _who(hands, path)
    found = tuple(propose(jotting, hands.answers.today, who) for jotting in find_jottings(text))
    return Inbox(path, found)


def file(hands: Hands, inbox: Inbox, proposal: Proposal) -> list[Written]:
    """Puts one line of the inbox into the logs, as one edit. Raises RefusedToWrite, with nothing changed."""
    line = log_line(proposal.told, None, hands.answers.today)
    edits: dict[str, EditNote] = {path: adding(line) for path in proposal.people}
    edits[inbox.path] = _taking_out(proposal.jotting)
    what = f"inbox: log {', '.join(map(names.stem, proposal.people))}"
    return [written for written in hands.edit(what, edits) if written.path != inbox.path]


def _taking_out(jotting: Jotting) -> EditNote:
    """Takes a jotting out of the inbox, wherever lines filed before it have left it."""

    def edit(data: bytes) -> tuple[bytes, int]:
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        now = [j for j in find_jottings(text) if j.words == jotting.words and j.text == jotting.text]
        here = min(now, key=lambda j: abs(j.line - jotting.line), default=jotting)
        return remove_lines(data, here.line, here.last, here.text), 0

    return edit


def _find_home(hands: Hands) -> str:
    found = moving.notes_with_heading(hands.answers.sql, HEADING)
    paths = [path for path, kind in found if kind != PAGE]
    return min(paths, key=lambda p: (names.fold(p) != "home.md", p.count("/"), p), default="")


def _who(hands: Hands, source: str) -> Who:
    """Finds contacts by a link in the note `source`, or by name, alias or a first or last name."""
    sql = hands.answers.sql
    whole: dict[str, list[str]] = {}
    part: dict[str, list[str]] = {}
    for plain, path, _ in moving.contact_names(sql):
        whole.setdefault(plain, []).append(path)
        for word in plain.split():
            part.setdefault(word, []).append(path)

    def find(words: str) -> Sequence[str]:
        if words.startswith("[["):
            target = words[2:-2]
            found = moving.paths_with_key(sql, key_of(target))
            path = resolve_target(target, source, [p for p, _ in found], is_markdown=False)
            if path is not None:
                return (path,) if ask.contact(sql, path) is not None else ()
            if "/" in target:
                return ()
        plain = names.fold_plain(names.unlink(words))
        return tuple(dict.fromkeys(whole.get(plain) or part.get(plain) or []))

    return find
