"""On what sort of drive a vault lies: whether another machine may change it without an event here.

Reads the system's own table of mounts and touches nothing. Where there is no such table, nothing is known.
"""

import re
from pathlib import Path
from typing import NamedTuple

_TABLE = Path("/proc/self/mountinfo")
# Another machine, or the host of this one, may write there, and the kernel here is not told.
_SHARED = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|gfs2|glusterfs|lustre|ocfs2|virtiofs|vboxsf|vmhgfs|prl_fs|davfs|ncpfs"
    r"|fuse\.(?:sshfs|rclone|s3fs|davfs\d?|gvfsd-fuse|glusterfs|ceph|grpcfuse|osxfs|vmhgfs-fuse|portal)"
)
# Every change passes the kernel here, so the order of events can be trusted.
_OWN = re.compile(r"ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|jfs|tmpfs|ramfs|overlay|apfs")
_ESCAPE = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """Where a drive is mounted, and what its file system is called."""

    point: str
    kind: str

    @property
    def is_shared(self) -> bool:
        return _SHARED.fullmatch(self.kind) is not None

    @property
    def is_own(self) -> bool:
        return _OWN.fullmatch(self.kind) is not None


def mounts_of(root: Path, table: Path = _TABLE) -> tuple[Mount, ...]:
    """The mount that a folder lies on, and those below it; nothing where the system keeps no table."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ()
    found = [mount for line in lines if (mount := _read(line)) is not None]
    folder = str(root)
    around = [m for m in found if _is_within(folder, m.point)]
    # of two mounts on one point the later hides the earlier
    holder = max(enumerate(around), key=lambda nm: (len(nm[1].point), nm[0]), default=None)
    below = [m for m in found if m.point != folder and _is_within(m.point, folder)]
    return (*((holder[1],) if holder else ()), *below)


def _read(line: str) -> Mount | None:
    place, _, kind = line.partition(" - ")
    parts = place.split(" ")
    if len(parts) < 5 or not kind:
        return None
    return Mount(_ESCAPE.sub(lambda m: chr(int(m[1], 8)), parts[4]), kind.split(" ")[0])


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
