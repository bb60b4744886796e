"""Hands in notes: what the user asked to have written, one file a use case.

Every use case reads bytes, makes a verified edit (`core.edit*`), and writes through `write.Hands`, which
keeps what was there before (`store`) so that it can be taken back. None of them prints.
"""
