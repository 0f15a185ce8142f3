"""Somebody's name, addresses and numbers are covered wherever and however they are written, and nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.masking import COVER, Traits, cover, cover_all

WIDMER = Traits(("Jürgen van Widmer",), ("j.widmer@seefeld.example",), ("+41 44 123 45 67",), ("C-0817",))
SURE = (
    "Jürgen van Widmer", "JÜRGEN VAN WIDMER", "jürgen  van widmer", "Widmer, Jürgen van", "j.widmer@seefeld.example",
    "J.Widmer@Seefeld.Example", "+41 44 123 45 67", "044/1234567", "(0041) 44-123.45.67", "C-0817",
)  # fmt: skip
NEAR = ("Widmer", "widmers", "Widmer's", "Jürgen", "jürgens", "Herr Widmer")
OTHERS = ("Seefeld", "van", "Widmann", "044 123 99 99", "Jutta")


@pytest.mark.parametrize("said", SURE)
def test_what_is_surely_theirs_is_covered(said: str) -> None:
    text = f"sprach mit {said} ueber den Preis"
    covered = cover(text, WIDMER.sure())
    assert said.strip() not in covered
    assert len(text) == len(covered)
    assert "Preis" in covered
    digits = "".join(letter for letter in text if letter.isdigit())
    named = any(all(chunk in text.lower() for chunk in some) for some in WIDMER.chunks())
    assert named or any(number in digits for number in WIDMER.numbers()), "a database would find it"


@pytest.mark.parametrize("said", NEAR)
def test_parts_of_the_name_are_covered_where_it_is_about_them(said: str) -> None:
    text = f"{said} ruft zurück"
    assert COVER in cover(text, WIDMER.near())
    assert "widmer" not in cover(text, WIDMER.near()).lower()
    assert cover(text, WIDMER.sure()) == text, "elsewhere it may be somebody else"


@pytest.mark.parametrize("said", OTHERS)
def test_what_is_everybodys_stays(said: str) -> None:
    assert cover(said, WIDMER.near()) == said


def test_a_part_that_somebody_else_bears_stays() -> None:
    near = WIDMER.near(["Petra Widmer"])
    assert cover("Widmer und Jürgen", near) == f"Widmer und {COVER * 6}"


def test_finnish_names_are_covered_in_their_cases() -> None:
    near = Traits(("Aino Virtanen",)).near()
    for said in ("Virtasen", "Virtaselle", "Ainon", "Virtanen"):
        assert said not in cover(f"puhuin {said} kanssa", near)


def test_any_value_is_covered_keys_too() -> None:
    sure = WIDMER.sure()
    assert cover_all({"C-0817": ["C-0817", 7, None, {"x": "kein"}]}, sure) == {
        COVER * 6: [COVER * 6, 7, None, {"x": "kein"}]
    }


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_name_breaks_it(said: str, name: str) -> None:
    traits = Traits((name,), (), (name,))
    assert len(cover(said, traits.near())) == len(said)


def test_nobody_is_found_without_a_name() -> None:
    assert cover("anything at all", Traits(("",)).near()) == "anything at all"
