"""The words by which notes and folders say what they hold, in many languages: ONE table.

To add a language, add its words to the rows below; case, accents and the form of a letter do not matter. Words are
compared whole: a name is first split at case, digits and signs (`FriendTracker`, `03-Personen`, `people_notes`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from mdmentor.core import names


def _words(text: str) -> frozenset[str]:
    return frozenset(names.fold_plain(word) for word in text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(names.fold_plain(phrase).split("_")) for phrase in text.split())


# A type, a tag or a folder that says: this is somebody.
PERSON = _words("""
    person people persons contact contacts human humans
    personne personnes gens            personen kontakt kontakte mensch menschen leute
    persona personas contacto contactos gente
    persone contatto contatti          pessoa pessoas contato contatos
    persoon contacten mens mensen      osoba osoby ludzie kontakty
    personer kontakter människa människor menneske mennesker
    henkilö henkilöt ihminen ihmiset   lidé člověk
    személy személyek ember emberek    persoană persoane contacte oameni
    kişi kişiler insanlar              άνθρωπος άνθρωποι άτομο άτομα επαφή επαφές
    человек люди персона персоны контакт контакты
    людина особа особи контакти
    人 人物 人们 人們 人员 联系人 聯絡人 人脉 人脈 人々 連絡先 사람 사람들 인물 연락처
""")

# A folder besides the words for a person that holds contacts.
CONTACT_FOLDER = (
    PERSON
    | _words("""
    crm friend friends ami amis amie amies freund freunde freundin freundinnen amigo amigos amiga amigas
    amico amici amica amiche vriend vrienden vriendin przyjaciel przyjaciele vän vänner ven venner venn
    ystävä ystävät přítel přátelé barát barátok prieten prieteni arkadaş arkadaşlar φίλος φίλοι
    друг друзья друзі 朋友 友人 友達 친구 친구들
""")
) - _words("human humans mens mensch ember άτομο 人")

# A folder below one of contacts that holds no contacts.
NO_CONTACT_FOLDER = _words("""
    company companies organisation organisations organization organizations org orgs deal deals meeting meetings
    project projects opportunity opportunities account accounts
    entreprise entreprises société sociétés organisations réunion réunions projet projets
    firma firmen unternehmen organisationen besprechung besprechungen treffen projekt projekte
    empresa empresas organización organizaciones reunión reuniones proyecto proyectos
    azienda aziende organizzazione organizzazioni riunione riunioni progetto progetti
    organização organizações reunião reuniões projeto projetos negócio negócios
    bedrijf bedrijven organisatie organisaties vergadering vergaderingen projecten
    firmy organizacje spotkania projekty företag möten projekt virksomheder møder
    компания компании организации встреча встречи проект проекты
    公司 组织 組織 会议 會議 项目 專案 会社 会議 プロジェクト 회사 조직 회의 프로젝트
""")

# A note of such a name, or one of more words that says no more (`All people`, `Contact list`), is about no one.
ALL_OF_THEM = _words("""
    people persons contacts friends companies organisations organizations orgs meetings projects deals teams birthdays
    personen kontakte leute freunde firmen unternehmen geburtstage  personnes gens amis entreprises anniversaires
    personas contactos amigos empresas cumpleaños  persone contatti amici aziende compleanni  pessoas contatos
    contacten vrienden bedrijven verjaardagen  люди контакты друзья компании 联系人 人脉 連絡先
""")
_LIST = _words(
    "list all my the of and with important liste alle wichtige meine toutes tous mes todos mis lista tutti"
)
LISTS = ALL_OF_THEM | PERSON | _LIST
# A tag that says: this is a firm.
COMPANY_TAG = _words("""
    company companies organisation organisations organization organizations org orgs
    firma firmen unternehmen entreprise entreprises société empresa empresas azienda bedrijf
""")

# A type that says: this is something else. Posts, goals and meetings have rules of their own.
OTHER_TYPE = NO_CONTACT_FOLDER | _words("""
    place places location locations city country venue restaurant event events team teams group groups
    book books movie movies film films show series podcast podcasts video videos song album music game games
    recipe recipes course courses product products tool tools app software task tasks todo idea ideas quote quotes
    note notes daily weekly monthly journal diary log index moc map dashboard area areas resource resources
    reference references source sources term concept definition article articles paper papers
    client-company vendor supplier school university institution department brand
    lieu lieux livre livres événement équipe groupe recette
    ort orte buch bücher veranstaltung gruppe rezept notiz
    lugar lugares libro libros evento eventos equipo grupo receta
    luogo luoghi libri squadra gruppo ricetta
    livro livros equipe plaats boek boeken groep
    место книга книги событие команда группа 地点 书 書籍 事件 活动 团队 場所 本 イベント チーム グループ 장소 책 이벤트 팀
""")

MEETING = _words("meeting meetings")

# A folder of daily notes.
JOURNAL_FOLDER = _words("""
    journal journals journaling daily dailies diary diaries
    journaux quotidien tagebuch tagebücher tagesnotizen diario diarios diari diário diários dagboek dagboeken
    dziennik dzienniki dagbok dagböcker dagbøker dagbog päiväkirja deník napló jurnal günlük ημερολόγιο
    дневник дневники щоденник 日记 日記 日誌 日志 일기
""")
POST = _words("post posts article articles advice")
GOAL = _words("goal goals")

# A note of such a name is a template, an index or has no name yet.
TEMPLATE = _words("""
    template templates tpl vorlage vorlagen modèle modèles plantilla plantillas modello modelli sjabloon sjablonen
    szablon mall mallar skabelon шаблон шаблоны 模板 テンプレート 템플릿
""")
INDEX = _words(
    "moc index dashboard overview readme übersicht aperçu índice indice overzicht обзор 索引 目录 目次 색인"
)
UNTITLED = _words("""
    untitled unbenannt senza-titolo sin-título sem-título sans-titre naamloos ohne-titel bez-tytułu namnlös
    new-note neue-notiz nouvelle-note nueva-nota nuova-nota nova-nota nieuwe-notitie
    name full-name your-name first-name-last-name firstname-lastname vorname-nachname
    uden-titel без-названия 未命名 无标题 無題 제목없음 제목-없음
""")

# Headings that open a note and are no name.
NO_NAME = _words("""
    notes note about log logs meetings meeting contact contacts details detail info information bio biography history
    interactions interaction profile overview journal timeline summary background todo tasks links conversations
    contact-info contact-information contact-details basic-info notizen kontakt über protokoll verlauf termine
    à-propos réunions journal notas sobre reuniones historial contacto note-personali appunti contatto incontri
    notities over заметки о-контакте контакты 笔记 关于 メモ 概要 메모
""")

# A note in a person's own folder whose name has such a word is about something else: `Ann/1on1 notes.md`.
THING = _words("""
    notes note log logs meetings meeting agenda agendas 1on1 one on 1on1s 1-1 ideas gifts gift todo tasks plan plans
    review reviews feedback interview transcript draft archive journal history
    notizen protokoll protokolle treffen besprechung geschenke réunions cadeaux notas reuniones regalos
""") - _words("one on")

# What somebody is to the user. In a tag or a type it says too little to make a note a contact, and enough to ask.
RELATION = _words("""
    friend friends family colleague colleagues coworker coworkers mentor mentors mentee boss manager relative relatives
    neighbour neighbours neighbor neighbors acquaintance acquaintances connection connections classmate classmates
    freund freunde freundin freundinnen familie kollege kollegen kollegin kolleginnen bekannte verwandte mentorin
    ami amis famille collègue collègues amigo amigos familia colega colegas amico amici famiglia collega colleghi
    vriend vrienden família rodzina przyjaciele znajomi familj familje kolleger друзья семья коллеги 家族 同事 同僚 가족
""")
# A folder that may well hold people, and that is asked about.
MAYBE_CONTACT_FOLDER = (
    RELATION
    | (PERSON - CONTACT_FOLDER)
    | _words("""
    network networking rolodex relationships relations team mentorship 1on1 1on1s 1-1 netzwerk beziehungen réseau relaciones red rete
    relazioni rede relações netwerk relaties
""")
) - _words("mens mensch ember άτομο 人 manager boss")
# Words without a capital in a person's name.
PARTICLES = _words("van von der den de del della di da do dos du la le bin ibn al el ter ten y e zu")
# Folders that may hold posts or goals, and that are asked about.
POST_FOLDER = POST | _words("""
    blog blogs essay essays writing writings newsletter newsletters beiträge beitrag artikel aufsätze artículos artículo
    articoli articolo artigos artigo billets artikelen
""")
GOAL_FOLDER = GOAL | _words(
    "objective objectives okr okrs ziel ziele objectif objectifs objetivo objetivos obiettivi doelen"
)

# A heading of a contact's note below which a date is a plan or an occasion, no talk. As `whole` reads it.
PLANS = _words("""
    todo to-do todos to-dos task tasks next next-steps next-step next-actions up-next plan plans planned planning
    ideas idea gift-ideas reminder reminders date dates important-dates key-dates special-dates birthday birthdays
    anniversaries upcoming future agenda follow-up follow-ups followup followups
    aufgaben nächste-schritte nächstes pläne geplant planung ideen geschenkideen erinnerungen daten wichtige-daten
    geburtstage termine anstehend
    tâches à-faire prochaines-étapes projets idées rappels anniversaires  tareas pendientes próximos-pasos planes
    recordatorios cumpleaños fechas  attività da-fare prossimi-passi piani idee promemoria compleanni date-importanti
    tarefas próximos-passos planos ideias lembretes aniversários datas  taken volgende-stappen plannen ideeën
    herinneringen verjaardagen
""")

# A heading below which a date is one of the person's own life, and no talk either.
LIFE = _words("""
    career cv resume bio biography life life-events education employment experience work-history job-history positions
    publications awards debts loans
    lebenslauf werdegang karriere ausbildung biografie  carrière parcours biographie formation  carrera trayectoria
    biografía formación  carriera biografia formazione  carreira formação  loopbaan opleiding
""")

# A heading of a contact's log, as one word.
LOG = _words("""
    log interactions interactionlog contactlog history timeline  protokoll verlauf kontaktverlauf chronik
    historique échanges  historial interacciones  cronologia interazioni  histórico interações  logboek interacties
""")

# A way of being in touch, as one word behind the date.
CHANNEL = _words("""
    call called phone coffee tea lunch dinner breakfast brunch drinks drink beer email mail chat message text sms
    meeting meet met video zoom teams visit visited letter postcard card intro walk walked event party dm linkedin
    whatsapp signal telegram slack talk talked conference interview workshop conversation catch-up catchup
""")

# A column of a table, or a key of a record, that names the channel; and one whose days are no talks.
CHANNEL_COLUMN = _words(
    "type channel kind how via medium mode method art kanal wie typ canal tipo moyen mezzo soort"
)
NO_TALK_COLUMN = _words("""
    due deadline next until follow-up followup followups born birthday birthdate anniversary expires
    fällig bis geboren geburtstag wiedervorlage  échéance naissance  vencimiento nacimiento  scadenza nascita
    prazo nascimento  geboren verjaardag
""")

# What the words of a line in a journal say, for `plans`. A phrase is written with "_" between its words.
# Somebody was in touch:
TALK = _phrases("""
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
MEETING_UP = _phrases("""
    call phone coffee tea lunch dinner breakfast brunch drinks drink beer beers email mail chat message text letter
    meeting video zoom skype visit walk hike run party conversation discussion talk catch-up catchup session sync
    standup interview workshop trip picnic concert movie game meal supper pizza 1on1 one-on-one
    anruf telefonat gespräch kaffee mittagessen abendessen essen frühstück treffen besuch spaziergang nachricht brief
    besprechung bier tee wein kino konzert feier ausflug wanderung videocall kuchen mittag
    café déjeuner dîner réunion visite promenade  almuerzo cena comida paseo reunión llamada
    caffè pranzo cena riunione telefonata  almoço jantar reunião  koffie etentje gesprek wandeling
""")
# A plan or a thought, and what follows it in the sentence as well:
PLAN = _phrases("""
    should shouldn't must need_to need have_to had_to gotta got_to ought want_to wanted_to want would would_like i'd we'd
    i'd_like plan_to plan planning planned_to plans_to going_to gonna will i'll we'll won't shall let's lets remember_to
    remember don't_forget do_not_forget remind reminder todo to_do maybe perhaps might could hope hopefully hoping
    looking_forward intend intending consider considering thinking thinking_of thinking_about think_of think_about
    thought_of thought_about been_thinking wonder wondering wondered miss missing missed worried worry worrying dreamt
    dreamed dream reminds_me reminded_me_of owe note_to_self idea ideas prepare preparing scheduled schedule arrange
    waiting_for waiting_to waiting decided_to decide_to try_to trying_to tried_to meant_to mean_to supposed_to forgot
    curious wish time_to overdue came_to_mind on_my_mind in_my_thoughts
    didn't_call didn't_reply didn't_answer didn't_reach didn't_hear didn't_get didn't_manage didn't_see didn't_talk
    didn't_write didn't_respond haven't hadn't never couldn't_reach couldn't_get no_reply no_answer no_news no_word
    no_response not_yet have_not has_not had_not hasn't_replied hasn't_answered hasn't_called hasn't_written
    sollte sollten sollt soll müsste müssten muss müssen will wollen wollte wollten möchte möchten werde werden_wir könnte
    könnten würde würden wäre wären hoffe hoffentlich hoffen vielleicht evtl eventuell denke denken dachte
    gedacht vergessen vermisse vermissen fehlt frage_mich sorge sorgen geträumt idee ideen plane planen geplant
    freue_mich freu_mich freuen_uns überlege überlegen brauche brauchen schulde erinnere erinnert_mich
    nichts_von keine_antwort noch_nicht nicht_erreicht nicht_angerufen nicht_gemeldet nicht_geschafft nicht_geantwortet gespannt ob
    dran_denken nicht_vergessen merken merke vorbereiten vornehmen
    devrais dois il_faut je_veux pense_à penser_à peut-être j'aimerais
    debería tengo_que quiero hay_que pensando quizás ojalá
    dovrei devo voglio pensando forse vorrei  deveria preciso quero talvez
    moet zou wil zal misschien denk_aan
""")
# What was not done, and all that follows in the sentence:
REGRET = _phrases("should_have could_have would_have i_wish if_only hätte hätten")
# A time to come:
AHEAD = _phrases("""
    tomorrow next_week next_month next_year next_time next_weekend later soon someday one_day eventually sometime
    this_weekend at_the_weekend on_the_weekend asap in_the_future some_time
    next_monday next_tuesday next_wednesday next_thursday next_friday next_saturday next_sunday
    on_monday on_tuesday on_wednesday on_thursday on_friday on_saturday on_sunday
    this_monday this_tuesday this_wednesday this_thursday this_friday this_saturday this_sunday
    morgen übermorgen nächste_woche nächsten_monat nächstes_jahr nächstes_mal nächstes_wochenende später demnächst bald
    irgendwann am_wochenende dieses_wochenende kommende_woche
    am_montag am_dienstag am_mittwoch am_donnerstag am_freitag am_samstag am_sonntag
    nächsten_montag nächsten_dienstag nächsten_mittwoch nächsten_donnerstag nächsten_freitag nächsten_samstag
    demain la_semaine_prochaine bientôt  mañana la_próxima_semana pronto  domani la_prossima_settimana presto
    amanhã na_próxima_semana em_breve  volgende_week binnenkort
""")
# A day or a thing to do with somebody, which says nothing of a talk:
OCCASION = _phrases("""
    birthday anniversary present_for gift_for presents_for gifts_for photo_of picture_of photos_of article_about
    post_by heard_about  geburtstag jahrestag geschenk_für geschenke_für foto_von bild_von  anniversaire cadeau
    cumpleaños regalo  compleanno  aniversário  verjaardag cadeau
""")
# No time to come, though it looks like one.
NO_TIME = _phrases(
    "heute_morgen gestern_morgen am_morgen guten_morgen jeden_morgen dieser_morgen diesen_morgen"
)
# A verb that begins a line and asks for something to be done.
TO_DO = _words("""
    ask tell send buy write reply invite book ping thank remind congratulate introduce give bring show contact ring find
    arrange organise organize prepare follow reach forward order pick
""")
# A verb that ends a German clause and has not happened.
INFINITIVE = _words("""
    anrufen anzurufen zurückrufen schreiben anschreiben zurückschreiben mailen treffen besuchen fragen einladen melden
    kontaktieren danken bedanken gratulieren erinnern besorgen kaufen schicken vorschlagen vereinbaren ausmachen
    organisieren telefonieren sprechen reden sehen besprechen klären trinken gehen abholen helfen zurückgeben
    bellen schrijven vragen uitnodigen
""")
# What a task may say that only asks to be in touch: the ways, with which one word at least is among these ...
IN_TOUCH = _words("""
    email e-mail mail call callback phone ring ping text message msg dm write reply respond meet ask contact reach reconnect
    visit see talk speak chat catch-up catchup skype zoom facetime whatsapp coffee tea lunch dinner breakfast brunch
    drinks beer walk  touch catch check follow
    anrufen zurückrufen anruf telefonieren schreiben mailen mail anschreiben treffen besuchen fragen melden kontaktieren
    sprechen reden kaffee mittagessen abendessen spaziergang telefonat
    appeler rappeler téléphoner écrire contacter rencontrer voir demander joindre café déjeuner
    llamar telefonear escribir contactar ver visitar preguntar quedar hablar almuerzo cena
    chiamare telefonare scrivere contattare sentire incontrare vedere chiedere caffè pranzo
    ligar telefonar escrever contatar contactar encontrar perguntar falar almoço jantar
    bellen mailen schrijven contacteren afspreken spreken vragen bezoeken koffie
    zadzwonić napisać spotkać ringa skriva träffa ringe skrive møde
    позвонить написать встретиться спросить связаться поговорить
    打电话 电话 联系 写信 发邮件 见面 問 问 電話 電話する に電話 に電話する に連絡 に連絡する にメール にメールする に会う と会う と話す
    전화 전화하기 연락 연락하기 만나기 에게 메일
""").union(["に電話をかける"])
# ... and with which no more is said.
IN_TOUCH_TOO = _words("""
    to with at in on by a an the my her him them his their back again out up touch base get go grab have let let's lets remember
    please try should must need and or then soon some quick short long little just hi hello hey
    schedule arrange plan organise organize set book invite them catch check
    today tonight tomorrow later this next week weekend month morning afternoon evening am pm time asap
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    bei mit an sich mal wieder noch ihn ihr ihm sie und dem der den die einen ein eine kurz bitte heute morgen nächste woche am um
    uhr gehen trinken essen vereinbaren ausmachen  à au aux avec le la les un une lui elle et de du
    con el al los las ella él y  di il lo gli lei lui e alla  para com o os as ele ela ao à
    met aan de het een hem haar en terug  do z ze i med til  给 跟 和 与 去 に と へ を 에게 와 과
""")
# What behind a name begins to say what it is about.
ABOUT = _words("""
    about re regarding concerning because for to if whether how what when where why who
    wegen über zum zur ob  pour sur si  por sobre para  per su se  por sobre  over voor of  о об по насчёт
""")
# What a clause of its own begins with.
AND = _words("and then und dann et y e en & danach")
SUBORDINATE = _words(
    "about re regarding discuss because who which where that while when über wegen weil dass wo als"
)
BUT = _words("but though aber doch sondern mais pero ma mas maar")

# The months, a row each: in full and cut short, in English, German, French, Spanish, Italian, Portuguese and Dutch.
_MONTHS = """
    january jan  januar jänner jaenner jän  janvier janv  enero ene  gennaio gen  janeiro  januari
    february feb  februar  février fevrier févr fevr fév  febrero  febbraio  fevereiro fev  februari
    march mar  märz maerz marz mär mrz  mars  marzo  março marco  maart mrt
    april apr  avril avr  abril abr  aprile
    may  mai  mayo  maggio mag  maio  mei
    june jun  juni  juin  junio  giugno giu  junho
    july jul  juli  juillet juil  julio  luglio lug  julho
    august aug  août aout  agosto ago  augustus
    september sep sept  septembre  septiembre  settembre set  setembro
    october oct  oktober okt  octobre  octubre  ottobre ott  outubro out
    november nov  novembre  noviembre  novembro
    december dec  dezember dez  décembre decembre déc  diciembre dic  dicembre  dezembro
"""
# Months cut short that are words of their own: only a year behind them makes them months.
DOUBTFUL_MONTHS = _words("gen mag ago set out dic marco")

# The days of the week, in the same languages.
_WEEKDAYS = """
    monday mon  montag  lundi  lunes  lunedì lunedi  segunda-feira  maandag
    tuesday tue tues  dienstag  mardi  martes  martedì martedi  terça-feira  dinsdag
    wednesday wed weds  mittwoch  mercredi  miércoles miercoles  mercoledì mercoledi  quarta-feira  woensdag
    thursday thu thur thurs  donnerstag  jeudi  jueves  giovedì giovedi  quinta-feira  donderdag
    friday fri  freitag  vendredi  viernes  venerdì venerdi  sexta-feira  vrijdag
    saturday sat  samstag sonnabend  samedi  sábado sabado  sabato  zaterdag
    sunday sun  sonntag  dimanche  domingo  domenica  zondag
"""
# Days that are said from today, as English has "yesterday": German, French, Spanish, Italian, Portuguese, Dutch.
# "hier" is French for yesterday and German for here.
_DAYS_AWAY = """
    vorgestern avant-hier anteayer antier avantieri l'altroieri anteontem eergisteren
    gestern hier ayer ieri ontem gisteren
    heute aujourd'hui aujourd’hui hoy oggi hoje vandaag
    morgen demain domani amanhã
    übermorgen après-demain dopodomani overmorgen
"""
# Cut short as they are written right before a date.
WEEKDAYS_CUT = _words("""
    mo di mi do fr sa so die mit don fre sam son  lun mar mer jeu ven dim  mie mié jue vie sab sáb dom  gio
    seg ter qua qui sex  ma wo vr za zo
""")


def _rows(text: str, first: int) -> dict[str, int]:
    """Each word of a table with the number of its row."""
    rows = (line.split() for line in text.strip().splitlines())
    return {word: number for number, row in enumerate(rows, first) for word in row}


MONTHS = _rows(_MONTHS, 1)
WEEKDAYS = _rows(_WEEKDAYS, 0)
DAYS_AWAY = _rows(_DAYS_AWAY, -2)

# What splits a name into words: a change of case, and everything that is neither a letter nor a digit.
_WORD = re.compile(r"\d+[^\W\d_]+\d*|[^\W\d_]+|\d+")
_CASE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=4096)
def split(name: str) -> tuple[str, ...]:
    """The words of a name, folded: `03-FriendTracker` gives `03`, `friend`, `tracker`."""
    return tuple(names.fold_plain(word) for word in _WORD.findall(_CASE.sub(" ", name)))


def has(name: str, words: frozenset[str]) -> bool:
    """Whether one of the name's words, or the name as a whole, is among these."""
    return not words.isdisjoint(split(name)) or whole(name) in words


@lru_cache(maxsize=4096)
def whole(name: str) -> str:
    """The name as one word: its words joined by a dash, numbers and signs at both ends gone."""
    found = [word for word in split(name) if not word.isdecimal()]
    return "-".join(found)
