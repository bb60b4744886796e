"""The user's settings, from mdmentor.toml to one value.

A wrong key or type costs one clear line and its default; the good keys still count. Reads the file and never
writes it: what `init` puts there is a template of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from mdmentor.core import names
from mdmentor.core.model import ERROR, HINT, WARNING, Problem, Settings
from mdmentor.plain_file import read_plain_file

FILE_NAME = "mdmentor.toml"
# Where Obsidian and its plugin Templater keep the folder of templates, and under which key.
TEMPLATE_FILES = (
    (".obsidian/templates.json", "folder"),
    (".obsidian/plugins/templater-obsidian/data.json", "templates_folder"),
)
# Where Obsidian keeps the folder, the format and the template of daily notes.
DAILY_FILE = ".obsidian/daily-notes.json"
MOST_PER_DAY = 50
_MOST_KEYS = 500  # of one section, and sections
_MOST_PROBLEMS = 30  # told of the file; to find the place of one takes a look at the whole text
_DEEPEST = (
    200  # dots in a line before "=": each is another table to tomllib, which takes the square of their number
)
_MOST_BROKEN = 20  # lines of a file that are left out before the rest is given up

# Section -> key -> what is expected there, in words. A key of no section stands in "".
KNOWN = {
    "": {"ignore": "a list of patterns"},
    "me": {"employer": "a list of companies"},
    "contacts": {"folders": "a list of folders"},
    "posts": {"folders": "a list of folders"},
    "goals": {"folders": "a list of folders"},
    "journal": {"mentions": "true or false"},
    "reach_out": {"per_day": f"a whole number from 1 to {MOST_PER_DAY}"},
    "pages": {"folder": "a folder inside the vault"},
    "tiers": {},
}
# Keys that are easily written below the last section, where TOML takes them for its own.
_STRAYS = {("pages", "ignore"): ("", "ignore")}

_PLACE = r"\(at line (\d+), column (\d+)\)"
_HEADER = r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$"
_KEY = r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*="


def load_settings(root: str | os.PathLike[str]) -> tuple[Settings, tuple[Problem, ...], str]:
    """The settings of the vault at `root`, what is wrong with them, and the text of the file.

    A missing file gives the defaults and "". So does one that cannot be read, with a problem. Where Obsidian
    has a folder of templates, that counts too.
    """
    settings, problems, text = _load_own(root)
    folders = []
    for path, key in TEMPLATE_FILES:
        told, faults = read_json(root, path)
        folders.append(told.get(key, "").strip().strip("/"))
        problems += faults
    problems += read_json(root, DAILY_FILE)[1]
    if any(folders):
        settings = settings._replace(template_folders=tuple(dict.fromkeys(filter(None, folders))))
    return settings, problems, text


def read_json(root: str | os.PathLike[str], path: str) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """The texts in a JSON file of another program, by key, and why the file or a text of it is left out.

    A file that is not there gives nothing, and no problem.
    """
    import json

    try:
        told = json.loads(read_plain_file(root, path))
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        what = f"the file {_reason(error)}, so it is left out"
        return {}, (Problem(path, 1, 1, WARNING, "settings", what, "put a plain file there"),)
    except (ValueError, RecursionError) as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        return {}, (Problem(path, line, column, WARNING, "settings", *_NO_JSON),)
    if not isinstance(told, dict):
        return {}, (Problem(path, 1, 1, WARNING, "settings", *_NO_JSON),)
    texts = {key: value for key, value in told.items() if isinstance(value, str)}
    good = {key: value for key, value in texts.items() if _can_be_path(value)}
    if len(good) == len(texts):
        return good, ()
    what = "a text holds a character that no path can hold, so it is left out"
    return good, (Problem(path, 1, 1, WARNING, "settings", what, "set it again in Obsidian"),)


_NO_JSON = "the file is not JSON with settings, so it is left out", "set it again in Obsidian"


def _can_be_path(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _reason(error: OSError) -> str:
    """What is wrong with a file, to be read after its name."""
    return f"cannot be read ({error.strerror})" if error.strerror else str(error)


def _load_own(root: str | os.PathLike[str]) -> tuple[Settings, tuple[Problem, ...], str]:
    try:
        data = read_plain_file(root, FILE_NAME)
    except FileNotFoundError:
        return Settings(), (), ""
    except OSError as error:
        what = f"the file {_reason(error)}, so every setting has its default"
        problem = Problem(FILE_NAME, 1, 1, ERROR, "settings", what, "put a plain file there")
        return Settings(), (problem,), ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        what = f"byte 0x{data[error.start]:02x} is not UTF-8, so every setting has its default"
        problem = Problem(FILE_NAME, line, column, ERROR, "settings", what, "save the file as UTF-8")
        return Settings(), (problem,), ""
    settings, problems = read_settings(text)
    return settings, problems, text


def read_settings(text: str, path: str = FILE_NAME) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings that the text of a mdmentor.toml gives, and every key or value that does not fit.

    Where the text is no TOML, lines that break it are left out, with a problem for the first of them: a
    half-typed line must not send the pages to another folder.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    tables, problem = _read_toml(path, text)
    reading = _Reading(path, text)
    for section, value in islice(tables.items(), _MOST_KEYS):
        if isinstance(value, dict) and section in KNOWN and section:
            for key, setting in islice(value.items(), _MOST_KEYS):
                reading.take(section, str(key), setting)
        elif section in KNOWN[""]:
            reading.take("", section, value)
        else:
            reading.unknown(section, value)
    problems = [problem] if problem else reading.problems
    return reading.settings, tuple(sorted(problems, key=lambda p: (p.line, p.column)))


def _read_toml(path: str, text: str) -> tuple[dict[str, object], Problem | None]:
    import tomllib

    lines = text.split("\n")
    first: Problem | None = None
    for number, line in enumerate(lines):
        if line.partition("=")[0].count(".") > _DEEPEST:
            what, fix = (
                "the line has too many dots before a value, so it is left out",
                "write [section] above the key",
            )
            first = first or Problem(path, number + 1, 1, ERROR, "settings", what, fix)
            lines[number] = ""
    for _ in range(_MOST_BROKEN):
        try:
            return tomllib.loads("\n".join(lines)), first
        except (ValueError, RecursionError) as error:
            while len(lines) > 1 and not lines[-1].strip():
                lines.pop()
            found = re.search(_PLACE, str(error))
            number = min(int(found[1]), len(lines)) if found else len(lines)
            column = int(found[2]) if found else len(lines[number - 1]) + 1
            above = next((n for n in range(number - 1, 0, -1) if lines[n - 1].strip()), 0)
            if above and lines[above - 1].count("[") > lines[above - 1].count("]"):
                number, column = above, len(lines[above - 1]) + 1  # a list was not closed
            if first is None:
                what = f"{_said(lines[number - 1].strip())} is not TOML, so it is left out"
                fix = 'write key = "text", key = 3 or key = ["a", "b"]'
                first = Problem(path, number, column, ERROR, "settings", what, fix)
            lines[number - 1] = ""
    return {}, first


class _Reading:
    """The settings read so far, with their problems."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.settings = Settings()
        self.problems: list[Problem] = []

    def take(self, section: str, key: str, value: object) -> None:
        """Puts one setting in its place, or tells why it has none."""
        at = (section, key)
        wanted = _STRAYS.get(at, at)
        if section == "tiers":
            self._take_tier(key, value)
        elif wanted not in _TAKEN:
            near = _near_word(key, KNOWN[section])
            fix = f'did you mean "{near}"?' if near else _choices(f"[{section}] knows", KNOWN[section])
            self.report(*at, WARNING, f"key {_said(key)} is not known in [{section}]", fix)
        else:
            self.settings = _TAKEN[wanted](self, at, value)

    def unknown(self, section: str, value: object) -> None:
        """Tells of a key or section that there is not, with the one that was probably meant."""
        own = [name for name in KNOWN if name]
        near = _near_word(section, [*own, *KNOWN[""]])
        homes = [f"[{name}]" for name in own if section in KNOWN[name]]
        if isinstance(value, dict):
            fix = f"did you mean [{near}]?" if near else _choices("there are", [f"[{name}]" for name in own])
            self.report(section, "", WARNING, f"section [{section}] is not known", fix)
        elif section in own:
            self.report(
                "", section, ERROR, f"{_said(section)} is a section", f"write [{section}] on its own line"
            )
        else:
            fix = f"write it below {' or '.join(homes)}" if homes else "take it out"
            fix = fix if homes or not near else f'did you mean "{near}"?'
            self.report("", section, WARNING, f"key {_said(section)} is not known outside of a section", fix)

    def texts(self, at: tuple[str, str], value: object) -> tuple[str, ...] | None:
        """The texts of a list; one text alone is taken for a list of one, with a hint."""
        if isinstance(value, str):
            self.report(*at, HINT, f"{at[1]} is one text", f'write it as a list: ["{value}"]')
            value = [value]
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(str(item).strip() for item in value if str(item).strip())
        self.refuse(at, value)
        return None

    def refuse(self, at: tuple[str, str], value: object) -> None:
        """Tells that a value does not fit; its default counts."""
        wanted = KNOWN[_STRAYS.get(at, at)[0]][at[1]]
        self.report(
            *at, ERROR, f"{at[1]} {_said(value)} is not {wanted}", f"write {wanted}; the default counts now"
        )

    def report(self, section: str, key: str, severity: str, what: str, fix: str) -> None:
        if len(self.problems) >= _MOST_PROBLEMS:
            return
        line, column = _find(self.text, section, key)
        self.problems.append(Problem(self.path, line, column, severity, "settings", what, fix))

    def _take_tier(self, word: str, value: object) -> None:
        from mdmentor.core.dates import parse_span

        days: int | None = None
        if isinstance(value, str):
            days = parse_span(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            days = parse_span(str(value))
        folded = names.fold_topic(word)
        if days is None or not folded:
            what = f"tier {_said(word)} has {_said(value)}, which is not a span of time"
            self.report("tiers", word, ERROR, what, 'write "2 weeks" or "3 months"')
            return
        others = tuple(tier for tier in self.settings.tiers if tier[0] != folded)
        self.settings = self.settings._replace(tiers=(*others, (folded, days)))


def _employer(reading: _Reading, at: tuple[str, str], value: object) -> Settings:
    texts = reading.texts(at, value)
    return reading.settings if texts is None else reading.settings._replace(employer=texts)


def _folders(reading: _Reading, at: tuple[str, str], value: object) -> Settings:
    texts = reading.texts(at, value)
    if texts is None:
        return reading.settings
    folders = tuple(
        folder for text in texts if (folder := text.replace("\\", "/").removeprefix("./").strip("/"))
    )
    if at[0] == "contacts":
        return reading.settings._replace(contact_folders=folders)
    if at[0] == "posts":
        return reading.settings._replace(post_folders=folders)
    return reading.settings._replace(goal_folders=folders)


def _mentions(reading: _Reading, at: tuple[str, str], value: object) -> Settings:
    if isinstance(value, bool):
        return reading.settings._replace(journal_mentions=value)
    reading.refuse(at, value)
    return reading.settings


def _per_day(reading: _Reading, at: tuple[str, str], value: object) -> Settings:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_PER_DAY:
        return reading.settings._replace(per_day=value)
    reading.refuse(at, value)
    return reading.settings


def _pages_folder(reading: _Reading, at: tuple[str, str], value: object) -> Settings:
    folder = value.strip().removeprefix("./").rstrip("/") if isinstance(value, str) else ""
    parts = folder.split("/")
    # Parts that begin with a dot are no part of the vault; the other signs name no folder on some machine.
    if not names.fits_everywhere(folder) or any(part.startswith(".") for part in parts):
        reading.refuse(at, value)
        return reading.settings
    return reading.settings._replace(pages_folder=folder)


def _ignore(reading: _Reading, at: tuple[str, str], value: object) -> Settings:
    texts = reading.texts(at, value)
    if not texts:
        return reading.settings
    from mdmentor.core.ignore import MOST, parse_ignore

    good = list(reading.settings.ignore)
    for line in texts:
        try:
            parse_ignore(line)
        except ValueError as error:
            what = f"pattern {_said(line)} {error}, so it is left out"
            reading.report(*at, ERROR, what, "write it as in a .gitignore file")
        else:
            good.append(line)
    if len(good) > MOST:
        reading.report(
            *at,
            ERROR,
            f"ignore holds {len(good)} patterns, and the first {MOST} count",
            "name folders instead",
        )
    return reading.settings._replace(ignore=tuple(dict.fromkeys(good))[:MOST])


_TAKEN: dict[tuple[str, str], Callable[[_Reading, tuple[str, str], object], Settings]] = {
    ("me", "employer"): _employer,
    ("contacts", "folders"): _folders,
    ("posts", "folders"): _folders,
    ("goals", "folders"): _folders,
    ("journal", "mentions"): _mentions,
    ("reach_out", "per_day"): _per_day,
    ("pages", "folder"): _pages_folder,
    ("", "ignore"): _ignore,
}


def _find(text: str, section: str, key: str) -> tuple[int, int]:
    """Line and column of a key, or with "" for a key those of its section's header; the first that fits."""
    here: list[str] = []
    wanted = [part for part in (section, key) if part]
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(_HEADER, line):
            here = _parts(header[1])
            if here == wanted or (not key and here[:1] == wanted):
                return number, line.index("[") + 1
        elif (match := re.match(_KEY, line)) and here + _parts(match[1])[: len(wanted) - len(here)] == wanted:
            return number, match.start(1) + 1
    return 1, 1


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return f'"{str(value).lower()}"'
    text = " ".join(str(value).replace('"', "'").split())
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


def _near_word(word: str, words: Iterable[str]) -> str:
    from mdmentor.core.frontmatter.keys import near_word

    return near_word(word, words)


def _choices(lead: str, words: object) -> str:
    found = list(words) if isinstance(words, (list, dict)) else []
    return f"{lead} {', '.join(found)}" if found else "take it out"
