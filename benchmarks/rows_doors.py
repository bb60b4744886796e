"""Rows of the doors: an export beside the list of the same people, an import beside what it cannot do without."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from importlib.util import find_spec

from benchmarks.address_books import SEED, vcard
from benchmarks.bench import Bench
from benchmarks.make_vault import contact
from benchmarks.row import Limit, Row
from benchmarks.timing import Command, in_turn
from benchmarks.trial import PYTHON, Vault

FORMATS = ("vcard", "csv", "json", "ics")


def export(bench: Bench) -> list[Row]:
    """Everybody in each format, from a current index."""
    trial = bench.middle
    trial.settle()
    commands = {form: trial.command("export", form) for form in FORMATS}
    took = in_turn({"contacts": trial.command("contacts", "--json"), **commands}, bench.rounds)
    people = trial.truth["contacts"]
    return [
        Row(
            f"export {form}, {people:,} contacts",
            "contacts --json",
            took.ratio(form, "contacts"),
            limit=Limit(6, 2),
            note=f"{took.seconds(form) * 1000:.0f} ms; {took.seconds('contacts') * 1000:.0f} ms",
        )
        for form in FORMATS
    ]


_READ_BY_VOBJECT = "import sys, vobject; print(sum(1 for _ in vobject.readComponents(open(sys.argv[1]))))"


def import_(bench: Bench) -> list[Row]:
    """As many cards as the middle vault has notes: previewed, and imported into an empty vault."""
    number = bench.middle.notes
    file, vault = bench.folder / f"people-{number}.vcf", Vault(bench.folder / f"imported-{number}")
    people = (contact(SEED, n) for n in range(number))
    cards = (vcard(n, who | {"name": f"{who['name']} {n}"}) for n, who in enumerate(people))
    file.write_text("".join(cards), encoding="utf-8", newline="")
    vault.root.mkdir(exist_ok=True)
    (vault.root / "mdmentor.toml").touch()

    def empty() -> None:
        """Moves the notes away: for some seconds ext4 walks over each inode that was freed before it uses another."""
        vault.forget()
        people = vault.root / "people"
        if people.exists():
            people.rename(tempfile.mkdtemp(dir=bench.folder))

    imported = replace(vault.command("import", str(file), "--yes"), before=empty)
    took = in_turn({"import": imported, "reindex": vault.cold()}, bench.rounds)
    made = sum(1 for _ in (vault.root / "people").iterdir())
    rows = [
        Row(
            f"import --yes, {number:,} cards",
            "first reindex of the vault it makes",
            took.ratio("import", "reindex"),
            limit=Limit(1.5, 1),
            note=f"{took.seconds('import'):.2f} s; {took.seconds('reindex'):.2f} s; {made:,} notes made",
        )
    ]
    if find_spec("vobject") is None:
        bench.skipped.append("a preview of cards beside vobject: it is not installed")
        return rows
    floor = Command([PYTHON, "-c", _READ_BY_VOBJECT, str(file)])
    preview = replace(vault.command("import", str(file)), before=empty)
    took = in_turn({"preview": preview, "vobject": floor}, bench.rounds)
    rows.append(
        Row(
            f"import, a preview of {number:,} cards",
            "vobject reads them",
            took.ratio("preview", "vobject"),
            limit=Limit(4, 2),
            note=f"{took.seconds('preview'):.2f} s; {took.seconds('vobject'):.2f} s; {took.peak('preview'):.0f} MiB",
        )
    )
    return rows
