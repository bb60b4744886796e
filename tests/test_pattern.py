"""Patterns that are compiled when they are needed are the patterns they would be if compiled at once."""

import importlib
import pkgutil
import re
from types import ModuleType

import pytest

import mdmentor
from mdmentor.core.pattern import _Pattern, pattern


def test_it_is_not_compiled_before_it_is_asked() -> None:
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.match("")


def test_it_answers_as_the_compiled_one() -> None:
    text = "Ada, Grace and Mary"
    late, early = pattern(r"(\w+)( and)?", re.IGNORECASE), re.compile(r"(\w+)( and)?", re.IGNORECASE)
    for _ in range(2):
        assert [m.span() for m in late.finditer(text)] == [m.span() for m in early.finditer(text)]
        assert late.sub("x", text, count=1) == early.sub("x", text, count=1)
        assert late.split(text) == early.split(text)
        assert late.pattern == early.pattern
        assert late.groups == 2


def _modules() -> list[ModuleType]:
    names = [
        m.name for m in pkgutil.walk_packages(mdmentor.__path__, "mdmentor.") if "__main__" not in m.name
    ]
    return [importlib.import_module(name) for name in names]


def test_each_pattern_of_the_project_can_be_compiled() -> None:
    found = [value for module in _modules() for value in vars(module).values() if isinstance(value, _Pattern)]
    assert len(found) > 100
    for one in found:
        assert one.groups is not None  # type: ignore[attr-defined]
