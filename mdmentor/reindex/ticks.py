"""The ticks on the page Reach out next: found before the page is made again, and carried out."""

from __future__ import annotations

from mdmentor import git
from mdmentor.actions.ticks import Carried, look_at_ticks
from mdmentor.index import state
from mdmentor.queries import Queries
from mdmentor.reindex.run import Run


def carry_out_ticks(run: Run, queries: Queries) -> Carried:
    """What was ticked, carried out unless nothing may be written just now."""
    found = look_at_ticks(run.vault, queries)
    if not found.path or found.is_bare or run.check or git.is_merging(run.vault.folder, run.hook):
        return found
    is_as_left = run.vault.stamp(found.path) == state.page_stamp(run.index.sql, found.path)
    if not is_as_left and not run.events.is_resting(found.path):
        return found
    from mdmentor.actions.ticks import carry_out_ticks as carry_out

    return carry_out(run.vault, queries)
