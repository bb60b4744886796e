"""Commands that ask about one thing after the other on a terminal: the lines of the inbox, and how often to be in touch."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import output
from mdmentor.cli.options import ask_for_day, clock_on, editing
from mdmentor.core.privacy import private_lines
from mdmentor.core.text import ago, counted, every, plain_words, sentence
from mdmentor.core.trust import COLLEAGUE
from mdmentor.errors import RefusedToWrite, UnknownName

if TYPE_CHECKING:
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.inbox import Filing
    from mdmentor.actions.triage import Triage, Unsorted
    from mdmentor.core.inbox import Proposal

_KEYS = "[c]reate a contact, [e]dit, [s]kip, [q]uit"
ANSWERS = {"c": "close", "w": "warm", "a": "casual", "n": "never"}
_PROMPT = "  c close, w warm, a casual, n never, s skip, u undo, q quit: "
_ENDS = ("q", "\x03", "\x04", "")  # Ctrl-C and Ctrl-D where the terminal passes them on, and the end of input
_REST_OF_KEY = 0.05  # seconds in which the rest of an arrow key arrives


@click.command("inbox")
@click.option("--yes", is_flag=True, help="File every line that is clear, without asking.")
@editing
def inbox(editor: NoteEditor, as_json: bool, yes: bool) -> Any:
    """Go through the lines under the heading Inbox of your home note, and file those you say yes to.

    On a terminal, press a key and Enter for each line: y files it, c creates a contact for it, e edits its words,
    s skips it, q quits. One undo takes back the whole run.

    \b
    Example:
      mdmentor inbox
      mdmentor inbox --yes
    """
    from mdmentor.actions.inbox import Filing

    filing = Filing(editor)
    if as_json and not yes:
        return {"path": filing.path, "lines": [_proposal_json(p) for p in filing.proposals]}
    if not filing.proposals and not as_json:
        output.line(
            f"The inbox of {filing.path} is empty." if filing.path else "No note has a heading Inbox."
        )
    is_asked = not yes and sys.stdin.isatty()
    is_refused = False
    try:
        for proposal in filing.proposals:
            if not as_json:
                _print_proposal(filing, proposal)
            try:
                if is_asked and not _ask_about(filing, proposal):
                    break
                if yes and not proposal.why_not:
                    filing.add(proposal)
            except RefusedToWrite as error:
                output.say(f"  left there: {error}") if as_json else output.line(f"  left there: {error}")
                is_refused = True
    finally:  # also after Ctrl-C at a question: what was said yes to is filed
        written = filing.carry_out()
        if as_json:
            output.json_document({"written": [line._asdict() for line in written]})
        else:
            output.lines(map(str, written))
    if is_refused:
        raise RefusedToWrite("not every line could be filed", "see above, then try again")
    if yes and any(proposal.doubt and proposal.people for proposal in filing.proposals):
        what = "a line was left there, since it is not clear when it was"
        raise UnknownName(what, "write the day first, then try again")


def _ask_about(filing: Filing, proposal: Proposal) -> bool:
    """Asks what to do with a line until it is done with; False to quit. Raises RefusedToWrite."""
    from mdmentor.core.inbox import guess_name

    words = proposal.jotting.words
    while True:
        can_file = not proposal.why_not or (proposal.doubt is not None and bool(proposal.people))
        default = "y" if can_file else "s"
        question = f"  File it? [y]es, {_KEYS}" if can_file else f"  {_KEYS}"
        key = click.prompt(question, default=default, prompt_suffix=": ", err=True).strip().lower()[:1]
        try:
            if key == "y" and can_file:
                day = ask_for_day(proposal.words, filing.today)
                filing.add(filing.propose(proposal, words, day) if day else proposal, day)
                return True
            if key in ("s", "n"):
                return True
            if key == "q":
                return False
            if key == "c":
                name = click.prompt("  Name", default=guess_name(words) or None, err=True)
                output.line(f"  {filing.create(name, clock_on(filing.today))}: new contact")
            elif key == "e":
                words = click.prompt("  Words", default=words, show_default=False, err=True)
            else:
                output.say(f"  {_KEYS}")
                continue
        except (UnknownName, RefusedToWrite) as error:
            if key != "c" and isinstance(error, RefusedToWrite):
                raise
            output.say(f"  {error}")
            continue
        proposal = filing.propose(proposal, words)
        _print_proposal(filing, proposal, words)


def _print_proposal(filing: Filing, proposal: Proposal, words: str = "") -> None:
    words, talk = words or proposal.jotting.words, proposal.capture
    hidden = "a private line" if private_lines(words) else ""
    output.line(f"{filing.path}:{proposal.jotting.line}: {hidden or words}")
    if proposal.why_not:
        output.line(f"  left there: {proposal.why_not}")
        output.lines(f"    {path}" for path in proposal.candidates)
        return
    how = " ".join(filter(None, (output.day(talk.day) or "today", talk.channel)))
    output.line(": ".join(filter(None, (f"  {', '.join(proposal.people)}", how, hidden or talk.text))))


def _proposal_json(proposal: Proposal) -> dict[str, object]:
    talk, is_private = proposal.capture, bool(private_lines(proposal.jotting.words))
    return {
        "line": proposal.jotting.line,
        "words": "" if is_private else proposal.jotting.words,
        "people": proposal.people,
        "date": output.day(talk.day) or None,
        "channel": talk.channel,
        "text": "" if is_private else talk.text,
        "clear": not proposal.why_not,
        "why_not": proposal.why_not,
        "candidates": proposal.candidates,
    }


@click.command("triage")
@editing
def triage(editor: NoteEditor, as_json: bool) -> Any:
    """Say how often you wish to be in touch, for everybody whose note says neither a cadence nor a tier.

    The people your notes mention most come first, and one key is enough for each: close, warm, casual, never, or
    skip. Each answer is written into the note at once; u takes the last one back, and q quits: next time you go on
    from there. Without a terminal it prints the list.

    \b
    Example:
      mdmentor triage
    """
    from mdmentor.actions.triage import Triage

    session = Triage(editor)
    if as_json:
        return map(_unsorted_json, session.people)
    if not session.left:
        count = sum(1 for _ in editor.queries.contacts())
        why = f"{counted(count, 'contact')}, each with a cadence or a tier, or never suggested."
        output.line(f"Nobody to sort: {why if count else 'there are no contacts yet; see: mdmentor status'}")
    elif sys.stdin.isatty() and output.is_terminal():
        _ask_for_tiers(editor, session)
    else:
        rows = []
        for who in session.people:
            numbers = str(who.talks), str(who.backlinks), output.day(who.last_contact)
            rows.append((who.path, (who.name, *numbers, _work(who), who.path)))
        colleagues = {who.path for who in session.people if who.colleague}
        output.people_table(("Name", "Talks", "Links", "Last contact", "Work", "Note"), rows, colleagues)
        output.say("on a terminal, mdmentor triage asks for each of them")


def _work(who: Unsorted) -> str:
    return ", ".join(filter(None, (who.role, " and ".join(who.company))))


def _ask_for_tiers(editor: NoteEditor, session: Triage) -> None:
    """Asks for one person after the other, until all had their turn or the user leaves."""
    _print_keys(editor, session.left)
    try:
        with _keys() as next_key:
            while who := session.current(output.say):
                _print_person(who, session.left, editor.queries.today)
                key = ""
                while key not in (*ANSWERS, "s", "u"):
                    click.echo(_PROMPT if not key else "", nl=False)
                    key = next_key().lower()
                    if key in _ENDS:
                        output.line("quit")
                        return
                    key = key if key.isprintable() else " "
                _take(session, key)
    except KeyboardInterrupt:
        output.line()
        raise
    finally:
        output.line()
        end = f"{session.left} left; go on with: mdmentor triage"
        output.line(f"{session.sorted} sorted, {end if session.left else 'nobody left. Next: mdmentor next'}")


def _take(session: Triage, key: str) -> None:
    """Carries out what one key says."""
    try:
        if key == "s":
            session.skip()
            output.line("skip")
        elif key == "u":
            name = session.undo()
            output.line(f"undo: {name} again" if name else "nothing to undo")
        else:
            written = session.answer(ANSWERS[key])
            output.line(ANSWERS[key] if written else "left as it is: the note was changed meanwhile")
    except RefusedToWrite as error:
        output.line(f"left as it is: {error}")


def _print_keys(editor: NoteEditor, count: int) -> None:
    from mdmentor.actions.triage import days_of

    people = counted(count, "person has", "people have")
    output.paragraph(f"{people} no cadence and no tier yet. How often do you wish to be in touch?")
    for key, tier in ANSWERS.items():
        often = "do not suggest them" if tier == "never" else every(days_of(editor.queries, tier))
        output.line(f"  {key}  {tier}: {often}")
    output.line("  s  skip: they come up again later")
    output.line("  u  undo the last one")
    output.line("  q  quit; what you said is kept, and you can go on at any time")


def _print_person(who: Unsorted, left: int, today: date) -> None:
    work = _work(who)
    output.line()
    output.paragraph(f"{who.name}{f', {work}' if work else ''} ({left} left)", "  ", first="")
    if who.confidential:
        output.line("  confidential")
        return
    if who.colleague:
        output.paragraph(sentence(COLLEAGUE), "  ")
    if talk := who.last_talk:
        words = ": ".join(filter(None, (talk.channel, plain_words(talk.text))))
        text = f"Last talk {ago(talk.date, today)}, {talk.date.isoformat()} {words}"
        output.paragraph(text.strip(), "    ", first="  ")
    elif who.last_contact:
        output.line(f"  Last contact {ago(who.last_contact, today)}, {who.last_contact.isoformat()}")
    output.line(f"  {counted(who.talks, 'talk')}, linked from {counted(who.backlinks, 'line')}")


@contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """A function that waits for one key, without Enter. What is typed ahead waits its turn."""
    try:
        import termios
        import tty
    except ImportError:  # on Windows, where click reads keys in another way
        yield click.getchar
        return
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    tty.setcbreak(handle, termios.TCSADRAIN)
    try:
        yield lambda: _read_key(handle)
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _read_key(handle: int) -> str:
    """One key; a blank for one of several bytes, such as an arrow, and "" at the end of input."""
    sys.stdout.flush()
    data = os.read(handle, 1)
    if data != b"\x1b":
        return data.decode("ascii", "replace")
    if _read_rest(handle) in (b"[", b"O"):
        while (data := _read_rest(handle)) and not 0x40 <= data[0] <= 0x7E:  # ends with a letter or "~"
            pass
    return " "


def _read_rest(handle: int) -> bytes:
    """The next byte of the same key; nothing where none arrives at once."""
    return os.read(handle, 1) if select.select([handle], [], [], _REST_OF_KEY)[0] else b""


def _unsorted_json(who: Unsorted) -> dict[str, object]:
    talk = who.last_talk
    last = talk and {"date": talk.date.isoformat(), "channel": talk.channel, "text": talk.text}
    return {**who._asdict(), "last_contact": output.day(who.last_contact) or None, "last_talk": last}
