"""Finnish as it is spoken in the east, and German in the south, is read as the language of the word tables."""

import pytest

from parsing.dialect import standard
from parsing.kinds import find_medium, find_outcome, find_type


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("jalakeen", "jalkeen"),
        ("kahavit", "kahvit"),
        ("tehhaan", "tehdaan"),
        ("uuvet", "uudet"),
        ("tilloukseen", "tilaukseen"),
        ("seittemasta", "seitsemasta"),
        ("tullunna", "tullut"),
        ("mannynna", "mennyt"),
    ],
)
def test_a_word_of_the_dialect_is_brought_to_the_standard_spelling(spoken: str, written: str) -> None:
    assert standard(spoken) == written


@pytest.mark.parametrize("word", ["valittivat", "tarjous", "palattiin", "sohvia", "virtanen", "led"])
def test_a_word_that_the_language_knows_stays_as_it_is(word: str) -> None:
    assert standard(word) == word


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("angruafn", "angerufen"),
        ("zruckgrufn", "zuruckgerufen"),
        ("gschickt", "geschickt"),
        ("bstellt", "bestellt"),
        ("kriagt", "kriegt"),
        ("vorbeigschaud", "vorbeigeschaut"),
        ("verchauft", "verkauft"),
        ("hod", "hat"),
        ("dachfenster", "dachfenster"),
        ("krones", "krones"),
    ],
)
def test_german_of_the_south_is_brought_to_the_standard_spelling(spoken: str, written: str) -> None:
    assert standard(spoken, "de") == written


def test_an_outcome_in_dialect_is_found() -> None:
    found = find_outcome("Pyöräpaja Kuusela: laskivat että kone maksas liikoo, valihtivat toisen.", "fi")
    assert found is not None
    assert found.value == "lost"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Beim Wirt in Zell: ihm schwebt eine neue Schank vor.", "interested"),
        ("Er bleibt bei seinem jetzigen Lieferanten.", "lost"),
        ("Sie kauft die Körbe beim Mitbewerb, da komm ich net mit.", "lost"),
        ("Die Rechnung ist doppelt gebucht, er ist verärgert.", "complaint"),
    ],
)
def test_how_a_german_visit_came_out(text: str, outcome: str) -> None:
    found = find_outcome(text, "de")
    assert found is not None
    assert found.value == outcome


@pytest.mark.parametrize(
    "text", ["War im Kongresshaus beim Haustechniker.", "Gestern im Seminarraum die Lampen angeschaut."]
)
def test_a_house_for_events_is_no_event(text: str) -> None:
    found = find_medium(text, "de")
    assert found is not None
    assert found.value == "in_person"


def test_what_the_rep_mended_is_service() -> None:
    found = find_type("Teatterin kaide oli löysällä, kiristin.", "fi")
    assert found is not None
    assert found.value == "service"
