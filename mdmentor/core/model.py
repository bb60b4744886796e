"""The values of mdmentor: a note as read, the people, posts and goals found in it, and what is made of them.

All are immutable and made of texts, dates and tuples. Paths are relative to the vault with "/"; lines and columns
count from 1, columns count characters.
"""

from datetime import date
from typing import NamedTuple, Self

Day = date  # where a field is called date
# Makes a value of all its fields in half the time of its class, for the many of each note.
new = tuple.__new__

ERROR, WARNING, HINT = "error", "warning", "hint"
UTF_16 = "the note is UTF-16, which is not read"
UNREAD = frozenset({"too-big", "binary", "unreadable", "not-utf8"})  # codes of notes not read for certain


class Problem(NamedTuple):
    """What is wrong in the user's text, where, and how to fix it."""

    path: str
    line: int
    column: int
    severity: str  # ERROR, WARNING or HINT
    code: str  # a short name in kebab-case, stable: scripts may match on it
    what: str  # lower case, no full stop, the user's words in double quotes
    fix: str
    name: str = ""  # what a link without a note names; "" for a private one

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}; {self.fix}"

    def with_severity(self) -> str:
        """`path:line:column: severity: what; fix`, as compilers print it."""
        return f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.what}; {self.fix}"


# The kinds of notes.
CONTACT, POST, GOAL, DATED, PAGE, NOTE = "contact", "post", "goal", "dated", "page", "note"

# The titles of the pages, in the order of the links at the foot of a page.
REACH_OUT = "Reach out next"
MENTORS = "Mentors"
TWO_WAY = "Two-way street"
POSTS = "Posts and people"
DATES = "Dates"
NETWORK = "Network"
PROBLEMS = "Problems"
PAGES = (REACH_OUT, MENTORS, TWO_WAY, POSTS, DATES, NETWORK, PROBLEMS)
GENERATED = "generated-by: mdmentor"  # the line that makes a note a page of ours
_GENERATED_WITHIN = 600  # characters from the start of a page, also where git left conflict marks there


def is_generated(content: str | bytes | None) -> bool:
    """Whether mdmentor wrote this page or picture."""
    start = (content or "")[:_GENERATED_WITHIN]
    return GENERATED in start if isinstance(start, str) else GENERATED.encode() in start


class Field(NamedTuple):
    """One key of the front matter, or one written in the text as `key:: value`, with its value as text.

    A text is one value, an empty one is none, a list is its items. A nested mapping becomes several fields with dotted
    names (`name.first`). An unquoted `[[Ada]]`, a list in a list to YAML, is the text "[[Ada]]".
    """

    name: str  # as written
    key: str  # folded by names.fold_key: lower case, without space, dash or underscore
    values: tuple[str, ...]
    is_list: bool
    line: int  # of the value; of the key where the value is empty
    column: int
    places: tuple[tuple[int, int], ...] = ()  # line and column of each item of a list, where they are known
    is_inline: bool = False  # in the text, not in the front matter

    def place_of(self, value: str) -> tuple[int, int]:
        """Line and column of one of the values; of the whole where its own are not known."""
        if self.places and value in self.values:
            return self.places[self.values.index(value)]
        return self.line, self.column


class Link(NamedTuple):
    """A link as written in a note; `target` is not resolved yet."""

    line: int
    column: int
    kind: str  # "wikilink", "embed", "inline", "reference" or "frontmatter"
    raw: str  # the whole link as it stands in the source
    target: str  # what it names, percent-decoded for Markdown links; "" is the note itself
    fragment: str  # what follows the first "#", without it
    text: str  # the shown text
    field: str = ""  # folded key, for links in front matter


class Item(NamedTuple):
    """A list item, a paragraph, a heading or a row of a table.

    Lines inside quotes, code, comments, raw HTML and our own blocks are in no item. The text of a list item is its own,
    without bullet, checkbox and the items nested in it.
    """

    kind: str  # "item", "paragraph", "heading" or "row", whose cells are parted by " | "
    line: int  # first line
    last: int  # last line; an underlined heading may be wrapped
    text: str  # Markdown source, its lines joined with a space
    task: str  # "" for no task, else "open", "dropped" or "done", as `inline.task_of` reads the box
    sections: tuple[str, ...]  # the headings above, outermost first
    level: int = 0  # of a heading; 1 for the row that names the columns
    depth: int = 0  # in how many list items it is, its own included; 0 outside of lists

    @property
    def has_happened(self) -> bool:
        """False for a task that is still open, and for one that was dropped."""
        return self.task in ("", "done")


Heading = Item  # of the kind "heading"


class Block(NamedTuple):
    """A part of a user's note between our two markers, each alone on its line."""

    kind: str  # "backlinks", "related", "next", "card"
    line: int  # of the opening marker
    last: int  # of the closing marker
    content: str  # the text between the markers' lines, with "\n" newlines


class Body(NamedTuple):
    """What a note's body holds, found in one pass over its lines."""

    headings: tuple[Heading, ...] = ()
    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()  # without "#", as first spelled, each once
    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()


class Interaction(NamedTuple):
    """One dated contact with people, as written in a note.

    In a contact's note it is with that contact, in a dated note with each contact that one of its `links` resolves to.
    """

    date: date
    channel: str  # "call", "coffee", ... as the user wrote it, lower case; "" for none
    text: str
    marks: tuple[str, ...]  # of "gave", "got", "thanked", "sent", "private", as written
    line: int
    links: tuple[int, ...] = ()  # positions in `Note.links`
    path: str = ""  # of the note
    ticked: Day | None = None  # the day of the page on which a box was ticked for it
    due: Day | None = None  # of the promise that was kept so

    @property
    def is_private(self) -> bool:
        return "private" in self.marks


class Promise(NamedTuple):
    """An open task towards a person."""

    text: str
    due: date | None
    theirs: bool  # it is theirs to keep (#waiting)
    line: int
    private: bool = False
    links: tuple[int, ...] = ()  # positions in `Note.links`
    path: str = ""


class Birthday(NamedTuple):
    month: int
    day: int
    year: int | None = None


class Contact(NamedTuple):
    """A person, as their own note describes them. Only the path and the name are required."""

    path: str
    name: str
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    linkedin: str = ""
    url: tuple[str, ...] = ()
    company: tuple[str, ...] = ()  # wikilinks without their brackets
    role: str = ""
    location: str = ""
    met: str = ""  # the words
    met_on: date | None = None
    source: tuple[str, ...] = ()  # canonical words of schema.SOURCES, else the user's
    introduced_by: str = ""  # the link's target or the words
    cadence_days: int | None = None  # None where the note names no cadence
    cadence_none: bool = False  # "none": the rhythm never counts
    tier: str = ""
    last_contact: date | None = None  # of the front matter; the log may hold a later one
    next: date | None = None
    snooze: date | None = None
    snoozed_on: date | None = None  # the day of the page on which the box for it was ticked
    paused: bool = False
    helps_with: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    mentor: str = ""  # "", "candidate", "catching-up", "asked-once", "ongoing" or "past"
    support: tuple[str, ...] = ()  # of "job", "career", "emotional"
    birthday: Birthday | None = None
    confidential: bool = False
    first_date: date | None = None  # the earliest date anywhere in the note
    uid: str = ""  # what other programs know them by


class Goal(NamedTuple):
    path: str
    title: str
    topics: tuple[str, ...] = ()
    active: bool = True
    confidential: bool = False  # only the title may be shown


class Note(NamedTuple):
    """One Markdown file, parsed: all that the index keeps of it."""

    path: str
    kind: str  # CONTACT, POST, GOAL, DATED, PAGE or NOTE
    title: str  # a contact's name, else the title field, the first heading or the file's name
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()  # of a post or goal: `topics`, else tags; of a contact: helps_with
    day: date | None = None  # of a dated note
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    headings: tuple[Heading, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    promises: tuple[Promise, ...] = ()
    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()
    contact: Contact | None = None
    goal: Goal | None = None
    why_kind: str = ""  # the rule that made it what it is, for `status`: "folder people", "tag person"
    text: str = ""  # what may be searched and quoted
    private_text: str = ""  # lines marked #private; everything of a confidential note
    confidential: bool = False  # only the title may be shown, and of a contact the name


class Person(NamedTuple):
    """A contact with everything that the vault's notes say about the tie, for ranking and pages."""

    contact: Contact
    interactions: tuple[Interaction, ...] = ()  # by date, path, line: oldest first
    promises: tuple[Promise, ...] = ()  # by due date (undated last), path, line
    planned: tuple[Promise, ...] = ()  # tasks that only say to get in touch, in the same order


class Reason(NamedTuple):
    kind: str
    text: str
    points: float


class Assessment(NamedTuple):
    """One person as the ranking sees them today, before the day's places are given away."""

    path: str
    name: str
    today: date
    score: float
    pool: str  # "active", "dormant" or "spare", where `held` is ""
    held: str  # why the person cannot be suggested today: "snoozed", "paused", "not due", ...
    due: date | None
    last_contact: date | None
    cadence_days: int | None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()  # further sentences for `why`: what was held back and until when
    snooze: date | None = None  # of the note, also when it is over
    turn: int = 0  # the place in the week's queue of dormant people, smallest first
    revived: bool = False  # a dormant tie that was taken up again this ISO week
    confidential: bool = False  # only the name may be shown: no day, no rhythm
    coming: str = ""  # what makes `due`, as a sentence; "" for somebody confidential
    morning: "Assessment | None" = None  # without what was done today; None where nothing was
    is_reached: bool = False  # there was a talk today, or a tick that waits says so
    has_place: bool = False  # one of today's places was theirs for certain: a box of today's page was ticked


class Relation(NamedTuple):
    """A note related to another, with the reasons."""

    path: str
    kind: str  # kind of the note
    title: str
    weight: float
    reasons: tuple[str, ...] = ()


class Backlink(NamedTuple):
    """A link from elsewhere to a note, with the text around it."""

    source: str
    title: str  # of the source
    line: int
    context: str


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
    pages_made: tuple[str, ...] = PAGES  # [pages] make
    openers: bool = True  # [pages] openers
    calendar_file: str = ""  # [calendar] file, from the vault's root on; "" for none
    calendar_alarm: int | None = None  # [calendar] alarms, in minutes after midnight
    calendar_weekdays: bool = False  # [calendar] weekdays
    ignore: tuple[str, ...] = ()  # gitignore patterns
    template_folders: tuple[str, ...] = ()  # set in Obsidian, besides those called so
    day_formats: tuple[tuple[str, str], ...] = ()  # folder and format of daily notes, set in other programs

    # Folder -> "day" or "month", what comes first in names as 03-04-2026: learned from the names beside, set nowhere.
    day_orders: tuple[tuple[str, str], ...] = ()

    def reading(self) -> Self:
        """The settings that decide how a note is read: when they change, every note is read again."""
        bare = self._replace(employer=(), per_day=0, ignore=(), openers=True)
        return bare._replace(calendar_file="", calendar_alarm=None, calendar_weekdays=False)
