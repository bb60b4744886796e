"""JSON as the index keeps it: what the library writes, by the quicker way and by the usual one."""

from __future__ import annotations

import json
from json import encoder

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.index import as_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_it_is_what_the_library_writes(value: object) -> None:
    assert as_json.to_json(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(VALUES)
def test_without_the_quicker_way_it_is_the_same(value: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder, "c_make_encoder", None)
        usual = as_json._writer()
        assert usual(value) == as_json.to_json(value)


def test_what_is_no_value_of_json_is_refused() -> None:
    with pytest.raises(TypeError):
        as_json.to_json({"day": object()})
