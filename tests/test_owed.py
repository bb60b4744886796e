"""A page that was not made again is the page that would have been made."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from mdmentor import answers
from mdmentor.index import ask, owed, put
from tests.conftest import VaultOnDisk

PATHS = [
    "people/Ada.md", "people/Bea.md", "people/Cem.md", "posts/Raise.md", "posts/Tea.md", "goals/Grow.md",
    "daily/2026-11-20.md", "notes/plain.md", "other/Ada.md", "notes/Acme.md", "people/Grace.md", "posts/Bread.md",
]  # fmt: skip
BODIES = [
    "",
    "## Log\n- 2026-11-20 call: tea with [[Bea]], see [[Raise]] #got\n- 2026-09-01 tea\n",
    "## Log\n- 2026-11-20 call: tea with [[Bea]], see [[Raise]] #got\n- 2026-09-01 tea #gave\n",
    "- [ ] send [[Ada]] the paper 📅 2026-11-25\n- [ ] hear from [[Bea]] #waiting\n",
    "---\nhelps_with: [raise, tea]\nmentor: ongoing\nsupport: [job]\nsource: boss\nbirthday: 12-01\n---\nAbout Tea.\n",
    "---\nintroduced_by: '[[Ada]]'\ncompany: Acme\n---\nknows Raise\n",
    "---\nintroduced_by: '[[Bea]]'\ncompany: '[[Acme]]'\ntopics: [tea]\n---\n",
    "---\ntopics: [raise]\n---\nwith [[Ada]] and [[Cem|him]]; Bea too\n",
    "---\ntopics: [raise]\naliases: [Acme Labs]\n---\n- talked with [[Ada]] of [[Tea]]\n- secret [[Bea]] #private\n",
    "---\nconfidential: true\n---\n## Log\n- 2026-11-01 tea with [[Ada]]\n",
    "---\nname: Zoe\ncontact: never\n---\n",
    "---\ncadence: evry month\n---\n[[Nowhere]]\n",
    "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
    "## Log\n- 2026-11-19 call: of Raise\n- 2026-09-01 tea, see [[Tea]] and [[Ada]]\n",
    "As Grace says of Bread: to [[Grow|it]]\n",
    "---\ntitle: Bread\nnext: 2026-11-01\n---\n## Log\n- 2026-11-19 call: of [[Bread]] with [[Grace]]\n",
    "# A talk on Raise\n\n- [ ] read [[Raise]] with [[Cem]]\n",
    "---\naliases: [Ladyship, Gracious]\n---\nOf Breadcrumbs and Ladyship\n",
    "---\naliases: [Breadcrumbs]\n---\nAs her Ladyship and Gracious say of Breadcrumbs\n",
    "---\ntopics: [tea]\n---\n<!-- mdmentor:related -->\n<!-- /mdmentor -->\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n",
]
SETTINGS = [
    "",
    '[me]\nemployer = ["Acme"]\n',
    '[me]\nemployer = ["Acme Labs"]\n',
    "[reach_out]\nper_day = 1\n",
]


def count_notes_with_topics(sql: sqlite3.Connection) -> int:
    return int(sql.execute("SELECT count(DISTINCT note) FROM topic WHERE kind = 'topic'").fetchone()[0])


class Pages(RuleBasedStateMachine):
    """Any series of edits, looks and runs: after a run, no page or block is another than from scratch."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.vault = VaultOnDisk(self.folder / "vault", self.folder / "cache")
        self.named: set[str] = set()
        self.vault.reindex()

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(path=st.sampled_from(PATHS), body=st.sampled_from(BODIES))
    def write(self, path: str, body: str) -> None:
        self.vault.add(path, body)
        self.named.add(path)

    @rule(path=st.sampled_from(PATHS))
    def remove(self, path: str) -> None:
        (self.vault.root / path).unlink(missing_ok=True)
        self.named.add(path)

    @rule(text=st.sampled_from(SETTINGS))
    def change_settings(self, text: str) -> None:
        self.vault.add("mdmentor.toml", text)
        self.named.clear()
        self.run()

    @rule(day=st.sampled_from([date(2026, 11, 23), date(2026, 11, 24)]))
    def another_day(self, day: date) -> None:
        self.vault.today = day
        self.run()

    @rule()
    def look(self) -> None:
        with self.vault.answers():
            pass

    @rule()
    def run(self) -> None:
        told = self.vault.reindex()
        checked = self.vault.reindex(check=True)
        assert checked.stale == []
        with self.vault.answers() as answers:
            assert told.problems == checked.problems == ask.count_problems(answers.sql)
            assert ask.has_problems(answers.sql) == any(told.problems)
            assert ask.notes_with_topics(answers.sql) == count_notes_with_topics(answers.sql)

    @rule(pages=st.integers(0, 5))
    def run_until_called_away(self, pages: int) -> None:
        calls = iter([False] * pages)
        self.vault.reindex(is_called=lambda: next(calls, True))

    @rule()
    def run_for_what_was_named(self) -> None:
        self.vault.reindex(only=frozenset(self.named))
        self.named.clear()
        assert self.vault.reindex(check=True).stale == []


TestPages = Pages.TestCase
TestPages.settings = settings(
    max_examples=40, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


POSTS = [path for path in PATHS if path.startswith("posts/")]


class FewPosts(Pages):
    """The same where posts change most, and most of them are told of on no page."""

    def __init__(self) -> None:
        self.few = pytest.MonkeyPatch()
        self.few.setattr(answers, "POSTS_ON_THE_PAGE", 1)
        super().__init__()

    def teardown(self) -> None:
        self.few.undo()
        super().teardown()

    @rule(path=st.sampled_from(POSTS), body=st.sampled_from(BODIES), run=st.booleans())
    def write_a_post(self, path: str, body: str, run: bool) -> None:
        self.write(path, body)
        if run:
            self.run()

    @rule(path=st.sampled_from(PATHS), body=st.sampled_from(BODIES))
    def write_and_run(self, path: str, body: str) -> None:
        self.write(path, body)
        self.run()


TestFewPosts = FewPosts.TestCase
TestFewPosts.settings = settings(
    max_examples=40, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


class ManyPages(Pages):
    """The same where a few notes are many: it is not asked of each what it bears on, nor is each told to its pages."""

    def __init__(self) -> None:
        super().__init__()
        self.few = pytest.MonkeyPatch()
        self.few.setattr(put, "_FEW", 1)
        self.few.setattr(put, "_MANY", 40)
        self.few.setattr(owed, "MOST", 3)

    def teardown(self) -> None:
        self.few.undo()
        super().teardown()

    @rule(bodies=st.permutations(BODIES), others=st.permutations(BODIES))
    def write_many(self, bodies: list[str], others: list[str]) -> None:
        for told in (bodies, others):
            for path, body in zip(PATHS[:6], told, strict=False):
                self.write(path, body)
            self.run()


TestManyPages = ManyPages.TestCase
TestManyPages.settings = settings(
    max_examples=15, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)


def made(vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages whose texts a run makes."""
    from mdmentor import site

    names: list[str] = []
    build = site.build_pages

    def told(*given: object, **named: object) -> object:
        for path, text in build(*given, **named):  # type: ignore[arg-type]
            names.append(path.rpartition("/")[2])
            yield path, text

    monkeypatch.setattr(site, "build_pages", told)
    vault.reindex()
    monkeypatch.undo()
    return names


@pytest.fixture
def lived_in(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("people/Ada.md", "## Log\n- 2026-11-01 call\n")
    vault.add("people/Bea.md", "## Log\n- 2026-11-01 call\n")
    vault.add("posts/Raise.md", "")
    vault.add("plain.md", "")
    vault.reindex()
    return vault


def test_the_page_looked_at_first_is_made_before_what_calls_the_run_away(lived_in: VaultOnDisk) -> None:
    lived_in.add("people/Ada.md", "## Log\n- 2026-11-20 call #got\n")
    report = lived_in.reindex(is_called=lambda: True)
    assert report.is_unfinished
    assert report.pages_written == ["reach-out/Reach out next.md"]
    report = lived_in.reindex()
    assert not report.is_unfinished
    assert "reach-out/Two-way street.md" in report.pages_written


def test_a_note_that_links_very_many_makes_one_page_anew_and_all_blocks(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in.add("plain.md", "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n")
    for number in range(owed.MOST + 1):
        lived_in.add(f"linked/{number}.md", "")
    lived_in.reindex()
    links = "".join(f"[[{number}]]\n" for number in range(owed.MOST + 1))
    lived_in.add("hub.md", f"[[plain]]\n{links}")
    lived_in.reindex()
    lived_in.add("hub.md", f"to [[plain]]\n{links}")
    assert made(lived_in, monkeypatch) == ["Reach out next.md"]
    assert "to plain" in lived_in.read("plain.md")


def test_a_plain_note_makes_no_page_anew(lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    lived_in.add("plain.md", "more\n")
    assert made(lived_in, monkeypatch) == []


def test_the_list_is_made_anew_for_who_stands_on_it_alone(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in.add("people/Cem.md", "---\ncadence: none\n---\n## Log\n- 2026-11-02 call\n")
    lived_in.add("people/Ada.md", "---\nnext: 2026-11-01\n---\n## Log\n- 2026-10-01 call\n")
    lived_in.reindex()
    lived_in.add("people/Cem.md", "---\ncadence: none\n---\n## Log\n- 2026-11-02 call: of tea\n")
    assert "Reach out next.md" not in made(lived_in, monkeypatch)
    lived_in.add("people/Ada.md", "---\nnext: 2026-11-01\n---\n## Log\n- 2026-10-01 call: of tea\n")
    assert "Reach out next.md" in made(lived_in, monkeypatch)
    assert "of tea" in lived_in.page("Reach out next")
    lived_in.add("people/Cem.md", "---\nnext: 2026-11-01\n---\n")
    assert "Reach out next.md" in made(lived_in, monkeypatch)
    assert "Cem" in lived_in.page("Reach out next")
    lived_in.add("people/Cem.md", "---\ncontact: never\n---\n")
    assert "Reach out next.md" in made(lived_in, monkeypatch)
    assert "Cem" not in lived_in.page("Reach out next")


def test_a_promise_makes_no_picture_anew(lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    lived_in.add("people/Ada.md", "## Log\n- 2026-11-01 call\n\n- [ ] send it\n")
    assert made(lived_in, monkeypatch) == ["Two-way street.md"]


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("tea in the park", False),
        ("tea in the park, see [[plain]]", False),
        ("tea, and the first chapter of Raise", True),
        ("tea, see [[Raise]]", True),
        ("tea, see [[Raise]] #private", True),
    ],
)
def test_posts_are_told_of_anew_where_a_log_speaks_of_one(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, line: str, is_told: bool
) -> None:
    lived_in.add("people/Ada.md", f"## Log\n- 2026-11-22 {line}\n- 2026-11-01 call\n")
    assert ("Posts and people.md" in made(lived_in, monkeypatch)) == is_told
    assert lived_in.reindex(check=True).stale == []
    lived_in.add("people/Ada.md", "## Log\n- 2026-11-01 call\n")
    assert ("Posts and people.md" in made(lived_in, monkeypatch)) == is_told
    assert lived_in.reindex(check=True).stale == []


def test_a_new_note_that_a_posts_link_names_from_now_on_is_told(lived_in: VaultOnDisk) -> None:
    lived_in.add("posts/Raise.md", "as [[Ada]] said\n")
    lived_in.reindex()
    lived_in.add("in/Ada.md", "")
    lived_in.reindex()
    assert "Ada" not in lived_in.page("Posts and people")
    assert lived_in.reindex(check=True).stale == []


def test_of_many_posts_the_one_talked_of_now_is_told_and_then_looked_for(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        lived_in.add(f"posts/Chapter {number:02}.md", "")
    lived_in.reindex()
    lived_in.add("people/Bea.md", "## Log\n- 2026-11-01 call: of Chapter 39\n")
    assert "Posts and people.md" not in made(lived_in, monkeypatch)
    lived_in.add("people/Ada.md", "## Log\n- 2026-11-22 tea, see [[Chapter 39]]\n")
    assert "Posts and people.md" in made(lived_in, monkeypatch)
    assert lived_in.reindex(check=True).stale == []
    lived_in.add("people/Bea.md", "## Log\n- 2026-11-01 call: of chapters\n")
    assert "Posts and people.md" in made(lived_in, monkeypatch)
    assert lived_in.reindex(check=True).stale == []


def test_what_a_look_found_is_owed_to_the_pages(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in.add("people/Ada.md", "## Log\n- 2026-11-01 call\n\n- [ ] send it\n")
    with lived_in.answers():
        pass
    assert made(lived_in, monkeypatch) == ["Two-way street.md"]
    assert made(lived_in, monkeypatch) == []


def test_what_changed_while_pages_were_written_is_still_owed(lived_in: VaultOnDisk) -> None:
    with lived_in.answers() as answers, answers.index.writing():
        owed.add(answers.sql, ["street"], 7)
        owed.add(answers.sql, ["dot"], 8)
        owed.settle(answers.sql, 7)
        assert owed.told(answers.sql) == {"dot"}


def test_the_card_of_somebody_else_is_not_drawn_again(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mdmentor import site

    block = "<!-- mdmentor:card -->\n<!-- /mdmentor -->\n"
    lived_in.add("people/Ada.md", block)
    lived_in.add("people/Bea.md", block)
    lived_in.reindex()
    (lived_in.root / "people/Bea.md").write_text(
        lived_in.read("people/Bea.md") + "\n## Log\n- 2026-11-20 tea\n"
    )
    drawn: list[str] = []
    body = site.block_body
    monkeypatch.setattr(site, "block_body", lambda a, path, b: drawn.append(path) or body(a, path, b))
    lived_in.reindex()
    assert drawn == ["people/Bea.md"]


def test_another_sentence_in_a_post_makes_no_page_anew(
    lived_in: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in.add("posts/Raise.md", "One more thought.\n")
    assert made(lived_in, monkeypatch) == []
    lived_in.add("posts/Raise.md", "One more thought, and [[Ada]].\n")
    assert made(lived_in, monkeypatch) == ["Posts and people.md"]


@pytest.fixture
def with_one_post(vault: VaultOnDisk) -> Iterator[VaultOnDisk]:
    """Somebody on the list, a goal, and two posts, of which the page tells of the one alone."""
    vault.add("people/Grace Hopper.md", "---\nnext: 2026-11-01\n---\n## Log\n- 2026-10-01 call: of [[Tea]]\n")
    vault.add("people/Mary Shelley.md", "---\ncadence: none\n---\n")
    vault.add("goals/Grow well.md", "---\ntype: goal\n---\n")
    vault.add("posts/Tea.md", "of tea\n")
    vault.add("posts/Bread.md", "of bread\n")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(answers, "POSTS_ON_THE_PAGE", 1)
        vault.reindex()
        assert "Bread" not in vault.page("Reach out next") + vault.page("Posts and people")
        yield vault


@pytest.mark.parametrize(
    ("text", "page", "told"),
    [
        ("As Grace Hopper says.\n", "Reach out next", "Bread](../posts/Bread.md)"),
        ("See [her](../people/Grace%20Hopper.md).\n", "Reach out next", "Bread](../posts/Bread.md)"),
        ("How to grow well.\n", "Posts and people", "Bread](../posts/Bread.md)"),
        ("Towards [it](../goals/Grow%20well.md).\n", "Posts and people", "Bread](../posts/Bread.md)"),
    ],
)
def test_a_post_of_which_no_page_tells_comes_to_the_page_it_bears_on_and_goes_again(
    with_one_post: VaultOnDisk, text: str, page: str, told: str
) -> None:
    with_one_post.add("posts/Bread.md", text)
    with_one_post.reindex()
    assert told in with_one_post.page(page)
    with_one_post.add("posts/Bread.md", text + "One more thought.\n")
    assert with_one_post.reindex().pages_written == []
    with_one_post.add("posts/Bread.md", text.replace("grow", "eat").replace("Gr", "K"))
    with_one_post.reindex()
    assert told not in with_one_post.page(page)
    assert with_one_post.reindex(check=True).stale == []


def test_a_post_that_is_called_otherwise_is_told_so_on_a_card(with_one_post: VaultOnDisk) -> None:
    for title in ("Rye", "Wheat"):
        with_one_post.add("posts/Bread.md", f"---\ntitle: {title}\n---\nSee [[Grace Hopper]].\n")
        with_one_post.reindex()
        assert f"{title}](../posts/Bread.md)" in with_one_post.page("Reach out next")


def test_a_post_of_which_no_page_tells_makes_none_anew_for_somebody_who_is_on_none(
    with_one_post: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_one_post.add("posts/Bread.md", "See [[Mary Shelley]], and Mary Shelley\n")
    assert made(with_one_post, monkeypatch) == []
    assert with_one_post.reindex(check=True).stale == []


def test_a_person_named_only_in_many_notes_is_still_found_by_a_post(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", "")
    for number in range(210):
        vault.add(f"notes/{number}.md", "Ada Lovelace again\n")
    vault.reindex()
    vault.add("posts/Engines.md", "What Ada Lovelace wrote.\n")
    assert vault.json("show", "Ada Lovelace")["posts"] == ["posts/Engines.md"]
