"""What we understand: ``parse(message, crm)`` reads a rep's message and returns the visits it reports."""

from parsing.parse import parse

__all__ = ["parse"]
