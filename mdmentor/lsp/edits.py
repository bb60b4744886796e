"""Changes for the client to make: fixes, actions, renames; and the commands that the server carries out.

An action carries its edit. A rename is one edit by the client, of open notes and others alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from lsprotocol import types as t
from pygls.capabilities import get_capability

from mdmentor.actions.edit import NoteEditor, refusing
from mdmentor.actions.history import Change, Move
from mdmentor.actions.new import draft
from mdmentor.actions.notes import Moves, plan_rename
from mdmentor.core import names
from mdmentor.core.assist.actions import actions, fixes, log_today, snooze
from mdmentor.core.assist.buffer import Buffer, names_heading, target_at
from mdmentor.core.edit import Edit, OpenNote
from mdmentor.core.markdown.links import rename_fragment
from mdmentor.core.model import CONTACT, Heading, Link
from mdmentor.errors import MdmentorError, RefusedToWrite
from mdmentor.index import links
from mdmentor.link_problems import may_be_person
from mdmentor.lsp.documents import file_of
from mdmentor.lsp.server import Place, Server, diagnostic
from mdmentor.lsp.session import Planner, Session

FIX_ALL = "source.fixAll.mdmentor"
_REWRITE = t.CodeActionKind.RefactorRewrite
COMMANDS = ("log", "snooze", "why", "tell", "show")


def workspace_edit(
    server: Server,
    session: Session,
    edits: Iterable[tuple[Buffer, Sequence[Edit]]],
    *,
    first: Sequence[t.CreateFile] = (),
    last: Sequence[t.RenameFile] = (),
) -> t.WorkspaceEdit:
    """One edit of several notes, with files created before and renamed after it."""
    changed = []
    for buffer, some in edits:
        document = session.documents.get(buffer.path)
        uri = document.uri if document else session.uri(buffer.path)
        texts = [t.TextEdit(server.encoding.range(buffer, one.start, one.end), one.text) for one in some]
        version = document.version if document else None
        changed.append((t.OptionalVersionedTextDocumentIdentifier(uri, version), texts))
    takes_documents = server.supports("workspace.workspace_edit.document_changes")
    # Neovim announces that it renames files, but not `documentChanges`, which that needs
    if not takes_documents and not can_make(server, t.ResourceOperationKind.Rename):
        return t.WorkspaceEdit(changes={note.uri: texts for note, texts in changed})
    documents = [t.TextDocumentEdit(note, texts) for note, texts in changed]
    return t.WorkspaceEdit(document_changes=[*first, *documents, *last])


def can_make(server: Server, kind: t.ResourceOperationKind) -> bool:
    wanted = get_capability(server.client_capabilities, "workspace.workspace_edit.resource_operations")
    return kind in (wanted or ())


# Actions


def code_actions(place: Place, params: t.CodeActionParams) -> list[t.CodeAction]:
    server, session, buffer = place.server, place.session, place.buffer
    start, end = place.offset(params.range.start), place.offset(params.range.end)
    found: list[t.CodeAction] = []

    def add(title: str, kind: str, edits: Sequence[Edit], **more: Any) -> None:
        edit = workspace_edit(server, session, [(buffer, edits)])
        found.append(t.CodeAction(title, kind, edit=edit, **more))

    sure: list[Edit] = []
    lines = range(buffer.line_at(start), buffer.line_at(end) + 1)
    for problem in session.problems(buffer) if server.options["diagnostics"] else ():
        for fix in fixes(buffer, problem, session):
            is_taken = any(a.start <= b.end and b.start <= a.end for a in fix.edits for b in sure)
            if fix.is_sure and not is_taken:
                sure += fix.edits
            if problem.line in lines:
                more = {"diagnostics": [diagnostic(place, problem)], "is_preferred": fix.is_sure or None}
                add(fix.title, t.CodeActionKind.QuickFix, fix.edits, **more)
    if sure:
        add("Fix all that can be fixed for certain", FIX_ALL, sorted(sure))
    if server.options["people"]:
        for action in actions(buffer, start, end, session):
            can_show = action.line and server.supports("window.show_document.support")
            go = t.Command(action.title, "mdmentor.show", arguments=[place.uri, action.line])
            add(action.title, _REWRITE, action.edits, command=go if can_show else None)
        found += _creating(place, buffer.link_at(start))
    only = params.context.only
    # a kind includes its sub-kinds, and the empty one includes all
    wanted = tuple((kind + ".").lstrip(".") for kind in ([""] if only is None else only))
    return [one for one in found if ((one.kind or "") + ".").startswith(wanted)]


def _creating(place: Place, link: Link | None) -> list[t.CodeAction]:
    """The action that creates a contact for a link to a note that is not there."""
    session, source = place.session, place.buffer.path
    name = names.without_md(link.target.strip()) if link else ""
    if not link or not name or link.line in place.buffer.hidden or not may_be_person(link):
        return []
    if session.resolve(link, source) is not None or session.rewrites(link, source)[1]:
        return []
    title = f'Create the contact "{names.stem(name)}"'
    try:
        path, data = draft(Planner(session), CONTACT, name, datetime.combine(session.today, time()))
    except MdmentorError:  # the name is taken, or no note can have it
        return []
    if not can_make(place.server, t.ResourceOperationKind.Create):
        tell = t.Command(title, "mdmentor.tell", arguments=[f'run: mdmentor new contact "{name}"'])
        return [t.CodeAction(title, t.CodeActionKind.QuickFix, command=tell)]
    uri = session.uri(path)
    made = t.CreateFile(uri, options=t.CreateFileOptions(ignore_if_exists=True))
    text = Edit(0, 0, data.decode())
    edit = workspace_edit(place.server, session, [(Buffer(path, "", session.settings), [text])], first=[made])
    return [t.CodeAction(title, t.CodeActionKind.QuickFix, edit=edit)]


# Renames


def prepare_rename(place: Place, params: t.PrepareRenameParams) -> t.PrepareRenameResult | None:
    target = target_at(place.buffer, place.offset(params.position), place.session)
    if target is None:
        return None
    where = place.range(target.start, target.end)
    if place.buffer.line_at(target.start) in place.buffer.hidden:
        return where
    name = target.heading.text if target.heading else names.stem(target.path)
    return t.PrepareRenamePlaceholder(where, name)


def rename(place: Place, params: t.RenameParams) -> t.WorkspaceEdit:
    server, session, name = place.server, place.session, params.new_name
    target = target_at(place.buffer, place.offset(params.position), place.session)
    if target is None:
        raise RefusedToWrite("nothing here can be renamed", "choose a link, a heading or the name of a note")
    if target.heading is not None:
        return _rename_heading(place, target.path, target.heading, " ".join(name.split()))
    if not can_make(server, t.ResourceOperationKind.Rename):
        fix = f'run: mdmentor rename "{target.path}" "{name}"'
        raise RefusedToWrite("your editor renames no files for a language server", fix)
    plan = plan_rename(Planner(session), target.path, name)
    old, new_uri = map(session.uri, (plan.move.old, plan.move.new))
    moved = [t.RenameFile(old, new_uri)]
    return workspace_edit(server, session, _edits_of(session, plan.changes), last=moved)


def _edits_of(session: Session, changes: Iterable[Change]) -> list[tuple[Buffer, Sequence[Edit]]]:
    buffers = ((session.buffer(one.path), one.after or b"") for one in changes)
    return [(buffer, buffer.edits_to(after)) for buffer, after in buffers]


def _rename_heading(place: Place, path: str, heading: Heading, name: str) -> t.WorkspaceEdit:
    """The edit of a heading in the note at `path`, and of every link to it."""
    if not name or re.search(r"[\[\]|#^]", name):
        raise RefusedToWrite(f'no link can name a heading "{name}"', "leave out [ ] | # ^")
    session = place.session
    sources = dict.fromkeys([path, *(source for source, _ in links.links_to(session.index, path))])
    found = []
    for source in sources:
        buffer = session.buffer(source)
        with refusing(source, buffer.data):
            OpenNote(buffer.data)
        some = [Edit(*buffer.heading_span(heading), name)] if source == path else []
        for link in buffer.links():
            if names_heading(link, heading) and session.resolve(link, source) == path:
                start, _ = buffer.link_span(link)
                if changed := rename_fragment(link, name):
                    some.append(Edit(start + changed.start, start + changed.end, changed.text))
        if some:
            found.append((buffer, sorted(some)))
    return workspace_edit(place.server, session, found)


def will_rename_files(server: Server, params: t.RenameFilesParams) -> t.WorkspaceEdit | None:
    """The edits of links that go with moved files and folders."""
    files = [(file_of(one.old_uri), file_of(one.new_uri)) for one in params.files]
    session = next(filter(None, (server.session_of(old) for old, _ in files)), None)
    if session is None:
        return None
    moves = [Move(session.inside(old), session.inside(new)) for old, new in files]

    def plan() -> t.WorkspaceEdit:
        changes = Moves(Planner(session), [move for move in moves if all(move)]).changes(links_only=True)
        return workspace_edit(server, session, _edits_of(session, changes))

    edit: t.WorkspaceEdit = server.answer(session, plan, as_saved=True)
    return edit if edit.changes or edit.document_changes else None


# Commands


def run_command(server: Server, name: str, given: str = "", line: int = 1, *_: Any) -> None:
    """A command of a lens. The client changes a note that is open; we change any other, with undo."""
    if name == "tell":
        return server.tell(str(given))
    if name == "show":
        end = t.Position(line - 1, 1000)  # the end of the line
        server.window_show_document(t.ShowDocumentParams(given, take_focus=True, selection=t.Range(end, end)))
        return None
    place = server.place(str(given))
    if place is None or place.buffer.note.kind != CONTACT:
        raise RefusedToWrite("this note is not a contact", "choose one that is")
    session, path = place.session, place.buffer.path
    if name == "why":
        card, why_not, _ = server.answer(session, lambda: session.queries.why(path), as_saved=True)
        reasons = [reason.text for reason in card.assessment.reasons if reason.points]
        return server.tell(" ".join([f"{card.person.contact.name}:", *reasons, *why_not]))
    edit = log_today if name == "log" else snooze
    with refusing(path, place.buffer.data):
        after = edit(place.buffer, session.today)[0]
    if path not in session.documents:
        changes = [Change(path, place.buffer.data, after)]
        NoteEditor(session.vault, session.queries).change(f"{name} {names.stem(path)}", changes)
        return server.look_again(session)
    if not server.supports("workspace.apply_edit"):
        what = "your editor takes no edits from a language server; save the note and run"
        return server.tell(f'{what}: mdmentor {name} "{path}"')
    change = workspace_edit(server, session, [(place.buffer, place.buffer.edits_to(after))])
    server.workspace_apply_edit(t.ApplyWorkspaceEditParams(change, f"mdmentor {name}"))
    return None
