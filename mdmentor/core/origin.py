"""Where a line of a log comes from: `([[Reach out next]])` behind the words of a box that was ticked there.

The link tells the reader that the line was a tick, leads to the page, and names the tick: two machines that
carry out the same one on different days write two lines that can be known for one. It is no part of what was
said. The merge driver reads it too, so nothing here may take time to load.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

REACH_OUT = "Reach out next"
_BETWEEN = f"{REACH_OUT} of "
_BEFORE_WORDS = " \t#-*+0123456789./()[]:_–—"


def render_origin(target: str, page_day: str, line_day: str) -> str:
    """The link to stand behind a line's words; `target` is what a wikilink to the page has to say.

    Of which day the page was is told only where it is not the line's own day.
    """
    return f"([[{target}]])" if page_day == line_day else f"([[{target}|{_BETWEEN}{page_day}]])"


def without_origin(text: str) -> str:
    """The words alone."""
    found = _find(text)
    return text if found is None else text[: found[0]].rstrip()


def find_page_day(text: str, line_day: str) -> str:
    """The day of the page on which a line's box was ticked, as 2026-11-23; "" for a line that was no tick."""
    found = _find(text)
    return "" if found is None else found[1] or line_day


def tick_of(lines: Sequence[str], line_day: str) -> str:
    """What makes two entries of a log the same tick, whatever their days; "" for an entry that was none.

    `lines` are those of the entry, `line_day` is its day as digits or with dashes.
    """
    text = " ".join(line.strip() for line in lines if line.strip())
    day = find_page_day(text, line_day).replace("-", "")
    return f"{day} {without_origin(text).lstrip(_BEFORE_WORDS)}" if day else ""


def _find(text: str) -> tuple[int, str] | None:
    """Where the link begins at the end of a text, and the day that it tells."""
    start = text.rfind("([[")
    if start < 0:
        return None
    text = text.rstrip()
    if not text.endswith("]])"):
        return None
    target, _, told = text[start + 3 : -3].partition("|")
    is_ours = target.rpartition("/")[2].strip().lower() == REACH_OUT.lower() and "]" not in told
    return (start, told.removeprefix(_BETWEEN) if told.startswith(_BETWEEN) else "") if is_ours else None
