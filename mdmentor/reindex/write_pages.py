"""Pages and blocks onto the disk: only what differs, only over files with our mark, each file atomically.

A file of the user's is never taken for a page, a block that was changed by hand is left as it is, and nothing is
written while git is in the middle of a merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mdmentor import git
from mdmentor.core import names
from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.digests import note_hash
from mdmentor.core.edit import UnsafeEdit, replace_blocks
from mdmentor.core.kinds import GENERATED, is_generated
from mdmentor.core.model import PAGE, Note
from mdmentor.core.pages import blocks
from mdmentor.core.parse import blocks_of, parse_note
from mdmentor.errors import RefusedToWrite, WorldFailed
from mdmentor.index import state
from mdmentor.index.writer import Writer
from mdmentor.queries import Queries
from mdmentor.reindex.render_pages import block_body
from mdmentor.reindex.report import Report
from mdmentor.reindex.run import Run


class Interrupted(Exception):
    """There is something newer to do than the rest of the pages."""


class PageWriter:
    """The pages and blocks of one run, brought to the disk one by one and taken into the index at the end.

    With `check` nothing is written; what would be is reported as stale. A file that somebody is writing in just now
    is reported as waiting. So is a page of `seen` that does not hold any more what was seen: somebody ticked it again
    meanwhile.
    """

    def __init__(self, run: Run, writer: Writer, report: Report, seen: Mapping[str, bytes]) -> None:
        self._run, self._writer, self._report, self._seen = run, writer, report, seen
        self._vault, self._sql = run.vault, run.index.sql
        self._known = state.pages(self._sql)
        self._pages: dict[str, bytes] = {}  # as they lie on the disk now

    def waits_for_git(self) -> bool:
        """Whether git is in the middle of a merge, so that nothing may be written."""
        if not self._run.check and git.is_merging(self._vault.folder, self._run.hook):
            self._report.waits_for_git = True
            why = "git is in the middle of a merge; finish it, then run: mdmentor reindex"
            self._report.leave(".git", why)
            return True
        self._report.looked_at.add(".git")
        return False

    def write_all(self, pages: Iterable[tuple[str, str | None]]) -> None:
        """Writes each page as soon as its text is made. Raises Interrupted between two where that is called for."""
        for path, text in pages:
            if self._run.events.is_interrupted():
                raise Interrupted
            self.write(path, text)

    def write(self, path: str, text: str | None) -> None:
        """Writes a page, or deletes it where there is no text."""
        is_other = path in self._seen and not self._run.check and self._bytes(path) != self._seen[path]
        if is_other or self._is_busy(path):
            self._report.waiting.append(path)
            return
        self._report.looked_at.add(path)
        try:
            before: bytes | None = self._vault.read(path)[0]
        except FileNotFoundError:
            before = None
        except OSError as error:
            why = f"{path} cannot be read ({error.strerror or error}), so it was left as it is"
            self._report.leave(path, why)
            return
        if before is not None and not is_generated(before):
            state.forget_page(self._sql, path)
            if text is not None:
                why = f"{path} is not a page of mdmentor, so it was left as it is; rename it to see the page"
                self._report.leave(path, why)
            return
        after = text.encode() if text is not None else None
        if after != before and not self._replace(path, before, after):
            return
        if after is not None and not self._run.check:
            self._pages[path] = after

    def renew_blocks(self, queries: Queries, paths: Iterable[str]) -> None:
        """Renews the blocks in these notes. Raises Interrupted between two of them where that is called for.

        The index knows the new text once all blocks are made: what they show must not depend on their order.
        """
        changed: dict[str, bytes] = {}
        for path in paths:
            if self._run.events.is_interrupted():
                break
            data = self._bring_blocks(queries, path)
            if data is not None:
                changed[path] = data
        else:
            self._know_notes(changed)
            return
        self._know_notes(changed)
        raise Interrupted

    def finish(self, *, is_complete: bool) -> None:
        """Has the index know the pages as they were left, and, if they are all there, which revision they show."""
        if self._run.check:
            return
        for path, data in self._pages.items():
            stamp = self._stamp_as_written(path, data)
            if stamp is None or self._known.get(path) == stamp:
                continue
            state.put_page(self._sql, path, stamp)
            if path.endswith(".md"):
                page = Note(path, PAGE, names.stem(path), why_kind=GENERATED)
                self._writer.put(page, stamp, note_hash(data), racy=False)
            else:
                self._writer.put_attachments(set(), {path} - state.attachments(self._sql))
        for path in state.pages(self._sql):
            if self._vault.stamp(path) is None:
                state.forget_page(self._sql, path)
                self._writer.remove(path)
        self._writer.finish()
        if is_complete and not (self._report.waiting or self._report.failed):
            known = state.load(self._sql)
            state.save(self._sql, known._replace(pages_revision=known.revision))

    def delete_left_behind(self) -> None:
        """Deletes the pages in a folder that the settings named before, where nobody touched them."""
        for path, stamp in state.pages(self._sql).items():
            if (
                not path.startswith(f"{self._run.settings.pages_folder}/")
                and self._vault.stamp(path) == stamp
            ):
                self.write(path, None)

    def _replace(self, path: str, before: bytes | None, after: bytes | None) -> bool:
        """Whether the page holds `after` now."""
        if self._run.check:
            self._report.stale.append(path)
            return False
        try:
            if after is not None:
                self._vault.write(path, after, before)
            elif before is not None:
                self._vault.remove(path, before)
                self._report.taken_away.append(path)
        except RefusedToWrite as error:
            self._report.leave(path, str(error))
            return False
        except WorldFailed as error:
            self._report.failed[path] = error
            return False
        self._report.pages_written.append(path)
        return True

    def _bring_blocks(self, queries: Queries, path: str) -> bytes | None:
        """Renews the blocks of one note; its bytes where they are others now."""
        self._report.looked_at.add(path)
        try:
            before = self._vault.read(path)[0]
        except OSError:
            return None  # gone or unreadable since: the next run will tell
        after = _without_block_marks(before)
        contents: dict[str, str] = {}  # of each kind: all blocks of a kind in a note say the same
        changed: list[tuple[int, int, str]] = []
        for block in blocks_of(path, after):
            if blocks.block_state(block.content) == "edited":
                continue
            if block.kind not in contents:
                contents[block.kind] = blocks.block_content(block_body(queries, path, block))
            if contents[block.kind] != block.content:
                changed.append((block.line, block.last, contents[block.kind]))
        if changed:
            try:
                after = replace_blocks(after, changed)
            except UnsafeEdit as error:
                place = f"{path}:{changed[0][0]}"
                why = f"{place}: the note's blocks were left as they are: {error.reason}; {error.fix}"
                self._report.leave(path, why)
                return None
        if after == before:
            return None
        if self._run.check:
            self._report.stale.append(path)
            return None
        if self._is_busy(path):
            self._report.waiting.append(path)
            return None
        try:
            self._vault.write(path, after, before)
        except RefusedToWrite as error:
            self._report.leave(path, str(error))
            return None
        except WorldFailed as error:
            self._report.failed[path] = error
            return None
        self._report.pages_written.append(path)
        return after

    def _know_notes(self, changed: Mapping[str, bytes]) -> None:
        """Has the index know the notes whose blocks were renewed, so that the next run finds nothing new in them."""
        for path, data in changed.items():
            stamp = self._stamp_as_written(path, data)
            if stamp is not None:
                note = parse_note(path, data, self._run.settings)
                self._writer.put(note, stamp, note_hash(data), racy=True)
        if changed:
            self._writer.finish()

    def _is_busy(self, path: str) -> bool:
        """Whether somebody else changed the file just now, and may go on."""
        if self._run.check or self._vault.stamp(path) in (None, self._known.get(path)):
            return False
        return not self._run.events.is_resting(path)

    def _bytes(self, path: str) -> bytes | None:
        try:
            return self._vault.read(path)[0]
        except OSError:
            return None

    def _stamp_as_written(self, path: str, data: bytes) -> state.Stamp | None:
        """The stamp under which a file holds what we wrote; None where it holds something else by now."""
        try:
            found, stamp = self._vault.read(path)
        except OSError:
            return None
        return stamp if found == data else None


def _without_block_marks(data: bytes) -> bytes:
    """The note without what a merge left in our blocks alone; the same bytes for nearly every note."""
    text = data.decode("utf-8", "surrogateescape")
    if not may_hold_marks(text):
        return data
    from mdmentor.core.merge.sides import without_block_marks

    return without_block_marks(text).encode("utf-8", "surrogateescape")
