"""mdmentor keeps the ties that carry a career alive, from plain Markdown notes."""

__version__ = "0.1.0"
