"""Fuzzing of parse, edit and render with atheris (extra `fuzz`): `python -m tests.fuzz_parse`.

Not collected by pytest. Where atheris is not installed it says so and ends.
"""

from __future__ import annotations

import sys


def check(data: bytes) -> None:
    """What must hold for any bytes of a note: parsing returns, places lie in the text, blocks are renewed."""
    from mdmentor.core.edit import UnsafeEdit
    from mdmentor.core.edit_lines import replace_between
    from mdmentor.core.escape import md, terminal
    from mdmentor.core.parse import blocks_of, parse_note
    from mdmentor.core.settings import Settings

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
            after = replace_between(after, block.line, block.last, "new")
    except UnsafeEdit:
        return
    assert len(blocks_of("people/x.md", after)) == len(blocks_of("people/x.md", data))


def main() -> None:
    try:
        import atheris
    except ImportError:
        print("atheris is not installed; install it with: pip install '.[fuzz]'")
        return
    atheris.instrument_all()
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
