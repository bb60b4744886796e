"""The server: the vault of each document, when work is done, and what the client is sent unasked."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import date
from typing import Any, NamedTuple

from lsprotocol import types as t
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

import mdmentor
from mdmentor.core.assist.buffer import Buffer
from mdmentor.core.model import ERROR, WARNING, Problem
from mdmentor.errors import AmbiguousName, MdmentorError, NoVault, describe_failure
from mdmentor.index import schema
from mdmentor.lsp.documents import Document, Encoding, file_of
from mdmentor.lsp.session import Session
from mdmentor.vault import find_vault

OPTIONS = ("links", "people", "diagnostics", "inlayHints")
REQUEST_FAILED, INVALID_REQUEST, NOT_INITIALIZED = -32803, -32600, -32002
PARSE_ERROR, INVALID_PARAMS, CANCELLED = -32700, -32602, -32800
_SOON = 0.005  # seconds from a change to its diagnostics: what is typed meanwhile goes with it
_LONG = 50_000  # characters of a note that is read in pauses alone
_PAUSE = 0.3  # seconds without a key, for such a note
_LISTENS = 0.5  # seconds between two looks for commands that were refused
_REST = 1.0  # seconds from an answer to the next look at a large vault
_SEVERITIES = {ERROR: t.DiagnosticSeverity.Error, WARNING: t.DiagnosticSeverity.Warning}


class Protocol(LanguageServerProtocol):
    """pygls's protocol, with documents of our own, whose lines end where the protocol says."""

    _server: Server

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._cancelled: set[int | str] = set()

    def note_cancelled(self, body: bytes) -> None:
        """Remembers a request that is cancelled before its turn."""
        if b"$/cancelRequest" in body:
            with suppress(ValueError, TypeError, KeyError):
                message = json.loads(body)
                if message["method"] == "$/cancelRequest":
                    self._cancelled.add(message["params"]["id"])

    def receive(self, body: bytes) -> None:
        """Handles a message; what is no valid message gets an error."""
        try:
            message = json.loads(body)
        except ValueError:
            return self._refuse(None, PARSE_ERROR, "this is not JSON")
        if not isinstance(message, dict) or "jsonrpc" not in message:
            return self._refuse(None, INVALID_REQUEST, "this is not a JSON-RPC 2.0 message")
        try:
            self.handle_message(self.structure_message(message))
        except JsonRpcException:
            if "method" in message and "id" in message:
                self._refuse(message["id"], INVALID_PARAMS, f"these are no parameters of {message['method']}")
        return None

    def handle_message(self, message: Any) -> None:
        method, number = getattr(message, "method", ""), getattr(message, "id", None)
        if method and number is not None:
            if self._server.is_shut_down:
                return self._refuse(number, INVALID_REQUEST, "the server is shut down")
            if self._server.is_initialized == (method == t.INITIALIZE):
                is_late = self._server.is_initialized
                code = INVALID_REQUEST if is_late else NOT_INITIALIZED
                return self._refuse(number, code, f"the server is {'' if is_late else 'not '}initialized")
            if number in self._cancelled:
                self._cancelled.discard(number)
                return self._refuse(number, CANCELLED, "the request was cancelled")
        elif method == t.CANCEL_REQUEST:
            return self._cancelled.discard(message.params.id)  # its request is answered
        super().handle_message(message)

    def _refuse(self, number: int | str | None, code: int, why: str) -> None:
        self._send_response(number, error=t.ResponseError(code, why))  # type: ignore[arg-type]  # null if unknown

    @lsp_method(t.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: t.DidOpenTextDocumentParams) -> None:
        opened = params.text_document
        self._server.open(Document(opened.uri, opened.text, opened.version))

    @lsp_method(t.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: t.DidChangeTextDocumentParams) -> None:
        self._server.change(params)

    @lsp_method(t.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: t.DidCloseTextDocumentParams) -> None:
        self._server.close(params.text_document.uri)


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


def _is_inside(file: str, root: str) -> bool:
    return (file + os.sep).startswith(root.rstrip(os.sep) + os.sep)


class Server(LanguageServer):
    """What is open, and the vaults that it belongs to."""

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
        self._timers: dict[tuple[Callable[..., None], str], asyncio.TimerHandle] = {}

    def supports(self, path: str) -> bool:
        """Whether the client has a capability, as in "workspace.apply_edit"."""
        value: Any = self.client_capabilities
        for part in path.split("."):
            value = getattr(value, part, None)
        return bool(value)

    # Vaults

    def session_of(self, file: str) -> Session | None:
        """The vault around a file or folder, its index opened; None outside of all vaults."""
        if not file:
            return None
        folder = file if os.path.isdir(file) else os.path.dirname(file)
        found = [root for root in self.sessions if _is_inside(file, root)]
        for named in (self._named or os.environ.get("MDMENTOR_VAULT"), None):
            with suppress(NoVault):
                root = find_vault(named, None, folder)
                if not named or _is_inside(file, root):
                    found = [root]
                    break
        root = max(found, key=len, default="")
        if root and root not in self.sessions:
            try:
                self.sessions[root] = Session(root, self.today)
            except (MdmentorError, OSError) as error:
                self.tell(describe_failure(error)[0])
                return None
        return self.sessions.get(root)

    def find(self, uri: str) -> tuple[Session, str] | None:
        """The vault and the path of a note in it."""
        file = file_of(uri)
        if not file.lower().endswith(".md"):
            return None
        session = self.session_of(file)
        path = session.path_of(file) if session else ""
        if session is None or not path:
            return None
        if (document := self.documents.get(uri)) and path not in session.documents:
            session.take(path, document)
        return session, path

    def place(self, uri: str) -> Place | None:
        """The document at this URI, open or not; None for one that cannot be read or is no note of a vault."""
        found = self.find(uri)
        try:
            return Place(self, found[0], uri, found[0].buffer(found[1])) if found else None
        except OSError:
            return None

    def answer(self, session: Session, ask: Callable[[], Any], *, as_saved: bool = False) -> Any:
        """The answer to a request, from an index as fresh as it quickly can be; a damaged index is rebuilt."""
        if session.is_small:
            self.look_again(session)
        elif (self._look_later, session.root) not in self._timers:
            self._call_later(_REST, self._look_later, session.root)

        def asked() -> Any:
            with session.with_unsaved() if as_saved else nullcontext():
                return ask()

        try:
            return asked()
        except sqlite3.DatabaseError as error:
            if not schema.is_damage(error):
                raise
            session.index.start_over()
            session.refresh()
            return asked()

    def tell(self, text: str, kind: t.MessageType = t.MessageType.Info) -> None:
        self.window_show_message(t.ShowMessageParams(kind, text))

    # Documents

    def open(self, document: Document) -> None:
        self.documents[document.uri] = document
        if found := self.find(document.uri):
            self._say_unsaved(found[0])
            self.diagnose_soon(document.uri)

    def change(self, params: t.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        if document := self.documents.get(uri):
            was_saved = document.is_saved
            document.change(params.content_changes, self.encoding)
            if was_saved and (found := self.find(uri)):
                document.stamp = document.stamp or found[0].vault.stamp(found[1])
                self._say_unsaved(found[0])
            document.version = params.text_document.version
            if len(document.text) < _LONG:
                self.diagnose_soon(uri)
            elif self.find(uri):
                self._publish(uri, document.version, document.shown)
                self.diagnose_soon(uri, _PAUSE)

    def close(self, uri: str) -> None:
        document = self.documents.pop(uri, None)
        if waiting := self._timers.pop((self._diagnose, uri), None):
            waiting.cancel()
        for session in self.sessions.values():
            for path in [path for path, one in session.documents.items() if one is document]:
                del session.documents[path]
                self._publish(uri, None, [])
                self.look_again(session)

    def _say_unsaved(self, session: Session) -> None:
        """Keeps commands off notes that are not saved, and tells the user which commands were refused."""
        for path in session.unsaved.wanted():
            what = f"a command was to write {path}, which is open with changes that are not saved"
            self.tell(f"{what}; save it and give the command again", t.MessageType.Warning)
        if session.say_unsaved():
            self._call_later(_LISTENS, self._listen, session.root)

    def _listen(self, root: str) -> None:
        self._say_unsaved(self.sessions[root])

    def look_again(self, session: Session) -> None:
        """Brings the index up to date with the disk."""
        self._say_unsaved(session)
        for path in session.overtaken():
            what = f"{path} was written by something else while it is open with changes that are not saved"
            self.tell(f"{what}; compare the two before you save", t.MessageType.Warning)
        if session.refresh():
            for document in session.documents.values():
                self.diagnose_soon(document.uri)

    def _look_later(self, root: str) -> None:
        del self._timers[self._look_later, root]
        with suppress(MdmentorError, OSError, sqlite3.Error):  # the next answer reports it
            self.look_again(self.sessions[root])

    def _call_later(self, delay: float, call: Callable[[str], None], about: str) -> None:
        """Calls after so many seconds, instead of any earlier request for this call."""
        if waiting := self._timers.pop((call, about), None):
            waiting.cancel()
        self._timers[call, about] = asyncio.get_running_loop().call_later(delay, call, about)

    # Diagnostics

    def diagnose_soon(self, uri: str, delay: float = _SOON) -> None:
        """Publishes the diagnostics of a document once nothing more is typed for a moment."""
        if self.options["diagnostics"]:
            self._call_later(delay, self._diagnose, uri)

    def _diagnose(self, uri: str) -> None:
        place, document = self.place(uri), self.documents.get(uri)
        if place is None or document is None:
            return
        with suppress(MdmentorError, sqlite3.Error, OSError):  # the next change asks again
            document.shown = self.diagnostics(place)
            self._publish(uri, document.version, document.shown)

    def diagnostics(self, place: Place) -> list[t.Diagnostic]:
        return [diagnostic(place, problem) for problem in place.session.problems(place.buffer)]

    def _publish(self, uri: str, version: int | None, found: list[t.Diagnostic]) -> None:
        if self.options["diagnostics"]:
            self.text_document_publish_diagnostics(t.PublishDiagnosticsParams(uri, found, version))


def failing(call: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, with its exceptions turned into one-line errors of the protocol."""

    def handler(*given: Any) -> Any:
        try:
            return call(*given)
        except JsonRpcException:
            raise
        except MdmentorError as error:
            candidates = error.candidates if isinstance(error, AmbiguousName) else ()
            raise JsonRpcException("\n".join([str(error), *candidates]), REQUEST_FAILED) from error
        except Exception as error:
            if os.environ.get("MDMENTOR_DEBUG"):
                raise
            raise JsonRpcInternalError(describe_failure(error)[0]) from error

    return handler
