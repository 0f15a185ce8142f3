"""Which words a correction is about where nothing was read from them."""

import pytest

from parsing.unread import tells_apart, without_titles, word_for_account, words_for_person


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("gisteren bij tureluurtje geweest, offerte besproken", "nl", "tureluurtje"),
        ("heute beim Hirschwirtl gewesen, Angebot folgt", "de", "Hirschwirtl"),
        ("popped in at the Frobishers today", "en", "Frobishers"),
        ("gisteren bij de klant geweest", "nl", ""),
        ("gisteren bij Kees geweest", "nl", ""),
        ("bij tureluurtje en daarna bij steltlopertje", "nl", ""),
        ("", "en", ""),
    ],
)
def test_a_rare_word_after_at_may_be_a_customers_nickname(text: str, language: str, wanted: str) -> None:
    assert wanted == word_for_account(text, language, ())


def test_a_word_that_names_somebody_else_is_no_nickname() -> None:
    assert "" == word_for_account("gisteren bij tureluurtje geweest", "nl", {"tureluurtje"})


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("Ruben Tolsma", "met Ruben gesproken", "Ruben"),
        ("Ruben Tolsma", "met meneer Tolsma gesproken", "Tolsma"),
        ("Ruben Tolsma", "met Ruben Tolsma gesproken", ""),
        ("Gerlof Stavenga", "met Henk gesproken", "Henk"),
        ("Gerlof Stavenga", "met Henk en Ruben gesproken", ""),
        ("Gerlof Stavenga", "met de directeur gesproken", ""),
    ],
)
def test_part_of_the_name_or_the_one_first_name_left_over_means_the_person(name: str, text: str, wanted: str) -> None:
    assert wanted == words_for_person(name, text, "nl", ())


def test_titles_are_no_part_of_a_short_name() -> None:
    assert "Kirchhoff" == without_titles("Frau Dr. Kirchhoff")


@pytest.mark.parametrize(
    ("said", "language", "wanted"),
    [
        ("hofstra", "nl", True), ("Jansen", "nl", True), ("de tureluur", "nl", True), ("müller", "de", True),
        ("de klant", "nl", False), ("the customer", "en", False), ("der Kunde", "de", False), ("", "en", False),
        ("asiakas", "fi", False),
    ],
)  # fmt: skip
def test_what_is_said_of_everybody_tells_nobody_apart(said: str, language: str, wanted: bool) -> None:
    assert wanted == tells_apart(said, language)
