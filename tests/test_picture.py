"""The picture of the network and the chart of talks, looked at as any viewer gets them: as SVG text."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core import network_svg as rings
from mdmentor.core.contribution import sources_of
from mdmentor.core.model import Assessment, Contact, Interaction, Person
from mdmentor.core.network_svg import Dot, Network, dot_of, months_of, sum_up, with_introducers
from mdmentor.core.network_svg.layout import SHOWN, Box, Label, fit, text_width
from mdmentor.core.network_svg.svg import COLOURS, PALE, render_network_svg, render_talks_svg

TODAY = date(2026, 11, 23)
SVG = "{http://www.w3.org/2000/svg}"

NAMES = (
    "Ada Lovelace",
    "Grace Hopper",
    "山田太郎",
    "김민수",
    "محمد بن موسى الخوارزمي",
    "דוד בן-גוריון",
    "Maximiliana Theodora von und zu Hohenlohe-Waldenburg-Schillingsfürst",
    "Q",
    "Nguyễn Thị Minh Khai",
    "Αικατερίνη Παπαδοπούλου",
    "Zoë 🚀 Rocket",
    "สมชาย ใจดี",
)
KINDS = tuple(kind.word for kind in rings.KINDS)


def dot(name: str = "Ada Lovelace", **changes: object) -> Dot:
    first = Dot(f"people/{name}.md", name, rings.WORK, 12, 30, "", "", False)
    return first._replace(**changes)  # type: ignore[arg-type]


def many(count: int, seed: int = 7) -> list[Dot]:
    """A network as vaults have them: most ties near or late, some old, some new, a few confidential."""
    chance = random.Random(seed)
    found: list[Dot] = []
    for number in range(count):
        name = NAMES[number % len(NAMES)] if number % 3 == 0 else f"Person {chance.choice(NAMES)} {number}"
        cadence = chance.choice([7, 30, 60, 90, 180, 365, None])
        quiet = None if chance.random() < 0.1 else int(chance.expovariate(1 / 120))
        introducer = chance.choice(found).path if found and chance.random() < 0.2 else ""
        path = f"people/{number} {name}.md"
        if chance.random() < 0.03:
            found.append(Dot(path, name, rings.OTHER, None, None, "", "", True))
        else:
            found.append(Dot(path, name, chance.choice(KINDS), quiet, cadence, introducer, "", False))
    return found


def picture(people: Iterable[Dot], paused: int = 0) -> str:
    return render_network_svg(Network(tuple(people), paused), "reach-out", TODAY)


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg.encode())


def texts(svg: str, classes: str) -> list[str]:
    wanted = set(classes.split())
    return [
        "".join(element.itertext())
        for element in drawn(svg).iter(f"{SVG}text")
        if wanted <= set(element.get("class", "").split())
    ]


def labels(svg: str, large: bool = False) -> list[Box]:
    """The boxes of all names and captions, from the file itself, as on a wide screen or on a small one."""
    root = drawn(svg)
    style = "".join(root.find(f"{SVG}style").itertext())  # type: ignore[union-attr]
    wide, small = style.split("@media (max-width:500px)")
    classes = ("large", "caption") if large else ("name", "caption")
    sizes = {
        one: float(re.search(rf"\.{one}\{{[^}}]*font-size:([\d.]+)", small if large else wide)[1])  # type: ignore[index]
        for one in classes
    }
    boxes = []
    for element in root.iter(f"{SVG}text"):
        kind = next((one for one in sizes if one in element.get("class", "").split()), None)
        if kind is None:
            continue
        anchor = element.get("text-anchor", "start")
        if element.get("direction") == "rtl":
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        assert element.get("dy") == ".34em"
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        boxes.append(Label("".join(element.itertext()), x, y, anchor).box(sizes[kind]))
    return boxes


def overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    return [
        (one, other) for place, one in enumerate(boxes) for other in boxes[place + 1 :] if one.overlaps(other)
    ]


# The file


@pytest.mark.parametrize("count", [0, 1, 10, 60, 300, 3000])
def test_the_picture_is_well_formed_and_small(count: int) -> None:
    svg = picture(many(count))
    assert drawn(svg).tag == f"{SVG}svg"
    assert len(svg.encode()) < 60_000
    assert svg.endswith("</svg>\n")
    assert "\r" not in svg


def test_it_brings_no_script_no_font_and_nothing_to_load() -> None:
    svg = picture(many(60))
    assert not re.search(
        r"<(?:script|foreignObject|image|iframe)|@import|@font-face|url\((?!#)|\son\w+=", svg
    )
    assert set(re.findall(r'https?://[^"\s]+', svg)) == {"http://www.w3.org/2000/svg"}


def test_a_screen_reader_gets_a_title_and_a_description() -> None:
    root = drawn(picture([dot(), dot("Grace Hopper", kind=rings.FAMILY)]))
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert [named[one] for one in str(root.get("aria-labelledby")).split()] == [
        "Your network on 23 Nov 2026",
        "You in the middle of 2 people. By time since the last talk: within half a rhythm 2. "
        "By kind: Family and friends 1, Work 1.",
    ]


def test_an_empty_vault_gets_a_small_picture_that_says_so() -> None:
    svg = picture([])
    assert texts(svg, "foot") == ["Nobody is here yet."]
    assert len(svg) < 5_000


def test_the_picture_says_that_it_is_generated() -> None:
    assert "<!-- generated-by: mdmentor -->" in picture([])


# The same bytes everywhere


@pytest.mark.parametrize("count", [10, 60, 400])
def test_the_order_of_the_people_does_not_matter(count: int) -> None:
    people = many(count)
    shuffled = list(people)
    random.Random(3).shuffle(shuffled)
    first = picture(people)
    assert picture(shuffled) == first


def test_coordinates_have_at_most_one_decimal() -> None:
    svg = picture(many(60))
    places = re.findall(r' (?:x|y|r|cx|cy|width|height)="([^"]+)"', svg)
    assert places
    assert all(re.fullmatch(r"-?\d+(?:\.\d)?", place) for place in places)


# Names


@pytest.mark.parametrize("count", [1, 10, 60, 300, 3000])
@pytest.mark.parametrize("large", [True, False])
def test_no_text_stands_over_another(count: int, large: bool) -> None:
    boxes = labels(picture(many(count)), large)
    assert len(boxes) > 4
    assert overlapping(boxes) == []


@pytest.mark.parametrize("count", [10, 60, 300, 3000])
@pytest.mark.parametrize("large", [True, False])
def test_no_text_stands_over_a_mark(count: int, large: bool) -> None:
    svg = picture(many(count))
    marks = [
        Box(x - 4, y - 4, x + 4, y + 4)
        for mark in drawn(svg).iter(f"{SVG}use")
        for x, y in [(float(mark.get("x", "")), float(mark.get("y", "")))]
    ]
    assert not [mark for mark in marks for label in labels(svg, large) if mark.overlaps(label)]


@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.sampled_from(KINDS), st.none() | st.integers(0, 4000)), max_size=40
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_people_are_called_the_file_is_well_formed_and_names_are_apart(
    people: list[tuple[str, str, int | None]],
) -> None:
    found = [
        Dot(f"people/{number}.md", name, kind, quiet, 90, "", "", False)
        for number, (name, kind, quiet) in enumerate(people)
    ]
    svg = picture(found)
    assert overlapping(labels(svg)) == []
    assert overlapping(labels(svg, large=True)) == []


def test_ten_people_are_all_named() -> None:
    people = [dot(f"Person {number}", kind=KINDS[number % 7], quiet_days=number * 30) for number in range(10)]
    assert sorted(texts(picture(people), "name")) == [d.name for d in people]


@pytest.mark.parametrize("count", [30, 60, 80])
def test_nobody_disappears_among_so_few(count: int) -> None:
    people = [one for one in many(count) if not one.confidential]
    assert picture(people).count("<use ") == len(people)


@pytest.mark.parametrize("count", [300, 3000])
def test_of_many_people_those_who_matter_most_are_shown_and_all_are_counted(count: int) -> None:
    people = [one for one in many(count) if not one.confidential]
    mentors = [one._replace(mentor="ongoing", kind=rings.MENTOR, quiet_days=500) for one in people[:5]]
    svg = picture([*mentors, *people[5:]])
    shown = svg.count("<use ")
    assert SHOWN - 5 <= shown <= SHOWN
    assert len(texts(svg, "name")) >= 0.8 * shown
    assert all({fit(one.name, 12), fit(one.name, 8)} & set(texts(svg, "name")) for one in mentors)
    assert sum(int(text.split()[-1]) for text in texts(svg, "title")) == len(people)


def test_on_a_small_screen_the_names_of_few_people_are_still_read() -> None:
    assert len(texts(picture(many(16)), "large")) >= 8


def test_a_crowd_in_one_ring_leaves_room_for_the_other_sectors() -> None:
    crowd = [dot(f"Client {number}", quiet_days=5) for number in range(900)]
    friend = dot("Grace Hopper", kind=rings.FAMILY, quiet_days=5)
    assert "Grace Hopper" in texts(picture([*crowd, friend]), "name")


def test_what_could_steer_the_file_is_only_text() -> None:
    name = '</text><script>alert("x")</script> & \x1b[31m\x00\ud800 \u202eevil'
    svg = picture([dot(name, path="people/x\"><a href='y'.md")])
    assert [element.tag for element in drawn(svg).iter() if "script" in element.tag] == []
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ud800-\udfff]", svg)
    told = [element.text for element in drawn(svg).iter(f"{SVG}title")]
    assert told[1] == '</text><script>alert("x")</script> & �[31m�� evil: 12 days quiet, every month'


def test_a_name_leads_to_its_note_in_percent_encoding() -> None:
    svg = render_network_svg(
        Network([dot("Ada & Co", path="people/Ada & Co #1.md")]), "reach-out/pages", TODAY
    )
    (href,) = [element.get("href", "") for element in drawn(svg).iter(f"{SVG}a")]
    assert href == "../../people/Ada%20%26%20Co%20%231.md"
    assert unquote(href) == "../../people/Ada & Co #1.md"


def test_a_longer_name_stands_whole_where_nobody_else_wants_the_room() -> None:
    name = "Oluwaseun Papadopoulos"
    assert fit(name, 12) != name
    few = picture([dot(name), dot("Ada"), dot("Bo")])
    assert name in texts(few, "name")


def test_a_long_name_is_cut_and_told_in_full_to_whoever_points_at_it() -> None:
    name = "Maximiliana Theodora von und zu Hohenlohe-Waldenburg"
    svg = picture([dot(name)])
    (shown,) = texts(svg, "name")
    assert shown.endswith("…") and name.startswith(shown[:-1]) and len(shown) >= len(fit(name, 12))
    assert f"<title>{name}: 12 days quiet, every month</title>" in svg


def test_a_name_written_from_right_to_left_stands_on_its_own_side_of_the_mark() -> None:
    svg = picture([dot("דוד בן-גוריון")])
    (element,) = [e for e in drawn(svg).iter(f"{SVG}text") if "name" in e.get("class", "")]
    (mark,) = drawn(svg).iter(f"{SVG}use")
    assert element.get("direction") == "rtl"
    # the end of right-to-left text is on its left: a name to the right of its mark ends there
    is_right = float(element.get("x", "")) > float(mark.get("x", ""))
    assert element.get("text-anchor", "start") == ("end" if is_right else "start")


def test_widths_count_ideographs_twice_and_accents_not_at_all() -> None:
    assert text_width("太郎", 10) > 1.7 * text_width("ab", 10)
    assert text_width("e\u0301", 10) == text_width("e", 10) == text_width("é", 10)
    assert text_width("\u200d", 10) == 0


def test_a_name_is_never_cut_between_a_letter_and_its_accent() -> None:
    cut = fit("e\u0301" * 60, 12)
    assert re.fullmatch("(?:e\u0301)+…", cut)
    assert text_width(cut, 1) <= 12


# Distance, sector, introductions


@pytest.mark.parametrize(
    ("quiet", "cadence", "ring"),
    [
        (0, 30, rings.LATELY),
        (15, 30, rings.LATELY),
        (16, 30, rings.IN_RHYTHM),
        (30, 30, rings.IN_RHYTHM),
        (31, 30, rings.LATER),
        (60, 30, rings.LATER),
        (61, 30, rings.LONG),
        (365, 30, rings.LONG),
        (366, 30, rings.YEAR),
        (400, 365, rings.LATER),  # a yearly tie is no old tie on the day after its year
        (548, 365, rings.YEAR),
        (90, None, rings.LATELY),  # without a rhythm as with half a year
        (None, 30, rings.NEVER),
    ],
)
def test_the_ring_is_the_quiet_against_the_own_rhythm(
    quiet: int | None, cadence: int | None, ring: int
) -> None:
    assert rings.ring_of(dot(quiet_days=quiet, cadence_days=cadence))[0] == ring


def test_a_longer_quiet_stands_farther_away() -> None:
    people = [dot(f"Person {days}", quiet_days=days, cadence_days=90) for days in (10, 60, 120, 250, 900)]
    svg = picture(people)
    marks = [(float(m.get("x", "")), float(m.get("y", ""))) for m in drawn(svg).iter(f"{SVG}use")]
    told = [next(iter(a)).text for a in drawn(svg).iter(f"{SVG}a")]
    distance = {text.split(":")[0]: x * x + y * y for text, (x, y) in zip(told, marks, strict=True) if text}
    assert sorted(distance, key=lambda name: distance[name]) == [one.name for one in people]


def test_kinds_differ_in_shape_and_not_only_in_colour() -> None:
    people = [dot(f"Person {kind}", kind=kind) for kind in KINDS]
    root = drawn(picture(people))
    shapes = {
        group.get("id"): ET.tostring(group[0]) for group in root.iter(f"{SVG}g") if group.get("id") in KINDS
    }
    assert set(shapes) == set(KINDS)
    assert len(set(shapes.values())) == len(KINDS)


def test_an_introduction_is_a_line() -> None:
    people = [dot(), dot("Grace Hopper", introduced_by="people/Ada Lovelace.md")]
    svg = picture(people)
    (group,) = [g for g in drawn(svg).iter(f"{SVG}g") if g.get("class") == "line"]
    assert len(group) == 1


def test_an_introduction_by_somebody_who_is_not_in_the_picture_is_no_line() -> None:
    svg = picture([dot(introduced_by="people/Gone.md")])
    assert 'class="line"' not in svg
    assert "introduction" not in " ".join(texts(svg, "foot"))


def test_a_sector_is_titled_with_its_number_of_people() -> None:
    people = [dot(f"Person {number}", kind=rings.MENTOR) for number in range(3)]
    assert texts(picture(people), "title") == ["Mentors and teachers 3"]


# From people to dots


def person(name: str, **fields: object) -> Person:
    return Person(Contact(f"people/{name}.md", name)._replace(**fields))  # type: ignore[arg-type]


def assessment(name: str, last: date | None, cadence: int | None = 90) -> Assessment:
    return Assessment(f"people/{name}.md", name, TODAY, 0.0, "active", "", None, last, cadence)


def dots(
    people: Iterable[Person], assessments: Mapping[str, Assessment], introducers: Mapping[str, str]
) -> tuple[Dot, ...]:
    unknown = assessment("Nobody", None, None)
    contacts = [person.contact for person in people]
    found = [dot_of(one, assessments.get(one.path, unknown), sources_of(one)) for one in contacts]
    return with_introducers([dot for dot in found if dot is not None], introducers)


def test_a_dot_tells_days_of_quiet_and_kind() -> None:
    found = dots(
        [person("Ada", source=("boss", "friend"))],
        {"people/Ada.md": assessment("Ada", TODAY - timedelta(40))},
        {},
    )
    assert found == (Dot("people/Ada.md", "Ada", rings.WORK, 40, 90, "", "", False),)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"source": ("teacher",)}, rings.MENTOR),
        ({"source": ("coworker",), "mentor": "ongoing"}, rings.MENTOR),
        ({"source": ("coworker",), "mentor": "candidate"}, rings.WORK),
        ({"source": ("family",)}, rings.FAMILY),
        ({"source": ("informational-interview",)}, rings.INTERVIEW),
        ({"source": ("interviewer",)}, rings.INTERVIEW),
        ({"source": ("member",)}, rings.MEMBER),
        ({"source": ("event",)}, rings.EVENT),
        ({"source": ("the train",)}, rings.OTHER),
        ({}, rings.OTHER),
    ],
)
def test_the_kind_is_the_mentoring_first_and_then_the_source(fields: dict[str, object], kind: str) -> None:
    assert dots([person("Ada", **fields)], {}, {})[0].kind == kind


def test_paused_people_are_left_out() -> None:
    people = [person("Ada", paused=True), person("Grace")]
    assert [one.name for one in dots(people, {}, {})] == ["Grace"]
    assert "paused, not shown" not in picture(dots(people, {}, {}), paused=1)  # the page counts them


def test_a_confidential_person_is_not_in_the_picture() -> None:
    people = [
        person("Ada", confidential=True, source=("boss",), mentor="ongoing", cadence_days=7),
        person("Grace"),
        person("Edsger"),
    ]
    found = dots(
        people,
        {"people/Ada.md": assessment("Ada", TODAY - timedelta(3), 7)},
        {"people/Ada.md": "people/Edsger.md", "people/Grace.md": "people/Ada.md"},
    )
    assert [one.name for one in found] == ["Edsger", "Grace"]
    assert [one.introduced_by for one in found] == ["", ""]
    assert "Ada" not in picture(found)


def test_with_confidential_people_alone_the_rings_are_empty() -> None:
    svg = picture([dot(confidential=True, kind=rings.OTHER)])
    assert texts(svg, "foot") == ["Nobody is here yet."]
    assert "<use " not in svg and "Ada" not in svg


def test_a_person_without_a_standing_has_never_been_talked_to() -> None:
    assert dots([person("Ada")], {}, {})[0].quiet_days is None


# Colours


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [".ground", ".near"])
@pytest.mark.parametrize("column", [2, 3])
def test_text_and_marks_stand_out_from_both_grounds(ground: str, column: int) -> None:
    colours = {row[0]: row[column] for row in COLOURS}
    assert contrast(colours[".text"], colours[ground]) >= 4.5
    assert contrast(colours[".quiet"], colours[ground]) >= 4.5
    assert contrast(colours[".line"], colours[ground]) >= 3
    assert contrast(colours[".within"], colours[".you"]) >= 4.5
    for kind in KINDS:
        assert contrast(colours[f".{kind}"], colours[".ground"]) >= 4.5, f"the title of {kind}"
        pale = mixed(colours[f".{kind}"], colours[ground], PALE)
        assert contrast(pale, colours[ground]) >= 3, kind


def mixed(colour: str, ground: str, opacity: float) -> str:
    pairs = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * opacity + other * (1 - opacity)):02x}" for one, other in pairs)


# The chart


def talked(*days: str, **fields: object) -> Person:
    told = tuple(Interaction(date.fromisoformat(day), "call", "", (), 1) for day in days)
    return person("Ada", **fields)._replace(interactions=told)


def talks_per_month(people: Iterable[Person], today: date) -> tuple[tuple[str, int], ...]:
    return sum_up([months_of(person, today) for person in people], today)


def test_the_last_twelve_months_end_with_this_one() -> None:
    months = [month for month, _ in talks_per_month([], TODAY)]
    assert months[0] == "2025-12"
    assert months[-1] == "2026-11"
    assert len(months) == 12


def test_a_day_with_one_person_is_one_talk() -> None:
    people = [talked("2026-11-02", "2026-11-02", "2026-11-03"), talked("2026-11-02")]
    assert dict(talks_per_month(people, TODAY))["2026-11"] == 3


def test_a_plan_is_no_talk() -> None:
    assert dict(talks_per_month([talked("2026-11-24")], TODAY))["2026-11"] == 0


def test_a_private_line_counts() -> None:
    private = Interaction(date(2026, 10, 1), "", "secret", ("private",), 1)
    people = [person("Ada")._replace(interactions=(private,))]
    assert dict(talks_per_month(people, TODAY))["2026-10"] == 1


def test_talks_with_a_confidential_person_are_not_counted() -> None:
    assert sum(count for _, count in talks_per_month([talked("2026-11-02", confidential=True)], TODAY)) == 0


def test_the_chart_tells_each_month_in_words_too() -> None:
    svg = render_talks_svg(talks_per_month([talked("2026-11-02", "2026-11-09", "2026-03-01")], TODAY))
    told = [element.text for element in drawn(svg).iter(f"{SVG}title")]
    assert told == ["Talks per month", "March 2026: 1 talk", "November 2026: 2 talks"]
    assert "3 talks in the last twelve months, most in November 2026." in svg


def test_an_empty_chart_is_a_picture_still() -> None:
    assert "No talk is noted" in render_talks_svg(talks_per_month([], TODAY))
    drawn(render_talks_svg(()))
