"""Whether a line in a journal tells of a talk with somebody.

A line of a journal counts unless it says that nothing has happened: "should ring Mom", "call Mom tomorrow", "thinking
about Mom". The words that decide are looked up one by one, so that a line is read in linear time. To add a language, add
its words to the rows; case and accents do not matter.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.names import word_set
from mdmentor.core.planned_talks import COMMAS, ENDS, parts_of, tokens_of


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(names.fold_plain(phrase).split("_")) for phrase in text.split())


# A phrase is written with "_" between its words.
# Somebody was in touch:
_TALK = _phrases("""
    called rang phoned met talked spoke spoken chatted texted emailed e-mailed mailed messaged wrote replied answered
    asked told said says tells heard_from saw visited joined helped gave sent showed introduced thanked congratulated
    invited discussed agreed caught_up ran_into bumped_into hung_out spent came walked ate celebrated skyped zoomed
    facetimed pinged reached connected interviewed explained shared mentioned suggested offered recommended advised
    apologized apologised hugged cooked picked_up dropped_by stopped_by dropped_off played argued laughed confirmed
    brought received lent borrowed drove accompanied paired debriefed synced followed_up checked_in reported promised
    complained listened thinks was_here was_there was_with were_with wished confided
    angerufen telefoniert getroffen gesprochen geredet geschrieben gemailt gesehen besucht erzählt sagte gesagt meinte
    fragte gefragt meint findet geholfen half gegessen getrunken gefeiert unterhalten geantwortet gemeldet rief traf trafen sprach
    sprachen schrieb erzählte kam kamen gratuliert bedankt eingeladen vorgestellt geschickt bekommen erhalten gegeben
    mitgebracht gebracht vorbeigekommen besprochen diskutiert geklärt vereinbart getextet gechattet geskypt gewandert
    gelacht gestritten wiedergesehen kennengelernt gespielt abgeholt begleitet empfohlen geraten berichtet zugesagt
    abgesagt versprochen war_bei waren_bei war_mit waren_mit war_da war_hier konnte_endlich konnten_endlich
    appelé parlé discuté rencontré écrit raconté répondu déjeuné dîné
    llamé hablé hablamos quedé quedamos escribí visité comí comimos contó
    chiamato parlato incontrato scritto sentito raccontato pranzato cenato
    liguei falei falamos encontrei escrevi almocei jantei contou
    gebeld gesproken gezien ontmoet geschreven gegeten bezocht verteld
""")
# Something that one does together, unless it is still to come:
_MEETING_UP = _phrases("""
    call phone coffee tea lunch dinner breakfast brunch drinks drink beer beers email mail chat message text letter
    meeting video zoom skype visit walk hike run party conversation discussion talk catch-up catchup session sync
    standup interview workshop trip picnic concert movie game meal supper pizza 1on1 one-on-one
    anruf telefonat gespräch kaffee mittagessen abendessen essen frühstück treffen besuch spaziergang nachricht brief
    besprechung bier tee wein kino konzert feier ausflug wanderung videocall kuchen mittag
    café déjeuner dîner réunion visite promenade  almuerzo cena comida paseo reunión llamada
    caffè pranzo cena riunione telefonata  almoço jantar reunião  koffie etentje gesprek wandeling
""")
# A plan or a thought, and what follows it in the sentence as well:
_PLAN = _phrases("""
    should shouldn't must need_to need have_to had_to gotta got_to ought want_to wanted_to want would would_like i'd we'd
    i'd_like plan_to plan planning planned_to plans_to going_to gonna will i'll we'll won't shall let's lets remember_to
    remember don't_forget do_not_forget remind reminder todo to_do maybe perhaps might could hope hopefully hoping
    looking_forward can't_wait get_in_touch intend intending consider considering thinking thinking_of thinking_about think_of think_about
    thought_of thought_about been_thinking wonder wondering wondered miss missing missed worried worry worrying dreamt
    dreamed dream reminds_me reminded_me_of owe note_to_self idea ideas prepare preparing scheduled schedule arrange
    waiting_for waiting_to waiting decided_to decide_to try_to trying_to tried_to meant_to mean_to supposed_to forgot
    planned_lunch planned_coffee planned_dinner planned_call planned_trip curious wish time_to overdue came_to_mind on_my_mind in_my_thoughts
    didn't_call didn't_reply didn't_answer didn't_reach didn't_hear didn't_get didn't_manage didn't_see didn't_talk
    didn't_write didn't_respond haven't hadn't never couldn't_reach couldn't_get no_reply no_answer no_news no_word
    no_response not_yet have_not has_not had_not hasn't_replied hasn't_answered hasn't_called hasn't_written
    sollte sollten sollt soll müsste müssten muss müssen will wollen wollte wollten möchte möchten werde werden_wir könnte
    könnten würde würden wäre wären hoffe hoffentlich hoffen vielleicht evtl eventuell denke denken dachte
    gedacht vergessen vermisse vermissen fehlt frage_mich sorge sorgen geträumt idee ideen plane planen geplant
    warte_auf warten_auf freue_mich freu_mich freuen_uns überlege überlegen brauche brauchen schulde erinnere erinnert_mich
    nichts_von keine_antwort noch_nicht nicht_erreicht nicht_angerufen nicht_gemeldet nicht_geschafft nicht_geantwortet gespannt ob
    dran_denken nicht_vergessen merken merke vorbereiten vornehmen
    devrais dois il_faut je_veux pense_à penser_à peut-être j'aimerais je_voudrais je_vais à_faire pas_de_nouvelles me_manque
    debería debo tengo_que voy_a quiero hay_que pensando pensé_en quizás ojalá pendiente echo_de_menos
    dovrei devo voglio pensando forse vorrei  deveria preciso quero talvez
    moet zou wil zal misschien denk_aan
""")
# What was not done, and all that follows in the sentence:
_REGRET = _phrases("should_have could_have would_have i_wish if_only hätte hätten")
# A time to come:
_AHEAD = _phrases("""
    tomorrow next_week next_month next_year next_time next_weekend later soon someday one_day eventually sometime
    this_weekend at_the_weekend on_the_weekend asap in_the_future some_time
    next_monday next_tuesday next_wednesday next_thursday next_friday next_saturday next_sunday
    on_monday on_tuesday on_wednesday on_thursday on_friday on_saturday on_sunday
    this_monday this_tuesday this_wednesday this_thursday this_friday this_saturday this_sunday
    morgen übermorgen nächste_woche nächsten_monat nächstes_jahr nächstes_mal nächstes_wochenende später demnächst bald
    irgendwann am_wochenende dieses_wochenende kommende_woche
    am_montag am_dienstag am_mittwoch am_donnerstag am_freitag am_samstag am_sonntag
    nächsten_montag nächsten_dienstag nächsten_mittwoch nächsten_donnerstag nächsten_freitag nächsten_samstag
    demain la_semaine_prochaine bientôt  mañana la_próxima_semana la_semana_que_viene pronto  domani la_prossima_settimana presto
    amanhã na_próxima_semana em_breve  volgende_week binnenkort
""")
# A day or a thing to do with somebody, which says nothing of a talk:
_OCCASION = _phrases("""
    birthday anniversary present_for gift_for presents_for gifts_for photo_of picture_of photos_of article_about
    post_by heard_about  geburtstag jahrestag geschenk_für geschenke_für foto_von bild_von  anniversaire cadeau
    cumpleaños regalo  compleanno  aniversário  verjaardag cadeau
""")
# No time to come, though it looks like one.
_NO_TIME = _phrases(
    "heute_morgen gestern_morgen am_morgen guten_morgen jeden_morgen dieser_morgen diesen_morgen"
)
# A verb that begins a line and asks for something to be done.
_TO_DO = word_set("""
    ask tell send buy write reply invite book ping thank remind congratulate introduce give bring show contact ring find
    arrange organise organize prepare follow reach forward order pick
    appeler rappeler écrire contacter inviter remercier  llamar escribir invitar  chiamare scrivere  ligar escrever
""")
# A verb that ends a German clause and has not happened.
_INFINITIVE = word_set("""
    anrufen anzurufen zurückrufen schreiben anschreiben zurückschreiben mailen treffen besuchen fragen einladen melden
    kontaktieren danken bedanken gratulieren erinnern besorgen kaufen schicken vorschlagen vereinbaren ausmachen
    organisieren telefonieren sprechen reden sehen besprechen klären trinken gehen abholen helfen zurückgeben
    bellen schrijven vragen uitnodigen
""")
# What a clause of its own begins with.
_AND = word_set("and then und dann et y e en & danach")
_SUBORDINATE = word_set(
    "about re regarding discuss because who which where that while when über wegen weil dass wo als"
)
_BUT = word_set("but though aber doch sondern mais pero ma mas maar")

_VERBS_TOO = frozenset(
    {"call", "phone", "email", "mail", "chat", "message", "text", "visit", "talk", "zoom", "skype"}
)

_CLASSES = {
    phrase: kind
    for kind, phrases in (
        ("talk", _TALK), ("noun", _MEETING_UP), ("plan", _PLAN), ("ahead", _AHEAD), ("regret", _REGRET),
        ("occasion", _OCCASION), ("none", _NO_TIME),
    )
    for phrase in phrases
}  # fmt: skip
_LENGTHS = sorted(set(map(len, _CLASSES)), reverse=True)
# Without any of these a line holds no plan and no thought; of a phrase the longest word, as "on" and "in" are everywhere.
_NO = [phrase for phrase, kind in _CLASSES.items() if kind in ("plan", "ahead", "regret", "occasion")]
_SAY_NO = _TO_DO.union(_INFINITIVE, {max(phrase[::-1], key=len) for phrase in _NO})
_SAY_NO_PARTS = frozenset(part for word in _SAY_NO for part in parts_of(word))
# All others but the signs that end a sentence say nothing in it.
_MEANINGFUL = COMMAS.union(_BUT, _AND, _SUBORDINATE, _TO_DO, (phrase[0] for phrase in _CLASSES))


def talked_of(text: str, links: int) -> tuple[bool, ...]:
    """For each of a line's links, in their order, whether the line tells of a talk with whom it names.

    Where the text does not have as many links, they all count or none does.
    """
    if text.isascii() and _SAY_NO_PARTS.isdisjoint(parts_of(text)):
        return (True,) * links  # as of most lines, whose tokens need not be found
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
        self.has_talk = False
        self.has_noun = False  # of something done together
        self.plans = False

    def end_clause(self, words: list[str]) -> None:
        """What is done together counts unless the clause of these words, or one before it, is a plan."""
        ends_open = len(words) > 1 and words[-1] in _INFINITIVE
        self.plans |= ends_open and not self.has_talk
        self.is_plan |= self.plans
        talk = self.has_talk or (self.has_noun and not self.is_plan)
        self.clauses.append(_Clause(words.count("@"), talk, self.plans and not talk))
        self.has_talk, self.has_noun, self.plans = False, False, False


def _sentences(tokens: list[str]) -> Iterator[_Sentence]:
    one = _Sentence()
    start = behind = 0  # of the clause at hand; the place behind the last phrase
    for at in [n for n, token in enumerate(tokens) if token in _MEANINGFUL or token[0] in ENDS]:
        token = tokens[at]
        if at < behind:
            continue  # within a phrase
        is_end = token[0] in ENDS or token in _BUT
        if is_end or token in COMMAS or token in _AND or (token in _SUBORDINATE and (token,) not in _CLASSES):
            one.end_clause(tokens[start:at])
            start = at + 1
        else:
            behind = at + _read(one, tokens, start, at)
        if is_end:
            yield one
            one = _Sentence()
        elif token in COMMAS or token in _AND:
            one.governed = one.regrets and token not in COMMAS
    one.end_clause(tokens[start:])
    yield one


def _read(one: _Sentence, tokens: list[str], start: int, at: int) -> int:
    """Takes in the word or phrase at a place in the clause that begins at `start`; how many words it has."""
    token = tokens[at]
    if token in _TO_DO and at == start and "@" in tokens[at + 1 : at + 4]:
        one.plans = one.governed = True
    for length in _LENGTHS:
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
