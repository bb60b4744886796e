"""What an opener is made of: its sentences, what to call a person by, and what it had better not bring up."""

from __future__ import annotations

import re
import unicodedata

from mdmentor.core import names

# The cases of each situation, each with the sentences that fit; several of the last talk may apply together. Every
# sentence begins with a word of ours, which loses its capital behind the greeting; {close} is one of `CLOSERS`.
_SENTENCES = """
birthday: today
    Happy birthday! I hope it's a good one.
    Happy birthday! I hope you have time to enjoy the day.
    Happy birthday, and all the best for the year ahead!
birthday: past
    Happy belated birthday! I hope you had a good day.
    I'm a little late, but happy birthday! {close}
promise: to thank
    I wanted to thank you for {what}. That was kind of you.
    Thank you again for {what}. {close}
promise: in words that fit
    I haven't forgotten that I promised to {deed}. {close}
    I said I would {deed}, and I haven't forgotten. {close}
    I promised to {deed}, and it's still on my list. {close}
promise: long overdue
    I'm sorry I still haven't managed to {deed}. {close}
    It's taken me far too long to {deed}, but I haven't forgotten. {close}
promise: in other words
    I haven't forgotten what I promised you. {close}
    What I promised you is still on my list. {close}
thanks: of these days
    Thank you again for {what}. That was kind of you.
    I wanted to thank you for {what}. That was kind of you.
thanks: fresh
    Thank you again for {what}. I'd like to tell you what came of it.
    I wanted to thank you for {what}. That was kind of you.
    Thank you for {what}. I'll tell you what came of it when we next talk.
thanks: late
    I don't think I ever properly thanked you for {what}. It's late, but thank you.
    This is long overdue, but thank you for {what}. {close}
new: met
    It was good to meet you {when}. I'd like to stay in touch.
    It was good to meet you {when}. Do you have time for a coffee sometime soon?
    I enjoyed meeting you {when}. I'd like to hear more about what you do.
new: talked
    It was good to be in touch {when}. I'd like to keep it up.
    It was good to be in touch {when}. How have things been since?
new: introduced
    I'm glad {by} introduced us. I'd like to hear more about what you do.
    It was good to meet you {when}, and kind of {by} to introduce us. Do you have time for a coffee sometime?
sent
    I wrote {when}, and I know how full the days get. I'd still be glad to hear from you.
    Just a quick hello after my message {when}. There's no hurry to answer.
    My message {when} may have come at a busy time. I'd be glad to hear from you whenever it suits.
goal
    I've been thinking about {topic}, and you came to mind. Could I ask you something about it?
    Could I ask you a quick question about {topic}? A few lines or a short call would be plenty.
    I have a question about {topic} and would value your view. Do you have time for a call or a coffee?
wants: the title of a post
    I have something that may be useful to you: "{title}". Shall I send it over?
    I came across "{title}" and thought of you. Shall I send it over?
wants: in the title of a post
    I have something that may help with {topic}: "{title}". Shall I send it over?
    I came across "{title}" and thought of you. How are things going with {topic}?
wants: something to find
    Are you still looking for {topic}? If I can help, I'd be glad to.
    I remembered that you were looking for {topic}. Let me know if I can help.
wants: something to do
    How are things going with {topic}? If I can help, I'd be glad to.
    I was wondering how things are going with {topic}. Let me know if there's anything I can do.
gift: an introduction
    Did you and {who} find time to talk? I hope it was worth it.
    I was wondering whether you and {who} got to talk. {close}
gift: a thing
    I hope {thing} came in useful. {close}
    I was wondering what you made of {thing}. {close}
talk: tender
    I've been thinking of you. I'd be glad to hear how you are; a line is plenty.
    You've been on my mind. How are you doing?
talk: topic
    I was thinking of our conversation {when} about {topic}. {close}
talk: topic and channel
    I was thinking of {ours}, when we talked about {topic}. {close}
talk: topic, long ago
    It's been {span} since we talked about {topic}. {close}
talk: channel, lately
    I enjoyed {ours}. I hope all is well with you.
    It was good to be in touch {when}. I hope all is well with you.
talk: channel
    I was just thinking back to {ours}. {close}
talk: channel, not long ago
    I enjoyed {ours}, and I've been wondering how things are going.
talk: channel, long ago
    It's been {span} since {ours}. {close}
talk: long ago
    It's been {span} since we were in touch. {close}
    You came to mind today, and I noticed it's been {span}. {close}
talk: nothing known
    No particular reason for writing; I just wondered how you are.
    You came to mind today. {close}
    Just a quick hello. {close}
talk: where we met
    I was thinking back to when we met {met}. {close}
talk: after a long time
    It's been a long time, and I'd be glad to hear how you are. A line or two is plenty.
"""
_CASES = (case.splitlines() for case in re.split(r"\n(?! )", _SENTENCES.strip()))
SENTENCES = {case: [sentence.strip() for sentence in sentences] for case, *sentences in _CASES}

CLOSERS = (
    "How are you these days?",
    "How have you been?",
    "How are things with you?",
    "I'd be glad to hear how you are.",
    "What's keeping you busy these days?",
)


# --- what to call a person by ----------------------------------------------------------------------------

_TITLES = names.word_set(
    "dr prof professor doctor mr mrs ms mx miss sir dame lady lord rev reverend hon capt captain phd md"
    " herr frau dipl-ing ing mag med jur phil nat rer habil mba msc bsc esq jr sr"
)
# With a title and one name one is greeted by both: "Prof. Noether", "Aunt Rose".
_KIN = names.word_set("aunt auntie uncle grandma grandpa granny cousin tante onkel oma opa sister brother")
_FAMILY_FIRST = ("\u3040\u30ff", "\u3400\u9fff", "\uac00\ud7af", "\uf900\ufaff")


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
    if not 0 < len(words) <= 8 or words[0].lower() == "the" or not all(map(_is_name_word, words)):
        return ""
    if not name.isascii() and any(names.is_within(_FAMILY_FIRST, c) for c in name):
        return " ".join(words)
    titles = [word for word in words if _bare(word) in _TITLES]
    names_only = [word for word in words if _bare(word) not in _TITLES]
    if not names_only:
        return ""
    first = names_only[0]
    if len(names_only) == 1 and titles:
        return f"{titles[0]} {first}"
    if _bare(first) in _KIN:
        return " ".join(names_only[:2])
    is_initial = len(first.rstrip(".")) == 1 or first.endswith(".")
    is_particle = first.islower() and not names_only[-1].islower()
    return " ".join(names_only) if is_initial or is_particle else first


def _is_name_word(word: str) -> bool:
    """Letters of any script with their accents and vowel signs; a hyphen, an apostrophe, a final dot."""
    return all(c.isalpha() or c in "-'’" or unicodedata.category(c)[0] == "M" for c in word.removesuffix("."))


def _bare(word: str) -> str:
    return names.fold(word).rstrip(".")


# --- what is tender --------------------------------------------------------------------------------------

# What a short message had better leave to the other person: illness, death, separation, work or money lost, quarrels, and
# what was said in confidence. "*" stands for any ending, "_" for a blank.
_TENDER = """
    abuse* abortion accident alzheimer* bereave* cancer chemo* coma condolence* cried cry crying custody dead death dementia
    depress* diagnos* died dies disabilit* dying fertility funeral grief griev* heart_attack hospice hospital* ill illness
    injur* infertil* ivf miscarr* miscarriage mourn* operated overdose pass_away passed_away passing_away palliative rehab sick*
    stillb* stroke suicid* surgery therapy therapist* trauma* tumor* tumour* unwell widow* worried worries anxiety panic lonely loneliness
    losing_weight lose_weight addict* alcohol* drinking drugs burnout burn-out burned_out burnt_out breakdown
    affair break-up breakup broke_off broke_up broken_heart divorc* estrange* marriage separated separation split_up
    splitting_up split_from left_her left_him
    bankrupt* broke can't_afford cannot_afford debt debts evict* fired foreclos* job_loss laid_off layoff* lay-off* let_go
    lost_her_job lost_his_job lost_my_job lost_their_job money_problems money_trouble* out_of_money pregnan* money_worries redundan* sacked
    unemploy* between_jobs did_not_get_the_job didn't_get_the_job
    lost_her lost_his lost_their lost_the_baby lost_a losing_her losing_his
    argued arguing argument_with arrest* bully* bullied fell_out falling_out feud fight fights fought harass* in_court jail
    lawsuit prison quarrel* row_with sued violen*
    between_us confided confidential* in_confidence don't_tell do_not_tell off_the_record keep_quiet secret secrets keep_to_yourself
    gestorben tod tot verstorben beerdigung trauer* beileid krank* krebs scheidung geschieden trennung getrennt entlassen
    gekündigt kündigung arbeitslos* schulden streit gestritten fehlgeburt unfall vertraulich insolven* pleite
    mort morte décès décédé décédée deuil enterrement obsèques malad* hôpital licencié* licenciement chômage dette dettes dispute*
    murió muerte falleci* duelo enferm* cáncer despid* deuda* pelea* ruptura
    morto cancro lutto funerale malat* ospedale licenziat* debiti litig* divorzi*
    morreu faleceu luto doente doença câncer demitid* dívida* briga*
    overleden dood rouw begrafenis ziek* kanker gescheiden ontslagen ruzie*
    умер* смерт* похорон* болезн* болен больн* развод* увол* долг* ссор*
"""
_WITHOUT_BLANKS = "去世 死 葬 病 癌 离婚 離婚 裁员 失业 失業 债 借金 吵架 喧嘩 解雇 이혼 사망 장례 암 해고 빚"
_TENDER_WORDS = [(word.replace("_", "*").split("*")[0], word) for word in _TENDER.split()]


def is_tender(text: str) -> bool:
    """Whether a line is about something that one does not bring up in passing."""
    text = text.replace("’", "'")
    folded = text.casefold()
    if any(begin in folded and _holds(text, word) for begin, word in _TENDER_WORDS):
        return True
    return not text.isascii() and any(word in text for word in _WITHOUT_BLANKS.split())


def _holds(text: str, word: str) -> bool:
    pattern = re.escape(word).replace("_", r"\s+").replace(r"\*", r"\w*")
    return re.search(rf"(?i)\b{pattern}\b", text) is not None
