"""Keeping index and pages true while any editor, git or sync tool works on the vault.

Events are hints, a scan is the truth: `events` only notes paths in `notices`, and `watcher` waits for a quiet
moment and calls `reindex`. What cannot be watched is polled.
"""
