"""The page "Network": what the picture shows, told in words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from mdmentor.core import network_svg as rings
from mdmentor.core.model import PAGES
from mdmentor.core.network_svg import Dot, Network
from mdmentor.core.pages import Context
from mdmentor.core.pages.network import render_network

Places = Sequence[tuple[str, Sequence[tuple[str, str]]]]

TODAY = date(2026, 11, 23)
TALKS = (("2025-12", 0), ("2026-01", 2), ("2026-11", 3))
PLACES = (
    ("Teachers and professors", (("people/Grace.md", "Grace"),)),
    ("Family", ()),
)
ADA = Dot("people/Ada Lovelace.md", "Ada Lovelace", rings.WORK, 12, 30, "", "", False)
GRACE = Dot("people/Grace.md", "Grace", rings.MENTOR, 900, 60, "people/Ada Lovelace.md", "ongoing", False)
EDSGER = Dot("people/Edsger.md", "Edsger", rings.OTHER, None, 180, "", "", False)
HEDY = Dot("people/Hedy.md", "Hedy", rings.OTHER, None, None, "", "", True)


def page(
    *dots: Dot, talks: Sequence[tuple[str, int]] = TALKS, places: Places = PLACES, paused: int = 0
) -> str:
    return render_network(Network(dots, paused), talks, places, Context("reach-out", TODAY, PAGES))


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n")[1].split("\n## ")[0].split("\n---\n")[0].strip()


def test_the_page_shows_the_picture_with_words_for_those_who_do_not_see_it() -> None:
    text = page(ADA, GRACE)
    assert text.startswith("---\ngenerated-by: mdmentor\n---\n\n# Network\n")
    assert "![You in the middle of 2 people, described below](network.svg)" in text
    assert "- Each mark is a person: star for mentors and teachers, square for work." in text


def test_who_is_near_and_who_is_an_old_tie_is_told_with_the_rhythm() -> None:
    text = page(ADA, GRACE, EDSGER)
    assert section(text, "Near") == (
        "Within half a rhythm (1):\n\n"
        "- [Ada Lovelace](../people/Ada%20Lovelace.md): 12 days quiet, every month"
    )
    assert "- [Grace](../people/Grace.md): 2 years quiet, every 2 months" in section(text, "Old ties")
    assert "- [Edsger](../people/Edsger.md)" in section(text, "No talk yet")
    assert "## A while ago" not in text


def test_who_introduced_whom_is_told() -> None:
    assert section(page(ADA, GRACE), "Who introduced whom") == (
        "- [Ada Lovelace](../people/Ada%20Lovelace.md) introduced [Grace](../people/Grace.md)"
    )


def test_the_months_are_told_in_numbers() -> None:
    told = section(page(ADA), "Talks by month")
    assert "](talks.svg)" in told
    assert "5 talks in the last twelve months, most in November 2026." in told
    assert told.endswith("- 2025: Dec 0\n- 2026: Jan 2, Nov 3")


def test_a_quiet_year_shows_no_chart() -> None:
    told = section(page(ADA, talks=(("2026-11", 0),)), "Talks by month")
    assert told == "No talk is noted in the last twelve months."


def test_the_places_are_told_with_those_still_empty() -> None:
    places = (*PLACES, ("Friends and social contacts", ()))
    assert section(page(ADA, GRACE, places=places), "Where people came from") == (
        "- **Teachers and professors**: [Grace](../people/Grace.md)\n\n"
        "Nobody yet: family; friends and social contacts."
    )


def test_where_no_note_says_where_people_came_from_the_page_says_how() -> None:
    told = section(page(ADA, places=(("Family", ()), ("Teachers", ()))), "Where people came from")
    assert told.startswith("No note says so yet: `source: teacher`")


def test_what_the_picture_does_not_hold_is_not_explained() -> None:
    text = page(EDSGER)
    assert "- Each mark is a person.\n" in text and "Around you" not in text
    assert "A curved line is an introduction." in page(ADA, GRACE)
    assert "A curved line" not in page(GRACE, HEDY)


def test_a_confidential_person_is_not_on_the_page() -> None:
    text = page(ADA, HEDY, places=(("Family", (("people/Hedy.md", "Hedy"),)),))
    assert "Hedy" not in text
    assert section(text, "Where people came from").startswith("No note says so yet")


def test_people_without_a_source_are_grouped_by_what_most_of_them_share() -> None:
    def known(name: str, *groups: str) -> Dot:
        return ADA._replace(path=f"people/{name}.md", name=name, groups=groups)

    people = [
        known("Ann", "#climbing", "Folder Team", "Acme"),
        known("Ben", "#climbing"),
        known("Cleo", "Folder Team", "Acme"),
        known("Dan", "Folder Team"),
        known("Eve", "#chess"),
    ]
    text = section(page(*people), "Where people came from")
    assert (
        "- **Folder Team**: [Ann](../people/Ann.md), [Cleo](../people/Cleo.md) and [Dan](../people/Dan.md)\n"
        in text + "\n"
    )
    assert "climbing" not in text and "chess" not in text and text.count("[Ann]") == 1


def test_no_number_stands_twice() -> None:
    text = page(ADA, GRACE, paused=3, talks=(("2026-10", 4), ("2026-11", 5)))
    assert text.count("9 talks") == 1 and "Around you" not in text


def test_a_confidential_introducer_is_not_told_even_if_a_dot_names_one() -> None:
    text = page(ADA._replace(introduced_by=HEDY.path), HEDY)
    assert "Who introduced whom" not in text


def test_paused_people_are_a_number() -> None:
    assert "- Paused and not shown: 2.\n" in page(ADA, paused=2)


def test_an_empty_vault_gets_a_friendly_page() -> None:
    text = page(talks=(), places=())
    assert "There is nobody around you yet." in text
    assert "(network.svg)" in text
    assert "## Where people came from" not in text


def test_a_crowd_is_told_by_number_and_the_page_says_what_the_picture_leaves_out() -> None:
    crowd = [ADA._replace(path=f"people/{n}.md", name=f"Person {n:03}") for n in range(700)]
    text = page(*crowd)
    assert "Within half a rhythm (700):" in text
    assert " and 652 more\n" in text
    assert "- The picture shows at most 80 of them: mentors first" in text
    assert "The picture shows at most" not in page(*crowd[:80])


def test_the_order_of_the_people_does_not_matter() -> None:
    people = [ADA._replace(path=f"people/{n}.md", name=f"Person {n % 9}", quiet_days=n) for n in range(50)]
    shuffled = list(people)
    random.Random(1).shuffle(shuffled)
    assert page(*shuffled) == page(*people)


def test_a_name_cannot_break_the_page() -> None:
    text = page(ADA._replace(name="[x](y) `<!-- | # \n## Heading"))
    assert "\n## Heading" not in text
    assert "[\\[x\\](y) \\`\\<!-- \\| \\# \\#\\# Heading](../people/Ada%20Lovelace.md)" in text
