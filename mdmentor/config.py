"""The user's settings, read from mdmentor.toml, and what other programs have set for templates and daily notes.

A wrong key or type is a problem and has its default; the other keys count. No file is written.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import parse_span
from mdmentor.core.ignore import MOST, parse_ignore
from mdmentor.core.model import ERROR, HINT, PAGES, WARNING, Problem, Settings
from mdmentor.core.text import plain_newlines
from mdmentor.files import NotPlain, read_plain_file

FILE_NAME = "mdmentor.toml"
MOST_PER_DAY = 50
_MOST_KEYS = 500  # of one section, and sections
_MOST_PROBLEMS = 30  # in one file; to find the place of each takes a search of the whole text
_MOST_DOTS = 200  # before "=" in a line: tomllib takes the square of their number
_MOST_BROKEN = 20  # lines that are left out before the rest of the file is given up

_PLACE = r"\(at line (\d+), column (\d+)\)"
_HEADER = r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$"
_KEY = r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*="

# Where Obsidian and its plugin Templater keep the folder of templates, and where Obsidian,
# its plugin Periodic Notes and Logseq keep the folder and format of daily notes.
TEMPLATES_FILE = ".obsidian/templates.json"
TEMPLATER_FILE = ".obsidian/plugins/templater-obsidian/data.json"
DAILY_FILE = ".obsidian/daily-notes.json"
PERIODIC_FILE = ".obsidian/plugins/periodic-notes/data.json"
LOGSEQ_FILE = "logseq/config.edn"
ISO = "YYYY-MM-DD"  # the format of daily notes unless another one is set

Path = str | os.PathLike[str]


def load_settings(root: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of the vault at `root`, and what is wrong with them.

    A missing file gives the defaults. So does one that cannot be read, with a problem. What other programs have set
    for templates and daily notes counts too.
    """
    result = "the default settings are used"
    data, problems = _read_file(root, FILE_NAME, ERROR, result)
    settings = Settings()
    try:
        if data:
            settings, problems = read_settings(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        *above, before = error.object[: error.start].split(b"\n")
        what = f"byte 0x{error.object[error.start]:02x} is not UTF-8, so {result}"
        problems = (_error(len(above) + 1, len(before) + 1, what, "save the file as UTF-8"),)
    settings, faults = _with_others(root, settings)
    return settings, problems + faults


def _error(line: int, column: int, what: str, fix: str) -> Problem:
    return Problem(FILE_NAME, line, column, ERROR, "settings", what, fix)


def read_settings(text: str) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings that the text of a mdmentor.toml gives, and every key or value that does not fit.

    Where the text is no TOML, lines that break it are left out, with a problem for the first of them: a
    half-typed line must not send the pages to another folder.
    """
    text = plain_newlines(text.removeprefix("\ufeff"))
    tables, problem = _read_toml(text)
    reading = _Reading(text)
    for section, value in islice(tables.items(), _MOST_KEYS):
        if isinstance(value, dict) and section in _SECTIONS:
            for key, setting in islice(value.items(), _MOST_KEYS):
                reading.take(section, str(key), setting)
        elif ("", section) in _SETTINGS:
            reading.take("", section, value)
        else:
            reading.report_unknown(section, value)
    problems = [problem] if problem else reading.problems
    return reading.settings, tuple(sorted(problems, key=lambda p: (p.line, p.column)))


def _meant(word: str, known: Mapping[str, str]) -> str:
    """`did you mean "folders"?`, as the nearest of the known words is shown; "" for none."""
    from mdmentor.core.frontmatter.keys import near_word  # slow to load, and needed for misspelled keys alone

    near = near_word(word, known)
    return f"did you mean {known[near]}?" if near else ""


def _read_toml(text: str) -> tuple[dict[str, object], Problem | None]:
    import tomllib  # slow to load, and many vaults have no settings

    lines = text.split("\n")
    first: Problem | None = None
    for number, line in enumerate(lines):
        if line.partition("=")[0].count(".") > _MOST_DOTS:
            what = "the line has too many dots before a value, so it is left out"
            first = first or _error(number + 1, 1, what, "write [section] above the key")
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
                is_twice = "overwrite" in str(error) or "twice" in str(error)
                why = "repeats what is above" if is_twice else "is not TOML"
                what = f"{_quote(lines[number - 1].strip())} {why}, so it is left out"
                fix = "keep one of the two" if is_twice else 'write key = "text", key = 3 or key = ["a", "b"]'
                first = _error(number, column, what, fix)
            lines[number - 1] = ""
    return {}, first


class _Reading:
    """The settings read so far, with their problems."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.settings = Settings()
        self.problems: list[Problem] = []

    def take(self, section: str, key: str, value: object) -> None:
        """Puts one setting in its place, or reports why it has none."""
        at = (section, key)
        setting = _SETTINGS.get(_STRAYS.get(at, at))
        if section == "tiers":
            self._take_tier(key, value)
            return
        if setting is None:
            known = {key: f'"{key}"' for key in _keys_of(section)}
            fix = _meant(key, known) or f"[{section}] takes {', '.join(known)}"
            self.report(*at, WARNING, f"key {_quote(key)} is not known in [{section}]", fix)
            return
        if isinstance(value, str) and setting.wanted.startswith("a list"):
            self.report(*at, HINT, f"{key} is one text", f'write it as a list: ["{value}"]')
            value = [value]
        found: Any = setting.read(value)
        if found is None:
            fix = f"write {setting.wanted}; until then the default is used"
            self.report(*at, ERROR, f"{key} {_quote(value)} is not {setting.wanted}", fix)
            return
        if setting.field == "ignore":
            found = self._patterns(at, found)
        elif setting.field == "pages_made":
            found = self._titles(at, found)
        self.settings = self.settings._replace(**{setting.field: found})

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

    def _titles(self, at: tuple[str, str], wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The wanted titles of pages, in our order; all pages where none of the wanted ones is known."""
        known = {names.fold_topic(title): title for title in PAGES}
        words = {names.fold_topic(word): word for word in wanted}
        for key, word in words.items():
            if key not in known:
                fix = _meant(key, {key: f'"{title}"' for key, title in known.items()})
                fix = fix or f"the pages are {', '.join(PAGES)}"
                self.report(*at, WARNING, f"there is no page {_quote(word)}", fix)
        return tuple(title for key, title in known.items() if key in words) or (PAGES if words else ())

    def _take_tier(self, word: str, value: object) -> None:
        days = parse_span(str(value)) if type(value) in (str, int) else None
        folded = names.fold_topic(word)
        if days is None or not folded:
            what = f"tier {_quote(word)} has {_quote(value)}, which is not a span of time"
            self.report("tiers", word, ERROR, what, 'write "2 weeks" or "3 months"')
            return
        others = tuple(tier for tier in self.settings.tiers if tier[0] != folded)
        self.settings = self.settings._replace(tiers=(*others, (folded, days)))

    def report_unknown(self, name: str, value: object) -> None:
        """Reports a key or section that does not exist, with the one that was probably meant."""
        known = {word: f'"{word}"' for word in (*_SECTIONS, *_keys_of(""))}
        if isinstance(value, dict):
            sections = ", ".join(f"[{section}]" for section in _SECTIONS)
            fix = _meant(name, {word: f"[{word}]" for word in known}) or f"there are {sections}"
            self.report(name, "", WARNING, f"section [{name}] is not known", fix)
        elif name in _SECTIONS:
            self.report("", name, ERROR, f"{_quote(name)} is a section", f"write [{name}] on its own line")
        else:
            homes = " or ".join(f"[{section}]" for section in _SECTIONS if name in _keys_of(section))
            fix = f"write it below {homes}" if homes else _meant(name, known) or "remove it"
            self.report("", name, WARNING, f"key {_quote(name)} is not known outside of a section", fix)

    def report(self, section: str, key: str, severity: str, what: str, fix: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            line, column = _find(self.text, section, key)
            self.problems.append(Problem(FILE_NAME, line, column, severity, "settings", what, fix))


def _read_texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(str(item).strip() for item in value if str(item).strip())
    return None


def _read_folders(value: object) -> tuple[str, ...] | None:
    texts = _read_texts(value)
    folders = (text.replace("\\", "/").removeprefix("./").strip("/") for text in texts or ())
    return None if texts is None else tuple(filter(None, folders))


def _read_bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _read_per_day(value: object) -> int | None:
    return value if type(value) is int and 1 <= value <= MOST_PER_DAY else None


def _read_pages_folder(value: object) -> str | None:
    folder = value.strip().removeprefix("./").rstrip("/") if isinstance(value, str) else ""
    # a part that begins with a dot is not part of the vault; other signs are not allowed on some systems
    is_allowed = names.fits_everywhere(folder) and not any(p.startswith(".") for p in folder.split("/"))
    return folder if is_allowed else None


def _read_calendar_file(value: object) -> str | None:
    path = value.strip() if isinstance(value, str) else ""
    return path if path.lower().endswith(".ics") and can_be_path(path) else None


def parse_clock(value: object) -> int | None:
    """The minutes after midnight of a time such as 9:00; None for what is none."""
    text = value.strip() if isinstance(value, str) else ""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    return int(match[1]) * 60 + int(match[2]) if match else None


class _Setting(NamedTuple):
    field: str  # of `Settings`
    wanted: str  # what is expected there, in words
    read: Callable[[object], object]  # None for a value that does not fit


# By section and key; a key of no section is under "".
_SETTINGS = {
    ("", "ignore"): _Setting("ignore", "a list of patterns", _read_texts),
    ("me", "employer"): _Setting("employer", "a list of companies", _read_texts),
    ("contacts", "folders"): _Setting("contact_folders", "a list of folders", _read_folders),
    ("posts", "folders"): _Setting("post_folders", "a list of folders", _read_folders),
    ("goals", "folders"): _Setting("goal_folders", "a list of folders", _read_folders),
    ("journal", "mentions"): _Setting("journal_mentions", "true or false", _read_bool),
    ("reach_out", "per_day"): _Setting("per_day", f"a whole number from 1 to {MOST_PER_DAY}", _read_per_day),
    ("pages", "folder"): _Setting("pages_folder", "a folder inside the vault", _read_pages_folder),
    ("pages", "make"): _Setting("pages_made", "a list of titles of pages", _read_texts),
    ("pages", "openers"): _Setting("openers", "true or false", _read_bool),
    ("calendar", "file"): _Setting("calendar_file", "a path that ends in .ics", _read_calendar_file),
    ("calendar", "alarms"): _Setting("calendar_alarm", 'a time such as "09:00"', parse_clock),
    ("calendar", "weekdays"): _Setting("calendar_weekdays", "true or false", _read_bool),
}
_SECTIONS = [*dict.fromkeys(section for section, _ in _SETTINGS if section), "tiers"]
# Keys that are easily written below the last section, where TOML takes them for its own.
_STRAYS = {("pages", "ignore"): ("", "ignore")}


def _keys_of(section: str) -> list[str]:
    return [key for name, key in _SETTINGS if name == section]


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


def _with_others(root: Path, settings: Settings) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings with the folders of templates, and those of daily notes with their formats; and what is wrong."""
    sections = {TEMPLATES_FILE: "", TEMPLATER_FILE: "", PERIODIC_FILE: "daily", DAILY_FILE: ""}
    read = [read_json(root, path, section) for path, section in sections.items()]
    core, templater, *dailies = (options for options, _ in read)
    logseq, faults = _read_logseq(root)
    named = core.get("folder", ""), templater.get("templates_folder", "")
    folders = [folder.strip().strip("/") for folder in named]
    daily = [(one.get("folder", ""), one.get("format", "")) for one in dailies if one]
    formats = [(folder.strip().strip("/"), form.strip() or ISO) for folder, form in daily]
    settings = settings._replace(
        template_folders=tuple(dict.fromkeys(filter(None, folders))),
        day_formats=tuple(dict.fromkeys((*formats, *logseq))),
    )
    return settings, tuple(problem for _, found in read for problem in found) + faults


def _read_logseq(root: Path) -> tuple[list[tuple[str, str]], tuple[Problem, ...]]:
    """Folder and formats of Logseq's journal, in Moment.js's tokens: that of file names, then that of titles."""
    data, problems = _read_file(root, LOGSEQ_FILE)
    if data is None:
        return [], problems
    from mdmentor.core.day_formats import format_of_logseq

    text = re.sub(_EDN_COMMENT, lambda match: match["text"] or " ", data.decode("utf-8-sig", "replace"))
    texts = {m["key"]: m["value"] for m in re.finditer(_EDN_TEXT, text) if can_be_path(m["value"])}
    folder = texts.get("journals-directory", "journals").strip("/")
    forms = (texts.get(key, usual) for key, usual in _LOGSEQ_FORMS.items())
    return [(folder, format_of_logseq(form)) for form in forms], ()


_EDN_COMMENT = r'(?s)(?P<text>"(?:[^"\\]|\\.)*")|;[^\n]*'
_LOGSEQ_FORMS = {"journal/file-name-format": "yyyy_MM_dd", "journal/page-title-format": "MMM do, yyyy"}
_EDN_TEXT = rf'(?<!#_):(?P<key>{"|".join(_LOGSEQ_FORMS)}|journals-directory)\s+"(?P<value>[^"\\]*)"'


def read_json(root: Path, path: str, section: str = "") -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """The texts in a JSON file of another program or in a section of it, by key, and why something is left out.

    A file that is not there gives nothing, and no problem; nor does a section that is switched off.
    """
    data, problems = _read_file(root, path)
    if data is None:
        return {}, problems
    what, fix = "the file is not JSON with settings, so it is ignored", "set it again in Obsidian"
    line, column = 1, 1
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        document, line, column = None, getattr(error, "lineno", 1), getattr(error, "colno", 1)
    options = document.get(section, {}) if section and isinstance(document, dict) else document
    if not isinstance(options, dict):
        return {}, (Problem(path, line, column, WARNING, "settings", what, fix),)
    if section and options.get("enabled") is False:
        return {}, ()
    texts = {key: text for key, text in options.items() if isinstance(text, str) and (text or not section)}
    good = {key: value for key, value in texts.items() if can_be_path(value)}
    if len(good) == len(texts):
        return good, ()
    what = "a setting has a character that no path can have, so it is ignored"
    return good, (Problem(path, 1, 1, WARNING, "settings", what, fix),)


def _read_file(
    root: Path, path: str, severity: str = WARNING, result: str = "it is left out"
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a file, None without one that can be read, and why it cannot be read."""
    try:
        return read_plain_file(root, path), ()
    except FileNotFoundError:
        return None, ()
    except NotPlain as error:
        what = f"the file {error}, so {result}"
        return None, (Problem(path, 1, 1, severity, "settings", what, "put a plain file there"),)


def can_be_path(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
