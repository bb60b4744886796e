"""Whatever locale and encodings are set: notes, their names, arguments and output are UTF-8."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import VaultOnDisk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file names are UTF-8 elsewhere")

NOTE = "---\ncompany: Müller & Söhne\n---\n# Jörg Šimůnek\n\n## Log\n- 2026-01-01 call: grüß\n"


@pytest.fixture(scope="session")
def latin1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a locale whose encoding is ISO 8859-1, which few machines have."""
    folder = tmp_path_factory.mktemp("locales")
    made = folder / "de_DE.ISO-8859-1"
    if shutil.which("localedef") is None:
        pytest.skip("no localedef here")
    command = ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", str(made)]
    if subprocess.run(command, capture_output=True, check=False).returncode or not made.is_dir():
        pytest.skip("the sources of locales are not installed")
    return folder


ENVIRONMENTS = {
    "plain": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "latin 1": {"LC_ALL": "de_DE.ISO-8859-1"},
    "latin 1 without UTF-8 mode": {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONUTF8": "0"},
    "ASCII streams": {"PYTHONIOENCODING": "ascii"},
    "Latin 1 streams": {"PYTHONIOENCODING": "latin-1"},
    "all": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest, latin1: Path, vault: VaultOnDisk) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    own = {"LOCPATH": str(latin1), "MDMENTOR_CACHE": str(vault.cache)}
    return {**clean, **own, **ENVIRONMENTS[request.param]}


def run(
    vault: VaultOnDisk, environment: dict[str, str], *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mdmentor", *arguments, "--vault", str(vault.root)],
        env=environment,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )


def test_no_contact_is_lost_and_no_letter_written_as_another(
    vault: VaultOnDisk, environment: dict[str, str]
) -> None:
    vault.add("people/Jörg Šimůnek.md", NOTE)
    vault.add("people/日本.md", "# 日本\n")
    vault.add("posts/Über Geld.md", "About [[Jörg Šimůnek]]\n")
    told = run(vault, environment, "contacts", "--json")
    assert told.returncode == 0, told
    assert sorted(c["name"] for c in json.loads(told.stdout)) == ["Jörg Šimůnek", "日本"]
    assert run(vault, environment, "log", "Jörg Šimůnek", "call: grüße 日本").returncode == 0
    assert run(vault, environment, "log", "日本", "-", stdin="tea: schön\n").returncode == 0
    assert run(vault, environment, "rename", "Jörg Šimůnek", "Jürgen Šimůnek").returncode == 0
    assert run(vault, environment, "new", "contact", "Zoë").returncode == 0
    assert run(vault, environment, "reindex").returncode == 0
    assert "call: grüße 日本" in vault.read("people/Jürgen Šimůnek.md")
    assert "tea: schön" in vault.read("people/日本.md")
    assert vault.read("posts/Über Geld.md") == "About [[Jürgen Šimůnek]]\n"
    assert sorted(path.name for path in (vault.root / "people").iterdir()) == [
        "Jürgen Šimůnek.md",
        "Zoë.md",
        "日本.md",
    ]
    assert "Jürgen Šimůnek" in vault.page("Posts and people")


def test_a_python_that_cannot_be_started_again_refuses_with_one_line(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "x\n")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "MDMENTOR_CACHE": str(vault.cache)}
    code = "import sys; sys.executable = ''; from mdmentor.cli import main; sys.argv = ['mdmentor', 'next']; main()"
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert told.returncode == 5
    assert told.stderr.count("\n") == 1 and "PYTHONUTF8=1" in told.stderr


BAD = b"J\xf6rg"


@pytest.mark.parametrize(
    "arguments",
    [[b"log", BAD, b"call: x"], [b"log", b"Ada", BAD], [b"show", BAD], [b"set", b"Ada", b"role", BAD], [BAD],
     [b"new", b"contact", BAD], [b"search", BAD], [b"rename", b"Ada", BAD], [b"links", BAD], [b"init", BAD]],
    ids=str,
)  # fmt: skip
def test_an_argument_that_is_not_utf8_is_refused_and_nothing_is_changed(
    vault: VaultOnDisk, arguments: list[bytes], tmp_path: Path
) -> None:
    vault.add("people/Ada.md", "x\n")
    told = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"mdmentor", *arguments],
        env={**os.environ, "MDMENTOR_CACHE": str(vault.cache), "MDMENTOR_VAULT": str(vault.root)},
        cwd=tmp_path,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert told.returncode == 2
    assert told.stderr.count(b"\n") == 1 and b"not UTF-8" in told.stderr
    assert vault.read("people/Ada.md") == "x\n" and len(list((vault.root / "people").iterdir())) == 1


@pytest.mark.parametrize("by", ["--vault", "environment", "folder"])
def test_a_vault_whose_path_is_not_utf8_is_refused_in_one_line(tmp_path: Path, by: str) -> None:
    root = os.fsencode(tmp_path) + b"/v\xff"
    os.makedirs(root + b"/.obsidian")
    environment = {**os.environ, "MDMENTOR_CACHE": str(tmp_path / "cache")}
    for command in (b"next", b"reindex", b"check", b"status"):
        told = subprocess.run(
            [os.fsencode(sys.executable), b"-m", b"mdmentor", command, *([b"--vault", root] * (by == "--vault"))],
            env={**os.environb, **{os.fsencode(k): os.fsencode(v) for k, v in environment.items()},
                 **({b"MDMENTOR_VAULT": root} if by == "environment" else {})},
            cwd=root if by == "folder" else tmp_path,
            capture_output=True,
            timeout=30,
            check=False,
        )  # fmt: skip
        assert told.returncode in (2, 3)
        assert told.stderr.count(b"\n") == 1 and b"not UTF-8" in told.stderr


def test_text_from_stdin_that_is_not_utf8_is_refused(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "x\n")
    told = subprocess.run(
        [sys.executable, "-m", "mdmentor", "log", "Ada", "-", "--vault", str(vault.root)],
        env={**os.environ, "MDMENTOR_CACHE": str(vault.cache)},
        input=b"call: J\xf6rg\n",
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert told.returncode == 2 and b"not UTF-8" in told.stderr
    assert vault.read("people/Ada.md") == "x\n"
