"""The one place that asks the clock for today."""

from __future__ import annotations

from datetime import date


def clock_today() -> date:
    """Today, as the user's own calendar has it."""
    return date.today()  # noqa: DTZ011 - a day in the user's time zone is what is meant
