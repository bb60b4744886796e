"""The language server: the protocol on one side, `core.assist`, `queries` and the actions on the other.

Only this package imports pygls. It writes no note by itself, but for a command that the user gave about a note that is
not open.
"""
