"""Hostile and broken input through the whole product: bounded in time and memory, a line each."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mdmentor
from mdmentor.core.model import Settings
from mdmentor.core.parse import parse_note
from tests import fuzz_parse, test_text
from tests.conftest import VaultOnDisk

POSIX = pytest.mark.skipif(os.name != "posix", reason="uses what POSIX systems have")
BOUND = 30  # seconds for a whole run over one such note, far above what any of them takes
MEMORY = 600 * 2**20  # bytes of address space that a run may take on top of what Python has

ADA = "---\ntags: [person]\n---\n# Ada Lovelace\n\n## Log\n\n- 2024-10-14 call: tea\n"


def alias_bomb() -> bytes:
    """Ten levels, each nine times the one before: 3 thousand million when written out."""
    lines = [b"a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [b"%c: &%c [%s]" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in range(ord("b"), ord("k"))]
    return b"---\n" + b"\n".join(lines) + b"\ntags: [person]\n---\n# Bomb\n"


HOSTILE: dict[str, bytes] = {
    "an alias bomb": alias_bomb(),
    "ten thousand levels of flow": b"---\na: " + b"[" * 10000 + b"]" * 10000 + b"\n---\nhi\n",
    "two thousand levels of keys": b"---\n" + b"".join(b" " * n + b"a:\n" for n in range(2000)) + b"---\n",
    "ten thousand levels of question marks": b"---\n" + b"? " * 10000 + b"a\n---\n",
    "ten thousand levels of anchors": b"---\n" + b"a: &" * 10000 + b"\n---\n",
    "a tag that would run code": b"---\na: !!python/object/apply:os.system ['touch pwned']\n---\n",
    "a hundred thousand keys": b"---\n" + b"".join(b"k%d: v\n" % n for n in range(100000)) + b"---\n",
    "a megabyte of a name": b"---\nname: " + b"x" * 2**20 + b"\ntags: [person]\n---\n",
    "ten thousand levels of lists": b"- " * 10000 + b"x\n",
    "ten thousand levels of quotes": b">" * 10000 + b" x\n",
    "a list that steps down": b"".join(b" " * n + b"- a\n" for n in range(3000)),
    "fifty thousand brackets": b"[[" * 50000,
    "fifty thousand brackets, closed": b"[[" * 50000 + b"]]" * 50000,
    "fifty thousand links": b"[[Ada Lovelace]] " * 50000,
    "thirty thousand open links": b"[a](b" * 30000,
    "brackets and parentheses": b"[" * 50000 + b"](" + b"(" * 50000,
    "a hundred thousand stars": b"*a_" * 100000,
    "backticks of each length": b"`" * 50000 + b"a" + b" ``" * 20000,
    "fifty thousand fences": b"```\n" * 50000,
    "fifty thousand comments": b"<!--" * 50000,
    "fifty thousand tags": b"<a " * 50000,
    "fifty thousand autolinks": b"<http://" * 50000,
    "fifty thousand percent signs": b"%%" * 50001,
    "fifty thousand dollar signs": b"$$" * 50001,
    "a line of a megabyte": b"x" * 2**20 + b"\n",
    "a line of a megabyte of links": b"tea [[Ada Lovelace]] " * 50000 + b"\n",
    "a heading of fifty thousand lines": b"a\n" * 50000 + b"===\n",
    "a wide table": b"|" * 50000 + b"\n" + b"|-" * 50000,
    "a nested tag": b"#" + b"a/" * 50000,
    "thirty thousand talks on one day": b"## Log\n" + b"- 2026-10-14 call [[Ada Lovelace]] #got\n" * 30000,
    "twenty thousand promises": b"- [ ] x [[Ada Lovelace]] by 2026-12-01\n" * 20000,
    "twenty thousand markers": b"<!-- mdmentor:next -->\n" * 20000,
    "two thousand conflicts": b"<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n" * 2000,
    "numbers beyond all calendars": (
        b"---\ntags: [person]\ncadence: 99999999999999999999 years\nsnooze: 9999-12-31\nnext: 0001-01-01\n"
        b"birthday: 02-30\n---\n## Log\n- 0001-01-01 x\n- 9999-12-31 y\n- 9999-99-99 z\n"
    ),
    "bytes of every sort": bytes(range(256)) * 100,
    "nothing but zeroes": b"\0" * 100000,
    "UTF-16": "---\nname: Ada\n---\n".encode("utf-16"),
    "lone returns": b"\r" * 100000,
    "sixty thousand blanks in a value": b"---\nmet: at"
    + b" " * 60000
    + b"work\nrole: x"
    + b" " * 4000
    + b"y\n---\n",
    "thirty thousand private lines in a talk": b"## Log\n- 2024-10-14 call\n" + b"  - so #private\n" * 30000,
}

# What must be told of them in a line of its own; the others are odd, but nothing is wrong with them.
TOLD = {
    "ten thousand levels of flow": "nested too deep",
    "two thousand levels of keys": "not read beyond",
    "ten thousand levels of question marks": "nested too deep",
    "a hundred thousand keys": "not read beyond",
    "ten thousand levels of lists": "nest more than 50 deep",
    "ten thousand levels of quotes": "nest more than 50 deep",
    "twenty thousand markers": "never ends",
    "two thousand conflicts": "merge",
    "numbers beyond all calendars": "is not a span of time",
    "bytes of every sort": "binary data",
    "nothing but zeroes": "binary data",
    "UTF-16": "UTF-16, which is not read; save it as UTF-8",
}


def bounded() -> None:
    """Called in the new process: it can take no more memory than this, nor more of the processor."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (BOUND, BOUND))


def run(vault: VaultOnDisk, *arguments: str) -> subprocess.CompletedProcess[str]:
    package = Path(mdmentor.__file__).parent.parent
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache), "PYTHONPATH": str(package)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "mdmentor", *arguments, "--vault", str(vault.root)],
        env=environment,
        cwd=vault.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
        preexec_fn=bounded if sys.platform == "linux" else None,
    )


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name.replace(" ", "_"))
def test_no_note_takes_the_run_with_it(vault: VaultOnDisk, name: str) -> None:
    vault.add("people/Ada Lovelace.md", ADA)
    vault.add("people/bad.md", HOSTILE[name])
    told = run(vault, "reindex", "--today", "2026-11-23")
    assert told.returncode == 0, told.stderr[-500:]
    assert "Traceback" not in told.stderr and "should not happen" not in told.stderr
    assert vault.read("people/Ada Lovelace.md") == ADA
    assert (vault.root / "people/bad.md").read_bytes() == HOSTILE[name]
    assert "Ada Lovelace" in vault.page("Reach out next")
    problems = [line for line in vault.problems() if line.startswith("people/bad.md:")]
    if name in TOLD:
        assert any(TOLD[name] in line for line in problems), problems[:3]
    assert not (vault.root / "pwned").exists()
    again = run(vault, "reindex", "--today", "2026-11-23")
    assert "Every page was up to date." in again.stdout, again.stdout + again.stderr


@POSIX
def test_what_is_no_file_is_told_and_never_opened(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", ADA)
    os.mkfifo(vault.root / "people/pipe.md")
    (vault.root / "people/folder.md").mkdir()
    (vault.root / "people/to a device.md").symlink_to("/dev/zero")
    (vault.root / "people/to a terminal.md").symlink_to("/dev/tty")
    (vault.root / "people/loop.md").symlink_to("loop.md")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening:
        before = Path.cwd()
        os.chdir(vault.root)  # a socket's path may not be long
        try:
            listening.bind("socket.md")
        finally:
            os.chdir(before)
    told = run(vault, "check")
    lines = [line for line in told.stdout.splitlines() if ".md:1:1" in line]
    assert (
        "people/pipe.md:1:1: warning: this is a pipe, not a note; rename it to something other than .md"
        in lines
    )
    assert any("socket.md:1:1: warning: this is a socket" in line for line in lines)
    for name in ("to a device", "to a terminal", "loop"):
        assert any(f"people/{name}.md:1:1: hint: the link leads out" in line for line in lines), lines


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may make devices")
def test_a_device_named_like_a_note_is_told(vault: VaultOnDisk) -> None:
    try:
        os.mknod(vault.root / "zero.md", 0o20666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no devices may be made here")
    assert "zero.md:1:1: warning: this is a device" in run(vault, "check").stdout


@POSIX
def test_nothing_outside_the_vault_is_read_or_written_through_a_link(vault: VaultOnDisk) -> None:
    outside = vault.root.parent / "outside"
    outside.mkdir()
    secret = outside / "secret.md"
    secret.write_text("the secret word\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n")
    vault.add("people/Ada Lovelace.md", ADA)
    (vault.root / "out.md").symlink_to(secret)
    (vault.root / "folder").symlink_to(outside)
    (vault.root / "mentors").mkdir()
    (vault.root / "reach-out").symlink_to(outside)
    before = {file: file.read_bytes() for file in outside.iterdir()}
    told = run(vault, "reindex", "--today", "2026-11-23")
    assert told.returncode in (0, 4), told.stderr
    assert {file: file.read_bytes() for file in outside.iterdir()} == before
    for command in (["search", "secret"], ["links"], ["export", "json"]):
        shown = run(vault, *command).stdout
        assert "the secret word" not in shown
    assert any("leads out of the vault" in line for line in vault.problems())


@POSIX
def test_a_page_that_is_a_link_out_of_the_vault_is_not_written(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", ADA)
    vault.reindex()
    outside = vault.root.parent / "outside.md"
    outside.write_text("---\ngenerated-by: mdmentor\n---\nmine\n")
    page = vault.root / "reach-out/Mentors.md"
    page.unlink()
    page.symlink_to(outside)
    run(vault, "reindex", "--today", "2026-11-23")
    assert outside.read_text().endswith("mine\n")


MARKS = "\u061c\u200e\u200f\u202a\u202e\u202c\u2066\u2069"  # they can show text in another order than it is written
CONTROL = f"\x1b[31mred\x1b]0;title\x07\x9b31m \x7f\x85 {MARKS}gnp.exe \x00\x08\r"
_COMMANDS = (
    ["next"],
    ["contacts"],
    ["check"],
    ["search", "red"],
    ["links"],
    ["promises"],
    ["mentors"],
    ["topics"],
    ["show", "evil"],
    ["why", "evil"],
    ["related", "evil"],
    ["status"],
    ["reindex"],
)


@pytest.mark.parametrize("command", _COMMANDS, ids=lambda command: command[0])
def test_no_note_can_move_the_cursor_or_turn_the_text_round(vault: VaultOnDisk, command: list[str]) -> None:
    shown = CONTROL.replace("\x00", "").replace("\r", "")
    vault.add(
        "people/evil.md",
        f"---\ntags: [person, 'x{shown}']\nmentor: candidate\ncompany: 'a {shown}'\ncadence: '{shown}'\n"
        f"helps_with: ['red {shown}']\n---\n# evil {shown}\n\n- [ ] red {shown} by 2026-11-20\n\n"
        f"## Log\n\n- 2024-10-14 call: red {shown} [[no {shown}]]\n",
    )
    with contextlib.suppress(OSError, ValueError):
        vault.add(f"people/name {shown.replace('/', '')}.md", f"red {shown} [[evil]]\n")
    told = run(vault, *command)
    for text in (told.stdout, told.stderr):
        for sign in text:
            assert sign in "\n\t\u200d" or (sign.isprintable() and sign not in MARKS), (
                repr(sign),
                text[:300],
            )
    told = run(vault, *command, "--json")
    for sign in told.stdout:
        assert sign in "\n\u200d" or (sign.isprintable() and sign not in MARKS), repr(sign)
    if command[0] == "show":
        assert MARKS in json.loads(told.stdout)["company"][0]


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")
def test_a_name_that_is_no_text_costs_a_line(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", ADA)
    name = os.fsencode(vault.root) + b"/people/bad \xff\xfe name.md"
    with open(name, "wb") as file:
        file.write(b"# Somebody\n")
    (vault.root / "people/new\nline.md").write_text("# Newline\n")
    told = run(vault, "reindex", "--today", "2026-11-23")
    assert told.returncode == 0, told.stderr
    assert "Ada Lovelace" in vault.page("Reach out next")
    for command in (["check"], ["next"], ["contacts"], ["status"], ["links"], ["contacts", "--json"]):
        assert run(vault, *command).returncode in (0, 1), command


@pytest.mark.parametrize(
    "text",
    [
        "[[[[[[" * 5000,
        "a = " + "[" * 20000,
        'ignore = ["' + "*" * 30 + "/" + "*" * 30 + '"]\n[pages]\nfolder = "../../outside"\n',
        'ignore = ["["]\n',
        '[pages]\nfolder = "people"\n',
        "\0" * 100,
        "[tiers]\n" + "".join(f'"t{n}" = "{n} days"\n' for n in range(2000)),
    ],
    ids=["brackets", "levels", "patterns", "a broken pattern", "pages among people", "zeroes", "many tiers"],
)
def test_no_settings_file_takes_the_run_with_it(vault: VaultOnDisk, text: str) -> None:
    vault.add("mdmentor.toml", text)
    vault.add("people/Ada Lovelace.md", ADA)
    told = run(vault, "reindex", "--today", "2026-11-23")
    assert told.returncode in (0, 4), told.stderr
    assert "should not happen" not in told.stderr
    assert vault.read("people/Ada Lovelace.md") == ADA
    assert (
        not (vault.root.parent / "outside").exists() and not (vault.root.parent.parent / "outside").exists()
    )


# Marks that mean something to one of the parsers, so that random text meets them often.
_PIECES = st.sampled_from(
    [
        *("--- \n", "\n", ": ", "- ", "[[", "]]", "[", "](", ")", "![[", "#", "##", "* ", "> ", "`"),
        *("```\n", "~~~\n"),
        *("<!--", "-->", "<!-- mdmentor:next -->\n", "<!-- /mdmentor -->\n", "%%", "$$", "&a ", "*a", "!!x "),
        "{",
        *("}", ",", "?", "'", '"', "\\", "\t", "    ", "\r\n", "\r", "\x00", "\ufeff", "\u2028", "\u202e"),
        *("2026-10-14", "📅 2026-11-30", "#got", "#private", "[ ]", "[x]", "@", "<<<<<<< \n", "=======\n"),
        *(">>>>>>> \n", "---\ntags: [person]\n---\n", "## Log\n", "e\u0301", "𝒜", "名前", "|"),
    ]
)
TEXTS = st.lists(_PIECES | st.text(max_size=8), max_size=60).map(lambda parts: "".join(parts))


@given(TEXTS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parsing_any_text_returns_and_every_place_is_in_it(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    note = parse_note("people/x.md", data, Settings())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place in (*note.links, *note.problems, *note.blocks):
        assert 1 <= place.line <= len(lines) + 1
    for told in note.interactions:
        assert 1 <= told.line <= len(lines) + 1


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_notes_go_through_the_whole_product(texts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        vault = VaultOnDisk(Path(folder) / "vault", Path(folder) / "cache")
        for number, text in enumerate(texts):
            vault.add(f"people/{number}.md", text.encode("utf-8", "surrogatepass"))
        vault.reindex()
        assert vault.reindex().pages_written == []
        for number, text in enumerate(texts):
            if "mdmentor:" not in text:
                assert (vault.root / f"people/{number}.md").read_bytes() == text.encode(
                    "utf-8", "surrogatepass"
                )


assert test_text  # the oracle of the target "render", which cannot be loaded in the middle of a test


@pytest.mark.parametrize("target", fuzz_parse.TARGETS)
@given(st.lists(TEXTS.map(str.encode) | st.binary(max_size=20), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_fuzzed_holds_for_any_text(target: str, texts: list[bytes]) -> None:
    fuzz_parse.TARGETS[target](fuzz_parse.SPLIT.join(texts))


@pytest.mark.parametrize(
    "name", ["templates/Person.md", "people/_Vorlage Person.md", "people/Person template.md"]
)
def test_a_template_may_be_unfilled(vault: VaultOnDisk, name: str) -> None:
    vault.add(name, "---\nname: {{title}}\ncadence: <% tp.file.title %>\nemail: x\n---\n")
    assert vault.problems() == []
