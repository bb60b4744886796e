"""Patterns that are compiled when they are needed are the patterns they would be if compiled at once."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import mdmentor
from mdmentor.core import dates
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


def test_nothing_but_single_characters_is_repeated_possessively() -> None:
    """Up to Python 3.11.4 a possessive repeat of more, and an atomic group, match what they should not, or nothing."""
    found = [
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, _Pattern | re.Pattern)
    ]
    found += [pattern(text) for text in (dates._WHOLE_NAMED, dates._ANYWHERE, dates._LEADING, dates._DUE)]
    wrong = [value.pattern for value in found if any(_doubtful(re._parser.parse(value.pattern, value.flags)))]  # type: ignore[attr-defined]
    assert not wrong
    assert any(_doubtful(re._parser.parse("(?:ab|c)++")))  # type: ignore[attr-defined]


def _doubtful(parsed: Any) -> Iterator[bool]:
    """For each part of a parsed pattern, and of what is within, whether it may not be relied upon."""
    for kind, value in parsed:
        name = str(kind)
        if name == "POSSESSIVE_REPEAT":
            yield len(value[2]) != 1 or str(value[2][0][0]) not in ("IN", "LITERAL", "NOT_LITERAL", "ANY")
        yield name == "ATOMIC_GROUP"
        for within in _subpatterns(value):
            yield from _doubtful(within)


def _subpatterns(value: Any) -> Iterator[Any]:
    if hasattr(value, "getwidth"):  # as a part has that holds others
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _subpatterns(one)
