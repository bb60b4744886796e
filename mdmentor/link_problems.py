"""What is wrong with the links that name no note and no file, each with a fix that can be pasted in."""

from collections.abc import Mapping
from functools import cache

from mdmentor.core import names
from mdmentor.core.dates import parse_date
from mdmentor.core.markdown.links import NoteText, link_to
from mdmentor.core.markdown.targets import Paths, is_markdown
from mdmentor.core.model import HINT, WARNING, Link, Problem
from mdmentor.core.names import key_of
from mdmentor.index import Index, find, near, notes

# What Obsidian shows, and what people keep beside their notes. A name that ends in anything else, such as "vue.js",
# is as likely that of a note to be.
_ENDINGS = (
    "avif bmp gif heic ico jpeg jpg png svg tif tiff webp 3gp flac m4a mp3 ogg opus wav webm avi mkv mov mp4 mpeg ogv"
    " base canvas pdf csv doc docx eml epub excalidraw gpx htm html ics json key odp ods odt pages ppt pptx rtf tsv txt"
    " vcf xls xlsx xml yaml yml 7z gz rar tar zip"
)
ATTACHMENTS = frozenset(_ENDINGS.split())
_LATER = "make the note, or leave it as a placeholder"
_MOST = 4  # notes of one alias that are named


class LinkProblems:
    """Finds the problem of one link after the other; what many of them need is looked up once."""

    def __init__(self, index: Index, texts: Mapping[str, str] | None = None) -> None:
        """`texts` are those of notes that differ from the index."""
        self._index, self._texts = index, {} if texts is None else texts
        # the most similar name; one missing note may be linked often
        self._near_name = cache(lambda name: next(iter(near.near_names(index, name)), ""))
        self._source, self._text = "", NoteText("")
        self._unsaved: str | None = None
        self._paths: dict[str, Paths] = {}
        self._opened: dict[tuple[str, str, bool], str | None] = {}

    def problem(self, source: str, link: Link, is_private: bool) -> Problem:
        """The problem of a link in the note `source` that leads nowhere."""
        place = source, link.line, link.column
        if is_private:
            return Problem(*place, HINT, "missing-note", "a link on a private line names no note", _LATER)
        target = link.target.replace("\\", "/")
        name = names.stem(target)
        if owners := self._owners_of_alias(name):
            what = f"link {link.raw} names an alias, which Obsidian does not open"
            return Problem(*place, WARNING, "alias-link", what, self._write(link, source, owners, link.text))
        if _is_file(name):
            fix = "put the file into the vault, or remove the link"
            return Problem(*place, HINT, "missing-file", f'no file named "{target}"', fix)
        target = names.without_md(target)
        fix = self._near_one(link, source, name) or _LATER
        return Problem(*place, HINT, "missing-note", f'no note named "{target}"', fix, target)

    def _owners_of_alias(self, name: str) -> list[str]:
        """The notes that have this alias; none where the name is that of a note."""
        owners = find.paths_called(self._index, name)
        return [] if any(key_of(owner) == key_of(name) for owner in owners) else owners

    def _near_one(self, link: Link, source: str, name: str) -> str:
        """The name that the link may mean; and the whole link, where that name alone would not be a link to its note."""
        likely = self._near_name(name)
        if not likely:
            return ""
        meant = f'did you mean "{likely}"?'
        owners = find.paths_called(self._index, likely)
        says_name = link.raw.startswith(("[[", "![[")) or link.raw.endswith(")")  # a reference link does not
        special = "[]|#^/\\'\"" if link.kind == "frontmatter" else "[]|#^/\\"
        if says_name and set(likely).isdisjoint(special):
            opened = self.paths(likely).resolve(likely, source, is_markdown=is_markdown(link))
            if opened in owners:
                return meant
        shown = f"{likely}#{link.fragment}" if link.fragment else likely
        return f"{meant} {self._write(link, source, owners, shown)}"

    def _write(self, link: Link, source: str, owners: list[str], shown: str) -> str:
        """The link written so that it names its note; of several notes all are named."""
        written = self._written(link, source, owners, shown)
        if "" in written:
            return f"rename {owners[written.index('')]} first, as no link can hold that name"
        return f"write {' or '.join(written)}"

    def _written(self, link: Link, source: str, owners: list[str], shown: str) -> list[str]:
        text = self._texts.get(source)
        if source != self._source or text is not self._unsaved:
            self._source, self._unsaved = source, text
            self._text = NoteText(notes.shown_text(self._index, source) if text is None else text)
        return [link_to(link, source, path, self.paths(path), self._text, shown) for path in owners[:_MOST]]

    def rewrites(self, link: Link, source: str) -> tuple[list[str], bool]:
        """The link rewritten for each note it may mean; and whether that is certain, since it names an alias."""
        name = names.stem(link.target.replace("\\", "/"))
        if owners := self._owners_of_alias(name):
            return list(filter(None, self._written(link, source, owners, link.text))), True
        near = self._near_name(names.stem(names.without_md(link.target.replace("\\", "/"))))
        owners = find.paths_called(self._index, near) if near and not _is_file(name) else []
        shown = f"{near}#{link.fragment}" if link.fragment else near
        return list(filter(None, self._written(link, source, owners, shown))), False

    def opens(self, link: Link, source: str) -> str | None:
        """The path of the note or file that a link in the note `source` names."""
        asked = source, link.target, is_markdown(link)
        if asked not in self._opened:
            self._opened[asked] = self.paths(link.target).resolve(link.target, source, is_markdown=asked[2])
        return self._opened[asked]

    def paths(self, name: str) -> Paths:
        """The notes and files that a link to this name or path may mean: those with its key."""
        key = key_of(name)
        if key not in self._paths:
            found = (path for path, _ in find.paths_with_key(self._index, key))
            self._paths[key] = Paths(found, find.files_with_key(self._index, key))
        return self._paths[key]


def may_be_person(link: Link) -> bool:
    """Whether a link that opens no note may name somebody: no attachment, day or relative path."""
    name = names.stem(link.target.strip())
    return not (link.target.startswith(".") or _is_file(name) or parse_date(names.without_md(name)))


def _is_file(name: str) -> bool:
    """Whether a name is that of a file beside the notes."""
    stem, dot, ending = name.rpartition(".")
    return bool(stem and dot) and ending.lower() in ATTACHMENTS
