"""The language server: the protocol on one side, `core.assist`, `queries` and the actions on the other.

Only this package imports pygls. The client makes the edits; only a command on a note that is not open writes here.
"""
