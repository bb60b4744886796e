"""The words for months and days in seven languages: ONE table."""

from mdmentor.core.names import word_set

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
DOUBTFUL_MONTHS = word_set("gen mag ago set out dic marco")

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
WEEKDAYS_CUT = word_set("""
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
# In English; those of the standard library depend on the machine's language.
MONTH_NAMES, WEEKDAY_NAMES = (
    tuple(row.split()[0].title() for row in text.strip().splitlines()) for text in (_MONTHS, _WEEKDAYS)
)
