"""Three versions of a page of ours become one: ours, with the boxes that were ticked on the other side.

A page is made anew after the merge, so its words do not matter; a tick does, since it waits to be carried
out. One whose suggestion does not stand on our page goes below a heading of its own, to be carried out from
there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

ELSEWHERE = "## Ticked elsewhere"
LABELS = ("reached out", "snooze 2 weeks", "not this one")  # `reach_out.TICKS`, which takes longer to load

_GENERATED = b"generated-by: mdmentor"
_MARK_WITHIN = 600  # bytes, as for `pages_on_disk.is_ours`
_SUGGESTION = r"- \[(?P<box>.)\] \*\*\[.*\]\((?P<target>[^()\s]+)\)\*\*"
_SMALL = r"(?P<lead> +- \[)(?P<box>.)\] (?P<text>.*)$"


def is_page(data: bytes) -> bool:
    """True for a file that bears our mark, be it a page or a picture."""
    return _GENERATED in data[:_MARK_WITHIN]


def _match(pattern: str, line: str) -> re.Match[str] | None:
    import re  # here, so that a merge of notes does without it

    return re.match(pattern, line)


class Tick:
    """A box that is ticked, or has words typed behind it; "" are the words of the suggestion's own box."""

    __slots__ = ("head", "line", "note", "target", "text")

    def __init__(self, target: str, text: str, line: str, head: str) -> None:
        self.target = target
        self.text = text
        self.line = line
        self.head = head  # the suggestion's line
        self.note = ""  # a line that tells of which day's page it is, as `core/ticks.py` reads it

    def lines(self) -> list[str]:
        return [self.line, self.note] if self.note else [self.line]


def merge_page(base: str, ours: str, theirs: str) -> str:
    """Our page with every tick that theirs has and the common ancestor had not."""
    done = {(tick.target, tick.text) for tick in (*_ticks(base), *_ticks(ours))}
    new = [tick for tick in _ticks(theirs) if (tick.target, tick.text) not in done]
    if not new:
        return ours
    lines = ours.split("\n")
    day = _day(theirs)
    if day and day != _day(ours):
        for tick in new:
            tick.note = f"  - Found on {day}, on the page of {day}"
    homeless = [tick for tick in new if not _set(lines, tick)]
    return "\n".join(_with_homeless(lines, homeless) if homeless else lines)


def _day(text: str) -> str:
    """The day in a page's front matter, as it is written."""
    line = next((line for line in text.split("\n", 5)[:5] if line.startswith("day: ")), "")
    return line[5:].strip()


def _ticks(text: str) -> list[Tick]:
    found: list[Tick] = []
    target = head = ""
    for line in text.splitlines():
        suggestion = _match(_SUGGESTION, line)
        if suggestion:
            target, head = suggestion["target"], line
            if suggestion["box"] != " ":
                found.append(Tick(target, "", line, line))
            continue
        small = _match(_SMALL, line)
        if small and target and (small["box"] != " " or _words(small["text"])):
            found.append(Tick(target, small["text"].rstrip(), line, head))
        elif line.startswith("#"):
            target = ""
    return found


def _words(text: str) -> str:
    """What is typed behind the label of a small box."""
    label = next((label for label in LABELS if text.startswith(label)), "")
    return text[len(label) :].strip()


def _set(lines: list[str], tick: Tick) -> bool:
    """Ticks the same box on our page; False where there is none."""
    start = _find(lines, tick.target)
    if start < 0:
        return False
    if not tick.text:
        box = lines[start].index("[") + 1
        lines[start] = f"{lines[start][:box]}{tick.line[box]}{lines[start][box + 1 :]}"
        return True
    place = start + 1
    while place < len(lines) and not lines[place].startswith(("- ", "#", "---")):
        small = _match(_SMALL, lines[place])
        if small and tick.text.startswith(small["text"].rstrip()) and small["box"] == " ":
            lines[place : place + 1] = tick.lines()
            return True
        if small and small["box"] != " " and small["text"].split()[:2] == tick.text.split()[:2]:
            lines[place + 1 : place + 1] = (
                tick.lines()
            )  # ticked on both sides with different words: both are told
            return True
        place += 1
    return False


def _find(lines: Sequence[str], target: str) -> int:
    for place, line in enumerate(lines):
        match = _match(_SUGGESTION, line)
        if match and match["target"] == target:
            return place
    return -1


def _with_homeless(lines: list[str], ticks: Sequence[Tick]) -> list[str]:
    """The page with ticks below a heading of their own, above the links at its foot."""
    section: list[str] = [] if ELSEWHERE in lines else [ELSEWHERE, ""]
    for tick in ticks:
        if tick.head not in section:
            section.append(tick.head)
        if tick.text:
            section += tick.lines()
    rules = [place for place, line in enumerate(lines) if line == "---"]
    foot = rules[-1] if len(rules) > 2 else len(lines) - (not lines[-1])
    gap = [""] if foot and lines[foot - 1] else []
    return [*lines[:foot], *gap, *section, *([""] if foot < len(lines) - 1 else []), *lines[foot:]]
