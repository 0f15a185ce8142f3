"""What owners say of somebody who seemed gone: by forms and in words, taken back whole, and evidence by employment."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from capture import CorrectionError
from store import signs
from store.mailing import Segment, addressees
from store.tables import Account, Action, Change, Contact, Employment, Visit
from tests.vitality.conftest import JONAS, NOOR, Story
from tests.vitality.mails import KARIN, answer, bounce

GONE = "Ik werk niet meer bij Smederij Kolk."


def jobs(story: Story) -> dict[str, Employment]:
    """Karin's employments by account."""
    with story.house.house.db.read() as tx:
        theirs = select(Account.name, Employment).join(Employment, Employment.account_id == Account.id)
        return dict(tx.execute(theirs.where(Employment.contact_id == story.job().contact_id)).all())


def emails(story: Story) -> list[str]:
    with story.house.house.db.read() as tx:
        return [one.email for one in tx.get_one(Contact, story.job().contact_id).emails]


def planned(story: Story) -> list[tuple[str, date, str]]:
    """Each planned visit that stands: where, by when, and what is to be done."""
    with story.house.house.db.read() as tx:
        rows = select(Account.name, Visit.on, Action.text).join(Visit, Visit.account_id == Account.id)
        rows = rows.join(Action, Action.visit_id == Visit.id)
        return [tuple(row) for row in tx.execute(rows.where(Visit.status == "planned", Visit.withdrawn_at.is_(None)))]


def test_where_to_is_a_new_employment_and_a_call_to_make(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.leavers.move(story.employment_id, NOOR, "+Gieterij Hamel")
    story.tell()
    told = jobs(story)
    assert told["Smederij Kolk"].until == date(2026, 3, 2)
    assert (told["Gieterij Hamel"].since, told["Gieterij Hamel"].until) == (date(2026, 3, 2), None)
    [(where, due, text)] = planned(story)
    assert (where, due) == ("Gieterij Hamel", date(2026, 3, 9))
    assert "Karin Bos" in text
    assert emails(story) == []
    with story.house.house.db.read() as tx:
        hamel = tx.scalars(select(Account).where(Account.name == "Gieterij Hamel")).one()
        assert hamel.status == "prospect"
        left_out = {one.account: one.left_out for one in addressees(tx, Segment()) if one.name == "Karin Bos"}
    assert left_out == {"Smederij Kolk": "left on 2026-03-02", "Gieterij Hamel": "no address"}
    assert "Karin Bos werkt nu bij Gieterij Hamel." in story.post.updated[-1][1].text


def test_a_known_customer_is_where_to_by_its_number(story: Story) -> None:
    with story.house.house.db.write() as tx:
        known = Account(name="Draaierij Zuid", created_at=story.house.clock())
        tx.add(known)
        tx.flush()
        known_id = known.id
    story.leavers.move(story.employment_id, NOOR, str(known_id))
    assert jobs(story)["Draaierij Zuid"].account_id == known_id


def test_undo_takes_back_where_to_with_everything_that_it_brought(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.leavers.move(story.employment_id, NOOR, "+Gieterij Hamel")
    story.house.clock.passes(minutes=1)
    story.leavers.answer(story.employment_id, NOOR, "undo")
    assert list(jobs(story)) == ["Smederij Kolk"]
    assert story.job().until is None
    assert emails(story) == [KARIN]
    assert planned(story) == []
    with story.house.house.db.read() as tx:
        assert tx.scalars(select(Account.retired_at).where(Account.name == "Gieterij Hamel")).one() is not None
    assert story.job().stale_since == date(2026, 3, 2)


def test_left_and_then_where_to_are_undone_one_after_the_other(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.leavers.answer(story.employment_id, NOOR, "left")
    story.house.clock.passes(minutes=1)
    story.leavers.move(story.employment_id, NOOR, "+Gieterij Hamel")
    story.house.clock.passes(minutes=1)
    story.leavers.answer(story.employment_id, NOOR, "undo")
    assert (list(jobs(story)), story.job().until) == (["Smederij Kolk"], date(2026, 3, 2))


def test_an_old_bounce_says_nothing_of_the_new_employment(story: Story) -> None:
    for _ in range(2):
        story.comes(bounce(story.house.clock()))
        story.house.clock.passes(days=3)
    story.leavers.move(story.employment_id, NOOR, "+Gieterij Hamel")
    story.leavers.readdress(jobs(story)["Gieterij Hamel"].id, NOOR, KARIN)  # as if the address went with her
    story.vitality.tick()
    assert jobs(story)["Gieterij Hamel"].stale_since is None
    for _ in range(2):
        story.house.clock.passes(days=3)
        story.comes(bounce(story.house.clock()))
    assert jobs(story)["Gieterij Hamel"].stale_since is not None


def test_a_new_address_starts_clean_and_the_old_one_stays_in_the_history(story: Story) -> None:
    for _ in range(2):
        story.comes(bounce(story.house.clock()))
        story.house.clock.passes(days=3)
    story.leavers.readdress(story.employment_id, NOOR, "K.Vos@Kolk.example")
    story.tell()
    assert emails(story) == ["k.vos@kolk.example"]
    assert story.job().stale_since is None
    assert "k.vos@kolk.example" in story.post.updated[-1][1].text
    with story.house.house.db.read() as tx:
        changed = tx.scalars(select(Change).where(Change.field == "emails")).one()
    assert (changed.old, changed.new) == ([KARIN], ["k.vos@kolk.example"])
    story.house.clock.passes(minutes=1)
    story.leavers.answer(story.employment_id, NOOR, "undo")
    assert emails(story) == [KARIN]
    assert story.job().stale_since is not None


def test_a_successor_may_be_named_after_the_leaving(story: Story) -> None:
    story.leavers.answer(story.employment_id, NOOR, "left")
    story.leavers.succeed(story.employment_id, NOOR, "Mark Bos", "Mark.Bos@kolk.example", "06 12345678")
    with story.house.house.db.read() as tx:
        mark = tx.get_one(Contact, story.job().successor_id)
        assert [one.email for one in mark.emails] == ["mark.bos@kolk.example"]
        assert [one.phone for one in mark.phones] == ["06 12345678"]


SAYING: list[tuple[str, Callable[[Story], None]]] = [
    ("email", lambda story: story.leavers.readdress(story.employment_id, NOOR, "nobody")),
    ("empty", lambda story: story.leavers.succeed(story.employment_id, NOOR, " ")),
    ("empty", lambda story: story.leavers.move(story.employment_id, NOOR, "+")),
    ("as_is", lambda story: story.leavers.move(story.employment_id, NOOR, "+Smederij Kolk")),
    ("as_is", lambda story: story.leavers.readdress(story.employment_id, NOOR, KARIN)),
    ("no_account", lambda story: story.leavers.move(story.employment_id, NOOR, "99999")),
    ("not_owner", lambda story: story.leavers.move(story.employment_id, JONAS, "+Gieterij Hamel")),
    ("unknown", lambda story: story.leavers.answer(99999, NOOR, "left")),
    ("unknown", lambda story: story.leavers.answer(story.employment_id, NOOR, "undo")),
]


@pytest.mark.parametrize(("key", "say"), SAYING)
def test_what_makes_no_sense_changes_nothing(story: Story, key: str, say: Callable[[Story], None]) -> None:
    with pytest.raises(CorrectionError) as raised:
        say(story)
    assert raised.value.key == key
    assert (list(jobs(story)), story.job().until, emails(story)) == (["Smederij Kolk"], None, [KARIN])


# ----------------------------------------------------------------------------------------------------- in words


def test_words_under_the_letter_do_what_buttons_do(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.replies("weg, opvolger is Mark Bos, 06 12345678. Ze werkt nu bij Gieterij Hamel")
    told = jobs(story)
    assert (told["Smederij Kolk"].until, told["Gieterij Hamel"].until) == (date(2026, 3, 2), None)
    with story.house.house.db.read() as tx:
        mark = tx.get_one(Contact, told["Smederij Kolk"].successor_id)
        assert (mark.name, [one.phone for one in mark.phones]) == ("Mark Bos", ["06 12345678"])
    assert [where for where, _, _ in planned(story)] == ["Gieterij Hamel"]
    assert "Mark Bos volgt op. Karin Bos werkt nu bij Gieterij Hamel." in story.post.updated[-1][1].text
    story.replies("ongedaan maken")
    assert (list(jobs(story)), story.job().until, story.job().successor_id) == (["Smederij Kolk"], None, None)
    assert planned(story) == []


def test_words_of_who_is_still_there_clear_the_doubt(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.replies("werkt er nog gewoon")
    assert story.job().stale_since is None


def test_words_of_a_new_address_are_understood(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.replies("nieuw adres k.vos@kolk.example")
    assert emails(story) == ["k.vos@kolk.example"]


def test_words_that_nobody_understands_change_nothing_and_are_said_so(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    capture = story.replies("geen idee hoor")
    assert (capture.state, capture.not_a_report) == ("nothing", "unclear")
    assert story.job().until is None


def test_words_of_somebody_else_settle_nothing(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.replies("weg", by=JONAS)
    assert story.job().until is None


def test_a_report_may_tell_where_somebody_works_now(story: Story) -> None:
    said = "vandaag bij Smederij Kolk geweest. Karin Bos werkt nu bij Gieterij Hamel, opvolger is Mark Bos"
    capture_id = story.house.says(said)
    story.house.house.assistant.file(capture_id)
    told = jobs(story)
    assert told["Smederij Kolk"].until is not None
    assert told["Gieterij Hamel"].until is None
    assert [where for where, _, _ in planned(story)] == ["Gieterij Hamel"]
    [visit] = [one for one in story.house.visits() if one.status == "held"]
    story.house.house.assistant.correct(visit.id, NOOR, "undo")
    assert (list(jobs(story)), story.job().until, planned(story)) == (["Smederij Kolk"], None, [])


# --------------------------------------------------------------------------------------------------- what is proved


def forged(raw: bytes) -> bytes:
    """The same without anything of ours in it."""
    return raw.replace(b"varenhof.example", b"forger.example")


def test_bounces_of_mails_that_we_never_sent_make_nobody_seem_gone(story: Story) -> None:
    for _ in range(4):
        story.comes(forged(bounce(story.house.clock())))
        story.house.clock.passes(days=2)
    assert story.job().stale_since is None
    assert story.post.sent == []


def test_a_forged_answer_and_a_true_bounce_are_told_apart_in_the_letter(story: Story) -> None:
    story.comes(forged(bounce(story.house.clock())))
    story.house.clock.passes(days=2)
    story.comes(bounce(story.house.clock()))
    [(_, letter)] = story.post.sent
    assert letter.text.count("(niet bewezen)") == 1


# ------------------------------------------------------------------------------------------------------ the worker


def test_a_mail_whose_number_is_older_than_one_that_was_read_is_read_too(story: Story, monkeypatch: Any) -> None:
    """Two workers take mails in at once: the one that began first may be the last to end."""
    first = story.takes(bounce(story.house.clock()))
    hidden, unread = {first}, signs.unread
    monkeypatch.setattr(signs, "unread", lambda tx, most: [one for one in unread(tx, most) if one.id not in hidden])
    story.takes(bounce(story.house.clock() - timedelta(days=2)))
    story.vitality.tick()
    assert story.job().stale_since is None
    hidden.clear()
    story.vitality.tick()
    assert story.job().stale_since == date(2026, 3, 2)


def test_what_was_looked_into_is_kept_by_one_number_after_a_while(story: Story) -> None:
    story.comes(bounce(story.house.clock()))
    story.house.clock.passes(hours=2)
    story.vitality.tick()
    assert story.looked_into() == 0
    story.comes(bounce(story.house.clock(), address="other@kolk.example"))
    assert story.looked_into() == 1


def test_a_letter_goes_another_way_where_its_medium_is_gone(story: Story) -> None:
    story.comes(answer(story.house.clock(), GONE))
    story.vitality._couriers = {"slack": story.post}
    story.knows_slack("U0NOOR")
    story.leavers.answer(story.employment_id, NOOR, "left")
    story.tell()
    assert story.post.sent[-1][0] == "U0NOOR"


def test_all_contacts_are_looked_at_by_one_worker_and_only_after_something_changed(story: Story) -> None:
    db, now = story.house.house.db, story.house.clock()
    with db.read() as tx:
        number = signs.stir(tx, now)
    assert number is not None
    with db.write() as tx:
        assert signs.claim_look(tx, number)
    with db.write() as tx:
        assert not signs.claim_look(tx, number)  # the other worker, which saw the same
    with db.read() as tx:
        assert signs.stir(tx, now) is None
        assert signs.stir(tx, now + timedelta(minutes=10)) is not None
    story.takes(bounce(now))
    story.vitality.tick()
    with db.write() as tx:
        assert signs.claim_look(tx, number)  # it was claimed for what the bounce says since
