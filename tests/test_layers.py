"""The layers: the core is pure, outside things do not know each other, and commands start light.

Every kind of import counts: at the top, inside a function, under TYPE_CHECKING, and by `import_module`. Lists of
exceptions here and in pyproject.toml name what is still to be put right; they may only become shorter.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

import mdmentor
from tests.clones import ADA
from tests.conftest import VaultOnDisk

PACKAGE = Path(mdmentor.__file__).parent
PROJECT = Path(__file__).parent.parent
SIZE = ("PLR0913", "C901")  # of functions: their parameters, their branches
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "vault-template" not in p.parts)

# One outside thing each; they import the core and never each other.
OUTSIDE = {"config", "vault", "index", "git"}
# One file a format, text <-> plain values: as pure as the core, of which they know nothing but values and words.
PURE = {"core", "formats"}
# May be imported by the command line alone.
SHELLS = {"cli", "watch", "lsp"}

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


def module_of(file: Path) -> str:
    return ".".join(("mdmentor", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


NAMES = {module_of(file) for file in MODULES}


def imports(file: Path) -> set[str]:
    """The dotted names of all modules that a file imports, whatever the way."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            module = node.module or ""
            for alias in node.names:
                name = f"{module}.{alias.name}"
                found.add(name if name in NAMES or module == "mdmentor" else module)
        elif isinstance(node, ast.Call) and _name_called(node) in ("import_module", "__import__"):
            found |= _imported_by_name(node.args[0])
    return found


def _name_called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _imported_by_name(argument: ast.expr) -> set[str]:
    """The module named by a text; for an f-string all modules of ours whose names begin so."""
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    start = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
    assert isinstance(start, ast.Constant), f"cannot tell what is imported: {ast.unparse(argument)}"
    return {name for name in NAMES if name.startswith(str(start.value))}


def own(file: Path) -> set[str]:
    """The first-level modules of mdmentor that a file imports: "core", "vault", ..."""
    return {
        name.split(".")[1]
        for name in imports(file)
        if name.startswith("mdmentor.") and not name.endswith("__version__")
    }


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) in PURE], ids=module_of)
def test_core_and_formats_import_the_core_and_themselves_alone_and_touch_nothing_outside(file: Path) -> None:
    assert own(file) <= {"core", room(file)}
    assert not {name.split(".")[0] for name in imports(file)} & IMPURE_IMPORTS
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = _name_called(node)
            assert name not in IMPURE_CALLS, f"{file.name}:{node.lineno}: {name}()"


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) in OUTSIDE], ids=lambda f: f.stem)
def test_an_outside_thing_knows_the_core_and_no_other_outside_thing(file: Path) -> None:
    assert own(file) - {"core", "errors", "files"} <= {room(file)}


@pytest.mark.parametrize(
    "file", [f for f in MODULES if room(f) not in SHELLS | {"__main__"}], ids=lambda f: f.stem
)
def test_nothing_below_knows_the_shells(file: Path) -> None:
    assert not own(file) & SHELLS


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) in {"watch", "lsp"}], ids=module_of)
def test_no_shell_but_the_command_line_knows_another(file: Path) -> None:
    assert not own(file) & (SHELLS - {room(file)})


def test_the_protocol_of_editors_is_known_in_one_room() -> None:
    users = {
        room(file) for file in MODULES if {n.split(".")[0] for n in imports(file)} & {"pygls", "lsprotocol"}
    }
    assert users == {"lsp"}


@pytest.mark.parametrize("file", [f for f in MODULES if room(f) != "index"], ids=lambda f: f.stem)
def test_sql_stands_in_the_index_alone(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert ".execute(" not in text and "SELECT " not in text


# Imported though private: `_typeshed` for its types alone, `yaml._yaml` for the marks of PyYAML's C parser.
PRIVATE = {"__future__", "_typeshed", "yaml._yaml"}
PUBLIC_OF_WATCHDOG = {"watchdog.events", "watchdog.observers"}


@pytest.mark.parametrize("file", MODULES, ids=module_of)
def test_no_private_module_of_another_package_is_imported(file: Path) -> None:
    others = {name for name in imports(file) if not name.startswith("mdmentor")} - PRIVATE
    assert not [name for name in others if any(part.startswith("_") for part in name.split("."))]
    assert {name for name in others if name.split(".")[0] == "watchdog"} <= PUBLIC_OF_WATCHDOG


def test_nothing_but_single_characters_is_repeated_possessively() -> None:
    """Up to Python 3.11.4 a possessive repeat of a group, and an atomic group, match what they should not."""
    classes = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
    doubtful = re.compile(r"\)(?:[*+?]|\{[\d,]+\})\+|\(\?>")
    assert doubtful.search("(?:ab|c)++") and not doubtful.search(classes.sub("x", r"[(a)*+]++\)?+"))
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not doubtful.search(classes.sub("x", node.value)), f"{file.name}:{node.lineno}"


# The wings of core/, each with its modules and packages, and the wings that it may import beside itself. Every module
# of core/ belongs to one; a module of a package may stand in another wing than the rest.
WINGS: dict[str, tuple[set[str], set[str]]] = {
    "text": (
        {
            "model",
            "entries",
            "names",
            "dates",
            "day_formats",
            "text",
            "words",
            "day_words",
            "conflict_marks",
            "ignore",
        },
        set(),
    ),
    "notes": (
        {
            "frontmatter",
            "markdown",
            "kinds",
            "log",
            "log_entries",
            "marks",
            "not_understood",
            "planned_talks",
            "plans",
            "parse",
            "privacy",
        },
        {"text"},
    ),
    "editing": (
        {
            "edit",
            "frontmatter.editor",
            "frontmatter.inline_editor",
            "markdown.links",
            "log_editor",
            "log_style",
            "capture",
            "inbox",
            "templates",
            "ticks",
        },
        {"text", "notes"},
    ),
    "merging": ({"merge", "page_merge"}, {"text", "notes", "editing"}),
    "judging": (
        {
            "trust",
            "exchange",
            "mentoring",
            "ranking",
            "phrasing",
            "opener",
            "relations",
            "discovery",
            "same_person",
            "duplicates",
            "opener_words",
        },
        {"text", "notes"},
    ),
    "pages": (
        {"pages", "network_svg", "contribution", "serialize"},
        {"text", "notes", "editing", "judging"},
    ),
    "assisting": ({"assist"}, {"text", "notes", "editing", "judging", "pages"}),
}


def wing_faults(known: Mapping[str, set[str]], wings: Mapping[str, tuple[set[str], set[str]]]) -> list[str]:
    """What does not fit the table of wings, in a line each; `known` has the imports of each module."""
    wing_of = {f"mdmentor.core.{name}": wing for wing, (names, _) in wings.items() for name in names}

    def find(module: str) -> str:
        parts = module.split(".")
        return next((wing_of[name] for n in (4, 3) if (name := ".".join(parts[:n])) in wing_of), "")

    inside = [name for name in known if name.startswith("mdmentor.core.")]
    faults = [f"{name} belongs to no wing" for name in inside if not find(name)]
    faults += [f"there is no {name}" for name in wing_of if name not in known]
    faults += [
        f"{name} ({find(name)}) imports {other} ({find(other)})"
        for name in inside
        for other in known[name]
        if find(name) and find(other) and find(other) not in {find(name), *wings[find(name)][1]}
    ]
    return sorted(faults)


def test_the_wings_of_the_core_import_each_other_in_their_order() -> None:
    assert not wing_faults(known_imports(), WINGS)


def test_a_wing_that_imports_against_the_order_is_found() -> None:
    wings = {"text": ({"dates", "words", "pages.names"}, set()), "pages": ({"pages"}, {"text"})}
    known = {
        "mdmentor.core.dates": {"mdmentor.core.pages.page"},
        "mdmentor.core.pages": set(),
        "mdmentor.core.pages.page": {
            "mdmentor.core.dates",
            "mdmentor.core.pages",
            "mdmentor.core.pages.names",
        },
        "mdmentor.core.pages.names": {"mdmentor.core.pages.page", "mdmentor.core.dates"},
        "mdmentor.core.lost": set(),
    }
    assert wing_faults(known, wings) == [
        "mdmentor.core.dates (text) imports mdmentor.core.pages.page (pages)",
        "mdmentor.core.lost belongs to no wing",
        "mdmentor.core.pages.names (text) imports mdmentor.core.pages.page (pages)",
        "there is no mdmentor.core.words",
    ]


# Modules that import each other, by whatever way round. To be taken out one by one; none may be added.
CIRCLES: list[set[str]] = []


def known_imports() -> dict[str, set[str]]:
    """For each module of ours those of ours that it imports."""
    return {module_of(file): (imports(file) & NAMES) - {module_of(file)} for file in MODULES}


def circles(known: Mapping[str, set[str]]) -> list[set[str]]:
    """The largest sets of modules of which each can be reached from each other."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        left = [start]
        while left:
            left.extend(known[left.pop()] - found)
            found.update(left)
        return found

    reach = {name: reached(name) for name in known}
    found = {
        frozenset(other for other in reach[name] if name in reach[other])
        for name in known
        if name in reach[name]
    }
    return sorted((set(circle) for circle in found), key=min)


def test_no_two_modules_import_each_other() -> None:
    """A reader of one of the two would have to know the other. Those listed must still be there as listed."""
    assert circles(known_imports()) == sorted(CIRCLES, key=min)


def test_a_circle_is_found_whatever_leads_into_it_and_out_of_it() -> None:
    known = {"a": {"b"}, "b": {"c", "d"}, "c": {"b"}, "d": {"e"}, "e": set(), "f": {"g"}, "g": {"f"}}
    assert circles(known) == [{"b", "c"}, {"f", "g"}]


def test_each_exception_to_the_rules_of_size_is_still_needed() -> None:
    """A function below the limits again, or a file that is gone, is taken out of the list in pyproject.toml."""
    options = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    listed = {
        (file, rule) for file, rules in options["per-file-ignores"].items() for rule in rules if rule in SIZE
    }
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--output-format", "json"]
    command += ["--select", ",".join(SIZE)]
    command += ["--config", f"lint.pylint.max-args = {options['pylint']['max-args']}"]
    command += ["--config", f"lint.mccabe.max-complexity = {options['mccabe']['max-complexity']}"]
    run = subprocess.run(
        [*command, "mdmentor", "tests", "benchmarks"], cwd=PROJECT, capture_output=True, text=True
    )
    found = {
        (Path(one["filename"]).relative_to(PROJECT).as_posix(), one["code"]) for one in json.loads(run.stdout)
    }
    assert listed == found


def loaded_by(*arguments: str) -> set[str]:
    code = "import sys; from mdmentor.cli import main; main(sys.argv[1:]); print('|'.join(sys.modules), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    names = run.stderr.splitlines()[-1].split("|")
    return {*names, *(name.split(".")[0] for name in names)}


HEAVY = {
    "markdown_it",
    "yaml",
    "frontmatter",
    "watchdog",
    "rich",
    "hypothesis",
    "multiprocessing",
    "asyncio",
    "pygls",
    "lsprotocol",
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


def test_neither_next_nor_log_loads_a_reader_of_notes_when_nothing_changed(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 call\n- [ ] send the paper\n")
    vault.reindex()
    tries = (modules_of(vault, "next") for _ in range(60))
    loaded = next(found for found in tries if "hashlib" not in found)  # the note is too young at first
    unneeded = ("edit", "ticks", "plans", "frontmatter", "markdown", "parse", "words", "capture")
    assert not loaded & {"difflib", "dataclasses", *(f"mdmentor.core.{name}" for name in unneeded)}
    to_log = modules_of(vault, "log", "Ada", "coffee")
    assert not to_log & {"difflib", "dataclasses", "pathlib", "mdmentor.core.parse", "mdmentor.core.kinds"}


def test_the_merge_driver_loads_nothing_but_the_merge(tmp_path: Path) -> None:
    """git starts it once for each note of a merge."""
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(ADA.replace("first talk", f"first talk {name}"))
    loaded = loaded_by(
        "merge-driver", *(str(tmp_path / name) for name in ("base", "ours", "theirs")), "7", "Ada.md"
    )
    assert "mdmentor.core.merge" in loaded
    assert not loaded & (HEAVY | {"sqlite3", "click", "subprocess", "dataclasses", "inspect"})
