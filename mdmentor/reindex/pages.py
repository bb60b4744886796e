"""The pages, the blocks and the calendar, written where they differ from what they should be now.

Each file is written atomically, and only over one with our mark: a file of the user's is never taken for a page, a
block that was changed by hand is left as it is, and nothing is written while git is in the middle of a merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from mdmentor import git
from mdmentor.actions.ticks import TickedPage
from mdmentor.actions.ticks import carry_out_ticks as carry_out
from mdmentor.core import model, names
from mdmentor.core.edit import UnsafeEdit, replace_blocks
from mdmentor.core.markdown.blocks import block_state
from mdmentor.core.model import Note, is_generated
from mdmentor.core.pages import blocks
from mdmentor.core.parse import blocks_of, parse_note
from mdmentor.core.ticks import find_typed_text, has_sums
from mdmentor.errors import MdmentorError, RefusedToWrite, UnknownName, WorldFailed
from mdmentor.files import note_hash
from mdmentor.index import state
from mdmentor.index.writer import Writer
from mdmentor.queries import Queries
from mdmentor.reindex.page_texts import begin_pages, block_body, render_first_page, render_other_pages
from mdmentor.reindex.run import Report, Run
from mdmentor.reindex.workers import Workers


class Interrupted(Exception):
    """There is something newer to do than the rest of the pages."""


def carry_out_ticks(run: Run, queries: Queries) -> TickedPage:
    """What was ticked on the page Reach out next, carried out unless nothing may be written just now."""
    page = TickedPage(run.vault, queries)
    if page.ticks and not (run.check or git.is_merging(run.vault.folder, run.hook)):
        is_as_left = run.vault.stamp(page.path) == state.page_stamps(run.index).get(page.path)
        if is_as_left or run.events.is_resting(page.path):
            carry_out(run.vault, queries, page)
    return page


def move_typed_text(run: Run, queries: Queries, report: Report) -> tuple[dict[str, bytes], set[str]]:
    """Moves what was typed on pages into the inbox note: these pages as they were read, and the notes written.

    A page on which somebody is typing just now, or whose text cannot be moved, is left as it is.
    """
    folder = run.settings.pages_folder
    known = state.page_stamps(run.index)
    if run.check or git.is_merging(run.vault.folder, run.hook):
        return {}, set()
    seen: dict[str, bytes] = {}
    typed: dict[str, tuple[str, ...]] = {}
    for path in sorted({*known, *(f"{folder}/{title}.md" for title in model.PAGES)}):
        if run.vault.stamp(path) not in (None, known.get(path)) and run.events.is_resting(path):
            with suppress(OSError):  # reported where the page is written
                data, _ = run.vault.read(path)
                typed[path] = _typed_on(data, queries if path in known else None, path)
                seen |= {path: data} if typed[path] else {}
    if not seen:
        return {}, set()
    from mdmentor.actions.inbox import move_typed_text as move  # slow to load

    names_of_pages = " and ".join(seen)
    try:
        written = move(run.vault, queries, {path: typed[path] for path in seen})
    except MdmentorError as error:
        why = f"what was typed on {names_of_pages} cannot be moved to the inbox: {error}"
        report.words.append(why)
        report.left |= dict.fromkeys(seen, why)
        return {}, set()
    report.words += [f"moved from {names_of_pages} to the inbox: {line}" for line in written]
    return seen, {line.path for line in written}


def _typed_on(data: bytes | None, queries: Queries | None = None, path: str = "") -> tuple[str, ...]:
    """What somebody typed on a page; nothing for a file of the user's.

    With `queries`, a page whose line of sums was deleted is compared with what would be written now.
    """
    if not data or not is_generated(data):
        return ()
    text, own = data.decode("utf-8", "replace"), ""
    if queries is not None and path.endswith(".md") and not has_sums(text):
        first = render_first_page(queries, ())
        others = render_other_pages(queries, begin_pages(queries, Workers()))
        own = (first[1] if path == first[0] else dict(others).get(path)) or ""
    return find_typed_text(text, own)


def write_calendar(run: Run, queries: Queries, report: Report) -> None:
    """Writes the calendar if the settings name one; with `check` a stale one is reported as such."""
    name = run.settings.calendar_file
    if not name:
        return
    from mdmentor.calendar_feed import Options, calendar_of
    from mdmentor.export_files import holds, refuse_place, write_file
    from mdmentor.formats.content_lines import render_calendar

    options = Options(alarm=run.settings.calendar_alarm, weekdays=run.settings.calendar_weekdays)
    calendar, _ = calendar_of(queries, options)
    path, data = run.calendar_path, render_calendar(calendar).encode()
    report.looked_at.add(name)
    if run.check:
        report.stale += [] if holds(path, data) else [name]
        return
    try:
        refuse_place(path, run.vault.folder, run.settings)
        if write_file(path, data):
            report.pages_written.append(name)
    except (RefusedToWrite, UnknownName) as error:
        report.leave(name, f"the calendar was not written: {error.what}; name another file in mdmentor.toml")
    except WorldFailed as error:
        report.failed[name] = error


class PageWriter:
    """Writes the pages and blocks of one run one by one, and records them in the index at the end.

    With `check` nothing is written, and what would be is reported as stale. A file that somebody is writing in just now
    is reported as waiting. So is a page that does not hold what `seen` says any more: it was ticked again meanwhile; and
    one on which something was typed, unless it is as `moved` has it.
    """

    def __init__(
        self, run: Run, writer: Writer, report: Report, seen: Mapping[str, bytes], moved: Mapping[str, bytes]
    ) -> None:
        self._run, self._writer, self._report = run, writer, report
        self._seen, self._moved = seen, moved
        self._vault, self._index = run.vault, run.index
        self._known = state.page_stamps(self._index)
        self._pages: dict[str, tuple[bytes, state.Stamp]] = {}  # as they are on the disk now

    def waits_for_git(self) -> bool:
        """Whether git is in the middle of a merge, so that nothing may be written."""
        if not self._run.check and git.is_merging(self._vault.folder, self._run.hook):
            self._report.waits_for_git = True
            why = "git is in the middle of a merge; finish it, then run: mdmentor reindex"
            self._report.leave(".git", why)
            return True
        self._report.looked_at.add(".git")
        return False

    def pause(self) -> None:
        """Raises Interrupted where the run is."""
        if self._run.events.is_interrupted():
            raise Interrupted

    def write(self, path: str, text: str | None) -> None:
        """Writes a page, or deletes it where there is no text."""
        before, stamp, error = self._read(path)
        if (path in self._seen and not self._run.check and before != self._seen[path]) or self._is_busy(path):
            self._report.waiting.append(path)
            return
        if path in self._report.left:
            return  # what is typed on it cannot be moved
        if not self._run.check and before != self._moved.get(path) and _typed_on(before):
            self._report.waiting.append(path)
            return
        self._report.looked_at.add(path)
        if isinstance(error, NotADirectoryError):
            what = f'"{path}" cannot be written: "{self._run.settings.pages_folder}" is a file'
            self._report.failed[path] = WorldFailed(what, "")
            return
        if error is not None:
            why = f"{path} cannot be read ({error.strerror or error}), so it was left as it is"
            self._report.leave(path, why)
            return
        if before is not None and not is_generated(before):
            state.forget_page(self._index, path)
            if text is not None:
                why = f"{path} is not a page of mdmentor, so it was left as it is; rename it to see the page"
                self._report.leave(path, why)
            return
        after = text.encode() if text is not None else None
        if after != before:
            if not self._replace(path, before, after):
                return
            stamp = self._vault.stamp_as_written(path)
        if after is not None and stamp is not None and not self._run.check:
            self._pages[path] = after, stamp

    def renew_blocks(self, queries: Queries, paths: Iterable[str]) -> None:
        """Renews the blocks in these notes. Raises Interrupted between two of them, where the run is.

        The notes go into the index after all blocks are rendered: what a block shows must not depend on their order.
        """
        changed: dict[str, bytes] = {}
        is_interrupted = False
        for path in paths:
            is_interrupted = self._run.events.is_interrupted()
            if is_interrupted:
                break
            if (data := self._renew_blocks_of(queries, path)) is not None:
                changed[path] = data
        for path, data in changed.items():
            if stamp := self._vault.stamp_as_written(path):
                note = parse_note(path, data, self._run.settings)
                self._writer.put(note, stamp, note_hash(data), racy=True)
        if changed:
            self._writer.resolve_links()
        if is_interrupted:
            raise Interrupted

    def delete_left_behind(self) -> None:
        """Deletes the pages in a folder that the settings named before, where nobody touched them."""
        for path, stamp in state.page_stamps(self._index).items():
            is_here = path.startswith(f"{self._run.settings.pages_folder}/")
            if not is_here and self._vault.stamp(path) == stamp:
                self.write(path, None)

    def finish(self, *, is_complete: bool) -> None:
        """Records the pages in the index, and, if they are complete, which revision they show."""
        if self._run.check:
            return
        for path, (data, stamp) in self._pages.items():
            if self._known.get(path) == stamp:
                continue
            state.put_page(self._index, path, stamp)
            if path.endswith(".md"):
                page = Note(path, model.PAGE, names.stem(path), why_kind=model.GENERATED)
                self._writer.put(page, stamp, note_hash(data), racy=False)
            else:
                self._writer.put_attachments(set(), {path} - state.attachments(self._index))
        for path in state.page_stamps(self._index):
            if self._vault.stamp(path) is None:
                state.forget_page(self._index, path)
                self._writer.remove(path)
        self._writer.resolve_links()
        if is_complete and not (self._report.waiting or self._report.failed):
            now = state.load(self._index)
            state.save(self._index, now._replace(pages_revision=now.revision))

    def _renew_blocks_of(self, queries: Queries, path: str) -> bytes | None:
        """The new bytes of a note whose blocks were renewed; None where nothing was written."""
        self._report.looked_at.add(path)
        before, _, _ = self._read(path)
        if before is None:
            return None  # deleted or unreadable since: the next run reports it
        from mdmentor.core.merge import without_block_marks  # most notes have no block

        text = without_block_marks(before.decode("utf-8", "surrogateescape"))
        after = text.encode("utf-8", "surrogateescape")
        contents: dict[str, str] = {}  # of each kind: all blocks of a kind in a note show the same
        changed: list[tuple[int, int, str]] = []
        for block in blocks_of(path, after):
            if block_state(block.content) == "edited":
                continue
            if block.kind not in contents:
                contents[block.kind] = blocks.block_content(block_body(queries, path, block))
            if contents[block.kind] != block.content:
                changed.append((block.line, block.last, contents[block.kind]))
        try:
            after = replace_blocks(after, changed) if changed else after
        except UnsafeEdit as error:
            place = f"{path}:{changed[0][0]}"
            why = f"{place}: the note's blocks were left as they are: {error.reason}; {error.fix}"
            self._report.leave(path, why)
            return None
        if after == before:
            return None
        if not self._run.check and self._is_busy(path):
            self._report.waiting.append(path)
            return None
        return after if self._replace(path, before, after) else None

    def _replace(self, path: str, before: bytes | None, after: bytes | None) -> bool:
        """Writes or deletes a file; whether that was done."""
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

    def _read(self, path: str) -> tuple[bytes | None, state.Stamp | None, OSError | None]:
        """Bytes and stamp of a file, None where there is none; and the error where it cannot be read."""
        try:
            return *self._vault.read(path), None
        except FileNotFoundError:
            return None, None, None
        except OSError as error:
            return None, None, error

    def _is_busy(self, path: str) -> bool:
        """Whether somebody else changed the file just now, and may go on."""
        if self._run.check or self._vault.stamp(path) in (None, self._known.get(path)):
            return False
        return not self._run.events.is_resting(path)
