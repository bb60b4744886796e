"""Fuzzing of parse, schema, edit and render with atheris (extra `fuzz`): `python -m tests.fuzz_parse TARGET [OPTIONS]`.

TARGET is one of the names in TARGETS; the options are libFuzzer's, e.g. `-max_total_time=300`. Not collected by
pytest, whose property tests hold the same promises. Where atheris is not installed it says so and ends.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

SPLIT = b"\xff"  # never part of UTF-8: stands between the arguments of a target


def check(data: bytes) -> None:
    """What must hold for any bytes of a note: parsing returns, places lie in the text, blocks are renewed."""
    from mdmentor.core.edit import UnsafeEdit, replace_blocks
    from mdmentor.core.model import Settings
    from mdmentor.core.parse import blocks_of, parse_note
    from mdmentor.core.text import md, terminal

    note = parse_note("people/x.md", data, Settings())
    lines = 2 + data.count(b"\n") + data.count(b"\r")
    for place in (*note.links, *note.problems, *note.interactions):
        assert 1 <= place.line <= lines, place
    for text in (note.title, *(told.text for told in note.interactions)):
        assert "\n" not in md(text)
        assert "\x1b" not in terminal(text)
    after = data
    try:
        for block in sorted(blocks_of("people/x.md", data), key=lambda b: -b.line):
            after = replace_blocks(after, [(block.line, block.last, "new")])
    except UnsafeEdit:
        return
    assert len(blocks_of("people/x.md", after)) == len(blocks_of("people/x.md", data))


def check_schema(data: bytes) -> None:
    """Any value under any key we know gives a person that can be ranked, and problems at places in the text."""
    from datetime import date

    from mdmentor.core.frontmatter.keys import KEYS
    from mdmentor.core.model import Person, Settings
    from mdmentor.core.parse import parse_note
    from mdmentor.core.ranking import assess

    keys = sorted(KEYS)
    values = data.split(SPLIT)
    head = b"".join(keys[v[0] % len(keys)].encode() + b": " + v[1:] + b"\n" for v in values if v)
    text = b"---\ntags: [person]\n" + head + b"---\n"
    note = parse_note("people/x.md", text, Settings())
    lines = text.splitlines()
    for problem in note.problems:
        assert 1 <= problem.line <= len(lines) + head.count(b"\r") + 1, problem
        assert "\n" not in str(problem), problem
    if note.contact is not None:
        assert note.contact.cadence_days is None or note.contact.cadence_days > 0
        assess.assess(Person(note.contact), date(2026, 11, 26), {}, Settings())


def check_edit(data: bytes) -> None:
    """A field or a log line put into any bytes is all that differs, and can be taken out again; or it is refused."""
    from codecs import BOM_UTF8
    from datetime import date

    from mdmentor.core.edit import OpenNote, UnsafeEdit
    from mdmentor.core.frontmatter.editor import set_field
    from mdmentor.core.log_editor import LogLine, add_log_line

    note, _, rest = data.partition(SPLIT)
    value = rest.decode("utf-8", "ignore")
    try:
        changed = set_field(note, "mdmentor-test", value)
        assert set_field(changed, "mdmentor-test", value) == changed
        if b"mdmentor-test" not in note and OpenNote(note).head.fields:
            assert set_field(changed, "mdmentor-test", None) == note, changed
    except UnsafeEdit:
        pass
    try:
        logged, _ = add_log_line(note, LogLine(date(2026, 11, 26), "call", value))
    except UnsafeEdit:
        return
    assert logged.startswith(BOM_UTF8) == note.startswith(BOM_UTF8)
    kept = iter(logged.removeprefix(BOM_UTF8).splitlines())
    assert all(any(line == new for new in kept) for line in note.removeprefix(BOM_UTF8).splitlines()), logged


def check_render(data: bytes) -> None:
    """Any two texts side by side on a page show as their words, and do nothing else there."""
    from xml.etree import ElementTree

    from mdmentor.core.text import clean, find_linked_path, md, md_link, terminal, xml
    from tests import test_text as oracle

    first, _, second = (part.decode("utf-8", "ignore") for part in data.partition(SPLIT))
    shown = " ".join(f"x {clean(first)} y {clean(second)} z".split(" ")).strip()
    assert oracle.words_of(f"x {md(first)} y {md(second)} z") == shown
    assert oracle.words_of(f"- {md(first)}\n") == clean(first)
    source = f"| A | B |\n|---|---|\n| {md(first)} | b |\n"
    assert oracle.blocks_of(source).count("td_open") == 2
    path = f"people/{clean(second).replace('/', ' ').replace('..', '.').strip() or 'x'}.md"
    links = [c for c in oracle.inline_of(md_link(first, "reach-out", path)) if c.type == "link_open"]
    assert len(links) == 1 and find_linked_path(str(links[0].attrs["href"]), "reach-out") == path
    ElementTree.fromstring(f"<a b='{xml(first)}'>{xml(second)}</a>")
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in terminal(first)), terminal(first)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parse": check,
    "schema": check_schema,
    "edit": check_edit,
    "render": check_render,
}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        print(f"name what to fuzz: {', '.join(TARGETS)}")
        return 2
    try:
        import atheris
    except ImportError:
        print("atheris is not installed; install it with: pip install '.[fuzz]'")
        return 1
    target = TARGETS[sys.argv[1]]
    with atheris.instrument_imports(include=["mdmentor"]):
        target(b"---\na: b\n---\n- [[x]]\n")  # loads what it needs, instrumented
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
