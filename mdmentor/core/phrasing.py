"""The words of a note that fit into an English message, and the small words around them.

Each rule recognises one way in which people write their logs ("asked how to ...", "introduced me to ...") and
gives a phrase that is right as it stands, or "" where it is not sure: a clumsy guess is worse than none.
Nothing here chooses what is said.
"""

from __future__ import annotations

import re
import unicodedata
from binascii import crc32
from collections.abc import Sequence
from datetime import date

from mdmentor.core import names
from mdmentor.core import text as phrases
from mdmentor.core.model import Contact, Interaction
from mdmentor.core.text import month_text, plain_words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def pick(shapes: Sequence[str], key: str) -> str:
    """One of several ways to say a thing, the same for the same key on every machine and in every run."""
    return shapes[crc32(key.encode("utf-8", "surrogatepass")) % len(shapes)]


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
_WRITTEN = frozenset({"emails", "messages"})
_NOUN_OF = {word: noun for noun, words in _NOUNS.items() for word in words.split()}


def talk_noun(channel: str) -> str:
    """What "our" goes with: `call` for "phone"; "" for a channel that is no talk or unknown."""
    return _NOUN_OF.get(names.fold(channel), "")


def spoken_when(day: date, today: date) -> str:
    """A past day as one says it to somebody: `yesterday`, `last week`, `in October`, `in October 2024`."""
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days else "today"
    if days <= 13:
        return "the other day" if days <= 6 else "last week"
    if (day.year, day.month) == (today.year, today.month):
        return "earlier this month"
    # Before the month comes round again its name is enough.
    months = (today.year - day.year) * 12 + today.month - day.month
    return f"in {month_text(day) if months > 10 else month_text(day).split()[0]}"


_TITLES = frozenset(
    _words(
        "dr prof professor doctor mr mrs ms mx miss sir dame lady lord rev reverend hon capt captain phd md"
    )
    | _words("herr frau dipl-ing ing mag med jur phil nat rer habil mba msc bsc esq jr sr")
)
# With a title and one name one is greeted by both: "Prof. Noether", "Aunt Rose".
_KIN = _words("aunt auntie uncle grandma grandpa granny cousin tante onkel oma opa sister brother")
_FAMILY_FIRST = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"


def first_name(name: str) -> str:
    """What to call a person by: `Ada` of "Dr. Ada Lovelace, PhD" and of "Lovelace, Ada".

    Whole where the family name comes first (山田 太郎), where initials or a particle open it, and with a
    title or a word of kinship before a single name ("Prof. Noether", "Aunt Rose"); "" where the
    text is no name.
    """
    name = re.sub(r"\([^()]*\)|\"[^\"]*\"", " ", unicodedata.normalize("NFC", name))
    head, _, tail = (part.strip() for part in name.partition(","))
    behind = tail.replace(",", " ").split()
    if behind:
        # "Lovelace, Ada" is turned round; "Lovelace, PhD" and "Ada, Countess of Lovelace" are cut.
        is_title = len(behind) > 2 or any(_bare(w) in _TITLES or w.isupper() or "." in w for w in behind)
        name = head if is_title else f"{tail} {head}"
    words = [word for word in name.replace(",", " ").split() if any(c.isalpha() for c in word)]
    if (
        not words
        or len(words) > 8
        or words[0].lower() == "the"
        or not all(_is_name_word(word) for word in words)
    ):
        return ""
    if not name.isascii() and re.search(_FAMILY_FIRST, name):
        return " ".join(words)
    titles = [word for word in words if _bare(word) in _TITLES]
    plain = [word for word in words if _bare(word) not in _TITLES]
    if not plain:
        return ""
    if len(plain) == 1 and titles:
        return f"{titles[0]} {plain[0]}"
    if _bare(plain[0]) in _KIN:
        return " ".join(plain[:2])
    is_initial = len(plain[0].rstrip(".")) == 1 or plain[0].endswith(".")
    is_particle = len(plain) > 1 and plain[0].islower() and not plain[-1].islower()
    return " ".join(plain) if is_initial or is_particle else plain[0]


def _is_name_word(word: str) -> bool:
    """Letters of any script with their accents and vowel signs; a hyphen, an apostrophe, a final dot."""
    return all(c.isalpha() or c in "-'’" or unicodedata.category(c)[0] == "M" for c in word.removesuffix("."))


def _bare(word: str) -> str:
    return names.fold(word).rstrip(".")


# Who or when these words mean depends on who says them and on which day.
_POINTING = _words(
    "she he they her his him them their hers theirs herself himself themselves we us our ours you your yours "
    "it its this that these those here there today tomorrow yesterday tonight now next last soon again"
)
_DANGLING = _words(
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
    r"(?i)[,;:!?—–(\[…]|\.(?=\s|$)|\s-\s|\s(?:see|cf)\b|"
    rf"\s(?:and|but) (?:(?:then|now|also)\b|(?:i |we |she |he |they )?(?:{_DID})\b)"
)
# What a line may tell of and a short message had better leave to the other to bring up.
_TENDER = (
    r"(?i)\b(?:abuse|abortion|addict\w*|alcohol\w*|arrest\w*|bankrupt\w*|bereave\w*|break-?up|burn-?out|cancer|chemo\w*|"
    r"confidential|custody|dead|death|debts?|depress\w*|diagnos\w*|died|divorc\w*|drinking|dying|fertility|fired|"
    r"funeral|grief|hospital\w*|ill(?:ness)?|jail|laid off|lay-?offs?|lawsuit|los(?:e|ing) weight|marriage|"
    r"miscarriage|off the record|prison|rehab|redundan\w*|secrets?|sick\w*|split(?:ting)? up|suicid\w*|surgery|"
    r"therap\w*|widow\w*)\b"
)


def topic_words(text: str, contact: Contact, *, most: int = 10) -> str:
    """A noun phrase or a "how to ..." that may follow "about" in a message to the contact; else "".

    The first clause, or what stands before its first "and", of at most `most` words in Latin letters,
    without pronouns that would change their meaning, without the contact's own name, and about nothing that
    one does not bring up in passing. "her new role" becomes "your new role".
    """
    if "://" in text or re.search(_TENDER, text):
        return ""
    clause = re.split(_CLAUSE_END, text, maxsplit=1)[0]
    return _topic(clause, contact, most) or _topic(clause.partition(" and ")[0], contact, most)


def is_tender(text: str) -> bool:
    """True for a line that tells of something one does not bring up in passing."""
    return re.search(_TENDER, text) is not None


def _topic(clause: str, contact: Contact, most: int) -> str:
    words = clause.split()
    if len(words) > 1 and words[0].lower() in ("her", "his", "their"):
        words[0] = "your"
    phrase = " ".join(words)
    if not 0 < len(words) <= most or not re.fullmatch(_PHRASE, phrase) or _is_not_latin(phrase):
        return ""
    lower = [word.lower() for word in words]
    if (
        lower[0] in ("to", "of", "from")
        or lower[-1] in _DANGLING
        or not _POINTING.isdisjoint(lower[1:] if words[0] == "your" else lower)
    ):
        return ""
    if any(re.split("['’]", word)[0] in _own_words(contact) for word in lower):
        return ""
    return f"whether {' '.join(words[1:])}" if lower[0] == "if" else phrase


def _is_not_latin(text: str) -> bool:
    return any(c.isalpha() and c > "\u024f" for c in text)


def _own_words(contact: Contact) -> frozenset[str]:
    return frozenset(
        word for name in (contact.name, *contact.aliases) for word in name.lower().split() if len(word) > 1
    )


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
_TOPICS = tuple(
    f"(?i){words}"
    for words in (
        rf"(?:{_ARTICLES}{_TALKS}\b)?{_ADVERBS}{_WITH} ?\babout (.+)",
        r"(?:we )?discussed (.+)",
        rf"(?:i )?asked{_WHOM}(?: for (?:some )?(?:advice|tips))? (?:about|on) (.+)",
        rf"(?:i )?asked{_WHOM} ({_QUESTION} .+)",
        r"(?:told|tells)(?: (?:me|her|him|them|each other))? about (.+)",
    )
)


def _own_text(line: Interaction, contact: Contact) -> str:
    """The words of a line of the contact's own note, or of one that links nobody and nothing else; else "".

    What a diary tells of two people need not have been said to both.
    """
    is_own = line.path in ("", contact.path) or len(line.links) == 1
    return plain_words(line.text).rstrip(".") if is_own else ""


def topic_of_talk(line: Interaction, contact: Contact) -> str:
    """What follows "we talked about" for a line of the log; "" where its words do not say so."""
    for words in _TOPICS:
        match = re.fullmatch(words, _own_text(line, contact))
        if match:
            return topic_words(match[1], contact)
    return ""


_GERUNDS = {
    "read": "reading", "reviewed": "reviewing", "checked": "checking", "proofread": "proofreading",
    "looked at": "looking at", "looked over": "looking over", "looked through": "looking through",
    "went through": "going through", "went over": "going over", "recommended me for": "recommending me for",
    "put me in touch with": "putting me in touch with", "explained": "explaining", "showed me": "showing me",
    "told me about": "telling me about", "warned me about": "warning me about", "sent me": "sending me",
    "lent me": "lending me", "gave me": "giving me", "wrote me": "writing me",
    "walked me through": "walking me through", "talked me through": "talking me through", "shared": "sharing",
    "vouched for": "vouching for", "invited me to": "inviting me to", "passed on": "passing on",
}  # fmt: skip
_GERUND = rf"(?i)({'|'.join(sorted(_GERUNDS, key=len, reverse=True))}) (.+)"
_INTRODUCED_ME = r"(?i)(?:introduced me to|introduction to|intro to) (.+)"
_ADVICE = (
    r"(?i)(?:gave me |got |asked for )?(?:(?:some|good|great|honest|useful|very) )*"
    r"(advice|feedback|tips|comments) (on|about|for) (.+)"
)
_HELPED = r"(?i)(?:helped(?: me)?|help) with (.+)"


def thanks_words(line: Interaction, contact: Contact, today: date) -> str:
    """What follows "thank you for": `introducing me to Grace Hopper`, `our coffee in October`."""
    when = spoken_when(line.date, today)
    text = _own_text(line, contact)
    if (match := re.fullmatch(_INTRODUCED_ME, text)) and (who := person_words(match[1])):
        return f"introducing me to {who} {when}"
    if (match := re.fullmatch(_ADVICE, text)) and (topic := topic_words(match[3], contact)):
        return f"your {match[1].lower()} {match[2].lower()} {topic} {when}"
    if (match := re.fullmatch(_HELPED, text)) and (topic := topic_words(match[1], contact)):
        return f"your help with {topic} {when}"
    if (match := re.fullmatch(_GERUND, text)) and (topic := topic_words(match[2], contact)):
        return f"{_GERUNDS[match[1].lower()]} {topic} {when}"
    noun = talk_noun(line.channel)
    topic = topic_of_talk(line, contact)
    if topic:
        return f"taking the time {when} to talk about {topic}"
    return f"our {noun} {when}" if noun and noun not in _WRITTEN else f"your help {when}"


_PERSON = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?: [^\W\d_a-zß-öø-ÿ][\w.'’-]*){0,2}"


def person_words(text: str) -> str:
    """A name at the beginning of a clause, all of it: `Grace Hopper`, also two, `Grace Hopper and Radia`; ""
    for anything but one to three words with capitals."""
    clause = re.split(r"\s(?:at|from|who)\s", re.split(_CLAUSE_END, text, maxsplit=1)[0])[0].strip()
    people = clause.split(" and ")
    are_names = len(people) <= 2 and all(re.fullmatch(_PERSON, one) for one in people)
    return clause if are_names and not _is_not_latin(clause) else ""


_TO_THEM = r"(?i)\b(?:to|for|with) (?:her|him|them)$"
_DATIVE = (
    r"(?i)(ask|bring|buy|call|email|find|forward|get|give|help|invite|introduce|lend|remind|send|show|teach|tell|"
    r"write) (?:her|him|them)\b"
)


_THANK = r"(?i)thank (.+?) for (.+)"


def thanks_promised(text: str, contact: Contact) -> str:
    """What follows "thank you for" where that is what the user set out to do: `the tip`; else ""."""
    match = re.fullmatch(_THANK, plain_words(text).rstrip("."))
    called = {"her", "him", "them", contact.name.lower(), first_name(contact.name).lower()}
    return topic_words(match[2], contact) if match and match[1].lower() in called else ""


def promise_words(text: str, contact: Contact) -> str:
    """What follows "I promised to" in a message to the contact: `send you the paper`; "" where not sure."""
    deed, _ = phrases.promised(plain_words(text))
    if not deed or deed.endswith("…"):
        return ""
    words = deed.removeprefix("to ")
    for name in sorted({contact.name, first_name(contact.name)} - {""}, key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!['’\w])", "them", words)
    words = re.sub(_DATIVE, lambda match: f"{match[1]} you", words, count=1)
    words = re.sub(_TO_THEM, lambda match: f"{match[0].split()[0]} you", words)
    clause = re.split(_CLAUSE_END, words, maxsplit=1)[0]
    if clause != words or not re.fullmatch(_PHRASE, words) or _is_not_latin(words) or len(words.split()) > 12:
        return ""
    lower = words.lower().split()
    strange = (_POINTING - {"you"}) | _own_words(contact)
    if lower[-1] in _DANGLING - {"about"} or any(re.split("['’]", word)[0] in strange for word in lower):
        return ""
    return words


_SAFE_MET = r"(?i)(?:at|during|after|over|through work|on the way) .+"
_EVENT = r"[A-Z][\w.&'’-]*(?: [A-Z0-9][\w.&'’-]*){0,4} (?:19|20)\d\d"


def where_met(contact: Contact) -> str:
    """`at PyCon 2026`: the words of `met` where they may follow "it was good to meet you"; else ""."""
    words = plain_words(contact.met).rstrip(".")
    if re.fullmatch(_EVENT, words):
        return f"at {words}"
    if re.fullmatch(_SAFE_MET, words) and topic_words(words, contact) == words:
        return words[0].lower() + words[1:]
    return ""


_INTRODUCED_THEM = r"(?i)introduced (?:her|him|them) to (.+)"
_SENT_THEM = (
    r"(?i)(?:sent|shared|lent|forwarded|passed on)(?: (?:her|him|them))? (?:(?:the|a|an|some) (.+)|(my .+))"
)


def introduced_to(line: Interaction, contact: Contact) -> str:
    """To whom the user introduced the contact, by a line of their own note; "" where it tells of none."""
    match = re.fullmatch(_INTRODUCED_THEM, _own_text(line, contact))
    return person_words(match[1]) if match else ""


def thing_given(line: Interaction, contact: Contact) -> str:
    """What the user sent the contact, by a line of their own note: `the template`, `my notes`; else ""."""
    match = re.fullmatch(_SENT_THEM, _own_text(line, contact))
    if match is None:
        return ""
    thing = topic_words(match[1] or match[2], contact)
    return f"the {thing}" if thing and match[1] else thing


def topics_in_words(topics: Sequence[str], contact: Contact) -> tuple[str, ...]:
    """The topics that may stand in a sentence, without brackets and "#"; the others are left out."""
    plain = (names.unlink(topic) if "[[" in topic else plain_words(topic) for topic in topics)
    spaced = (
        words if " " in words else re.sub(_JOINT, " ", words) for words in (p.lstrip("#") for p in plain)
    )
    return tuple(words for words in spaced if topic_words(words, contact, most=5) == words)


_JOINT = r"[-_]"
