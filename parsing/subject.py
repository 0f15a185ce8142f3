"""A short line that says what a visit was about."""

from collections.abc import Sequence

from parsing.model import Found

LONGEST = 80


def find_subject(text: str, heading: str | None, keywords: Sequence[Found[str]]) -> Found[str] | None:
    """The mail's own subject where it has one, else the first terms of the visit joined; None where there are none."""
    if heading and heading.strip():
        shown = " ".join(heading.split())[:LONGEST]
        return Found(shown, 0, len(heading), "subject", 0.9, "the mail's subject")
    terms = [one for one in keywords if one.part == "text"][:3]
    if not terms:
        return None
    first = min(terms, key=lambda one: one.start)
    joined = ", ".join(dict.fromkeys(one.value for one in terms))[:LONGEST]
    end = min(max(first.end, first.start + 1), len(text))
    return Found(joined, first.start, end, "text", 0.6, "what is talked about")
