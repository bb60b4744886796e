"""Actions on notes: what the user asked to have written.

Every action reads bytes, makes a verified edit (`core.edit*`), and writes through `edit.NoteEditor`, which records in
the journal (`history`) what was there before, so that `undo` can take it back. None of them prints.
"""
