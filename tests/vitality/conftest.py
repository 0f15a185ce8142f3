"""A house with Karin of Smederij Kolk, and a courier that keeps what it carries."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from capture.leavers import Leavers
from capture.reviewing import letter_id
from capture.vitality import Vitality
from letters import Letter
from mail_ingest.door import take_mail
from mail_ingest.heard import heard
from mail_ingest.mailbox import Fetched
from mail_ingest.senders import SenderRules
from parsing.model import Message
from store import captures, reps
from store.tables import Account, Capture, Contact, ContactEmail, Employment, LookedInto
from tests.conftest import TestHouse
from tests.vitality.mails import KARIN

NOOR, JONAS, BAS = (f"{name}@varenhof.example" for name in ("noor", "jonas", "bas"))
RULES = SenderRules()


@dataclass
class Post:
    """A courier that keeps what it carries, and what became of each letter."""

    sent: list[tuple[str, Letter]] = field(default_factory=list)
    updated: list[tuple[str, Letter]] = field(default_factory=list)

    def send(self, letter_id: str, letter: Letter, to: Any) -> dict[str, Any]:
        self.sent.append((to.get("address") or to["channel"], letter))
        return {"id": letter_id}

    def update(self, letter_id: str, letter: Letter, receipt: Any) -> dict[str, Any]:
        assert receipt["id"] == letter_id
        self.updated.append((letter_id, letter))
        return dict(receipt)


@dataclass
class Story:
    """A house with Karin, whose account is Noor's."""

    house: TestHouse
    post: Post
    vitality: Vitality
    account_id: int
    employment_id: int

    def comes(self, raw: bytes) -> None:
        """A mail arrives, is looked into, and the owner is told."""
        fetched = Fetched(raw, self.house.clock(), len(raw), too_large=False)
        take_mail(self.house.house.assistant, fetched, RULES)
        self.vitality.tick()
        self.tell()

    @property
    def leavers(self) -> Leavers:
        return self.vitality.leavers

    def takes(self, raw: bytes) -> int:
        """A mail arrives; the id of its capture."""
        take_mail(self.house.house.assistant, Fetched(raw, self.house.clock(), len(raw), too_large=False), RULES)
        return max(one.id for one in self.house.captures())

    def replies(self, text: str, by: str = NOOR) -> Capture:
        """Somebody answers the letter in words, and it is worked on."""
        self.house.clock.passes(minutes=1)
        with self.house.house.db.read() as tx:
            name = letter_id(tx, tx.get_one(Employment, self.employment_id))
        now = self.house.clock()
        message = Message(via="email", rep=by, source_id=f"<{now.timestamp()}@x>", sent_at=now, text=text)
        capture_id = self.house.house.assistant.accept(message, reply_to={"address": by, "answers": name}).capture_id
        self.house.house.assistant.file(capture_id)
        self.tell()
        with self.house.house.db.read() as tx:
            return captures.of(tx, capture_id)

    def looked_into(self) -> int:
        """Of how many mails it is kept one by one that they were looked into."""
        with self.house.house.db.read() as tx:
            return tx.scalar(select(func.count()).select_from(LookedInto)) or 0

    def knows_slack(self, slack_id: str) -> None:
        with self.house.house.db.write() as tx:
            noor = reps.by_email(tx, NOOR)
            assert noor
            noor.slack_id = slack_id

    def tell(self) -> None:
        with self.house.house.db.read() as tx:
            jobs = list(tx.scalars(select(Employment.id).where(Employment.account_id == self.account_id)))
        for job in jobs:
            self.vitality.tell(job)

    def job(self) -> Employment:
        with self.house.house.db.read() as tx:
            return tx.get_one(Employment, self.employment_id)


@pytest.fixture
def story(house: TestHouse) -> Story:
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        assert noor
        account = Account(name="Smederij Kolk", owner_id=noor.id, created_at=house.clock())
        tx.add(account)
        tx.flush()
        karin = Contact(name="Karin Bos", created_at=house.clock())
        karin.emails = [ContactEmail(email=KARIN)]
        karin.employments = [Employment(account_id=account.id, role="inkoper")]
        tx.add(karin)
        tx.flush()
        ids = account.id, karin.employments[0].id
    post = Post()
    vitality = Vitality(
        db=house.house.db, jobs=house.house.jobs, couriers={"email": post}, clock=house.clock,
        url="https://debrief.varenhof.example", read=heard,
    )  # fmt: skip
    house.clock.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return Story(house, post, vitality, *ids)
