"""What one run of `reindex` found and did, told to whoever started it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """What one run found and did."""

    notes: int = 0
    contacts: int = 0
    posts: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    pages_written: list[str] = field(default_factory=list)
    taken_away: list[str] = field(default_factory=list)  # of these, the pages that there is no reason for now
    stale: list[str] = field(default_factory=list)  # with `check`: pages and blocks that would be written
    problems: int = 0
    seconds: float = 0.0
    words: list[str] = field(default_factory=list)  # what the user should hear besides
    left: dict[str, str] = field(default_factory=dict)  # file left as it is -> why; among the words too
    looked_at: set[str] = field(default_factory=set)  # pages, and notes with blocks, that this run settled
    waiting: list[str] = field(default_factory=list)  # notes and pages that somebody is writing in just now
    waits_for_git: bool = False  # the pages wait until a merge or rebase is over
    is_unfinished: bool = False  # pages were left for the next run, since something else was saved meanwhile
    linked: int | None = None  # notes whose bytes also lie elsewhere; None when the vault was not walked
    paths: list[str] = field(
        default_factory=list
    )  # notes that were added, changed or removed; of very many the first

    def to_json(self) -> dict[str, object]:
        return {
            "notes": self.notes,
            "contacts": self.contacts,
            "posts": self.posts,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "pages_written": len(self.pages_written),
            "pages": self.pages_written,
            "problems": self.problems,
            "seconds": round(self.seconds, 3),
        }
