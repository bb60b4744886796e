"""The layers: the core is pure, outside things do not know each other, and commands start light."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mdmentor
from tests.conftest import VaultOnDisk

PACKAGE = Path(mdmentor.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "vault-template" not in p.parts)

# One outside thing each; they import the core and never each other.
OUTSIDE = {"config", "vault", "index", "git"}
# May be imported by the command line alone.
SHELLS = {"cli", "watching", "lsp"}

# What would make the core know more than it was told.
IMPURE_IMPORTS = {
    "os",
    "sys",
    "pathlib",
    "sqlite3",
    "subprocess",
    "time",
    "random",
    "tempfile",
    "shutil",
    "io",
    "socket",
    "locale",
    "click",
    "watchdog",
}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "today", "now", "getenv", "hash"}


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            module = node.module or ""
            found.update(
                {module}
                if module != "mdmentor" and module != "mdmentor.core"
                else {f"{module}.{a.name}" for a in node.names}
            )
    return found


def own(file: Path) -> set[str]:
    """The first-level modules of mdmentor that a file imports: "core", "vault", ..."""
    return {
        name.split(".")[1]
        for name in imports(file)
        if name.startswith("mdmentor.") and not name.endswith("__version__")
    }


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) == "core"], ids=lambda f: f.stem)
def test_the_core_imports_the_core_alone_and_touches_nothing_outside(file: Path) -> None:
    assert own(file) <= {"core"}
    assert not {name.split(".")[0] for name in imports(file)} & IMPURE_IMPORTS
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            assert name not in IMPURE_CALLS, f"{file.name}:{node.lineno}: {name}()"


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) in OUTSIDE], ids=lambda f: f.stem)
def test_an_outside_thing_knows_the_core_and_no_other_outside_thing(file: Path) -> None:
    assert own(file) - {"core", "errors", "digests", "plain_file"} <= {room(file)}


@pytest.mark.parametrize(
    "file", [f for f in MODULES if room(f) not in SHELLS | {"__main__"}], ids=lambda f: f.stem
)
def test_nothing_below_knows_the_shells(file: Path) -> None:
    assert not own(file) & SHELLS


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) != "index"], ids=lambda f: f.stem)
def test_sql_stands_in_the_index_alone(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert ".execute(" not in text and "SELECT " not in text


def module_of(file: Path) -> str:
    return ".".join(("mdmentor", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def test_no_two_modules_import_each_other_by_whatever_way() -> None:
    """Imports inside functions count: they run, and whoever reads one of the two has to know the other."""
    names = {module_of(file) for file in MODULES}
    known: dict[str, set[str]] = {}
    for file in MODULES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):  # what is there for the type checker alone is no import
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                node.body = []
        found: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mdmentor"):
                submodules = {f"{node.module}.{alias.name}" for alias in node.names} & names
                found |= submodules or {str(node.module)}
        known[module_of(file)] = found & names
    ring = {name: set(others) for name, others in known.items()}
    while loose := {
        name
        for name, others in ring.items()
        if not others & ring.keys() or name not in set().union(*ring.values())
    }:
        for name in loose:
            del ring[name]
    assert not ring, {name: sorted(others & ring.keys()) for name, others in ring.items()}


def loaded_by(*arguments: str) -> set[str]:
    code = "import sys; from mdmentor.cli import main; main(sys.argv[1:]); print('|'.join(sys.modules), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in run.stderr.splitlines()[-1].split("|")}


HEAVY = {
    "markdown_it",
    "yaml",
    "frontmatter",
    "watchdog",
    "rich",
    "hypothesis",
    "multiprocessing",
    "asyncio",
}


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["next", "--help"], ["completion"]], ids=" ".join
)
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    assert not loaded_by(*arguments) & (HEAVY | {"sqlite3"})


def modules_of(vault: VaultOnDisk, *arguments: str) -> set[str]:
    """All modules that a command loads in this vault."""
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache)}
    code = "import sys; from mdmentor.cli import main; main(sys.argv[1:]); print('|'.join(sys.modules), file=sys.stderr)"
    command = [sys.executable, "-c", code, *arguments, "--vault", str(vault.root), "--today", "2026-11-23"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split("|"))


def test_the_next_list_loads_nothing_heavy_when_nothing_changed(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 call\n")
    vault.reindex()
    for _ in range(2):
        loaded = {name.split(".")[0] for name in modules_of(vault, "next")}
    assert not loaded & HEAVY


def test_a_run_loads_what_makes_pages_only_where_one_is_owed(vault: VaultOnDisk) -> None:
    vault.add("plain.md", "one\n")
    vault.reindex()
    again = modules_of(vault, "reindex")  # its stamp is young, so it is read once more
    assert not again & {"mdmentor.site", "mdmentor.answers", "mdmentor.core.choose", "yaml"}
    vault.add("plain.md", "two\n")
    changed = modules_of(vault, "reindex")
    assert "mdmentor.site" in changed
    assert not changed & {
        "mdmentor.core.picture",
        "mdmentor.core.mentoring",
        "mdmentor.hands.write",
        "subprocess",
    }


@pytest.mark.parametrize(
    "command", [["search", "tea"], ["links"], ["backlinks", "Ada"], ["log", "Ada", "tea"]]
)
def test_what_ranks_people_is_loaded_for_those_who_ask_for_people(
    vault: VaultOnDisk, command: list[str]
) -> None:
    old = 1_700_000_000
    for file in (
        vault.add("people/Ada.md", "## Log\n- 2026-01-01 call\n"),
        vault.add("plain.md", "[[Ada]]\n"),
    ):
        os.utime(file, (old, old))
    for _ in range(2):
        vault.reindex()
    assert not modules_of(vault, *command) & {
        "mdmentor.core.opener",
        "mdmentor.core.choose",
        "mdmentor.core.rank",
    }
