"""Contacts stay alive, from the mailbox that a newsletter's bounces come to, to the owner in Slack and the list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.mailing import mailboxes
from app.settings import Settings
from mail_ingest.door import watcher
from store import crm, reps
from store.mailing import Segment, addressees
from store.tables import Account, Change, Contact, ContactEmail, Employment
from tests.doors.conftest import SlackHouse
from tests.servers.dovecot import Dovecot
from tests.servers.slack import Message
from tests.vitality.mails import KARIN, answer, bounce

KOLK = "Smederij Kolk"
GONE = "Ik werk niet meer bij Smederij Kolk. Mijn opvolger is Mark Bos, mark.bos@kolk.example, 06 12345678."


@dataclass
class Story:
    """Karin Bos of Smederij Kolk, a customer of Noor's; what is delivered is fetched, and worked on till all is still.

    Those who are asked see it in Slack.
    """

    at_slack: SlackHouse
    dovecot: Dovecot
    employment_id: int
    fetch: Callable[[], int]

    def comes(self, write: Callable[[datetime], bytes], days_ago: int) -> None:
        self.dovecot.deliver(write(datetime.now(UTC) - timedelta(days=days_ago)))
        self.fetch()
        self.at_slack.house.house.vitality.tick()
        self.at_slack.house.run_jobs()

    def taps(self, label: str, on: Message) -> None:
        self.at_slack.slack.human(self.at_slack.noor).clicks(label, on=on)
        self.at_slack.slack.settle()
        self.at_slack.house.run_jobs()

    def says(self, text: str) -> None:
        self.at_slack.slack.human(self.at_slack.noor).says(text)
        self.at_slack.house.run_jobs()

    def sees(self, text: str) -> Message:
        return self.at_slack.slack.human(self.at_slack.noor).sees(text, timeout_s=20)

    def asked(self) -> int:
        """How many messages were posted, however often each was changed."""
        return len(self.at_slack.slack.journal.called("chat.postMessage", ok=True))

    def job(self) -> Employment:
        with self.at_slack.house.house.db.read() as tx:
            return tx.get_one(Employment, self.employment_id)

    def mailing(self) -> dict[str, str | None]:
        """Everybody at the account: why they are left out, or None."""
        with self.at_slack.house.house.db.read() as tx:
            return {one.name: one.left_out for one in addressees(tx, Segment()) if one.account == KOLK}

    def history(self) -> set[tuple[str, str]]:
        """Which field was changed by whom."""
        with self.at_slack.house.house.db.read() as tx:
            return {(one.field, one.by.partition(":")[0]) for one in tx.scalars(select(Change))}


@pytest.fixture
def story(at_slack: SlackHouse, dovecot: Dovecot) -> Story:
    house = at_slack.house
    house.clock.now = datetime.now(UTC)  # as Slack's, which stamps messages
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, "noor@varenhof.example")
        assert noor
        account = Account(name=KOLK, owner_id=noor.id, created_at=house.clock())
        tx.add(account)
        tx.flush()
        karin = Contact(name="Karin Bos", created_at=house.clock())
        karin.emails = [ContactEmail(email=KARIN)]
        karin.employments = [Employment(account_id=account.id, role="inkoper")]
        tx.add(karin)
        tx.flush()
        employment_id = karin.employments[0].id
        crm.touch(tx)
    box = {"host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
           "password": dovecot.password}  # fmt: skip
    [(mailbox, rules)] = mailboxes(Settings(_env_file=None, mailbox=box))
    return Story(at_slack, dovecot, employment_id, watcher(mailbox, house.house.assistant, rules).sweep)


def test_two_bounces_and_an_answer_are_settled_by_one_press(story: Story) -> None:
    story.comes(bounce, days_ago=9)
    assert story.asked() == 0
    assert story.mailing() == {"Karin Bos": None}
    story.comes(bounce, days_ago=2)
    card = story.sees("lijkt weg te zijn bij Smederij Kolk")
    assert "het adres bestaat niet meer" in card.shown
    assert "User unknown" in card.shown
    assert "seems gone" in (story.mailing()["Karin Bos"] or "")
    story.comes(lambda day: answer(day, GONE), days_ago=1)
    story.taps("Weg, Mark Bos volgt op", on=story.sees("Als opvolger genoemd: Mark Bos"))
    assert "Mark Bos volgt op" in story.sees("is sinds").shown
    assert story.asked() == 1
    assert story.job().until == story.at_slack.house.clock().date()
    left_out = story.mailing()
    assert left_out["Mark Bos"] is None
    assert left_out["Karin Bos"] == f"left on {story.job().until}"
    assert {("stale_since", "rule"), ("until", "rep"), ("successor", "rep"), ("created", "rep")} <= story.history()


def test_that_somebody_left_can_be_undone_by_the_same_card(story: Story) -> None:
    story.comes(lambda day: answer(day, GONE), days_ago=1)
    story.taps("Weg, Mark Bos volgt op", on=story.sees("lijkt weg te zijn"))
    story.taps("Ongedaan maken", on=story.sees("is sinds"))
    assert (story.job().until, story.job().successor_id) == (None, None)
    story.taps("Is weg", on=story.sees("lijkt weg te zijn"))
    assert story.job().until == story.at_slack.house.clock().date()
    assert story.asked() == 1


def test_what_a_report_says_of_the_leaver_settles_the_card(story: Story) -> None:
    story.comes(bounce, days_ago=9)
    story.comes(bounce, days_ago=2)
    card = story.sees("lijkt weg te zijn")
    story.says("vandaag bij Smederij Kolk geweest. Karin Bos is weg, opvolger is Mark Bos, 06 12345678")
    story.at_slack.house.house.vitality.tick()
    story.at_slack.house.run_jobs()
    shown = story.sees("Mark Bos volgt op")
    assert shown.ts == card.ts
    left_out = story.mailing()
    assert left_out["Karin Bos"] == f"left on {story.job().until}"
    assert left_out["Mark Bos"] == "no address"
    assert {("until", "message"), ("successor", "message"), ("created", "message")} <= story.history()
    story.taps("Ongedaan maken", on=story.sees("V-2026-"))
    story.at_slack.house.house.vitality.tick()
    story.at_slack.house.run_jobs()
    assert story.job().until is None
    assert story.sees("lijkt weg te zijn").ts == card.ts


def test_where_to_is_chosen_in_a_form_and_becomes_a_call_to_make(story: Story) -> None:
    noor = story.at_slack.slack.human(story.at_slack.noor)
    with story.at_slack.house.house.db.write() as tx:
        tx.add(Account(name="Gieterij Hamel", created_at=story.at_slack.house.clock()))
        crm.touch(tx)
    story.comes(lambda day: answer(day, GONE), days_ago=1)
    story.taps("Weg, Mark Bos volgt op", on=story.sees("lijkt weg te zijn"))
    noor.clicks("Waar naartoe?", on=story.sees("Mark Bos volgt op"))
    noor.sees_modal()
    assert noor.submits({"Nieuwe werkgever": "Gieterij Hamel"}) == {}
    story.at_slack.house.run_jobs()
    assert story.sees("Karin Bos werkt nu bij Gieterij Hamel.").ts == story.sees("Mark Bos volgt op").ts
    planned = story.sees("Contact opnemen met Karin Bos, nu bij Gieterij Hamel")
    assert "Gieterij Hamel" in planned.shown
    story.taps("Ongedaan maken", on=story.sees("werkt nu bij Gieterij Hamel."))
    assert "Mark Bos volgt op" in story.sees("is sinds").shown
    assert story.job().until is not None


def test_a_wrong_address_is_told_at_its_field_and_a_right_one_settles_the_card(story: Story) -> None:
    noor = story.at_slack.slack.human(story.at_slack.noor)
    story.comes(bounce, days_ago=9)
    story.comes(bounce, days_ago=2)
    noor.clicks("Nieuw adres", on=story.sees("lijkt weg te zijn"))
    noor.sees_modal()
    assert noor.submits({"E-mailadres": "k.vos"}) == {"E-mailadres": "Dit is geen mailadres."}
    assert noor.submits({"E-mailadres": "k.vos@kolk.example"}) == {}
    story.at_slack.house.run_jobs()
    assert "k.vos@kolk.example" in story.sees("werkt nog bij Smederij Kolk").shown
    assert story.mailing() == {"Karin Bos": None}


def test_words_in_the_thread_of_the_card_settle_it_and_edits_follow(story: Story) -> None:
    noor = story.at_slack.slack.human(story.at_slack.noor)
    story.comes(bounce, days_ago=9)
    story.comes(bounce, days_ago=2)
    card = story.sees("lijkt weg te zijn")
    said = noor.says("weg, opvolger is Mark Bos, 06 12345678", thread=card)
    story.at_slack.house.run_jobs()
    assert story.sees("Mark Bos volgt op").ts == card.ts
    noor.edits(said, "weg, opvolger is Marja Kuiper")
    story.at_slack.house.run_jobs()
    assert story.sees("Marja Kuiper volgt op").ts == card.ts
    story.at_slack.house.clock.passes(seconds=1)
    noor.deletes(said)
    story.at_slack.house.run_jobs()
    assert story.sees("lijkt weg te zijn").ts == card.ts
    assert (story.job().until, story.job().successor_id) == (None, None)
