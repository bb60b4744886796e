"""Pages and blocks onto the disk: only what differs, only over files that bear our mark, each file atomically.

A file of the user's is never taken for a page, a block that was changed by hand is left as it is, and
nothing is written while git is in the middle of a merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from mdmentor import git, site
from mdmentor.answers import Answers
from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.pages.frame import is_generated
from mdmentor.core.parse import blocks_of, parse_note
from mdmentor.core.settings import Settings
from mdmentor.digests import note_hash
from mdmentor.errors import PagesNotWritten, RefusedToWrite, WorldFailed
from mdmentor.index import ask, kept
from mdmentor.vault import Stamp, Vault


class Result:
    """What was written, what would have been, and what the user should hear."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.taken_away: list[str] = []  # of these, the pages that are gone
        self.stale: list[str] = []
        self.words: list[str] = []
        self.left: dict[str, str] = {}  # file left as it is -> why; these words are among `words` too
        self.looked_at: set[str] = set()  # files whose matter is settled with this run
        self.failed: dict[str, WorldFailed] = {}  # file that the disk did not take -> why
        self.waiting: list[str] = []  # files that somebody is writing in just now
        self.waits_for_git = False
        self._pages: dict[str, bytes] = {}  # written or removed by us (empty), to be told to the index
        self._notes: dict[str, bytes] = {}
        self._not_ours: set[str] = set()  # the user's own files where a page would stand

    def leave(self, path: str, why: str) -> None:
        """The file stays as it is, and the user should hear why."""
        self.left[path] = why
        self.words.append(why)

    def raise_failure(self, words: Sequence[str]) -> None:
        """Raises PagesNotWritten where the disk did not take a file, with what was written all the same.

        `words` tell what the run did before. A full disk refuses many files, and is told once.
        """
        if not self.failed:
            return
        path, error = next(iter(self.failed.items()))
        others = len(self.failed) - 1
        named = f'"{path}" and {others} other file{"s" * (others != 1)}' if others else f'"{path}"'
        what = error.what.replace(f'"{path}"', named, 1)
        written = f"{len(self.written)} other{'s were' if len(self.written) != 1 else ' was'} written"
        done = written if self.written else "no page was written" if words else "nothing was changed"
        raise PagesNotWritten(
            what, f"{done}; when that is put right, run: mdmentor reindex", (*words, *self.words)
        )

    def wrote_notes(self) -> bool:
        """Whether a block in a note of the user's was renewed."""
        return bool(self._notes)


def bring_up_to_date(
    vault: Vault,
    answers: Answers,
    wanted: Iterable[tuple[str, str | None]],
    with_blocks: Iterable[str],
    *,
    check: bool,
    is_resting: Callable[[str], bool] | None = None,
    hook: str = "",
    seen: Mapping[str, bytes] = MappingProxyType({}),
) -> Result:
    """Writes the pages as wanted and renews the blocks in these notes; with `check` only says which.

    Each page is written as soon as its text is made. A file that is not as we left it and that `is_resting` denies is told as waiting, and not written. So is
    a page of `seen` that does not hold any more what is told there: somebody ticked it again meanwhile.
    """
    result = Result()
    known = ask.pages(answers.sql)

    def is_busy(path: str) -> bool:
        if check or is_resting is None:
            return False
        return vault.stamp(path) not in (None, known.get(path)) and not is_resting(path)

    if not check and git.is_merging(vault.folder, hook):
        result.waits_for_git = True
        result.leave(".git", "git is in the middle of a merge; finish it, then run: mdmentor reindex")
        return result
    result.looked_at.add(".git")
    if not check:
        vault.clean_up(answers.settings.pages_folder)
    for path, text in wanted:
        if is_busy(path) or (path in seen and not check and _bytes(vault, path) != seen[path]):
            result.waiting.append(path)
        else:
            result.looked_at.add(path)
            _bring_page(vault, path, text, result, check=check)
    for path, stamp in known.items():
        if not path.startswith(f"{answers.settings.pages_folder}/") and vault.stamp(path) == stamp:
            # the settings name another folder now, and nobody touched the page that was left behind
            result.looked_at.add(path)
            _bring_page(vault, path, None, result, check=check)
    for path in with_blocks:
        result.looked_at.add(path)
        _bring_blocks(vault, answers, path, result, is_busy, check=check)
    return result


def _bytes(vault: Vault, path: str) -> bytes | None:
    try:
        return vault.read(path)[0]
    except OSError:
        return None


def _bring_page(vault: Vault, path: str, text: str | None, result: Result, *, check: bool) -> None:
    try:
        before: bytes | None = vault.read(path)[0]
    except OSError as error:
        before = None
        if not isinstance(error, FileNotFoundError):
            why = f"{path} cannot be read ({error.strerror or error}), so it was left as it is"
            result.leave(path, why)
            return
    if before is not None and not is_generated(before):
        result._not_ours.add(path)
        if text is not None:
            why = f"{path} is not a page of mdmentor, so it was left as it is; rename it to see the page"
            result.leave(path, why)
        return
    after = text.encode() if text is not None else None
    if after == before:
        if after is not None:
            result._pages[path] = after
        return
    if check:
        result.stale.append(path)
        return
    try:
        if after is not None:
            vault.write(path, after, before)
        elif before is not None:
            vault.remove(path, before)
            result.taken_away.append(path)
    except RefusedToWrite as error:
        result.leave(path, str(error))
        return
    except WorldFailed as error:
        result.failed[path] = error
        return
    except OSError as error:
        result.failed[path] = WorldFailed(f'"{path}" could not be removed ({error.strerror or error})')
        return
    result.written.append(path)
    result._pages[path] = after or b""


def _without_block_marks(data: bytes) -> bytes:
    """The note without what a merge left in our blocks alone; the same bytes for nearly every note."""
    text = data.decode("utf-8", "surrogateescape")
    if not may_hold_marks(text):
        return data
    from mdmentor.core.merge.sides import without_block_marks

    return without_block_marks(text).encode("utf-8", "surrogateescape")


def _bring_blocks(
    vault: Vault,
    answers: Answers,
    path: str,
    result: Result,
    is_busy: Callable[[str], bool],
    *,
    check: bool,
) -> None:
    """Renews the blocks of one note, the last first so that the lines above stay where they are."""
    from mdmentor.core.edit import UnsafeEdit
    from mdmentor.core.edit_lines import replace_between
    from mdmentor.core.pages import blocks

    try:
        before = vault.read(path)[0]
    except OSError:
        return  # gone or unreadable since: the next run will tell
    after = _without_block_marks(before)
    for block in sorted(blocks_of(path, after), key=lambda b: -b.line):
        if blocks.block_state(block.content) == "edited":
            continue
        content = blocks.block_content(site.block_body(answers, path, block))
        if content != block.content:
            try:
                after = replace_between(after, block.line, block.last, content)
            except UnsafeEdit as error:
                result.leave(
                    path, f"{path}:{block.line}: the block was left as it is: {error.reason}; {error.mend}"
                )
                return
    if after == before:
        return
    if check:
        result.stale.append(path)
        return
    if is_busy(path):
        result.waiting.append(path)
        return
    try:
        vault.write(path, after, before)
    except RefusedToWrite as error:
        result.leave(path, str(error))
        return
    except WorldFailed as error:
        result.failed[path] = error
        return
    result.written.append(path)
    result._notes[path] = after


def remember(vault: Vault, answers: Answers, settings: Settings, result: Result) -> None:
    """Tells the index what was just written, so that the next run finds nothing new in it."""
    known = ask.pages(answers.sql)
    stamps = {path: _stamp_as_written(vault, path, data) for path, data in result._pages.items() if data}
    new_pages = {path: s for path, s in stamps.items() if s is not None and known.get(path) != s}
    gone = [path for path in known if path in result._not_ours or vault.stamp(path) is None]
    if not (new_pages or gone or result._notes):
        return
    with answers.index.writing() as writer:
        for path, stamp in new_pages.items():
            data = result._pages[path]
            ask.put_page(answers.sql, path, stamp)
            if path.endswith(".md"):
                writer.put(parse_note(path, data, settings), stamp, note_hash(data), racy=False)
        for path in gone:
            ask.forget_page(answers.sql, path)
            if vault.stamp(path) is None:
                writer.remove(path)
        for path, data in result._notes.items():
            stamp_now = _stamp_as_written(vault, path, data)
            if stamp_now is not None:
                writer.put(parse_note(path, data, settings), stamp_now, note_hash(data), racy=True)
        if any(not path.endswith(".md") for path in new_pages):
            writer.put_attachments(
                set(), {p for p in new_pages if not p.endswith(".md")} - kept.attachments(answers.sql)
            )
        writer.finish()


def _stamp_as_written(vault: Vault, path: str, data: bytes) -> Stamp | None:
    """The stamp under which a file holds what we wrote; None where it holds something else by now."""
    try:
        found, stamp = vault.read(path)
    except OSError:
        return None
    return stamp if found == data else None
