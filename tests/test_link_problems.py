"""What is said of links that name no note: a fix that can be pasted in, and opens the note that was meant."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import VaultOnDisk

NAMES = ["Ada Lovelace", "O'Brien", "Ann (Bee)", "Jörg & Co", "100% sure", "c.v", "Ada"]


def problems(vault: VaultOnDisk) -> list[dict[str, object]]:
    return [p for p in vault.json("check")["problems"] if p["path"] != "mdmentor.toml"]


def only(vault: VaultOnDisk) -> dict[str, str]:
    (told,) = (p for p in problems(vault) if p["code"] != "unquoted-link")
    return told  # type: ignore[return-value]


def apply(text: str, link: dict[str, object], fix: str) -> str:
    """The text with the link as the fix says."""
    raw, line, column = str(link["raw"]), int(str(link["line"])), int(str(link["column"]))
    if written := re.search(r"\bwrite (.*)", fix):
        new = written[1]
    else:
        near = re.fullmatch(r'did you mean "(.*)"\?', fix)
        assert near, fix
        new = re.sub(r"\[\[[^\]|#\\]*", lambda _: f"[[{near[1]}", raw, count=1)
        new = re.sub(r"\]\(<[^#>]*", lambda _: f"](<{near[1]}", new, count=1)
        new = re.sub(r"\]\([^<#)][^#)]*", lambda _: f"]({quote(near[1])}", new, count=1)
    lines = text.split("\n")
    assert lines[line - 1][column - 1 :].startswith(raw)
    lines[line - 1] = lines[line - 1][: column - 1] + new + lines[line - 1][column - 1 + len(raw) :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("[[Countess]]", "write [[Ada Lovelace|Countess]]"),
        ("[[countess]]", "write [[Ada Lovelace|countess]]"),
        ("[[Countess|her]]", "write [[Ada Lovelace|her]]"),
        ("[[Countess|]]", "write [[Ada Lovelace|Countess]]"),
        ("[[Countess.md]]", "write [[Ada Lovelace.md|Countess.md]]"),
        ("[[Countess#Log]]", "write [[Ada Lovelace#Log|Countess#Log]]"),
        ("[[Countess#^b1|there]]", "write [[Ada Lovelace#^b1|there]]"),
        ("![[Countess#Log]]", "write ![[Ada Lovelace#Log|Countess#Log]]"),
        ("[her](Countess)", "write [her](../people/Ada%20Lovelace.md)"),
        ('[**her**](Countess.md#The%20log "who")', 'write [**her**](../people/Ada%20Lovelace.md#The%20log "who")'),
        ("[her](<Countess.md>)", "write [her](<../people/Ada Lovelace.md>)"),
        ("![her](Countess.md)", "write ![her](../people/Ada%20Lovelace.md)"),
        ("[her][1]\n\n[1]: Countess.md#log", "write [her](../people/Ada%20Lovelace.md#log)"),
        ("[countess]\n\n[countess]: Countess.md", "write [countess](../people/Ada%20Lovelace.md)"),
        ("| who |\n|---|\n| [[Countess]] |", "write [[Ada Lovelace\\|Countess]]"),
        ("---\nboss: '[[Countess]]'\n---\n", "write [[Ada Lovelace|Countess]]"),
        ("---\nboss: [[Countess|C]]\n---\n", "write [[Ada Lovelace|C]]"),
    ],
)  # fmt: skip
def test_a_link_by_alias_is_told_with_the_link_to_write(vault: VaultOnDisk, text: str, fix: str) -> None:
    vault.add("people/Ada Lovelace.md", "---\naliases: [Countess]\n---\n")
    vault.add("posts/x.md", text)
    told = only(vault)
    assert (told["code"], told["severity"], told["fix"]) == ("alias-link", "warning", fix)


def test_where_two_notes_have_the_name_the_fix_opens_the_one_with_the_alias(vault: VaultOnDisk) -> None:
    vault.add("Ada.md", "")
    vault.add("people/Ada.md", "---\naliases: [Countess]\n---\n")
    vault.add("x.md", "[[Countess]]\n")
    assert only(vault)["fix"] == "write [[people/Ada|Countess]]"
    vault.add("people/x.md", "---\ntype: note\n---\n[[Countess]]\n")
    (vault.root / "x.md").unlink()
    assert "[[" in only(vault)["fix"]


def test_of_an_alias_of_two_notes_both_are_named(vault: VaultOnDisk) -> None:
    for name in ("Ada", "Bob"):
        vault.add(f"people/{name}.md", "---\naliases: [Boss]\n---\n")
    vault.add("x.md", "[[Boss#Log]]\n")
    told = only(vault)
    assert told["code"] == "alias-link" and "did you mean" not in told["fix"]
    assert told["fix"] == "write [[Ada#Log|Boss#Log]] or [[Bob#Log|Boss#Log]]"


def test_a_note_whose_name_no_wikilink_can_hold_gets_a_markdown_link(vault: VaultOnDisk) -> None:
    vault.add("people/C# dev.md", "---\naliases: [Countess]\n---\n")
    vault.add("x.md", "[[Countess]]\n")
    assert only(vault)["fix"] == "write [Countess](people/C%23%20dev.md)"
    vault.add("x.md", "---\nboss: '[[Countess]]'\n---\n")
    assert only(vault)["fix"] == "rename people/C# dev.md first, as no link can hold that name"


@pytest.mark.parametrize(
    "text",
    ["[[vue.js]]", "[[asp.net]]", "[[Dr. Who]]", "[[v1.2]]", "[x](dotnet/api/x.round)", "[[node.js#Log]]"],
)
def test_a_dot_alone_makes_no_file(vault: VaultOnDisk, text: str) -> None:
    vault.add("x.md", text)
    told = only(vault)
    assert (told["code"], told["severity"], told["fix"]) == (
        "missing-note", "hint", "make the note, or leave it as a placeholder",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["![[a.png]]", "[[b.PDF]]", "[x](img/c.jpeg)", "![[d.canvas]]"])
def test_a_missing_file_is_told_as_one(vault: VaultOnDisk, text: str) -> None:
    vault.add("x.md", text)
    assert only(vault)["code"] == "missing-file"


@pytest.mark.parametrize(
    "text", ["[x](/dotnet/api/x.round)", "[x](/docs)", "![x](/img/a.png)", "[x][1]\n\n[1]: /a/b.html"]
)
def test_a_path_on_a_website_is_no_problem_and_counted_nowhere(vault: VaultOnDisk, text: str) -> None:
    vault.add("x.md", text)
    assert problems(vault) == []
    assert vault.run("check").code == 0
    vault.reindex()
    assert not (vault.root / "reach-out/Problems.md").exists()


def test_a_missing_note_named_from_the_root_is_told(vault: VaultOnDisk) -> None:
    vault.add("people/Charles Babbage.md", "")
    vault.add("x.md", "[x](/people/Charles%20Babage.md)\n")
    assert only(vault)["code"] == "missing-note"
    vault.add("x.md", "[[/people/Charles Babage]]\n")
    assert only(vault)["fix"] == 'did you mean "Charles Babbage"?'


def test_a_near_name_that_is_no_links_name_comes_with_the_link(vault: VaultOnDisk) -> None:
    vault.add("people/cb.md", "---\nname: Charles Babbage\naliases: [Engineer]\n---\n")
    vault.add("x.md", "[[Charles Babage]] [[Engneer|e]]\n")
    assert [p["fix"] for p in problems(vault)] == [
        'did you mean "Charles Babbage"? write [[cb|Charles Babbage]]',
        'did you mean "Engineer"? write [[cb|e]]',
    ]


def test_many_links_by_alias_in_one_note_take_no_time(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", "---\naliases: [Countess]\n---\n")
    vault.add("x.md", "|a|\n|---|\n" + "| [[Countess]] |\n" * 3000)
    assert {p["fix"] for p in problems(vault)} == {"write [[Ada Lovelace\\|Countess]]"}


LINKS = [
    "[[{}]]", "[[{}|shown]]", "[[{}#Log]]", "[[{}#^b1|shown]]", "![[{}]]", "![[{}#Log]]", "[shown]({u}.md)", "[shown]({u})",
    "[shown](<{}.md#Log>)", "![shown]({u}.md)", "[shown][ref]", "[[people/{}]]", "[[{}.md]]", "[shown](./{u}.md)",
]  # fmt: skip
PLACES = [
    "Text {} and more\n", "- item\n  - {}\n", "| a | b |\n|---|---|\n| {} | x |\n", "> quote {}\n", "# Heading {}\n",
    "---\nboss: '{}'\n---\n", '---\nboss: "{}"\n---\n', "---\nboss:\n  - '{}'\n  - x\n---\n", "---\nboss: {}\n---\n",
]  # fmt: skip
SOURCES = ["x.md", "posts/x.md", "people/deep/x.md"]


def in_place(place: str, link: str, name: str) -> str:
    link = link.replace(
        "{u}", name.replace("%", "%25").replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    )
    link = link.replace("{}", name)
    if place.startswith("|"):
        link = link.replace("|", "\\|")
    if "'{" in place:
        link = link.replace("'", "''")
    text = place.replace("{}", link)
    definition = name.replace("%", "%25")
    return f"{text}\n[ref]: <{definition}.md#Log>\n" if "[ref]" in link else text


def of_links(vault: VaultOnDisk, source: str) -> list[dict[str, object]]:
    found = [p for p in problems(vault) if p["path"] == source]
    return [p for p in found if p["code"] in ("alias-link", "missing-note") or p["severity"] == "error"]


@given(
    st.sampled_from(PLACES), st.sampled_from(LINKS), st.sampled_from(NAMES), st.sampled_from(["Countess", "The Boss", "d'Or", *NAMES]),
    st.sampled_from(SOURCES), st.sampled_from(["", "Ada.md", "a/Ada Lovelace.md", "posts/O'Brien.md"]), st.booleans(),
)  # fmt: skip
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_fix_says_opens_the_note_with_heading_and_text(
    place: str, link: str, name: str, called: str, source: str, other: str, is_slip: bool
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        vault = VaultOnDisk(folder / "vault", folder / "cache")
        vault.add("mdmentor.toml", "")
        meant = f"people/{name}.md"
        vault.add(meant, f"---\naliases: {json.dumps([called])}\n---\n\n## Log\n\ntext ^b1\n")
        if other:
            vault.add(other, "")
        wanted = called[:2] + called[3:] if is_slip and len(called) > 5 else called
        text = in_place(place, link, wanted)
        vault.add(source, text)
        loose = [k for k in vault.json("links", source) if k["target"] is None]
        told = of_links(vault, source)
        if (
            not loose
            or not told
            or told[0]["code"] not in ("alias-link", "missing-note")
            or "make the" in told[0]["fix"]
        ):
            return
        (before,) = loose
        fix = str(told[0]["fix"])
        if " or " in fix and Path(other).stem == called:
            return  # both are named
        assert " or " not in fix and "rename" not in fix
        vault.add(source, apply(text, before, fix))
        (after,) = vault.json("links", source)
        assert of_links(vault, source) == []
        assert after["target"] == meant or (after["target"] == other and called in (other, Path(other).stem))
        assert after["fragment"] == before["fragment"]
        if told[0]["code"] == "alias-link" or before["text"] == "shown":
            assert after["text"] == before["text"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("note", ["Foo", "two words", "it's", "!!", "\u5c71"])
def test_the_command_named_for_an_unknown_note_works(vault: VaultOnDisk, note: str) -> None:
    import shlex

    vault.add("a.md", "")
    run = vault.run("links", note)
    assert run.code == 2
    command = shlex.split(run.err.strip().rpartition("mdmentor ")[2])
    assert vault.run(*command).code == 0
