"""A newsletter bounces, an answer tells of a successor, the owner says so: the whole story."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from app.doctor import bounces
from capture import CorrectionError
from capture.retention import Periods, Retention
from store.tables import Change, Contact, ContactEmail, ContactSign, Delivery, Employment
from tests.vitality.conftest import BAS, JONAS, NOOR, Story
from tests.vitality.mails import answer, bounce


def test_two_bounces_ask_the_owner_and_one_does_not(story: Story) -> None:
    first = story.house.clock()
    story.comes(bounce(first))
    assert story.job().stale_since is None
    assert story.post.sent == []
    story.house.clock.passes(days=7)
    story.comes(bounce(story.house.clock()))
    assert story.job().stale_since == date(2026, 3, 9)
    [(to, letter)] = story.post.sent
    assert to == NOOR
    assert "Karin Bos" in letter.subject
    assert "ma 2 mrt 2026" in letter.text
    assert "User unknown" in letter.text
    story.comes(bounce(story.house.clock()))  # the same mail again
    assert len(story.post.sent) == 1


def test_an_answer_that_names_a_successor_is_settled_by_one_press(story: Story) -> None:
    text = "Ik werk niet meer bij Smederij Kolk. Mijn opvolger is Mark Bos, mark.bos@kolk.example, 06 12345678."
    story.comes(answer(story.house.clock(), text))
    [(_, letter)] = story.post.sent
    presses = {one["action_id"]: one["text"]["text"] for one in letter.blocks[1]["elements"]}
    assert presses["alive:followed"] == "Weg, Mark Bos volgt op"
    story.vitality.leavers.answer(story.employment_id, NOOR, "followed")
    story.tell()
    job = story.job()
    assert job.until == date(2026, 3, 2)
    with story.house.house.db.read() as tx:
        mark = tx.get_one(Contact, job.successor_id)
        assert (mark.name, [one.email for one in mark.emails]) == ("Mark Bos", ["mark.bos@kolk.example"])
        assert [one.account_id for one in mark.employments] == [story.account_id]
        told = [(one.field, one.by.partition(":")[0]) for one in tx.scalars(select(Change).order_by(Change.id))]
        assert {("stale_since", "rule"), ("until", "rep"), ("successor", "rep"), ("created", "rep")} <= set(told)
    assert "Mark Bos volgt op" in story.post.updated[-1][1].text
    offered = [one["action_id"] for one in story.post.updated[-1][1].blocks[1]["elements"]]
    assert offered == ["alive:where", "alive:undo", "link:open"]


def test_who_is_still_there_is_asked_of_again_only_after_new_signs(story: Story) -> None:
    story.comes(answer(story.house.clock(), "Ik werk niet meer bij Smederij Kolk."))
    story.vitality.leavers.answer(story.employment_id, NOOR, "still")
    assert story.job().stale_since is None
    story.tell()
    assert "werkt nog bij" in story.post.updated[-1][1].text
    for _ in range(2):
        story.house.clock.passes(days=3)
        story.comes(bounce(story.house.clock()))
    assert story.job().stale_since is not None
    assert len(story.post.sent) == 2


def test_a_meeting_clears_the_doubt_by_itself(story: Story) -> None:
    for _ in range(2):
        story.comes(bounce(story.house.clock()))
        story.house.clock.passes(days=3)
    assert story.job().stale_since is not None
    story.house.house.assistant.file(story.house.says("vandaag bij Smederij Kolk geweest met Karin Bos"))
    story.vitality.tick()
    assert story.job().stale_since is None


@pytest.mark.parametrize("status", ["4.2.2", "5.7.1", "4.4.1"])
def test_what_says_something_of_us_or_the_way_asks_nobody(story: Story, status: str) -> None:
    for _ in range(3):
        story.comes(bounce(story.house.clock(), status=status))
        story.house.clock.passes(days=2)
    assert story.post.sent == []


def test_only_the_owner_or_somebody_above_settles_it(story: Story) -> None:
    story.comes(answer(story.house.clock(), "Ik werk niet meer bij Smederij Kolk."))
    with pytest.raises(CorrectionError, match="Noor"):
        story.vitality.leavers.answer(story.employment_id, JONAS, "left")
    story.vitality.leavers.answer(story.employment_id, BAS, "left")
    assert story.job().until is not None


def test_a_press_twice_changes_nothing_more(story: Story) -> None:
    story.comes(answer(story.house.clock(), "Ik werk niet meer bij Smederij Kolk."))
    for _ in range(2):
        story.vitality.leavers.answer(story.employment_id, NOOR, "left")
    with story.house.house.db.read() as tx:
        assert len(tx.scalars(select(Change).where(Change.field == "until")).all()) == 1


def test_a_bounce_of_nobody_of_ours_is_kept_and_changes_nothing(story: Story) -> None:
    story.comes(bounce(story.house.clock(), address="stranger@elsewhere.example"))
    assert len(story.house.captures()) == 1
    assert story.post.sent == []


def test_nothing_is_ever_answered_to_a_bounce(story: Story) -> None:
    story.comes(bounce(story.house.clock()))
    story.house.run_jobs()
    with story.house.house.db.read() as tx:
        assert tx.scalars(select(Delivery)).all() == []


def test_after_a_fortnight_leaving_is_not_undone_by_a_press(story: Story) -> None:
    story.comes(answer(story.house.clock(), "Ik werk niet meer bij Smederij Kolk."))
    story.vitality.leavers.answer(story.employment_id, NOOR, "left")
    story.house.clock.passes(days=15)
    with pytest.raises(CorrectionError, match="any more"):
        story.vitality.leavers.answer(story.employment_id, NOOR, "undo")
    assert story.job().until is not None


def test_a_mail_that_cannot_be_looked_into_holds_up_no_other(story: Story) -> None:
    whole = story.vitality._read

    def reads(raw: bytes) -> Any:
        if b"Poison" in raw:
            raise ValueError("nobody can read this")
        return whole(raw)

    story.vitality._read = reads
    first = story.house.clock()
    story.comes(bounce(first).replace(b"Subject: ", b"Subject: Poison ", 1))
    for _ in range(2):
        story.house.clock.passes(days=7)
        story.comes(bounce(story.house.clock()))
    assert story.job().stale_since == date(2026, 3, 16)


def test_however_many_are_in_doubt_they_are_looked_at_together(story: Story) -> None:
    with story.house.house.db.write() as tx:
        for number in range(30):
            address = f"one{number}@kolk.example"
            one = Contact(name=f"One {number}", created_at=story.house.clock())
            one.emails = [ContactEmail(email=address)]
            one.employments = [Employment(account_id=story.account_id)]
            tx.add(one)
            tx.flush()
            for on in (date(2025, 1, 1), date(2025, 6, 1)):  # too far apart to make anybody seem gone
                tx.add(ContactSign(contact_id=one.id, address=address, kind="unknown_user", on=on))
    asked: list[str] = []
    engine = story.house.house.db.engine

    def note(*told: Any) -> None:
        asked.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    story.vitality.tick()
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) < 20
    assert story.post.sent == []


def test_an_administrator_is_told_of_mails_that_are_refused_for_what_they_are(story: Story) -> None:
    house = story.house.house
    before = bounces(house)
    assert before.ok
    assert before.says == "refused for their sender or content: 0 on 2026-03-01, 0 on 2026-03-02"
    for minute in range(5):
        mail = bounce(story.house.clock() - timedelta(minutes=minute), status="5.7.1")
        story.comes(mail.replace(b"User unknown", b"Message rejected as spam"))
    after = bounces(house)
    assert not after.ok
    assert "5 on 2026-03-02" in after.says
    assert "DKIM" in after.says


def test_a_letter_whose_words_were_forgotten_is_not_shown_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.comes(answer(story.house.clock(), "Ik werk niet meer bij Smederij Kolk."))
    story.vitality.leavers.answer(story.employment_id, NOOR, "left")
    story.tell()
    story.house.clock.passes(days=3)
    Retention(story.house.house.db, Periods(letters=2), story.house.clock).forget(story.house.clock())
    asked: list[str] = []
    monkeypatch.setattr(story.house.house.jobs, "enqueue", lambda _tx, name, *_arg, **_more: asked.append(name))
    story.vitality.tick()
    assert asked == []
    with story.house.house.db.read() as tx:
        letters = tx.scalars(select(Delivery.letter)).all()
    assert "Karin" not in str(letters)
