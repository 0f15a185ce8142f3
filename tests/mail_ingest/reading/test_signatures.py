import tomllib
from pathlib import Path

import pytest

from mail_ingest.lines import joined, split_lines
from mail_ingest.signatures import split_signature
from parsing.model import Address

CASES = tomllib.loads(Path(__file__).with_name("signatures.toml").read_text(encoding="utf-8"))
NOOR = Address(email="noor.vermeulen@tegelhof.example", name="Noor Vermeulen")


def own_words(text: str, *, conversation: bool = False) -> str:
    return joined(split_signature(split_lines(text), NOOR, conversation=conversation)[0])


@pytest.mark.parametrize(
    "signature",
    CASES["below"],
)
def test_what_stands_below_is_no_word_of_the_note(signature: str) -> None:
    assert "Goed gesprek bij Ilse." == own_words(f"Goed gesprek bij Ilse.\n\n{signature}\n")


@pytest.mark.parametrize(
    "text",
    CASES["stays"],
)
def test_words_that_look_like_a_sign_off_stay(text: str) -> None:
    assert text == own_words(text)


def test_an_answer_keeps_its_thanks_but_not_the_senders_name() -> None:
    assert "Ja hoor.\n\nBedankt,\nPiet" == own_words("Ja hoor.\n\nBedankt,\nPiet", conversation=True)
    assert "Ja hoor." == own_words("Ja hoor.\n\nBedankt,\nNoor", conversation=True)


def test_a_gateways_warning_is_not_the_senders() -> None:
    assert "Goed gesprek." == own_words(
        "CAUTION: This email originated from outside of the organisation.\n\nGoed gesprek."
    )
