"""The command that keeps a vault's index and pages true until it is stopped."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable

import click

from mdmentor.cli import output
from mdmentor.cli.app import vault_option
from mdmentor.cli.dates import clock_today


@click.command("watch")
@click.option("--poll", is_flag=True, help="Look at intervals, where file events do not arrive.")
@click.option("--install", is_flag=True, help="Have it started whenever you log in.")
@click.option("--uninstall", is_flag=True, help="Take that back.")
@vault_option
def watch(vault: str | None, poll: bool, install: bool, uninstall: bool) -> int:
    """Keep index and pages up to date until stopped, whatever edits the notes.

    A line is printed for what changed and what was written. Ctrl-C ends it. `mdmentor status` tells whether
    it runs.

    \b
    Example:
      mdmentor watch
      mdmentor watch --install     starts it now and at each login
    """
    import os

    from mdmentor.cli.session import open_vault

    if install and uninstall:
        raise click.UsageError("--install and --uninstall exclude each other")
    where = open_vault(vault)
    if install or uninstall:
        from mdmentor.watch import service

        done = service.install(where.root, polls=poll) if install else service.uninstall(where.root)
        for line in done:
            output.line(line)
        return 0
    from mdmentor.index import cache_folder
    from mdmentor.watch.watcher import Watcher

    watcher = Watcher(
        where, cache_folder(os.environ.get("MDMENTOR_CACHE")), _log, today=clock_today, polls=poll
    )
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _ending(watcher.stop))
    watcher.run()
    return 0


def _ending(stop: Callable[[], None]) -> Callable[[int, object], None]:
    def handle(number: int, frame: object) -> None:
        stop()

    return handle


def _log(text: str) -> None:
    output.line(f"{time.strftime('%H:%M:%S')} {text}")
    sys.stdout.flush()  # a service's log is read while it runs
