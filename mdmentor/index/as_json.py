"""Values of the index as JSON, as short as it can be."""

from __future__ import annotations

import json
from json import encoder

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from collections.abc import Callable


def _refuse(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is no value of JSON")


def _writer() -> Callable[[object], str]:
    usual = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return usual.encode
    # what `encode` makes anew for each value, which takes as long as the value itself
    write = make(None, _refuse, encoder.encode_basestring, None, ":", ",", False, False, True)
    return lambda value: "".join(write(value, 0))


to_json = _writer()
