"""`dataclass` for values that are made by the hundred thousand, whenever a vault is read or ranked.

To mypy, which holds that nobody changes one, it is the library's. At run time it leaves the guard out: a
frozen dataclass is made by a call for each attribute, which takes four times as long.
"""

from __future__ import annotations

from dataclasses import dataclass as _dataclass

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool):
        """As the library's; `frozen` promises that a value is hashable and never changed."""
        return _dataclass(slots=slots, unsafe_hash=frozen)
