"""What is wrong in the user's text: a value of its own, so that whoever only looks for it need not load the model."""

from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
HINT = "hint"
# Codes of problems of notes that could not be read, or not for certain.
UNREAD = frozenset({"too-big", "binary", "unreadable", "not-utf8"})


class Problem(NamedTuple):
    """What is wrong in the user's text, where it stands, and how to mend it."""

    path: str
    line: int
    column: int
    severity: str  # ERROR, WARNING or HINT
    code: str  # a short name in kebab-case, stable: scripts may match on it
    what: str  # lower case, no full stop, the user's words in double quotes
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}; {self.mend}"
