"""A name such as 05-06-2026 is the day that the names beside it in its folder say."""

from __future__ import annotations

from tests.conftest import VaultOnDisk


def days(vault: VaultOnDisk) -> list[str]:
    return [i["date"] for i in vault.json("show", "Ada")["interactions"]]


def test_the_neighbours_in_the_folder_decide(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    for path in ("a/05-06-2026", "a/13-06-2026", "b/05-06-2026", "b/06-13-2026", "c/05-06-2026", "d/05-06-2026",
                 "d/13-06-2026", "d/06-13-2026"):  # fmt: skip
        vault.add(f"{path}.md", "- tea with [[Ada]]\n")
    assert days(vault) == ["2026-05-06", "2026-06-05", *["2026-06-13"] * 4]


def test_a_new_or_removed_neighbour_changes_the_others(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("a/05-06-2026 x.md", "- tea with [[Ada]]\n")
    vault.add("a/07_06_2026.md", "- tea with [[Ada]]\n")
    vault.reindex()
    assert days(vault) == []
    vault.add("a/13-06-2026.md", "")
    assert days(vault) == ["2026-06-05", "2026-06-07"]
    vault.reindex()
    vault.add("a/08-06-2026.md", "- tea with [[Ada]]\n")
    assert days(vault) == ["2026-06-05", "2026-06-07", "2026-06-08"]
    (vault.root / "a/13-06-2026.md").unlink()
    assert days(vault) == []
    assert days(vault) == []
