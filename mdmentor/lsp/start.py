"""The start and the end of the server: what is agreed with the client, and the streams."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from datetime import date
from typing import Any, BinaryIO

from lsprotocol import types as t
from pygls.io_ import StdoutWriter

from mdmentor.lsp import features
from mdmentor.lsp.documents import Encoding, file_of
from mdmentor.lsp.server import OPTIONS, Server
from mdmentor.vault import find_vault


def make_server(vault: str | None, today: Callable[[], date]) -> Server:
    """A server that answers as on the day that `today` gives."""
    server = Server(vault, today)

    @server.feature(t.INITIALIZE)
    def initialize(params: t.InitializeParams) -> None:
        given = params.initialization_options
        wanted = given.items() if isinstance(given, dict) else ()
        server.options.update((name, on) for name, on in wanted if name in OPTIONS and isinstance(on, bool))
        server.encoding = Encoding(server.workspace.position_encoding or "utf-16")
        features.register(server, at_start=True)
        folders = [folder.uri for folder in server.workspace.folders.values()]
        for file in (vault or "", *map(file_of, [*folders, server.workspace.root_uri or ""])):
            server.session_of(file)
        server.is_initialized = True

    @server.feature(t.INITIALIZED)
    def initialized(params: Any) -> None:
        features.register(server, at_start=False)

    @server.feature(t.SHUTDOWN)
    def shutdown(params: Any) -> None:
        server.is_shut_down = True

    @server.feature(t.EXIT)
    def leave(params: Any) -> None:
        for session in server.sessions.values():
            session.close()
        # at once: the thread that reads from the client may still be waiting
        os._exit(0 if server.is_shut_down else 1)

    return server


def serve(vault: str | None, today: Callable[[], date]) -> int:
    """Answers on the standard streams until the client ends it; 1 where that happens without a shutdown."""
    if not os.environ.get("MDMENTOR_DEBUG"):
        logging.disable()  # failures are answers of the protocol
    if vault:
        vault = find_vault(vault, None, ".")  # raises NoVault before the protocol begins
    sys.stdout.flush()
    protocol = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed goes to stderr
    server = make_server(vault, today)
    server.protocol.set_writer(StdoutWriter(protocol))
    asyncio.run(_converse(server, sys.stdin.buffer))
    return 1


async def _converse(server: Server, stdin: BinaryIO) -> None:
    """Handles one message after the other; a thread reads ahead, so that requests cancelled in time are not answered."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def read() -> None:
        while body := _next_message(stdin):
            server.protocol.note_cancelled(body)
            loop.call_soon_threadsafe(server.protocol.receive, body)
        loop.call_soon_threadsafe(ended.set_result, None)

    threading.Thread(target=read, daemon=True).start()
    await ended


def _next_message(stdin: BinaryIO) -> bytes:
    """The body of the next message; empty at the end of the stream."""
    length = 0
    while line := stdin.readline():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
        elif length and not line.strip():
            return stdin.read(length)
    return b""
