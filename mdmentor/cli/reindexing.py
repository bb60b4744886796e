"""What `reindex` does and says, however the command line was read."""

from __future__ import annotations

import time
from datetime import date

from mdmentor.cli import out
from mdmentor.cli.clock import clock_today
from mdmentor.cli.session import open_index, open_vault
from mdmentor.glance import glance, report_of_nothing

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

    from mdmentor.report import Report


def bring_up_to_date(
    named: str | None,
    today: date | None,
    *,
    full: bool,
    check: bool,
    as_json: bool,
    helpers: Sequence[subprocess.Popen[bytes]] = (),
) -> int:
    """Brings index and pages up to date, and prints what changed; the exit code, 1 where `check` found something stale.

    `helpers` are processes that were told to come, as `reindex` takes them.
    """
    started = time.perf_counter()
    vault, day = open_vault(named), today or clock_today()
    index = open_index(vault)
    try:
        seen = None if full or check else glance(vault, index, day)
        report = report_of_nothing(vault, index, seen) if seen else None
        if report is None:
            from mdmentor.reindex import reindex

            walked = seen.scan if seen else None
            with out.progress_bar("reading notes") as progress:
                report = reindex(
                    vault,
                    index,
                    day,
                    full=full,
                    check=check,
                    walked=walked,
                    helpers=helpers,
                    progress=progress,
                )
    finally:
        index.close()
    report.seconds = time.perf_counter() - started
    for words in report.words:
        out.say(words)
    if as_json:
        out.json_document(report.to_json())
    else:
        _tell(report, check)
    return 1 if report.stale else 0


def _tell(report: Report, check: bool) -> None:
    from mdmentor.core.counting import counted, problem_words

    numbers = {"added": report.added, "changed": report.changed, "removed": report.removed}
    moved = ", ".join([f"{number} {what}" for what, number in numbers.items() if number])
    notes = counted(report.notes, "note") + (f" ({moved})" if moved else "")
    out.line(f"{notes}: {counted(report.contacts, 'contact')}, {counted(report.posts, 'post')}.")
    for path in report.stale:
        out.line(f"stale: {path}")
    for path in report.pages_written:
        out.line(f"took away {path}" if path in report.taken_away else f"wrote {path}")
    if check and not report.stale:
        out.line("Every page is up to date.")
    elif not check and not report.pages_written:
        out.line("Every page was up to date.")
    if any(report.problems):
        out.line(f"{problem_words(report.problems)}; see: mdmentor check")
