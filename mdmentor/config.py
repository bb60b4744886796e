"""The user's settings, read from mdmentor.toml.

A wrong key or type is a problem and has its default; the other keys count. The file is never written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from mdmentor.core import names
from mdmentor.core.dates import parse_span
from mdmentor.core.ignore import MOST, parse_ignore
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
PERIODIC_FILE = ".obsidian/plugins/periodic-notes/data.json"
LOGSEQ_FILE = "logseq/config.edn"
_ISO = "YYYY-MM-DD"
MOST_PER_DAY = 50
_MOST_KEYS = 500  # of one section, and sections
_MOST_PROBLEMS = 30  # in one file; to find the place of each takes a search of the whole text
_MOST_DOTS = 200  # before "=" in a line: tomllib takes the square of their number
_MOST_BROKEN = 20  # lines that are left out before the rest of the file is given up

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
        texts, faults = read_json(root, path)
        folders.append(texts.get(key, "").strip().strip("/"))
        problems += faults
    formats, faults = _load_day_formats(root)
    problems += faults
    if formats:
        settings = settings._replace(day_formats=formats)
    if any(folders):
        settings = settings._replace(template_folders=tuple(dict.fromkeys(filter(None, folders))))
    return settings, problems, text


def _load_day_formats(
    root: str | os.PathLike[str],
) -> tuple[tuple[tuple[str, str], ...], tuple[Problem, ...]]:
    """Folder and format of daily notes as Obsidian, its plugin Periodic Notes and Logseq have them set."""
    periodic, problems = read_json(root, PERIODIC_FILE, "daily")
    daily, faults = read_json(root, DAILY_FILE)
    logseq, more = _read_logseq(root)
    found = [
        (options.get("folder", "").strip().strip("/"), options.get("format", "").strip() or _ISO)
        for options in (periodic, daily)
        if options
    ]
    return tuple(dict.fromkeys((*found, *logseq))), (*problems, *faults, *more)


def _read_logseq(root: str | os.PathLike[str]) -> tuple[list[tuple[str, str]], tuple[Problem, ...]]:
    """Folder and formats of Logseq's journal, in Moment.js's tokens: that of file names, then that of titles."""
    try:
        text = read_plain_file(root, LOGSEQ_FILE).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return [], ()
    except OSError as error:
        what = f"the file {_reason(error)}, so it is left out"
        return [], (Problem(LOGSEQ_FILE, 1, 1, WARNING, "settings", what, "put a plain file there"),)
    from mdmentor.core.day_formats import format_of_logseq

    text = re.sub(_EDN_COMMENT, lambda match: match["text"] or " ", text)
    texts = {
        match["key"]: match["value"] for match in re.finditer(_EDN_TEXT, text) if _can_be_path(match["value"])
    }
    folder = texts.get("journals-directory", "journals").strip("/")
    forms = (
        texts.get("journal/file-name-format", "yyyy_MM_dd"),
        texts.get("journal/page-title-format", "MMM do, yyyy"),
    )
    return [(folder, format_of_logseq(form)) for form in forms], ()


_EDN_COMMENT = r'(?s)(?P<text>"(?:[^"\\]|\\.)*")|;[^\n]*'
_EDN_TEXT = (
    r"(?<!#_):(?P<key>journal/page-title-format|journal/file-name-format|journals-directory)\s+"
    r'"(?P<value>[^"\\]*)"'
)


def read_json(
    root: str | os.PathLike[str], path: str, section: str = ""
) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """The texts in a JSON file of another program or in a section of it, by key, and why something is left out.

    A file that is not there gives nothing, and no problem.
    """
    line, column = 1, 1
    try:
        document = json.loads(read_plain_file(root, path))
        if isinstance(document, dict) and section:
            document = document.get(section, {})
            if isinstance(document, dict):
                is_off = document.get("enabled") is False
                document = {} if is_off else {key: value for key, value in document.items() if value}
        if isinstance(document, dict):
            texts = {key: value for key, value in document.items() if isinstance(value, str)}
            good = {key: value for key, value in texts.items() if _can_be_path(value)}
            if len(good) == len(texts):
                return good, ()
            what, fix = "a text has a character that no path can have, so it is left out", _SET_AGAIN
            return good, (Problem(path, 1, 1, WARNING, "settings", what, fix),)
        what, fix = _NO_JSON, _SET_AGAIN
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        what, fix = f"the file {_reason(error)}, so it is left out", "put a plain file there"
    except (ValueError, RecursionError) as error:
        what, fix = _NO_JSON, _SET_AGAIN
        if isinstance(error, json.JSONDecodeError):
            line, column = error.lineno, error.colno
    return {}, (Problem(path, line, column, WARNING, "settings", what, fix),)


_NO_JSON, _SET_AGAIN = "the file is not JSON with settings, so it is left out", "set it again in Obsidian"


def _can_be_path(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _reason(error: OSError) -> str:
    """What is wrong with a file, to be read after its name."""
    return f"cannot be read ({error.strerror})" if error.strerror else str(error)


def _load_own(root: str | os.PathLike[str]) -> tuple[Settings, tuple[Problem, ...], str]:
    line, column = 1, 1
    try:
        data = read_plain_file(root, FILE_NAME)
        text = data.decode("utf-8-sig")
        settings, problems = read_settings(text)
        return settings, problems, text
    except FileNotFoundError:
        return Settings(), (), ""
    except OSError as error:
        what, fix = f"the file {_reason(error)}", "put a plain file there"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        what, fix = f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8"
    what += ", so every setting has its default"
    return Settings(), (Problem(FILE_NAME, line, column, ERROR, "settings", what, fix),), ""


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


def _near_word(word: str, known: Iterable[str]) -> str:
    from mdmentor.core.frontmatter.keys import near_word  # slow to load, and needed for misspelled keys alone

    return near_word(word, known)


def _read_toml(path: str, text: str) -> tuple[dict[str, object], Problem | None]:
    import tomllib  # slow to load, and many vaults have no settings

    lines = text.split("\n")
    first: Problem | None = None
    for number, line in enumerate(lines):
        if line.partition("=")[0].count(".") > _MOST_DOTS:
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
                what = f"{_quote(lines[number - 1].strip())} is not TOML, so it is left out"
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
        elif wanted[1] not in KNOWN.get(wanted[0], {}):
            near = _near_word(key, KNOWN[section])
            fix = f'did you mean "{near}"?' if near else _choices(f"[{section}] knows", KNOWN[section])
            self.report(*at, WARNING, f"key {_quote(key)} is not known in [{section}]", fix)
        else:
            self._take_known(at, wanted, value)

    def _take_known(self, at: tuple[str, str], wanted: tuple[str, str], value: object) -> None:
        found: Any
        if wanted == ("me", "employer"):
            field, found = "employer", self.texts(at, value)
        elif wanted[1] == "folders":
            texts = self.texts(at, value)
            field, found = _FOLDERS[wanted[0]], texts if texts is None else _folders(texts)
        elif wanted == ("", "ignore"):
            field, found = "ignore", self._patterns(at, self.texts(at, value) or ())
        else:
            field, read = _SINGLE[wanted]
            found = read(value)
            if found is None:
                self.refuse(at, value)
        if found is not None:
            self.settings = self.settings._replace(**{field: found})

    def _patterns(self, at: tuple[str, str], lines: tuple[str, ...]) -> tuple[str, ...]:
        """The patterns so far with those that are valid."""
        good = list(self.settings.ignore)
        for line in lines:
            try:
                parse_ignore(line)
                good.append(line)
            except ValueError as error:
                what = f"pattern {_quote(line)} {error}, so it is left out"
                self.report(*at, ERROR, what, "write it as in a .gitignore file")
        if len(good) > MOST:
            what = f"ignore has {len(good)} patterns, and only the first {MOST} count"
            self.report(*at, ERROR, what, "name folders instead")
        return tuple(dict.fromkeys(good))[:MOST]

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
                "", section, ERROR, f"{_quote(section)} is a section", f"write [{section}] on its own line"
            )
        else:
            fix = f"write it below {' or '.join(homes)}" if homes else "take it out"
            fix = fix if homes or not near else f'did you mean "{near}"?'
            self.report("", section, WARNING, f"key {_quote(section)} is not known outside of a section", fix)

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
            *at, ERROR, f"{at[1]} {_quote(value)} is not {wanted}", f"write {wanted}; the default counts now"
        )

    def report(self, section: str, key: str, severity: str, what: str, fix: str) -> None:
        if len(self.problems) >= _MOST_PROBLEMS:
            return
        line, column = _find(self.text, section, key)
        self.problems.append(Problem(self.path, line, column, severity, "settings", what, fix))

    def _take_tier(self, word: str, value: object) -> None:
        is_span = isinstance(value, str | int) and not isinstance(value, bool)
        days = parse_span(str(value)) if is_span else None
        folded = names.fold_topic(word)
        if days is None or not folded:
            what = f"tier {_quote(word)} has {_quote(value)}, which is not a span of time"
            self.report("tiers", word, ERROR, what, 'write "2 weeks" or "3 months"')
            return
        others = tuple(tier for tier in self.settings.tiers if tier[0] != folded)
        self.settings = self.settings._replace(tiers=(*others, (folded, days)))


def _folders(texts: tuple[str, ...]) -> tuple[str, ...]:
    folders = (text.replace("\\", "/").removeprefix("./").strip("/") for text in texts)
    return tuple(filter(None, folders))


def _read_bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _read_per_day(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 1 <= value <= MOST_PER_DAY else None  # type: ignore[operator,return-value]


def _read_pages_folder(value: object) -> str | None:
    folder = value.strip().removeprefix("./").rstrip("/") if isinstance(value, str) else ""
    # a part that begins with a dot is not part of the vault; other signs are not allowed on some systems
    is_allowed = names.fits_everywhere(folder) and not any(p.startswith(".") for p in folder.split("/"))
    return folder if is_allowed else None


_FOLDERS = {"contacts": "contact_folders", "posts": "post_folders", "goals": "goal_folders"}
_SINGLE: dict[tuple[str, str], tuple[str, Callable[[object], object]]] = {
    ("journal", "mentions"): ("journal_mentions", _read_bool),
    ("reach_out", "per_day"): ("per_day", _read_per_day),
    ("pages", "folder"): ("pages_folder", _read_pages_folder),
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


def _quote(value: object) -> str:
    if isinstance(value, bool):
        return f'"{str(value).lower()}"'
    text = " ".join(str(value).replace('"', "'").split())
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


def _choices(lead: str, words: object) -> str:
    found = list(words) if isinstance(words, (list, dict)) else []
    return f"{lead} {', '.join(found)}" if found else "take it out"
