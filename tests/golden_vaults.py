"""The vaults of the golden tests, what is done with each, and the readable form of what comes out."""

from __future__ import annotations

import difflib
import hashlib
import re
import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.make_vault import Vault as GeneratedVault
from mdmentor.sample import copy_template
from tests.conftest import TODAY, VaultOnDisk, run_command

HERE = Path(__file__).parent
ON_TODAY = ("--today", TODAY.isoformat())
NOTES, SEED = 1_000, 7  # of the generated vault

Command = tuple[str, ...]


@dataclass(frozen=True)
class Replace:
    """What a user does in an editor: replaces a text that stands once or more in a note; "" means append."""

    path: str
    old: str
    new: str


Step = Command | Replace


@dataclass(frozen=True)
class Case:
    """A vault with the people, notes and words that commands are asked about, and edits, each list on a copy."""

    make: Callable[[Path], object]
    people: Sequence[str]
    notes: Sequence[str]
    words: Sequence[str]
    topics: Sequence[str]
    edits: Mapping[str, Sequence[Step]] = field(default_factory=dict)
    sample: frozenset[str] | None = None  # the outputs of which more than a digest is kept; None for all


# Making the vaults


def make_demo(root: Path) -> None:
    copy_template(root, TODAY, is_demo=True)


def make_from(name: str) -> Callable[[Path], object]:
    """Makes a copy of `tests/vaults/NAME`."""
    return lambda root: shutil.copytree(HERE / "vaults" / name, root, dirs_exist_ok=True)


def make_generated(root: Path) -> None:
    """A thousand notes, of which every fifth contact is given recent talks, promises, mentoring and privacy.

    Without these all contacts would be old ties, since the generated dates end some time before TODAY.
    """
    root.mkdir(parents=True, exist_ok=True)
    GeneratedVault(NOTES, SEED).write(str(root))
    people = sorted(root.glob("people/*/*.md"))
    for number, file in enumerate(people):
        if number % 5 == 0:
            _enrich(file, number // 5, people[(number * 7 + 1) % len(people)].stem)
    (root / "mdmentor.toml").write_bytes(
        b'[me]\nemployer = ["Globex"]\n[reach_out]\nper_day = 5\n[tiers]\ninner-circle = "2 weeks"\n'
    )
    for number, topic in enumerate(("hiring", "writing", "rust", "security")):
        active = "active: false\n" if number == 3 else ""
        _write(
            root / f"goals/Goal {number}.md",
            f"---\ntype: goal\ntopics: [{topic}]\n{active}---\n# About {topic}\n",
        )
    names = [file.stem for file in people]
    for number in range(10):
        day = TODAY - timedelta(days=3 * number + 1)
        lines = [f"- call with [[{names[number * 11]}]]: {word}" for word in ("plans", "thanks #got")]
        lines.append(
            f"- [ ] ask [[{names[number * 11 + 3]}]] for slides #waiting (by {day + timedelta(days=20)})"
        )
        _write(root / f"daily/{day}.md", "\n".join(lines) + "\n")
    blocks = "".join(
        f"<!-- mdmentor:{kind} -->\n<!-- /mdmentor -->\n\n" for kind in ("next", "backlinks", "related")
    )
    _write(
        root / "Home.md",
        f"# Home\n\n{blocks}## Inbox\n\n- {names[10]} coffee yesterday: good talk\n- nobody here\n",
    )


def _enrich(file: Path, number: int, other: str) -> None:
    data = file.read_bytes()
    newline = "\r\n" if b"\r\n" in data else "\n"
    lines = data.decode().split(newline)
    fields = (
        (f'introduced_by: "[[{other}]]"', "mentor: asked"),
        ("tier: inner-circle", "mentor: yes"),
        (f"snooze: {TODAY + timedelta(days=9)}", "source: teacher"),
        ("contact: never",),
        ("confidential: true",),
        (f"next: {TODAY + timedelta(days=number % 40)}", "mentor: past"),
        ("source: [boss, friend]", "phone: [0123, 0456]"),
    )[number % 7]
    end = lines.index("---", 1)
    lines[end:end] = fields
    log = lines.index("## Log") + 2
    day = TODAY - timedelta(days=(number * 5) % 200)
    mark = ("#got", "#gave", "#sent", "#thanked", "#private", "", "#mention")[number % 7]
    lines[log:log] = [f"- {day} call: about [[{other}]] {mark}".rstrip()]
    due = TODAY + timedelta(days=number % 30 - 10)
    lines += [f"- [ ] send the slides (due {due})", f"- [ ] a book #waiting 📅 {due}", ""]
    if number % 4 == 0:
        lines += ["<!-- mdmentor:card -->", "<!-- /mdmentor -->", ""]
    file.write_bytes(newline.join(lines).encode())


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


# Merges by the driver: the note as it was, our version and theirs

_NOTE = "---\nname: Ada\ntags: [person]\nrole: Analyst\nlast_contact: 2026-09-01\n---\n# Ada\n\n- [ ] send the paper\n\n## Log\n\n- 2026-09-01 call\n"
MERGES: dict[str, tuple[str, str, str]] = {
    "both sides log a talk and add a tag": (
        _NOTE,
        _NOTE.replace("- 2026-09-01 call\n", "- 2026-09-01 call\n- 2026-10-14 coffee: ours #got\n")
        .replace("[person]", "[person, maths]")
        .replace("2026-09-01\n---", "2026-10-14\n---"),
        _NOTE.replace("- 2026-09-01 call\n", "- 2026-09-01 call\n- 2026-10-01 mail: theirs\n")
        .replace("[person]", "[person, pay]")
        .replace("2026-09-01\n---", "2026-10-01\n---")
        .replace("[ ]", "[x]"),
    ),
    "both sides change one key": (_NOTE, _NOTE.replace("Analyst", "CTO"), _NOTE.replace("Analyst", "Head of analysis")),
    "one side deletes a line, the other changes it": (
        _NOTE,
        _NOTE.replace("- [ ] send the paper\n", ""),
        _NOTE.replace("send the paper", "send the second paper"),
    ),
    "a note without front matter": ("one\ntwo\nthree\n", "one\n2\nthree\n", "one\ntwo\nthree\nfour\n"),
    "front matter that cannot be read": (
        _NOTE.replace("[person]", "[person"), _NOTE.replace("[person]", "[person, ours"), _NOTE
    ),
}  # fmt: skip

# What is done with them

PAGE = "reach-out/Reach out next.md"

DEMO_EDITS: dict[str, Sequence[Step]] = {
    "log": (
        ("log", "Graham", "coffee yesterday: how to open the raise talk #got", *ON_TODAY),
        ("log", "Marta, Helen Marsh", "dinner last friday: plans, see [[Ask for a raise]]", *ON_TODAY),
        ("log", "Noor", "call", "--date", "14 oct", *ON_TODAY),
        ("log", "Yuki", "mail: sent the draft #sent", "--journal", *ON_TODAY),
        ("log", "people/Victor Lange.md", "tea in 3 days: too early", *ON_TODAY),
        ("log", "Nobody", "call", *ON_TODAY),
        ("log", "a", "call", *ON_TODAY),
        ("undo",),
        ("undo", "--redo"),
        ("reindex", *ON_TODAY),
    ),
    "new": (
        ("new", "contact", "Ada Lovelace", "--email", "ada@example.org"),
        ("new", "contact", "Someone Else", "--email", "marta@aldergrid.example"),
        ("new", "post", "How to write letters"),
        ("new", "goal", "Find a mentor"),
        ("new", "contact", "Graham Ellery"),
        ("new", "contact", "../outside"),
        ("undo",),
    ),
    "set": (
        ("set", "Graham", "cadence", "6 weeks", *ON_TODAY),
        ("set", "Graham", "helps_with", "--add", "negotiation", *ON_TODAY),
        ("set", "Graham", "role", "retired: hydrologist # and sailor", *ON_TODAY),
        ("set", "Graham", "introduced_by", "--remove", *ON_TODAY),
        ("set", "Graham", "birthday", "31 feb", *ON_TODAY),
        ("set", "Graham", "cadance", "monthly", *ON_TODAY),
        ("set", "Graham", "helps_with", "negotiation", "--remove", *ON_TODAY),
        ("set", "Helen", "mentor", "yes", *ON_TODAY),
    ),
    "snooze": (
        ("snooze", "Marta", *ON_TODAY),
        ("snooze", "Marta", "month", *ON_TODAY),
        ("snooze", "Leila", "until", "2026-12-24", *ON_TODAY),
        ("snooze", "Leila", "2020-01-01", *ON_TODAY),
        ("snooze", "Mateo", "off", *ON_TODAY),
        ("next", *ON_TODAY),
    ),
    "done": (
        ("done", "Marta", "one page", *ON_TODAY),
        ("done", "Leila", *ON_TODAY),
        ("done", "Leila", "no such words"),
        ("promises", *ON_TODAY),
    ),
    "rename": (
        ("rename", "Graham Ellery", "Graham E. Ellery", "--dry-run"),
        ("rename", "Graham Ellery", "Graham E. Ellery", "--keep-alias"),
        ("rename", "posts", "texts/advice"),
        ("rename", "Ruth Adeyemi", "Marta Lindqvist"),
        ("check", *ON_TODAY),
        ("undo",),
    ),
    "inbox": (
        Replace(
            "Home.md",
            "",
            "\n- Graham: call yesterday about charts\n- a line without a name\n- Marta coffee #got\n",
        ),
        ("inbox", *ON_TODAY),
        ("inbox", "--json", *ON_TODAY),
        ("inbox", "--yes", *ON_TODAY),
        ("undo",),
    ),
    "duplicates": (
        ("new", "contact", "G. Ellery"),
        ("duplicates", *ON_TODAY),
        ("duplicates", "--json", *ON_TODAY),
        ("distinct", "Graham Ellery", "G. Ellery", *ON_TODAY),
        ("duplicates", *ON_TODAY),
        ("distinct", "Graham Ellery", "G. Ellery", "--remove", "--json", *ON_TODAY),
        ("merge", "G. Ellery", "into", "Graham Ellery", *ON_TODAY),
        ("merge", "G. Ellery", "Graham Ellery", "--yes", "--json", *ON_TODAY),
        ("duplicates", *ON_TODAY),
        ("undo",),
    ),
    "triage": (
        ("triage", *ON_TODAY),
        ("triage", "--json", *ON_TODAY),
    ),
    "ticks": (
        Replace(
            PAGE,
            "- [ ] **[Marta Lindqvist](../people/Marta%20Lindqvist.md)**",
            "- [x] **[Marta Lindqvist](../people/Marta%20Lindqvist.md)** coffee, she laughed #gave",
        ),
        Replace(PAGE, "  - [ ] kept: send her", "  - [x] kept: send her"),
        ("next", *ON_TODAY),
        ("reindex", *ON_TODAY),
        Replace(PAGE, "  - [ ] snooze 2 weeks\n", "  - [x] snooze until March\n"),
        Replace(PAGE, "\n---\n", "\nsomething typed on the page\n\n---\n"),
        ("reindex", *ON_TODAY),
        ("next", "--json", *ON_TODAY),
        ("undo",),
        ("reindex", "--check", *ON_TODAY),
    ),
    "git": (
        ("git", "status"),
        ("git", "install", "--ignore-pages"),
        ("git", "install"),
        ("git", "status", "--json"),
        Replace(
            "people/Graham Ellery.md",
            "role: retired, was chief hydrologist\n",
            "<<<<<<< ours\nrole: hydrologist\n=======\nrole: sailor\n>>>>>>> theirs\n",
        ),
        ("reindex", *ON_TODAY),
        ("check", *ON_TODAY),
        ("log", "Graham", "call", *ON_TODAY),
        ("git", "resolve"),
        ("git", "resolve", "people/Graham Ellery.md", "--take", "ours"),
        ("git", "uninstall"),
    ),
}

ODD_EDITS: dict[str, Sequence[Step]] = {
    "edits": (
        ("log", "Grace", "call: words", *ON_TODAY),
        ("log", "Jose", "call: words", *ON_TODAY),
        ("log", "Ada", "call: words", *ON_TODAY),
        ("log", "Broken", "call: words", *ON_TODAY),
        ("log", "Latin", "call: words", *ON_TODAY),
        ("set", "Grace", "frequency", "monthly", *ON_TODAY),
        ("set", "Grace", "aliases", "--add", "Amazing", *ON_TODAY),
        ("set", "Jose", "phone", "0456", *ON_TODAY),
        ("set", "Ada", "birthday", "10 dec 1815", *ON_TODAY),
        ("done", "Grace", "paper", *ON_TODAY),
        ("snooze", "Grace", *ON_TODAY),
        ("rename", "Grace", "Grace Hopper"),
        ("reindex", *ON_TODAY),
        ("undo",),
    ),
    "new": (("new", "contact", "New Person"), ("undo",), ("undo", "--redo")),
}

GENERATED_EDITS: dict[str, Sequence[Step]] = {
    "edits": (
        ("log", "people/A/Alice Dibofibise", "call: words #got", *ON_TODAY),
        ("rename", "Farid Kotodabivi", "Farid K", "--keep-alias"),
        ("rename", "people/B", "people/bees"),
        ("inbox", "--yes", *ON_TODAY),
        ("reindex", *ON_TODAY),
        ("undo",),
    )
}

CASES: dict[str, Case] = {
    "demo": Case(
        make_demo,
        ("Graham", "Marta", "Leila Haddad", "Mateo", "Helen"),
        ("Ask for a raise", "Graham Ellery", "A raise at the next review", "2026-11-21"),
        ("raise", "séan", "letter boat"),
        ("negotiation", "good work"),
        DEMO_EDITS,
    ),
    "odd-notes": Case(
        make_from("odd-notes"),
        ("Grace", "Jose", "People/Ada Lovelace.md"),
        ("Afraid", "Grace", "Take it", "Merged"),
        ("grace", "jose"),
        ("fear",),
        ODD_EDITS,
    ),
    "generated": Case(
        make_generated,
        ("Alice Dibofibise", "Farid Kotodabivi", "Jonas Durugife", "Tess Dosomobote"),
        ("Goal 0", "Alice Dibofibise", "Home", "daily/2026-11-22.md"),
        ("slides", "kofi", "the and"),
        ("hiring", "open-source"),
        GENERATED_EDITS,
        frozenset({"reach-out/Reach out next.md", "reach-out/Mentors.md"}),
    ),
}
# a vault put there is tested at once, without names to ask about
for _folder in sorted((HERE / "vaults").iterdir()):
    CASES.setdefault(_folder.name, Case(make_from(_folder.name), (), (), (), ()))


def reading_commands(case: Case) -> Iterator[Command]:
    """Every command that only reads, with and without its options; names that do not exist too."""
    yield from (("next",), ("next", "-n", "1"), ("next", "-n", "30"))
    yield from (("next", "--topic", topic) for topic in (*case.topics, "no such topic"))
    yield from (("why", name) for name in (*case.people, "nobody at all", "a"))
    for name in case.people:
        yield from (("show", name), ("show", name, "--private"))
    yield ("show", "nobody at all")
    yield from (
        ("contacts",),
        ("contacts", "--due"),
        ("contacts", "--source", "friend"),
        ("contacts", "--tag", "friend"),
    )
    yield from (("contacts", "--topic", topic) for topic in case.topics)
    yield from (("mentors",), ("promises",), ("promises", "--mine"), ("promises", "--theirs"))
    yield from (("dates",), ("dates", "--days", "7"), ("dates", "--days", "400"))
    yield ("links",)
    for note in (*case.notes, "nothing at all"):
        yield from (("links", note, "--private"), ("backlinks", note), ("backlinks", note, "--private"))
        yield ("related", note)
    yield from (("search", *words.split()) for words in (*case.words, "nothing at all"))
    yield from (("search", words, "-n", "2", "--private") for words in case.words[:1])
    yield from (("topics",), ("check",), ("status",))
    yield from (("check", "--severity", severity) for severity in ("error", "warning", "hint"))
    yield ("reindex", "--check")


# What is in the JSON with these is in that without them, or of one note, as well.
_FILTERS = {"-n", "--due", "--source", "--tag", "--days", "--severity", "--mine", "--theirs"}


def transcripts(vault: VaultOnDisk, commands: Iterable[Command]) -> dict[str, str]:
    """For each command its runs with their output, as text and, where it holds more than others, as JSON."""
    texts: dict[str, str] = {}
    for command in commands:
        is_filtered = command == ("links",) or any(word in _FILTERS for word in command)
        for form in ((),) if is_filtered else ((), ("--json",)):
            shown = transcript(vault, (*command, *form), *ON_TODAY)
            texts[command[0]] = f"{texts.get(command[0], '')}{shown}\n"
    return texts


def transcript(vault: VaultOnDisk, command: Command, *hidden: str) -> str:
    """A command and what it prints: stdout as it is, stderr behind "! ", an exit code other than 0 at the end."""
    run = vault.run(*command, *hidden)
    words = "".join(f"! {line}\n" for line in run.err.splitlines())
    code = f"[exit {run.code}]\n" if run.code else ""
    return f"$ mdmentor {shlex.join(command)}\n{stable(run.out, vault)}{stable(words, vault)}{code}"


def edit_transcript(vault: VaultOnDisk, steps: Sequence[Step]) -> str:
    """The steps, each with what it prints and the difference it makes to the files of the vault."""
    shown = []
    before = files_of(vault.root)
    for step in steps:
        if isinstance(step, Replace):
            text = before[step.path].decode()
            assert step.old in text, f"{step.path} does not hold {step.old!r}"
            new = text.replace(step.old, step.new, 1) if step.old else text + step.new
            vault.add(step.path, new)
            head = f"(an editor saves {step.path})\n"
        else:
            head = transcript(vault, step)
        after = files_of(vault.root)
        shown.append(f"{head}{stable(difference(before, after), vault)}\n")
        before = after
    text = "".join(shown)
    if any(
        step[0] == "new" for step in steps if isinstance(step, tuple)
    ):  # which asks the clock, as it has no --today
        text = text.replace(date.today().isoformat(), "CLOCK-DAY")  # noqa: DTZ011
    return text


def first_difference(old: str, new: str) -> str:
    """The first lines in which two texts differ, for the message of a failed test."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), "expected", "now", n=1, lineterm="")
    return "\n".join(islice(lines, 60))


def files_of(root: Path) -> dict[str, bytes]:
    """The files of a vault, without what git keeps."""
    found = (f for f in sorted(root.rglob("*")) if f.is_file() and ".git" not in f.relative_to(root).parts)
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in found}


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """A unified diff of one line of context, without that of pictures.

    A deleted file whose bytes are elsewhere now is shown as moved.
    """
    shown = []
    gone = {data: path for path, data in before.items() if path not in after}
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        if old is None and new in gone:
            shown.append(f"moved: {gone[new]} -> {path}\n")
            continue
        if new is None and old in after.values():
            continue
        if path.endswith(".svg") and old is not None and new is not None:
            shown.append(f"changed: {path}, digest {digest(new.decode())}\n")
            continue
        lines = difflib.unified_diff(
            _lines(old), _lines(new), path if old is not None else "(none)", path if new is not None else "(none)",
            n=1, lineterm="",
        )  # fmt: skip
        shown.extend(f"{line}\n" for line in lines)
    return "".join(shown)


def _lines(data: bytes | None) -> list[str]:
    """The lines of a file as text; a line that ends in CRLF, or is not ended at all, is seen to."""
    if not data:
        return []
    text = data.decode("utf-8", "backslashreplace").replace("\r", "\\r").replace("\ufeff", "\\ufeff")
    *lines, rest = text.split("\n")
    return [*lines, f"{rest} (no newline at the end)"] if rest else lines


_VARYING = (
    (re.compile(r'"(seconds|bytes)": [0-9.]+'), r'"\1": N'),
    # where these lines are broken depends on the lengths of the paths
    (re.compile(r"(?m)^Vault:\s+VAULT$"), "Vault: VAULT"),
    (re.compile(r"(?ms)^Index:.*?:\d\d:\d\d$"), "Index: CACHE/INDEX.sqlite (N MB), last changed MOMENT"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00:00"), "MOMENT"),
)


def stable(text: str, vault: VaultOnDisk) -> str:
    """The text without what differs from run to run and from machine to machine."""
    for folder, name in ((vault.root.resolve(), "VAULT"), (vault.cache.resolve(), "CACHE")):
        text = text.replace(str(folder), name)
    text = re.sub(r"CACHE/[0-9a-f]{16}", "CACHE/INDEX", text)
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return text


def plain_transcript(folder: Path, command: Command) -> str:
    """As `transcript`, of a command that is not given a vault; run in the current folder, which `folder` is."""
    run = run_command(folder / "cache", *command)
    words = "".join(f"! {line}\n" for line in run.err.splitlines())
    code = f"[exit {run.code}]\n" if run.code else ""
    return f"$ mdmentor {shlex.join(command)}\n{run.out}{words}{code}".replace(str(folder), "FOLDER")


def digests(texts: Mapping[str, str]) -> str:
    """A line for each text, and one for each command of a transcript."""
    lines = []
    for path, text in texts.items():
        lines.append(f"{digest(text)} {path}\n")
        runs = re.split(r"(?m)^(?=\$ mdmentor )", text)[1:]
        lines.extend(f"  {digest(run)} {run.partition(chr(10))[0]}\n" for run in runs)
    return "".join(lines)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
