"""Every constant of the rule that decides whom to reach out to next, each with its reason.

`TABLE` is the rule as it runs; another one is tried out with a changed copy (`TABLE._replace`). Points
only order people against each other and are never shown as a mark for a person.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# All kinds of reasons; those of equal points are listed in this order.
KINDS = (
    "promise", "new", "thanks", "birthday", "goal", "rhythm", "spare", "confidential", "waiting", "drift",
)  # fmt: skip
# What is owed to somebody. A guard never holds it back, and it never waits for a dormant place.
DUTIES = frozenset({"promise", "new", "thanks", "birthday"})


class Constants(NamedTuple):
    """Points, and spans in whole days unless said otherwise."""

    # Duties. They outrank all lateness: with few places a day nothing else decided as much about how many
    # promises were kept (benchmarks/ranking/RESULTS.md).
    promise: float = 60.0  # a word given goes first; two such promises to one person are still one talk
    promise_ahead: int = 5  # days before its date: time to do the thing; one day ahead left many broken
    promises_listed: int = 5  # to one person, and by one person: more are counted
    new: float = 50.0  # a first meeting fades within weeks when nothing follows it
    new_days: int = 3  # days on which the follow-up is still easy to write ("it was good to meet you")
    new_later: float = 20.0  # after that it is worth about as much as a goal
    new_ahead: int = 1  # the day after: on the day itself they still have you in mind
    new_ends: int = 30  # after a month it is no follow-up any more, and the rhythm takes over
    undated: float = 10.0  # nothing is known of the tie: it ranks as one whose rhythm has just come round
    rest: int = 7  # days after a talk that left thanks open: the user saw them, and they may follow in a week
    thanks: float = 40.0  # thanks are more welcome than people expect (Kumar & Epley 2018)
    birthday: float = 25.0  # a good occasion, but one that comes again
    birthday_around: int = 1  # days before and after on which one still speaks of the birthday

    # Wishes.
    goal: float = 20.0  # who helps with what is wanted now goes before a tie that is only late
    goal_rest: int = 21  # days after a talk on which the goal is left alone: asking each week wears a tie out
    rhythm: float = 10.0  # the rhythm has come round
    rhythm_doubling: float = 5.0  # each time the quiet has doubled: twice late is the same for any cadence
    rhythm_cap: float = 25.0  # reached at eight times late, so that lateness never outweighs a thank-you

    # Guards. They hold back what can wait, never a duty.
    guard_share: float = 0.25  # of the cadence after a contact: weekly ties rest two days, others longer
    guard_days: float = 14.0  # and never longer than this
    unanswered: int = 2  # messages sent on so many days without an answer ...
    unanswered_stretch: int = 2  # ... make cadence and guard so many times as long: a third would nag,
    unanswered_rest: int = 90  # and the guard is this long at least: asking once more can wait a season
    spare_share: float = 0.5  # of the cadence: from here a free place may go to somebody who is not due
    stagger_share: float = 0.1  # of the cadence: thirty people of one party come round on different days

    # Old ties.
    dormant: int = 365  # quiet for a year (Levin et al. 2011 ask for three; few vaults are that old)
    dormant_cadences: float = 1.5  # and beyond so many cadences: a yearly tie is not dormant at a year
    # Tuesday and Friday: an old tie may take a place from a living one, as duties may fill one of the days.
    dormant_weekdays: tuple[int, ...] = (1, 4)
    soon: int = 60  # days ahead that "coming up" looks, as far as the page of dates does
    fresh_quiet: int = 14  # no talk logged for so long ...
    fresh_budgets: int = 3  # ... and more people due than places in so many days: the page begins afresh

    # Silence out of their own rhythm: only a sentence, as points for it made the list no better. The bounds
    # are those of Obsidian's OPC plugin: clearly longer than usual, not so long that usual means nothing.
    drift: float = 0.0  # no points: see above
    drift_gaps: int = 3  # fewer gaps are no rhythm
    drift_last: int = 30  # of the newest gaps: people's rhythms change
    drift_median: int = 7  # a median shorter than a week is a trip or a project, no rhythm
    drift_times: float = 2  # silent for twice the usual gap ...
    drift_more: int = 14  # ... and two weeks more than it
    drift_times_most: float = 12  # beyond a dozen gaps ...
    drift_more_most: int = 90  # ... and a season more, the old rhythm is over

    # The cadence where the note names none.
    mentor: int = 60  # a mentor stays one by talking, through ups and downs
    # By where one met; of several the shortest counts.
    sources: Mapping[str, int] = MappingProxyType(
        {
            "family": 60,  # kin fades slowly but is meant to be near
            "friend": 60,  # friendships fade soonest with less contact (Roberts & Dunbar 2011)
            "boss": 120,  # ties of former work: three talks a year (Sivers' lists say two to six)
            "coworker": 120,
            "client": 120,
            "event": 90,  # a bridge with nothing else to carry it (Burt 2002)
            "informational-interview": 90,
            "interviewer": 90,
        }
    )
    other: int = 180  # twice a year, as nothing is known of the tie
    # The user's own word for how near somebody is: monthly, each season, twice a year.
    tiers: Mapping[str, int] = MappingProxyType({"close": 30, "warm": 90, "casual": 180})


TABLE = Constants()
