"""A disk that has nothing cached, and one that is slow: both need root and Linux, and say so where they cannot be had."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.timing import Command

DROP = Path("/proc/sys/vm/drop_caches")
CGROUP = Path("/sys/fs/cgroup")
NAME = "mdmentor-benchmark"


class CannotBeHad(Exception):
    """This machine does not let us; the text says why."""


def forget_cache() -> None:
    """The system's cache of files is emptied. Raises CannotBeHad."""
    subprocess.run(["sync"], check=True)
    try:
        DROP.write_text("3")
    except OSError as error:
        raise CannotBeHad(
            f"the file cache cannot be emptied ({error.strerror}); it needs root, on Linux"
        ) from error


def uncached(command: Command) -> Command:
    """The same command, each time with nothing in the file cache."""

    def before() -> None:
        command.before()
        forget_cache()

    return replace(command, before=before)


@contextlib.contextmanager
def slow_reads(folder: Path, per_second: int) -> Iterator[Path]:
    """A control group whose processes may read so many times a second from the disk of a folder.

    Gives the file into which a process writes its id to come under it. Raises CannotBeHad.
    """
    group, limit, words = _group(folder, per_second)
    try:
        group.mkdir(exist_ok=True)
        (group / limit).write_text(words)
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise CannotBeHad(
            f"reads cannot be slowed down here ({error.strerror}); it needs root, and Linux's control groups"
        ) from error
    try:
        yield group / "cgroup.procs"
    finally:
        with contextlib.suppress(OSError):
            group.rmdir()


def under(group: Path, command: Command) -> Command:
    """The same command, as a member of a control group."""
    return replace(command, words=["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group), *command.words])


def _group(folder: Path, per_second: int) -> tuple[Path, str, str]:
    """The group's folder, the file that takes the limit, and the limit, for either version of control groups."""
    disk = _disk_of(folder)
    if (CGROUP / "blkio").is_dir():
        return CGROUP / "blkio" / NAME, "blkio.throttle.read_iops_device", f"{disk} {per_second}"
    with contextlib.suppress(OSError):
        (CGROUP / "cgroup.subtree_control").write_text("+io")
    return CGROUP / NAME, "io.max", f"{disk} riops={per_second}"


def _disk_of(folder: Path) -> str:
    """`major:minor` of the whole disk that a folder lies on: limits are for disks, not for their parts."""
    device = os.stat(folder).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    place = Path(f"/sys/dev/block/{number}")
    if (place / "partition").exists():
        return (place.resolve().parent / "dev").read_text().strip()
    return number
