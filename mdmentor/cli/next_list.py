"""The command `next`, as click reads it; the plain forms of it are read by `quick`."""

from __future__ import annotations

from datetime import date

import click

from mdmentor.cli.app import reading


@click.command("next")
@click.option(
    "-n",
    "number",
    metavar="N",
    type=click.IntRange(1, 100),
    help="How many people at most; else per_day of the settings.",
)
@click.option("--topic", metavar="T", help="Only people who help with this topic.")
@reading
def next_(
    vault: str | None, as_json: bool, today: date | None, number: int | None, topic: str | None
) -> None:
    """Whom to reach out to next, why, and with what.

    \b
    Example:
      mdmentor next -n 5
      mdmentor next --topic negotiation
    """
    from mdmentor.cli.quick import Asked, answer

    answer(Asked(vault, today, as_json, number, topic))
