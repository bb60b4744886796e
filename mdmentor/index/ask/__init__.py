"""Questions to the index, one statement a function, rows turned into values at once.

What is private stays out unless a function's argument asks for it: links, entries and texts of private
lines and confidential notes are marked as such when they are put in.
"""

from mdmentor.index.ask.find import alias_owner, find_notes, names_that_begin, near_names
from mdmentor.index.ask.links import backlinks, evidence, links, mentions, posts_talked_of
from mdmentor.index.ask.notes import (
    attachments,
    blocks,
    count_entries,
    count_problems,
    counts,
    forget_page,
    hash_of,
    loose_links,
    meta,
    note_row,
    notes_of_kind,
    pages,
    path_of,
    paths_of,
    problems,
    put_page,
    racy_paths,
    rules,
    set_meta,
    stamps,
)
from mdmentor.index.ask.people import companies, contact, goals, introducers, live_topics, people
from mdmentor.index.ask.search import notes_with_topic, notes_with_topics, search, topics, topics_of

__all__ = [
    "alias_owner",
    "attachments",
    "backlinks",
    "blocks",
    "companies",
    "contact",
    "count_entries",
    "count_problems",
    "counts",
    "evidence",
    "find_notes",
    "forget_page",
    "goals",
    "hash_of",
    "introducers",
    "links",
    "live_topics",
    "loose_links",
    "mentions",
    "meta",
    "names_that_begin",
    "near_names",
    "note_row",
    "notes_of_kind",
    "notes_with_topic",
    "notes_with_topics",
    "pages",
    "path_of",
    "paths_of",
    "people",
    "posts_talked_of",
    "problems",
    "put_page",
    "racy_paths",
    "rules",
    "search",
    "set_meta",
    "stamps",
    "topics",
    "topics_of",
]
