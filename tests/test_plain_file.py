"""What is read besides notes - settings, templates, other programs' JSON - is a plain file inside the vault, or refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mdmentor.files import LARGEST, NotPlain, read_plain_file
from tests.conftest import VaultOnDisk

SECRET = "BEGIN OPENSSH PRIVATE KEY"
DAY = "2026-11-23"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and links as POSIX has them")


def link_to_home(file: Path) -> None:
    home = Path(os.environ["TEST_HOME"])
    file.symlink_to(home / "id_rsa")


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "is a pipe, not a plain file"),
    "link to a device": (lambda file: file.symlink_to("/dev/zero"), "leads out of the vault"),
    "link out": (link_to_home, "leads out of the vault"),
    "folder": (lambda file: file.mkdir(), "is a folder, not a plain file"),
    "huge": (lambda file: file.write_bytes(f"# {SECRET}\n".encode() * 60_000), "is larger than 1 MB"),
}
SETTINGS = [
    "mdmentor.toml",
    ".obsidian/templates.json",
    ".obsidian/plugins/templater-obsidian/data.json",
    ".obsidian/daily-notes.json",
    ".obsidian/plugins/periodic-notes/data.json",
    "logseq/config.edn",
]


@pytest.fixture(autouse=True)
def _secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "id_rsa").write_text(f"{SECRET}\n{SECRET}\n")
    (home / "id_rsa.md").write_text(f"{SECRET}\n{SECRET}\n")
    monkeypatch.setenv("TEST_HOME", str(home))


def run(vault: VaultOnDisk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, which is ended after a while: a test for what hangs."""
    return subprocess.run(
        [sys.executable, "-m", "mdmentor", *arguments, "--vault", str(vault.root)],
        env={**os.environ, "MDMENTOR_CACHE": str(vault.cache)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def everything_below(folder: Path) -> bytes:
    return b"".join(
        file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink()
    )


def test_a_plain_file_and_a_link_to_one_within_the_vault_are_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").symlink_to("a")
    assert read_plain_file(tmp_path, "a") == read_plain_file(tmp_path, "b") == b"one"
    (tmp_path / "a").write_bytes(bytes(LARGEST))
    assert len(read_plain_file(tmp_path, "a")) == LARGEST


@pytest.mark.parametrize("path", ["none", "none/at/all", "file/below"])
def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        read_plain_file(tmp_path, path)


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "", ".", "x\0y", "x\ud800", "/dev/zero"]
)
def test_what_is_no_path_within_the_vault_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(NotPlain):
        read_plain_file(tmp_path, path)


@pytest.mark.parametrize("sort", ODD)
def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path, sort: str) -> None:
    make, reason = ODD[sort]
    (tmp_path / "vault").mkdir()
    make(tmp_path / "vault/odd")
    with pytest.raises(NotPlain, match=reason):
        read_plain_file(tmp_path / "vault", "odd")


@pytest.mark.parametrize("sort", ODD)
@pytest.mark.parametrize("path", SETTINGS)
def test_settings_that_are_no_plain_file_cost_one_line_and_are_not_quoted(
    vault: VaultOnDisk, path: str, sort: str
) -> None:
    vault.add("people/Ada.md", "- 2026-01-01 call\n")
    (vault.root / path).parent.mkdir(parents=True, exist_ok=True)
    make, reason = ODD[sort]
    make(vault.root / path)
    check = run(vault, "check")
    told = [line for line in check.stdout.splitlines() if f"{path}:1:1: " in line]
    assert len(told) == 1 and reason in told[0], check
    assert run(vault, "next", "--today", DAY).returncode == 0
    assert run(vault, "reindex", "--today", DAY).returncode == 0
    assert SECRET not in check.stdout + check.stderr
    assert SECRET not in everything_below(vault.root / "reach-out").decode()


BAD_JSON = {
    "nul": ('{"folder": "a\\u0000b", "templates_folder": "a\\u0000b"}', "no path can have"),
    "surrogate": ('{"folder": "a\\ud800b", "templates_folder": "\\udcff"}', "no path can have"),
    "nested": ("[" * 200_000, "is not JSON"),
    "nested objects": ('{"a":' * 150_000, "is not JSON"),
    "no JSON": ('{"folder": ', "is not JSON"),
    "not UTF-8": ('{"folder": "\udcff"}', "is not JSON"),
    "a list": ("[1, 2]", "is not JSON"),
}


@pytest.mark.parametrize("sort", BAD_JSON)
@pytest.mark.parametrize("path", [path for path in SETTINGS if path.endswith(".json")])
def test_json_that_cannot_be_used_costs_one_line(vault: VaultOnDisk, path: str, sort: str) -> None:
    text, reason = BAD_JSON[sort]
    text = f'{{"daily": {text}}}' if "periodic" in path else text
    vault.add("people/Ada.md", "- 2026-01-01 call\n")
    vault.add(path, text.encode("utf-8", "surrogateescape"))
    told = [line for line in vault.run("check").out.splitlines() if f"{path}:" in line]
    assert len(told) == 1 and reason in told[0]
    assert vault.run("next").code == 0
    assert vault.run("log", "Ada", "call: x", "--journal", "--today", DAY).code == 0
    assert any("call with [[Ada]]: x" in file.read_text() for file in vault.root.rglob(f"{DAY}.md"))


@pytest.mark.parametrize(
    "template",
    [
        "../home/id_rsa",
        "../home/id_rsa.md",
        "/etc/passwd",
        "templates/out",
        "templates/out.md",
        "../../../etc/passwd",
    ],
)
def test_a_template_outside_of_the_vault_is_not_copied(vault: VaultOnDisk, template: str) -> None:
    vault.add("people/Ada.md", "- 2026-01-01 call\n")
    vault.add("templates/note.md", "")
    (vault.root / "templates/out.md").symlink_to(Path(os.environ["TEST_HOME"]) / "id_rsa")
    (vault.root / "templates/out").symlink_to(Path(os.environ["TEST_HOME"]) / "id_rsa")
    vault.add(".obsidian/daily-notes.json", f'{{"folder": "journal", "template": "{template}"}}')
    log = run(vault, "log", "Ada", "call: x", "--journal", "--today", DAY)
    assert log.returncode == 0
    assert log.stderr.count("\n") == 1 and "so it is not used" in log.stderr
    assert vault.read(f"journal/{DAY}.md").startswith(f"# {DAY}\n")
    assert SECRET not in log.stdout + log.stderr + everything_below(vault.root).decode()


@pytest.mark.parametrize("sort", ODD)
@pytest.mark.parametrize("command", [("log", "Ada", "call: x", "--journal"), ("new", "contact", "Bob")])
def test_a_template_that_is_no_plain_file_is_not_used(
    vault: VaultOnDisk, command: tuple[str, ...], sort: str
) -> None:
    vault.add("people/Ada.md", "- 2026-01-01 call\n")
    for name in ("daily", "person"):
        vault.add(f"templates/{name}.md", "# {{title}}\n")
    vault.add(".obsidian/daily-notes.json", '{"template": "templates/daily"}')
    vault.reindex()
    for name in ("daily", "person"):
        (vault.root / f"templates/{name}.md").unlink()
        ODD[sort][0](vault.root / f"templates/{name}.md")
    made = run(vault, *command)
    assert made.returncode == 0, made
    assert SECRET not in made.stdout + made.stderr + everything_below(vault.root / "people").decode()


def test_an_attributes_file_of_git_that_is_a_pipe_is_not_waited_for(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "- 2026-01-01 call\n")
    subprocess.run(["git", "init", "-q", str(vault.root)], check=True)
    os.mkfifo(vault.root / ".gitattributes")
    assert run(vault, "check").returncode in (0, 1)
    installed = run(vault, "git", "install")
    assert installed.returncode == 5 and "is a pipe" in installed.stderr
