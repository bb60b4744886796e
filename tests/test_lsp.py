"""The language server over the bare protocol: what it answers is what the commands say of the same vault."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from mdmentor.cli.options import clock_today
from tests.conftest import TODAY, VaultOnDisk
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


ODD_LINE = "👩‍🚀 e\u0301 日本 \ttab 𝒳 "


@pytest.mark.parametrize(("encoding", "size"), [("utf-8", 1), ("utf-16", 2), ("utf-32", 4)])
@pytest.mark.parametrize("start", ["", "\ufeff", "---\r\n---\r\n", "---\n---\n", "words\r\n"])
def test_places_are_right_in_every_encoding(client: Client, encoding: str, size: int, start: str) -> None:
    assert client.start(encodings=[encoding])["positionEncoding"] == encoding
    text = f"{start}{ODD_LINE}[[Märta]] 👍\r\nnext"
    client.open("people/New.md", text)
    (found,) = [one for one in client.published("people/New.md") if one["code"] == "alias-link"]
    assert apply(text, [{"range": found["range"], "newText": "X"}], size) == text.replace("[[Märta]]", "X")
    within = {**client.at("people/New.md", 0, 0), "position": found["range"]["end"]}
    shown = client.ask("textDocument/hover", within)
    assert shown["range"] == found["range"]
    link = text.index("[[Märta]]") + len("[[Mär")
    line = text[:link].count("\n")
    column = (
        len(text[:link].rsplit("\n", 1)[-1].encode({1: "utf-8", 2: "utf-16-le", 4: "utf-32-le"}[size]))
        // size
    )
    offered = client.ask("textDocument/completion", client.at("people/New.md", line, column))["items"]
    assert apply(text, [offered[0]["textEdit"]], size) == text.replace(
        "[[Märta]]", "[[Marta Lindqvist|Märta]]"
    )


def test_edits_in_the_middle_of_lines_are_followed(client: Client) -> None:
    client.start(encodings=["utf-16"])
    client.open("people/New.md", "a 👍 b\r\nc\u2028d [[Märta]]\n")
    assert len(client.published("people/New.md")) == 1
    place = {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 6}}
    document = {"uri": client.uri("people/New.md"), "version": 2}
    changes = [
        {"range": place, "text": "👍["},
        {"range": {"start": {"line": 1, "character": 6}, "end": {"line": 1, "character": 6}}, "text": "["},
    ]
    client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
    (found,) = client.published("people/New.md")
    assert found["range"]["start"] == {"line": 1, "character": 6}


def test_a_long_note_is_read_when_typing_pauses(client: Client) -> None:
    client.start()
    path, text = "people/New.md", "[[Nobody]]\n" + "some words\n" * 6000 + "[[Märta]]\n[[No one]]"
    client.open(path, text)

    def lines() -> list[int]:
        return sorted(one["range"]["start"]["line"] for one in client.published(path))

    def type_at(line: int, text: str) -> None:
        place = {"line": line, "character": 0}
        document = {"uri": client.uri(path), "version": 2}
        changes = [{"range": {"start": place, "end": place}, "text": text}]
        client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    assert lines() == [0, 6001, 6002]
    type_at(6001, "see ")
    assert lines() == [0, 6002]
    type_at(10, "[[Nothing]]\n\n")
    assert lines() == [0, 6004]
    assert lines() == [0, 10, 6003, 6004]


def test_a_rename_is_one_edit_equal_to_the_command(
    client: Client, vault: VaultOnDisk, tmp_path: Path
) -> None:
    client.start()
    text = client.open("people/José Ruiz.md") + "not saved: [[Ask for a raise|it]]\n"
    client.change("people/José Ruiz.md", text)
    place = client.at("people/José Ruiz.md", 3, 16)
    prepared = client.ask("textDocument/prepareRename", place)
    assert prepared["placeholder"] == "Ask for a raise"
    edit = client.ask("textDocument/rename", {**place, "newName": "More pay"})
    assert not client.root.joinpath("posts/More pay.md").exists()
    *changes, move = edit["documentChanges"]
    assert (move["kind"], move["newUri"]) == ("rename", client.uri("posts/More pay.md"))
    versions = {one["textDocument"]["uri"]: one["textDocument"]["version"] for one in changes}
    assert (
        versions[client.uri("people/José Ruiz.md")] == 2
        and versions[client.uri("posts/Ask for a raise.md")] is None
    )
    found = {}
    for one in changes:
        path = next(
            p
            for p in ("people/José Ruiz.md", "people/Marta Lindqvist.md", "posts/Ask for a raise.md")
            if client.uri(p) == one["textDocument"]["uri"]
        )
        found[path] = apply(text if "José" in path else vault.read(path), one["edits"])
    vault.add("people/José Ruiz.md", text)
    assert vault.run("rename", "Ask for a raise", "More pay").code == 0
    assert found == {
        "people/José Ruiz.md": vault.read("people/José Ruiz.md"),
        "people/Marta Lindqvist.md": vault.read("people/Marta Lindqvist.md"),
        "posts/Ask for a raise.md": vault.read("posts/More pay.md"),
    }


def test_a_rename_is_refused_where_it_cannot_be_done(client: Client, vault: VaultOnDisk) -> None:
    vault.add("people/Broken.md", "---\nname: a\nname: b\n---\n[[Ask for a raise]]\n")
    capabilities = {"workspace": {"workspaceEdit": {"documentChanges": True}}}
    client.start(capabilities=capabilities)
    path = "people/Marta Lindqvist.md"
    client.open(path)
    place = {**client.at(path, 11, 40), "newName": "More pay"}
    error = client.request("textDocument/rename", place)["error"]
    assert 'mdmentor rename "posts/Ask for a raise.md" "More pay"' in error["message"]
    client.kill()
    other = Client(vault.root, vault.cache)
    other.start()
    other.open(path)
    error = other.request("textDocument/rename", place)["error"]
    assert error["code"] == -32803 and "people/Broken.md" in error["message"]
    error = other.request("textDocument/rename", {**place, "newName": "a|b"})["error"]
    assert "cannot be linked" in error["message"]
    other.kill()


def test_a_rename_leaves_private_text_out_of_its_edits(client: Client) -> None:
    client.start()
    client.open(
        "a.md", "- tea [[Marta Lindqvist]]\n- [[Marta Lindqvist]] SECRET #private\n- x [[Marta Lindqvist]]\n"
    )
    edit = client.ask("textDocument/rename", {**client.at("a.md", 0, 10), "newName": "Marta Berg"})
    assert "SECRET" not in json.dumps(edit)


def test_a_heading_is_renamed_with_the_links_to_it(client: Client, vault: VaultOnDisk) -> None:
    vault.add(
        "a.md",
        "[[Ask for a raise#How to open|x]] and [y](posts/Ask%20for%20a%20raise.md#How%20to%20open) [[Ask for a raise]]\n",
    )
    client.start()
    path = "posts/Ask for a raise.md"
    text = client.open(path)
    edit = client.ask("textDocument/rename", {**client.at(path, 5, 6), "newName": "How to begin"})
    changed = {one["textDocument"]["uri"]: one["edits"] for one in edit["documentChanges"]}
    assert apply(text, changed[client.uri(path)]) == text.replace("## How to open", "## How to begin")
    assert apply(vault.read("a.md"), changed[client.uri("a.md")]) == (
        "[[Ask for a raise#How to begin|x]] and [y](posts/Ask%20for%20a%20raise.md#How%20to%20begin) [[Ask for a raise]]\n"
    )


def test_no_heading_is_renamed_in_a_note_that_git_is_merging(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    client.open("a.md", "# Own\n\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> b\n")
    answer = client.request("textDocument/rename", {**client.at("a.md", 0, 3), "newName": "Mine"})
    assert answer["error"]["code"] == -32803 and "unfinished merge" in answer["error"]["message"]


def test_a_heading_is_renamed_at_a_link_to_it(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    text = client.open("a.md", "x [y](posts/Ask%20for%20a%20raise.md#How%20to%20open) [[#Own]]\n# Own\n")
    place = client.at("a.md", 0, text.index("to%20open"))
    prepared = client.ask("textDocument/prepareRename", place)
    assert prepared["placeholder"] == "How to open"
    named = client.ask("textDocument/prepareRename", client.at("a.md", 0, text.index("for%20")))
    assert apply(text, [{"range": named["range"], "newText": "X"}]) == text.replace(
        "posts/Ask%20for%20a%20raise.md", "X"
    )
    edit = client.ask("textDocument/rename", {**place, "newName": "At last"})
    changed = {one["textDocument"]["uri"]: one["edits"] for one in edit["documentChanges"]}
    after = apply(RAISE, changed[client.uri("posts/Ask for a raise.md")])
    assert after == RAISE.replace("How to open", "At last")
    assert apply(text, changed[client.uri("a.md")]) == text.replace("How%20to%20open", "At%20last")
    place = client.at("a.md", 0, text.index("Own"))
    edit = client.ask("textDocument/rename", {**place, "newName": "Mine"})
    assert apply(text, edit["documentChanges"][0]["edits"]) == text.replace("Own", "Mine")


def test_a_note_that_is_opened_again_is_as_opened_last(client: Client) -> None:
    client.start()
    client.open("a.md", "# One\n")
    client.ask("textDocument/documentSymbol", client.at("a.md", 0, 0))
    client.open("a.md", "# Two\n")
    assert client.ask("textDocument/documentSymbol", client.at("a.md", 0, 0))[0]["name"] == "Two"


def test_an_alias_that_is_linked_is_told_with_the_link_to_write(client: Client) -> None:
    client.start()
    client.open("a.md", "[[Märta]]\n")
    shown = client.ask("textDocument/hover", client.at("a.md", 0, 4))["contents"]["value"]
    assert "alias" in shown and "[[Marta Lindqvist|Märta]]" in shown.replace("\\", "")


def test_a_link_in_the_front_matter_of_a_note_that_is_not_saved_gets_its_fix(client: Client) -> None:
    client.start()
    client.open("people/New.md", '---\nintroduced_by: "[[Märta]]"\n---\n# New\n')
    (problem,) = client.published("people/New.md")
    assert problem["message"].endswith("write [[Marta Lindqvist|Märta]]")


def test_a_vault_behind_a_symbolic_link_is_called_as_the_client_calls_it(vault: VaultOnDisk) -> None:
    link = vault.root.parent / "link"
    link.symlink_to(vault.root)
    client = Client(link, vault.cache)
    client.start()
    client.open("a.md", "[[Marta Lindqvist]]\n")
    place = client.at("a.md", 0, 5)
    assert client.ask("textDocument/definition", place)["uri"] == client.uri("people/Marta Lindqvist.md")
    edit = json.dumps(client.ask("textDocument/rename", {**place, "newName": "Marta Berg"}))
    assert client.uri("people/Marta Berg.md") in edit and vault.root.as_uri() not in edit
    client.kill()


def test_files_that_move_take_their_links_along_and_nothing_else(client: Client, vault: VaultOnDisk) -> None:
    vault.add("a.md", "[x](posts/Ask%20for%20a%20raise.md) [[posts/Ask for a raise]] [[Ask for a raise]]\n")
    client.start()

    def moved(old: str, new: str) -> str | None:
        edit = client.ask(
            "workspace/willRenameFiles", {"files": [{"oldUri": client.uri(old), "newUri": client.uri(new)}]}
        )
        if edit is None:
            return None
        assert {one["textDocument"]["uri"] for one in edit["documentChanges"]} <= {
            client.uri("a.md"),
            client.uri("people/Marta Lindqvist.md"),
        }
        edits = {one["textDocument"]["uri"]: one["edits"] for one in edit["documentChanges"]}
        return apply(vault.read("a.md"), edits.get(client.uri("a.md"), []))

    assert (
        moved("posts", "texts")
        == "[x](texts/Ask%20for%20a%20raise.md) [[texts/Ask for a raise]] [[Ask for a raise]]\n"
    )
    root = moved("posts/Ask for a raise.md", "Raise.md")
    assert root == "[x](Raise.md) [[Raise]] [[Raise]]\n"
    assert moved("people/José Ruiz.md", "people/old/José Ruiz.md") is None


@pytest.mark.parametrize(
    "uri",
    ["untitled:Untitled-1", "http://example.org/a.md", "file:///nowhere/a.md", "file:///tmp", "git:/a.md?x"],
)
def test_what_is_no_note_of_a_vault_is_answered_quietly(client: Client, uri: str) -> None:
    client.start()
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": "[[Märta]] #x @ma"}
    client.notify("textDocument/didOpen", {"textDocument": document})
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}}
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    for method in (
        "completion",
        "hover",
        "definition",
        "documentSymbol",
        "documentLink",
        "prepareRename",
        "codeLens",
    ):
        assert not client.ask(f"textDocument/{method}", place)
    assert not client.ask("textDocument/references", {**place, "context": {"includeDeclaration": True}})
    assert not client.ask("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": whole})
    assert not client.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": uri}, "range": whole, "context": {"diagnostics": []}},
    )
    assert client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"] == []
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.stop() == 0


def test_odd_notes_do_no_harm(client: Client, vault: VaultOnDisk) -> None:
    vault.reindex()
    vault.add("people/Latin.md", b"# Jos\xe9\n")
    client.start()
    client.open("people/Big.md", "# Big\n" + "word [[x]]\n" * 1_000_000)
    assert [one["code"] for one in client.published("people/Big.md")] == ["too-big"]
    assert not client.ask("textDocument/hover", client.at("people/Big.md", 4, 7))
    assert not client.ask("textDocument/completion", client.at("people/Big.md", 4, 7))["items"]
    client.open("people/Latin.md", "# José\n")
    assert [one["code"] for one in client.published("people/Latin.md")] == ["not-utf8"]
    client.open("reach-out/Reach out next.md")
    assert client.published("reach-out/Reach out next.md") == []
    for path, text in (
        ("people/Nul.md", "a\0b"),
        ("people/Open.md", "---\nname: x"),
        ("people/Empty.md", ""),
    ):
        client.open(path, text)
        client.published(path)
        for method in ("hover", "completion", "documentSymbol", "documentLink"):
            client.ask(f"textDocument/{method}", client.at(path, 0, 3))
    assert client.stop() == 0


def test_the_buffer_counts_until_it_is_closed(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    path, other = "people/Marta Lindqvist.md", "posts/Ask for a raise.md"
    client.open(path)
    client.change(path, MARTA.replace("- 2026-09-28", "- 2026-11-22 coffee\n- 2026-09-28"))
    client.open(other)
    shown = client.ask(
        "textDocument/inlayHint",
        {
            "textDocument": {"uri": client.uri(path)},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 20, "character": 0}},
        },
    )
    assert shown[0]["label"].startswith("last talk yesterday")
    vault.add("people/José Ruiz.md", "# José Ruiz\n\nsee [[Marta Lindqvist]]\n")
    refs = client.ask(
        "textDocument/references", {**client.at(path, 9, 3), "context": {"includeDeclaration": False}}
    )
    assert [(one["uri"], one["range"]["start"]["line"]) for one in refs] == [
        (client.uri("people/José Ruiz.md"), 2)
    ]
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri(path)}})
    shown = client.ask("textDocument/hover", client.at(other, 0, 0))
    assert vault.json("show", "Marta Lindqvist")["last_contact"] == "2026-09-28"


def test_nothing_private_is_in_any_answer(client: Client, vault: VaultOnDisk) -> None:
    secrets = "---\nconfidential: true\naliases: [Kryptonym]\ncompany: Kryptoworks\n---\n# Hidden One\n\n## Kryptoheading\n- 2026-11-01 kryptotalk [[Marta Lindqvist]]\n"
    vault.add("people/Hidden One.md", secrets)
    vault.add(
        "people/Marta Lindqvist.md",
        MARTA
        + "- 2026-11-02 kryptoline [[José Ruiz]] #private\n\n## Kryptoplans #private\n- [ ] kryptotask 📅 2026-12-01\n",
    )
    client.start()
    answers = []
    for path in ("a.md", "people/Marta Lindqvist.md", "people/José Ruiz.md"):
        text = (
            "[[Hidden One]] [[Marta Lindqvist]] [[Marta Lindqvist#]] [[kry]] #kr\n"
            if path == "a.md"
            else None
        )
        text = client.open(path, text)
        lines = text.split("\n")
        answers.append(client.published(path))
        for line, words in enumerate(lines):
            for character in range(0, len(words) + 1, 3):
                if "krypto" in words.lower():
                    continue
                at = client.at(path, line, character)
                answers += [
                    client.ask(f"textDocument/{m}", at) for m in ("hover", "completion", "definition")
                ]
        at = client.at(path, 0, 4)
        answers.append(client.ask("textDocument/references", {**at, "context": {"includeDeclaration": True}}))
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        document = {"textDocument": {"uri": client.uri(path)}}
        answers.append(client.ask("textDocument/documentSymbol", document))
        answers.append(client.ask("textDocument/inlayHint", {**document, "range": whole}))
        answers += [
            one["title"]
            for one in client.ask(
                "textDocument/codeAction", {**document, "range": whole, "context": {"diagnostics": []}}
            )
        ]
    answers += [client.ask("workspace/symbol", {"query": words}) for words in ("", "krypto", "hidden")]
    assert "krypto" not in json.dumps(answers).lower()


def test_parts_are_switched_off(vault: VaultOnDisk) -> None:
    client = Client(vault.root, vault.cache)
    capabilities = client.start(
        options={"links": False, "inlayHints": False, "people": True, "diagnostics": False}
    )
    assert "definitionProvider" not in capabilities and "inlayHintProvider" not in capabilities
    assert completed(client, "journal/2026-11-21.md", "- met [[ma¦") == {}
    assert completed(client, "journal/2026-11-21.md", "- met @jo¦") == {"@José Ruiz": "- met [[José Ruiz]]"}
    client.kill()


def test_a_contact_is_created_for_a_link_to_nobody(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    client.open("a.md", "met [[Ann Smith]]\n")
    place = {"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 8}}
    found = client.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": client.uri("a.md")}, "range": place, "context": {"diagnostics": []}},
    )
    (made,) = [one for one in found if one["title"].startswith("Create")]
    create, fill = made["edit"]["documentChanges"]
    assert create["kind"] == "create" and create["uri"] == client.uri("people/Ann Smith.md")
    assert vault.run("new", "contact", "Ann Smith").code == 0
    assert apply("", fill["edits"]) == vault.read("people/Ann Smith.md").replace(
        clock_today().isoformat(), TODAY.isoformat()
    )


@pytest.mark.parametrize("link", ["![[pic.png]]", "[[paper.pdf]]", "[[2026-11-20]]", "[[../up]]"])
def test_no_contact_is_created_for_what_names_nobody(client: Client, link: str) -> None:
    client.start()
    client.open("a.md", link)
    end = client.at("a.md", 0, 5)
    params = {
        **end,
        "range": {"start": end["position"], "end": end["position"]},
        "context": {"diagnostics": []},
    }
    assert client.ask("textDocument/codeAction", params) == []


def test_a_client_without_hints_gets_lenses_whose_commands_work(vault: VaultOnDisk) -> None:
    client = Client(vault.root, vault.cache)
    capabilities = client.start(
        capabilities={"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}
    )
    assert "inlayHintProvider" not in capabilities and capabilities["codeLensProvider"]
    path = "people/Marta Lindqvist.md"
    client.open(path)
    lenses = client.ask("textDocument/codeLens", {"textDocument": {"uri": client.uri(path)}})
    titles = [lens["command"]["title"] for lens in lenses]
    assert titles == ["last talk 8 weeks ago · due for 4 weeks", "log", "why", "snooze", "in 3 days"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri(path)}})
    snooze = {"command": "mdmentor.snooze", "arguments": [client.uri(path)]}
    client.ask("workspace/executeCommand", snooze)
    assert "snooze: 2026-12-07" in vault.read(path)
    assert vault.run("undo").code == 0 and vault.read(path) == MARTA
    client.open(path)
    client.ask("workspace/executeCommand", {**snooze, "command": "mdmentor.log"})
    while (asked := client.unasked.get(timeout=20))["method"] != "workspace/applyEdit":
        pass
    (change,) = asked["params"]["edit"]["documentChanges"]
    assert "- 2026-11-23" in apply(MARTA, change["edits"]) and vault.read(path) == MARTA
    client.kill()


def test_a_client_that_goes_away_ends_the_server(client: Client) -> None:
    client.start()
    assert client.process.stdin
    client.process.stdin.close()
    assert client.process.wait(timeout=20) == 1


def test_requests_out_of_turn_are_refused(client: Client) -> None:
    assert client.request("textDocument/hover", client.at("a.md", 0, 0))["error"]["code"] == -32002
    client.start()
    client.ask("shutdown")
    assert client.request("textDocument/hover", client.at("a.md", 0, 0))["error"]["code"] == -32600


def test_requests_cancelled_before_their_turn_are_not_answered(client: Client) -> None:
    client.start()
    client.open("a.md", "[[Marta Lindqvist]]")
    client.notify("$/cancelRequest", {"id": 99})  # of nothing
    for number in range(100, 150):
        client.send({"id": number, "method": "textDocument/hover", "params": client.at("a.md", 0, 4)})
    for number in range(100, 150):
        client.notify("$/cancelRequest", {"id": number})
    answers = [client.answers.get(timeout=20) for _ in range(50)]
    assert [answer["id"] for answer in answers] == list(range(100, 150))
    assert {answer["error"]["code"] for answer in answers if "error" in answer} == {-32800}
    assert client.ask("textDocument/hover", client.at("a.md", 0, 4))  # with a new number
    assert client.stop() == 0


def test_what_is_no_message_of_the_protocol_gets_an_error(client: Client) -> None:
    client.start()
    assert client.request("textDocument/hover", {})["error"]["code"] == -32602
    assert client.request("textDocument/hover", client.at("a.md", -1, 0))["error"]["code"] == -32602
    assert client.request("workspace/executeCommand", {"command": "nothing"})["error"]["code"] == -32602
    assert client.request("initialize", {"capabilities": {}})["error"]["code"] == -32600
    assert client.process.stdin
    for body, code in ((b"{nothing}", -32700), (b"[1]", -32600), (b'{"id": 1}', -32600)):
        client.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        client.process.stdin.flush()
        assert client.answers.get(timeout=20)["error"]["code"] == code
    client.notify("textDocument/didOpen", {"nothing": 1})
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("never opened.md")}})
    assert client.stop() == 0


def test_an_index_that_is_damaged_meanwhile_heals(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    client.open("a.md", "[[Marta Lindqvist]]")
    (index,) = vault.cache.glob("*.sqlite")
    with index.open("r+b") as file:
        file.truncate(20_000)
    vault.add("people/Later.md", "# Later\n")
    vault.run("contacts")
    assert client.ask("textDocument/hover", client.at("a.md", 0, 4))["contents"]["value"].startswith(
        "**Marta"
    )
    assert [one["name"] for one in client.ask("workspace/symbol", {"query": "later"})] == ["Later"]


def test_two_servers_and_a_command_share_a_vault(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    other = Client(vault.root, vault.cache)
    other.start()
    assert vault.run("log", "Marta Lindqvist", "coffee", "--date", "2026-11-22").code == 0
    for one in (client, other):
        one.open("a.md", "[[Marta Lindqvist]]")
        assert "coffee" in one.ask("textDocument/hover", one.at("a.md", 0, 4))["contents"]["value"]
    other.kill()


def test_without_the_extra_one_line_says_how_to_get_it(vault: VaultOnDisk) -> None:
    with patch.dict(sys.modules, {"pygls": None, "lsprotocol": None}):
        for name in [name for name in sys.modules if name.startswith("mdmentor.lsp")]:
            del sys.modules[name]
        run = vault.run("lsp")
    assert (run.code, run.out) == (5, "") and 'pip install "mdmentor[lsp]"' in run.err


def test_an_entry_that_is_begun_takes_the_cursor_along(vault: VaultOnDisk) -> None:
    client = Client(vault.root, vault.cache)
    client.start(capabilities={"window": {"showDocument": {"support": True}}})
    path = "people/Marta Lindqvist.md"
    client.open(path)
    place = {"start": {"line": 9, "character": 0}, "end": {"line": 9, "character": 0}}
    document = {"textDocument": {"uri": client.uri(path)}}
    found = client.ask(
        "textDocument/codeAction", {**document, "range": place, "context": {"diagnostics": []}}
    )
    (log,) = [one for one in found if one["title"] == "Log a talk today"]
    after = apply(MARTA, log["edit"]["changes"][client.uri(path)])
    assert after.split("\n")[12] == "- 2026-11-23"
    client.ask("workspace/executeCommand", log["command"])
    while (asked := client.unasked.get(timeout=20))["method"] != "window/showDocument":
        pass
    assert asked["params"]["selection"]["start"]["line"] == 12
    client.kill()


def test_diagnostics_that_are_pulled_are_those_that_are_pushed(client: Client, vault: VaultOnDisk) -> None:
    capabilities = client.start()
    assert "diagnosticProvider" not in capabilities  # a client given both would show each twice
    path = "people/José Ruiz.md"
    client.open(path)
    client.change(path, "---\ncadance: monthly\n---\n# José Ruiz\n[[Märta]]\n")
    pushed = client.published(path)
    document = {"textDocument": {"uri": client.uri(path)}}
    assert client.ask("textDocument/diagnostic", document) == {"kind": "full", "items": pushed}
    client.notify("textDocument/didClose", document)
    assert client.published(path) == []
    other = Client(vault.root, vault.cache)
    assert other.start(capabilities={"textDocument": {"diagnostic": {}}})["diagnosticProvider"]
    other.kill()


def test_a_command_leaves_a_note_alone_that_is_not_saved(client: Client, vault: VaultOnDisk) -> None:
    client.start()
    path = "people/Marta Lindqvist.md"
    text = client.open(path) + "not saved\n"
    client.change(path, text)
    client.published(path)
    run = vault.run("log", "Marta Lindqvist", "coffee")
    assert run.code == 4 and "open in an editor with changes that are not saved" in run.err
    assert vault.read(path) == MARTA
    while (told := client.unasked.get(timeout=20))["method"] != "window/showMessage":
        pass
    assert told["params"]["message"].startswith(f"a command was to write {path}")
    assert vault.run("log", "José Ruiz", "coffee").code == 0  # which is not open
    vault.add(path, text)
    client.notify("textDocument/didSave", {"textDocument": {"uri": client.uri(path)}})
    client.ask("textDocument/hover", client.at(path, 9, 0))
    assert vault.run("log", "Marta Lindqvist", "coffee").code == 0
    client.change(path, text, 3)
    client.published(path)
    client.kill()  # what a killed server said counts no more
    assert vault.run("log", "Marta Lindqvist", "tea").code == 0
    assert not list(vault.cache.glob("*.unsaved*"))


def test_a_note_that_is_written_while_it_is_open_and_not_saved_is_told(
    client: Client, vault: VaultOnDisk
) -> None:
    client.start()
    path = "people/Marta Lindqvist.md"
    text = client.open(path) + "not saved\n"
    client.change(path, text)
    client.published(path)
    vault.add(path, MARTA + "from elsewhere\n")
    client.ask("textDocument/hover", client.at(path, 9, 0))
    while (told := client.unasked.get(timeout=20))["method"] != "window/showMessage":
        pass
    assert told["params"]["message"].startswith(f"{path} was written by something else")
    vault.add(path, text)  # as the editor does, which says so afterwards
    client.ask("textDocument/hover", client.at(path, 9, 0))
    client.notify("textDocument/didSave", {"textDocument": {"uri": client.uri(path)}})
    client.change(path, f"{text}more\n", 3)
    client.ask("textDocument/hover", client.at(path, 9, 0))
    client.ask("shutdown")
    assert all(one["method"] != "window/showMessage" for one in list(client.unasked.queue))


def test_symbols_of_the_vault_are_those_of_what_is_open(client: Client) -> None:
    client.start()
    client.open("people/New.md", "---\naliases: [Newest]\n---\n# New One\n\n## Fresh words\n")
    for query in ("newest", "fresh"):
        (found,) = client.ask("workspace/symbol", {"query": query})
        assert found["location"]["uri"] == client.uri("people/New.md")


def test_symbols_are_found_also_where_another_open_vault_is_gone(client: Client, tmp_path: Path) -> None:
    other = VaultOnDisk(tmp_path / "other", tmp_path / "cache")
    other.add("mdmentor.toml", "")
    other.add("people/Gone.md", "")
    client.start()
    client.open("people/Marta Lindqvist.md")
    uri = (other.root / "people/Gone.md").as_uri()
    text = {"uri": uri, "languageId": "markdown", "version": 1, "text": ""}
    client.notify("textDocument/didOpen", {"textDocument": text})
    assert [one["name"] for one in client.ask("workspace/symbol", {"query": "gone"})] == ["Gone"]
    shutil.rmtree(other.root)
    found = client.ask("workspace/symbol", {"query": "marta l"})
    assert [one["name"] for one in found] == ["Marta Lindqvist"]


def test_references_of_a_title_are_those_of_the_note_and_of_a_heading_its_own(
    client: Client, vault: VaultOnDisk
) -> None:
    vault.add("plan.md", "# The plan\n\n## First step\n")
    vault.add("a.md", "[[plan]] [[plan#First step]]\n[[plan#The plan]]\n")
    client.start()
    client.open("plan.md")
    client.open("a.md")

    def lines(path: str, line: int, character: int) -> list[tuple[int, int]]:
        place = {**client.at(path, line, character), "context": {"includeDeclaration": False}}
        found = client.ask("textDocument/references", place)
        assert {one["uri"] for one in found} <= {client.uri("a.md")}
        starts = [one["range"]["start"] for one in found]
        return sorted((start["line"], start["character"]) for start in starts)

    assert lines("plan.md", 0, 4) == lines("plan.md", 1, 0) == lines("a.md", 0, 3)
    assert lines("a.md", 0, 3) == [(0, 0), (0, 9), (1, 0)]
    assert lines("plan.md", 2, 5) == lines("a.md", 0, 20) == [(0, 9)]


def test_actions_are_of_the_kinds_that_the_client_asks_for(client: Client) -> None:
    client.start()
    client.open("people/New.md", "# New\n[[Märta]]\n")

    def kinds(*only: str) -> set[str]:
        place = {"line": 1, "character": 3}
        params = {
            "textDocument": {"uri": client.uri("people/New.md")},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": [], "only": list(only)},
        }
        return {one["kind"] for one in client.ask("textDocument/codeAction", params)}

    assert kinds("") == {"quickfix", "source.fixAll.mdmentor", "refactor.rewrite"}
    assert kinds("source.fixAll") == {"source.fixAll.mdmentor"}
    assert kinds("refactor", "quickfix") == {"refactor.rewrite", "quickfix"}
    assert kinds("source.fix") == set()


def test_a_command_refuses_a_note_that_it_cannot_change_safely(client: Client, vault: VaultOnDisk) -> None:
    text = "---\nname: a\nname: b\ntype: person\n---\n# Twice\n"
    vault.add("people/Twice.md", text)
    client.start()
    snooze = {"command": "mdmentor.snooze", "arguments": [client.uri("people/Twice.md")]}
    error = client.request("workspace/executeCommand", snooze)["error"]
    assert error["code"] == -32803 and "people/Twice.md" in error["message"]
    assert vault.read("people/Twice.md") == text
