"""The inbox of the home note: what lies in it, and a line of it put into the logs of those it tells of."""

from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, shown_line, text_of
from mdmentor.actions.log import adding, log_line
from mdmentor.core import names
from mdmentor.core.capture import HEADING, Jotting, Proposal, Who, find_jottings, propose
from mdmentor.core.log_editor import remove_lines
from mdmentor.core.model import PAGE
from mdmentor.core.names import key_of, resolve_target
from mdmentor.index import contacts, find


class Inbox(NamedTuple):
    """The note that holds the inbox, and what its lines probably say; "" where there is no such note."""

    path: str
    proposals: tuple[Proposal, ...] = ()


def read_inbox(editor: NoteEditor) -> Inbox:
    """What lies in the inbox: that of `Home.md`, else of the note with such a heading nearest to the root."""
    path = _find_home(editor)
    if not path:
        return Inbox("")
    text = editor.read(path).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    who = _who(editor, path)
    found = tuple(propose(jotting, editor.queries.today, who) for jotting in find_jottings(text))
    return Inbox(path, found)


class Filing:
    """Lines of the inbox to be put into the logs together, as one edit."""

    def __init__(self, editor: NoteEditor, inbox: Inbox) -> None:
        self._editor = editor
        self._inbox = inbox
        self._edits: dict[str, list[EditNote]] = {}
        self._tried: dict[str, bytes] = {}

    def add(self, proposal: Proposal) -> None:
        """Takes a line in. Raises RefusedToWrite, and leaves it out, where it cannot be put where it belongs."""
        line = log_line(proposal.told, None, self._editor.queries.today)
        edits: list[tuple[str, EditNote]] = [(path, adding(line)) for path in proposal.people]
        edits.append((self._inbox.path, _taking_out(proposal.jotting)))
        tried = dict(self._tried)
        for path, edit in edits:
            before = tried[path] if path in tried else self._editor.read(path)
            tried[path], _ = self._editor.apply(path, before, edit)
        self._tried = tried
        for path, edit in edits:
            self._edits.setdefault(path, []).append(edit)

    def carry_out(self) -> list[EditedLine]:
        """Puts every line that was taken in where it belongs; the lines of the logs. Raises RefusedToWrite."""
        people = [names.stem(path) for path in self._edits if path != self._inbox.path]
        ways = {path: _Chain(edits) for path, edits in self._edits.items()}
        if ways:
            self._editor.edit(f"inbox: log {', '.join(people)}", {p: way.edit for p, way in ways.items()})
        return [
            EditedLine(path, line, shown_line(path, way.data, line))
            for path, way in ways.items()
            for line in sorted(way.lines)
        ]


class _Chain:
    """Several edits of one note as one; `lines` are those that they wrote, as they lie in the end."""

    def __init__(self, edits: Sequence[EditNote]) -> None:
        self._edits = edits
        self.lines: list[int] = []
        self.data = b""

    def edit(self, data: bytes) -> tuple[bytes, int]:
        self.lines = []
        for edit in self._edits:
            after, line = edit(data)
            self.lines = [_moved(number, data, after) for number in self.lines]
            if line:
                self.lines.append(line)
            data = after
        self.data = data
        return data, 0


def _moved(number: int, before: bytes, after: bytes) -> int:
    """Where a line lies once lines above it were put in or taken out."""
    old, new = text_of(before).split("\n"), text_of(after).split("\n")
    same = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    return number + len(new) - len(old) if number > same else number


def _taking_out(jotting: Jotting) -> EditNote:
    """Takes a jotting out of the inbox, wherever lines filed before it have left it."""

    def edit(data: bytes) -> tuple[bytes, int]:
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        now = [j for j in find_jottings(text) if j.words == jotting.words and j.text == jotting.text]
        here = min(now, key=lambda j: abs(j.line - jotting.line), default=jotting)
        return remove_lines(data, here.line, here.last, here.text), 0

    return edit


def _find_home(editor: NoteEditor) -> str:
    found = find.notes_with_heading(editor.queries.index, HEADING)
    paths = [path for path, kind in found if kind != PAGE]
    return min(paths, key=lambda p: (names.fold(p) != "home.md", p.count("/"), p), default="")


def _who(editor: NoteEditor, source: str) -> Who:
    """Finds contacts by a link in the note `source`, or by name, alias or a first or last name."""
    sql = editor.queries.index
    whole: dict[str, list[str]] = {}
    part: dict[str, list[str]] = {}
    for plain, path, _ in find.contact_names(sql):
        whole.setdefault(plain, []).append(path)
        for word in plain.split():
            part.setdefault(word, []).append(path)

    def whom(words: str) -> Sequence[str]:
        if words.startswith("[["):
            target = words[2:-2]
            found = find.paths_with_key(sql, key_of(target))
            path = resolve_target(target, source, [p for p, _ in found], is_markdown=False)
            if path is not None:
                return (path,) if contacts.contact(sql, path) is not None else ()
            if "/" in target:
                return ()
        plain = names.fold_plain(names.unlink(words))
        return tuple(dict.fromkeys(whole.get(plain) or part.get(plain) or []))

    return whom
