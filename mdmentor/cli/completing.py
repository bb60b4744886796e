"""Completion in bash, where a name of several words has to be told with its blanks escaped.

click hands names to bash as they are, and bash puts them on the line as they are: two words, where one was
meant. zsh and fish escape by themselves. Loaded only when a shell asks.
"""

from __future__ import annotations

import os
import re
from typing import Any

from click.shell_completion import BashComplete, CompletionItem, add_completion_class

_SPECIAL = re.compile(r"""[\s"'\\$`&;|<>()*?\[\]{}!#~]""")


class QuotingBashComplete(BashComplete):
    """As click's, with what bash takes for more than itself escaped; twice, since its script reads it with `read`."""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        words = os.environ.get("COMP_WORDS", "").split("\n")
        is_quoted = words[-1][:1] in ("'", '"')
        value = item.value if is_quoted else _SPECIAL.sub(r"\\\g<0>", item.value)
        return f"{item.type},{value}".replace("\\", "\\\\")


def prepare() -> None:
    """Makes click use it."""
    add_completion_class(QuotingBashComplete, "bash")
