"""A reading as a spaCy `Doc`: the message's words, with every value found as a labelled span over them.

For whoever works with spaCy's own tools: its displays, its matchers, its training formats. The finders themselves do
not need it (docs/decisions/0006-spacy-carries-dateparser-helps-out.md), so it is imported only here and at first use.
"""

from functools import cache
from typing import Any

from parsing.model import LANGUAGES, Extraction, Message

SPANS = "debrief"
"""The name of the span group."""


@cache
def pipeline(language: str) -> Any:
    """SpaCy's blank pipeline of a language: its tokenizer alone, no weights; English where it is none of ours."""
    import spacy  # noqa: PLC0415  # about a second

    return spacy.blank(language if language in LANGUAGES else "en")


def to_doc(message: Message, extraction: Extraction) -> Any:
    """The message's text as a `spacy.tokens.Doc`.

    ``doc.spans["debrief"]`` holds a span for each value that was read from the text, labelled with its field; its
    ``id_`` is the number of the visit, from 1. A value whose words begin inside a token takes the whole token.
    """
    doc = pipeline(extraction.language)(message.text)
    spans = []
    for number, visit in enumerate(extraction.visits, start=1):
        for field, found in visit.found():
            if found.part == "text" and found.start < found.end:
                span = doc.char_span(found.start, found.end, label=field, span_id=str(number), alignment_mode="expand")
                if span is not None:
                    spans.append(span)
    doc.spans[SPANS] = spans
    doc.user_data["not_a_report"] = extraction.not_a_report
    return doc
