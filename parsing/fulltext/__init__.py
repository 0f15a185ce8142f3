"""Words that are looked for and words that are found: what a search over reports compares, on any database."""

from parsing.fulltext.query import Piece, Query, read_query
from parsing.fulltext.showing import Shown, fits, shown
from parsing.fulltext.words import Document, document, read_text

__all__ = ["Document", "Piece", "Query", "Shown", "document", "fits", "read_query", "read_text", "shown"]
