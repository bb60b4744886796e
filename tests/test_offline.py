"""Nothing leaves the machine: no connection is made, and nothing that a note says is run."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import VaultOnDisk
from tests.test_layers import MODULES, PACKAGE, imports

# Modules through which a program speaks with other machines, or has the user's browser do it.
SPEAKING = {
    "socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "xmlrpc",
    "socketserver", "webbrowser", "requests", "httpx", "aiohttp", "urllib3",
}  # fmt: skip
RUNNING = {"eval", "exec", "compile", "__import__"}  # calls that make code of a text

# Ends the process at once where it opens a connection, or runs a program other than git.
WATCHED = """
import os, sys

def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname", "os.system"):
        os.write(2, f"HEARD {event} {arguments}".encode()); os._exit(99)
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
        if os.path.basename(os.fsdecode(arguments[0])) != "git":
            os.write(2, f"HEARD {event} {arguments}".encode()); os._exit(99)

sys.addaudithook(hook)
from mdmentor.cli import main
sys.exit(main(sys.argv[1:]))
"""

TRAPS = """\
---
tags: [person]
name: !!python/object/apply:os.system ["touch RUN"]
role: "{{ ''.__class__ }} $(touch RUN) `touch RUN`"
url: http://127.0.0.1:9/never
birthday: <% tp.system.prompt() %>
---
# Trap

![picture](http://127.0.0.1:9/pixel.png) <img src="http://127.0.0.1:9/pixel.png"> [[https://127.0.0.1:9/note]]

```dataviewjs
await fetch("http://127.0.0.1:9/")
```

```python
open("RUN", "w")
```

<script>fetch("http://127.0.0.1:9/")</script>

## Log

- 2026-10-14 call: `= date(today)` $= 1 + 1$ #got
"""


def watched(vault: VaultOnDisk, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache), "PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        env=environment,
        cwd=vault.root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_no_module_can_speak_with_other_machines_or_run_a_text(file: Path) -> None:
    found = imports(file)
    parents = {name.rpartition(".")[0] for name in found}
    assert not (found | parents) & SPEAKING
    tree = ast.parse(file.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & RUNNING


@pytest.mark.parametrize(
    "command",
    [
        ["reindex"],
        ["next"],
        ["show", "Trap"],
        ["search", "fetch"],
        ["status"],
        ["log", "Trap", "call: again"],
        ["demo", "sample"],
    ],
    ids=" ".join,
)
def test_no_command_makes_a_connection_or_runs_what_a_note_says(
    vault: VaultOnDisk, command: list[str]
) -> None:
    vault.add("people/Trap.md", TRAPS)
    vault.add("mdmentor.toml", "")
    told = watched(vault, *command)
    assert "HEARD" not in told.stderr
    assert told.returncode in (0, 4), told.stderr  # 4: the note uses a tag of YAML, so it is not written
    assert not list(vault.root.rglob("RUN"))


def test_the_watch_over_connections_would_hear_one(vault: VaultOnDisk) -> None:
    vault.root.mkdir(exist_ok=True)
    code = WATCHED.replace(
        "from mdmentor.cli import main",
        "import socket; main = lambda _: socket.create_connection(('127.0.0.1', 9), 1)",
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 99 and "HEARD socket" in told.stderr
