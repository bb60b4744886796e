"""Sets git up for a vault, per clone, undoes all of it, and says what is set up.

Three things: how notes are merged (the clone's config and lines in `.gitattributes`), hooks that update the pages
afterwards, and, on request, pages that stay out of git. Nothing is committed; what was there before is restored.
"""

import os
import re
import shutil
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from mdmentor.core.model import WARNING, Problem
from mdmentor.errors import WorldFailed, failing
from mdmentor.files import NotPlain, read_whole, replace_file
from mdmentor.git import Repository, ask, find_git_folder, find_repository, run, unmerged

HOOKS = ("post-merge", "post-checkout", "post-rewrite")
ASIDE = ".before-mdmentor"
SHEBANG = "#!/bin/sh"

# Run by a shell. Not `mdmentor ... || git merge-file`: a note with a conflict would be merged a second time.
DRIVER = (
    "if command -v mdmentor >/dev/null 2>&1; then mdmentor merge-driver %O %A %B %L %P;"
    " else git merge-file -L ours -L base -L theirs --marker-size=%L %A %O %B; fi"
)
CONFIG = {"name": "notes and pages of mdmentor", "driver": DRIVER, "recursive": "text"}  # of merge.mdmentor
# When each hook has work for us: a change of branch (not of single files), a rebase (not an amended commit).
_WHEN = {"post-merge": "", "post-checkout": '[ "$3" = 1 ] && ', "post-rewrite": '[ "$1" = rebase ] && '}
_BOUND = r"(?m)^[^#\s].*[ \t]merge=mdmentor\b"
_SECTION = r'(?m)^\s*\[merge "mdmentor"\]'
_SHELL = r"#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?(?:\S*/)?(?:ba|da|z|k|a)?sh\b.*\n"


def install(repository: Repository, pages_folder: str, ignore_pages: bool | None) -> list[str]:
    """Sets everything up; the names of what changed, none where everything was set up already.

    `ignore_pages` None leaves `.gitignore` as it is.
    """
    changed = _install_config(repository)
    pictures = _quoted(f"/{_pattern(pages_folder)}/*.svg")
    bound = ["*.md merge=mdmentor", f"{pictures} merge=mdmentor"]
    if _change(repository.vault / ".gitattributes", bound):
        changed.append(".gitattributes")
    if ignore_pages is not None:
        lines = [f"/{_pattern(pages_folder)}/"] if ignore_pages else None
        if _change(repository.vault / ".gitignore", lines):
            changed.append(".gitignore")
    for name in HOOKS:
        if _install_hook(repository.hooks / name, name):
            changed.append(f"hook {name}")
    return changed


def uninstall(repository: Repository) -> list[str]:
    """Removes everything; the names of what changed. What another vault of the clone needs stays."""
    changed = [name for name in (".gitattributes", ".gitignore") if _change(repository.vault / name, None)]
    if repository.vault_in_top in vaults(repository.top):
        value = "^" + re.escape(repository.vault_in_top) + "$"
        run(repository.top, "config", "--local", "--unset-all", "mdmentor.vault", value)
        changed.append("config mdmentor.vault")
    if vaults(repository.top):
        return changed
    if ask(repository.top, "config", "--local", "--get-regexp", r"^merge\.mdmentor\."):
        run(repository.top, "config", "--local", "--remove-section", "merge.mdmentor")
        changed.append("config merge.mdmentor")
    changed += [f"hook {name}" for name in HOOKS if _uninstall_hook(repository.hooks / name)]
    with suppress(OSError):  # not empty: there are other hooks
        repository.hooks.rmdir()
    return changed


def vaults(top: Path) -> list[str]:
    """The vaults of this clone whose pages the hooks update, as folders below the top."""
    return ask(top, "config", "--local", "--null", "--get-all", "mdmentor.vault").split("\0")[:-1]


def hook_lines(name: str) -> list[str]:
    """Our lines of a hook: silent, only where it was set up, and without effect on the exit code of git."""
    is_set_up = "git config --local mdmentor.vault >/dev/null 2>&1"
    is_here = "command -v mdmentor >/dev/null 2>&1"
    update = f'  mdmentor git hook {name} "$@" </dev/null >/dev/null || :'
    return [f"if {_WHEN[name]}{is_set_up} && {is_here}; then", update, "fi"]


def hook_state(file: Path, name: str) -> str:
    """ "installed", "missing", or "outdated" for other lines of ours, or if git will not run it."""
    text = _read(file) or ""
    if not re.search(_BLOCK, text):
        return "missing"
    is_as_wanted = "\n".join(hook_lines(name)) in text and os.access(file, os.X_OK)
    return "installed" if is_as_wanted else "outdated"


def _install_config(repository: Repository) -> list[str]:
    changed = []
    for name, value in CONFIG.items():
        key = f"merge.mdmentor.{name}"
        if ask(repository.top, "config", "--local", key) == value:
            continue
        done = run(repository.top, "config", "--local", "--replace-all", key, value)
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise WorldFailed(f"git could not be set up ({words})", "try again")
        changed.append(f"config {key}")
    if repository.vault_in_top not in vaults(repository.top):
        run(repository.top, "config", "--local", "--add", "mdmentor.vault", repository.vault_in_top)
        changed.append("config mdmentor.vault")
    return changed


def _change(file: Path, lines: list[str] | None, *, first: str = "") -> bool:
    """Puts our lines into a file, or removes them; False where that changes nothing. `first` is as in `with_own`."""
    before = _read(file)
    after = before and without_own(before, first=first)
    if lines is not None:
        after = with_own(before, lines, first=first)
    if after is None and before is not None:
        file.unlink()
    elif after is not None and after != before:
        _write(file, after)
    return after != before


def _install_hook(file: Path, name: str) -> bool:
    """Puts our lines into a hook: below the first line of the user's shell script, else into a file of ours.

    A hook in another language, a link, or one that is not executable is moved aside and called from ours.
    """
    before = _read(file)
    is_plain = bool(re.match(_SHELL, before or "")) and not file.is_symlink() and os.access(file, os.X_OK)
    if before is not None and not re.search(_BLOCK, before) and not is_plain:
        aside = file.with_name(file.name + ASIDE)
        if aside.exists():
            raise WorldFailed(f'"{aside}" is in the way', "move it away")
        file.rename(aside)
        before = None
    elif before is None and file.is_symlink():
        raise WorldFailed(f'the hook "{file}" is a link to nothing', "fix or remove it")
    lines = hook_lines(name)
    if before is None or "which made this file" in before:
        own = f'"$(dirname "$0")/{name}{ASIDE}"'
        call = [f'if [ -x {own} ]; then {own} "$@"; own=$?; fi']
        lines = ["own=0", *call, *lines, 'exit "$own"']
    after = with_own(before, lines, first=SHEBANG)
    if after == before and os.access(file, os.X_OK):
        return False
    _write(file, after)
    mode = stat.S_IMODE(file.stat().st_mode)
    file.chmod(mode | (mode & 0o444) >> 2)  # everybody who may read it may run it, as in git
    return True


def _uninstall_hook(file: Path) -> bool:
    aside = file.with_name(file.name + ASIDE)
    if not _change(file, None, first=SHEBANG):
        return False
    if not file.exists() and (aside.exists() or aside.is_symlink()):
        aside.rename(file)
    return True


def _pattern(folder: str) -> str:
    """A pattern that matches this folder alone."""
    return re.sub(r"([\\*?\[\]!# ])", r"\\\1", folder.strip("/"))


def _quoted(pattern: str) -> str:
    """A pattern for `.gitattributes`, quoted where it has a blank, which would end it."""
    if " " not in pattern and '"' not in pattern:
        return pattern
    return '"' + pattern.replace("\\ ", " ").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read(file: Path) -> str | None:
    """A file's text, with every byte of it; None where there is no file."""
    try:
        return read_whole(os.path.realpath(file)).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except NotPlain as error:
        raise WorldFailed(f'"{file}" {error}', "check its permissions") from error


def _write(file: Path, text: str) -> None:
    """Puts a text into a file as a whole; the file's mode stays."""
    data = text.encode("utf-8", "surrogateescape")
    file.parent.mkdir(parents=True, exist_ok=True)
    with failing(f'"{file}" could not be written', "check its permissions"):
        if file.exists():
            replace_file(os.fspath(file), data, stat.S_IMODE(file.stat().st_mode))
        else:
            file.write_bytes(data)


class GitState(NamedTuple):
    """What is set up for a vault; empty outside of a repository. Its fields are the keys of the JSON."""

    repository: str = ""
    driver: str = "missing"  # "installed", "missing" or "other" for somebody else's
    bound: bool = False  # the driver merges the vault's notes
    hooks: Mapping[str, str] = MappingProxyType({})  # name -> "installed", "missing" or "outdated"
    program: bool = False  # a shell finds `mdmentor`
    pages_ignored: bool = False
    pages_tracked: bool = False
    unmerged: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The same in words, for `git status`."""
        if not self.repository:
            return ["The vault is not in a git repository."]
        pages = "kept out of git" if self.pages_ignored else "in git"
        tracked = ", though some are in it" if self.pages_ignored and self.pages_tracked else ""
        return [
            f"Repository: {self.repository}",
            f"Merge driver: {self.driver}{'' if self.program else ' (but mdmentor is not on the PATH)'}",
            f"Used for notes: {'yes' if self.bound else 'no'}",
            f"Hooks: {', '.join(f'{name} {state}' for name, state in self.hooks.items())}",
            f"Pages: {pages}{tracked}",
        ]


def read_state(vault: Path, pages_folder: str) -> GitState:
    """What is set up for the vault in this clone. Raises WorldFailed where git cannot be asked."""
    repository = find_repository(vault)
    if repository is None:
        return GitState()
    driver = ask(vault, "config", "merge.mdmentor.driver")
    is_known = _is_known(repository)
    hooks = {name: hook_state(repository.hooks / name, name) if is_known else "missing" for name in HOOKS}
    return GitState(
        repository=str(repository.top),
        driver="installed" if driver == DRIVER else "other" if driver else "missing",
        bound=_is_bound(vault),
        hooks=hooks,
        program=shutil.which("mdmentor") is not None,
        pages_ignored=bool(ask(vault, "check-ignore", "--no-index", f"{pages_folder}/x.md")),
        pages_tracked=bool(ask(vault, "ls-files", "--", pages_folder)),
        unmerged=tuple(unmerged(vault)),
    )


def find_problems(vault: Path) -> tuple[Problem, ...]:
    """A merge driver that is used and not set up, or the other way round; git is run only when in doubt."""
    git = find_git_folder(vault)
    if git is None:
        return ()
    # the folder that holds the config: for a worktree, that of its repository
    common = Path(git, _text(Path(git, "commondir")).strip())
    attributes, config = _text(vault / ".gitattributes"), _text(common / "config")
    line, has_section = re.search(_BOUND, attributes), bool(re.search(_SECTION, config))
    number, fix = 1, "run: mdmentor git install"
    if line and not has_section and not ask(vault, "config", "merge.mdmentor.driver"):
        number = attributes.count("\n", 0, line.start()) + 1
        what = "mdmentor should merge the notes, but it is not set up in this clone"
    elif has_section and not line and not _is_bound(vault) and _is_known(find_repository(vault)):
        what = "mdmentor is set up to merge notes, but no line uses it"
        fix += ", or to remove it: mdmentor git uninstall"
    else:
        return ()
    what += ", so git merges them as text"
    return (Problem(".gitattributes", number, 1, WARNING, "merge-driver", what, fix),)


def _is_known(repository: Repository | None) -> bool:
    """Whether the hooks of this clone update the vault's pages."""
    return repository is not None and repository.vault_in_top in vaults(repository.top)


def _is_bound(vault: Path) -> bool:
    """Whether the driver would merge a note, whichever file says so and whichever line comes last."""
    return ask(vault, "check-attr", "merge", "--", "x.md").endswith(": merge: mdmentor")


def _text(file: Path) -> str:
    try:
        return read_whole(os.path.realpath(file)).decode("utf-8", "replace")
    except OSError:
        return ""


# Our lines in a file that also holds the user's (`.gitattributes`, `.gitignore`, a hook), between two marks. Adding and
# removing them gives back the same characters, whatever the file ended with; the mark says whether we made the file.
_BLOCK = (
    r"(?m)^# >>> mdmentor(?P<new>, which made this file)?(?: [^\r\n]*)?>>>\r?\n(?:.*\r?\n)*?"
    r"# <<< mdmentor <<<(?P<end>\r?\n|\Z)"
)


def with_own(text: str | None, lines: Sequence[str], *, first: str = "") -> str:
    """The text with `lines` between our marks: in place of such lines, else at its end.

    None is a missing file. `first` is the first line of a new file; in a file that begins with one like it (`#!`)
    the marks go below that.
    """
    newline = "\r\n" if text and "\r\n" in text else "\n"
    found = re.search(_BLOCK, text) if text else None
    is_new = text is None or bool(found and found["new"])
    begin = f"# >>> mdmentor{', which made this file' if is_new else ''} (taken out by: mdmentor git uninstall) >>>"
    block = newline.join([begin, *lines, "# <<< mdmentor <<<"])
    if text is None:
        text = f"{first}\n" if first else ""
    if found:
        return text[: found.start()] + block + found["end"] + text[found.end() :]
    is_headed = bool(first) and text.startswith(first[:2])
    start = (text.find("\n") + 1 if is_headed else 0) or len(text)
    if text[:start] and not text[:start].endswith("\n"):  # the file's last line has no end
        return text[:start] + newline + block
    return text[:start] + block + newline + text[start:]


def without_own(text: str, *, first: str = "") -> str | None:
    """The text as it was before `with_own`; None where we made the file and it holds nothing else."""
    found = re.search(_BLOCK, text)
    if found is None:
        return text
    before, after = text[: found.start()], text[found.end() :]
    if not found["end"]:
        before = before.removesuffix("\n").removesuffix("\r")
    left = before + after
    return None if found["new"] and left.strip() in ("", first) else left
