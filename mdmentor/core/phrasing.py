"""The words of a note that fit into an English message, and the small words around them.

Tables of rules (`_TALKED`, `_GOT` ...) say in which ways people write their logs ("asked how to ...", "introduced me
to ...") and which phrase each of them gives. A function returns a phrase that is right as it stands, or "" where
it is not sure: a clumsy guess is worse than none. What is said is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from zlib import crc32

from mdmentor.core import names
from mdmentor.core.model import Contact, Interaction
from mdmentor.core.opener_words import first_name, is_tender
from mdmentor.core.text import month_text, plain, plain_words


def pick(sentences: Sequence[str], key: str) -> str:
    """One of several ways to say a thing, the same for the same key on every machine and in every run."""
    return sentences[crc32(key.encode("utf-8", "surrogatepass")) % len(sentences)]


_NOUNS = {
    "call": "call called phone",
    "video call": "video zoom teams",
    "coffee": "coffee",
    "tea": "tea",
    "lunch": "lunch",
    "dinner": "dinner",
    "breakfast": "breakfast",
    "brunch": "brunch",
    "drinks": "drinks drink beer",
    "emails": "email mail",
    "messages": "message text sms dm whatsapp signal telegram slack linkedin",
    "meeting": "meeting meet met",
    "walk": "walk walked",
    "chat": "chat",
    "conversation": "talk talked conversation interview",
    "catch-up": "catch-up catchup",
}
WRITTEN = frozenset({"emails", "messages"})
# Where somebody helped at such a talk.
_MEALS = ("coffee", "tea", "lunch", "dinner", "breakfast", "brunch", "drinks")
_HELPED = {noun: f"over {noun}" for noun in _MEALS}
_HELPED |= {noun: f"on our {noun}" for noun in ("call", "video call", "walk")}
_HELPED |= {"chat": "in our chat", "conversation": "in our conversation"}
_HELPED |= {"meeting": "at our meeting", "catch-up": "at our catch-up"}
_FIRST_WORD = r"(?i)([\w-]+)(?=\W*$|\s+(?:with|at|about|in|on|over|after|before)\b|\s*[:,.–-])"
_NOUN_OF = {word: noun for noun, words in _NOUNS.items() for word in words.split()}


def talk_noun(line: Interaction) -> str:
    """What "our" goes with: `call` for "phone"; "" for a channel that is no talk or unknown.

    Without a channel the first word decides: `lunch with Grace`, not `coffee machine`.
    """
    first = re.match(_FIRST_WORD, line.text)
    return _NOUN_OF.get(names.fold(line.channel or (first[1] if first else "")), "")


def spoken_when(day: date, today: date) -> str:
    """A past day as one says it to somebody: `yesterday`, `last week`, `in October`, `in October 2024`."""
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days else "today"
    if days <= 13:
        is_last_week = days - today.weekday() <= 7
        return "the other day" if days <= 6 else "last week" if is_last_week else "a couple of weeks ago"
    if (day.year, day.month) == (today.year, today.month):
        return "earlier this month"
    # Before the month comes round again its name is enough.
    months = (today.year - day.year) * 12 + today.month - day.month
    return f"in {month_text(day) if months > 10 else month_text(day).split()[0]}"


# Whom or when these words mean depends on who says them, and on which day.
_POINTING = names.word_set(
    "she he they her his him them their hers theirs herself himself themselves we us our ours you your yours "
    "it its this that these those here there today tomorrow yesterday tonight now next last soon again"
)
_DANGLING = names.word_set(
    "a an the of to and or with for in on at about by from but my how whether if what why when where who "
    "which some any not is are was were be as than over along back across"
)
_PHRASE = r"[^\W_][\w '’&/+-]*"
# Behind an "and" that goes on with what somebody did, another sentence begins: "read my page and gave ...".
_DID = (
    r"gave|sent|told|said|made|had|got|went|was|were|put|wrote|took|brought|showed|offered|asked|promised|"
    r"found|thought|felt|left|let|came|saw|met|kept|knew|lent|paid|(?!hundred|breed|need)\w{3,}ed"
)
_CLAUSE_END = (
    r"(?i)[,;:!?—–(\[…]|\.(?=\s|$)|\s-\s|\s(?:see|cf|re)\b|"
    rf"\s(?:and|but) (?:(?:then|now|also)\b|(?:i |we |she |he |they )?(?:{_DID})\b)"
)


def topic_words(text: str, contact: Contact, *, most: int = 10) -> str:
    """A noun phrase or a "how to ..." that may follow "about" in a message to the contact; else "".

    The first clause, or what is before its first "and", of at most `most` words in Latin letters,
    without pronouns that would change their meaning, without the contact's own name, and about nothing that
    one does not bring up in passing. "her new role" becomes "your new role".
    """
    if "://" in text or is_tender(text):
        return ""
    clause = re.split(_CLAUSE_END, text, maxsplit=1)[0]
    return _topic(clause, contact, most) or _topic(clause.partition(" and ")[0], contact, most)


def _topic(clause: str, contact: Contact, most: int) -> str:
    words = clause.split()
    if len(words) > 1 and words[0].lower() in ("her", "his", "their"):
        words[0] = "your"
    phrase = " ".join(words)
    if not 0 < len(words) <= most or not re.fullmatch(_PHRASE, phrase) or _is_not_latin(phrase):
        return ""
    lower = [word.lower() for word in words]
    is_open = lower[0] in ("to", "of", "from") or lower[-1] in _DANGLING
    points = not _POINTING.isdisjoint(lower[1:] if words[0] == "your" else lower)
    if is_open or points or _has_word(lower, _own_words(contact)):
        return ""
    return f"whether {' '.join(words[1:])}" if lower[0] == "if" else phrase


def _is_not_latin(text: str) -> bool:
    return any(c.isalpha() and c > "\u024f" for c in text)


def _has_word(lower: Iterable[str], words: frozenset[str]) -> bool:
    """Whether one of these words is there, also as "Ada's"."""
    return any(re.split("['’]", word)[0] in words for word in lower)


def _own_words(contact: Contact) -> frozenset[str]:
    words = " ".join((contact.name, *contact.aliases)).lower().split()
    return frozenset(word for word in words if len(word) > 1)


_ADVERBS = r"(?: (?:again|briefly|at length|mostly|mainly|over \w+|on the phone|online))*"
_WITH = r"(?: ?\bwith [^,;:.]{1,60}?)?"
_TALKS = (
    r"(?:talk(?:s|ed|ing)?|spoke|speaking|chat(?:s|ted)?|conversation|discussion|call|coffee|tea|lunch|dinner|"
    r"breakfast|brunch|drinks|walk|meeting|met|catch-up|caught up|catching up)"
)
_ARTICLES = (
    r"(?:(?:we|i|had|a|an|quick|short|long|longer|good|nice|great|lovely|brief|first|second|another) )*"
)
_WHOM = r"(?: (?:me|her|him|them))?"
_QUESTION = r"(?:how (?:to|much|long|often)|whether|if|what|why|when|where|which)"

_GERUNDS = {
    "read": "reading", "reviewed": "reviewing", "checked": "checking", "proofread": "proofreading",
    "looked at": "looking at", "looked over": "looking over", "looked through": "looking through",
    "went through": "going through", "went over": "going over", "recommended me for": "recommending me for",
    "put me in touch with": "putting me in touch with", "explained": "explaining", "showed me": "showing me",
    "told me about": "telling me about", "warned me about": "warning me about", "sent me": "sending me",
    "lent me": "lending me", "gave me": "giving me", "wrote me": "writing me",
    "walked me through": "walking me through", "talked me through": "talking me through", "shared": "sharing",
    "offered to": "offering to", "recommended me": "recommending me", "proofread my": "proofreading my",
    "vouched for": "vouching for", "invited me to": "inviting me to", "passed on": "passing on",
}  # fmt: skip

# What a line of the log says, and what follows "we talked about". A gap takes the group of its name.
_TALKED = (
    (rf"(?:{_ARTICLES}{_TALKS}\b)?{_ADVERBS}{_WITH} ?\babout (?P<topic>.+)", "{topic}"),
    (r"(?:we )?discussed (?P<topic>.+)", "{topic}"),
    (rf"(?:i )?asked{_WHOM}(?: for (?:some )?(?:advice|tips))? (?:about|on) (?P<topic>.+)", "{topic}"),
    (rf"(?:i )?asked{_WHOM} (?P<topic>{_QUESTION} .+)", "{topic}"),
    (r"(?:told|tells)(?: (?:me|her|him|them|each other))? about (?P<topic>.+)", "{topic}"),
)
# ... and what follows "thank you for".
_GOT = (
    (r"(?:introduced me|introduction|intro) to (?P<who>.+)", "introducing me to {who}"),
    (
        r"(?:gave me |got |asked for )?(?:(?:some|good|great|honest|useful|very) )*"
        r"(?P<help>advice|feedback|tips|comments) (?P<on>on|about|for) (?P<topic>.+)",
        "your {help} {on} {topic}",
    ),
    (r"(?:helped|helped me|help) with (?P<topic>.+)", "your help with {topic}"),
    *((rf"{did} (?P<topic>.+)", f"{doing} {{topic}}") for did, doing in _GERUNDS.items()),
)
# ... whom the user introduced them to, and what the user sent them: `the template`, `my notes`.
INTRODUCED = ((r"introduced (?:her|him|them) to (?P<who>.+)", "{who}"),)
_SENT = r"(?:sent|shared|lent|forwarded|passed on)(?: (?:her|him|them))?"
GAVE = (
    (rf"{_SENT} (?:the|a|an|some) (?P<topic>.+)", "the {topic}"),
    (rf"{_SENT} (?P<topic>my .+)", "{topic}"),
)


# A line may begin with who helped, and end with the link by which it belongs to somebody.
_WHO_HELPED = r"(?i)^(?:she|he|they) "
_LAST_LINK = r"(?<=\w) \[\[[^\[\]]*\]\]$"


def phrase(rules: Iterable[tuple[str, str]], line: Interaction, contact: Contact) -> str:
    """The phrase of the first rule that the line follows with words that fit; "" where there is none.

    The line must be in the contact's own note, or link nobody and nothing else: what a diary says of two people
    need not have been said to both.
    """
    if (line.path not in ("", contact.path) and len(line.links) != 1) or is_tender(line.text):
        return ""
    text = re.sub(_WHO_HELPED, "", plain_words(re.sub(_LAST_LINK, "", line.text)).rstrip("."))
    for pattern, phrase in rules:
        if match := re.fullmatch(pattern, text, re.IGNORECASE):
            words = {gap: _fitting(gap, found, contact) for gap, found in match.groupdict().items()}
            if all(words.values()):
                return phrase.format(**words)
    return ""


def _fitting(gap: str, words: str, contact: Contact) -> str:
    if gap == "topic":
        return topic_words(words, contact)
    return person_words(words) if gap == "who" else words.lower()


def topic_of_talk(line: Interaction, contact: Contact) -> str:
    """What follows "we talked about" for a line of the log; "" where its words do not say so."""
    return phrase(_TALKED, line, contact)


_A_TIME = r"(?i)\b(?:week|weekend|day|night|evening|month|year|minutes?|hours?)s?\b"


def thanks_words(line: Interaction, contact: Contact, today: date) -> str:
    """What follows "thank you for": `introducing me to Grace Hopper in October`, `your help over coffee in October`."""
    when = spoken_when(line.date, today)
    if what := phrase(_GOT, line, contact):
        return what if re.search(_A_TIME, what) else f"{what} {when}"
    if topic := topic_of_talk(line, contact):
        return f"taking the time {when} to talk about {topic}"
    return help_words(line, today)


def help_words(line: Interaction, today: date) -> str:
    """As `thanks_words`, without a word of the line's text."""
    words = "your help", _HELPED.get(talk_noun(line), ""), spoken_when(line.date, today)
    return " ".join(filter(None, words))


_PERSON = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?: [^\W\d_a-zß-öø-ÿ][\w.'’-]*){0,2}"


def person_words(text: str) -> str:
    """The whole name at the beginning of a clause, or two of them: `Grace Hopper and Radia`.

    "" for anything but one to three words with capitals.
    """
    clause = re.split(r"\s(?:at|from|who)\s", re.split(_CLAUSE_END, text, maxsplit=1)[0])[0].strip()
    people = clause.split(" and ")
    are_names = len(people) <= 2 and all(re.fullmatch(_PERSON, one) for one in people)
    return clause if are_names and not _is_not_latin(clause) else ""


# Words with which a task may be read on after "You promised to".
_VERBS = names.word_set(
    "ask bring buy call check come connect cook deliver email find finish fix forward get give help introduce "
    "invite join keep lend let look make meet organise organize pass pay pick prepare proofread propose put read "
    "recommend refer remind repair reply return review say schedule see send share show sign submit suggest take "
    "teach tell thank think translate write"
)
# ... and after "You planned to", where most of these are nouns otherwise.
_TALK_VERBS = names.word_set(
    "arrange book catch chat contact follow grab have mail message phone ping reach reconnect respond ring "
    "speak talk text visit"
)


def promised(text: str, verbs: frozenset[str] = _VERBS) -> tuple[str, str]:
    """What follows "You promised" for a task: ("to send the paper", "") or ("", "the paper").

    Only what clearly begins with a verb is read on as a sentence; anything else is put after a colon.
    """
    words = plain(text)
    first = words.partition(" ")[0]
    is_deed = first.lower() in verbs and first[1:].islower()
    return (f"to {first.lower()}{words[len(first) :]}", "") if is_deed else ("", words)


def planned(text: str) -> tuple[str, str]:
    """As `promised`, what follows "You planned" for a task that only says to get in touch."""
    return promised(text, _VERBS | _TALK_VERBS)


# "I promised to email you" is no message.
_BEING_IN_TOUCH = (
    r"(?i)ask (?:you\b.*|(?:about|whether|if|how)\b.*)|"
    r"(?:call|check|come|e-?mail|mail|meet|read|reply|return|say|see|visit|write|get)"
    r"(?: (?:back|in|hello|hi|with|to|in touch|up|you|them|again|soon))*(?: (?:about|for|at|on|re)\b.*)?"
)
_THEM = r"(?:her|him|them|@)(?!\w)"
_TO_THEM = rf"(?i)\b(to|for|with) {_THEM}(?=$| (?:about|after|again|at|before|by|on|back)\b)"
_DATIVE = (
    r"(?i)\b(ask|bring|buy|call|connect|email|find|forward|get|give|help|invite|introduce|join|lend|meet|pay|put|recommend|"
    rf"remind|send|show|teach|tell|thank|visit|write) {_THEM}"
)
_HERS, _HIS = frozenset({"she", "her", "hers"}), frozenset({"he", "him", "his"})
_WEEKDAY = r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"  # it may well be over
_SURPRISE = r"(?i)\b(?:gifts?|presents?|surprise|party|birthday)\b"
_THANK = r"(?i)thank (.+?) for (.+)"


def thanks_promised(text: str, contact: Contact) -> str:
    """What follows "thank you for" where that is what the user set out to do: `the tip`; else ""."""
    match = re.fullmatch(_THANK, plain_words(text).rstrip(".")) if not is_tender(text) else None
    called = {"her", "him", "them", contact.name.lower(), first_name(contact.name).lower()}
    return topic_words(match[2], contact) if match and match[1].lower() in called else ""


def may_be_mentioned(text: str) -> bool:
    """Whether one may say that a promise is open, without its words: no present, and nothing that is tender."""
    return bool(promised(text)[0]) and not is_tender(text) and re.search(_SURPRISE, text) is None


def promise_words(text: str, contact: Contact) -> str:
    """What follows "I promised to" in a message to the contact: `send you the paper`; "" where not sure."""
    deed, _ = promised(plain_words(text))
    if not deed or deed.endswith("…") or not may_be_mentioned(text):
        return ""
    words = deed.removeprefix("to ")
    called = {contact.name, first_name(contact.name), *contact.aliases} - {""}
    for name in sorted(called, key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!['’\w])", "@", words)
    words = re.sub(_DATIVE, r"\1 you", words, count=1)
    words = re.sub(_TO_THEM, r"\1 you", words).removesuffix(" @")
    spoken_of = set(re.findall(r"\w+", deed.lower()))
    if _HERS.isdisjoint(spoken_of) or _HIS.isdisjoint(spoken_of):
        words = re.sub(r"(?i)\b(?:her|his|their)(?= \w)", "your", words)
    words = re.split(_CLAUSE_END, words, maxsplit=1)[0].strip()
    lower = words.lower().split()
    if not re.fullmatch(_PHRASE, words) or _is_not_latin(words) or not 1 < len(lower) <= 12:
        return ""
    if re.fullmatch(_BEING_IN_TOUCH, words) and not re.match(r"write (?:about|for)\b", words):
        return ""
    strange = (_POINTING - {"you", "your"}) | _own_words(contact)
    is_open = lower[-1] in _DANGLING - {"about"} or _has_word(lower, strange)
    return "" if is_open or re.search(_WEEKDAY, words) else words


_SAFE_MET = r"(?i)(?:at|during|after|over|through work|on the way) .+"
_EVENT = r"[A-Z][\w.&'’-]*(?: [A-Z0-9][\w.&'’-]*){0,4} (?:19|20)\d\d"


def where_met(contact: Contact) -> str:
    """`at PyCon 2026`: the words of `met` where they may follow "it was good to meet you"; else ""."""
    words = plain_words(contact.met).rstrip(".")
    if re.fullmatch(_EVENT, words) and not is_tender(words):
        return f"at {words}"
    if re.fullmatch(_SAFE_MET, words) and topic_words(words, contact) == words:
        return words[0].lower() + words[1:]
    return ""


def topics_in_words(topics: Sequence[str], contact: Contact) -> tuple[str, ...]:
    """The topics that fit in a sentence, without brackets and "#"; the others are left out."""
    found = []
    for topic in topics:
        words = (names.unlink(topic) if "[[" in topic else plain_words(topic)).lstrip("#")
        words = words if " " in words else words.replace("-", " ").replace("_", " ")
        if topic_words(words, contact, most=5) == words:
            found.append(words)
    return tuple(found)
