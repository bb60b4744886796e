"""Carries out, undoes and redoes entries of the journal: all of an entry or nothing of it.

An entry that was interrupted is rolled back by the next command. What mdmentor itself writes into a vault, pages and
blocks in notes, does not count: a reindex in between is not a change by the user.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from typing import NamedTuple

from mdmentor.actions.history import DONE, DROPPED, UNDONE, History, JournalEntry, Move, Step, inverse
from mdmentor.config import load_settings
from mdmentor.core.markdown.blocks import EDITED, block_state
from mdmentor.core.model import REACH_OUT, is_generated
from mdmentor.core.text import counted, link_target
from mdmentor.errors import MdmentorError, RefusedToWrite, WorldFailed
from mdmentor.files import DOING, REDOING, UNDER_WAY, UNDOING, has_open_edit
from mdmentor.vault import Vault

# The state of an entry under way -> once it is finished, and once it is rolled back; "" where it is forgotten.
_ENDS = {DOING: (DONE, ""), UNDOING: (UNDONE, DONE), REDOING: (DONE, UNDONE)}
_ROLLED_BACK = {
    DOING: " before it was done, so nothing of it was kept",
    UNDOING: ", so nothing was taken back; ask for it again",
    REDOING: ", so nothing was done again; ask for it again",
}

MANY = 50  # steps; for more, the disk is synced once at the end


class RolledBack(NamedTuple):
    """What became of an entry that was interrupted."""

    entry: JournalEntry  # as it was found
    end: str  # its state now, "" where it is forgotten
    messages: tuple[str, ...] = ()


def carry_out(vault: Vault, history: History, entry: JournalEntry, steps: Sequence[Step]) -> None:
    """Takes all steps of an entry under way, or none, and records that it is finished.

    Where a step fails and those before it cannot be taken back, the next command tries that again.
    """
    done: list[Step] = []
    try:
        with vault.syncing_once() if len(steps) > MANY else nullcontext():
            for step in steps:
                _take(vault, step)
                done.append(step)
        _follow_moves(vault, steps)
    except BaseException as error:
        with suppress(MdmentorError):
            # of an undo a move last, by which the next command sees how far this came
            for step in inverse(done):
                _take(vault, step)
        vault.remove_empty(entry.made)
        if not history.reason and any(_is_taken(vault, step) for step in steps):
            if isinstance(error, MdmentorError):
                what = f"{error.what}, and {entry.title} is half done"
                raise WorldFailed(what, "take it back with: mdmentor reindex") from error
        else:
            _put_end(vault, history, entry, is_done=False)
        raise
    _put_end(vault, history, entry, is_done=True)


def _take(vault: Vault, step: Step) -> None:
    if isinstance(step, Move):
        vault.move(step.old, step.new)
    elif step.after is not None:
        vault.write(step.path, step.after, step.before, step.mode)
    elif step.before is not None:
        vault.remove(step.path, step.before)


def _is_taken(vault: Vault, step: Step) -> bool:
    if isinstance(step, Move):
        return not _is_there(vault, step.old)
    return step.after != step.before and _read(vault, step.path) == step.after


def _put_end(vault: Vault, history: History, entry: JournalEntry, *, is_done: bool) -> str:
    """Records that an entry is finished or rolled back; its state then. Folders made for it go once empty."""
    if is_done == (entry.state == UNDOING):
        vault.remove_empty(entry.made)
    end = _ENDS[entry.state][0 if is_done else 1]
    history.put_state(entry, end)
    return end


def undo(
    vault: Vault, history: History, say: Callable[[str], object] = print, *, is_redo: bool = False
) -> JournalEntry | None:
    """Takes back the last edit, or does again what undo took back last; None where there is nothing.

    An edit or undo that was interrupted is the last one: if rolling it back takes it back, no earlier one is undone.
    Raises RefusedToWrite if a note changed since, or what was interrupted cannot be rolled back as a whole.
    """
    if history.reason:
        what = f"the edits kept for undo cannot be read: {history.folder} ({history.reason})"
        raise WorldFailed(what, "nothing changed")
    with history.holding():
        if rolled := roll_back(vault, history):
            for message in rolled.messages:
                say(message)
            if rolled.end == DROPPED:
                what = f'"{rolled.entry.what}" could not be taken back completely'
                raise RefusedToWrite(what, "see above; nothing else changed")
            if (rolled.end == DONE) == is_redo and (rolled.entry.state != DOING or not is_redo):
                return rolled.entry
        entry = history.first_undone() if is_redo else history.newest(DONE)
        if entry is not None:
            _reverse(vault, history, entry, REDOING if is_redo else UNDOING)
        return entry


def _reverse(vault: Vault, history: History, entry: JournalEntry, state: str) -> None:
    """Undoes an edit (UNDOING), or does it again (REDOING)."""
    steps: list[Step] = []
    for step in entry._replace(state=state).steps:
        if isinstance(step, Move):
            steps.append(step)
            continue
        here = entry.path_now(step.path)
        now = _read(vault, here)
        if is_generated(now):
            continue
        if not _is_same(here, now, step.before):
            old = history.copy_old(entry, step.path)
            what = f'"{here}" was changed after "{entry.what}", so nothing was taken back'
            fix = f"what it held before is in {old}" if old else "the edit had created the note"
            raise RefusedToWrite(what, fix)
        vault.refuse_if_being_edited(here)
        steps.append(step._replace(before=now))
    carry_out(vault, history, history.put_state(entry, state), steps)


def roll_back_unfinished(vault: Vault, index: str | os.PathLike[str]) -> list[str]:
    """Rolls back an edit that was interrupted, for a command that may edit nothing itself; messages for the user."""
    if not has_open_edit(index):
        return []
    history = History(index)
    with history.holding():
        rolled = roll_back(vault, history)
        return list(rolled.messages) if rolled else []


def describe_unfinished(vault: Vault, index: str | os.PathLike[str]) -> list[str]:
    """A line about an edit that was interrupted, if there is one, for a command that changes nothing."""
    history = History(index)
    try:
        entry = None if history.reason or history.is_held() else history.newest(*UNDER_WAY)
    except WorldFailed as error:
        return [f"an edit was cut short and may be half done, but {error}"]
    if entry is None or _is_finished(vault, entry):
        return [_complete(entry)] if entry else []
    return [f"{entry.title} was cut short and may be half done; take it back with: mdmentor reindex"]


def roll_back(vault: Vault, history: History) -> RolledBack | None:
    """Rolls back an entry that was interrupted, if there is one; the caller holds the journal.

    An entry whose last step was taken is finished instead. An undo that is rolled back leaves the edit done, and a
    redo leaves it undone: either can be asked for again.
    """
    entry = history.newest(*UNDER_WAY)
    if entry is None:
        return None
    if _is_finished(vault, entry):
        _follow_moves(vault, entry.steps)
        return RolledBack(entry, _put_end(vault, history, entry, is_done=True), (_complete(entry),))
    if problems := _restore(vault, history, entry):
        history.put_state(entry, DROPPED)
        return RolledBack(entry, DROPPED, problems)
    message = f"{entry.title} was cut short{_ROLLED_BACK[entry.state]}"
    return RolledBack(entry, _put_end(vault, history, entry, is_done=False), (message,))


def _complete(entry: JournalEntry) -> str:
    """The message about an entry that was interrupted after its last step: asking again would do it twice."""
    paths = [change.path for change in entry.changes]
    if entry.move:
        here = entry.move.old if entry.state == UNDOING else entry.move.new
        paths = [here, *(path for path in paths if entry.move.path_of(path) == path)]
    others = f" and {counted(len(paths) - 1, 'other note')}" if len(paths) > 1 else ""
    return f"{entry.title} was cut short, but it is complete: {paths[0]}{others}"


def _restore(vault: Vault, history: History, entry: JournalEntry) -> tuple[str, ...]:
    """Takes back the steps of an entry under way; messages where a note was changed meanwhile."""
    is_undoing = entry.state == UNDOING
    if is_undoing and entry.move and not _is_there(vault, entry.move.old):
        return ()  # the move is the first step of an undo, and it was not taken
    steps = inverse(entry.steps)
    messages = []
    for step in steps:
        try:
            if isinstance(step, Move):
                if is_undoing:  # an edit whose move was taken is finished
                    _take(vault, step)
                continue
            now = _read(vault, step.path)
            if is_generated(now) or _is_same(step.path, now, step.after):
                continue
            if not _is_same(step.path, now, step.before):
                raise RefusedToWrite(f'"{step.path}" was changed after', "it was left as it is")
            _take(vault, step._replace(before=now))
        except MdmentorError as error:
            old = "" if isinstance(step, Move) else history.copy_old(entry, step.path)
            so = f"; what it held before is in {old}" if old else ""
            messages.append(f"{entry.title} was cut short; {error}{so}")
    _follow_moves(vault, steps)
    return tuple(messages)


def _is_finished(vault: Vault, entry: JournalEntry) -> bool:
    move = entry.move
    if move and entry.state != UNDOING:  # the move is the last step
        return not _is_there(vault, move.old) and _is_there(vault, move.new)
    return (not move or _is_there(vault, move.old)) and all(
        _is_same(step.path, _read(vault, step.path), step.after)
        for step in entry.steps
        if not isinstance(step, Move)
    )


def _is_there(vault: Vault, path: str) -> bool:
    return os.path.lexists(vault.absolute(path))


def _read(vault: Vault, path: str) -> bytes | None:
    try:
        return vault.read(path)[0]
    except OSError:
        return None


def _is_same(path: str, one: bytes | None, other: bytes | None) -> bool:
    """Whether two versions of a note are the same, apart from blocks that nobody edited by hand."""
    if not one or not other:
        return one == other
    return one == other or _without_blocks(path, one) == _without_blocks(path, other)


def _without_blocks(path: str, data: bytes) -> bytes:
    from mdmentor.core.parse import blocks_of  # slow to load

    lines = data.splitlines(keepends=True)
    for block in sorted(blocks_of(path, data), key=lambda b: -b.line):
        if block_state(block.content) != EDITED:
            del lines[block.line : block.last - 1]
    return b"".join(lines)


def _follow_moves(vault: Vault, steps: Sequence[Step]) -> None:
    """Makes the boxes on the page Reach out next name a moved note where it is now, so that a tick still means it.

    The page is not part of the edit. Where it cannot be written now, the next reindex reports the tick of a person who
    is not at the old path.
    """
    for move in (step for step in steps if isinstance(step, Move)):
        folder = load_settings(vault.folder)[0].pages_folder
        path = f"{folder}/{REACH_OUT}.md"
        old, new = (link_target(folder, there) for there in move)
        with suppress(MdmentorError, OSError):
            before, stamp = vault.read(path)
            text = before.decode(errors="surrogateescape")
            for end in (")", "/"):  # the note itself, and what is in a folder
                text = text.replace(f"]({old}{end}", f"]({new}{end}")
            if is_generated(before) and vault.write(path, text.encode(errors="surrogateescape"), before):
                # the watcher waits while somebody types on the page, and this write is not typing
                os.utime(vault.absolute(path), ns=(stamp[1], stamp[1]))
