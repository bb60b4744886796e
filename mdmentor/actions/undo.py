"""Entries of the journal carried out, undone and done again: all of an entry or nothing of it.

An entry that was cut short is rolled back by the next command. What mdmentor itself writes into a vault, pages and
blocks in notes, is left out of account: a reindex in between is not a change by the user.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from mdmentor.actions.history import (
    DOING,
    DONE,
    DROPPED,
    REDOING,
    UNDOING,
    UNDONE,
    Change,
    History,
    JournalEntry,
    Move,
    has_open_edit,
    history_folder,
)
from mdmentor.config import load_settings
from mdmentor.core.markdown.blocks import EDITED, block_state
from mdmentor.core.model import REACH_OUT, is_generated
from mdmentor.core.parse import blocks_of
from mdmentor.core.text import link_target
from mdmentor.errors import MdmentorError, RefusedToWrite, WorldFailed
from mdmentor.vault import Vault

# The state of an entry under way -> once it is finished, and once it is rolled back; "" where it is forgotten.
_ENDS = {DOING: (DONE, ""), UNDOING: (UNDONE, DONE), REDOING: (DONE, UNDONE)}
_TRIES = 5  # to write the page of boxes while it is being ticked

Step = Change | Move
Say = Callable[[str], object]


class RolledBack(NamedTuple):
    """What became of an entry that was cut short."""

    entry: JournalEntry  # as it was found
    end: str  # its state now, "" where it is forgotten
    messages: tuple[str, ...] = ()


def carry_out(vault: Vault, history: History, entry: JournalEntry, steps: Sequence[Step]) -> JournalEntry:
    """Takes all steps of an entry under way, or none, and records that it is finished.

    Where a step fails and those before it cannot be taken back, the next command tries that again.
    """
    done: list[Step] = []
    try:
        for step in steps:
            _take(vault, step)
            done.append(step)
        _follow_moves(vault, steps)
    except BaseException as error:
        for step in _inverse(done):
            with suppress(MdmentorError):
                _take(vault, step)
        vault.remove_empty(entry.made)
        if not history.warning:
            if any(_is_taken(vault, step) for step in steps):
                raise _half_done(entry, error) from error
            _put_end(vault, history, entry, is_done=False)
        raise
    return _put_end(vault, history, entry, is_done=True)


def steps_of(entry: JournalEntry) -> list[Step]:
    """The steps of an edit: its changes, then its move."""
    return [*entry.changes, *((entry.move,) if entry.move else ())]


def _inverse(steps: Sequence[Step]) -> list[Step]:
    return [
        Move(step.new, step.old) if isinstance(step, Move) else Change(step.path, step.after, step.before)
        for step in reversed(steps)
    ]


def _take(vault: Vault, step: Step) -> None:
    if isinstance(step, Move):
        vault.move(step.old, step.new)
    elif step.after is not None:
        vault.write(step.path, step.after, step.before)
    elif step.before is not None:
        vault.remove(step.path, step.before)


def _is_taken(vault: Vault, step: Step) -> bool:
    if isinstance(step, Move):
        return not _is_there(vault, step.old)
    return step.after != step.before and _read(vault, step.path) == step.after


def _put_end(vault: Vault, history: History, entry: JournalEntry, *, is_done: bool) -> JournalEntry:
    """Records that an entry under way is finished or rolled back. Folders that were made for it go once empty."""
    if is_done == (entry.state == UNDOING):
        vault.remove_empty(entry.made)
    end = _ENDS[entry.state][0 if is_done else 1]
    if end:
        return history.put_state(entry, end)
    history.forget(entry)
    return entry._replace(state=end)


def _half_done(entry: JournalEntry, error: BaseException) -> BaseException:
    if not isinstance(error, MdmentorError):
        return error
    what = f"{error.what}, and {_name_of(entry)} is half done"
    return WorldFailed(what, "take it back with: mdmentor reindex")


def _name_of(entry: JournalEntry) -> str:
    before = {UNDOING: "undo of ", REDOING: "redo of "}.get(entry.state, "")
    return f'{before}"{entry.what}"'


def undo(vault: Vault, history: History, say: Say = print) -> JournalEntry | None:
    """Takes back the last edit; None where there is none. Raises RefusedToWrite if a note changed since.

    An edit or undo that was cut short is the last one: if rolling it back takes it back, no earlier one is undone.
    """
    with history.holding():
        rolled = _roll_back_first(vault, history, say)
        if rolled is not None and rolled.end != DONE:
            return rolled.entry
        entry = history.last_done()
        return None if entry is None else _reverse(vault, history, entry, UNDOING)


def redo(vault: Vault, history: History, say: Say = print) -> JournalEntry | None:
    """Does again what `undo` took back last, wholly or in part; None where there is nothing."""
    with history.holding():
        rolled = _roll_back_first(vault, history, say)
        if rolled is not None and rolled.end == DONE and rolled.entry.state != DOING:
            return rolled.entry
        entry = history.first_undone()
        return None if entry is None else _reverse(vault, history, entry, REDOING)


def _roll_back_first(vault: Vault, history: History, say: Say) -> RolledBack | None:
    """Rolls back what was cut short. Raises RefusedToWrite where that is not wholly possible."""
    if history.warning:
        what = f"the edits kept for undo cannot be read: {history.folder} ({history.reason})"
        raise WorldFailed(what, "nothing was changed")
    rolled = roll_back(vault, history)
    for message in rolled.messages if rolled else ():
        say(message)
    if rolled is not None and rolled.end == DROPPED:
        what = f'"{rolled.entry.what}" could not be taken back as a whole'
        raise RefusedToWrite(what, "see above; nothing else was changed")
    return rolled


def _reverse(vault: Vault, history: History, entry: JournalEntry, state: str) -> JournalEntry:
    """Undoes an edit (UNDOING), or does it again (REDOING)."""
    steps: list[Step] = []
    for step in _inverse(steps_of(entry)) if state == UNDOING else steps_of(entry):
        if isinstance(step, Move):
            steps.append(step)
            continue
        here = entry.move.path_of(step.path) if state == UNDOING and entry.move else step.path
        now = _read(vault, here)
        if is_generated(step.before) or is_generated(now):
            continue  # pages are written again
        if not _is_same(here, now, step.before):
            old = history.old_bytes(entry, step.path)
            is_kept = os.path.exists(old)
            raise RefusedToWrite(
                f'"{here}" was changed after "{entry.what}", so nothing was taken back',
                f"what it held before is in {old}" if is_kept else "the edit had created the note",
            )
        vault.refuse_if_being_edited(here)
        steps.append(step._replace(before=now))
    return carry_out(vault, history, history.put_state(entry, state), steps)


def roll_back_unfinished(vault: Vault, index: str | os.PathLike[str]) -> list[str]:
    """Rolls back an edit that was cut short, for a command that may edit nothing itself; messages for the user."""
    if not has_open_edit(index):
        return []
    history = History(history_folder(index))
    with history.holding():
        rolled = roll_back(vault, history)
        return list(rolled.messages) if rolled else []


def describe_unfinished(vault: Vault, index: str | os.PathLike[str]) -> str:
    """A line about an edit that was cut short, for a command that changes nothing; "" where there is none."""
    if not has_open_edit(index):
        return ""
    history = History(history_folder(index))
    if history.warning or history.is_held():
        return ""
    try:
        entry = history.unfinished()
    except WorldFailed as error:
        return f"an edit was cut short and may be half done, but {error}"
    if entry is None or _is_finished(vault, entry):
        return ""
    return f"{_name_of(entry)} was cut short and may be half done; take it back with: mdmentor reindex"


def roll_back(vault: Vault, history: History) -> RolledBack | None:
    """Rolls back an entry that was cut short, if there is one; the caller holds the journal.

    An entry whose last step was taken is finished instead. An undo that is rolled back leaves the edit done, and a
    redo leaves it undone: either can be asked for again.
    """
    entry = history.unfinished()
    if entry is None:
        if not history.warning:
            history.close()
        return None
    if _is_finished(vault, entry):
        steps = steps_of(entry)
        _follow_moves(vault, _inverse(steps) if entry.state == UNDOING else steps)
        return RolledBack(entry, _put_end(vault, history, entry, is_done=True).state)
    if problems := _restore(vault, history, entry):
        return RolledBack(entry, history.put_state(entry, DROPPED).state, tuple(problems))
    so = {
        DOING: "before it was done, so nothing of it was kept",
        UNDOING: "so nothing was taken back; ask for it again",
        REDOING: "so nothing was done again; ask for it again",
    }[entry.state]
    message = f"{_name_of(entry)} was cut short{' ' if entry.state == DOING else ', '}{so}"
    return RolledBack(entry, _put_end(vault, history, entry, is_done=False).state, (message,))


def _restore(vault: Vault, history: History, entry: JournalEntry) -> list[str]:
    """Takes back the steps that an entry under way took; messages where a note was changed meanwhile."""
    is_undoing, move = entry.state == UNDOING, entry.move
    steps = steps_of(entry) if is_undoing else _inverse(steps_of(entry))
    # An undo moves first, and an edit last: notes lie at their new path only where an undo had not begun to move.
    is_moved = move is not None and not _is_there(vault, move.old)
    messages = []
    for step in steps:
        try:
            if isinstance(step, Move):
                if is_undoing and not is_moved:
                    vault.move(step.old, step.new)
                continue
            here = move.path_of(step.path) if is_moved and move is not None else step.path
            now = _read(vault, here)
            if is_generated(step.after) or is_generated(now) or _is_same(here, now, step.after):
                continue
            if not _is_same(here, now, step.before):
                raise RefusedToWrite(f'"{here}" was changed after', "it was left as it is")
            _take(vault, Change(here, now, step.after))
        except MdmentorError as error:
            message = f"{_name_of(entry)} was cut short; {error}"
            if isinstance(step, Change):
                message += f"; what it held before is in {history.old_bytes(entry, step.path)}"
            messages.append(message)
    _follow_moves(vault, steps)
    return messages


def _is_finished(vault: Vault, entry: JournalEntry) -> bool:
    move, is_undoing = entry.move, entry.state == UNDOING
    if move is not None:
        is_moved = not _is_there(vault, move.old)
        if is_moved or not is_undoing:
            return is_moved and not is_undoing and _is_there(vault, move.new)
    return all(
        is_generated(change.after)
        or is_generated(change.before)
        or _is_same(change.path, _read(vault, change.path), change.before if is_undoing else change.after)
        for change in entry.changes
    )


def _is_there(vault: Vault, path: str) -> bool:
    return os.path.lexists(vault.absolute(path))


def _read(vault: Vault, path: str) -> bytes | None:
    try:
        return vault.read(path)[0]
    except OSError:
        return None


def _is_same(path: str, one: bytes | None, other: bytes | None) -> bool:
    """Whether a note holds the same twice, apart from the contents of blocks that nobody edited by hand."""
    if one == other:
        return True
    if one is None or other is None or b"mdmentor:" not in one or b"mdmentor:" not in other:
        return False
    return _without_blocks(path, one) == _without_blocks(path, other)


def _without_blocks(path: str, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    for block in sorted(blocks_of(path, data), key=lambda b: -b.line):
        if block_state(block.content) != EDITED:
            del lines[block.line : block.last - 1]
    return b"".join(lines)


def _follow_moves(vault: Vault, steps: Sequence[Step]) -> None:
    """Makes the boxes on the page Reach out next name a moved note where it is now, so that a tick still means it.

    The page is not part of the edit. Where it cannot be written now, or is being ticked, the next reindex reports
    the tick of a person who is not at the old path.
    """
    for move in (step for step in steps if isinstance(step, Move)):
        folder = load_settings(vault.folder)[0].pages_folder
        path = f"{folder}/{REACH_OUT}.md"
        old, new = (link_target(folder, there) for there in move)
        for _ in range(_TRIES):
            with suppress(MdmentorError, OSError):
                before, stamp = vault.read(path)
                if not is_generated(before):
                    return
                text = before.decode(errors="surrogateescape")
                for end in (")", "/"):  # the note itself, and what lies in a folder
                    text = text.replace(f"]({old}{end}", f"]({new}{end}")
                try:
                    is_written = vault.write(path, text.encode(errors="surrogateescape"), before)
                except RefusedToWrite:
                    continue
                if is_written and vault.is_as_written(path):
                    # the watcher waits while somebody types on the page, and this write is not typing
                    os.utime(vault.absolute(path), ns=(stamp[1], stamp[1]))
            break
