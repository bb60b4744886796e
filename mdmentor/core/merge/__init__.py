"""Three versions of a note or a page become one."""

from collections.abc import Callable

# base, ours, theirs -> the merged text, and whether it holds a conflict
TextMerge = Callable[[str, str, str], tuple[str, bool]]

# Begins a line that stands for what is merged apart; a note with this character in it is merged as text.
SIGN = "\ue000"
