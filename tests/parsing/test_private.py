"""What a rep keeps to themselves is told from what is reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.private import told_apart

APART = {
    "Bij Terwolde geweest.\nPrivé: hij gaat scheiden\nOfferte vrijdag": (
        "Bij Terwolde geweest.\nOfferte vrijdag", "hij gaat scheiden",
    ),
    "Geweest bij Hofstra, order binnen. Alleen voor mij: neef van de burgemeester": (
        "Geweest bij Hofstra, order binnen.", "neef van de burgemeester",
    ),
    "- *Niet in het verslag*: drinkt te veel": ("", "drinkt te veel"),
    "Beim Brauhaus gewesen; nur für mich: baut gerade ein Haus": ("Beim Brauhaus gewesen;", "baut gerade ein Haus"),
    "(privat) Tochter hat Abitur\nAngebot bis Freitag": ("Angebot bis Freitag", "Tochter hat Abitur"),
    "Bleibt unter uns - er sucht etwas Neues": ("", "er sucht etwas Neues"),
    "Kävin siellä\nVain mulle: eroaa, älä kysy\nTarjous ma": ("Kävin siellä\nTarjous ma", "eroaa, älä kysy"),
    "Ei CRM:ään: kova neuvottelija": ("", "kova neuvottelija"),
    "Saw Dana. Off the record: she is leaving in May": ("Saw Dana.", "she is leaving in May"),
    "[private] plays golf badly": ("", "plays golf badly"),
    "#private plays golf badly": ("", "plays golf badly"),
    "Private:\n- son is ill\n- off until May\n\nQuote": ("Quote", "- son is ill\n- off until May"),
}  # fmt: skip
WHOLE = (
    "Privé: 06-12345678", "Privat: +49 89 1234-56 oder dana@example.org", "Private label: 500 pieces",
    "Bezocht bij privékliniek: goed gesprek", "Note to self: call Dana on Friday", "Privé", "Private:",
    "Für mich: der beste Kunde", "They went private - no budget until the listing", "privat versichert: nein",
)  # fmt: skip


@pytest.mark.parametrize("said", APART)
def test_a_private_note_is_told_from_the_report(said: str) -> None:
    found = told_apart(said)
    assert APART[said] == (found.text, found.note)


@pytest.mark.parametrize("said", WHOLE)
def test_what_is_not_meant_for_oneself_stays(said: str) -> None:
    assert (said, None) == (told_apart(said).text, told_apart(said).note)


def test_a_line_that_a_mail_program_broke_is_one_note() -> None:
    said = "Privat: er hat mir erzählt, dass die Firma im Herbst verkauft wird und\ner dann geht.\n\nAngebot folgt."
    assert "er dann geht" in told_apart(said).text, "in a chat every line is typed"
    mail = told_apart(said, wrapped=True)
    assert mail.text == "Angebot folgt."
    assert mail.note is not None
    assert mail.note.endswith("er dann geht.")


@given(st.text(max_size=300))
def test_a_text_without_a_note_is_left_as_it_is(said: str) -> None:
    found = told_apart(said)
    assert found.note is not None or found.text == said


@given(st.sampled_from(["Privé: ", "nur für mich: ", "vain minulle: ", "private: "]), st.integers(0, 3))
def test_the_words_of_a_note_are_in_no_report(lead: str, lines: int) -> None:
    said = "\n".join(["Visited Acme, order came."] * lines + [lead + "zwijgplicht"])
    found = told_apart(said)
    assert "zwijgplicht" not in found.text
    assert found.note == "zwijgplicht"
