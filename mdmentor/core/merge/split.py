"""A note's front matter taken apart by key, as it is written: what the merge per key is made on.

Nothing is parsed into YAML values, so comments, quotes and list styles stay. What is not plainly "one key a
line, with what hangs below it" is not taken apart, and the note is then merged as text.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# No regular expressions here: compiling them would take longer than merging.


class Entry:
    """One key with all lines that belong to it, and the comment lines above."""

    __slots__ = ("above", "key", "lines", "start")

    def __init__(self, key: str, above: list[str], lines: list[str], start: int) -> None:
        self.key = key
        self.above = above
        self.lines = lines
        self.start = start  # offset behind the colon, in the first line

    def is_same(self, other: Entry) -> bool:
        return [line.rstrip() for line in self.lines] == [line.rstrip() for line in other.lines]


class Split:
    """Front matter taken apart: its entries, and the comment lines below the last."""

    __slots__ = ("entries", "tail")

    def __init__(self, entries: dict[str, Entry], tail: list[str]) -> None:
        self.entries = entries
        self.tail = tail

    def lines(self) -> list[str]:
        told = [line for entry in self.entries.values() for line in (*entry.above, *entry.lines)]
        return told + self.tail


def split_head(lines: Sequence[str]) -> Split | None:
    """The lines between two fences by key; None for what cannot be taken apart with certainty.

    That is a key told twice, a line that belongs to no key, tabs, anchors, a quote that is never closed.
    """
    entries: dict[str, Entry] = {}
    current: Entry | None = None
    waiting: list[str] = []
    is_open = False
    for line in lines:
        text = line.strip()
        if is_open and current is not None:
            if line[:1] not in ("", " ", "]", "}"):
                return None
            current.lines.append(line)
            is_open = is_unclosed(_value_source(current))
        elif not text or (text[0] == "#" and (line[0] == "#" or current is None)):
            waiting.append(line)
        elif line[0] == " " or (current is not None and (line == "-" or line.startswith("- "))):
            if current is None or "\t" in line[: len(line) - len(line.lstrip())]:
                return None
            if line[0] == "-" and without_comment(current.lines[0][current.start :])[0]:
                return None
            current.lines += [*waiting, line]
            waiting = []
            is_open = not _is_block_text(current) and is_unclosed(_item_source(line))
        else:
            key, start = _key_of(line)
            if not start or key in entries:
                return None
            current = entries[key] = Entry(key, waiting, [line], start)
            waiting = []
            value = line[start:].strip()
            if value[:1] in ("&", "*", "!") or "\t" in line:
                return None
            is_open = is_unclosed(value)
    return None if is_open else Split(entries, waiting)


def _key_of(line: str) -> tuple[str, int]:
    """The key that a line begins with, and the offset behind its colon; 0 where it begins with none."""
    if line[0] in "\"'":
        end = line.find(line[0], 1) + 1
        colon = end + len(line[end:]) - len(line[end:].lstrip(" "))
        if end < 3 or line[colon : colon + 1] != ":" or line[colon + 1 : colon + 2] not in ("", " ", "\t"):
            return "", 0
        return line[1 : end - 1], colon + 1
    colon = line.find(": ") if ": " in line else len(line.rstrip()) - 1
    key = line[:colon].rstrip(" ")
    if line[0] in "#&*!|>%@`[]{},?:<=-" or line[colon] != ":" or " #" in key or not key or "\t" in key:
        return "", 0
    return key, colon + 1


def split_item(line: str) -> tuple[str, str]:
    """Indentation, dash and blanks of a list item, and what is behind; nothing for what is no item."""
    text = line.lstrip(" ")
    if text != "-" and not text.startswith("- "):
        return "", ""
    told = text[1:].lstrip(" ")
    return line[: len(line) - len(told)] if told else line.rstrip() + " ", told


def without_comment(source: str) -> tuple[str, str]:
    """A value and the comment behind it, both without outer blanks."""
    quote = ""
    for place, character in enumerate(source):
        if quote:
            if character == quote and not (quote == '"' and source[place - 1] == "\\"):
                quote = ""
        elif character in "\"'" and (not source[:place].strip() or source[:place].rstrip()[-1] in "[,{:"):
            quote = character
        elif character == "#" and (not place or source[place - 1] in " \t"):
            return source[:place].strip(), source[place:].strip()
    return source.strip(), ""


def _value_source(entry: Entry) -> str:
    return "\n".join([entry.lines[0][entry.start :], *entry.lines[1:]]).strip()


def _item_source(line: str) -> str:
    """What a line below a key opens: the item behind a dash, else nothing that could be left open."""
    return split_item(line)[1].strip()


def _is_block_text(entry: Entry) -> bool:
    return entry.lines[0][entry.start :].strip()[:1] in ("|", ">")


def is_unclosed(source: str) -> bool:
    """True for a value whose quote or bracket is not closed in it."""
    if source[:1] not in ("'", '"', "[", "{"):
        return False
    depth = 0
    quote = ""
    skip = False
    for place, character in enumerate(source):
        if skip:
            skip = False
        elif quote:
            if quote == '"' and character == "\\":
                skip = True
            elif character == quote:
                quote = ""
        elif character in "\"'" and (not place or source[place - 1] in " \t\n[,{:'"):
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "#" and place and source[place - 1] in " \t\n" and not depth:
            break
    return bool(quote) or depth > 0


def merge_comments(base: list[str], ours: list[str] | None, theirs: list[str] | None) -> list[str]:
    """Comment lines: what either side added, without what either took out; None: no such key."""
    if ours is None or theirs is None:
        return ours or theirs or []
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    kept = [line for line in ours if line in theirs or line not in base or not line.strip()]
    return kept + [line for line in theirs if line.strip() and line not in ours and line not in base]
