"""The words by which notes and folders say what they hold, in many languages: ONE table.

To add a language, add its words to the rows below; case, accents and the form of a letter do not matter. Words are
compared whole: a name is first split at case, digits and signs (`FriendTracker`, `03-Personen`, `people_notes`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from mdmentor.core import names
from mdmentor.core.names import word_set

# A type, a tag or a folder that says: this is somebody.
PERSON = word_set("""
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
    | word_set("""
    crm friend friends ami amis amie amies freund freunde freundin freundinnen amigo amigos amiga amigas
    amico amici amica amiche vriend vrienden vriendin przyjaciel przyjaciele vän vänner ven venner venn
    ystävä ystävät přítel přátelé barát barátok prieten prieteni arkadaş arkadaşlar φίλος φίλοι
    друг друзья друзі 朋友 友人 友達 친구 친구들
""")
) - word_set("human humans mens mensch ember άτομο 人")

# A folder below one of contacts that holds no contacts.
NO_CONTACT_FOLDER = word_set("""
    company companies organisation organisations organization organizations org orgs deal deals meeting meetings
    project projects opportunity opportunities account accounts interaction interactions calls
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
ALL_OF_THEM = word_set("""
    people persons contacts friends companies organisations organizations orgs meetings projects deals teams birthdays
    personen kontakte leute freunde firmen unternehmen geburtstage  personnes gens amis entreprises anniversaires
    personas contactos amigos empresas cumpleaños  persone contatti amici aziende compleanni  pessoas contatos
    contacten vrienden bedrijven verjaardagen  люди контакты друзья компании 联系人 人脉 連絡先
    family colleagues coworkers mentors clients  familie kollegen  famille collègues  familia colegas
    addressbook adressbuch adressliste kontaktliste personenliste telefonliste geburtstagsliste
""")
_LIST = word_set(
    "list book address all my the of and with important liste alle wichtige meine toutes tous mes todos mis lista tutti"
)
LISTS = ALL_OF_THEM | PERSON | _LIST
# A tag that says: this is a firm.
COMPANY_TAG = word_set("""
    company companies organisation organisations organization organizations org orgs
    firma firmen unternehmen entreprise entreprises société empresa empresas azienda bedrijf
""")

# A type that says: this is something else. Posts, goals and meetings have rules of their own.
OTHER_TYPE = NO_CONTACT_FOLDER | word_set("""
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

MEETING = word_set("""
    meeting meetings 1on1 call interaction  besprechung treffen  réunion  reunión  riunione  reunião  vergadering
""")

# A folder of daily notes.
JOURNAL_FOLDER = word_set("""
    journal journals journaling daily dailies diary diaries
    journaux quotidien tagebuch tagebücher tagesnotizen diario diarios diari diário diários dagboek dagboeken
    dziennik dzienniki dagbok dagböcker dagbøker dagbog päiväkirja deník napló jurnal günlük ημερολόγιο
    дневник дневники щоденник 日记 日記 日誌 日志 일기
""")
POST = word_set("post posts article articles advice")
GOAL = word_set("goal goals")

# A note of such a name is a template, an index or has no name yet.
TEMPLATE = word_set("""
    template templates tpl vorlage vorlagen modèle modèles plantilla plantillas modello modelli sjabloon sjablonen
    personenvorlage kontaktvorlage szablon mall mallar skabelon шаблон шаблоны 模板 テンプレート 템플릿
""")
INDEX = word_set(
    "moc index dashboard overview readme übersicht aperçu índice indice overzicht обзор 索引 目录 目次 색인"
)
UNTITLED = word_set("""
    untitled unbenannt senza-titolo sin-título sem-título sans-titre naamloos ohne-titel bez-tytułu namnlös
    new-note neue-notiz nouvelle-note nueva-nota nuova-nota nova-nota nieuwe-notitie
    new-contact contact neuer-kontakt nouveau-contact nuevo-contacto nuovo-contatto novo-contato
    name full-name your-name first-name-last-name firstname-lastname vorname-nachname
    uden-titel без-названия 未命名 无标题 無題 제목없음 제목-없음
""")

# Headings that open a note and are no name.
NO_NAME = word_set("""
    notes note about log logs meetings meeting contact contacts details detail info information bio biography history
    interactions interaction profile overview journal timeline summary background todo tasks links conversations
    contact-info contact-information contact-details basic-info notizen kontakt über protokoll verlauf termine
    à-propos réunions journal notas sobre reuniones historial contacto note-personali appunti contatto incontri
    notities over заметки о-контакте контакты 笔记 关于 メモ 概要 메모
""")

# A note in a person's own folder whose name has such a word is about something else: `Ann/1on1 notes.md`.
THING = word_set("""
    notes note log logs meetings meeting agenda agendas 1on1 one on 1on1s 1-1 ideas gifts gift todo tasks plan plans
    review reviews feedback interview transcript draft archive journal history cv resume résumé biography profile timeline
    letters emails photos questions contract lebenslauf curriculum
    notizen protokoll protokolle treffen besprechung geschenke réunions cadeaux notas reuniones regalos
""") - word_set("one on")

# What somebody is to the user. In a tag or a type it says too little to make a note a contact, and enough to ask.
RELATION = word_set("""
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
    | word_set("""
    network networking rolodex relationships relations team mentorship 1on1 1on1s 1-1 netzwerk beziehungen réseau relaciones red rete
    relazioni rede relações netwerk relaties
""")
) - word_set("mens mensch ember άτομο 人 manager boss")
# Words without a capital in a person's name.
PARTICLES = word_set("van von der den de del della di da do dos du la le bin ibn al el ter ten y e zu")
# Folders that may hold posts or goals, and that are asked about.
POST_FOLDER = POST | word_set("""
    blog blogs essay essays writing writings newsletter newsletters beiträge beitrag artikel aufsätze artículos artículo
    articoli articolo artigos artigo billets artikelen
""")
GOAL_FOLDER = GOAL | word_set(
    "objective objectives okr okrs ziel ziele objectif objectifs objetivo objetivos obiettivi doelen"
)

# A heading of a contact's note below which a date is a plan or an occasion, no talk. As `whole` reads it.
PLANS = word_set("""
    todo to-do todos to-dos task tasks next next-steps next-step next-actions up-next plan plans planned planning
    ideas idea gift-ideas reminder reminders date dates important-dates key-dates special-dates birthday birthdays
    anniversaries upcoming future agenda follow-up follow-ups followup followups
    aufgaben nächste-schritte nächstes pläne geplant planung ideen geschenkideen erinnerungen daten wichtige-daten
    geburtstage termine anstehend
    tâches à-faire prochaines-étapes projets idées rappels anniversaires dates-importantes  tareas pendientes próximos-pasos planes
    recordatorios cumpleaños fechas fechas-importantes  attività da-fare prossimi-passi piani idee promemoria compleanni date-importanti
    tarefas próximos-passos planos ideias lembretes aniversários datas  taken volgende-stappen plannen ideeën
    herinneringen verjaardagen
""")
# A longer heading that begins or ends with one of these is for plans as well: `Ideas for gifts`, `Open tasks`.
PLANS_OF = word_set("""
    todo todos plans ideas reminders next tasks  aufgaben pläne ideen erinnerungen  idées rappels  planes recordatorios
    piani idee promemoria  planos ideias lembretes  plannen ideeën
""")

# A heading below which a date is one of the person's own life, and no talk either.
LIFE = word_set("""
    career cv resume bio biography life life-events education employment experience work-history job-history positions
    publications awards debts loans
    lebenslauf werdegang karriere ausbildung biografie  carrière parcours biographie formation  carrera trayectoria
    biografía formación  carriera biografia formazione  carreira formação  loopbaan opleiding
""")

# A heading of a contact's log, as one word.
LOG = word_set("""
    log interactions interactionlog contactlog history timeline  protokoll verlauf kontaktverlauf chronik
    historique échanges  historial interacciones  cronologia interazioni  histórico interações  logboek interacties
""")

# A way of being in touch, as one word behind the date.
CHANNEL = word_set("""
    call called phone coffee tea lunch dinner breakfast brunch drinks drink beer email mail chat message text sms
    meeting meet met video zoom teams visit visited letter postcard card intro walk walked event party dm linkedin
    whatsapp signal telegram slack talk talked conference interview workshop conversation catch-up catchup
""")

# A column of a table, or a key of a record, that names the channel; and one whose days are no talks.
CHANNEL_COLUMN = word_set(
    "type channel kind how via medium mode method art kanal wie typ canal tipo moyen mezzo soort"
)
NO_TALK_COLUMN = word_set("""
    due deadline next until follow-up followup followups born birthday birthdate anniversary expires
    fällig bis geboren geburtstag wiedervorlage  échéance naissance  vencimiento nacimiento  scadenza nascita
    prazo nascimento  geboren verjaardag
""")

# What splits a name into words: a change of case, and everything that is neither a letter nor a digit.
_WORD = re.compile(r"\d+[^\W\d_]+\d*|[^\W\d_]+|\d+")
_CASE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=4096)
def split(name: str) -> tuple[str, ...]:
    """The words of a name, folded: `03-FriendTracker` gives `03`, `friend`, `tracker`."""
    found = _WORD.findall(_CASE.sub(" ", name))
    return tuple([word.lower() for word in found] if name.isascii() else map(names.fold_plain, found))


def has(name: str, words: frozenset[str]) -> bool:
    """Whether one of the name's words, or the name as a whole, is among these."""
    return not words.isdisjoint(split(name)) or whole(name) in words


@lru_cache(maxsize=4096)
def whole(name: str) -> str:
    """The name as one word: its words joined by a dash, numbers and signs at both ends gone."""
    return "-".join([word for word in split(name) if not word.isdecimal()])
