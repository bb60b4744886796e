"""Notes of odd shapes take time that grows as they do: four times as much text, not sixteen times as long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mdmentor.core.model import Settings
from mdmentor.core.parse import parse_note
from tests.conftest import VaultOnDisk

BLOCK = "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n\n"
SHAPES = {
    "blocks": lambda n: BLOCK * n,
    "private paragraphs": lambda n: "words #private\n\n" * n,
    "private items and blank lines": lambda n: ("- words #private\n" + "\n" * 20) * n,
    "a private item of many paragraphs": lambda n: "- words #private\n" + "\n\n  more\n" * n,
    "attendees": lambda n: "---\nattendees:\n" + "".join(f"- a{i}\n" for i in range(n)) + "---\n",
    "links on a line": lambda n: "[[a]] " * n,
    "open brackets": lambda n: "[" * n + "](x)",
    "open code": lambda n: " ".join("`" * (1 + i % 300) for i in range(n // 10)),
    "open comments": lambda n: "a <!-- \n" * n,
    "fields on a line": lambda n: "- a:: [[b]] " + "[tags:: [[a]], b] (c:: d) " * (n // 8),
    "open fields": lambda n: "[a:: (b:: " * n + "]" * n,
    "a field of many values": lambda n: "tags:: " + "[[a]], b %%c%% ^d " * n,
    "marks and code": lambda n: "## Log\n- 2026-01-01 #got " + "` `` " * n,
    "a long log": lambda n: "## Log\n" + "- 2026-01-01 call: x [[a]] #got\n" * n,
    "broken front matter": lambda n: "---\ntype: person\nx: |\n" + " a: |\n" * n + "-\n---\n",
}


def seconds(path: str, data: bytes) -> float:
    """Processor time, since other programs use the machine as well."""
    begin = time.process_time()
    parse_note(path, data, Settings())
    return time.process_time() - begin


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", ["people/a.md", "2026-01-01 b.md"])
def test_reading_is_linear(shape: str, path: str) -> None:
    few, many = (SHAPES[shape](n).encode() for n in (8_000, 32_000))
    seconds(path, few)  # loads what it needs
    # Time that grows with the square would be 16 times as much in every try; a busy machine disturbs one or two.
    assert any(seconds(path, many) < 0.3 + 9 * seconds(path, few) for _ in range(5))


def test_thousands_of_blocks_in_one_note_are_renewed_in_one_edit(tmp_path: Path) -> None:
    vault = VaultOnDisk(tmp_path / "vault", tmp_path / "cache")
    vault.add("people/Ada.md", "# Ada\n" + BLOCK * 4_000)
    vault.add("people/Bob.md", "See [[Ada]].\n")
    begin = time.process_time()
    vault.reindex()
    assert time.process_time() - begin < 10  # one edit a block took minutes
    assert vault.read("people/Ada.md").count("[Bob](Bob.md)") == 4_000
    assert not vault.reindex().pages_written


LOG = "## Log\n- 2026-01-01 call: "
LINKED = {  # the notes in which Ada and Bob are linked, with n links
    "one line of a contact's own log": lambda n: {"people/Ada.md": LOG + "[[Bob]] " * n + "\n"},
    "one line of a daily note": lambda n: {"2026-01-01.md": LOG + "[[Ada]] [[Bob]] " * n + "\n"},
    "the lines of a contact's own log": lambda n: {
        "people/Ada.md": LOG + "".join(f"[[Bob]] {i}\n- 2026-01-01 call: " for i in range(n)) + "\n"
    },
    "the lines of a daily note": lambda n: {
        "2026-01-01.md": LOG + "".join(f"[[Ada]] [[Bob]] {i}\n- 2026-01-01 call: " for i in range(n)) + "\n"
    },
    "the lines of a plain note": lambda n: {"x.md": "see [[Ada]] and [[Bob]]\n" * n},
    "a post in the log": lambda n: {
        "people/Ada.md": LOG + "[[Post]] " * n + "\n",
        "2026-01-01.md": LOG + "[[Ada]] [[Post]] " * n + "\n",
    },
}


@pytest.mark.parametrize("shape", LINKED)
def test_commands_and_pages_are_linear_in_the_links_of_a_contact(shape: str, tmp_path: Path) -> None:
    taken: list[list[float]] = []
    for links in (1_000, 8_000):
        vault = VaultOnDisk(tmp_path / f"vault {links}", tmp_path / "cache")
        notes = {"people/Ada.md": "# Ada\n", "people/Bob.md": "# Bob\n", "posts/Post.md": "# Post\n"}
        for path, text in (notes | LINKED[shape](links)).items():
            vault.add(path, text)
        begin = time.process_time()
        vault.reindex()
        seconds_of = [time.process_time() - begin]
        for command in (("show", "Ada"), ("show", "Bob"), ("related", "Bob"), ("backlinks", "Bob")):
            begin = time.process_time()
            assert vault.run(*command).code == 0
            seconds_of.append(time.process_time() - begin)
        taken.append(seconds_of)
    for few, many in zip(*taken, strict=True):
        assert many < 0.5 + 20 * few
