"""The words for months and days in seven languages: ONE table; and days in numbers alone (`14/8`, `31/12/1980`).

With dots the day comes first. With other signs it may be the month, so that only some numbers can be one day alone.
"""

from __future__ import annotations

import re
from datetime import date

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

# The days of the week, a row each language: English, also cut short, then as above.
_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday
    mon tue wed thu fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
# Other spellings, a row each day.
_MORE_WEEKDAYS = """
    lunedi
    tues martedi
    weds miercoles mercoledi
    thur thurs giovedi
    venerdi
    sonnabend sabado
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
_WEEKS = [row.split() for row in _WEEKDAYS.strip().splitlines()]
WEEKDAYS = {word: number for week in _WEEKS for number, word in enumerate(week)} | _rows(_MORE_WEEKDAYS, 0)
DAYS_AWAY = _rows(_DAYS_AWAY, -2)
# In English; those of the standard library depend on the machine's language.
MONTH_NAMES = tuple(row.split()[0].title() for row in _MONTHS.strip().splitlines())
WEEKDAY_NAMES = tuple(map(str.title, _WEEKS[0]))

_DAY_OR_MONTH = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})"
_SHORT = (
    r"([0-9]{1,2})(?:/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?|\. ?([0-9]{1,2})\.(?: ?([0-9]{4}|[0-9]{2}))?)"
)
_OLDEST_SHORT = 30  # a short year of birth above it is one of the last century


def weekday_like(word: str, day: date) -> str:
    """The weekday of a day in the language and the letters of another; "" where that is not clear."""
    found = {week[day.weekday()] for week in _WEEKS if word.lower() in week}
    name = found.pop() if len(found) == 1 else ""
    return name.capitalize() if word[0].isupper() else name


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day of these numbers; None where no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def readings(text: str) -> tuple[str, ...]:
    """The days that a date like `3/4/2026` may mean, day first; none where the text is no such date."""
    match = re.fullmatch(_DAY_OR_MONTH, text)
    if match is None:
        return ()
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    days = [day for day in (calendar_day(year, second, first), calendar_day(year, first, second)) if day]
    return tuple(dict.fromkeys(day.isoformat() for day in days[: 1 if match[2] == "." else 2]))


def only_reading(text: str) -> date | None:
    """The day of `31/12/1980` or `12/31/1980`, which can be one day alone."""
    days = readings(text)
    return date.fromisoformat(days[0]) if len(days) == 1 else None


def only_birthday(text: str) -> tuple[int, int, int | None] | None:
    """Month, day and year (None without one) of `31/12`, `12/31/80` and the like, where it can be one day alone."""
    if day := only_reading(text.strip()):
        return day.month, day.day, day.year
    orders, year = _read_short(text)
    found = {order for order in orders if calendar_day(2000, *order)}
    if len(found) != 1:
        return None
    if len(year) == 2:
        year = f"{19 if int(year) > _OLDEST_SHORT else 20}{year}"
    return (*found.pop(), int(year) if year else None)


def _read_short(text: str) -> tuple[list[tuple[int, int]], str]:
    """Each month and day that `14/8` or `14.8.26` may mean, and its year, if any; none for any other text."""
    match = re.fullmatch(_SHORT, text.strip())
    if match is None:
        return [], ""
    first, second, year = int(match[1]), int(match[2] or match[4]), match[3] or match[5] or ""
    return [(second, first), (first, second)] if match[2] else [(second, first)], year


def days_in_numbers(text: str, today: date, *, past: bool) -> tuple[date, ...]:
    """The days that `14/8`, `8/14`, `11/12/26` or `14.8.26` may mean; none for any other text or no day at all.

    Without a year it is the nearest such day before `today` or after it, today included.
    """
    orders, year = _read_short(text)
    if not orders:
        return tuple(map(date.fromisoformat, readings(text.strip())))
    if year:
        whole = int(year) + (2000 if len(year) == 2 else 0)
        found = [calendar_day(whole, *order) for order in orders]
    else:
        found = [nearest(*order, today, past) for order in orders]
    return tuple(dict.fromkeys(day for day in found if day))


def nearest(month: int, day: int, today: date, back: bool) -> date | None:
    """The nearest such day before or after today, today included; 29 February waits for its year."""
    years = (today.year - n if back else today.year + n for n in range(10))
    days = (found for year in years if (found := calendar_day(year, month, day)))
    return next((found for found in days if (found <= today if back else found >= today)), None)
