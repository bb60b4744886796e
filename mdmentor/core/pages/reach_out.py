"""The page "Reach out next": today's few with why and with what, then what comes up, and nothing else.

Each of today's few is a task with three small tasks below it. A tick on one of them is carried out later
from this very page, so the contact's path stands in the link of the task and the day in the front matter.
Who is on the list was decided before; of a confidential note nothing but the name stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mdmentor.core.model import REACH_OUT, Assessment, Card, Choice
from mdmentor.core.pages import person
from mdmentor.core.pages.page import page
from mdmentor.core.pages.person import labelled
from mdmentor.core.text import ago, counted, day_text, long_day, md, md_link
from mdmentor.core.ticks import DONE, SKIP, TICKS

_OWED = frozenset({"promise", "new", "thanks", "birthday"})
MOST_COMING = 7
MOST_SNOOZED = 10

CAUGHT_UP = "All caught up."
FRESH_START = (
    "It has been quiet for a while, and that is fine. The list starts afresh, with what is owed first."
)
REST_CAN_WAIT = "The others can wait; they come round a few a day."
HOW_TO_TICK = (
    f"Tick “{DONE}” once you have, with a few words behind it if you like: they go into the log of the note. "
    f"Type the words first. “{SKIP}” asks again in a week."
)
TODAY = "Today"  # a heading only where the ticks left over stand above


def render_reach_out(
    choice: Choice,
    cards: Mapping[str, Card],
    folder: str,
    pages: Sequence[str],
    left: Sequence[str] = (),
) -> str:
    """The page for `choice`, to lie in `folder`; `pages` are the titles of the pages there are.

    `cards` holds, by path, everybody named in the choice; who has no card is told by name only. `left` are
    the lines of `ticks.render_left`, for ticks that could not be carried out.
    """
    if _is_empty(choice, cards):
        return page(REACH_OUT, [*left, *_first_steps(choice.today)], pages=pages, day=choice.today)
    due = [s for s in choice.suggestions if s.pool != "spare"]
    spare = [s for s in choice.suggestions if s.pool == "spare"]
    lines: list[str] = [*left, *([f"## {TODAY}", ""] if left else [])]
    if choice.fresh_start and due:
        lines += [FRESH_START, ""]
    if choice.is_caught_up:
        lines += [CAUGHT_UP, ""]
    lines += _tasks(due, cards, folder)
    if due:
        lines += [HOW_TO_TICK, ""]
    if choice.also_due and choice.fresh_start:
        lines += [REST_CAN_WAIT, ""]  # a count of all that has gathered is what one came back to fear
    elif choice.also_due:
        lines += [f"Also due: {choice.also_due} more.", ""]
    if spare:
        lines += ["## A good moment", "", "Nothing is owed here; a word would still be welcome.", ""]
        lines += _tasks(spare, cards, folder)
        lines += [] if due else [HOW_TO_TICK, ""]
    lines += _coming_up(choice, cards, folder)
    lines += _snoozed(choice, cards, folder)
    lines += person.colleague_foot(lines)
    return page(REACH_OUT, lines, intro=f"{long_day(choice.today)}.", pages=pages, day=choice.today)


def _tasks(suggestions: Sequence[Assessment], cards: Mapping[str, Card], folder: str) -> list[str]:
    lines: list[str] = []
    for assessment in suggestions:
        if _may_tell(assessment, cards):
            lines += _suggestion(cards[assessment.path], folder)
        else:
            lines += [f"- [ ] **{_link(assessment, folder)}**", f"  - {person.CONFIDENTIAL}"]
        lines += [*(f"  - [ ] {tick}" for tick in TICKS), ""]
    return lines


def _suggestion(card: Card, folder: str) -> list[str]:
    """The task of one person and what is told of them, a list item each."""
    today = card.assessment.today
    contact = card.person.contact

    def soon(day: date) -> str:
        return day_text(day, today)

    def past(day: date) -> str:
        return f"{day_text(day, today)}, {ago(day, today)}"

    told = [
        labelled("Why", person.why_text(card)),
        person.inside_text(card),
        labelled("Last talk", person.last_talk_text(card, past)),
        *person.owed_lines(card, soon),
        labelled("You could say", f"“{md(card.opener)}”" if card.opener.strip() else ""),
        labelled("To read first", person.posts_text(card.posts, folder, 3)),
        labelled("Reach", person.reach_text(contact)),
    ]
    work = person.work_text(contact)
    name = f"- [ ] **{person.person_link(card, folder)}**"
    return [f"{name} · {work}" if work else name, *(f"  - {line}" for line in told if line)]


def _coming_up(choice: Choice, cards: Mapping[str, Card], folder: str) -> list[str]:
    if not choice.coming_up:
        return []
    lines = ["## Coming up", ""]
    for assessment in choice.coming_up[:MOST_COMING]:
        when = day_text(assessment.due, choice.today) if assessment.due else ""
        lines.append(_listed(assessment, cards, folder, when))
    return [*lines, ""]


def _snoozed(choice: Choice, cards: Mapping[str, Card], folder: str) -> list[str]:
    if not choice.snoozed:
        return []
    lines = ["## Snoozed", ""]
    for assessment in choice.snoozed[:MOST_SNOOZED]:
        until = f"until {day_text(assessment.snooze, choice.today)}" if assessment.snooze else ""
        lines.append(_listed(assessment, cards, folder, until))
        if _may_tell(assessment, cards):
            owed = (r for r in assessment.reasons if r.points > 0 and r.kind in _OWED)
            lines += [f"  - Held back: {md(person.sentence(reason.text))}" for reason in owed]
    if len(choice.snoozed) > MOST_SNOOZED:
        lines.append(f"- and {counted(len(choice.snoozed) - MOST_SNOOZED, 'other')}")
    return [*lines, ""]


def _listed(assessment: Assessment, cards: Mapping[str, Card], folder: str, when: str) -> str:
    """A name with a day; without the day where the note is confidential or nothing is known of it."""
    link = _link(assessment, folder)
    if not _may_tell(assessment, cards):
        return f"- {link}"
    link += person.colleague_mark(cards[assessment.path].colleague)
    return f"- {link}, {when}" if when else f"- {link}"


def _may_tell(assessment: Assessment, cards: Mapping[str, Card]) -> bool:
    card = cards.get(assessment.path)
    return card is not None and not card.person.contact.confidential


def _link(assessment: Assessment, folder: str) -> str:
    return md_link(assessment.name, folder, assessment.path)


def _is_empty(choice: Choice, cards: Mapping[str, Card]) -> bool:
    told = (cards, choice.suggestions, choice.coming_up, choice.snoozed, choice.also_due, choice.excluded)
    return not any(told)


def _first_steps(today: date) -> list[str]:
    """What a vault without any contact shows: how to make the first one."""
    return [
        "There are no contacts here yet. A contact is a note about one person, in a folder named `people`. "
        "Nothing in it is required, and everything can be added later. Begin with somebody you would be glad "
        "to hear from: a former boss, a teacher, a colleague you have lost sight of.",
        "",
        'Save this as `people/Ada Lovelace.md`, or let `mdmentor new contact "Ada Lovelace"` make the note:',
        "",
        "```markdown",
        "---",
        "role: Head of analysis",
        "company: Analytical Engines",
        "cadence: quarterly",
        "helps_with: [asking for a raise]",
        "---",
        "# Ada Lovelace",
        "",
        "- [ ] send her the new plan",
        "",
        "## Log",
        f"- {today.isoformat()} call: good advice #got",
        "```",
        "",
        "This page then says when to be in touch again, and with what.",
    ]
