"""The command that files the lines of the inbox, asking for each of them on a terminal."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.options import ask_for_day, editing, json_option, today_option
from mdmentor.errors import RefusedToWrite, UnknownName

if TYPE_CHECKING:
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.inbox import Filing, Inbox
    from mdmentor.core.inbox import Proposal

_KEYS = "[c]reate a contact, [e]dit, [s]kip, [q]uit"


@click.command("inbox")
@click.option("--yes", is_flag=True, help="File every line that is clear, without asking.")
@json_option
@today_option
@editing
def inbox(editor: NoteEditor, as_json: bool, yes: bool) -> None:
    """Go through the lines under the heading Inbox of your home note, and file those you say yes to.

    On a terminal, press a key and Enter for each line: y files it, c creates a contact for it, e edits its words,
    s skips it, q quits. One undo takes back the whole run.

    \b
    Example:
      mdmentor inbox
      mdmentor inbox --yes
    """
    from mdmentor.actions.inbox import Filing, read_inbox

    found = read_inbox(editor)
    if as_json and not yes:
        output.json_document({"path": found.path, "lines": [_to_json(p) for p in found.proposals]})
        return
    if not found.proposals and not as_json:
        output.line(f"The inbox of {found.path} is empty." if found.path else "No note has a heading Inbox.")
    filing = Filing(editor, found)
    is_asked = not yes and sys.stdin.isatty()
    refused: list[RefusedToWrite] = []
    try:
        for proposal in found.proposals:
            if not as_json:
                _print_proposal(found, proposal)
            try:
                if is_asked and not _ask(filing, found, proposal):
                    break
                if yes and not proposal.why_not:
                    filing.add(proposal)
            except RefusedToWrite as error:
                output.say(f"  left there: {error}") if as_json else output.line(f"  left there: {error}")
                refused.append(error)
    finally:  # also after Ctrl-C at a question: what was said yes to is filed
        written = filing.carry_out()
        if as_json:
            output.json_document({"written": [line._asdict() for line in written]})
        else:
            output.lines(map(str, written))
    if refused:
        raise RefusedToWrite("not every line could be filed", "see above, then try again")
    if yes and any(proposal.doubt and proposal.people for proposal in found.proposals):
        what = "a line was left there, since it is not clear when it was"
        raise UnknownName(what, "write the day first, then try again")


def _ask(filing: Filing, found: Inbox, proposal: Proposal) -> bool:
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
                output.line(f"  {filing.create(name, datetime.now().astimezone())}: new contact")
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
        _print_proposal(found, proposal, words)


def _is_private(words: str) -> bool:
    from mdmentor.core.privacy import private_lines

    return bool(private_lines(words))


def _print_proposal(found: Inbox, proposal: Proposal, words: str = "") -> None:
    words = words or proposal.jotting.words
    hidden = "a private line" if _is_private(words) else ""
    output.line(f"{found.path}:{proposal.jotting.line}: {hidden or words}")
    if proposal.why_not:
        output.line(f"  left there: {proposal.why_not}")
        output.lines(f"    {path}" for path in proposal.candidates)
        return
    talk = proposal.capture
    when = talk.day.isoformat() if talk.day else "today"
    how = " ".join(filter(None, (when, talk.channel)))
    output.line(f"  {', '.join(proposal.people)}: {how}: {hidden or talk.text}")


def _to_json(proposal: Proposal) -> dict[str, object]:
    talk, is_private = proposal.capture, _is_private(proposal.jotting.words)
    return {
        "line": proposal.jotting.line,
        "words": "" if is_private else proposal.jotting.words,
        "people": list(proposal.people),
        "date": talk.day.isoformat() if talk.day else None,
        "channel": talk.channel,
        "text": "" if is_private else talk.text,
        "clear": not proposal.why_not,
        "why_not": proposal.why_not,
        "candidates": list(proposal.candidates),
    }
