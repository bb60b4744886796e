"""However the lines of the pages are moved, copied, indented, split, joined and ticked, no typed word is lost."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.conftest import VaultOnDisk

NEXT = "Reach out next"
CONTACT = """---
cadence: monthly
birthday: 11-23
---
# {name}

- [ ] send {name} the map (by 2026-11-23)
- [ ] lend the book

## Log

- 2026-01-05 call: good advice #got
"""
PLACE = st.integers(0, 200)


class Typing(RuleBasedStateMachine):
    """Every rule but `run` changes a page as an editor does; `run` looks for all that was typed so far."""

    page = NEXT

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.vault = VaultOnDisk(self.folder / "vault", self.folder / "cache")
        self.typed: list[str] = []
        self.vault.add("Home.md", "# Home\n\n## Inbox\n\n- first\n")
        for name in ("Ada", "Bob"):
            self.vault.add(f"people/{name}.md", CONTACT.format(name=name))
        self.vault.reindex()

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(page=st.sampled_from([NEXT, NEXT, NEXT, "Dates", "Two-way street", "Network"]))
    def open(self, page: str) -> None:
        self.page = page

    def lines(self) -> list[str]:
        return self.vault.page(self.page).split("\n")

    def save(self, lines: list[str]) -> None:
        self.vault.add(f"reach-out/{self.page}.md", "\n".join(lines))

    @rule(at=PLACE, word=PLACE, mark=st.sampled_from(["", ":", "- ", "- [ ] ", "- [x] ", "> ", "## "]))
    def type(self, at: int, word: int, mark: str) -> None:
        """A new word between two words of a line, or on a line of its own."""
        lines = self.lines()
        row = 1 + at % (len(lines) - 1)
        new = f"word{len(self.typed)}q"
        self.typed.append(new)
        if mark and mark != ":":
            lines.insert(row, mark + new)
        else:
            words = lines[row].split(" ")
            place = word % (len(words) + 1)
            # not inside a link's target, whose blanks are none between words
            lines[row] = " ".join([*words[:place], new + mark, *words[place:]])
        self.save(lines)

    @rule(at=PLACE)
    def type_behind_a_box(self, at: int) -> None:
        lines = self.lines()
        if rows := [row for row, line in enumerate(lines) if "[ ]" in line or "[x]" in line]:
            self.typed.append(f"word{len(self.typed)}q")
            lines[rows[at % len(rows)]] += f": {self.typed[-1]}"
            self.save(lines)

    @rule(at=PLACE, to=PLACE, count=st.integers(1, 4), is_copy=st.booleans())
    def move(self, at: int, to: int, count: int, is_copy: bool) -> None:
        lines = self.lines()
        row = at % len(lines)
        taken = lines[row : row + count]
        if not is_copy:
            del lines[row : row + count]
        to %= len(lines) + 1
        self.save([*lines[:to], *taken, *lines[to:]])

    @rule(at=PLACE, to=PLACE, indent=st.sampled_from(["", "  ", "\t"]))
    def move_a_box(self, at: int, to: int, indent: str) -> None:
        lines = self.lines()
        if rows := [row for row, line in enumerate(lines) if "[ ]" in line or "[x]" in line]:
            taken = indent + lines.pop(rows[at % len(rows)]).strip()
            to %= len(lines) + 1
            self.save([*lines[:to], taken, *lines[to:]])

    @rule(at=PLACE, count=st.integers(1, 4), indent=st.sampled_from(["", "  ", "\t", "    - ", "> "]))
    def indent(self, at: int, count: int, indent: str) -> None:
        lines = self.lines()
        for row in range(at % len(lines), min(at % len(lines) + count, len(lines))):
            lines[row] = indent + lines[row].lstrip()
        self.save(lines)

    @rule(at=PLACE, word=PLACE)
    def split(self, at: int, word: int) -> None:
        lines = self.lines()
        row = at % len(lines)
        words = lines[row].split(" ")
        place = word % len(words)
        self.save([*lines[:row], " ".join(words[:place]), " ".join(words[place:]), *lines[row + 1 :]])

    @rule(at=PLACE)
    def join(self, at: int) -> None:
        lines = self.lines()
        row = at % (len(lines) - 1)
        self.save([*lines[:row], f"{lines[row]} {lines[row + 1].strip()}", *lines[row + 2 :]])

    @rule(at=PLACE)
    def tick(self, at: int) -> None:
        lines = self.lines()
        if rows := [row for row, line in enumerate(lines) if "[ ]" in line]:
            row = rows[at % len(rows)]
            lines[row] = lines[row].replace("[ ]", "[x]", 1)
            self.save(lines)

    @rule()
    def tick_all(self) -> None:
        self.save([line.replace("[ ]", "[x]", 1) for line in self.lines()])

    @rule()
    def run(self) -> None:
        self.vault.reindex()
        texts = "\n".join(file.read_text() for file in self.vault.root.rglob("*.md"))
        assert [word for word in self.typed if word not in texts] == []


TestTyping = Typing.TestCase
TestTyping.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
