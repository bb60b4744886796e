"""Whether an open task is a planned talk: one that says no more than to get in touch with somebody.

Here are also the tokens of a line, by which `plans` reads it. To add a language, add its words to the rows; case and
accents do not matter.
"""

import re
from itertools import pairwise

from mdmentor.core import names
from mdmentor.core.model import Contact, Promise
from mdmentor.core.names import word_set

_LINK = r"(?:!\[|\[)(?:\[[^\[\]]*\]\]|(?:[^\[\]\\]|\\.)*\]\([^()\s]*\))"
# A class with characters beyond Latin-1 takes ten times as long to compile.
_TOKEN = r"@|&|[^\W_]+(?:['-][^\W_]+)*|(?:[.!?;]|…)+|[,:()]|–|—|\A-\Z"
ENDS, COMMAS = frozenset(".!?;…"), frozenset((",", ":", "(", ")", "–", "—", "-"))

# What a task may say that only asks to be in touch: the ways, with which one word at least is among these ...
IN_TOUCH = word_set("""
    email e-mail mail call callback phone ring ping text message msg dm write reply respond meet ask contact reach reconnect
    visit see talk speak chat catch-up catchup skype zoom facetime whatsapp coffee tea lunch dinner breakfast brunch
    drinks beer walk  touch catch check follow line hi hello
    anrufen zurückrufen anruf telefonieren schreiben mailen mail anschreiben treffen besuchen fragen melden kontaktieren
    sprechen reden kaffee mittagessen abendessen spaziergang telefonat nachricht
    appeler rappeler téléphoner écrire contacter rencontrer voir demander joindre café déjeuner nouvelles
    llamar llamarle telefonear escribir escribirle mensaje correo contactar ver visitar preguntar quedar hablar almuerzo cena
    messaggio chiamare telefonare scrivere contattare sentire incontrare vedere chiedere caffè pranzo
    mensagem ligar telefonar escrever contatar contactar encontrar perguntar falar almoço jantar
    bellen mailen schrijven contacteren afspreken spreken vragen bezoeken koffie
    zadzwonić napisać spotkać ringa skriva träffa ringe skrive møde
    позвонить написать встретиться спросить связаться поговорить
    打电话 电话 联系 写信 发邮件 见面 問 问 電話 電話する に電話 に電話する に連絡 に連絡する にメール にメールする に会う と会う と話す
    전화 전화하기 연락 연락하기 만나기 에게 메일
""").union(["に電話をかける"])
# ... and with which no more is said.
IN_TOUCH_TOO = word_set("""
    to with at in on by a an the my her him them his their back again out up touch base get go grab have let let's lets remember
    please try should must need and or then soon some quick short long little just hey say
    schedule arrange plan organise organize set book invite them catch check
    today tonight tomorrow later this next week weekend month morning afternoon evening am pm time asap
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    bei mit an mich sich mal wieder noch ihn ihr ihm sie und dem der den die einen ein eine kurz bitte heute morgen nächste woche am um
    uhr gehen trinken essen vereinbaren ausmachen
    à au aux avec le la les un une lui elle et de du des prendre boire
    con el al los las ella él y tomar  di il lo gli lei lui e alla  para com o os as ele ela ao à
    met aan de het een hem haar en terug  do z ze i med til  给 跟 和 与 去 に と へ を 에게 와 과
""")
# What is sent or given, and is no more than to be in touch where it is no certain one: `give her a call`.
_SEND = word_set("send shoot drop give  schicken senden  envoyer passer  enviar mandar  inviare mandare")
_WORD_SENT = word_set("""
    call ring line email e-mail mail text message msg dm  nachricht  mensaje correo  messaggio  mensagem
""")
_ONE = word_set("a an quick short  eine ein  un une  uma")
# What behind a name begins to say what it is about.
ABOUT = word_set("""
    about re regarding concerning because for to if whether how what when where why who
    wegen über zum zur ob  pour sur si  por sobre para  per su se  por sobre  over voor of  о об по насчёт
""")
_NO_SIGNS = bytes(number if chr(number).isalnum() else 32 for number in range(256))


def parts_of(text: str) -> list[bytes]:
    """Its words in lower case, cut at every sign."""
    return text.lower().encode().translate(_NO_SIGNS).split()


_IN_TOUCH_PARTS = frozenset(part for word in IN_TOUCH for part in parts_of(word))


def tokens_of(text: str) -> list[str]:
    text = re.sub(_LINK, lambda link: "" if link[0][0] == "!" else "@", text.replace("@", " "))
    words = names.fold_plain(text.replace("’", "'")).split()
    return [token for word in words for token in ((word,) if word.isalnum() else re.findall(_TOKEN, word))]


def is_planned_talk(task: Promise, contact: Contact) -> bool:
    """Whether an open task says no more than to get in touch with the contact, and perhaps about what.

    `email [[Mom]]`, `coffee with her`, `[[Mama]] anrufen` are plans; `email her the photos` is a promise. In the
    contact's own note the name may be left out, and a task that names another person is about that one.
    """
    if task.text.isascii() and _IN_TOUCH_PARTS.isdisjoint(parts_of(task.text)):
        return False  # as most are, whose tokens need not be found
    is_own = task.path == contact.path
    called = {names.fold(name) for name in (contact.name, *contact.aliases, names.stem(contact.path))}
    links = [names.fold(names.unlink(link[0])) for link in re.finditer(_LINK, task.text)]
    if task.theirs or (is_own and links and called.isdisjoint(links)):
        return False
    tokens = [token for token in tokens_of(_with_name_as_link(task.text, contact)) if token[0] not in ENDS]
    ends = (n for n, token in enumerate(tokens) if _begins_matter(tokens, n, is_own=is_own))
    end = next(ends, len(tokens))
    head = tokens[:end]
    verbs = [token for token in (*head, *tokens[end:][-1:]) if token in IN_TOUCH]
    if (
        not verbs
        or not (is_own or "@" in head)
        or (verbs == ["write"] and "@" not in head and end < len(tokens))
    ):
        return False
    is_thing = any(after == "@" and word in _OF_A_THING for word, after in pairwise(head))
    if not _SEND.isdisjoint(head):
        is_thing = not any(word in _ONE and after in _WORD_SENT for word, after in pairwise(head))
    known = IN_TOUCH | IN_TOUCH_TOO | _SEND | COMMAS | {"@", "&"}
    return not is_thing and all(token in known or token.isdecimal() for token in head)


_OF_A_THING = frozenset({"@", "the", "my"})  # what is linked behind these is no person
_ABOUT_ALONE = ABOUT - IN_TOUCH_TOO  # none of these stands between the verb and the person


def _begins_matter(tokens: list[str], at: int, *, is_own: bool) -> bool:
    """Whether what the talk is about begins here: behind the person, in their own note behind the verb too."""
    if tokens[at] not in ABOUT:
        return False
    before = tokens[:at]
    has_person = not {"@", "her", "him", "them"}.isdisjoint(before)
    return has_person or (is_own and tokens[at] in _ABOUT_ALONE and not IN_TOUCH.isdisjoint(before))


def _with_name_as_link(text: str, contact: Contact) -> str:
    """The text with the contact's names, as they are written or the first word of them, in the brackets of a link."""
    for name in sorted(
        {contact.name, contact.name.split(" ")[0], *contact.aliases} - {""}, key=len, reverse=True
    ):
        if name.isascii():
            if name.lower() not in text.lower():
                continue  # a pattern for each person is slow to compile
            text = re.sub(rf"(?i)(?<![\w\[|/]){re.escape(name)}(?![\w\]|/])", "[[]]", text)
        elif f"[{name}" not in text:
            text = text.replace(name, "[[]]")
    return text
