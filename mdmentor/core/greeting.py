"""What to call a person by at the beginning of a message."""

from __future__ import annotations

import re
import unicodedata

from mdmentor.core import names


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    "dr prof professor doctor mr mrs ms mx miss sir dame lady lord rev reverend hon capt captain phd md"
    " herr frau dipl-ing ing mag med jur phil nat rer habil mba msc bsc esq jr sr"
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
    if not 0 < len(words) <= 8 or words[0].lower() == "the" or not all(map(_is_name_word, words)):
        return ""
    if not name.isascii() and re.search(_FAMILY_FIRST, name):
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
