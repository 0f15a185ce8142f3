"""Targets, intervals and days off from a terminal, and out of CSV files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.conftest import Ended

Debrief = Callable[..., Ended]
NOOR = "noor@varenhof.example"
TARGETS = "whose,measure,period,value,currency,since,until,reason\n"
INTERVALS = "class,account_external_id,every\n"


@pytest.fixture
def filled(debrief: Debrief, folder: Path) -> Debrief:
    assert 0 == debrief("import", folder).status
    return debrief


def test_targets_are_set_listed_signed_off_and_ended(filled: Debrief) -> None:
    assert "no targets\n" == filled("targets", "list").out
    assert "target 1: 8 visits a week\n" == filled("targets", "set", "8", "--rep", NOOR).out
    assert 0 == filled("targets", "set", "9000", "--measure", "order_value", "--per", "quarter").status
    assert 0 == filled("targets", "set", "20", "--team", "Noord", "--each", "--measure", "calls").status
    listed = filled("targets", "list").out
    assert "the whole house" in listed
    assert "0 of 9000.00 EUR order_value a quarter" in listed
    assert 0 == filled("targets", "sign", "1").status
    assert "signed off" in filled("targets", "end", "1").err
    assert "needs a reason" in filled("targets", "set", "5", "--rep", NOOR).err
    assert 0 == filled("targets", "set", "5", "--rep", NOOR, "--reason", "part time").status
    assert 0 == filled("targets", "end", "2").status
    assert "x@y.example is no rep here" in filled("targets", "set", "5", "--rep", "x@y.example").err


def test_intervals_and_days_off_are_set(filled: Debrief) -> None:
    assert "class A: every 28 days\n" == filled("targets", "interval", "4 weeks", "--class", "A").out
    assert "V02: not asked for\n" == filled("targets", "interval", "never", "--account", "V02").out
    assert "no time such as" in filled("targets", "interval", "often", "--class", "A").err
    assert "is no customer" in filled("targets", "interval", "4w", "--account", "V99").err
    assert "2999-07-01 to 2999-07-14\n" == filled("targets", "off", NOOR, "2999-07-01", "2999-07-14").out
    assert "2999-07-01 to 2999-07-14\n" == filled("targets", "off", NOOR).out
    assert "" == filled("targets", "off", NOOR, "2999-07-01", "2999-07-14", "--drop").out
    assert "Zuivelhuis Terwolde" in filled("targets", "due", "--rep", NOOR, "--day", "2999-01-04").out


def test_what_is_owed_comes_with_the_other_files(debrief: Debrief, folder: Path) -> None:
    (folder / "targets.csv").write_text(
        f"{TARGETS}{NOOR},visits,week,8,,2026-01-01,,\nteam:Noord,calls,month,40,,2026-01-01,,\n"
        "house,order_value,quarter,250000,EUR,2026-01-01,,\n"
    )
    (folder / "intervals.csv").write_text(f"{INTERVALS}A,,4 weeks\n,V03,never\n")
    assert 0 == debrief("import", folder).status
    listed = debrief("targets", "list").out
    assert all(one in listed for one in ("Noor Wijngaard", "Noord", "the whole house"))
    assert 0 == debrief("targets", "sign", "1").status
    assert 0 == debrief("import", folder).status, "again is harmless, also when one was signed off"
    assert listed.count("\n") == debrief("targets", "list").out.count("\n")


def test_a_fault_in_what_is_owed_brings_in_nothing(debrief: Debrief, folder: Path) -> None:
    (folder / "targets.csv").write_text(
        f"{TARGETS}{NOOR},luck,week,8,,2026-01-01,,\nhouse,visits,week,x,,2026-01-01,,\n"
    )
    (folder / "intervals.csv").write_text(f"{INTERVALS}Z,,4 weeks\nA,,often\n,V99,4w\n")
    told = debrief("import", folder)
    assert 2 == told.status
    wrong = ("targets.csv:2", "targets.csv:3", "intervals.csv:2", "intervals.csv:3", "intervals.csv:4", "nothing was")
    assert all(one in told.err for one in wrong)
    (folder / "targets.csv").unlink()
    (folder / "intervals.csv").unlink()
    assert "of them new" in debrief("import", folder).out
