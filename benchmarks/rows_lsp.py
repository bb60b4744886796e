"""Rows of the language server: how long its client waits for the start, an answer and the diagnostics of a key typed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks.bench import Bench
from benchmarks.memory import resident
from benchmarks.row import Limit, Row
from benchmarks.trial import Trial
from tests.language_client import Client

EDITS = 1_000
ASKED = 100
LARGE = 300_000  # characters
BESIDE = "over the protocol, one after the other"


def lsp(bench: Bench) -> list[Row]:
    trial = bench.middle
    trial.settle()
    size = f"{trial.notes:,} notes"
    starts = [started(trial) for _ in range(bench.rounds)]
    rows = [
        Row(
            f"language server: initialize, {size}",
            "until the answer, process and all",
            statistics.median(starts),
            "s",
            Limit(1.5, 1.0),
        )
    ]
    link = next(trial.root.rglob("posts/**/*.md")).stem
    large, person_of_old = trial.root / "large.md", trial.root / "Person Of Old.md"
    paragraph = (
        f"Some words about a thing that was said, and [[{link}]] is in it too, in a paragraph of many.\n\n"
    )
    large.write_text(paragraph * (LARGE // len(paragraph)), encoding="utf-8")
    talk = f"- 2026-03-02 call: about [[{link}]] and a thing that was said, for a while #got\n"
    text = "---\ntype: person\n---\n# Person Of Old\n\n## Log\n" + talk * (LARGE // len(talk))
    person_of_old.write_text(text, encoding="utf-8")
    client = Client(trial.root, trial.cache, "--vault", str(trial.root))
    try:
        client.start()
        rows += answers(client, trial, size)
        rows += keys(client, person(trial), "an ordinary note", size, Limit(20, 10))
        rows += keys(client, "large.md", "a note of 300 KB", size, Limit(60, 40))
        rows += keys(client, "Person Of Old.md", "a contact's note of 300 KB", size, Limit(60, 40))
        rows.append(growth(client, person(trial)))
    finally:
        client.kill()
        large.unlink()
        person_of_old.unlink()
    return rows


def person(trial: Trial) -> str:
    """The path of one of the contacts."""
    return next(trial.root.rglob(f"{trial.person()}.md")).relative_to(trial.root).as_posix()


def started(trial: Trial) -> float:
    began = time.perf_counter()
    client = Client(trial.root, trial.cache, "--vault", str(trial.root))
    client.start()
    took = time.perf_counter() - began
    client.kill()
    return took


def worst(ask: Callable[[], object]) -> float:
    """The time that 95 of 100 answers do not exceed, in milliseconds."""
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return sorted(took)[ASKED * 95 // 100] * 1000


def answers(client: Client, trial: Trial, size: str) -> list[Row]:
    path = person(trial)
    text = client.open(path)
    client.published(path)
    line, column = next(
        (n, words.index("[[") + 3) for n, words in enumerate(text.split("\n")) if "[[" in words
    )
    place = client.at(path, line, column)
    asked = {
        "completion": lambda: client.ask("textDocument/completion", place),
        "hover": lambda: client.ask("textDocument/hover", place),
        "symbols of the vault": lambda: client.ask("workspace/symbol", {"query": "jo"}),
    }
    limits = {"symbols of the vault": Limit(100, 50)}
    return [
        Row(
            f"language server: {what}, {size}",
            BESIDE,
            worst(ask),
            "ms",
            limits.get(what, Limit(30, 15)),
            "p95",
        )
        for what, ask in asked.items()
    ]


def keys(client: Client, path: str, words: str, size: str, limit: Limit) -> list[Row]:
    """From a key typed to the diagnostics after it; of a long note those of before, moved along."""
    text = client.open(path)
    client.published(path)
    line = text.count("\n") // 2
    value = worst(lambda: type_key(client, path, line))
    return [
        Row(f"language server: a key in {words}, {size}", "to its diagnostics", value, "ms", limit, "p95")
    ]


def type_key(client: Client, path: str, line: int) -> None:
    place = {"line": line, "character": 0}
    document = {"uri": client.uri(path), "version": 2}
    changes = [{"range": {"start": place, "end": place}, "text": "e"}]
    client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
    client.published(path)


def growth(client: Client, path: str) -> Row:
    before = resident(client.process.pid)
    for _ in range(EDITS):
        type_key(client, path, 1)
    grown = resident(client.process.pid) - before
    return Row(f"language server: memory after {EDITS:,} edits", "before them", grown, "MB", Limit(10, 2))
