"""The words that a value was read from, marked in the message."""

from hypothesis import given
from hypothesis import strategies as st

from web.marks import marked_message, pieces, words


def span(start: int, end: int, part: str = "text") -> dict[str, object]:
    return {"start": start, "end": end, "part": part, "confidence": 1.0, "why": ""}


MESSAGE = {"text": "Met Dana at Acme yesterday", "subject": "Acme", "forwarded": {"body": "See you, Dana"}}


def test_pieces_carry_the_field_and_end_with_its_name() -> None:
    cut = pieces("Met Dana at Acme", {"contacts": [span(4, 8)], "account": [span(12, 16)]}, "text")
    assert [("Met ", None), ("Dana", "contacts"), (" at ", None), ("Acme", "account")] == [
        (one.text, one.field) for one in cut
    ]
    assert [(), ("Person",), (), ("Account",)] == [one.labels for one in cut]


def test_where_words_overlap_the_shorter_win_and_both_are_named() -> None:
    cut = pieces("call Dana by Friday", {"actions": [span(0, 19)], "contacts": [span(5, 9)]}, "text")
    assert ["actions", "contacts", "actions"] == [one.field for one in cut]
    assert ("To do",) == cut[-1].labels


def test_each_part_of_a_message_has_its_own_marks() -> None:
    evidence = {
        "account": [span(0, 4, "subject")],
        "contacts": [span(9, 13, "forwarded")],
        "on": [span(0, 0, "sent_at")],
    }
    marked = {one.title: [piece.field for piece in one.pieces] for one in marked_message(MESSAGE, evidence)}
    assert {"Subject": ["account"], "What the rep wrote": [None], "Forwarded mail": [None, "contacts"]} == marked


def test_words_are_told_once_in_their_order() -> None:
    evidence = {"contacts": [span(4, 8), span(4, 8)], "account": [span(12, 16)], "on": [span(0, 0, "header")]}
    assert ["Dana", "Acme"] == words(MESSAGE, evidence, "account", "contacts")
    assert [] == words(MESSAGE, evidence, "on", "amounts")


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=6))
def test_no_letter_is_lost_or_doubled_whatever_is_marked(text: str, spans: list[tuple[int, int]]) -> None:
    evidence = {"actions": [span(*one) for one in spans]}
    assert text == "".join(piece.text for piece in pieces(text, evidence, "text"))
