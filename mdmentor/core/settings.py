"""The user's settings as one value; every field has the default of a vault without mdmentor.toml."""

from typing import NamedTuple


class Settings(NamedTuple):
    """What mdmentor.toml may say. Folder names compare without regard to case."""

    employer: tuple[str, ...] = ()  # [me] employer
    contact_folders: tuple[str, ...] = ("people", "contacts", "crm")
    post_folders: tuple[str, ...] = ("posts", "articles", "advice")
    goal_folders: tuple[str, ...] = ("goals",)
    journal_mentions: bool = True  # a link to a person in a dated note counts as contact
    per_day: int = 3
    tiers: tuple[tuple[str, int], ...] = ()  # [tiers] word = days, folded words
    pages_folder: str = "reach-out"
    ignore: tuple[str, ...] = ()  # gitignore patterns
    template_folders: tuple[str, ...] = ()  # besides those so called; set in Obsidian, not in mdmentor.toml

    def reading(self) -> tuple[object, ...]:
        """The settings that decide how a note is read; when they change every note is read again."""
        return (
            self.contact_folders,
            self.post_folders,
            self.goal_folders,
            self.journal_mentions,
            self.tiers,
            self.pages_folder,
            self.template_folders,
        )
