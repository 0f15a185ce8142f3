"""What reports tell and what they take, as far as it is known."""

from datetime import date, timedelta

from digests.effort import Spent, quality, spent
from store import changes
from store.db import Tx
from store.tables import Contact, ContactEmail, Delivery, Visit, VisitContact
from tests.conftest import TestHouse
from tests.digests.rows import account_of, rep_of, visited

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
NOOR = "noor@varenhof.example"


def corrected(tx: Tx, visit: Visit, after: timedelta, by: int, *fields: str) -> None:
    for field in fields:
        changes.note(tx, at=visit.created_at + after, by=f"rep:{by}", record=("visit", visit.id), field=field)


def test_only_touches_soon_after_the_card_have_seconds(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        noor, kaas = rep_of(tx, NOOR).id, account_of(tx, "V01").id
        first, second, _ = (visited(tx, noor, kaas, MONDAY) for _ in range(3))
        for visit in (first, second):
            letter = {"letter_id": f"reply-{visit.capture_id}", "via": "web", "recipient": NOOR}
            tx.add(Delivery(**letter, capture_id=visit.capture_id, sent_at=visit.created_at))
        corrected(tx, first, timedelta(seconds=20), noor, "outcome", "type")
        corrected(tx, first, timedelta(seconds=50), noor, "on")
        corrected(tx, second, timedelta(hours=3), noor, "on")
        corrected(tx, second, timedelta(seconds=5), noor + 1, "on")
        tx.flush()
        assert {noor: Spent(visits=3, touches=3, seconds=50)} == spent(tx, MONDAY, FRIDAY, [noor])
        assert {} == spent(tx, FRIDAY, FRIDAY, [noor])


def test_a_report_is_complete_that_tells_who_how_what_and_the_result(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        noor, kaas = rep_of(tx, NOOR).id, account_of(tx, "V01").id
        known = Contact(name="Els Proefman", created_at=house.clock(), emails=[ContactEmail(email="els@proef.example")])
        half = Contact(name="Els", created_at=house.clock())
        tx.add_all([known, half])
        tx.flush()
        for contact, told in (
            (known, {"subject": "prijs", "outcome": "order"}),
            (known, {"subject": "prijs"}),
            (half, {}),
        ):
            visited(tx, noor, kaas, MONDAY, **told).contacts = [VisitContact(contact_id=contact.id)]
        tx.flush()
        found = quality(tx, MONDAY, FRIDAY, [noor])[noor]
    assert (3, 1, 1 / 3) == (found.visits, found.complete, found.share)
    assert {"names": 2, "contact_data": 2, "subject": 2, "result": 1} == found.told
