"""A client of the language server that speaks the bare protocol, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

Message = dict[str, Any]
ALL_EDITS = {
    "documentChanges": True,
    "resourceOperations": ["create", "rename", "delete"],
}


class Client:
    """One server process on a vault. Requests wait for their answers; what comes unasked is kept."""

    def __init__(
        self, root: Path, cache: Path, *options: str, today: str = "2026-11-23", vault: bool = False
    ) -> None:
        self.root = root
        command = [sys.executable, "-m", "mdmentor", "lsp", "--today", today, *options]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=root.parent,
            env={**os.environ, "MDMENTOR_CACHE": str(cache)},
        )
        self.unasked: queue.Queue[Message] = queue.Queue()
        self.answers: queue.Queue[Message] = queue.Queue()
        self.diagnostics: dict[str, list[Message]] = {}
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        out = self.process.stdout
        assert out
        while header := out.readline():
            length = 0
            while header.strip():
                name, _, value = header.decode().partition(":")
                assert name in ("Content-Length", "Content-Type"), header
                length = int(value) if name == "Content-Length" else length
                header = out.readline()
            message = json.loads(out.read(length))
            (self.unasked if "method" in message else self.answers).put(message)

    def send(self, message: Message) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: Any = None) -> Message:
        """The whole answer, with its result or error."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        answer = self.answers.get(timeout=60)
        assert answer["id"] == self._number, answer
        return answer

    def ask(self, method: str, params: Any = None) -> Any:
        answer = self.request(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def start(
        self,
        *,
        encodings: list[str] | None = None,
        capabilities: Message | None = None,
        options: Message | None = None,
    ) -> Message:
        """The server's capabilities, with it ready to work."""
        wanted: Message = {
            "general": {"positionEncodings": encodings} if encodings else {},
            "workspace": {"workspaceEdit": ALL_EDITS, "applyEdit": True},
            "textDocument": {
                "publishDiagnostics": {},
                "inlayHint": {},
                "rename": {"prepareSupport": True},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
            },
        }
        params: Message = {
            "processId": None,
            "rootUri": self.uri(""),
            "capabilities": wanted if capabilities is None else capabilities,
        }
        if options is not None:
            params["initializationOptions"] = options
        result = self.ask("initialize", params)
        self.notify("initialized", {})
        return dict(result["capabilities"])

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str | None = None) -> str:
        text = (self.root / path).read_bytes().decode() if text is None else text
        document = {"uri": self.uri(path), "languageId": "markdown", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return text

    def change(self, path: str, text: str, version: int = 2) -> None:
        document = {"uri": self.uri(path), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def at(self, path: str, line: int, character: int) -> Message:
        """A place in a document, both numbers from 0."""
        return {"textDocument": {"uri": self.uri(path)}, "position": {"line": line, "character": character}}

    def published(self, path: str, *, timeout: float = 10) -> list[Message]:
        """The next diagnostics of a document."""
        while True:
            message = self.unasked.get(timeout=timeout)
            params = message.get("params") or {}
            if message["method"] == "textDocument/publishDiagnostics" and params["uri"] == self.uri(path):
                return list(params["diagnostics"])

    def stop(self) -> int:
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(timeout=20)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def apply(text: str, edits: list[Message], size: int = 2) -> str:
    """The text with the edits of an answer made; `size` is 1, 2 or 4 for UTF-8, UTF-16 or UTF-32."""
    import re

    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
    codec = {1: "utf-8", 2: "utf-16-le", 4: "utf-32-le"}[size]

    def offset(place: Message) -> int:
        line = text[starts[place["line"]] :]
        return starts[place["line"]] + len(line.encode(codec)[: place["character"] * size].decode(codec))

    found = [(offset(e["range"]["start"]), offset(e["range"]["end"]), e["newText"]) for e in edits]
    for start, end, new in sorted(found, reverse=True):
        text = text[:start] + new + text[end:]
    return text
