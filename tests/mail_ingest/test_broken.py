"""Mails broken in every way that we could think of: none raises, none takes long (``mutate.py`` makes 10,000)."""

from tests.mail_ingest.mutate import MUTATIONS, broken, mails_of, troubles

SEED = 20260312
MANY = 80


def test_no_broken_mail_raises_or_takes_long() -> None:
    assert [] == list(troubles(mails_of(None), SEED, range(MANY)))


def test_a_number_always_makes_the_same_mail() -> None:
    mails = mails_of(None)
    made = {broken(mails, SEED, number) for number in range(50)}
    assert made == {broken(mails, SEED, number) for number in range(50)}
    assert len(made - set(mails)) > 40
    assert len(set(MUTATIONS)) == 10
