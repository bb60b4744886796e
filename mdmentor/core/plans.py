"""Whether a line in a journal tells of a talk with somebody, or only of a plan or a thought.

A line of a journal counts unless it says that nothing has happened: "should ring Mom", "call Mom tomorrow", "thinking about Mom". The
words that decide are in `talk_words`; they are looked up one by one, so that a line is read in linear time.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mdmentor.core import talk_words as words
from mdmentor.core.planned_talks import COMMAS, ENDS, tokens_of

_VERBS_TOO = frozenset(
    {"call", "phone", "email", "mail", "chat", "message", "text", "visit", "talk", "zoom", "skype"}
)

_CLASSES = {
    phrase: kind
    for kind, phrases in (
        ("talk", words.TALK), ("noun", words.MEETING_UP), ("plan", words.PLAN), ("ahead", words.AHEAD), ("regret", words.REGRET),
        ("occasion", words.OCCASION), ("none", words.NO_TIME),
    )
    for phrase in phrases
}  # fmt: skip
_LENGTHS: dict[str, list[int]] = {}  # the first word of phrases -> how long they are, the longest first
for _phrase in _CLASSES:
    _LENGTHS.setdefault(_phrase[0], []).append(len(_phrase))
# Without any of these a line holds no plan and no thought.
_SAY_NO = words.TO_DO.union(
    words.INFINITIVE,
    {phrase[0] for phrase, kind in _CLASSES.items() if kind in ("plan", "ahead", "regret", "occasion")},
)
# All others say nothing in a sentence.
_MEANINGFUL = words.BUT.union(words.AND, words.SUBORDINATE, words.TO_DO, _LENGTHS)
_LENGTHS = {first: sorted(set(lengths), reverse=True) for first, lengths in _LENGTHS.items()}


def talked_of(text: str, links: int) -> tuple[bool, ...]:
    """For each of a line's links, in their order, whether the line tells of a talk with whom it names.

    Where the text does not have as many links, they all count or none does.
    """
    tokens = tokens_of(text)
    if _SAY_NO.isdisjoint(tokens):
        return (True,) * links
    sentences = list(_sentences(tokens))
    is_told = any(clause.has_talk and not clause.links for one in sentences for clause in one.clauses)
    found: list[bool] = []
    for one in sentences:
        has_talk = any(clause.has_talk for clause in one.clauses)
        for clause in one.clauses:
            is_open = not clause.is_plan and (has_talk or not (one.is_plan or one.is_occasion))
            found += [clause.has_talk or is_told or is_open] * clause.links
    return tuple(found) if len(found) == links else (any(found) or not found,) * links


class _Clause(NamedTuple):
    links: int
    has_talk: bool
    is_plan: bool


class _Sentence:
    """What the words of a sentence have said so far."""

    def __init__(self) -> None:
        self.clauses: list[_Clause] = []
        self.is_plan = self.is_occasion = False
        self.governed = False  # by a word that makes a plan of all that follows in the clause
        self.regrets = False  # governed beyond "and": "should have called and asked"
        # Of the clause at hand:
        self.words: list[str] = []
        self.has_talk = False
        self.has_noun = False  # of something done together
        self.plans = False

    def end_clause(self) -> None:
        """What is done together counts unless the clause, or one before it, is a plan."""
        ends_open = len(self.words) > 1 and self.words[-1] in words.INFINITIVE
        self.plans |= ends_open and not self.has_talk
        self.is_plan |= self.plans
        talk = self.has_talk or (self.has_noun and not self.is_plan)
        self.clauses.append(_Clause(self.words.count("@"), talk, self.plans and not talk))
        self.words, self.has_talk, self.has_noun, self.plans = [], False, False, False


def _sentences(tokens: list[str]) -> Iterator[_Sentence]:
    one = _Sentence()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token not in _MEANINGFUL and token[0].isalnum():
            one.words.append(token)
        elif token[0] in ENDS or token in words.BUT:
            one.end_clause()
            yield one
            one = _Sentence()
        elif token in COMMAS or token in words.AND:
            one.end_clause()
            one.governed = one.regrets and token not in COMMAS
        elif token in words.SUBORDINATE and (token,) not in _CLASSES:
            one.end_clause()
        else:
            at += _read(one, tokens, at)
            continue
        at += 1
    one.end_clause()
    yield one


def _read(one: _Sentence, tokens: list[str], at: int) -> int:
    """Takes in the word or phrase at a place; how many words it has."""
    token = tokens[at]
    if token in words.TO_DO and not one.words and "@" in tokens[at + 1 : at + 4]:
        one.plans = one.governed = True
    one.words.append(token)
    for length in _LENGTHS.get(token, ()):
        kind = _CLASSES.get(tuple(tokens[at : at + length]))
        if kind is None:
            continue
        if kind == "talk":
            one.has_talk |= not one.governed
        elif kind == "noun":
            one.has_noun |= not (token in _VERBS_TOO and tokens[at + 1 : at + 2] == ["@"])
        elif kind == "occasion":
            one.is_occasion = True
        elif kind != "none":
            one.plans = True
            one.governed |= kind != "ahead"
            one.regrets |= kind == "regret"
        return length
    return 1
