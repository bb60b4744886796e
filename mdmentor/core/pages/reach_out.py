"""The page "Reach out next": today's few with why and with what, then what comes up, and nothing else.

Each of today's few is a task, with a small task below it for each thing owed and one to snooze. A tick on one of them
is carried out later from this very page, so the contact's path is in the link of the task and the day in the front
matter. Who is on the list was decided before; of a confidential note only the name is here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from mdmentor.core import pages
from mdmentor.core.entries import Card, Choice
from mdmentor.core.model import REACH_OUT, Assessment
from mdmentor.core.pages import Context, bullets, labelled, page, section
from mdmentor.core.ranking import DUTIES, TABLE, birthday_near
from mdmentor.core.text import day_text, listing, long_day, md, md_link, past_day, sentence
from mdmentor.core.ticks import KEPT, SETTLED, SNOOZE, THANKED, WISHED, label_of

MOST_COMING = 7
MOST_SNOOZED = 10

CAUGHT_UP = "All caught up."
FRESH_START = (
    "It has been quiet for a while, and that is fine. The list starts afresh, with what is owed first."
)
REST_CAN_WAIT = "The others can wait; they come up a few at a time."
HOW_TO_TICK = (
    "Tick a name once you have been in touch; anything you type after it goes into their log. A box below a name does "
    "that too, and settles what it says. You may change how long to snooze: “snooze until March”."
)
OVER = "Done for today."
TODAY = "Today"  # a heading only where ticks left over are above


# What a vault without any contact shows: how to make the first one.
_FIRST_STEPS = """\
There are no contacts here yet. A contact is a note about one person, in a folder named `people`. Nothing in it is \
required, and everything can be added later. Begin with somebody you would be glad to hear from: a former boss, a \
teacher, a colleague you have lost sight of.

Save this as `people/Ada Lovelace.md`, or let `mdmentor new contact "Ada Lovelace"` make the note:

```markdown
---
role: Head of analysis
company: Analytical Engines
cadence: quarterly
helps_with: [asking for a raise]
---
# Ada Lovelace

- [ ] send her the new plan

## Log
- {day} call: good advice #got
```

This page then says when to be in touch again, and with what."""


def render_reach_out(choice: Choice, cards: Mapping[str, Card], at: Context, left: Sequence[str] = ()) -> str:
    """The page for `choice`.

    `cards` holds, by path, everybody named in the choice; anybody without a card is shown by name only. `left` are
    the lines of `ticks.render_left`, for ticks that could not be carried out.
    """
    shown = cards, choice.suggestions, choice.coming_up, choice.snoozed, choice.also_due, choice.excluded
    if not any(shown):
        return page(REACH_OUT, [*left, _FIRST_STEPS.format(day=choice.today)], at)
    cards = {path: card for path, card in cards.items() if not card.person.contact.confidential}
    due = [s for s in choice.suggestions if s.pool != "spare"]
    spare = [s for s in choice.suggestions if s.pool == "spare"]
    welcome = "Nothing presses here; a word would still be welcome."
    good_moment = [welcome, "", *_tasks(spare, cards, at), "" if due else HOW_TO_TICK]
    coming = [one for one in choice.coming_up if not one.confidential]
    soon = [_coming(one, cards, at) for one in coming[:MOST_COMING]]
    lines = [
        *left,
        *_birthdays(choice, at),
        *([f"## {TODAY}", ""] if left else []),
        *([FRESH_START, ""] if choice.fresh_start and due else []),
        *_over(choice, at),
        *_tasks(due, cards, at),
        *([HOW_TO_TICK, ""] if due else []),
        *_also_due(choice, at),
        *section("A good moment", good_moment if spare else []),
        *section("Done today", [_done(one, cards, at) for one in choice.done]),
        *section("Coming up", soon),
        *section("Snoozed", _snoozed(choice, cards, at)),
    ]
    return page(REACH_OUT, lines, at, intro=f"{long_day(choice.today)}.")


def _birthdays(choice: Choice, at: Context) -> list[str]:
    """Today's birthdays and tomorrow's, a line each."""
    lines = []
    for one in choice.birthdays:
        when = "Today" if one.day == choice.today else "Tomorrow"
        age = f", turning {one.turns}" if one.turns else ""
        lines.append(f"- **{when}** is the birthday of {at.link(one.name, one.path)}{age}")
    return [*lines, ""] if lines else []


def _over(choice: Choice, at: Context) -> list[str]:
    """That today is over, with who comes tomorrow; or that there is nothing due at all."""
    if choice.is_over:
        names = [at.link(one.name, one.path) for one in choice.tomorrow]
        return [OVER, "", *([f"Tomorrow: {', '.join(names)}.", ""] if names else [])]
    return [CAUGHT_UP, ""] if choice.is_caught_up else []


def _also_due(choice: Choice, at: Context) -> list[str]:
    """Who is due and found no place, the first by name.

    After an absence without a count: a number of all that has gathered is what one came back to fear.
    """
    if choice.fresh_start or not choice.also_due:
        return [REST_CAN_WAIT, ""] if choice.also_due else []
    names = [at.link(one.name, one.path) for one in choice.others_due]
    more = choice.also_due - len(names)
    names += [f"{more} more"] if more else []
    return [f"Also due: {listing(names)}.", ""]


def _tasks(suggestions: Sequence[Assessment], cards: Mapping[str, Card], at: Context) -> list[str]:
    lines: list[str] = []
    for assessment in suggestions:
        card = cards.get(assessment.path)
        work = pages.work_text(card.person.contact) if card else ""
        about = [work, *_about(card, at)] if card else [pages.CONFIDENTIAL]
        boxes = boxes_of(card, at.today) if card else [SETTLED, SNOOZE]
        lines += [f"- [ ] **{md_link(assessment.name, at.folder, assessment.path)}**", *bullets(about, "  ")]
        lines += [*(f"  - [ ] {box}" for box in boxes), ""]
    return lines


def boxes_of(card: Card, today: date) -> list[str]:
    """The small tasks below a person: one for each thing owed, and one to snooze."""
    owed = {reason.kind for reason in card.assessment.reasons}
    mine = [promise for promise in card.person.promises if not promise.theirs and not promise.private]
    boxes = [f"{KEPT}: {md(label_of(promise.text))}" for promise in mine[: TABLE.promises_listed]]
    boxes += [THANKED] if "thanks" in owed else []
    birthday = card.person.contact.birthday
    born_on = birthday_near(birthday, today, TABLE) if birthday and "birthday" in owed else None
    boxes += [WISHED] if born_on and born_on <= today else []
    return [*boxes, SNOOZE]


def _about(card: Card, at: Context) -> list[str]:
    """What the page says about one person, a line each."""
    return [
        labelled("Why", pages.why_text(card)),
        pages.colleague_text(card),
        labelled("Last talk", pages.last_talk_text(card, partial(past_day, today=at.today))),
        *pages.owed_lines(card, partial(day_text, today=at.today)),
        labelled("You could say", f"“{md(card.opener)}”" if card.opener.strip() else ""),
        labelled("To read first", pages.posts_text(card.posts, at.folder, 3)),
        labelled("Reach", pages.reach_text(card.person.contact)),
    ]


def _snoozed(choice: Choice, cards: Mapping[str, Card], at: Context) -> list[str]:
    lines: list[str] = []
    snoozed = [one for one in choice.snoozed if not one.confidential]
    for assessment in snoozed[:MOST_SNOOZED]:
        lines.append(_listed(assessment, cards, at, assessment.snooze, "until "))
        if assessment.path in cards:
            owed = [r for r in assessment.reasons if r.points > 0 and r.kind in DUTIES]
            lines += [f"  - Held back: {md(sentence(reason.text))}" for reason in owed]
    return lines + pages.and_more(len(snoozed) - MOST_SNOOZED, "other")


def _listed(
    assessment: Assessment, cards: Mapping[str, Card], at: Context, day: date | None, until: str = ""
) -> str:
    """A name with a day; without the day where the note is confidential or nothing is known of it."""
    when = f", {until}{day_text(day, at.today)}" if day and assessment.path in cards else ""
    return f"- {at.link(assessment.name, assessment.path)}{when}"


def _done(assessment: Assessment, cards: Mapping[str, Card], at: Context) -> str:
    """A name with what the notes say of today."""
    line = _listed(assessment, cards, at, None)
    card = cards.get(assessment.path)
    said = pages.todays_words(card) if card else ""
    return f"{line}: {md(said)}" if said else line


def _coming(assessment: Assessment, cards: Mapping[str, Card], at: Context) -> str:
    """A name with the day and what comes then."""
    line = _listed(assessment, cards, at, assessment.due)
    return f"{line}: {md(assessment.coming)}" if assessment.coming and assessment.path in cards else line
