"""A regular expression that is compiled when it is first needed.

To compile one takes about as long as to read a short note, and a command loads many times more of them than it
meets. Those that every note meets are better compiled at once: they answer a little sooner then.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than many a command takes without it
if TYPE_CHECKING:
    import re

_ASKED = (
    "match", "fullmatch", "search", "finditer", "findall", "sub", "split", "pattern", "flags", "groups"
)  # fmt: skip


class _Pattern:
    """Has all that is asked of a pattern, once it is compiled."""


class _Uncompiled(_Pattern):
    """Stands for a pattern until something is asked of it."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> object:
        import re

        compiled = re.compile(self._text, self._flags)
        for known in _ASKED:
            setattr(self, known, getattr(compiled, known))
        # a class with an answer to every name is asked about each
        self.__class__ = _Pattern  # type: ignore[assignment]
        return getattr(self, name)


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, without doing it yet; so a slip in the text is found by whoever uses it first."""
    return _Uncompiled(text, flags)  # type: ignore[return-value]
