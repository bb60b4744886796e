"""The generator's contacts in the formats of other tools: `python -m benchmarks.address_books KIND OUT CONTACTS`.

vcards: one .vcf for each contact. hermit: companies of five contacts each and one file for each talk, in a
folder made by `hermitcrm init`. orbit: a note for each person and each talk, in a vault made by `orbit init`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

from benchmarks.make_vault import contact

SEED = 1
Contact = dict[str, Any]
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def vcards(out: Path, number: int, who: Contact) -> None:
    put(out / f"c{number}.vcf", vcard(number, who))


def vcard(number: int, who: Contact) -> str:
    first, last = who["name"].split(" ", 1)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:c{number}",
        f"FN:{who['name']}",
        f"N:{last};{first};;;",
        f"ORG:{who['company'].replace(';', ',')}",
        f"TITLE:{who['role']}",
        f"BDAY:{who['birthday'].replace('-', '')}",
        f"EMAIL;TYPE=home:{who['email']}",
        "CATEGORIES:" + ",".join(who["topics"]),
        "NOTE:" + who["about"].replace(",", "\\,"),
        "END:VCARD",
        "",
    ]
    return "\r\n".join(lines)


def hermit(out: Path, number: int, who: Contact) -> None:
    first, last = who["name"].split(" ", 1)
    company = f"co-{number // 5:06d}"
    base = out / "companies" / company
    if number % 5 == 0:
        put(
            base / "company.md",
            f"---\nname: {company}\nslug: {company}\nwebsite:\nlinkedin:\ncountry: NL\nsource: other\nstage: won\n"
            "stage_changed: 2020-01-01\nlost_reason:\nnext_step:\nnext_step_due:\ntags: [demo]\n"
            "stage_history:\n  - {date: 2020-01-01, from: prospect, to: won}\n"
            "created: 2015-01-01T09:00\nupdated: 2020-01-01T12:00\n---\n",
        )
    slug = f"{slug_of(who['name'])}-{number}"
    put(
        base / "contacts" / f"{slug}.md",
        f"---\nfirst_name: {first}\nlast_name: {last}\nslug: {slug}\ntitle: {who['role']}\nlinkedin:\n"
        f"email: {who['email']}\nphone:\nrole: champion\ncreated: 2015-01-01T09:00\nupdated: 2020-01-01T09:00\n---\n",
    )
    for place, (day, kind, text) in enumerate(who["log"]):
        channel = kind if kind in ("call", "email") else "meeting"
        put(
            base / "interactions" / f"{day}T{10 + place:02d}00-{channel}-out-{slug}.md",
            f"---\ndate: {day}T{10 + place:02d}:00\nchannel: {channel}\ndirection: out\ncontact: {slug}\nsubject:\n"
            f"outcome:\nsource: manual\n---\n{text}\n",
        )


def orbit(out: Path, number: int, who: Contact) -> None:
    put(
        out / "01_People" / f"{who['name']}.md",
        f"---\ntype: person\nid: {orbit_id('per', number)}\nname: {who['name']}\nemails:\n  - {who['email']}\n"
        f"job_title: {who['role']}\nlast_contact: {who['last_contact']}\ncreated: 2015-01-01\nupdated: 2020-01-01\n"
        f"---\n## Notes\n{who['about']}\n",
    )
    for place, (day, kind, text) in enumerate(who["log"]):
        channel = kind if kind in ("call", "email") else "meeting"
        title = f"{day} {channel} {number} {place}"
        put(
            out / "03_Interactions" / f"{title}.md",
            f"---\ntype: interaction\nid: {orbit_id('int', number * 100 + place)}\nkind: {channel}\n"
            f"date: {day}T{10 + place:02d}:00\nparticipants:\n  - '[[{who['name']}]]'\ncreated: {day}\n"
            f"---\n## Summary\n{text}\n",
        )


def orbit_id(prefix: str, number: int) -> str:
    """A ULID of a fixed moment."""
    value = (1_420_102_800_000 << 80) | number
    return f"{prefix}_" + "".join(BASE32[value >> shift & 31] for shift in range(125, -1, -5))


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    kinds = {"vcards": vcards, "hermit": hermit, "orbit": orbit}
    kind, out, contacts = sys.argv[1:4]
    for number in range(int(contacts)):
        kinds[kind](Path(out), number, contact(SEED, number))


if __name__ == "__main__":
    main()
