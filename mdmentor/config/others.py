"""What other programs have set in a vault: Obsidian, its plugins, and Logseq, for templates and daily notes.

What is wrong in their files is a problem and is left out. They are never written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping

from mdmentor.core.model import WARNING, Problem
from mdmentor.files import read_plain_file

# Where Obsidian and its plugin Templater keep the folder of templates, and where Obsidian,
# its plugin Periodic Notes and Logseq keep the folder and format of daily notes.
TEMPLATES_FILE = ".obsidian/templates.json"
TEMPLATER_FILE = ".obsidian/plugins/templater-obsidian/data.json"
DAILY_FILE = ".obsidian/daily-notes.json"
PERIODIC_FILE = ".obsidian/plugins/periodic-notes/data.json"
LOGSEQ_FILE = "logseq/config.edn"


def read_others(
    root: str | os.PathLike[str],
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[Problem, ...]]:
    """The folders of templates, the folders of daily notes with the format of their names, and what is wrong."""
    sections = {TEMPLATES_FILE: "", TEMPLATER_FILE: "", PERIODIC_FILE: "daily", DAILY_FILE: ""}
    read = [read_json(root, path, section) for path, section in sections.items()]
    core, templater, *dailies = (options for options, _ in read)
    logseq, faults = _read_logseq(root)
    problems = tuple(problem for _, found in read for problem in found) + faults
    folders = (core.get("folder", ""), templater.get("templates_folder", ""))
    formats = [
        (_folder(one.get("folder", "")), one.get("format", "").strip() or "YYYY-MM-DD")
        for one in filter(None, dailies)
    ]
    found = tuple(dict.fromkeys(filter(None, map(_folder, folders))))
    return found, tuple(dict.fromkeys((*formats, *logseq))), problems


def _folder(text: str) -> str:
    return text.strip().strip("/")


def _read_logseq(root: str | os.PathLike[str]) -> tuple[list[tuple[str, str]], tuple[Problem, ...]]:
    """Folder and formats of Logseq's journal, in Moment.js's tokens: that of file names, then that of titles."""
    data, problems = read_file(root, LOGSEQ_FILE)
    if data is None:
        return [], problems
    from mdmentor.core.day_formats import format_of_logseq

    text = re.sub(_EDN_COMMENT, lambda match: match["text"] or " ", data.decode("utf-8-sig", "replace"))
    texts = {m["key"]: m["value"] for m in re.finditer(_EDN_TEXT, text) if can_be_path(m["value"])}
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

    A file that is not there gives nothing, and no problem; nor does a section that is switched off.
    """
    data, problems = read_file(root, path)
    if data is None:
        return {}, problems
    what, fix = "the file is not JSON with settings, so it is ignored", "set it again in Obsidian"
    line, column = 1, 1
    try:
        document = json.loads(data)
    except json.JSONDecodeError as error:
        document, line, column = None, error.lineno, error.colno
    except (ValueError, RecursionError):
        document = None
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


def read_file(
    root: str | os.PathLike[str], path: str, severity: str = WARNING, result: str = "it is left out"
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a file, None without one that can be read, and why it cannot be read."""
    try:
        return read_plain_file(root, path), ()
    except FileNotFoundError:
        return None, ()
    except OSError as error:
        reason = f"cannot be read ({error.strerror})" if error.strerror else str(error)
        what = f"the file {reason}, so {result}"
        return None, (Problem(path, 1, 1, severity, "settings", what, "put a plain file there"),)


def can_be_path(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
