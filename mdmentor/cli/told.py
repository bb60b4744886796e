"""What a command has to say, before it is known how wide the window is and whether it has colours.

Plain values, so that an answer can be kept and printed again.
"""

from __future__ import annotations

from collections.abc import Iterable

LINE, BOLD, DIM = "line", "bold", "dim"
PARAGRAPH, DIM_PARAGRAPH = "paragraph", "dim paragraph"
DOCUMENT = "document"  # JSON, to be printed as it stands


class Told:
    """Lines in their order: kind, text, indent, and the indent of the first line."""

    def __init__(self, lines: Iterable[tuple[str, str, str, str]] = ()) -> None:
        self.lines = list(lines)

    def line(self, text: str = "", *, bold: bool = False, dim: bool = False) -> None:
        """One line, its indent kept."""
        self.lines.append((BOLD if bold else DIM if dim else LINE, text, "", ""))

    def paragraph(self, text: str, indent: str = "", *, first: str | None = None, dim: bool = False) -> None:
        """A text to be wrapped; `first` replaces the indent of its first line."""
        kind = DIM_PARAGRAPH if dim else PARAGRAPH
        self.lines.append((kind, text, indent, indent if first is None else first))

    def document(self, document: object) -> None:
        """One JSON document."""
        import json

        self.lines.append((DOCUMENT, json.dumps(document, ensure_ascii=False, indent=2), "", ""))
