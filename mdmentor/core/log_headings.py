"""The headings below which a contact's log stands; apart from other words, as a merge asks for them alone."""

from functools import lru_cache

LOG_HEADINGS = frozenset({"log", "interactions", "interactionlog", "contactlog", "history", "timeline"})


@lru_cache(maxsize=256)  # a vault has many notes and few headings
def log_key(heading: str) -> str:
    """A heading to compare with LOG_HEADINGS, without case, gaps and adornment: `**Log**`, `📞 Log:`."""
    start, end = 0, len(heading)
    while start < end and not heading[start].isalnum():
        start += 1
    while start < end and not heading[end - 1].isalnum():
        end -= 1
    return "".join(heading[start:end].replace("_", " ").replace("-", " ").lower().split())
