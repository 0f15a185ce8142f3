"""A disk without space: what cannot be kept is not acknowledged, and comes in when there is space again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from store.tables import Capture, Delivery, Row, Visit
from tests.faults.town import Town, mail, slack_events, town
from tests.servers.dovecot import Dovecot
from tests.servers.ports import until

pytestmark = pytest.mark.slow


@pytest.fixture
def full(tmp_path: Path, dovecot: Dovecot) -> Iterator[Town]:
    """A town that works, and whose disk has been full since a moment ago."""
    with town(tmp_path, dovecot=dovecot) as place:
        place.run.start()
        place.run.wait_ready()
        place.run.fill_disk()
        yield place
        place.run.stop()


@pytest.mark.servers
def test_a_full_disk_costs_nothing_that_was_said(full: Town, dovecot: Dovecot) -> None:
    before = _rows(full)
    dovecot.deliver(mail(1, rep=1))
    until(lambda: "was not kept, it stays in the folder" in full.run.log.read_text(), "the mail was tried")
    [event] = slack_events(full, range(1))
    assert full.slack.deliver(event).status == 500
    assert _rows(full) == before, "nothing is half kept"
    assert _unseen(dovecot) == 1
    full.run.free_disk()
    assert full.slack.deliver(event, retry_num=1, reason="http_error").ok
    until(lambda: _count(full, Delivery) == 2, "both are answered", timeout_s=60)
    assert (_count(full, Capture), _count(full, Visit)) == (2, 2)
    assert len(full.slack.journal.called("chat.postMessage", ok=True)) == len(full.smtp.mails) == 1
    until(lambda: _unseen(dovecot) == 0, "the mail is marked")
    with full.house.db.read() as tx:
        assert tx.scalar(text("PRAGMA integrity_check")) == "ok"


def _count(place: Town, table: type[Row]) -> int:
    with place.house.db.read() as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def _rows(place: Town) -> dict[str, int]:
    """How many rows each table of ours has, and how many jobs there are."""
    with place.house.db.read() as tx:
        ours = {
            table.name: tx.scalar(select(func.count()).select_from(table)) or 0 for table in Row.metadata.sorted_tables
        }
    return {**ours, "jobs": place.house.jobs.waiting()}


def _unseen(dovecot: Dovecot) -> int:
    with dovecot.client() as client:
        client.select_folder("INBOX", readonly=True)
        return len(client.search(["UNSEEN"]))
