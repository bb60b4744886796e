"""What one run of `reindex` found and did, told to whoever started it."""

from __future__ import annotations


class Report:
    """What one run found and did."""

    def __init__(
        self,
        *,
        notes: int = 0,
        contacts: int = 0,
        posts: int = 0,
        problems: tuple[int, int, int] = (0, 0, 0),
        linked: int | None = None,
    ) -> None:
        self.notes, self.contacts, self.posts = notes, contacts, posts
        self.problems = problems  # then hints, then links that name no note
        self.added = self.changed = self.removed = 0
        self.paths: list[str] = []  # notes that were added, changed or removed; of very many the first
        self.linked = linked  # notes whose bytes also lie elsewhere; None when the vault was not walked
        self.pages_written: list[str] = []
        self.taken_away: list[str] = []  # of these, the pages that there is no reason for now
        self.stale: list[str] = []  # with `check`: pages and blocks that would be written
        self.words: list[str] = []  # what the user should hear besides
        self.left: dict[str, str] = {}  # file left as it is -> why; among the words too
        self.looked_at: set[str] = set()  # pages, and notes with blocks, that this run settled
        self.waiting: list[str] = []  # notes and pages that somebody is writing in just now
        self.waits_for_git = False  # the pages wait until a merge or rebase is over
        self.is_unfinished = (
            False  # pages were left for the next run, since something else was saved meanwhile
        )
        self.seconds = 0.0

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
            "problems": sum(self.problems),
            "seconds": round(self.seconds, 3),
        }
