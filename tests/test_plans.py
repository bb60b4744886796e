"""Which lines of a journal tell of a talk, and which only of a plan or a thought."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.plans import talked_of
from tests.conftest import VaultOnDisk

TALKS = """
J'ai appelé [[Marie]], je vais lui écrire
café con [[Luis]], que voy a ver pronto
[[Marie]] a promis d'écrire
got in touch with [[Ann]]
met [[Mom]] as planned
called [[Mom]]
Called [[Mom]], she is doing better
had lunch with [[Mom]]
Lunch with [[Mom]] and [[Bob]]
coffee with [[Mom]]
[[Mom]] called, will visit her next week
talked to [[Mom]] about tomorrow's trip
Call with [[Mom]] about next week
long chat with [[Mom]], she is thinking about moving
[[Mom]] told me I should rest
met [[Mom]] and we plan a trip
Met up with [[Bob]] to talk about what we should do next
email from [[Mom]]: she wants to come in spring
got a letter from [[Mom]]
[[Mom]] asked whether I could help
[[Mom]] came over for tea
dinner at [[Mom]]'s
ran into [[Bob]] at the station
[[Bob]] helped me move
thanked [[Bob]] for the introduction
Walked with [[Mom]], we should do it more often
[[Mom]] sent me the photos
zoom with [[Mom]]
Visited [[Mom]] in hospital
celebrated [[Mom]]'s birthday
At [[Mom]]'s birthday party
wished [[Mom]] a happy birthday
[[Mom]] said she'd call tomorrow
heard from [[Bob]] after a long time
Finally reached [[Bob]]
spent the day with [[Mom]]
After thinking about it, I called [[Mom]]
I wanted to write to [[Mom]] and then called her
Thinking about [[Mom]], so I rang her
wanted to email [[Bob]] but he called first
Spoke with [[Bob]] about the job, might apply
Invited [[Bob]] to dinner on Friday
[[Bob]] reminded me that I should book; he told me how
Breakfast with [[Bob]], who leaves tomorrow
Later met [[Bob]] at the library
Caught up with [[Bob]] over beers
1on1 with [[Bob]]
Meeting with [[Bob]]: he will send the draft
[[Bob]] gave me his notes
texted [[Bob]], no answer yet
Wrote to [[Bob]]: would he read my page?
introduced [[Bob]] to [[Mom]]
[[Bob]] recommended a book I want to read
Tea with [[Bob]]
Talked with [[Bob]]. Must buy milk tomorrow.
asked [[Bob]] about the raise
I told [[Bob]] about my idea
mit [[Mama]] telefoniert
[[Mama]] angerufen
habe [[Mama]] angerufen, sie will umziehen
Mit [[Anna]] über morgen gesprochen
Treffen mit [[Anna]]
Kaffee mit [[Anna]], wir sollten das öfter machen
Mittagessen mit [[Anna]] und [[Ben]]
[[Anna]] hat angerufen und will mich besuchen
[[Anna]] getroffen
[[Anna]] kam vorbei
war bei [[Oma]] zum Kuchen
Mit [[Ben]] zu Mittag gegessen
Telefonat mit [[Ben]] wegen der Reise nächste Woche
Gespräch mit [[Ben]], er überlegt zu kündigen
[[Ben]] erzählte, dass er vielleicht umzieht
[[Ben]] gratuliert
Mit [[Ben]] Geburtstag gefeiert
Lange mit [[Anna]] geredet, morgen mehr
[[Anna]] hat mir geschrieben: sie möchte kommen
[[Anna]] eine Mail geschrieben
wollte [[Anna]] schreiben, dann hat sie angerufen
Heute Morgen Kaffee mit [[Anna]]
[[Oma]] besucht
Spaziergang mit [[Oma]]
Habe [[Ben]] versprochen, morgen zu kommen
Abendessen bei [[Ben]]
[[Ben]] hat mir beim Umzug geholfen
Mail von [[Ben]]: er hat zugesagt
vu [[Claire]] au café
parlé avec [[Claire]] de son projet
Déjeuner avec [[Claire]]
Hablé con [[Luis]] por teléfono
Café con [[Luis]]
pranzo con [[Gianni]]
falei com a [[Rita]]
gebeld met [[Jan]]
[[Ann]] thinks I should apply
Video call with [[Bob]] and [[Ann]] to discuss what could go wrong
Mit [[Anna]] gegessen. Sollte sie öfter sehen.
Sat with [[Ann]] on the train, she may move to Rome
[[Mom]]
"""

PLANS = """
planned lunch with [[Mom]] for Friday
warte auf [[Mom]]
call [[Mom]] tomorrow
should ring [[Mom]]
Have not spoken to [[Ann]] since May
Noch keine Antwort von [[Anna]]
Maybe I can ask [[Ann]]
[[Anna]] nächste Woche treffen
Ob [[Anna]] noch in Berlin wohnt?
Was würde [[Anna]] sagen?
thinking about [[Mom]]
I should call [[Mom]]
Need to email [[Mom]] back
must write to [[Mom]]
remember to thank [[Mom]]
want to see [[Mom]] soon
maybe lunch with [[Mom]] next week
Lunch with [[Mom]] tomorrow
Coffee with [[Mom]] would be nice
wonder how [[Mom]] is doing
I haven't talked to [[Mom]] in ages
haven't heard from [[Mom]] for months
miss [[Mom]]
dreamt of [[Mom]]
[[Mom]]'s birthday is on Friday
buy a present for [[Mom]]
Idea: introduce [[Mom]] to [[Bob]]
plan: coffee with [[Mom]]
going to visit [[Mom]] this weekend
will call [[Mom]] later
I'll ask [[Bob]] about it
I’ll ask [[Bob]] about it
ask [[Bob]] about the raise
let's invite [[Bob]] for dinner
hope [[Mom]] is well
worried about [[Mom]]
Should have called [[Mom]]
should have called [[Mom]] and asked how she is
I wish I had called [[Mom]]
This song reminds me of [[Mom]]
would be nice to see [[Mom]]
looking forward to dinner with [[Mom]] on Saturday
planning a trip with [[Mom]]
Meeting with [[Bob]] next Tuesday
Meeting with [[Bob]] scheduled for Tuesday
waiting for [[Bob]] to reply
No reply from [[Bob]] yet
owe [[Mom]] a call
send [[Mom]] the photos
don't forget [[Mom]]'s birthday
Tomorrow: tea with [[Mom]]
Tomorrow, lunch with [[Mom]]
forgot to call [[Mom]]
didn't call [[Mom]]
considering asking [[Bob]] for advice
decided to call [[Mom]] next week
What would [[Mom]] say?
note to self: text [[Mom]]
Prepare for the call with [[Bob]]
Thinking of what [[Mom]] said
[[Mom]] might know somebody
It is time to write to [[Bob]]
I could ask [[Bob]] or [[Mom]]
Thought of [[Bob]] today
Reach out to [[Bob]]
Follow up with [[Bob]] next week
Someday visit [[Bob]] in Leeds
I miss talking to [[Bob]]
Call [[Mom]] about dinner tomorrow
Need to talk to [[Bob]] about what he said
never called [[Bob]] back
[[Mama]] morgen anrufen
sollte [[Mama]] mal wieder anrufen
muss [[Mama]] noch schreiben
[[Mama]] anrufen
denke an [[Mama]]
An [[Mama]] gedacht
vielleicht mit [[Anna]] essen gehen
Will [[Anna]] besuchen
Nicht vergessen: [[Anna]] gratulieren
wollte [[Anna]] anrufen
werde [[Anna]] fragen
[[Anna]] hat bald Geburtstag
Geschenk für [[Anna]] besorgen
frage mich, wie es [[Anna]] geht
lange nichts von [[Anna]] gehört
[[Anna]] fehlt mir
vermisse [[Anna]]
Idee: [[Anna]] und [[Ben]] zusammenbringen
nächste Woche Treffen mit [[Anna]]
Termin mit [[Anna]] ausmachen
hoffe, [[Anna]] geht es gut
mache mir Sorgen um [[Anna]]
von [[Anna]] geträumt
[[Ben]] könnte mir helfen
freue mich auf das Essen mit [[Ben]] am Samstag
[[Ben]] um Rat fragen
habe vergessen, [[Ben]] anzurufen
bei [[Ben]] melden
Wäre schön, [[Ben]] wieder zu sehen
plane eine Reise mit [[Ben]]
hätte [[Ben]] anrufen sollen
Kaffee mit [[Ben]] wäre schön
Morgen mit [[Ben]] zum Mittagessen
[[Ben]] noch nicht erreicht
Demnächst [[Oma]] besuchen
[[Oma]] hat Geburtstag
mit [[Oma]] Kaffee trinken
Ich sollte [[Oma]] öfter sehen
penser à [[Claire]]
je dois appeler [[Claire]] demain
debería llamar a [[Luis]]
mañana café con [[Luis]]
devo chiamare [[Gianni]]
preciso ligar para a [[Rita]]
moet [[Jan]] bellen
je vais appeler [[Marie]]
je voudrais voir [[Marie]]
écrire à [[Marie]]
À faire : appeler [[Marie]]
pas de nouvelles de [[Marie]]
[[Marie]] me manque
debo llamar a [[Luis]]
voy a llamar a [[Luis]]
escribir a [[Luis]]
pendiente: llamar a [[Luis]]
pensé en [[Luis]]
echo de menos a [[Luis]]
la semana que viene café con [[Luis]]
can't wait to see [[Ann]]
get in touch with [[Ann]]
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("line", lines(TALKS))
def test_a_talk_is_not_lost(line: str) -> None:
    assert all(talked_of(line, line.count("[[")))


@pytest.mark.parametrize("line", lines(PLANS))
def test_a_plan_or_a_thought_is_no_talk(line: str) -> None:
    assert not any(talked_of(line, line.count("[[")))


def test_the_table_holds_sentences_enough() -> None:
    assert len(lines(TALKS)) > 80 and len(lines(PLANS)) > 80


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Met [[Ann]]. Must call [[Mom]] tomorrow.", (True, False)),
        ("Should ring [[Mom]]; tea with [[Ann]] and [Bob](people/Bob.md)", (False, True, True)),
        ("[[Mom]] was on my mind. Called her.", (True,)),
        ("Thinking of ![[Mom]] and [[Ann]]", (False,)),
    ],
)
def test_each_sentence_speaks_for_its_own_links(line: str, expected: tuple[bool, ...]) -> None:
    assert talked_of(line, len(expected)) == expected


@given(st.text(alphabet="ab @[].,should calledtomorrow-'’", max_size=80), st.integers(0, 4))
def test_any_text_has_an_answer_for_each_link(text: str, links: int) -> None:
    assert len(talked_of(text, links)) == links


def test_a_long_line_is_read_in_linear_time() -> None:
    started = process_time()
    for text in ("should [[Mom]] call, " * 20_000, "[" * 100_000, "didn't " * 50_000, "a-" * 100_000):
        talked_of(text, 1)
    assert process_time() - started < 5


def test_in_a_journal_plans_and_thoughts_are_no_contact(vault: VaultOnDisk) -> None:
    for name in ("Mom", "Ann", "Bob", "Cem", "Dee"):
        vault.add(f"people/{name}.md", "")
    vault.add(
        "2026-11-20.md",
        "- call [[Mom]] tomorrow\n- tea with [[Ann]], should ring [[Mom]]\n- [x] should ask [[Bob]]\n"
        "- thinking of [[Cem]] #gave\n\nDinner with [[Ann]]. Must write to [[Dee]].\n",
    )
    vault.add("Review.md", "---\ntype: meeting\ndate: 2026-11-19\n---\n- [[Dee]] will send the draft\n")
    contacts = {c["name"]: c["last_contact"] for c in vault.json("contacts")}
    assert contacts == {
        "Mom": None,
        "Ann": "2026-11-20",
        "Bob": "2026-11-20",
        "Cem": "2026-11-20",
        "Dee": "2026-11-19",
    }


def test_what_is_nested_below_a_plan_is_still_about_the_same_person(vault: VaultOnDisk) -> None:
    vault.add("people/Mom.md", "")
    vault.add(
        "2026-11-20.md", "- should call [[Mom]]\n  - [ ] send the photos\n  - she sent me a card #got\n"
    )
    shown = vault.json("show", "Mom")
    assert [i["line"] for i in shown["interactions"]] == [3]
    assert [p["text"] for p in shown["promises"]] == ["send the photos"]
