"""What an editor may know about the place of its cursor: completions, cards, hints, symbols, fixes, as plain values.

Pure: a note's text and what the vault knows in, values with offsets out. `buffer` has the note and the questions that
are asked of the vault.
"""
