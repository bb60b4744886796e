"""Files that an export writes: whole or not at all, for their owner alone, and only over files of ours.

A file of ours says so near its start. In a folder of vCards a list of what was written there, `.mdmentor-cards.json`,
says which cards are still as we wrote them: another program changed the others.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mdmentor.core.model import Settings
from mdmentor.errors import RefusedToWrite, UnknownName, failing
from mdmentor.files import NotPlain, note_hash, read_whole, replace_file
from mdmentor.formats.content_lines import MADE_BY
from mdmentor.formats.csv_writer import HEADER

LIST_OF_CARDS = ".mdmentor-cards.json"
_MARKS = (MADE_BY.encode(), HEADER.encode(), b'"generated_by": "mdmentor"')
_MARKED_WITHIN = 1000  # bytes
_LARGEST = 500_000_000  # bytes of a file of ours that is compared


class WrittenCards(NamedTuple):
    """What became of the cards in a folder."""

    written: int
    removed: int
    unchanged: int
    left: tuple[str, ...]  # files that somebody else made or changed


def refuse_place(path: str, root: str, settings: Settings) -> None:
    """Raises RefusedToWrite for a file among the vault's pages, and for one that would be a note."""
    top, real = os.path.realpath(root), os.path.realpath(path)
    if not f"{real}{os.sep}".startswith(top.rstrip(os.sep) + os.sep):
        return
    inside = os.path.relpath(real, top).replace(os.sep, "/")
    pages = settings.pages_folder.casefold()
    if f"{inside}/".casefold().startswith(f"{pages}/"):
        what = f'"{path}" is in the folder of the vault\'s pages'
        raise RefusedToWrite(what, "name a file outside of the vault")
    if inside.casefold().endswith(".md"):
        raise RefusedToWrite(f'"{path}" would be a note of the vault', "name a file outside of the vault")


def write_file(path: str, data: bytes, *, force: bool = False) -> bool:
    """Writes a file unless it holds just that; whether it was written.

    Raises RefusedToWrite over a file that is not ours, or no plain file; UnknownName where its folder is missing;
    WorldFailed where the disk refuses.
    """
    real = os.path.realpath(path)
    try:
        before = read_whole(real, _LARGEST)
    except FileNotFoundError:
        before = None
    except NotPlain as error:
        raise RefusedToWrite(f'"{path}" {error}, so it is not replaced', "name another file") from error
    if before == data:
        return False
    # an empty file may be replaced, too
    is_ours = not before or any(mark in before[:_MARKED_WITHIN] for mark in _MARKS)
    if not is_ours and not force:
        what = f'"{path}" is there and was not written by mdmentor'
        raise RefusedToWrite(what, "add --force to replace it")
    if not os.path.isdir(os.path.dirname(real)):
        raise UnknownName(f'there is no folder "{os.path.dirname(path)}"', "make it first")
    with failing(f'"{path}" could not be written', "nothing changed"):
        replace_file(real, data)
    return True


def holds(path: str, data: bytes) -> bool:
    """Whether a file has these bytes."""
    return _there(os.path.realpath(path)) == data


def write_cards(folder: str, cards: Iterable[tuple[str, str]], *, force: bool = False) -> WrittenCards:
    """Writes a file for each card, named by its UID; deletes those of people who are gone, unless somebody changed them.

    Raises RefusedToWrite where the folder cannot be one, WorldFailed where the disk refuses.
    """
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise RefusedToWrite(f'"{folder}" is not a folder', "name a folder for the cards")
    with failing(f'"{folder}" could not be written to', "run the same command again"):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return _write_cards(folder, cards, force=force)


def _write_cards(folder: str, cards: Iterable[tuple[str, str]], *, force: bool) -> WrittenCards:
    before = _list_of(folder)
    now: dict[str, str] = {}
    written = unchanged = removed = 0
    left: list[str] = []
    for name, data in _files_of(cards):
        path, digest = os.path.join(folder, name), note_hash(data)
        there = _there(path)
        if there == data:
            unchanged += 1
        elif there is None or force or (there and note_hash(there) == before.get(name)):
            replace_file(path, data)
            written += 1
        else:
            left.append(name)
            if name in before:
                now[name] = before[name]
            continue
        now[name] = digest
    for name, digest in before.items():
        path = os.path.join(folder, name)
        if name not in now and (there := _there(path)) is not None:
            if note_hash(there) == digest:
                os.unlink(path)
                removed += 1
            else:
                left.append(name)
    text = json.dumps({"cards": now}, indent=0, sort_keys=True).encode() + b"\n"
    if _there(os.path.join(folder, LIST_OF_CARDS)) != text:
        replace_file(os.path.join(folder, LIST_OF_CARDS), text)
    return WrittenCards(written, removed, unchanged, tuple(left))


def _files_of(cards: Iterable[tuple[str, str]]) -> Iterable[tuple[str, bytes]]:
    """Name and bytes of each card's file: its UID where that can be a name everywhere, else a digest of it."""
    taken: set[str] = set()
    for uid, card in cards:
        name = f"{uid}.vcf"
        if not re.fullmatch(r"\w[\w.@-]{0,99}(?<!\.)", uid, re.ASCII) or name.casefold() in taken:
            name = f"{note_hash(uid.encode())}.vcf"
        taken.add(name.casefold())
        yield name, card.encode()


def _there(path: str) -> bytes | None:
    """The bytes of a file; None where there is none, b"" for what is no plain file."""
    try:
        return read_whole(path, _LARGEST)
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _list_of(folder: str) -> Mapping[str, str]:
    """Name -> digest of the cards written before, as far as the list can be read."""
    try:
        cards = json.loads(read_whole(os.path.join(folder, LIST_OF_CARDS), _LARGEST))["cards"]
        good = {name: digest for name, digest in cards.items() if isinstance(digest, str)}
        return {name: digest for name, digest in good.items() if re.fullmatch(r"[^/\\\0]+\.vcf", name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
