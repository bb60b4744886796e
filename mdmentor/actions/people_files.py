"""Opens files of people: their content decides the format, and nothing in them can exhaust memory.

A file, a folder of vCards, an archive of LinkedIn or stdin; read once, in pieces. An archive is refused as a whole
where any of its names or sizes is not safe.
"""

import codecs
import io
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import chain, islice, repeat
from typing import IO, BinaryIO, NamedTuple, TextIO

from mdmentor.actions.imported_notes import tidy
from mdmentor.errors import UnknownName
from mdmentor.files import kind_of_file
from mdmentor.formats.google_csv import is_google_header, read_google_csv
from mdmentor.formats.linkedin import is_connections_header, read_linkedin
from mdmentor.formats.monica import is_monica, read_monica
from mdmentor.formats.person import FormatPerson, Unreadable
from mdmentor.formats.text import has_header
from mdmentor.formats.vcard_reader import Card, is_begin, split_cards
from mdmentor.reindex.workers import Workers

VCARD, GOOGLE, LINKEDIN, MONICA = "vcard", "google", "linkedin", "monica"

_LOOKED_FOR = (
    "looked for BEGIN:VCARD (vCard), the columns of Google's, Outlook's or Thunderbird's contacts, First Name with Connected On"
    " (LinkedIn's Connections.csv or archive) and an account (Monica's JSON)"
)
_HEAD = 1 << 17  # bytes in which a format shows itself
_PIECE = 1 << 16
_MOST_JSON = 300 << 20  # bytes; a document is read as a whole
_MOST_ENTRIES = 10_000  # of an archive
_MOST_UNPACKED = 512 << 20
_MOST_SQUEEZED = 200  # times smaller than unpacked; texts come to twenty
_SMALL = 10 << 20
_MANY = 500  # cards of a file, from which more processes are worth their start

Found = FormatPerson | Unreadable
_Raw = Card | Found
_People = Iterator[tuple[str, _Raw]]  # the name of the file, and somebody in it
Progress = Callable[[int, int], None]


# How the first lines of a file show its format, and what reads it.
_FORMATS: dict[str, tuple[Callable[[list[bytes]], bool], Callable[[Iterable[bytes]], Iterable[_Raw]]]] = {
    VCARD: (lambda start: any(map(is_begin, start)), split_cards),
    LINKEDIN: (lambda start: has_header(start, is_connections_header), read_linkedin),
    GOOGLE: (lambda start: has_header(start, is_google_header), read_google_csv),
}


class PeopleFile(NamedTuple):
    """A file, or a folder, that is open for reading, once."""

    name: str  # for messages
    format: str
    people: Iterator[Found]


@contextmanager
def open_people(
    path: str, wanted: str, today: date, stdin: TextIO, progress: Progress, workers: Workers
) -> Iterator[PeopleFile]:
    """The people in a file, or the folder, at `path`, tidied; `wanted` is a format, or "" to find out.

    Raises UnknownName for a file of no known format, for an archive that is not safe and for what is no file.
    """
    with ExitStack() as stack:
        if path == "-":
            name = "stdin"
            form, people = _read(stack, name, stdin.buffer, wanted, today)
        elif os.path.isdir(path):
            name, form, people = path, VCARD, _folder(path, wanted, progress)
        else:
            name, (file, size) = os.path.basename(path), _open(stack, path)
            form, people = _read(stack, name, file, wanted, today)
            people = _counted(people, file, lambda done: progress(done, size >> 10))
        first = list(islice(people, _MANY))
        are_many = form == VCARD and len(first) == _MANY  # rows of tables are read already
        batches = workers.map(_read_batch, chain(first, people), are_many=are_many)
        yield PeopleFile(name, form, chain.from_iterable(batches))


def _read_batch(batch: list[tuple[str, _Raw]]) -> list[Found]:
    read = ((name, one.read() if isinstance(one, Card) else one) for name, one in batch)
    found = ((name, tidy(one) if isinstance(one, FormatPerson) else one) for name, one in read)
    return [one._replace(file=name) for name, one in found]


def _counted(people: _People, file: BinaryIO, progress: Callable[[int], None]) -> _People:
    for one in people:
        progress(file.tell() >> 10)
        yield one


def _open(stack: ExitStack, path: str) -> tuple[BinaryIO, int]:
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            what = f'"{path}" is {kind_of_file(info.st_mode)}'
            raise UnknownName(what, "name a file or a folder of vCards")
        return stack.enter_context(open(path, "rb")), info.st_size
    except OSError as error:
        what = f'"{path}" cannot be read ({error.strerror})'
        raise UnknownName(what, "name a file, a folder of vCards, or - for stdin") from error


def _read(stack: ExitStack, name: str, file: BinaryIO, wanted: str, today: date) -> tuple[str, _People]:
    """The format of a file, and everybody in it."""
    head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        if wanted not in ("", LINKEDIN):
            what = f"{name} is an archive, and of archives only LinkedIn's is read"
            raise UnknownName(what, "unpack it first")
        return LINKEDIN, _archive(stack, name, head, file)
    start = list(_lines([head]))
    if wanted == MONICA or (not wanted and b"".join(start).lstrip()[:1] == b"{"):
        return MONICA, zip(repeat(name), read_monica(_load(name, head, file), today))
    fitting = [form for form in ([wanted] if wanted else _FORMATS) if _FORMATS[form][0](start)]
    if not fitting:
        what = f"is not a {wanted} file" if wanted else "is not in a format that mdmentor knows"
        what = what if head else "is empty"
        raise UnknownName(f"{name} {what}; {_LOOKED_FOR}", "name another file, or its format with --format")
    lines = _lines(chain([head], _blocks(file)))
    return fitting[0], zip(repeat(name), _FORMATS[fitting[0]][1](lines))


def _load(name: str, head: bytes, file: BinaryIO) -> dict[str, object]:
    data = head + file.read(_MOST_JSON)
    if len(data) > _MOST_JSON:
        what = f"{name} is larger than {_MOST_JSON >> 20} MB"
        raise UnknownName(what, "export without photos and documents")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnknownName(f"{name} cannot be read as JSON ({str(error)[:80]})", "export it again") from error
    if not is_monica(document):
        raise UnknownName(f"{name} is JSON, but not from Monica; {_LOOKED_FOR}", "name another file")
    found: dict[str, object] = document
    return found


def _blocks(file: BinaryIO | IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_PIECE), b"")


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in UTF-8 or single bytes, without a byte order mark; a long one comes in pieces."""
    blocks = iter(blocks)
    first = next(blocks, b"")
    blocks = chain([first.removeprefix(codecs.BOM_UTF8)], blocks)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        blocks = (decoder.decode(block).encode() for block in blocks)
    is_old_mac = b"\r" in first and b"\n" not in first
    rest = b""
    for block in blocks:
        *lines, rest = (rest + (block.replace(b"\r", b"\n") if is_old_mac else block)).split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(rest) >= _PIECE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _folder(path: str, wanted: str, progress: Progress) -> _People:
    """The people in all vCards of a folder and those below it, by name; links are not followed."""
    files = sorted(
        os.path.join(folder, name)
        for folder, _, names in os.walk(path)
        for name in names
        if name.lower().endswith((".vcf", ".vcard")) and not name.startswith(".")
    )
    if not files or wanted not in ("", VCARD):
        raise UnknownName(f'"{path}" has no vCards (*.vcf) in it', "name a file")
    for done, file in enumerate(files, 1):
        name, found = os.path.relpath(file, path).replace(os.sep, "/"), False
        try:
            if not stat.S_ISREG(os.lstat(file).st_mode):
                yield name, Unreadable(1, "it is not a plain file")
                continue
            with open(file, "rb") as stream:
                for one in split_cards(_lines(_blocks(stream))):
                    found = True
                    yield name, one
            if not found:
                yield name, Unreadable(1, "there is no BEGIN:VCARD")
        except OSError as error:
            yield name, Unreadable(1, f"it cannot be read ({error.strerror})")
        progress(done, len(files))


def _archive(stack: ExitStack, name: str, head: bytes, file: BinaryIO) -> _People:
    """The people in LinkedIn's archive. Raises UnknownName for one that is damaged, not safe, or of something else."""
    try:
        whole = file if file.seekable() else io.BytesIO(head + file.read(_MOST_JSON))
        archive = stack.enter_context(zipfile.ZipFile(whole))
        entries = archive.infolist()
        if why := _why_unsafe(entries):
            raise UnknownName(f"{name} is not safe to unpack: {why}", "download the archive again")
        named = {entry.filename.rsplit("/", 1)[-1].lower(): entry for entry in reversed(entries)}
        if "connections.csv" not in named:
            what = f"{name} has no Connections.csv in it; {_LOOKED_FOR}"
            fix = "unpack it and name a file in it, or download the whole archive from LinkedIn"
            raise UnknownName(what, fix)
        parts = (named.get(part) for part in ("connections.csv", "positions.csv", "education.csv"))
        files = [stack.enter_context(archive.open(part)) if part else io.BytesIO() for part in parts]
        # read at once: what is damaged further on must not stop an import in its middle
        found = list(read_linkedin(*map(_lines, map(_blocks, files))))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        what = f"{name} cannot be unpacked ({str(error)[:80]})"
        raise UnknownName(what, "download the archive again") from error
    return zip(repeat("Connections.csv"), found)


def _why_unsafe(entries: list[zipfile.ZipInfo]) -> str:
    """What is wrong with the names or sizes in an archive; "" for nothing."""
    if len(entries) > _MOST_ENTRIES:
        return f"it has more than {_MOST_ENTRIES:,} files"
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0] or stat.S_ISLNK(entry.external_attr >> 16):
            return "a file in it leads out of the folder that it is unpacked to"
        if entry.file_size > _SMALL and entry.file_size > _MOST_SQUEEZED * max(entry.compress_size, 1):
            return "a file in it is much larger than it seems"
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        return f"it unpacks to more than {_MOST_UNPACKED >> 20:,} MB"
    return ""
