"""Strategies for the values of mdmentor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


def built(
    kind: Callable[..., T], *parts: st.SearchStrategy[Any], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """Values of this kind; fields that are not given have their defaults, which `st.builds` would not leave them."""
    return st.builds(lambda *told, **named: kind(*told, **named), *parts, **fields)
