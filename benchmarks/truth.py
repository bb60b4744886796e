"""Whether mdmentor finds in a generated vault exactly what the generator put there: `truth.py PROGRAM ...`.

A process of its own, because the answers of a large vault are large. Reads the truth as JSON from stdin;
prints nothing when all is right, else what differs, with exit code 1.
"""

from __future__ import annotations

import json
import subprocess
import sys


def main() -> None:
    truth = json.load(sys.stdin)
    reindexed = ask("reindex", "--full")
    found = {key: reindexed[key] for key in ("notes", "contacts", "posts")}
    links = ask("links")
    found |= {"links": len(links), "broken": sum(link["target"] is None for link in links)}
    del links
    problems = ask("check")["problems"]
    found |= {"invalid_yaml": len({p["path"] for p in problems if p["code"] == "yaml"})}
    wrong = [
        f"{key}: {found[key]} found, {truth[key]} put there" for key in found if found[key] != truth[key]
    ]
    if wrong:
        raise SystemExit("; ".join(wrong))


def ask(*words: str):  # type: ignore[no-untyped-def]  # JSON of each command's own shape
    done = subprocess.run([*sys.argv[1:], *words, "--json"], stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
