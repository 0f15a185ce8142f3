"""What people see first is understood: the sample's messages, chat and mail, as a person would file them."""

from datetime import date
from functools import cache
from types import MappingProxyType

import pytest

from app import sample
from mail_ingest.reading import read_mail
from parsing import parse
from parsing.model import Crm, KnownAccount, KnownContact, KnownRep, Message, VisitMention

DAYS = (date(2026, 3, 18), date(2026, 3, 22))
"""A Wednesday and a Sunday: the sample has to read well whatever the day of the first start."""
ENOUGH = 0.85

CRM = Crm(
    reps=tuple(
        KnownRep(
            email=row["email"],
            name=row["name"],
            slack_id=row["slack_id"],
            role=row["role"],
            team=row["team"],
            manager=row["manager_email"] or None,
            language=row["language"],
            timezone=row["timezone"],
        )
        for row in sample.rows("reps")
    ),
    accounts=tuple(
        KnownAccount(
            id=row["external_id"],
            name=row["name"],
            aliases=tuple(row["aliases"].split("|")) if row["aliases"] else (),
            street=row["street"] or None,
            postcode=row["postcode"] or None,
            city=row["city"] or None,
            country=row["country"] or None,
            industry=row["industry"] or None,
            owner=row["owner_email"],
        )
        for row in sample.rows("accounts")
    ),
    contacts=tuple(
        KnownContact(
            id=row["external_id"],
            name=row["name"],
            accounts=(row["account_external_id"],),
            role=row["role"] or None,
            emails=(row["email"],) if row["email"] else (),
            phones=(row["phone"],) if row["phone"] else (),
            language=row["language"],
        )
        for row in sample.rows("contacts")
    ),
)


@cache
def said(today: date) -> tuple[tuple[sample.SampleCapture, Message], ...]:
    """The captures with the message that each door makes of them."""
    return tuple((capture, _message(capture)) for capture in sample.captures(today))


def _message(capture: sample.SampleCapture) -> Message:
    if capture.raw is not None:
        return read_mail(capture.raw).message(capture.rep)
    return Message(via="slack", rep=capture.rep, sent_at=capture.sent_at, text=capture.text or "")


def account_of(visit: VisitMention) -> str | None:
    """As the sample writes it: the known one's id, ``"new"``, or None where we ask."""
    if visit.account is None:
        return None
    mention = visit.account.value
    return mention.id or ("new" if mention.name else None)


@pytest.mark.parametrize("today", DAYS)
def test_reports_are_filed_under_the_account_that_was_meant(today: date) -> None:
    reports = [(capture, message) for capture, message in said(today) if capture.accounts]
    understood = {
        message.text: (capture.accounts, tuple(account_of(visit) for visit in parse(message, CRM).visits))
        for capture, message in reports
    }
    assert len(reports) == len(understood)
    wrong = {text: pair for text, pair in understood.items() if sorted(map(str, pair[0])) != sorted(map(str, pair[1]))}
    assert 1 - len(wrong) / len(reports) >= ENOUGH, wrong


@pytest.mark.parametrize("today", DAYS)
def test_what_reports_nothing_files_nothing(today: date) -> None:
    others = [message for capture, message in said(today) if not capture.accounts]
    assert others
    assert {} == {message.text: visits for message in others if (visits := parse(message, CRM).visits)}


@pytest.mark.parametrize("today", DAYS)
def test_no_visit_lies_ahead_of_its_telling_or_long_behind(today: date) -> None:
    days = {
        message.text: (message.sent_at.date() - visit.on.value).days
        for _, message in said(today)
        for visit in parse(message, CRM).visits
    }
    assert {} == {text: days for text, days in days.items() if not 0 <= days <= 2}


def test_two_of_one_name_are_asked_about() -> None:
    [asked] = [message for capture, message in said(DAYS[0]) if capture.accounts == (None,)]
    [visit] = parse(asked, CRM).visits
    assert visit.account is not None
    assert visit.account.value.id is None
    assert {"KH001", "KH002"} <= set(visit.account.value.candidates)


def test_the_town_or_a_first_name_settles_which_of_two_is_meant() -> None:
    texts = MappingProxyType(
        {
            "Vanochtend bij Jansen in Winterswijk geweest": "KH002",
            "Vanochtend bij Jansen geweest, Piet gesproken": "KH001",
            "Heute bei Obermoser in Kufstein gewesen": "KH032",
        }
    )
    sent_at = said(DAYS[0])[0][1].sent_at
    for text, account in texts.items():
        owner = next(known.owner for known in CRM.accounts if known.id == account)
        [visit] = parse(Message(via="slack", rep=owner or "", sent_at=sent_at, text=text), CRM).visits
        assert account == account_of(visit), text


def test_the_mails_arrive_with_the_words_of_the_rep_alone() -> None:
    mails = [message for capture, message in said(DAYS[0]) if capture.raw is not None]
    people = {email for contact in CRM.contacts for email in contact.emails}
    assert mails
    for message in mails:
        assert message.text
        assert "Kornhaven" not in message.text, "a signature is not a report"
        assert "Von meinem iPhone" not in message.text
        sender = message.forwarded.sender if message.forwarded else message.invitation and message.invitation.organizer
        assert sender is not None
        assert sender.email in people
