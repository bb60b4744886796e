"""The marks in a line (`#got`, `#private` ...), the word for the channel it begins with, and its words without them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from mdmentor.core import words
from mdmentor.core.dates import LINKED, find_date, parse_date

MARKS = ("gave", "got", "thanked", "sent", "private")
OWN_TAGS = frozenset({*MARKS, "waiting", "mention"})  # ours in a line, and no tags of the note

# Words for a way of being in touch; any other lower-case word before a colon or a dash is one as well.
CHANNELS = words.CHANNEL

# Each begins with its "#", which lets the engine skip to it, and only then looks at the text before.
_MARK = re.compile(r"#(?<![\w#/]#)(gave|got|thanked|sent|private)(?![\w/-])", re.IGNORECASE)
_TARGET = r"\[\[[^\[\]]*\]\]|\]\([^()\s]*\)"
_TICKS_OR_ESCAPE = re.compile(r"\\.|`+", re.DOTALL)
_MENTION = r"(?i)#(?<![\w#/]#)mention(?![\w/-])"
_THEIRS = r"(?:\[\[[^\[\]]+\]\]|\[[^\[\]]+\]\([^()]+\)) (?:to|will) [a-z]"
_WAITING = re.compile(r"#(?<![\w#/]#)waiting(?![\w/-])", re.IGNORECASE)
_CHANNEL = re.compile(r"([^\W\d_]++(?:-[^\W\d_]++)?)(\s*(?:::?|[：–—])(?!//)\s*|\s+-\s+|\s*\Z)")
_CHANNEL_OF_WORDS = re.compile(r"([^\W\d_]++(?:[ -][^\W\d_]++){1,2})(?::\s+|：\s*|\s+[–—-]\s+)")
_PLAIN_CHANNEL = re.compile(r" ([a-z]+): (?=\S)")  # as most entries have it
_LEAD = re.compile(r"(?:[\s:：–—,|→-]|[*_]++(?![^\s:：–—,|→-]))*")
_DONE_ON = r"(?:✅\ufe0f?|[\[(]\s*completion\s*::)\s*(\d{4}-\d\d-\d\d)"
_BLANKS = re.compile(r"\s{2,}")
# What Logseq writes below an item for itself.
_OWN_PROPERTIES = (
    r"\s(?:(?:id|collapsed|created-at|updated-at):: \S+|:LOGBOOK:.*?:END:|(?:SCHEDULED|DEADLINE): <[^<>]*>)"
)


# "By" a day: English, German, French, Spanish, Italian.
_BY = r"(?:by|bis(?: zum)?|avant le|antes del|entro il)\b"
_DUE, _DUE_ISO = (
    r"(?i)(?=[📅📆🗓[(dbae])"  # which is tried faster than all that may follow
    r"(?:[📅📆🗓]\ufe0f?"
    r"|(?P<square>\[)\s*due\s*::"
    rf"|(?P<round>\()\s*(?:due\b\s*:{{0,2}}|(?:due\s+)?(?:{_BY}|on\b))"
    rf"|(?<![\w#])(?:due\s*:{{1,2}}|due(?:\s+(?:by|on))?\b|{_BY}))"
    rf"\s*{linked}(?(square)\s*\])(?(round)\s*\))"
    for linked in (LINKED, r"(?:\[\[)?([0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))(?:\]\])?")
)
# Of the plugin Tasks, in its two ways of writing: created, start, scheduled, done, cancelled, how often, how urgent.
_TASK_SIGNS = (
    rf"(?i)[➕🛫⏳✅❌]\ufe0f?\s*{LINKED}"
    r"|🔁\ufe0f?[^📅📆🗓➕🛫⏳✅❌🔺⏫🔼🔽⏬🆔⛔🏁#\[(]*"
    r"|[🔺⏫🔼🔽⏬]\ufe0f?"
    r"|[🆔⛔🏁]\ufe0f?\s*[\w,-]+"
    r"|(?<![\w#])#(?:task|todo)(?![\w/-])"  # what many set as the plugin's filter
    r"|[\[(]\s*(?:created|start|scheduled|completion|cancelled|priority|repeat|id|dependsOn|onCompletion)\s*::"
    r"[^\])\n]*[\])]"
)


def find_marks(*texts: str) -> tuple[str, ...]:
    """The marks of a line, or of one and those nested in it, lower case, each once, as written.

    A mark in code or in a link's target is none; but `#private`, which guards, is one wherever it is.
    """
    found: dict[str, None] = {}
    for text in texts:
        for match in _MARK.finditer(text) if "#" in text else ():
            mark = match[1].lower()
            if mark == "private" or outside_code(text)[match.start()] == "#":
                found.setdefault(mark)
    return tuple(found)


def find_done_day(text: str) -> date | None:
    """The day on which a task was ticked, as the plugin Tasks writes it: `✅ 2026-11-23`, `[completion:: 2026-11-23]`."""
    found = re.search(_DONE_ON, text) if "✅" in text or "completion" in text else None
    return parse_date(found[1]) if found else None


def find_due(text: str) -> tuple[date | None, str]:
    """The day by which a task is due, and its words without that: "send the paper (by 2026-11-30)".

    Read: a calendar emoji before a date, `due:: DATE` bare or in brackets, `(by DATE)`, `(due DATE)`, `by DATE`.
    """
    found = find_date(text, _DUE_ISO)  # as most are written; the whole pattern is slow to compile
    # behind other digits it may be the second one
    if not found or re.search("[0-9]", text[: found[1]]):
        found = find_date(text, _DUE)
    if not found:
        return None, text
    day, start, end = found
    before, after = text[:start].rstrip(), text[end:].lstrip()
    gap = "" if after[:1] in (",", ".", ";", ":", "!", "?", ")") else " "
    return day, " ".join((before + gap + after).split())


def without_task_signs(text: str) -> str:
    """The words of a task without the signs of task plugins: other dates, priority, recurrence, ids."""
    if text.isascii() and "::" not in text and "#t" not in text.lower():
        return text
    words, count = re.subn(_TASK_SIGNS, " ", text)
    return " ".join(words.split()) if count else text


def is_mention(text: str) -> bool:
    """Whether the line says `#mention`: it names somebody and is no contact."""
    return "#" in text and "#m" in text.lower() and re.search(_MENTION, outside_code(text)) is not None


def is_waiting(text: str) -> bool:
    """Whether the promise is theirs to keep: by `#waiting`, or by `[[Ann]] to send the numbers`, as minutes have it."""
    if text[:1] == "[" and re.match(_THEIRS, text):
        return True
    return ("#w" in text or "#W" in text) and _WAITING.search(outside_code(text)) is not None


def split_channel(text: str) -> tuple[str, str]:
    """("call", "asked ...") of " call: asked ..."; ("", text) where no channel is named.

    A word is a channel where a colon, a dash or the end of the line follows: a known word, or any lower-case word
    before a colon or dash, since people invent their own; but `Grace: said ...` names a person. Of two or three
    words, as in `video call: ...`, one has to be known.
    """
    if plain := _PLAIN_CHANNEL.match(text):
        return plain[1], text[plain.end() :].strip()
    if not text[:1].isalnum():
        text = _LEAD.sub("", text, count=1)
    several = _CHANNEL_OF_WORDS.match(text)
    if several and several[1] == several[1].lower() and CHANNELS.intersection(several[1].split()):
        return several[1], text[several.end() :].strip()
    if match := _CHANNEL.match(text):
        word, gap = match.groups()
        if word.lower() in CHANNELS or (gap.strip() and word == word.lower()):
            return word.lower(), text[match.end() :].strip()
    return "", text.strip()


def without_marks(text: str) -> str:
    """The words of a line without its marks, and without what Logseq writes for itself."""
    if ":" in text and ("::" in text or ": <" in text or ":END:" in text):
        text = re.sub(_OWN_PROPERTIES, "", text)
    return _without(_MARK, text) if "#" in text and _MARK.search(text) else text.strip()


def without_waiting(text: str) -> str:
    """The words without `#waiting`."""
    return _without(_WAITING, text)


def _without(marks: re.Pattern[str], text: str) -> str:
    """The text without these marks, except for those in code, which are words; its blanks single."""
    kept = marks.sub(lambda mark: "" if outside_code(text)[mark.start()] == "#" else mark[0], text)
    return _BLANKS.sub(" ", kept).strip()


@lru_cache(maxsize=64)  # the same text is asked for its marks, for being a mention, for its words
def outside_code(text: str) -> str:
    """The text with another sign for each character of code, of a link's target and of what a backslash escapes.

    So it is as long as before. Linear: no run of backticks is searched for twice.
    """
    if "[" in text:
        text = re.sub(_TARGET, lambda match: "\0" * len(match[0]) if "`" not in match[0] else match[0], text)
    if "`" not in text and "\\" not in text:
        return text
    closing: dict[int, list[int]] = {}  # length of a run of backticks -> where such runs begin, last first
    for run in reversed(list(re.finditer(r"`+", text))):
        closing.setdefault(len(run[0]), []).append(run.start())
    pieces, at = list[str](), 0
    while match := _TICKS_OR_ESCAPE.search(text, at):
        begin, end = match.span()
        pieces.append(text[at:begin])
        ends = closing.get(end - begin, []) if match[0][0] == "`" else []
        while ends and ends[-1] < end:
            ends.pop()
        at = ends[-1] + end - begin if ends else end
        pieces.append("`" * (at - begin))
    return "".join(pieces) + text[at:]
