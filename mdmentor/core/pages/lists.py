"""The pages "Dates", "Posts and people" and "Problems": plain lists, each line with its place.

What is on them was decided before, and relations come without anything of private or confidential notes. The page of
problems is calm on purpose: nothing there stops anything else, and it is only made while there is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import filterfalse, groupby

from mdmentor.core.entries import GoalEntry, Mention, Occasion, PostEntry
from mdmentor.core.model import DATES, ERROR, HINT, POSTS, PROBLEMS, WARNING, Problem, Relation
from mdmentor.core.pages import CONFIDENTIAL, Context, and_more, page, related_lines, section
from mdmentor.core.text import (
    counted,
    day_text,
    long_day,
    md,
    md_link,
    month_text,
    plain_words,
    shorten,
    weekday_text,
)

_TEXT_LENGTH = 160
_MOST_DAYS = 120  # more is a list that nobody reads
_MOST_NAMES = 30
_MANY = 4  # so many problems of a kind are one line
_PLACES = 8  # that such a line names besides the first
_OWN_WORDS = r'"[^"]*"|\[\[.*?\]\]|\d+'  # what differs in problems of a kind
# The word for a day where its kind is not the word.
_KINDS = {"next": "the day you chose to be in touch", "plan": "", "promise": ""}
_SEVERITIES = (
    (ERROR, "Fix first", "These keep a note, or a part of it, from being read."),
    (WARNING, "Worth a look", "Read, but perhaps not as you meant it."),
    (HINT, "Hints", "These need no fix; they only help."),
)
# People, posts and talks shown of one post or goal; of the others the number.
MOST_FOR_A_POST = 5
MOST_FOR_A_GOAL = 8
MOST_MENTIONS = 5
_NOTHING_YET = (
    "A post is a note in a folder named `posts`: an article worth keeping, or your own words. Give it "
    "`topics`, or link it in a log (`see [[Ask for a raise]]`), and this page says who can help with it "
    "and where it came up."
)


def render_dates(occasions: Sequence[Occasion], at: Context, days: int = 60) -> str:
    """The page for `occasions`, in their order, of the `days` days from today on."""
    if not occasions:
        return page(DATES, [f"No birthday, plan or promise falls in the next {days} days."], at)
    lines: list[str] = []
    for month, of_month in groupby(occasions[:_MOST_DAYS], key=lambda o: month_text(o.day)):
        lines += section(month, (_date(occasion, at) for occasion in of_month))
    if more := len(occasions[_MOST_DAYS:]):
        lines.append(f"And {more} more in these days: `mdmentor dates` lists them all.")
    return page(DATES, lines, at, intro=f"The {days} days from {long_day(at.today)}.")


def _date(occasion: Occasion, at: Context) -> str:
    words = (_KINDS.get(occasion.kind, occasion.kind), shorten(occasion.text, _TEXT_LENGTH))
    text = ", ".join(filter(None, words)) or occasion.kind
    day = "Today" if occasion.day == at.today else f"{weekday_text(occasion.day)[:3]} {occasion.day.day}"
    return f"- **{day}** {at.link(occasion.name, occasion.path)}: {md(text)}"


def render_problems(problems: Sequence[Problem], total: int, at: Context) -> str:
    """The page for `problems`, worst first, then by note; `total` counts those left out here, too."""
    if not problems:
        return page(PROBLEMS, ["No problems."], at)
    loose = sorted(filter(_is_placeholder, problems), key=_by_place)
    problems = sorted(filterfalse(_is_placeholder, problems), key=_by_place)
    total -= len(loose)
    lines: list[str] = []
    for severity, title, meaning in _SEVERITIES:
        below: list[str] = []
        of_severity = [problem for problem in problems if problem.severity == severity]
        kinds: dict[tuple[str, str], list[Problem]] = {}
        for problem in of_severity:
            kinds.setdefault((problem.code, re.sub(_OWN_WORDS, "", problem.what)), []).append(problem)
        many = [of_kind for of_kind in kinds.values() if len(of_kind) >= _MANY]
        below += [*(_many_of_a_kind(of_kind, at) for of_kind in many), ""]
        in_a_line = {id(problem) for of_kind in many for problem in of_kind}
        alone = [problem for problem in of_severity if id(problem) not in in_a_line]
        for path, of_note in groupby(alone, key=lambda p: p.path):
            below += [f"### {md_link(path or 'the vault', at.folder, path)}", "", *map(_problem, of_note), ""]
        lines += section(title, [meaning, "", *below] if of_severity else [])
    if total > len(problems):
        lines.append(f"{counted(total - len(problems), 'more problem')}: `mdmentor check` lists them all.")
    worse = sum(problem.severity != HINT for problem in problems)
    # what is left out is no worse than the last problem here, and names without a note come last
    things = total if worse == len(problems) and not loose else worse
    intro = "All notes could be read. Nothing here needs fixing, but it may be worth knowing."
    if things:
        intro = f"{counted(things, 'thing')} in your notes could not be read as you meant it. What you fix disappears on the next run."
    lines += section("Names without a note", _placeholders(loose, at))
    return page(PROBLEMS, lines, at, intro=intro)


def _is_placeholder(problem: Problem) -> bool:
    """True for a link to a name that no note has and that looks like no other: perhaps a note to be."""
    return problem.code == "missing-note" and "did you mean" not in problem.fix


def _placeholders(loose: Sequence[Problem], at: Context) -> list[str]:
    """A line for each name linked often, one for all others: a vault may link names for years without notes for them."""
    if not loose:
        return []
    named: dict[str, list[Problem]] = {}
    for problem in loose:
        named.setdefault(problem.name or "a link on a private line", []).append(problem)
    lines = ["Linked, but with no note yet, which is fine.", ""]
    by_use = sorted(named.items(), key=lambda item: (-len(item[1]), item[0].casefold(), item[0]))
    once = [(name, places[0]) for name, places in by_use if len(places) == 1]
    once = once if len(once) >= _MANY else []
    for name, places in by_use[: min(_MOST_NAMES, len(by_use) - len(once))]:
        first = places[0]
        often = f"{counted(len(places), 'link')}, first in" if len(places) > 1 else "in"
        lines.append(f"- {md(name)}: {often} {md_link(first.path, at.folder, first.path)}, line {first.line}")
    if once:
        links = [md_link(name, at.folder, place.path) for name, place in once[:_MOST_NAMES]]
        lines.append(f"- Once each, in the notes that these lead to: {', '.join(links)}")
    shown = min(_MOST_NAMES, len(by_use) - len(once)) + min(_MOST_NAMES, len(once))
    if more := len(by_use) - shown:
        lines += ["", f"And {counted(more, 'name')} more: `mdmentor check` lists them all."]
    return lines


def _by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.path, problem.line, problem.column, problem.code, problem.what


def _many_of_a_kind(problems: Sequence[Problem], at: Context) -> str:
    """The first of them in words, the others by their places."""
    first, others = problems[0], [f"{_place(p, at)}, line {p.line}" for p in problems[1 : _PLACES + 1]]
    more = len(problems) - 1 - len(others)
    text = md("; ".join(filter(None, (first.what, first.fix))))
    also = f"{'; '.join(others)}{f'; and {more} more' if more else ''}"
    place = f"{_place(first, at)}, line {first.line}"
    return f"- {place}: {text}. The same, {len(problems) - 1} times more: {also}"


def _place(problem: Problem, at: Context) -> str:
    return md_link(problem.path or "the vault", at.folder, problem.path)


def _problem(problem: Problem) -> str:
    column = f", column {problem.column}" if problem.column > 1 else ""
    return f"- Line {problem.line}{column}: {md('; '.join(filter(None, (problem.what, problem.fix))))}"


def render_posts(posts: Sequence[PostEntry], goals: Sequence[GoalEntry], more: int, at: Context) -> str:
    """The page for these posts and live goals, in their order; `more` is how many posts are left out."""
    lines = [
        *section("Your goals", [line for goal in goals for line in _goal(goal, at)]),
        *section("Posts", [line for post in posts for line in _post(post, at)]),
    ] or [_NOTHING_YET]
    if more:
        rest = f"{counted(more, 'other post')} in the vault {'is' if more == 1 else 'are'} not listed here."
        lines += ["", rest]
    return page(POSTS, lines, at)


def _goal(entry: GoalEntry, at: Context) -> list[str]:
    goal = entry.goal
    lines = [f"### {md_link(goal.title, at.folder, goal.path)}", ""]
    if goal.confidential:
        return [*lines, CONFIDENTIAL, ""]
    if entry.people:
        lines += _relations("Who can help:", entry.people, MOST_FOR_A_GOAL, at)
    else:
        what = _topics(goal.topics) or "this"
        lines += [f"Nobody in your notes is known to help with {what} yet. Who might know somebody?", ""]
    return lines + _relations("To read first:", entry.posts, MOST_FOR_A_POST, at)


def _post(entry: PostEntry, at: Context) -> list[str]:
    lines = [f"### {md_link(entry.title, at.folder, entry.path)}", ""]
    if entry.confidential:
        return [*lines, CONFIDENTIAL, ""]
    topics = _topics(entry.topics)
    lines += [f"About {topics}." if topics else "", ""]
    newest = sorted(entry.mentions, key=lambda m: (-m.day.toordinal(), m.name.casefold(), m.path, m.line))
    talks = newest[:MOST_MENTIONS]
    helpers = entry.people[:MOST_FOR_A_POST]
    if helpers:
        lines += ["Who can help:", ""]
        for one in helpers:
            theirs = [talk for talk in talks if talk.contact == one.path]
            lines += related_lines([_without_talks(one, theirs)], at)
            lines += [f"  - {_day_and_words(talk, entry.title, at)}" for talk in theirs]
        lines += [*and_more(len(entry.people) - len(helpers), "other", ": `mdmentor related` lists all"), ""]
    known = {one.path for one in helpers}
    others = [talk for talk in talks if talk.contact not in known]
    below = [f"- {at.link(one.name, one.contact)}, {_day_and_words(one, entry.title, at)}" for one in others]
    below += and_more(len(newest) - len(talks), "earlier talk")
    if below:
        lines += ["Where it came up:" if others else "", "", *below, ""]
    return lines if helpers or below else [*lines, "Nobody is linked with it yet.", ""]


def _without_talks(one: Relation, talks: Sequence[Mention]) -> Relation:
    """The relation without the reasons that the talks below it tell again."""
    repeated = ["came up on"] if talks else []
    repeated += ["their note links here"] if any(talk.path == one.path for talk in talks) else []
    kept = (reason for reason in one.reasons if not reason.startswith(tuple(repeated)))
    return one._replace(reasons=tuple(kept))


def _relations(title: str, relations: Sequence[Relation], most: int, at: Context) -> list[str]:
    """A line for each of the first `most`, and one for the others."""
    lines = related_lines(relations[:most], at)
    lines += and_more(len(relations) - most, "other", ": `mdmentor related` lists all")
    return [title, "", *lines, ""] if lines else []


def _day_and_words(mention: Mention, title: str, at: Context) -> str:
    """`14 Oct: asked how to begin`, without a last "see" of the post itself."""
    day = day_text(mention.day, at.today)
    if mention.path != mention.contact:  # in the contact's own note both would be the same link
        day = md_link(day, at.folder, mention.path)
    words = plain_words(mention.text)
    text = shorten(words.removesuffix(f"see {plain_words(title)}").rstrip(" ,;.(") or words, _TEXT_LENGTH)
    return f"{day}{f': {md(text)}' if text else ''}"


def _topics(topics: Sequence[str]) -> str:
    return md(", ".join(filter(None, (plain_words(topic.lstrip("#")) for topic in topics))))
