"""Texts and tables of other programs: bytes as text, on one line, each once; rows by their columns."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from mdmentor.core.names import fold_key
from mdmentor.core.text import clean
from mdmentor.formats.person import FormatPerson, Unreadable

MOST_VALUES = 100  # of one kind that one person has
LONGEST = 2000  # characters of a value on one line

# The columns of Outlook and LinkedIn in other languages, folded, behind the English one.
_TRANSLATED = """
    firstname vorname prénom nombre nome voornaam
    middlename weiterevornamen deuxièmeprénom segundonombre secondonome
    lastname nachname nom apellidos apellido cognome sobrenome achternaam
    suffix suffixe sufijo suffisso sufixo achtervoegsel
    nickname spitzname surnom apodo soprannome apelido bijnaam
    company firma unternehmen société entreprise empresa organización compañía società azienda bedrijf
    department abteilung service departamento reparto afdeling
    jobtitle fonction titre poste cargo puesto posizione functie
    emailaddress emailadresse adressedemessagerie adresseemail direccióndecorreoelectrónico indirizzopostaelettronica
    emailaddress indirizzoemail endereçodeemail emailadres
    email2address email2:adresse adressedemessagerie2
    email3address email3:adresse adressedemessagerie3
    mobilephone mobiltelefon tél.mobile téléphonemobile teléfonomóvil cellulare celular telemóvel mobieletelefoon
    businessphone telefongeschäftlich téléphone(bureau) teléfonodeltrabajo telefonoufficio
    homephone telefonprivat telefon(privat) téléphone(domicile) teléfonoparticular
    birthday geburtstag
    birthdaydayfirst anniversaire cumpleaños compleanno aniversário verjaardag
    businessstreet strassegeschäftlich rue(bureau)
    businesscity ortgeschäftlich ville(bureau)
    businesspostalcode postleitzahlgeschäftlich codepostal(bureau)
    businesscountry land/regiongeschäftlich pays/région(bureau)
    homestreet strasseprivat rue(domicile)
    homecity ortprivat ville(domicile)
    homepostalcode postleitzahlprivat codepostal(domicile)
    homecountry land/regionprivat pays/région(domicile)
    notes notizen notas notities
    categories kategorien catégories categorías categorie categorias
    webpage webseite pageweb páginaweb paginaweb
    connectedon vernetztam connectéle conectadoel
"""
_ENGLISH = {word: row.split()[0] for row in _TRANSLATED.strip().splitlines() for word in row.split()}


def decode(data: bytes, charset: str = "") -> str:
    """The text: UTF-8, else as `charset` says, else Windows' Cyrillic or Western letters, whichever fits.

    Never raises. Letters above ASCII stand alone in a Western text and side by side in a Cyrillic one.
    """
    if data.isascii():
        return data.decode("ascii")
    for name in (charset, "utf-8"):
        try:
            if name:
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    runs = re.findall(rb"[\xc0-\xff]+", data)
    is_cyrillic = sum(len(run) for run in runs if len(run) > 2) * 2 > sum(map(len, runs))
    return data.decode("cp1251" if is_cyrillic else "cp1252", "replace")


def one_line(text: str) -> str:
    """The text on one line, without control characters, cut at `LONGEST`."""
    return clean(text)[:LONGEST]


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that are not empty, each once, at most `MOST_VALUES`."""
    return tuple(dict.fromkeys(filter(None, texts)))[:MOST_VALUES]


class Row(NamedTuple):
    """One row of a table, its cells by the folded names of their columns."""

    line: int  # where it begins, from 1
    cells: dict[str, str]
    error: str = ""  # why it could not be read

    def get(self, *columns: str) -> str:
        """The first of these cells that holds anything, on one line."""
        return next((text for name in columns if (text := one_line(self.cells.get(fold_key(name), "")))), "")


IsHeader = Callable[[set[str]], bool]  # of the folded names of the columns


def read_table(lines: Iterable[bytes], is_header: IsHeader) -> Iterator[Row]:
    """The rows below the header, which is found by its columns, whatever stands above it; no rows without one.

    Separated by commas, semicolons or tabs, as the header is.
    """
    texts = map(decode, lines)
    columns, separator, above = _find_header(texts, is_header)
    reader = csv.reader(texts, delimiter=separator)
    while True:
        line = above + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, {}, f"the row cannot be read ({error})")
            continue
        if any(map(str.strip, cells)):
            yield Row(line, dict(zip(columns, cells, strict=False)))


def read_people(
    rows: Iterable[Row], read: Callable[[Row], FormatPerson], nobody: str = "the row names nobody"
) -> Iterator[FormatPerson | Unreadable]:
    """Everybody in a table; a row that cannot be read, or names nobody, is `Unreadable`."""
    for row in rows:
        person = FormatPerson() if row.error else read(row)
        yield person if person.name else Unreadable(row.line, row.error or nobody)


def has_header(lines: Iterable[bytes], is_header: IsHeader) -> bool:
    return bool(_find_header(map(decode, lines), is_header)[0])


def _find_header(texts: Iterator[str], is_header: IsHeader) -> tuple[list[str], str, int]:
    """The columns, folded and in English, what separates them, and the number of their line; no columns where there is no header."""
    number = 0
    for number, text in enumerate(texts, 1):
        separator = max(",;\t", key=text.count)
        with suppress(csv.Error):
            cells = map(fold_key, next(csv.reader([text], delimiter=separator), []))
            columns = [_ENGLISH.get(cell, cell) for cell in cells]
            if is_header(set(columns)):
                return columns, separator, number
    return [], ",", number
