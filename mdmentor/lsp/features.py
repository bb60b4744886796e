"""The requests of the protocol: positions become offsets, and answers of `core.assist` the protocol's values."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from lsprotocol import types as t

from mdmentor.core import names
from mdmentor.core.assist import display
from mdmentor.core.assist.buffer import Buffer, line_named, names_heading, target_at
from mdmentor.core.assist.completion import complete
from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.errors import MdmentorError
from mdmentor.index import find, links, notes
from mdmentor.lsp import edits
from mdmentor.lsp.server import Place, Server, failing
from mdmentor.lsp.session import Session

_TRIGGERS = ("[", "#", "^", "(", "@", ":", "-", " ", "/", '"')
_MOST_SYMBOLS = 100
_ITEM_KINDS = {
    "person": t.CompletionItemKind.Class, "note": t.CompletionItemKind.File, "path": t.CompletionItemKind.File,
    "heading": t.CompletionItemKind.Reference, "block": t.CompletionItemKind.Reference,
    "key": t.CompletionItemKind.Property, "value": t.CompletionItemKind.Value,
    "mark": t.CompletionItemKind.Keyword, "tag": t.CompletionItemKind.Keyword,
}  # fmt: skip
_SYMBOL_KINDS = {CONTACT: t.SymbolKind.Class, POST: t.SymbolKind.File, GOAL: t.SymbolKind.Event}


class Feature(NamedTuple):
    answer: Callable[[Place, Any], Any]
    options: Any = None
    part: str = ""  # the switch that turns it off
    as_saved: bool = False  # asks the index as if the open notes had been saved
    nothing: Any = None  # the answer for a document that is not a note of a vault


def completion(place: Place, params: t.CompletionParams) -> t.CompletionList:
    options, offset = place.server.options, place.offset(params.position)
    found = complete(place.buffer, offset, place.session, links=options["links"], people=options["people"])
    items = [
        t.CompletionItem(
            one.label,
            kind=_ITEM_KINDS[one.kind],
            detail=one.detail or None,
            filter_text=one.typed or None,
            sort_text=f"{number:04}",
            text_edit=t.TextEdit(place.range(one.start, one.end), one.text),
        )
        for number, one in enumerate(found)
    ]
    return t.CompletionList(is_incomplete=True, items=items)


def hover(place: Place, params: t.HoverParams) -> t.Hover | None:
    people = place.server.options["people"]
    found = display.hover(place.buffer, place.offset(params.position), place.session, people=people)
    if found is None:
        return None
    return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, found.text), place.range(found.start, found.end))


def _location(
    server: Server, session: Session, path: str, line: int = 1, column: int = 1, length: int = 0
) -> t.Location:
    """A place in a note: in an open one as it is, in another as the index has it."""
    if path in session.documents:
        uri, buffer = session.documents[path].uri, session.buffer(path)
    else:
        text = notes.shown_text(session.index, path) if (line, length) != (1, 0) else ""
        uri, buffer = session.uri(path), Buffer(path, text, session.settings)
    start = buffer.offset(line, column)
    return t.Location(uri, server.encoding.range(buffer, start, min(start + length, buffer.bounds(line)[1])))


def definition(place: Place, params: t.DefinitionParams) -> t.Location | None:
    link = place.buffer.link_at(place.offset(params.position))
    path = place.session.resolve(link, place.buffer.path) if link else None
    if link is None or path is None:
        return None
    note = place.session.note(path) if link.fragment else None
    return _location(place.server, place.session, path, line_named(link, note) if note else 1)


def references(place: Place, params: t.ReferenceParams) -> list[t.Location]:
    """The links to the note or heading at the cursor; at the title and elsewhere those to the note itself."""
    buffer, offset = place.buffer, place.offset(params.position)
    target = target_at(buffer, offset, place.session)
    if target is None and buffer.link_at(offset):
        return []
    path, heading = (target.path, target.heading) if target else (buffer.path, None)
    if heading and path == buffer.path and heading.line == buffer.title_line:
        heading = None
    at = partial(_location, place.server, place.session)
    return [
        at(source, link.line, link.column, len(link.raw.split("\n")[0]))
        for source, link in links.links_to(place.session.index, path)
        if (names_heading(link, heading) if heading else source != path)
    ]


def document_link(place: Place, params: t.DocumentLinkParams) -> list[t.DocumentLink]:
    return [
        t.DocumentLink(place.range(one.start, one.end), one.address or place.session.uri(one.path))
        for one in display.targets(place.buffer, place.session)
    ]


def document_symbol(place: Place, params: t.DocumentSymbolParams) -> list[Any]:
    found = display.symbols(place.buffer)
    kinds = {"heading": t.SymbolKind.String, "talk": t.SymbolKind.Event}
    if not place.server.supports("text_document.document_symbol.hierarchical_document_symbol_support"):
        places = [t.Location(place.uri, place.range(one.start, one.end)) for one in found]
        return [
            t.SymbolInformation(at, one.name, kinds[one.kind]) for at, one in zip(places, found, strict=True)
        ]
    top: list[t.DocumentSymbol] = []
    above: list[tuple[int, list[t.DocumentSymbol]]] = [(0, top)]
    for one in found:
        children: list[t.DocumentSymbol] = []
        selection = place.range(one.start, one.end)
        symbol = t.DocumentSymbol(
            one.name, kinds[one.kind], place.range(one.start, one.last), selection, children=children
        )
        while above[-1][0] >= one.level:
            above.pop()
        above[-1][1].append(symbol)
        above.append((one.level, children))
    return top


def inlay_hint(place: Place, params: t.InlayHintParams) -> list[t.InlayHint]:
    start, end = place.offset(params.range.start), place.offset(params.range.end)
    found = display.hints(place.buffer, place.session)
    return [
        t.InlayHint(place.range(one.at, one.at).start, one.text, padding_left=True)
        for one in found
        if start <= one.at <= end
    ]


def code_lens(place: Place, params: t.CodeLensParams) -> list[t.CodeLens]:
    """The inlay hints for clients without them, and what can be done with a contact."""
    buffer = place.buffer
    shown = [(hint.at, hint.text, "tell", hint.text) for hint in display.hints(buffer, place.session)]
    if buffer.note.kind == CONTACT:
        title = buffer.bounds(buffer.title_line)[1]
        shown += [(title, name, name, place.uri) for name in ("log", "why", "snooze")]
    return [
        t.CodeLens(place.range(at, at), t.Command(words, f"mdmentor.{name}", arguments=[given]))
        for at, words, name, given in sorted(shown, key=lambda one: one[0])
    ]


def diagnostics(place: Place, params: t.DocumentDiagnosticParams) -> t.RelatedFullDocumentDiagnosticReport:
    return t.RelatedFullDocumentDiagnosticReport(place.server.diagnostics(place))


_FILES = t.FileOperationRegistrationOptions([t.FileOperationFilter(t.FileOperationPattern("**/*"), "file")])
FEATURES = {
    t.TEXT_DOCUMENT_COMPLETION: Feature(completion, t.CompletionOptions(trigger_characters=_TRIGGERS)),
    t.TEXT_DOCUMENT_HOVER: Feature(hover, as_saved=True),
    t.TEXT_DOCUMENT_DEFINITION: Feature(definition, part="links"),
    t.TEXT_DOCUMENT_REFERENCES: Feature(references, part="links", as_saved=True),
    t.TEXT_DOCUMENT_DOCUMENT_LINK: Feature(document_link, t.DocumentLinkOptions(), part="links"),
    t.TEXT_DOCUMENT_DOCUMENT_SYMBOL: Feature(document_symbol),
    t.TEXT_DOCUMENT_DIAGNOSTIC: Feature(
        diagnostics,
        t.DiagnosticOptions(True, False),
        "diagnostics",
        nothing=t.RelatedFullDocumentDiagnosticReport([]),
    ),
    t.TEXT_DOCUMENT_INLAY_HINT: Feature(inlay_hint, t.InlayHintOptions(), part="inlayHints", as_saved=True),
    t.TEXT_DOCUMENT_CODE_LENS: Feature(code_lens, t.CodeLensOptions(), part="inlayHints", as_saved=True),
    t.TEXT_DOCUMENT_CODE_ACTION: Feature(
        edits.code_actions,
        t.CodeActionOptions([t.CodeActionKind.QuickFix, t.CodeActionKind.RefactorRewrite, edits.FIX_ALL]),
        as_saved=True,
    ),
    t.TEXT_DOCUMENT_PREPARE_RENAME: Feature(edits.prepare_rename, part="links"),
    t.TEXT_DOCUMENT_RENAME: Feature(edits.rename, part="links", as_saved=True),
}


def register(server: Server, *, at_start: bool) -> None:
    """Registers the features to announce, or else those that are answered without being announced."""
    has_hints = server.supports("text_document.inlay_hint") or not server.options["inlayHints"]
    late = {t.TEXT_DOCUMENT_CODE_LENS if has_hints else t.TEXT_DOCUMENT_INLAY_HINT}
    is_pushed = server.supports("text_document.publish_diagnostics")
    if is_pushed or not server.supports("text_document.diagnostic"):
        late.add(t.TEXT_DOCUMENT_DIAGNOSTIC)  # a client that is given both shows every diagnostic twice
    for method, feature in FEATURES.items():
        if (method in late) != at_start and server.options.get(feature.part, True):
            server.feature(method, feature.options)(failing(partial(_answer, server, feature)))
    if not at_start:
        if server.supports("workspace.did_change_watched_files.dynamic_registration"):
            watchers = [t.FileSystemWatcher(pattern) for pattern in ("**/*.md", "**/mdmentor.toml")]
            wanted = t.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = t.Registration("watch", t.WORKSPACE_DID_CHANGE_WATCHED_FILES, wanted)
            server.client_register_capability(t.RegistrationParams([registration]))
        return
    for method, options, handle in (
        (t.WORKSPACE_SYMBOL, None, workspace_symbol),
        (t.WORKSPACE_WILL_RENAME_FILES, _FILES, edits.will_rename_files),
        (t.WORKSPACE_DID_RENAME_FILES, _FILES, _look_again),
        (t.WORKSPACE_DID_CREATE_FILES, _FILES, _look_again),
        (t.WORKSPACE_DID_DELETE_FILES, _FILES, _look_again),
        (t.WORKSPACE_DID_CHANGE_WATCHED_FILES, None, _look_again),
        (t.TEXT_DOCUMENT_DID_SAVE, None, _saved),
    ):
        server.feature(method, options)(failing(partial(handle, server)))
    for name in edits.COMMANDS:
        server.command(f"mdmentor.{name}")(failing(partial(edits.run_command, server, name)))


def _answer(server: Server, feature: Feature, params: Any) -> Any:
    place = server.place(params.text_document.uri)
    if place is None:
        return feature.nothing
    ask = partial(feature.answer, place, params)
    return server.answer(place.session, ask, as_saved=feature.as_saved)


def _look_again(server: Server, params: Any) -> None:
    for session in server.sessions.values():
        with suppress(MdmentorError):  # one that is gone: the others are looked at nevertheless
            server.look_again(session)


def _saved(server: Server, params: t.DidSaveTextDocumentParams) -> None:
    if document := server.documents.get(params.text_document.uri):
        document.is_saved, document.stamp = True, None
    _look_again(server, params)


def workspace_symbol(server: Server, params: t.WorkspaceSymbolParams) -> list[t.SymbolInformation]:
    """People, posts and other notes by any of their names, then headings, in all vaults that are open."""
    found: list[t.SymbolInformation] = []
    for session in server.sessions.values():
        ask = partial(_symbols, server, session, params.query)
        with suppress(MdmentorError):  # as above
            found += server.answer(session, ask, as_saved=True)
    return found[:_MOST_SYMBOLS]


def _symbols(server: Server, session: Session, query: str) -> list[t.SymbolInformation]:
    at, found = partial(_location, server, session), []
    for one in session.named(query, contacts_only=False):
        kind = _SYMBOL_KINDS.get(one.kind, t.SymbolKind.File)
        container = one.title if names.fold(one.title) != names.fold(one.name) else one.path
        found.append(t.SymbolInformation(at(one.path), one.name, kind, container_name=container))
    for text, path, title, line in find.headings_like(session.index, query, _MOST_SYMBOLS):
        if text != title:
            where = at(path, line, length=1000)
            found.append(t.SymbolInformation(where, text, t.SymbolKind.String, container_name=title))
    return found
