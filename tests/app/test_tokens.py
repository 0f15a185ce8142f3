"""Tokens of other programs, made and ended by hand."""

from collections.abc import Callable

import pytest

from app.sample import HERE
from tests.app.conftest import Ended

Debrief = Callable[..., Ended]
MARIT = "marit.dekkers@kornhaven.example"


@pytest.fixture
def filled(debrief: Debrief) -> Debrief:
    """The command line over a house with the sample company."""
    assert 0 == debrief("import", str(HERE)).status
    return debrief


def test_a_token_is_made_listed_and_revoked(filled: Debrief) -> None:
    made = filled("token", "create", "--for", MARIT, "--scope", "read:visits", "--scope", "read:reps", "--name", "x")
    assert (0, True) == (made.status, made.out.startswith("dbf_"))
    listed = filled("token", "list").out
    assert f"{MARIT}  x  …{made.out.strip()[-4:]}  read:visits read:reps  never used" in listed
    assert made.out.strip() not in listed
    assert 0 == filled("token", "revoke", "1").status
    assert "" == filled("token", "list").out
    assert "no token that holds: 1" in filled("token", "revoke", "1").err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--for", "nobody@kornhaven.example", "--scope", "read:visits"], "is nobody here"),
        (["--for", MARIT, "--scope", "read:everything"], "of these: read:visits"),
        (["--for", MARIT, "--scope", "read:visits", "--days", "0"], "from 1 to 3650 days"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused_in_a_line(filled: Debrief, options: list[str], told: str) -> None:
    refused = filled("token", "create", *options)
    assert 2 == refused.status
    assert told in refused.err
    assert "" == refused.out
