"""The server: the vault of each document, when work is done, and what is sent to the client without a request."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types as t
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

import mdmentor
from mdmentor.core.assist.buffer import Buffer
from mdmentor.core.model import ERROR, WARNING, Problem
from mdmentor.errors import AmbiguousName, MdmentorError, NoVault, describe_failure
from mdmentor.lsp.documents import Document, Encoding, file_of
from mdmentor.lsp.session import Session
from mdmentor.vault import find_vault

OPTIONS = ("links", "people", "diagnostics", "inlayHints")
_SOON = 0.005  # seconds from a change to its diagnostics; changes until then are checked together
_LONG = 50_000  # characters; a longer note is checked when typing pauses
_PAUSE = 0.3  # seconds without a key, for such a note
_LISTENS = 0.5  # seconds between two looks for commands that were refused
_REST = 1.0  # seconds from an answer to the next look at a large vault
_SEVERITIES = {ERROR: t.DiagnosticSeverity.Error, WARNING: t.DiagnosticSeverity.Warning}


class Protocol(LanguageServerProtocol):
    """pygls's protocol, with an error for each message that is not valid, cancelled or out of turn."""

    _server: Server

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._cancelled: set[int | str] = set()

    def note_cancelled(self, body: bytes) -> None:
        """Remembers a request that is cancelled before its turn."""
        if b"$/cancelRequest" in body:
            with suppress(ValueError, TypeError, KeyError):
                message = json.loads(body)
                if message["method"] == t.CANCEL_REQUEST:
                    self._cancelled.add(message["params"]["id"])

    def receive(self, body: bytes) -> None:
        """Handles the body of a message."""
        try:
            message = json.loads(body)
        except ValueError:
            return self._refuse(None, t.ErrorCodes.ParseError, "this is not JSON")
        if not isinstance(message, dict) or "jsonrpc" not in message:
            return self._refuse(None, t.ErrorCodes.InvalidRequest, "this is not a JSON-RPC 2.0 message")
        method, number = message.get("method"), message.get("id")
        is_request = method is not None and number is not None
        try:
            if is_request:
                self._check_turn(str(method), number)
            structured: Any = self.structure_message(message)
        except JsonRpcException as error:
            if is_request:
                is_unfit = isinstance(error, JsonRpcInternalError)  # parameters that do not fit
                self._refuse(number, t.ErrorCodes.InvalidParams if is_unfit else error.code, error.message)
            return None
        if method == t.CANCEL_REQUEST:
            return self._cancelled.discard(structured.params.id)  # its request is answered
        self.handle_message(structured)
        return None

    def _check_turn(self, method: str, number: Any) -> None:
        """Raises JsonRpcException for a request that is not answered."""
        if number in self._cancelled:
            self._cancelled.discard(number)
            raise JsonRpcException("the request was cancelled", t.LSPErrorCodes.RequestCancelled)
        if self._server.is_shut_down:
            raise JsonRpcException("the server is shut down", t.ErrorCodes.InvalidRequest)
        if self._server.is_initialized and method == t.INITIALIZE:
            raise JsonRpcException("the server is initialized", t.ErrorCodes.InvalidRequest)
        if not self._server.is_initialized and method != t.INITIALIZE:
            raise JsonRpcException("the server is not initialized", t.ErrorCodes.ServerNotInitialized)

    def _refuse(self, number: Any, code: int, why: str) -> None:
        self._send_response(number, error=t.ResponseError(code, why))


class Place(NamedTuple):
    """A document in its vault."""

    server: Server
    session: Session
    uri: str
    buffer: Buffer

    def offset(self, position: t.Position) -> int:
        return self.server.encoding.offset(self.buffer, position)

    def range(self, start: int, end: int) -> t.Range:
        return self.server.encoding.range(self.buffer, start, end)


def diagnostic(place: Place, problem: Problem) -> t.Diagnostic:
    severity = _SEVERITIES.get(problem.severity, t.DiagnosticSeverity.Hint)
    where, text = place.range(*place.buffer.problem_span(problem)), f"{problem.what}; {problem.fix}"
    return t.Diagnostic(where, text, severity, problem.code, source="mdmentor")


class Server(LanguageServer):
    """The open documents and their vaults."""

    protocol: Protocol

    def __init__(self, vault: str | None, today: Callable[[], date]) -> None:
        super().__init__(
            "mdmentor", mdmentor.__version__, protocol_cls=Protocol, converter_factory=default_converter
        )
        self.today, self._named = today, vault
        self.encoding = Encoding("utf-16")
        self.options = dict.fromkeys(OPTIONS, True)
        self.documents: dict[str, Document] = {}  # by URI
        self.sessions: dict[str, Session] = {}  # by root
        self.is_initialized = self.is_shut_down = False
        self._timers: dict[tuple[Callable[[Any], None], object], asyncio.TimerHandle] = {}
        # in place of pygls's own documents, whose lines do not end where the protocol says
        set_handler = self.protocol.fm.add_builtin_feature
        set_handler(t.TEXT_DOCUMENT_DID_OPEN, self._open)
        set_handler(t.TEXT_DOCUMENT_DID_CHANGE, self._change)
        set_handler(t.TEXT_DOCUMENT_DID_CLOSE, self._close)

    def supports(self, path: str) -> bool:
        """Whether the client has a capability, as in "workspace.apply_edit"."""
        return bool(get_capability(self.client_capabilities, path))

    # Vaults

    def session_of(self, file: str) -> Session | None:
        """The vault around a file or folder, its index opened; None outside of all vaults."""
        folder = file if os.path.isdir(file) else os.path.dirname(file)
        for named in (self._named or os.environ.get("MDMENTOR_VAULT"), None):
            with suppress(NoVault):
                root = find_vault(named, None, folder)
                if file and (not named or Path(file).is_relative_to(root)):
                    break
        else:
            return None
        if root not in self.sessions:
            try:
                self.sessions[root] = Session(root, self.today)
            except (MdmentorError, OSError) as error:
                self.tell(describe_failure(error)[0])
        return self.sessions.get(root)

    def place(self, uri: str) -> Place | None:
        """The document at this URI, open or not; None for one that cannot be read or is no note of a vault."""
        file = file_of(uri)
        session = self.session_of(file) if file.lower().endswith(".md") else None
        path = session.healing(lambda: session.path_of(file)) if session else ""
        if session is None or not path:
            return None
        if (document := self.documents.get(uri)) and session.documents.get(path) is not document:
            session.take(path, document)
        try:
            return Place(self, session, uri, session.buffer(path))
        except OSError:
            return None

    def answer(self, session: Session, ask: Callable[[], Any], *, as_saved: bool = False) -> Any:
        """The answer to a request. A small vault is scanned first, a large one soon after; a damaged index is rebuilt."""
        if session.is_small:
            self.look_again(session)
        else:
            self._call_later(_REST, self.look_again, session)

        def asked() -> Any:
            with session.with_unsaved() if as_saved else nullcontext():
                return ask()

        return session.healing(asked)

    def tell(self, text: str, kind: t.MessageType = t.MessageType.Info) -> None:
        self.window_show_message(t.ShowMessageParams(kind, text))

    # Documents

    def _open(self, params: t.DidOpenTextDocumentParams) -> None:
        opened = params.text_document
        document = self.documents[opened.uri] = Document(opened.uri, opened.text, opened.version)
        if place := self.place(document.uri):
            self._say_unsaved(place.session)
            self.diagnose_soon(document)

    def _change(self, params: t.DidChangeTextDocumentParams) -> None:
        document = self.documents.get(params.text_document.uri)
        if document is None:
            return
        was_saved = document.is_saved
        document.change(params, self.encoding)
        if place := self.place(document.uri):
            if was_saved:
                document.stamp = document.stamp or place.session.vault.stamp(place.buffer.path)
                self._say_unsaved(place.session)
            is_long = len(document.text) >= _LONG
            if is_long:
                self._publish(document)
            self.diagnose_soon(document, _PAUSE if is_long else _SOON)

    def _close(self, params: t.DidCloseTextDocumentParams) -> None:
        document = self.documents.pop(params.text_document.uri, None)
        if document is None:
            return
        document.shown = []
        for session in self.sessions.values():
            for path in [path for path, one in session.documents.items() if one is document]:
                del session.documents[path]
                self._publish(document)
                self.look_again(session)

    def _say_unsaved(self, session: Session) -> None:
        """Keeps commands off notes that are not saved, and tells the user which commands were refused."""
        for path in session.unsaved.wanted():
            what = f"a command was to write {path}, which is open with changes that are not saved"
            self.tell(f"{what}; save it and give the command again", t.MessageType.Warning)
        found = {path: one.stamp for path, one in session.documents.items() if not one.is_saved}
        session.unsaved.say(found)
        if found:
            self._call_later(_LISTENS, self._say_unsaved, session)

    def look_again(self, session: Session) -> None:
        """Brings the index up to date with the disk."""
        self._say_unsaved(session)
        for path in session.overtaken():
            what = f"{path} was written by something else while it is open with changes that are not saved"
            self.tell(f"{what}; compare the two before you save", t.MessageType.Warning)
        if session.refresh():
            for document in session.documents.values():
                self.diagnose_soon(document)

    def _call_later(self, delay: float, call: Callable[[Any], None], about: object) -> None:
        """Calls after `delay` seconds, in place of an earlier request for this call; errors are only logged."""

        def run() -> None:
            del self._timers[call, about]
            call(about)

        if waiting := self._timers.get((call, about)):
            waiting.cancel()
        self._timers[call, about] = asyncio.get_running_loop().call_later(delay, run)

    # Diagnostics

    def diagnose_soon(self, document: Document, delay: float = _SOON) -> None:
        """Publishes the diagnostics of a document once nothing more is typed for a moment."""
        if self.options["diagnostics"]:
            self._call_later(delay, self._diagnose, document)

    def _diagnose(self, document: Document) -> None:
        place = self.place(document.uri)
        if place and self.documents.get(document.uri) is document:
            document.shown = self.diagnostics(place)
            self._publish(document)

    def diagnostics(self, place: Place) -> list[t.Diagnostic]:
        return [diagnostic(place, problem) for problem in place.session.problems(place.buffer)]

    def _publish(self, document: Document) -> None:
        if self.options["diagnostics"]:
            params = t.PublishDiagnosticsParams(document.uri, document.shown, document.version)
            self.text_document_publish_diagnostics(params)


def failing(call: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, with its exceptions turned into one-line errors of the protocol."""

    def handler(*given: Any) -> Any:
        try:
            return call(*given)
        except MdmentorError as error:
            candidates = error.candidates if isinstance(error, AmbiguousName) else ()
            text = "\n".join([str(error), *candidates])
            raise JsonRpcException(text, t.LSPErrorCodes.RequestFailed) from error
        except Exception as error:
            raise JsonRpcInternalError(describe_failure(error)[0]) from error

    return handler
