"""What an editor shows at its cursor: completions, cards, hints, symbols and fixes, as plain values.

Pure functions from a note's text and a read model of the vault to values with offsets; `buffer` holds both.
"""
