"""The language server over the bare protocol: what it answers is what the commands say of the same vault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import VaultOnDisk
from tests.language_client import Client, apply

MARTA = """---
aliases: [Märta]
company: Alder Grid
role: head of planning
cadence: 4 weeks
helps_with: [pay]
email: marta@alder.example
---
# Marta Lindqvist

## Log
- 2026-09-28 call: how to open [[Ask for a raise]]
- [ ] send the paper 📅 2026-11-26
"""
RAISE = "---\ntopics: [pay]\n---\n# Ask for a raise\n\n## How to open\nSay it. ^first\n"


@pytest.fixture
def vault(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add("people/Marta Lindqvist.md", MARTA)
    vault.add("people/José Ruiz.md", "# José Ruiz\n\nsee [[Märta]]\n")
    vault.add("posts/Ask for a raise.md", RAISE)
    return vault


@pytest.fixture
def client(vault: VaultOnDisk) -> Iterator[Client]:
    client = Client(vault.root, vault.cache)
    yield client
    client.kill()


def completed(client: Client, path: str, text: str) -> dict[str, str]:
    """What is offered at the bar in the text: each label with the text after it was chosen."""
    at = text.index("¦")
    before, text = text[:at], text.replace("¦", "")
    client.open(path, text)
    line, character = before.count("\n"), len(before.rsplit("\n", 1)[-1].encode("utf-16-le")) // 2
    found = client.ask("textDocument/completion", client.at(path, line, character))
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri(path)}})
    return {item["label"]: apply(text, [item["textEdit"]]) for item in found["items"]} if found else {}


def test_names_are_offered_by_alias_and_without_accents(client: Client) -> None:
    client.start()
    assert completed(client, "a.md", "met [[ma¦")["Märta"] == "met [[Marta Lindqvist|Märta]]"
    assert completed(client, "a.md", "met [[jose¦]] today") == {"José Ruiz": "met [[José Ruiz]] today"}


def test_diagnostics_are_those_of_check_and_of_the_buffer(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    path = "people/José Ruiz.md"
    client.open(path)
    (found,) = client.published(path)
    problems = vault.json("check")["problems"]
    assert [(p["code"], f"{p['what']}; {p['fix']}") for p in problems if p["path"] == path] == [
        (found["code"], found["message"])
    ]
    client.change(path, "# José Ruiz\n")
    assert client.published(path) == []
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri(path)}})


def test_an_unknown_method_is_not_found_and_the_exit_code_is_as_specified(vault: VaultOnDisk) -> None:
    client = Client(vault.root, vault.cache)
    client.start()
    assert client.request("mdmentor/nothing")["error"]["code"] == -32601
    assert client.stop() == 0
    client = Client(vault.root, vault.cache)
    client.start()
    client.notify("exit")
    assert client.process.wait(timeout=20) == 1
    assert client.process.stderr and client.process.stderr.read() == b""
