"""The contract, sentence by sentence, from outside: notes go in, the commands' JSON and the pages come out.

Nothing here knows how it is done. Today is Monday, 23 November 2026 unless a test says otherwise.
"""

from __future__ import annotations

import json
import math
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, VaultOnDisk

ADA = "people/Ada.md"


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


def ahead(days: int) -> str:
    return (TODAY + timedelta(days)).isoformat()


def show(vault: VaultOnDisk, head: str, body: str = "", path: str = ADA) -> Any:
    """The card of one contact with this front matter and body."""
    vault.add(path, f"---\n{head}\n---\n{body}")
    return vault.json("show", path)


def why(vault: VaultOnDisk, head: str, body: str = "") -> Any:
    vault.add(ADA, f"---\n{head}\n---\n{body}")
    return vault.json("why", ADA)


def points(told: Any) -> dict[str, float]:
    return {reason["kind"]: reason["points"] for reason in told["reasons"]}


def names(told: Any) -> list[str]:
    return [suggestion["name"] for suggestion in told["suggestions"]]


def problems(vault: VaultOnDisk, path: str = ADA) -> list[Any]:
    return [p for p in vault.json("check")["problems"] if p["path"] == path]


def log_dates(told: Any) -> list[str]:
    return [i["date"] for i in told["interactions"]]


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


# --- The vault -----------------------------------------------------------------------------------


class TestVault:
    @pytest.mark.parametrize("mark", ["mdmentor.toml", ".obsidian/app.json"])
    def test_it_is_found_from_a_folder_inside_it(
        self, vault: VaultOnDisk, mark: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault.add(mark, "")
        vault.add("people/Ada.md", "")
        vault.add("deep/er/x.md", "")
        monkeypatch.chdir(vault.root / "deep/er")
        monkeypatch.delenv("MDMENTOR_VAULT", raising=False)
        assert [c["name"] for c in bare_json("contacts")] == ["Ada"]

    def test_the_nearest_parent_wins(self, vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
        vault.add("mdmentor.toml", "")
        vault.add("people/Outer.md", "")
        vault.add("inner/mdmentor.toml", "")
        vault.add("inner/people/Inner.md", "")
        monkeypatch.chdir(vault.root / "inner/people")
        monkeypatch.delenv("MDMENTOR_VAULT", raising=False)
        assert [c["name"] for c in bare_json("contacts")] == ["Inner"]

    def test_the_environment_names_it_before_the_current_folder_does(
        self, vault: VaultOnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault.add("people/Ada.md", "")
        here = tmp_path / "elsewhere"
        here.mkdir()
        (here / "mdmentor.toml").touch()
        monkeypatch.chdir(here)
        monkeypatch.setenv("MDMENTOR_VAULT", str(vault.root))
        assert [c["name"] for c in bare_json("contacts")] == ["Ada"]

    def test_the_option_goes_before_the_environment(
        self, vault: VaultOnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault.add("people/Ada.md", "")
        monkeypatch.setenv("MDMENTOR_VAULT", str(tmp_path))
        assert [c["name"] for c in vault.json("contacts")] == ["Ada"]

    def test_without_a_vault_one_line_says_how_to_make_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        from mdmentor.cli import main

        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        monkeypatch.delenv("MDMENTOR_VAULT", raising=False)
        assert main(["next"]) == 3
        told = capfd.readouterr()
        assert told.out == ""
        assert "mdmentor init" in told.err and len(told.err.strip().splitlines()) == 1

    def test_a_named_folder_that_is_not_there_is_no_vault(self, vault: VaultOnDisk) -> None:
        from mdmentor.cli import main

        assert main(["next", "--vault", str(vault.root / "nowhere")]) == 3

    @pytest.mark.parametrize(
        "path",
        [
            ".trash/Ada.md", ".git/Ada.md", "people/.hidden/Ada.md", "node_modules/x/Ada.md",
            "a/node_modules/Ada.md", "people/.#Ada.md", "people/Ada.md~", "people/#Ada.md#",
            "people/.Ada.md.swp",
        ],
    )  # fmt: skip
    def test_dot_folders_node_modules_and_editors_files_are_skipped(
        self, vault: VaultOnDisk, path: str
    ) -> None:
        vault.add(path, "---\ntype: person\n---\n")
        assert vault.json("contacts") == []

    def test_ignore_takes_gitignore_patterns(self, vault: VaultOnDisk) -> None:
        vault.add(
            "mdmentor.toml", 'ignore = ["archive/", "*.draft.md", "people/old-*", "!people/old-gold.md"]\n'
        )
        for path in [
            "archive/people/A.md",
            "people/b.draft.md",
            "people/old-c.md",
            "people/old-gold.md",
            "people/D.md",
        ]:
            vault.add(path, "")
        assert sorted(c["path"] for c in vault.json("contacts")) == ["people/D.md", "people/old-gold.md"]

    def test_symlinks_are_not_followed_out_of_the_vault(self, vault: VaultOnDisk, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "Secret.md").write_text("---\ntype: person\n---\n")
        vault.add("people/Ada.md", "")
        (vault.root / "people/more").symlink_to(outside)
        (vault.root / "people/One.md").symlink_to(outside / "Secret.md")
        assert [c["name"] for c in vault.json("contacts")] == ["Ada"]

    def test_a_loop_of_symlinks_ends(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md", "")
        (vault.root / "people/again").symlink_to(vault.root / "people")
        assert [c["name"] for c in vault.json("contacts")] == ["Ada"]

    @pytest.mark.parametrize(
        "copy", ["Ada.sync-conflict-20261122-101010-ABCDEFG.md", "Ada (conflicted copy 2026-11-22).md"]
    )
    def test_conflict_copies_are_reported_and_take_no_part(self, vault: VaultOnDisk, copy: str) -> None:
        vault.add("people/Ada.md", "")
        vault.add(f"people/{copy}", "")
        assert [c["name"] for c in vault.json("contacts")] == ["Ada"]
        assert len(problems(vault, f"people/{copy}")) == 1

    def test_a_path_with_blanks_and_quotes_works(self, tmp_path: Path) -> None:
        vault = VaultOnDisk(tmp_path / 'my "own" vault\'s % notes #1', tmp_path / "cache")
        vault.add("people/Ada.md", "")
        vault.reindex()
        assert names(vault.json("next")) == ["Ada"]


def bare_json(*arguments: str) -> Any:
    """What a command prints without `--vault`."""
    import contextlib
    import io

    from mdmentor.cli import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*arguments, "--json", "--today", TODAY.isoformat()])
    return json.loads(out.getvalue())


class TestSettings:
    def test_other_folders_for_contacts_and_posts(self, vault: VaultOnDisk) -> None:
        vault.add("mdmentor.toml", '[contacts]\nfolders = ["Menschen"]\n[posts]\nfolders = ["Texte"]\n')
        for path in ["menschen/A.md", "people/B.md", "texte/C.md", "posts/D.md"]:
            vault.add(path, "")
        kinds = [vault.kind(p) for p in ["menschen/A.md", "people/B.md", "texte/C.md", "posts/D.md"]]
        assert kinds == ["contact", "contact", "post", "note"]  # those of contacts add to the usual ones

    def test_without_mentions_a_link_in_a_dated_note_is_no_contact(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add("2026-11-01.md", "- saw [[Ada]]\n")
        assert vault.json("show", "Ada")["last_contact"] == "2026-11-01"
        vault.add("mdmentor.toml", "[journal]\nmentions = false\n")
        assert vault.json("show", "Ada")["last_contact"] is None

    def test_per_day_is_the_budget(self, vault: VaultOnDisk) -> None:
        vault.add("mdmentor.toml", "[reach_out]\nper_day = 2\n")
        for n in range(5):
            vault.add(f"people/P{n}.md", f"---\nlast_contact: {ago(300)}\n---\n")
        assert len(vault.json("next")["suggestions"]) == 2

    def test_the_pages_folder(self, vault: VaultOnDisk) -> None:
        vault.add("mdmentor.toml", '[pages]\nfolder = "out/next"\n')
        vault.add(ADA, "")
        vault.reindex()
        assert (vault.root / "out/next/Reach out next.md").exists()
        assert not (vault.root / "reach-out").exists()

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("[reach_out]\nper_day = 'three'\n", 2),
            ("[reach_out]\nper_day = -1\n", 2),
            ("[reach_out]\nperday = 3\n", 2),
            ("[contacts]\n\nfolders = 7\n", 3),
            ("[contacts]\nfolders = [1, 2]\n", 2),
            ("nonsense = 1\n", 1),
            ("[whatever]\nx = 1\n", 1),
            ("[journal]\nmentions = 'yes'\n", 2),
            ("[pages]\nfolder = '../out'\n", 2),
            ("ignore = 'x'\n[me\n", 2),
            ("me = 3\n", 1),
        ],
    )
    def test_a_wrong_key_or_type_is_a_problem_at_its_line(
        self, vault: VaultOnDisk, text: str, line: int
    ) -> None:
        vault.add("mdmentor.toml", text)
        vault.add(ADA, "")
        told = problems(vault, "mdmentor.toml")
        assert [p["line"] for p in told] == [line]
        assert told[0]["what"] and told[0]["fix"]
        assert names(vault.json("next")) == ["Ada"]
        assert not (vault.root.parent / "out").exists()

    @pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"\xef\xbb\xbf[reach_out]\nper_day = 1\n", b""])
    def test_a_settings_file_of_any_bytes_is_no_crash(self, vault: VaultOnDisk, raw: bytes) -> None:
        vault.add("mdmentor.toml", raw)
        vault.add(ADA, "")
        assert names(vault.json("next")) == ["Ada"]


# --- Kinds of note -------------------------------------------------------------------------------


class TestKinds:
    @pytest.mark.parametrize(
        ("path", "head"),
        [
            ("people/Ada.md", ""),
            ("CRM/Ada.md", ""),
            ("Contacts/work/old/Ada.md", ""),
            ("area/PEOPLE/Ada.md", ""),
            ("Ada.md", "type: person"),
            ("Ada.md", "Kind: People"),
            ("Ada.md", "category: contact"),
            ("Ada.md", 'categories:\n  - "[[People]]"'),
            ("Ada.md", "categories: [[Contact]]"),
            ("Ada.md", 'type: "[[Person]]"'),
            ("Ada.md", "tags: [person]"),
            ("Ada.md", "tags:\n  - People/friend"),
            ("Ada.md", "tag: '#contact'"),
            ("Ada.md", "tags: work, contact"),
        ],
    )
    def test_a_contact(self, vault: VaultOnDisk, path: str, head: str) -> None:
        vault.add(path, f"---\n{head}\n---\n")
        assert vault.kind(path) == "contact"

    def test_a_tag_in_the_text_makes_a_contact_too(self, vault: VaultOnDisk) -> None:
        vault.add("Ada.md", "# Ada\n\n#person/mentor\n")
        assert vault.kind("Ada.md") == "contact"

    @pytest.mark.parametrize(
        ("path", "head"),
        [
            ("people/Acme.md", "type: company"),
            ("People/People.md", ""),
            ("people/friends/Friends.md", ""),
            ("people/README.md", ""),
            ("people/index.md", ""),
            ("people/Templates/Person.md", ""),
            ("templates/Person.md", "type: person"),
            ("99 Templates/Person.md", "tags: [person]"),
            ("notes/Personal.md", "tags: [personal]"),
            ("notes/x.md", "tags: [person/work/x]\ntype: book"),
        ],
    )
    def test_no_contact(self, vault: VaultOnDisk, path: str, head: str) -> None:
        vault.add(path, f"---\n{head}\n---\n")
        assert vault.kind(path) != "contact"

    @pytest.mark.parametrize(
        ("path", "head"),
        [
            ("posts/x.md", ""), ("Blog/Articles/2026/x.md", ""), ("advice/x.md", ""), ("x.md", "type: post"),
            ("x.md", "type: Article"), ("x.md", "type: advice"), ("x.md", "tags: [post]"),
            ("x.md", "tags: [post/draft]"),
        ],
    )  # fmt: skip
    def test_a_post(self, vault: VaultOnDisk, path: str, head: str) -> None:
        vault.add(path, f"---\n{head}\n---\n")
        assert vault.kind(path) == "post"

    @pytest.mark.parametrize(
        ("head", "topic"), [("topics: [pay]\ntags: [post, other]", "pay"), ("tags: [post, pay]", "pay")]
    )
    def test_a_posts_topics_are_its_topics_else_its_tags(
        self, vault: VaultOnDisk, head: str, topic: str
    ) -> None:
        vault.add("x.md", f"---\ntype: post\n{head}\n---\n")
        vault.add(ADA, f"---\nhelps_with: [{topic}, other]\n---\n")
        told = {t["topic"] for t in vault.json("topics") if t["posts"]}
        assert told == {"pay"}

    @pytest.mark.parametrize(
        ("path", "head", "live"),
        [
            ("x.md", "type: goal", True),
            ("goals/x.md", "", True),
            ("goals/x.md", "status: active", True),
            ("goals/x.md", "status: in progress", True),
            ("goals/x.md", "status: done", False),
            ("goals/x.md", "status: Paused", False),
        ],
    )
    def test_a_goal_makes_its_topics_live_while_it_is_active(
        self, vault: VaultOnDisk, path: str, head: str, live: bool
    ) -> None:
        vault.add(path, f"---\n{head}\ntopics: [pay]\n---\n")
        assert vault.kind(path) == "goal"
        assert ("goal" in points(why(vault, f"helps_with: [Pay]\nlast_contact: {ago(60)}"))) is live

    @pytest.mark.parametrize(
        ("path", "head"),
        [
            ("2026-11-22.md", ""),
            ("daily/2026/11/2026-11-22.md", ""),
            ("20261122.md", ""),
            ("2026-11-22 Sunday.md", ""),
            ("x.md", "type: meeting\ndate: 2026-11-22"),
        ],
    )
    def test_a_dated_note(self, vault: VaultOnDisk, path: str, head: str) -> None:
        vault.add(path, f"---\n{head}\n---\nSaw [[Ada]].\n")
        vault.add(ADA, "")
        assert vault.kind(path) == "dated"
        assert vault.json("show", "Ada")["last_contact"] == "2026-11-22"

    @pytest.mark.parametrize("path", ["2026-13-45.md", "202611221530 idea.md", "12345678.md", "x.md"])
    def test_no_dated_note(self, vault: VaultOnDisk, path: str) -> None:
        vault.add(path, "Saw [[Ada]].\n")
        vault.add(ADA, "")
        assert vault.json("show", "Ada")["last_contact"] is None

    def test_a_page_of_ours_is_never_a_source(self, vault: VaultOnDisk) -> None:
        vault.add("elsewhere/Mine.md", "---\ngenerated-by: mdmentor\n---\n[[Ada]] Zeppelin\n")
        vault.add(ADA, "")
        assert vault.json("backlinks", "Ada") == []
        assert vault.json("links") == []
        assert vault.json("search", "zeppelin") == []

    def test_a_plain_note_is_linked_and_searched(self, vault: VaultOnDisk) -> None:
        vault.add("ideas/Zeppelin.md", "An airship, see [[Ada]].\n")
        vault.add(ADA, "")
        assert vault.kind("ideas/Zeppelin.md") == "note"
        assert [b["source"] for b in vault.json("backlinks", "Ada")] == ["ideas/Zeppelin.md"]
        assert [s["path"] for s in vault.json("search", "airship")] == ["ideas/Zeppelin.md"]

    def test_a_note_that_changes_its_kind_is_followed(self, vault: VaultOnDisk) -> None:
        vault.add("x.md", "---\ntype: person\n---\n")
        vault.reindex()
        vault.add("x.md", "---\ntype: post\n---\n")
        assert vault.json("contacts") == []
        vault.add("x.md", "---\ntags: [person]\n---\n")
        assert [c["path"] for c in vault.json("contacts")] == ["x.md"]


# --- Front matter of a contact -------------------------------------------------------------------

KEYS = [
    ("name: Ada Lovelace", "name", "Ada Lovelace"),
    ("first_name: Ada\nlast_name: Lovelace", "name", "Ada Lovelace"),
    ("First Name: Ada\nlastName: Lovelace", "name", "Ada Lovelace"),
    ("first_name: Ada", "name", "Ada"),
    ("aliases: [Countess, Lady L]", "aliases", ["Countess", "Lady L"]),
    ("aliases:\n  - Countess\n  - Lady L", "aliases", ["Countess", "Lady L"]),
    ("nickname: Countess", "aliases", ["Countess"]),
    ("alias: Countess", "aliases", ["Countess"]),
    ("tags: [person, '#work/x']", "tags", ["person", "work/x"]),
    ("tag: person", "tags", ["person"]),
    ("tags: person, work", "tags", ["person", "work"]),
    ("tags: person work", "tags", ["person", "work"]),
    ("email: ada@example.org", "email", ["ada@example.org"]),
    ("emails: [a@example.org, b@example.org]", "email", ["a@example.org", "b@example.org"]),
    ("phone: 0123", "phone", ["0123"]),
    ("phones: ['+49 30 1', 0175/12]", "phone", ["+49 30 1", "0175/12"]),
    ("mobile: 0123", "phone", ["0123"]),
    ("paused: false", "paused", False),
    ("contact: never", "paused", True),
    ("tags: [do-not-contact]", "paused", True),
    ("tags: [paused]", "paused", True),
    ("职业: 工程师", "role", "工程师"),
    ("occupation: engineer", "role", "engineer"),
    ("公司名称: 大同", "company", ["大同"]),
    ("tags: [person, status/deceased]", "paused", True),
    ("tags: prm-paused", "paused", True),
    ("tags: [undeceased, paused-ideas]", "paused", False),
    ("paused: true", "paused", True),
    ("prm-paused: yes", "paused", True),
    ("deceased: true", "paused", True),
    ("cadence: 30", "cadence_days", 30),
    ("cadence: 30d", "cadence_days", 30),
    ("cadence: 30 days", "cadence_days", 30),
    ("cadence: 6 weeks", "cadence_days", 42),
    ("cadence: weekly", "cadence_days", 7),
    ("cadence: monthly", "cadence_days", 30),
    ("cadence: quarterly", "cadence_days", 90),
    ("cadence: yearly", "cadence_days", 365),
    ("cadence: Monthly", "cadence_days", 30),
    ("cadence: none", "cadence_days", None),
    ("every: 2 months", "cadence_days", 60),
    ("frequency: 3 months", "cadence_days", 90),
    ("contact_frequency: weekly", "cadence_days", 7),
    ("custom_frequency_days: 45", "cadence_days", 45),
    ("contact_interval_days: 45", "cadence_days", 45),
    ("stay_in_touch_frequency_days: 45", "cadence_days", 45),
    ("prm-cadence: 45", "cadence_days", 45),
    ("tier: close", "cadence_days", 30),
    ("prm-tier: close", "cadence_days", 30),
    ("warmth: close", "cadence_days", 30),
    ("relationship_strength: Close", "cadence_days", 30),
    ("last_contact: 2026-10-14", "last_contact", "2026-10-14"),
    ("Last Contact: 2026-10-14", "last_contact", "2026-10-14"),
    ("lastContact: 2026-10-14", "last_contact", "2026-10-14"),
    ("LAST-CONTACT: '2026-10-14'", "last_contact", "2026-10-14"),
    ("last_contacted: 2026-10-14T10:00:00", "last_contact", "2026-10-14"),
    ("last_interaction: '[[2026-10-14]]'", "last_contact", "2026-10-14"),
    ("last_met: 2026-10-14", "last_contact", "2026-10-14"),
    ("last_seen: 2026-10-14", "last_contact", "2026-10-14"),
    ("last_chat: 2026-10-14", "last_contact", "2026-10-14"),
    ("prm-last-contacted: 2026-10-14", "last_contact", "2026-10-14"),
    ("next: 2026-12-24", "due", "2026-12-24"),
    ("next_followup: 2026-12-24", "due", "2026-12-24"),
    ("next_follow_up: 2026-12-24", "due", "2026-12-24"),
    ("next_contact: 2026-12-24", "due", "2026-12-24"),
    ("next_contact_due: 2026-12-24", "due", "2026-12-24"),
    ("snooze: 2026-12-24", "snooze", "2026-12-24"),
    ("snooze_until: 2026-12-24", "snooze", "2026-12-24"),
    ("prm-snooze-until: 2026-12-24", "snooze", "2026-12-24"),
    ("helps_with: [pay, Big Goals]", "helps_with", ["pay", "Big Goals"]),
    ("expertise: pay", "helps_with", ["pay"]),
    ("can_help_with: pay", "helps_with", ["pay"]),
    ("skills: [pay]", "helps_with", ["pay"]),
    ("topics: [pay]", "helps_with", ["pay"]),
    ("interests: [pay]", "helps_with", ["pay"]),
    ("mentor: candidate", "mentor", "candidate"),
    ("mentor: catching-up", "mentor", "catching-up"),
    ("mentor: Catching up", "mentor", "catching-up"),
    ("mentor: asked_once", "mentor", "asked-once"),
    ("mentor: ongoing", "mentor", "ongoing"),
    ("mentor: past", "mentor", "past"),
    ("mentor: true", "mentor", "ongoing"),
    ("birthday: 1815-12-10", "birthday", "1815-12-10"),
    ("birthday: 12-10", "birthday", "12-10"),
    ("birthdate: 1815-12-10", "birthday", "1815-12-10"),
    ("bday: 1815-12-10", "birthday", "1815-12-10"),
    ("confidential: true", "confidential", True),
    ("confidential: false", "confidential", False),
]


class TestFrontMatter:
    @pytest.mark.parametrize(("head", "key", "value"), KEYS, ids=[k[0].replace("\n", " ") for k in KEYS])
    def test_each_key_synonym_and_shape(self, vault: VaultOnDisk, head: str, key: str, value: object) -> None:
        assert show(vault, head)[key] == value
        assert [p for p in problems(vault) if p["severity"] != "hint"] == []

    @pytest.mark.parametrize("key", ["company", "org", "organization", "organisation", "employer", "work"])
    @pytest.mark.parametrize(
        "value", ["Engines", '"[[Engines]]"', "[Engines]", '"[[orgs/Engines|the works]]"']
    )
    def test_company_is_text_list_or_wikilink(self, vault: VaultOnDisk, key: str, value: str) -> None:
        assert show(vault, f"{key}: {value}")["company"] == ["Engines"]

    @pytest.mark.parametrize("key", ["role", "title", "position", "job_title"])
    def test_role_and_its_synonyms(self, vault: VaultOnDisk, key: str) -> None:
        assert "analyst" in str(show(vault, f"{key}: analyst")["role"])

    @pytest.mark.parametrize(
        "word",
        ["teacher", "boss", "coworker", "client", "associate", "member", "family", "friend",
         "informational-interview", "interviewer", "event"],
    )  # fmt: skip
    @pytest.mark.parametrize("key", ["source", "relationship"])
    def test_source_knows_the_places_where_people_come_from(
        self, vault: VaultOnDisk, key: str, word: str
    ) -> None:
        assert word in show(vault, f"{key}: {word}")["source"]
        assert problems(vault) == []

    def test_source_may_be_several_or_free_text(self, vault: VaultOnDisk) -> None:
        assert set(show(vault, "source: [boss, friend]")["source"]) == {"boss", "friend"}
        assert "pen pal" in str(show(vault, "source: pen pal")["source"])
        assert problems(vault) == []

    def test_values_are_text_and_not_what_yaml_makes_of_them(self, vault: VaultOnDisk) -> None:
        told = show(
            vault,
            "company: NO\nphone: 0123\nrole: 12:30\nhelps_with: [yes, 1.10, 0x10]\naliases: [007, null]",
        )
        assert "NO" in str(told["company"]) and told["phone"] == ["0123"] and "12:30" in str(told["role"])
        assert told["helps_with"] == ["yes", "1.10", "0x10"]
        assert told["aliases"] == ["007", "null"] or told["aliases"] == ["007"]

    @pytest.mark.parametrize(
        "head", ["aliases: Countess", "aliases: a, b", "tags: a, b", "tag: a", "alias: a"]
    )
    def test_older_shapes_of_lists_are_read_with_a_hint(self, vault: VaultOnDisk, head: str) -> None:
        show(vault, head)
        assert [p["severity"] for p in problems(vault)] == ["hint"]

    def test_without_a_name_the_first_heading_and_then_the_file_counts(self, vault: VaultOnDisk) -> None:
        vault.add("people/x1.md", "# Ada Lovelace\n")
        vault.add("people/Grace Hopper.md", "Text.\n")
        assert {c["name"] for c in vault.json("contacts")} == {"Ada Lovelace", "Grace Hopper"}

    def test_unknown_keys_are_ignored_in_peace(self, vault: VaultOnDisk) -> None:
        show(vault, "favourite_tea: oolong\nx-y z: {a: [1, 2]}\ncssclasses: [wide]")
        assert problems(vault) == []

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            ("cadence: evry month", "evry month"),
            ("last_contact: soonish", "soonish"),
            ("last_contact: 2026-02-30", "2026-02-30"),
            ("next: 2026-13-01", "2026-13-01"),
            ("snooze: later", "later"),
            ("birthday: 02-30", "02-30"),
            ("birthday: in spring", "in spring"),
            ("mentor: perhaps", "perhaps"),
            ("support: cooking", "cooking"),
        ],
    )
    def test_what_does_not_fit_is_a_problem_with_its_place(
        self, vault: VaultOnDisk, line: str, text: str
    ) -> None:
        show(vault, f"email: a@example.org\n{line}")
        (told,) = problems(vault)
        assert (told["line"], told["column"]) == (3, line.index(": ") + 3)
        assert text in told["what"] and told["fix"]

    @pytest.mark.parametrize("support", ["job", "career", "emotional", "[job, emotional]"])
    def test_support_is_told_apart(self, vault: VaultOnDisk, support: str) -> None:
        vault.add(ADA, f"---\nmentor: ongoing\nsupport: {support}\n---\n")
        (told,) = vault.json("mentors")["mentors"]
        assert told["support"] == support.strip("[]").split(", ")

    @pytest.mark.parametrize("key", ["wants", "wants_help_with", "i_can_help_them"])
    def test_what_they_want_is_no_expertise_of_theirs(self, vault: VaultOnDisk, key: str) -> None:
        assert show(vault, f"{key}: [pay]")["helps_with"] == []
        assert problems(vault) == []

    def test_topics_may_be_wikilinks(self, vault: VaultOnDisk) -> None:
        told = show(vault, 'helps_with:\n  - "[[Ask for a raise]]"\n  - "[[Pay|Money]]"')
        assert len(told["helps_with"]) == 2 and "[[" not in "".join(told["helps_with"])

    @pytest.mark.parametrize("key", ["met", "first_met", "met_date", "how_we_met", "met_context"])
    @pytest.mark.parametrize("value", ["2026-11-22", "at the fair, 2026-11-22", "2026-11-22 at the fair"])
    def test_met_is_text_or_date_or_both(self, vault: VaultOnDisk, key: str, value: str) -> None:
        assert points(why(vault, f"{key}: {value}")).get("new") == 50

    def test_met_without_a_date_is_fine(self, vault: VaultOnDisk) -> None:
        show(vault, "how_we_met: at the fair, over bad coffee")
        assert problems(vault) == []

    def test_a_users_tier_is_mapped_in_settings(self, vault: VaultOnDisk) -> None:
        vault.add("mdmentor.toml", "[tiers]\ninner = '2 weeks'\n")
        assert show(vault, "tier: Inner")["cadence_days"] == 14

    def test_the_later_of_field_and_log_counts(self, vault: VaultOnDisk) -> None:
        log = "## Log\n- 2026-10-14 call: x\n"
        assert show(vault, "last_contact: 2026-11-01", log)["last_contact"] == "2026-11-01"
        assert show(vault, "last_contact: 2026-09-01", log)["last_contact"] == "2026-10-14"

    def test_next_beats_the_cadence(self, vault: VaultOnDisk) -> None:
        told = show(vault, f"cadence: weekly\nlast_contact: {ago(100)}\nnext: {ahead(10)}")
        assert told["due"] == ahead(10)
        assert (
            vault.json("next")["suggestions"] == [] or vault.json("next")["suggestions"][0]["pool"] == "spare"
        )

    def test_a_birthday_on_29_february_is_kept_on_the_28th(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "---\nbirthday: 1992-02-29\n---\n")
        vault.today = date(2027, 2, 1)
        assert [d["date"] for d in vault.json("dates")] == ["2027-02-28"]
        vault.today = date(2028, 2, 1)
        assert [d["date"] for d in vault.json("dates")] == ["2028-02-29"]

    def test_synonyms_of_one_key_join_without_a_quarrel(self, vault: VaultOnDisk) -> None:
        told = show(vault, "email: a@example.org\nemails: [b@example.org]\nphone: '1'\nmobile: '2'")
        assert told["email"] == ["a@example.org", "b@example.org"] and told["phone"] == ["1", "2"]

    def test_empty_values_are_nothing_at_all(self, vault: VaultOnDisk) -> None:
        head = "\n".join(
            f"{key}:"
            for key in ["aliases", "email", "company", "cadence", "birthday", "next", "mentor", "tags"]
        )
        told = show(vault, head + "\nlast_contact: ''\nsnooze: null\nhelps_with: []")
        assert problems(vault) == []
        assert told["last_contact"] is None and told["snooze"] is None and told["helps_with"] == []

    def test_introduced_by_is_told_on_the_network_page(self, vault: VaultOnDisk) -> None:
        vault.add("people/Mary.md", "---\ncadence: monthly\n---\n")
        vault.add(ADA, '---\nintroduced_by: "[[Mary]]"\n---\n')
        vault.reindex()
        assert "Mary" in vault.page("Network") and "introduced" in vault.page("Network").lower()


# --- Interactions --------------------------------------------------------------------------------


class TestLog:
    @pytest.mark.parametrize(
        "heading",
        ["## Log", "## log", "# Interactions", "### Interaction Log", "## Contact log", "## History",
         "## TIMELINE", "Log\n---", "## Log ##", "## **Log**", "## 📞 Log:"],
    )  # fmt: skip
    def test_the_headings_of_a_log(self, vault: VaultOnDisk, heading: str) -> None:
        assert (
            show(vault, "", f"# Ada\n\n{heading}\n\n- 2026-10-14 call: x\n")["last_contact"] == "2026-10-14"
        )

    @pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "- [x]", "  -"])
    def test_any_list_item_that_starts_with_a_date(self, vault: VaultOnDisk, bullet: str) -> None:
        assert log_dates(show(vault, "", f"## Log\n{bullet} 2026-10-14 call: x\n")) == ["2026-10-14"]

    @pytest.mark.parametrize(
        ("line", "channel", "text"),
        [
            ("2026-10-14 call: asked about pay", "call", "asked about pay"),
            ("[[2026-10-14]] call: asked about pay", "call", "asked about pay"),
            ("2026-10-14: asked about pay", "", "asked about pay"),
            ("2026-10-14 - asked about pay", "", "asked about pay"),
            ("2026-10-14 coffee - asked about pay", "coffee", "asked about pay"),
            ("2026-10-14 coffee – asked about pay", "coffee", "asked about pay"),
            ("2026-10-14 call", "call", ""),
            ("2026-10-14", "", ""),
            ("2026-10-14 asked about pay", "", "asked about pay"),
            ("**2026-10-14** call: asked about pay", "call", "asked about pay"),
            ("2026-10-14 电话：问了薪水", "电话", "问了薪水"),
            ("2026-10-14：见面", "", "见面"),
        ],
    )
    def test_channel_and_text(self, vault: VaultOnDisk, line: str, channel: str, text: str) -> None:
        (told,) = show(vault, "", f"## Log\n- {line}\n")["interactions"]
        assert (told["date"], told["channel"] or "", told["text"]) == ("2026-10-14", channel, text)
        assert (told["path"], told["line"]) == (ADA, 5)

    def test_a_heading_with_a_date(self, vault: VaultOnDisk) -> None:
        told = show(
            vault, "", "## Log\n\n### 2026-10-14 call\nAsked about pay. #got\n\n### 2026-09-01\n- tea\n"
        )
        assert sorted(set(log_dates(told))) == ["2026-09-01", "2026-10-14"]
        assert ["got"] in [i["marks"] for i in told["interactions"]]

    def test_a_dated_line_elsewhere_in_the_note_is_no_log(self, vault: VaultOnDisk) -> None:
        assert show(vault, "", "## Career\n- 2019-10-14 joined the works\n")["last_contact"] is None

    def test_the_log_ends_at_the_next_heading_of_its_level(self, vault: VaultOnDisk) -> None:
        told = show(vault, "", "## Log\n- 2026-10-14 x\n## Career\n- 2026-11-01 joined the works\n")
        assert told["last_contact"] == "2026-10-14"

    @pytest.mark.parametrize("mark", ["gave", "got", "thanked", "sent"])
    def test_marks_are_read_in_any_case(self, vault: VaultOnDisk, mark: str) -> None:
        for spelled in (f"#{mark}", f"#{mark.upper()}", f"#{mark}."):
            (told,) = show(vault, "", f"## Log\n- 2026-10-14 call: x {spelled}\n")["interactions"]
            assert told["marks"] == [mark]

    def test_a_longer_tag_is_no_mark(self, vault: VaultOnDisk) -> None:
        (told,) = show(vault, "", "## Log\n- 2026-10-14 call: #gotcha #sentence\n")["interactions"]
        assert told["marks"] == []

    def test_each_person_linked_in_a_dated_note_counts(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add("people/Bob.md", "")
        vault.add("people/Cy.md", "")
        vault.add(
            "2026-11-01.md",
            "- tea with [[Ada]] and [Bob](people/Bob.md)\n\nA walk with [[Cy|C.]],\nin rain.\n",
        )
        assert {c["name"]: c["last_contact"] for c in vault.json("contacts")} == dict.fromkeys(
            ["Ada", "Bob", "Cy"], "2026-11-01"
        )

    @pytest.mark.parametrize("key", ["attendees", "people", "with", "person", "Teilnehmer"])
    @pytest.mark.parametrize("word", ["meeting", "Besprechung", "réunion", "interaction", "1on1"])
    def test_attendees_of_a_meeting_count(self, vault: VaultOnDisk, key: str, word: str) -> None:
        vault.add(ADA, "")
        vault.add("Planning.md", f'---\ntype: {word}\ndate: 2026-11-01\n{key}:\n  - "[[Ada]]"\n---\n')
        assert vault.json("show", "Ada")["last_contact"] == "2026-11-01"

    def test_links_in_the_body_of_a_meeting_count(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add("Planning.md", "---\ntype: meeting\ndate: 2026-11-01\n---\nWith [[Ada]].\n")
        assert vault.json("show", "Ada")["last_contact"] == "2026-11-01"

    @pytest.mark.parametrize(
        "text",
        [
            "- [ ] call [[Ada]]",
            "> [[Ada]] said so",
            "> [!note]\n> [[Ada]] said so",
            "`[[Ada]]`",
            "```\n- [[Ada]]\n```",
            "    - [[Ada]]",
            "%% [[Ada]] %%",
            "<!-- [[Ada]] -->",
            "- ![[Ada]]",
            "- {{embed [[Ada]]}}",
            "- {{query (and [[Ada]] [[Log]])}}",
            "- wondered about [[Ada]] #mention",
            "- 2026-12-24 dinner with [[Ada]]",
            "- coffee with [[Ada]] on 24.12.2026",
        ],
    )
    def test_what_never_counts_as_contact(self, vault: VaultOnDisk, text: str) -> None:
        vault.add(ADA, "")
        vault.add("2026-11-01.md", f"Today.\n\n{text}\n")
        assert vault.json("show", "Ada")["last_contact"] is None

    @pytest.mark.parametrize(
        "line",
        [
            "- coffee with [[Ada]]: her book is out on 2026-12-24",
            "- met [[Ada]], she moves 2027-01-01",
            "- tea with [[Ada]], first since 2026-10-01",
        ],
    )
    def test_a_later_day_makes_no_plan_of_a_talk(self, vault: VaultOnDisk, line: str) -> None:
        vault.add(ADA, "")
        vault.add("2026-11-01.md", f"{line}\n")
        assert vault.json("show", "Ada")["last_contact"] == "2026-11-01"

    @pytest.mark.parametrize(
        "line", ["- [ ] 2026-11-01 call", "> - 2026-11-01 call", "- 2026-11-01 heard of her #mention"]
    )
    def test_what_never_counts_in_a_log(self, vault: VaultOnDisk, line: str) -> None:
        assert show(vault, "", f"## Log\n\n{line}\n")["last_contact"] is None

    def test_future_dates_are_plans(self, vault: VaultOnDisk) -> None:
        told = show(vault, "", f"## Log\n- {ahead(5)} lunch: planned\n- {ago(5)} call: x\n")
        assert told["last_contact"] == ago(5)
        vault.add(f"{ahead(2)}.md", "- see [[Ada]]\n")
        assert vault.json("show", "Ada")["last_contact"] == ago(5)
        assert ahead(5) in [d["date"] for d in vault.json("dates")]

    def test_an_older_date_never_moves_last_contact_back(self, vault: VaultOnDisk) -> None:
        assert show(vault, "", "## Log\n- 2026-10-14 x\n- 2026-01-01 y\n")["last_contact"] == "2026-10-14"

    def test_one_day_told_in_two_notes_is_one_contact_day(self, vault: VaultOnDisk) -> None:
        days = ["2026-08-01", "2026-09-01", "2026-10-01"]
        vault.add(ADA, "## Log\n" + "".join(f"- {d} call: x\n" for d in days))
        for day in days:
            vault.add(f"{day}.md", "- called [[Ada]]\n- and [[Ada]] again\n")
        assert "drift" not in points(vault.json("why", "Ada"))  # two gaps only, not eight


class TestPromises:
    @pytest.mark.parametrize(
        "when",
        [
            "📅 2026-11-30",
            "due:: 2026-11-30",
            "[due:: 2026-11-30]",
            "(by 2026-11-30)",
            "📅2026-11-30 ⏫",
            "(due:: 2026-11-30)",
            "(by 30.11.2026)",
            "📅 30.11.2026",
        ],
    )
    def test_the_ways_to_write_a_date(self, vault: VaultOnDisk, when: str) -> None:
        (told,) = show(vault, "", f"- [ ] send the paper {when}\n")["promises"]
        assert (
            told["due"] == "2026-11-30" and told["text"].startswith("send the paper") and told["by"] == "me"
        )
        assert "2026" not in told["text"]

    @pytest.mark.parametrize(
        "signs",
        [
            "⏫ ➕ 2026-11-01 🛫 2026-11-02 ⏳ 2026-11-20 📅 2026-11-30 🔁 every week 🆔 abc",
            "🔁 every month 🔼 📅 2026-11-30",
            "[created:: 2026-11-01] [priority:: high] [due:: 2026-11-30]",
            "#task 📅 2026-11-30",
        ],
    )
    def test_what_task_plugins_keep_behind_the_words_is_left_out(
        self, vault: VaultOnDisk, signs: str
    ) -> None:
        (told,) = show(vault, "", f"- [ ] send the paper {signs}\n")["promises"]
        assert (told["text"], told["due"]) == ("send the paper", "2026-11-30")
        (told,) = show(vault, "", "## Log\n- [x] 2026-10-05 lunch: the raise ✅ 2026-10-06\n")["interactions"]
        assert (told["date"], told["text"]) == ("2026-10-05", "the raise")

    def test_an_open_task_on_a_line_that_links_a_contact(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add(
            "Tasks.md",
            "* [ ] send [[Ada]] the paper (by 2026-11-30)\n- [x] thank [[Ada]]\n- [ ] dust the shelf\n",
        )
        (told,) = vault.json("promises")["promises"]
        assert (told["path"], told["line"], told["due"]) == ("Tasks.md", 1, "2026-11-30")

    def test_waiting_is_theirs_to_keep(self, vault: VaultOnDisk) -> None:
        (told,) = show(vault, "", "- [ ] sends me the figures #waiting\n")["promises"]
        assert told["by"] == "them"

    @pytest.mark.parametrize("box", ["[x]", "[X]", "[-]"])
    def test_a_ticked_or_cancelled_task_is_no_promise(self, vault: VaultOnDisk, box: str) -> None:
        assert show(vault, "", f"- {box} send the paper\n")["promises"] == []

    def test_tasks_in_code_and_templates_are_no_promises(self, vault: VaultOnDisk) -> None:
        vault.add("templates/Person.md", "---\ntype: person\n---\n- [ ] write down where you met [[Ada]]\n")
        vault.add(ADA, "```\n- [ ] send x\n```\n")
        assert vault.json("promises")["promises"] == []

    def test_thanks_are_owed_until_thanked_or_given(self, vault: VaultOnDisk) -> None:
        got = "## Log\n- 2026-10-14 call: advice #got\n"
        assert points(why(vault, "", got))["thanks"] == 40
        for mark in ("#thanked", "#gave"):
            assert "thanks" not in points(why(vault, "", got + f"- 2026-10-20 mail: x {mark}\n"))
            assert "thanks" in points(why(vault, "", got + f"- 2026-10-02 mail: x {mark}\n"))


# --- Links ---------------------------------------------------------------------------------------


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "kind", "target", "fragment", "shown"),
        [
            ("[[Ada]]", "wikilink", ADA, "", ""),
            ("[[Ada|Countess]]", "wikilink", ADA, "", "Countess"),
            ("[[Ada#Log]]", "wikilink", ADA, "Log", ""),
            ("[[Ada#Log#May]]", "wikilink", ADA, "Log#May", ""),
            ("[[Ada#^b1]]", "wikilink", ADA, "^b1", ""),
            ("[[Ada#Log|Countess]]", "wikilink", ADA, "Log", "Countess"),
            ("![[Ada]]", "embed", ADA, "", ""),
            ("[the Countess](people/Ada.md)", "inline", ADA, "", "the Countess"),
            ("[x](<people/Ada.md>)", "inline", ADA, "", "x"),
            ("[x](people/Ada.md#Log)", "inline", ADA, "Log", "x"),
            ('[x](people/Ada.md "title")', "inline", ADA, "", "x"),
            ("[x][a]\n\n[a]: people/Ada.md", "reference", ADA, "", "x"),
            ("[[ADA]]", "wikilink", ADA, "", ""),
            ("[[Ada.md]]", "wikilink", ADA, "", ""),
            ("[[people/ada]]", "wikilink", ADA, "", ""),
            ("[[ Ada ]]", "wikilink", ADA, "", ""),
            ("| [[Ada\\|Countess]] | x |\n|---|---|", "wikilink", ADA, "", "Countess"),
        ],
    )
    def test_each_shape_of_link(
        self, vault: VaultOnDisk, text: str, kind: str, target: str, fragment: str, shown: str
    ) -> None:
        vault.add(ADA, "# Ada\n")
        vault.add("x.md", f"See\n{text}\n")
        told = [link for link in vault.json("links", "x") if link["kind"] == kind]
        assert len(told) == 1
        assert told[0]["target"] == target
        assert (told[0]["fragment"] or "") == fragment
        if shown:
            assert told[0]["text"] == shown

    def test_line_and_column_count_from_one_in_characters(self, vault: VaultOnDisk) -> None:
        vault.add("x.md", "---\nk: v\n---\nÄß 🎉 [[Ada]] and [[Bob]]\r\n\r\n  - [[Cy]]\r\n")
        told = [(k["line"], k["column"], k["raw"]) for k in vault.json("links", "x")]
        assert told == [(4, 6, "[[Ada]]"), (4, 18, "[[Bob]]"), (6, 5, "[[Cy]]")]

    @pytest.mark.parametrize(
        "value", ['"[[Ada]]"', "[[Ada]]", "['[[Ada]]']", '\n  - "[[Ada|A]]"', "[[[Ada]], [[Nobody]]]"]
    )
    def test_links_in_front_matter_quoted_or_not(self, vault: VaultOnDisk, value: str) -> None:
        vault.add(ADA, "")
        vault.add("x.md", f"---\nfriend: {value}\n---\n")
        told = vault.json("links", "x")
        assert (told[0]["kind"], told[0]["target"]) == ("frontmatter", ADA)

    @pytest.mark.parametrize(
        "text",
        ["`[[Ada]]`", "``a ` [[Ada]]``", "```\n[[Ada]]\n```", "~~~ md\n[[Ada]]\n~~~", "\n    [[Ada]]",
         "%% [[Ada]] %%",
         "%%\n[[Ada]]\n%%", "<!-- [[Ada]] -->", "<!--\n[[Ada]]\n-->", "$[[Ada]]$", "$$\n[[Ada]]\n$$",
         "<div>\n[[Ada]]\n</div>", "\\[[Ada]]", "[[]]", "[x](https://example.org/Ada.md)",
         "[x](mailto:ada@example.org)",
         "[[Ada\n]]"],
    )  # fmt: skip
    def test_what_is_no_link_to_a_note(self, vault: VaultOnDisk, text: str) -> None:
        vault.add(ADA, "")
        vault.add("x.md", f"See:\n{text}\n")
        assert vault.json("backlinks", "Ada") == []

    def test_an_exact_vault_path_wins_over_a_neighbour(self, vault: VaultOnDisk) -> None:
        vault.add("Note.md", "")
        vault.add("sub/Note.md", "")
        vault.add("sub/x.md", "[[Note]]\n")
        assert vault.json("links", "sub/x.md")[0]["target"] == "Note.md"

    def test_then_the_sources_own_folder(self, vault: VaultOnDisk) -> None:
        vault.add("a/Note.md", "")
        vault.add("long/deep/Note.md", "")
        vault.add("long/deep/x.md", "[[note]]\n")
        vault.add("long/deep/below/y.md", "[[note]]\n")
        assert vault.json("links", "long/deep/x.md")[0]["target"] == "long/deep/Note.md"
        assert vault.json("links", "long/deep/below/y.md")[0]["target"] == "a/Note.md"

    def test_then_the_shortest_path_in_characters(self, vault: VaultOnDisk) -> None:
        vault.add("a/b/c/Note.md", "")
        vault.add("a-very-long-folder/Note.md", "")
        vault.add("x.md", "[[Note]]\n")
        assert vault.json("links", "x.md")[0]["target"] == "a/b/c/Note.md"

    def test_names_compare_in_nfc(self, vault: VaultOnDisk) -> None:
        vault.add("people/Jose\u0301.md", "")
        vault.add("x.md", "[[JOS\u00c9]]\n")
        assert vault.json("links", "x.md")[0]["target"] == "people/Jose\u0301.md"

    def test_a_part_of_a_path_matches_whole_segments_only(self, vault: VaultOnDisk) -> None:
        vault.add("a/people/Ada.md", "")
        vault.add("a/Another-todo.md", "")
        vault.add("x.md", "[[people/Ada]] [[eople/Ada]] [[todo]]\n")
        assert [k["target"] for k in vault.json("links", "x.md")] == ["a/people/Ada.md", None, None]

    @pytest.mark.parametrize("link", ["[[./Ada]]", "[[../people/Nobody]]", "[[../Ada]]"])
    def test_dotted_paths_never_fall_back_to_a_name(self, vault: VaultOnDisk, link: str) -> None:
        vault.add("people/Ada.md", "")
        vault.add("people/deep/x.md", f"{link}\n")
        expected = "people/Ada.md" if link == "[[../Ada]]" else None
        assert vault.json("links", "people/deep/x.md")[0]["target"] == expected

    def test_markdown_links_are_relative_first_then_vault_wide(self, vault: VaultOnDisk) -> None:
        vault.add("a/My Note.md", "")
        vault.add("My Note.md", "")
        vault.add("c/Only.md", "")
        vault.add("a/x.md", "[x](My%20Note.md) [y](../My%20Note.md) [z](Only.md) [w](/c/Only.md)\n")
        told = [k["target"] for k in vault.json("links", "a/x.md")]
        assert told[:3] == ["a/My Note.md", "My Note.md", "c/Only.md"]

    def test_a_wrong_folder_before_a_right_name_is_not_told_as_an_alias(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md", "")
        vault.add("n.md", "[[persons/Ada|A]]\n")
        (problem,) = vault.json("check")["problems"]
        assert (problem["code"], problem["fix"]) == ("missing-note", 'did you mean "Ada"?')

    def test_a_bare_alias_is_a_problem_with_its_mend(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada Lovelace.md", "---\naliases: [Countess]\n---\n")
        vault.add("x.md", "Text\nand [[Countess]].\n")
        assert vault.json("links", "x")[0]["target"] is None
        (told,) = problems(vault, "x.md")
        assert (told["line"], told["column"]) == (2, 5)
        assert "[[Ada Lovelace|Countess]]" in told["fix"]
        assert told["severity"] != "error"

    def test_a_placeholder_is_a_hint_with_a_near_name(self, vault: VaultOnDisk) -> None:
        vault.add("people/Charles Babbage.md", "")
        vault.add("x.md", "[[Charles Babage]]\n")
        (told,) = problems(vault, "x.md")
        assert told["severity"] == "hint" and "Charles Babbage" in told["fix"]
        assert vault.run("check").code == 0

    def test_attachments_are_no_broken_notes(self, vault: VaultOnDisk) -> None:
        vault.add("img/a.png", b"\x89PNG")
        vault.add("x.md", "![[a.png]] ![](img/a.png) [[board.canvas]]\n")
        assert [p for p in problems(vault, "x.md") if "note" in p["what"] and "a.png" in p["what"]] == []

    def test_a_new_note_is_found_by_the_links_that_waited_for_it(self, vault: VaultOnDisk) -> None:
        vault.add("x.md", "[[Ada]]\n")
        assert vault.json("links", "x")[0]["target"] is None
        vault.add(ADA, "")
        assert vault.json("links", "x")[0]["target"] == ADA
        (vault.root / ADA).unlink()
        assert vault.json("links", "x")[0]["target"] is None

    def test_backlinks_carry_their_line_of_text(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add("x.md", "# T\n\nI asked [[Ada]] about pay.\n")
        (told,) = vault.json("backlinks", "Ada")
        assert (told["source"], told["line"]) == ("x.md", 3)
        assert "asked" in told["context"] and "about pay" in told["context"]


class TestRelated:
    def reasons(self, vault: VaultOnDisk) -> dict[str, str]:
        return {r["path"]: " ".join(r["reasons"]) for r in vault.json("related", "Ada")}

    def test_each_kind_of_relation_says_why(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md", "---\nname: Ada Lovelace\nhelps_with: [pay]\n---\n")
        vault.add("posts/Linked.md", "See [[Ada]].\n")
        vault.add("posts/Shared.md", "Text.\n")
        vault.add("posts/Topic.md", "---\ntopics: [Pay]\n---\nText.\n")
        vault.add("posts/Mention.md", "As Ada Lovelace said.\n")
        vault.add("posts/Other.md", "Text.\n")
        vault.add("2026-11-01.md", "- talked with [[Ada]] about [[Shared]]\n")
        told = self.reasons(vault)
        assert [p for p in told if p.startswith("posts/")] == [
            "posts/Linked.md", "posts/Shared.md", "posts/Topic.md", "posts/Mention.md",
        ]  # fmt: skip
        assert "pay" in told["posts/Topic.md"].lower()
        assert all(told.values())

    def test_a_rare_topic_weighs_more(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md", "---\nhelps_with: [common, rare]\n---\n")
        vault.add("posts/A common.md", "---\ntopics: [common]\n---\n")
        vault.add("posts/B rare.md", "---\ntopics: [rare]\n---\n")
        for n in range(8):
            vault.add(f"posts/more/M{n}.md", "---\ntopics: [common]\n---\n")
            vault.add(f"people/P{n}.md", "---\nhelps_with: [common]\n---\n")
        assert next(iter(self.reasons(vault))) == "posts/B rare.md"

    def test_a_link_in_a_contacts_note_relates_too(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md", "## Log\n- 2026-10-14 call: read [[Raise]]\n")
        vault.add("posts/Raise.md", "")
        assert "posts/Raise.md" in self.reasons(vault)
        assert [r["path"] for r in vault.json("related", "Raise")] == ["people/Ada.md"]


# --- Pages and blocks ----------------------------------------------------------------------------


class TestPages:
    def test_the_pages_and_only_these(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "---\ncadence: monthly\n---\n")
        vault.reindex()
        pages = {p.name for p in (vault.root / "reach-out").iterdir()}
        assert pages == {
            "Reach out next.md", "Mentors.md", "Two-way street.md", "Posts and people.md",
            "Dates.md", "Network.md",
            "network.svg", "talks.svg",
        }  # fmt: skip

    def test_problems_comes_and_goes(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "---\ncadence: evry month\n---\n")
        vault.reindex()
        assert "evry month" in vault.page("Problems")
        vault.add(ADA, "---\ncadence: every month\n---\n")
        vault.reindex()
        assert not (vault.root / "reach-out/Problems.md").exists()

    def test_a_second_run_writes_nothing(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "[[Nobody]]\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n")
        vault.reindex()
        before = {p: p.stat().st_mtime_ns for p in vault.root.rglob("*")}
        assert vault.json("reindex")["pages_written"] == 0
        assert {p: p.stat().st_mtime_ns for p in vault.root.rglob("*")} == before

    def test_a_users_file_with_a_pages_name_is_never_replaced(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add("reach-out/Mentors.md", "My own thoughts.\n")
        run = vault.run("reindex")
        assert vault.page("Mentors") == "My own thoughts.\n"
        assert "reach-out/Mentors.md" in run.err

    def test_all_caught_up(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, f"---\ncadence: 100\nlast_contact: {ago(3)}\n---\n")
        vault.reindex()
        assert "All caught up" in vault.page("Reach out next")

    def test_one_of_todays_few_has_boxes_to_tick(self, vault: VaultOnDisk) -> None:
        vault.add(
            ADA,
            "---\nemail: ada@example.org\n---\n- [ ] send the paper 📅 2026-11-24\n"
            "## Log\n- 2026-10-14 call: pay #got\n",
        )
        vault.reindex()
        page = vault.page("Reach out next")
        boxes = [line.strip() for line in page.splitlines() if line.strip().startswith("- [ ]")]
        assert boxes == [
            "- [ ] **[Ada](../people/Ada.md)**",
            "- [ ] kept: send the paper",
            "- [ ] said thanks",
            "- [ ] snooze 2 weeks",
        ]
        assert "send the paper" in page and "ada@example.org" in page and "../people/Ada.md" in page

    def test_every_relative_link_on_every_page_leads_somewhere(self, vault: VaultOnDisk) -> None:
        import re
        from urllib.parse import unquote

        for name in ["Ada [x] (y)", 'O\'Hara "Q" 100%', "René #1", "山田 太郎", "דוד", "Zoë 🎉", "a_b*c*"]:
            safe = name.replace('"', "'")
            vault.add(
                f"people/{safe}.md",
                f"---\nname: '{name.replace(chr(39), chr(39) * 2)}'\nhelps_with: [pay]\n---\n",
            )
        vault.add("posts/On (pay) & more [1].md", "---\ntopics: [pay]\n---\n")
        vault.add("goals/Pay.md", "---\ntopics: [pay]\n---\n")
        vault.reindex()
        found = 0
        for page in (vault.root / "reach-out").glob("*.md"):
            for target in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", page.read_text()):
                found += 1
                assert (page.parent / unquote(target.split("#")[0])).exists(), f"{page.name}: {target}"
        assert found > 14

    def test_dates_shows_sixty_days(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, f"---\nbirthday: 1990-{ahead(59)[5:]}\n---\n")
        vault.add("people/Bob.md", f"---\nbirthday: 1990-{ahead(62)[5:]}\n---\n")
        assert [d["name"] for d in vault.json("dates")] == ["Ada"]

    def test_the_problems_page_does_not_become_a_source_of_problems(self, vault: VaultOnDisk) -> None:
        vault.add("x.md", "[[Nobody]]\n")
        vault.reindex()
        first = vault.json("check")
        vault.reindex()
        assert vault.json("check") == first

    def test_two_folders_give_the_same_bytes(self, vault: VaultOnDisk, tmp_path: Path) -> None:
        other = VaultOnDisk(tmp_path / "elsewhere/deep", tmp_path / "cache2")
        for one in (vault, other):
            for n in range(6):
                one.add(f"people/P{n}.md", f"---\nlast_contact: {ago(90 + n)}\nhelps_with: [pay]\n---\n")
            one.add("posts/Pay.md", "---\ntopics: [pay]\n---\n")
            one.reindex()
        assert tree(vault.root) == tree(other.root)


class TestBlocks:
    @pytest.mark.parametrize("block", ["backlinks", "related", "next", "card"])
    def test_a_block_is_filled_and_the_rest_kept(self, vault: VaultOnDisk, block: str) -> None:
        text = (
            f"\ufeff---\nhelps_with: [pay]\n---\r\nMine.  \r\n"
            f"<!-- mdmentor:{block} -->\r\n<!-- /mdmentor -->\r\nMine too"
        )
        file = vault.add(ADA, text)
        vault.add("posts/Pay.md", "---\ntopics: [pay]\n---\nSee [[Ada]].\n")
        vault.reindex()
        now = file.read_bytes().decode()
        head, rest = now.split(f"<!-- mdmentor:{block} -->\r\n")
        inside, tail = rest.split("<!-- /mdmentor -->\r\n")
        assert head == text.split("<!-- mdmentor")[0] and tail == "Mine too"
        assert len(inside) > 10 and "\r\n" in inside and "\n" not in inside.replace("\r\n", "")

    def test_notes_without_markers_are_never_written(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "---\na: [[Bob]]\n---\nno final newline [[Bob]]")
        vault.add("people/Bob.md", b"\xff\xfe not utf-8")
        before = tree(vault.root)
        vault.reindex()
        now = tree(vault.root)
        assert {k: now[k] for k in before} == before

    @pytest.mark.parametrize(
        "text",
        [
            "<!-- mdmentor:next -->\nmine\n",
            "<!-- mdmentor:next -->\nmine, typed by hand\n<!-- /mdmentor -->\n",
            "<!-- mdmentor:nonsense -->\n<!-- /mdmentor -->\n",
            "text\n<!-- /mdmentor -->\n",
            "<!-- mdmentor:next -->\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
        ],
    )
    def test_a_damaged_or_edited_block_is_kept_and_reported(self, vault: VaultOnDisk, text: str) -> None:
        vault.add(ADA, text)
        vault.reindex()
        assert vault.read(ADA) == text
        assert problems(vault)

    def test_a_marker_in_code_is_no_marker(self, vault: VaultOnDisk) -> None:
        text = "```\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n```\n"
        vault.add(ADA, text)
        vault.reindex()
        assert vault.read(ADA) == text and problems(vault) == []


# --- Ranking -------------------------------------------------------------------------------------


class TestReasons:
    @pytest.mark.parametrize(("days", "counts"), [(6, False), (5, True), (0, True), (-20, True)])
    def test_a_promise_counts_from_five_days_before(
        self, vault: VaultOnDisk, days: int, counts: bool
    ) -> None:
        told = points(why(vault, f"last_contact: {ago(1)}", f"- [ ] send it 📅 {ahead(days)}\n"))
        assert told.get("promise") == (60 if counts else None) or (not counts and told.get("promise") == 0)

    def test_a_promise_of_theirs_gives_no_points(self, vault: VaultOnDisk) -> None:
        told = points(why(vault, f"last_contact: {ago(1)}", f"- [ ] sends it 📅 {ago(2)} #waiting\n"))
        assert sum(told.values()) == 0

    def test_an_undated_promise_is_shown_without_points(self, vault: VaultOnDisk) -> None:
        told = why(vault, f"last_contact: {ago(200)}", "- [ ] send the paper\n")
        assert points(told).get("promise", 0) == 0
        vault.reindex()
        assert "send the paper" in vault.page("Reach out next")

    @pytest.mark.parametrize(("days", "score"), [(1, 0), (0, 60), (-9, 60)])
    def test_next_reached_counts_as_a_promise_does(self, vault: VaultOnDisk, days: int, score: int) -> None:
        told = why(vault, f"cadence: yearly\nlast_contact: {ago(30)}\nnext: {ahead(days)}")
        assert told["score"] == score

    @pytest.mark.parametrize(("days", "score"), [(0, None), (1, 50), (3, 50), (4, 20), (30, 20), (31, None)])
    def test_somebody_new_is_to_be_followed_up(
        self, vault: VaultOnDisk, days: int, score: int | None
    ) -> None:
        assert points(why(vault, f"source: event\nmet: {ago(days)}")).get("new") == score

    def test_a_talk_after_the_meeting_is_the_follow_up(self, vault: VaultOnDisk) -> None:
        assert "new" not in points(why(vault, f"met: {ago(5)}", f"## Log\n- {ago(3)} mail: hello\n"))
        assert "new" in points(why(vault, f"met: {ago(5)}", f"## Log\n- {ago(5)} fair: met\n"))

    @pytest.mark.parametrize(
        ("days", "counts"), [(-2, True), (-1, True), (0, True), (1, True), (2, False), (4, False)]
    )
    def test_a_birthday_counts_from_the_day_before_to_the_day_after(
        self, vault: VaultOnDisk, days: int, counts: bool
    ) -> None:
        # Two days ago was a Saturday: the Monday after it bridges the weekend.
        told = points(why(vault, f"cadence: yearly\nlast_contact: {ago(40)}\nbirthday: {ahead(days)[5:]}"))
        assert told.get("birthday") == (25 if counts else None)

    def test_a_sunday_birthday_is_told_on_friday(self, vault: VaultOnDisk) -> None:
        vault.today = date(2026, 11, 20)
        assert points(why(vault, "birthday: 11-22"))["birthday"] == 25
        vault.today = date(2026, 11, 19)
        assert "birthday" not in points(vault.json("why", "Ada"))

    def test_a_birthday_spans_the_turn_of_the_year(self, vault: VaultOnDisk) -> None:
        vault.today = date(2026, 12, 31)
        assert points(why(vault, "birthday: 01-01"))["birthday"] == 25
        vault.today = date(2027, 1, 1)
        assert points(why(vault, "birthday: 12-31"))["birthday"] == 25

    @pytest.mark.parametrize(("days", "counts"), [(20, False), (21, True), (60, True)])
    def test_a_goal_counts_but_not_soon_after_a_talk(
        self, vault: VaultOnDisk, days: int, counts: bool
    ) -> None:
        vault.add("goals/Raise.md", "---\ntopics: [pay]\n---\n")
        told = points(why(vault, f"cadence: yearly\nhelps_with: [pay]\nlast_contact: {ago(days)}"))
        assert told.get("goal") == (20 if counts else None)

    @pytest.mark.parametrize(
        ("cadence", "quiet"), [(30, 40), (30, 60), (30, 90), (30, 300), (120, 300), (200, 250)]
    )
    def test_rhythm_grows_with_the_log_of_the_lateness(
        self, vault: VaultOnDisk, cadence: int, quiet: int
    ) -> None:
        told = points(why(vault, f"cadence: {cadence}\nlast_contact: {ago(quiet)}"))
        assert told["rhythm"] == pytest.approx(min(25, 10 + 5 * math.log2(quiet / cadence)), abs=1.0)

    def test_nobody_is_late_within_the_cadence(self, vault: VaultOnDisk) -> None:
        assert "rhythm" not in points(why(vault, f"cadence: 30\nlast_contact: {ago(29)}"))

    def test_twice_late_counts_the_same_for_monthly_and_yearly(self, vault: VaultOnDisk) -> None:
        monthly = points(why(vault, f"cadence: monthly\nlast_contact: {ago(60)}"))["rhythm"]
        assert points(why(vault, f"cadence: 180\nlast_contact: {ago(360)}"))["rhythm"] == pytest.approx(
            monthly, abs=0.5
        )

    def test_drift_is_a_sentence_without_points(self, vault: VaultOnDisk) -> None:
        log = "## Log\n" + "".join(f"- {ago(100 + 10 * n)} call: x\n" for n in range(5))
        assert points(why(vault, "cadence: yearly", log))["drift"] == 0
        log = "## Log\n" + "".join(f"- {ago(100 + 10 * n)} call: x\n" for n in range(3))
        assert "drift" not in points(why(vault, "cadence: yearly", log))

    def test_the_score_is_the_sum_and_each_reason_a_sentence(self, vault: VaultOnDisk) -> None:
        vault.add("goals/Raise.md", "---\ntopics: [pay]\n---\n")
        body = f"- [ ] send it 📅 {ahead(2)}\n## Log\n- {ago(90)} call: advice #got\n"
        told = why(vault, f"cadence: 30\nhelps_with: [pay]\nbirthday: {TODAY.isoformat()[5:]}", body)
        assert set(points(told)) >= {"promise", "thanks", "birthday", "goal", "rhythm"}
        assert told["score"] == pytest.approx(sum(points(told).values()))
        assert all(r["text"] and r["text"][0].isupper() and r["text"].endswith(".") for r in told["reasons"])


class TestGuardsAndPools:
    @pytest.mark.parametrize(
        "duty", [f"- [ ] send it 📅 {ahead(1)}\n", f"## Log\n- {ago(1)} call: advice #got\n"]
    )
    def test_the_quiet_guard_never_hides_a_duty(self, vault: VaultOnDisk, duty: str) -> None:
        vault.add(ADA, f"---\ncadence: 100\nlast_contact: {ago(1)}\n---\n{duty}")
        assert names(vault.json("next")) == ["Ada"]

    def test_the_guard_holds_back_a_goal(self, vault: VaultOnDisk) -> None:
        vault.add("goals/Raise.md", "---\ntopics: [pay]\n---\n")
        told = why(vault, f"cadence: 100\nhelps_with: [pay]\nlast_contact: {ago(5)}")
        assert not told["listed"] and told["not_listed_because"]

    def test_two_unanswered_double_the_cadence(self, vault: VaultOnDisk) -> None:
        sent = f"## Log\n- {ago(50)} mail: hello #sent\n- {ago(40)} mail: again #sent\n"
        assert (
            not why(vault, "cadence: 30", sent)["listed"]
            or why(vault, "cadence: 30", sent)["pool"] == "spare"
        )
        once = f"## Log\n- {ago(50)} mail: hello\n- {ago(40)} mail: again #sent\n"
        assert why(vault, "cadence: 30", once)["listed"]

    def test_sent_counts_as_contact(self, vault: VaultOnDisk) -> None:
        told = why(vault, "cadence: 30", f"## Log\n- {ago(90)} call: x\n- {ago(4)} mail: hello #sent\n")
        assert told["last_contact"] == ago(4) and "rhythm" not in points(told)

    @pytest.mark.parametrize(("days", "listed"), [(1, False), (0, True), (-3, True)])
    def test_a_snoozed_person_is_not_suggested_before_the_day(
        self, vault: VaultOnDisk, days: int, listed: bool
    ) -> None:
        told = why(vault, f"last_contact: {ago(300)}\nsnooze: {ahead(days)}")
        assert told["listed"] is listed
        assert names(vault.json("next")) == (["Ada"] if listed else [])

    def test_a_promise_due_of_a_snoozed_person_is_told_as_held_back(self, vault: VaultOnDisk) -> None:
        told = why(vault, f"snooze: {ahead(9)}", f"- [ ] send the paper 📅 {TODAY}\n")
        assert not told["listed"] and "promise" in points(told)
        vault.reindex()
        assert "Ada" in vault.page("Reach out next") and "send the paper" in vault.page("Reach out next")

    @pytest.mark.parametrize(
        "head", ["contact: never", "tags: [do-not-contact]", "prm-paused: true", "deceased: 2024-01-01"]
    )
    def test_never_is_never(self, vault: VaultOnDisk, head: str) -> None:
        told = why(
            vault,
            f"{head}\nlast_contact: {ago(300)}",
            f"- [ ] send it 📅 {TODAY}\n## Log\n- {ago(90)} x #got\n",
        )
        assert not told["listed"] and told["not_listed_because"]
        assert vault.json("next")["suggestions"] == []
        vault.reindex()
        assert "[Ada]" not in vault.page("Reach out next")

    @pytest.mark.parametrize(
        ("head", "days"),
        [
            ("mentor: ongoing", 60), ("tier: close", 30), ("source: family", 60),
            ("source: friend", 60), ("source: boss", 120),
            ("source: coworker", 120), ("source: client", 120),
            ("source: event", 90), ("source: informational-interview", 90),
            ("source: interviewer", 90), ("source: teacher", 180), ("source: pen pal", 180), ("role: x", 180),
            ("source: [boss, friend]", 60), ("mentor: candidate\nsource: teacher", 60),
        ],
    )  # fmt: skip
    def test_default_cadences(self, vault: VaultOnDisk, head: str, days: int) -> None:
        assert show(vault, head)["cadence_days"] == days

    def test_somebody_with_only_a_name_is_not_hidden_and_not_from_1970(self, vault: VaultOnDisk) -> None:
        vault.add("Ada.md", "---\ntags: [person]\n---\n")
        told = vault.json("next")
        assert names(told) == ["Ada"]
        assert told["suggestions"][0]["last_contact"] is None
        assert "1970" not in json.dumps(told) and "0001" not in json.dumps(told)
        vault.reindex()
        assert "new" in vault.page("Reach out next").lower()

    def test_dormant_people_come_one_a_week_and_not_never(self, vault: VaultOnDisk) -> None:
        for n in range(8):
            vault.add(f"people/Old {n}.md", f"---\nlast_contact: {ago(500 + n)}\n---\n")
            vault.add(f"people/Due {n}.md", f"---\nlast_contact: {ago(300 + n)}\n---\n")
        seen = set()
        for day in range(7):
            vault.today = date(2026, 11, 23) + timedelta(day)
            seen |= {s["name"] for s in vault.json("next")["suggestions"] if s["pool"] == "dormant"}
        assert len(seen) == 1

    def test_a_dormant_persons_promise_is_not_hidden(self, vault: VaultOnDisk) -> None:
        for n in range(4):
            vault.add(
                f"people/Old {n}.md", f"---\nlast_contact: {ago(500)}\n---\n- [ ] send it 📅 {ahead(1)}\n"
            )
        assert len(vault.json("next")["suggestions"]) == 3

    def test_thirty_people_of_one_party_are_not_due_on_one_day(self, vault: VaultOnDisk) -> None:
        for n in range(30):
            vault.add(f"people/P{n}.md", f"---\ntier: warm\nlast_contact: {ago(50)}\n---\n")
        due = [date.fromisoformat(c["due"]) for c in vault.json("contacts")]
        planned = TODAY - timedelta(50) + timedelta(90)
        assert len(set(due)) > 5
        assert all(abs((d - planned).days) <= 10 for d in due)

    def test_ties_go_by_name_and_then_path(self, vault: VaultOnDisk) -> None:
        for path, name in [("people/z.md", "Bea"), ("people/y.md", "Ada"), ("people/x.md", "Ada")]:
            vault.add(path, f"---\nname: {name}\n---\n- [ ] send it 📅 {TODAY}\n")
        assert [s["path"] for s in vault.json("next")["suggestions"]] == [
            "people/x.md",
            "people/y.md",
            "people/z.md",
        ]

    def test_free_places_are_offered_as_a_good_moment(self, vault: VaultOnDisk) -> None:
        vault.add("people/Half.md", f"---\ncadence: 100\nlast_contact: {ago(60)}\n---\n")
        vault.add("people/Fresh.md", f"---\ncadence: 100\nlast_contact: {ago(30)}\n---\n")
        told = vault.json("next")
        assert [(s["name"], s["pool"]) for s in told["suggestions"]] == [("Half", "spare")]
        vault.reindex()
        page = vault.page("Reach out next")
        assert page.index("All caught up") < page.lower().index("a good moment") < page.index("[Half]")

    def test_after_an_absence_the_page_begins_afresh_with_the_duties_first(self, vault: VaultOnDisk) -> None:
        for n in range(30):
            vault.add(f"people/P{n:02}.md", f"---\ncadence: 30\nlast_contact: {ago(100)}\n---\n")
        vault.run("next", "--today", ago(30))
        vault.add("people/Duty.md", f"---\nlast_contact: {ago(20)}\n---\n- [ ] send it 📅 {ago(3)}\n")
        told = vault.json("next")
        assert names(told)[0] == "Duty" and len(names(told)) == 3
        vault.reindex()
        page = vault.page("Reach out next").lower()
        assert "afresh" in page or "fresh start" in page

    def test_one_who_is_not_listed_is_told_why(self, vault: VaultOnDisk) -> None:
        told = why(vault, f"cadence: 100\nlast_contact: {ago(5)}")
        assert told["listed"] is False and told["not_listed_because"]
        for n in range(5):
            vault.add(f"people/P{n}.md", f"---\n---\n- [ ] send it 📅 {TODAY}\n")
        told = why(vault, f"cadence: 30\nlast_contact: {ago(100)}")
        assert told["listed"] is False and told["not_listed_because"]
        assert vault.json("next")["also_due"] == 3


# --- The command line ----------------------------------------------------------------------------

READING = [
    ["next"], ["contacts"], ["mentors"], ["promises"], ["dates"], ["links"], ["topics"],
    ["check"], ["status"], ["why", "Ada"],
    ["show", "Ada"], ["backlinks", "Ada"], ["related", "Ada"], ["search", "pay"],
]  # fmt: skip
SHAPES = {
    "next": {"today", "suggestions", "also_due", "excluded"},
    "why": {
        "path", "name", "score", "pool", "due", "last_contact", "cadence_days", "reasons", "posts",
        "opener", "listed",
        "not_listed_because",
    },
    "show": {
        "path", "name", "aliases", "tags", "email", "phone", "company", "role", "source",
        "cadence_days", "last_contact", "due",
        "snooze", "paused", "mentor", "helps_with", "birthday", "colleague", "confidential",
        "interactions", "promises", "posts",
    },
    "links": {"source", "line", "column", "kind", "raw", "target", "fragment", "text"},
    "backlinks": {"source", "line", "context"},
    "related": {"path", "kind", "reasons"},
    "search": {"path", "title", "line", "snippet"},
    "check": {"path", "line", "column", "severity", "code", "what", "fix"},
    "reindex": {"notes", "contacts", "posts", "added", "changed", "removed",
                "pages_written", "problems", "seconds"},
}  # fmt: skip


@pytest.fixture
def little(vault: VaultOnDisk) -> VaultOnDisk:
    """A vault with one of each, and one problem."""
    vault.add(
        "people/Ada.md",
        "---\naliases: [Countess]\ncadence: evry month\nhelps_with: [pay]\n---\n"
        "# Ada\n- [ ] send it 📅 2026-11-24\n\n"
        "## Log\n- 2026-10-14 call: about pay, see [[Raise]] #got\n",
    )
    vault.add("posts/Raise.md", "---\ntopics: [pay]\n---\nAsk [[Ada]] about pay.\n")
    return vault


class TestCommands:
    @pytest.mark.parametrize("command", READING, ids=lambda c: c[0])
    def test_every_reading_command_gives_one_json_document_and_touches_nothing(
        self, little: VaultOnDisk, command: list[str]
    ) -> None:
        before = tree(little.root)
        run = little.run(*command, "--json", "--today", "2026-11-23")
        json.loads(run.out)
        assert run.err == ""
        assert run.code == 0 or command == ["check"]
        assert tree(little.root) == before

    @pytest.mark.parametrize("command", READING, ids=lambda c: c[0])
    def test_every_reading_command_prints_plain_words_without_colour(
        self, little: VaultOnDisk, command: list[str]
    ) -> None:
        run = little.run(*command, "--today", "2026-11-23")
        assert run.out.strip() and "\x1b" not in run.out

    @pytest.mark.parametrize("command", sorted(SHAPES))
    def test_the_keys_of_the_json(self, little: VaultOnDisk, command: str) -> None:
        arguments = {"search": ["pay"], "links": [], "next": [], "check": [], "reindex": []}.get(
            command, ["Ada"]
        )
        told = little.json(command, *arguments)
        one = told["problems"][0] if command == "check" else told[0] if isinstance(told, list) else told
        assert set(one) >= SHAPES[command]
        if command == "next":
            (suggestion,) = told["suggestions"]
            assert set(suggestion) >= SHAPES["why"] - {"listed", "not_listed_because"}
            assert all(set(r) >= {"kind", "text", "points"} for r in suggestion["reasons"])

    @pytest.mark.parametrize("name", ["Ada", "ada", "countess", "people/Ada.md", "people/Ada", "Coun", "AD"])
    def test_a_person_is_named_by_name_alias_path_or_part(self, little: VaultOnDisk, name: str) -> None:
        assert little.json("show", name)["path"] == ADA

    def test_between_two_people_it_lists_them_and_exits_2(self, vault: VaultOnDisk) -> None:
        vault.add("people/Grace Hopper.md", "")
        vault.add("people/Grace Kelly.md", "")
        run = vault.run("show", "Grace")
        assert run.code == 2 and run.out == ""
        assert "Grace Hopper" in run.err and "Grace Kelly" in run.err

    def test_two_people_of_one_name_are_told_apart_by_path(self, vault: VaultOnDisk) -> None:
        vault.add("people/a/Ada.md", "")
        vault.add("people/b/Ada.md", "")
        run = vault.run("why", "Ada")
        assert run.code == 2 and "people/a/Ada.md" in run.err and "people/b/Ada.md" in run.err
        assert vault.json("show", "people/b/Ada.md")["path"] == "people/b/Ada.md"

    def test_a_whole_name_goes_before_a_part_of_another(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md", "")
        vault.add("people/Adam.md", "")
        assert vault.json("show", "Ada")["name"] == "Ada"

    def test_a_name_that_fits_nobody_exits_2_with_a_near_one(self, little: VaultOnDisk) -> None:
        run = little.run("show", "Countes s")
        assert run.code == 2 and run.out == "" and "Traceback" not in run.err

    @pytest.mark.parametrize("arguments", [["next", "--nonsense"], ["nonsense"],
                                               ["next", "--today", "soon"], ["why"],
                                           ["next", "-n", "-1"], ["next", "-n", "x"]])  # fmt: skip
    def test_a_command_that_makes_no_sense_exits_2(self, little: VaultOnDisk, arguments: list[str]) -> None:
        run = little.run(*arguments)
        assert run.code == 2 and run.out == "" and run.err

    def test_next_takes_a_number_and_a_topic(self, little: VaultOnDisk) -> None:
        little.add("people/Bob.md", f"- [ ] send it 📅 {TODAY}\n")
        assert len(little.json("next", "-n", "1")["suggestions"]) == 1
        assert names(little.json("next", "--topic", "PAY")) == ["Ada"]
        assert names(little.json("next", "--topic", "other")) == []

    def test_check_exits_1_where_there_are_errors_or_warnings(self, vault: VaultOnDisk) -> None:
        vault.add("x.md", "[[Nobody]]\n")
        assert vault.run("check").code == 0
        vault.add("people/Ada.md", "---\ncadence: sometimes perhaps\n---\n")
        run = vault.run("check")
        assert run.code == 1 and "people/Ada.md:2:10: warning: " in run.out
        vault.add("y.md", b"\xff\xff\x00")
        vault.add("z.md", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n")
        severities = {p["path"]: p["severity"] for p in vault.json("check")["problems"]}
        assert severities["z.md"] == "error" and vault.run("check").code == 1

    def test_reindex_check_writes_nothing_and_tells_a_stale_page(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        assert vault.run("reindex", "--check", "--today", str(TODAY)).code == 1
        assert not (vault.root / "reach-out").exists()
        assert vault.run("reindex", "--today", str(TODAY)).code == 0
        assert vault.run("reindex", "--check", "--today", str(TODAY)).code == 0
        vault.add("people/Bob.md", "")
        assert vault.run("reindex", "--check", "--today", str(TODAY)).code == 1

    def test_reindex_counts(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        vault.add("posts/Raise.md", "")
        told = vault.json("reindex")
        assert (told["notes"], told["contacts"], told["posts"], told["added"]) == (2, 1, 1, 2)
        vault.add(ADA, "changed, and longer")
        (vault.root / "posts/Raise.md").unlink()
        told = vault.json("reindex")
        assert (told["notes"], told["added"], told["changed"], told["removed"]) == (1, 0, 1, 1)

    def test_init_in_an_existing_vault_only_adds_the_settings(self, vault: VaultOnDisk) -> None:
        from mdmentor.cli import main

        vault.add("Menschen/Ada.md", "---\ntype: person\n---\n")
        vault.add("CRM/Bob.md", "")
        before = tree(vault.root)
        assert main(["init", str(vault.root)]) == 0
        now = tree(vault.root)
        assert set(now) - set(before) == {"mdmentor.toml"} and {k: now[k] for k in before} == before
        assert vault.json("check")["problems"] == []
        settings = now["mdmentor.toml"]
        assert main(["init", str(vault.root)]) in (0, 2, 4)
        assert tree(vault.root)["mdmentor.toml"] == settings

    def test_init_makes_a_vault_that_works(self, tmp_path: Path) -> None:
        from mdmentor.cli import main

        assert main(["init", str(tmp_path / "new")]) == 0
        new = VaultOnDisk(tmp_path / "new", tmp_path / "cache")
        assert new.json("contacts")
        assert [p for p in new.json("check")["problems"] if p["severity"] != "hint"] == []

    def test_demo_overwrites_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from mdmentor.cli import main

        monkeypatch.setenv("MDMENTOR_CACHE", str(tmp_path / "cache"))
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine/Note.md").write_text("mine\n")
        code = main(["demo", str(tmp_path / "mine")])
        assert code != 0 and tree(tmp_path / "mine") == {"Note.md": b"mine\n"}


# --- The index -----------------------------------------------------------------------------------


class TestIndex:
    def test_it_may_be_deleted_or_damaged_at_any_time(self, little: VaultOnDisk) -> None:
        first = little.json("next")
        for file in [p for p in little.cache.rglob("*") if p.is_file()]:
            file.write_bytes(b"garbage" * 999)
        assert little.json("next") == first
        for file in [p for p in little.cache.rglob("*") if p.is_file()]:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        assert little.json("next") == first
        for file in [p for p in little.cache.rglob("*") if p.is_file()]:
            file.unlink()
        assert little.json("next") == first

    @pytest.mark.parametrize(
        ("words", "found"),
        [("jose", True), ("JOSÉ", True), ("太郎", True), ("田太", True), ("xyz", False), ("josef", False)],
    )
    def test_search_folds_accents_and_finds_parts_of_cjk_names(
        self, vault: VaultOnDisk, words: str, found: bool
    ) -> None:
        vault.add("x.md", "José and 山田太郎 met in the Straße.\n")
        assert bool(vault.json("search", words)) is found

    @pytest.mark.parametrize(
        "words", ['"', "a AND", "NEAR(", "*", "-x", "c++", "O'Hara", "a:b", "(", "^", "%", "''", " "]
    )
    def test_search_takes_any_words(self, little: VaultOnDisk, words: str) -> None:
        run = little.run("search", words, "--json")
        assert run.code in (0, 2) and "Traceback" not in run.err and "sql" not in run.err.lower()

    def test_an_edit_that_keeps_size_and_mtime_is_seen(self, vault: VaultOnDisk) -> None:
        file = vault.add(ADA, "---\nrole: aaa\n---\n")
        stamp = file.stat()
        vault.json("next")
        file.write_text("---\nrole: bbb\n---\n")
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert "bbb" in str(vault.json("show", "Ada")["role"])

    def test_a_renamed_folder_is_followed(self, little: VaultOnDisk) -> None:
        little.reindex()
        (little.root / "people").rename(little.root / "contacts")
        assert [c["path"] for c in little.json("contacts")] == ["contacts/Ada.md"]
        assert little.json("backlinks", "Ada")[0]["source"] == "posts/Raise.md"

    def test_a_rename_in_case_only_is_followed(self, little: VaultOnDisk) -> None:
        little.reindex()
        (little.root / "people/Ada.md").rename(little.root / "people/ADA.md")
        assert [c["path"] for c in little.json("contacts")] == ["people/ADA.md"]


# --- What may never go wrong ---------------------------------------------------------------------

NASTY = {
    "windows-1252": b"---\nname: Jos\xe9\n---\nna\xefve\n",
    "utf-16": "---\nname: x\n---\n".encode("utf-16"),
    "binary": bytes(range(256)) * 50,
    "nul": b"a\x00b\n",
    "unclosed head": b"---\nname: x\ntext without an end\n",
    "list as head": b"---\n- a\n- b\n---\n",
    "text as head": b"---\njust words\n---\n",
    "json head": b'---\n{"name": "Ada", "tags": ["person"]}\n---\n',
    "duplicate keys": b"---\nemail: a@example.org\nemail: b@example.org\n---\n",
    "template": b"---\nname: {{title}}\nmet: {{date}}\n---\n# {{title}}\n",
    "templater": b"---\nname: <% tp.file.title %>\n---\n<%* await x %>\n",
    "tabs": b"---\nname:\tx\n\ttags: y\n---\n",
    "yaml bomb": b"---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n",
    "yaml tag": b"---\nname: !!python/object/apply:os.system ['true']\n---\n",
    "at sign": b"---\nname: @foo\n---\n",
    "colons": b"---\nname: a: b: c\n---\n",
    "italic": b"---\ntitle: *Italic*\n---\n",
    "suffix": b"---\nfriends:\n  - [[x]]suffix\n---\n",
    "conflict": b"---\n<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> x\n---\n",
    "empty": b"",
    "bom only": b"\xef\xbb\xbf",
    "cr only": b"---\rname: x\r---\r# x\r",
    "deep": b"- " * 400 + b"x\n",
    "brackets": b"[" * 3000 + b"\n",
    "quotes": b">" * 3000 + b"\n",
    "ticks": b"`" * 999 + b" [[x]] " + b"`" * 998 + b"\n",
    "stars": b"*a " * 5000 + b"\n",
    "long line": b"x" * 300_000 + b" [[Ada]]\n",
    "bad date": b"---\nlast_contact: 99999-01-01\nbirthday: 0000-00-00\nnext: 0001-01-01\n---\n"
    b"## Log\n- 0000-00-00 x\n- 9999-12-31 y\n",
    "dataview": b"---\nname: x\n---\nlast_contact:: 2026-10-14\n[due:: 2026-11-01] (x:: y)\n"
    b"```dataview\nTABLE x FROM #y\n```\n",
    "huge number": b"---\ncadence: 99999999999999999999999\nphone: 1e999\nmet: 20261345\n---\n",
    "surrogate": "# \\ud800 \u2028 \u2029 \x0b \x0c \u202e rtl\n".encode(),
    "terminal": b"# \x1b[31mred\x1b]0;title\x07\n\x1b[2J\n",
}


class TestNasty:
    @pytest.mark.parametrize("name", sorted(NASTY))
    def test_bad_input_costs_at_most_a_line_and_never_the_run(self, vault: VaultOnDisk, name: str) -> None:
        vault.add("people/Bad.md", NASTY[name])
        vault.add(ADA, f"---\nlast_contact: {ago(300)}\n---\n[[Bad]]\n")
        vault.reindex()
        assert vault.read("people/Bad.md").encode() == NASTY[name] if name not in BYTES else True
        assert "Ada" in names(vault.json("next"))
        told = [*vault.json("contacts"), *vault.json("check")["problems"]]
        assert any(t["path"] == "people/Bad.md" for t in told), "it vanished without a word"
        for page in (vault.root / "reach-out").iterdir():
            assert "\x1b" not in page.read_text()
        for command in ("next", "contacts", "check"):
            run = vault.run(command)
            assert "\x1b" not in run.out + run.err and "Traceback" not in run.err

    def test_a_fifo_named_md_does_not_hang(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        os.mkfifo(vault.root / "people/Pipe.md")
        assert [c["name"] for c in vault.json("contacts")] == ["Ada"]
        assert problems(vault, "people/Pipe.md")

    def test_a_folder_named_md_is_a_folder(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ada.md/Bob.md", "")
        assert [c["path"] for c in vault.json("contacts")] == ["people/Ada.md/Bob.md"]

    def test_a_dangling_symlink_is_told_or_left_out_in_peace(self, vault: VaultOnDisk) -> None:
        vault.add(ADA, "")
        (vault.root / "people/Gone.md").symlink_to(vault.root / "nowhere.md")
        assert [c["name"] for c in vault.json("contacts")] == ["Ada"]

    def test_a_huge_note_is_one_line_of_problems(self, vault: VaultOnDisk) -> None:
        vault.add(
            "people/Huge.md", b"---\ntype: person\n---\n" + b"All work and no play [[Ada]].\n" * 1_700_000
        )
        vault.add(ADA, "")
        assert "Ada" in [c["name"] for c in vault.json("contacts")]
        assert len(problems(vault, "people/Huge.md")) == 1

    @pytest.mark.parametrize("day", ["2024-02-29", "1999-12-31", "2100-03-01", "0001-01-01", "9999-12-31"])
    def test_any_day_may_be_today(self, little: VaultOnDisk, day: str) -> None:
        for command in (["next"], ["dates"], ["why", "Ada"], ["mentors"], ["promises"]):
            run = little.run(*command, "--json", "--today", day)
            assert run.code == 0, run.err
            json.loads(run.out)

    def test_what_is_private_or_confidential_gets_out_nowhere(self, vault: VaultOnDisk) -> None:
        vault.add(
            ADA,
            "---\nhelps_with: [pay]\nmentor: ongoing\n---\n# Ada\n\nZQXintro #private\n\n"
            "- [ ] tell her ZQXtask #private 📅 2026-11-24\n\n"
            "## Log\n- 2026-10-14 call: ZQXlog #private #got\n  - ZQXnested\n"
            "- 2026-10-01 call: open words\n",
        )
        vault.add(
            "people/Con.md",
            "---\nconfidential: true\nemail: ZQX@example.org\ncompany: ZQXco\n"
            "role: ZQXrole\nhelps_with: [ZQXtopic]\n"
            "aliases: [ZQXalias]\nbirthday: 1990-11-23\n---\nZQXbody [[Ada]]\n"
            "- [ ] ZQXpromise 📅 2026-11-23\n"
            "## Log\n- 2026-10-14 call: ZQXtalk #got\n",
        )
        vault.add("2026-11-01.md", "- saw [[Ada]], ZQXjournal #private\n\nWith [[Ada]]: ZQXpara #private\n")
        vault.add(
            "posts/Pay.md",
            "---\ntopics: [pay]\n---\nSee [[Ada]]. <!-- mdmentor:related -->\n\n"
            "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n",
        )
        vault.reindex()
        told = [p.read_text() for p in (vault.root / "reach-out").iterdir()] + [vault.read("posts/Pay.md")]
        for command in [*READING, ["show", "Con"], ["why", "Con"], ["related", "Con"],
                        ["backlinks", "Con"], ["search", "ZQXlog"],
                        ["search", "ZQXbody"], ["links", "Con"], ["search", "open"]]:  # fmt: skip
            for flags in ([], ["--json"]):
                run = vault.run(*command, *flags, "--today", str(TODAY))
                told.append(run.err + run.out)
        assert [t for t in told if "ZQX" in t] == []


BYTES = {"windows-1252", "utf-16", "binary"}
