"""A wheel holds all that is needed: built and installed into a bare environment, where the demo is made."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from mdmentor import __version__

ROOT = Path(__file__).parent.parent
UNREACHABLE = ("No matching distribution", "Connection", "connection", "No module named pip")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "0", "--timeout", "10", "-q")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    environment["MDMENTOR_CACHE"] = str(cwd / "cache")
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def pip(*words: str | Path, cwd: Path) -> None:
    """Runs pip. The test is skipped where no package registry can be reached."""
    done = run(*PIP, *words, cwd=cwd)
    if done.returncode and any(word in done.stderr for word in UNREACHABLE):
        pytest.skip("pip is missing, or can reach no package registry")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made of the sdist, as `python -m build` does it."""
    folder = tmp_path_factory.mktemp("wheel")
    done = run(sys.executable, "-m", "build", ROOT, "--outdir", folder, cwd=folder)
    if done.returncode and any(
        word in done.stdout + done.stderr for word in (*UNREACHABLE, "No module named build")
    ):
        pytest.skip("the package build is missing, or pip can reach no package registry")
    assert done.returncode == 0, done.stderr
    assert len(list(folder.glob("*.tar.gz"))) == 1
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_whole_template_and_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    template = ROOT / "vault-template"
    files = {file.relative_to(template).as_posix() for file in template.rglob("*") if file.is_file()}
    assert files and {f"mdmentor/vault-template/{name}" for name in files} <= names
    assert "mdmentor/py.typed" in names
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


def test_the_wheel_runs_in_a_bare_environment(wheel: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    venv.create(bare)
    scripts = bare / ("Scripts" if os.name == "nt" else "bin")
    pip("--python", scripts / "python", "install", wheel, cwd=tmp_path)
    version = run(scripts / "mdmentor", "--version", cwd=tmp_path)
    assert (version.returncode, version.stdout.split()[-1]) == (0, __version__), version.stderr
    demo = run(scripts / "mdmentor", "demo", "sample", "--today", "2026-11-23", cwd=tmp_path)
    assert demo.returncode == 0, demo.stderr
    assert "1. Marta Lindqvist" in demo.stdout
    assert (tmp_path / "sample" / "reach-out" / "Reach out next.md").is_file()


def test_the_licence_is_named_once_and_no_classifier_twice() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    classifiers = project["classifiers"]
    assert project["license"] == "MIT" and not any("License ::" in one for one in classifiers)
    assert classifiers == sorted(set(classifiers))
    assert "Typing :: Typed" in classifiers
