"""One line of the table: what was measured, beside what, and the limits it is held to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """What must hold, and what is aimed at; at most, unless `is_least`."""

    must: float
    aim: float
    is_least: bool = False

    def verdict(self, value: float) -> str:
        if self._holds(value, self.aim):
            return "aim met"
        return "must met" if self._holds(value, self.must) else "**missed**"

    def _holds(self, value: float, bound: float) -> bool:
        return value >= bound if self.is_least else value <= bound


@dataclass(frozen=True)
class Row:
    """A figure with its unit: "x" is a ratio to `beside`. `note` says what else there is to know.

    One with a `headline` is in docs/speed.md too, in these words.
    """

    what: str
    beside: str
    value: float
    unit: str = "x"
    limit: Limit | None = None
    note: str = ""
    headline: str = ""

    @property
    def verdict(self) -> str:
        return self.limit.verdict(self.value) if self.limit else ""

    def figure(self) -> str:
        return in_unit(self.value, self.unit)

    def line(self) -> str:
        """For a terminal."""
        must, aim = self.bounds()
        told = f"must {must}, aim {aim}: {self.verdict.strip('*')}" if self.limit else ""
        return f"{self.what:<60} {self.figure():>9}  {self.beside:<36} {told:<40} {self.note}".rstrip()

    def bounds(self) -> tuple[str, str]:
        """Must and aim, in words."""
        if self.limit is None:
            return "", ""
        sign = "≥" if self.limit.is_least else "≤"
        must, aim = (
            f"{sign} {in_unit(v, self.unit, is_bound=True)}" for v in (self.limit.must, self.limit.aim)
        )
        return must, aim


def in_unit(value: float, unit: str, *, is_bound: bool = False) -> str:
    digits = 0 if value >= 100 or (is_bound and value == int(value)) else 2 if value < 10 else 1
    number = f"{value:,.{digits}f}"
    if is_bound and "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number}x" if unit == "x" else f"{number} {unit}"
