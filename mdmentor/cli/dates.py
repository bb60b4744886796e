"""Days as they are typed on the command line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any

import click


def clock_today() -> date:
    """Today, as the user's own calendar has it."""
    return date.today()  # noqa: DTZ011 - a day in the user's time zone is what is meant


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Day(click.ParamType[date]):
    """A date as `2026-11-23`, or in words: today, tomorrow, last friday, in 2 weeks."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if _ISO_DAY.fullmatch(str(value)):
            with suppress(ValueError):
                return date.fromisoformat(str(value))
        from mdmentor.core.dates import parse_date, parse_when

        day = parse_date(str(value)) or parse_when(str(value), clock_today(), past=False)
        if day is None:
            self.fail(f'"{value}" is no date; write it as 2026-11-23', param, ctx)
        return day
