"""Webhooks: what happened is told once it is kept, signed, and again until it is taken or given up."""

import base64
import hashlib
import hmac
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import build
from capture import CorrectionError
from capture.rights import HOST, Viewer
from capture.webhook_events import EVENTS, happened
from capture.webhooks import Made
from jobs import JobError
from store import changes
from store.tables import Change, Employment, Trouble, Webhook, WebhookDelivery
from tests.api.conftest import NOOR
from tests.conftest import TestHouse
from tests.servers.receiver import Receiver, receiving

AT_TERWOLDE = "vanmorgen bij zuivelhuis terwolde geweest, Kees Bruinsma gesproken, offerte voor vrijdag"


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url, webhooks_local=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def hook(house: TestHouse, receiver: Receiver) -> Made:
    """A webhook that is told of everything."""
    return house.house.webhooks.add(HOST, receiver.url, list(EVENTS))


def files(house: TestHouse, text: str = AT_TERWOLDE) -> int:
    """File a visit; its id."""
    house.house.assistant.file(house.says(text, via="api"))
    return house.visits()[-1].id


def deliver(house: TestHouse) -> list[JobError]:
    """What the worker would do once: try everything that waits. What is to be tried again is returned."""
    again = []
    with house.house.db.read() as tx:
        waiting = tx.scalars(select(WebhookDelivery).where(WebhookDelivery.state == "waiting")).all()
    for one in waiting:
        try:
            house.house.webhooks.deliver(str(one.id))
        except JobError as error:
            again.append(error)
    return again


def told(receiver: Receiver) -> list[tuple[str, dict[str, Any]]]:
    bodies = [json.loads(body) for _, body in receiver.came]
    return [(one["type"], one["data"]) for one in bodies]


def test_a_filed_visit_is_told_by_a_worker(
    build_house: Callable[..., TestHouse], database_url: str, receiver: Receiver
) -> None:
    house = build_house(database_url, webhooks_local=True)
    house.house.webhooks.add(HOST, receiver.url, list(EVENTS))
    house.says(AT_TERWOLDE, via="api")
    house.run_jobs()
    ((event, data),) = told(receiver)
    assert ("visit.filed", 1, "2026-03-02") == (event, data["account_id"], data["on"])
    assert "Bruinsma" not in str(receiver.came), "who wants to know more asks the API"


def test_the_signature_is_that_of_standard_webhooks(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    files(house)
    deliver(house)
    ((headers, body),) = receiver.came
    assert hook.secret.startswith("whsec_")
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert f"v1,{wanted}" == headers["webhook-signature"]
    assert int(house.clock().timestamp()) == int(headers["webhook-timestamp"])


def test_each_thing_that_happens_to_a_visit_is_told_once(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    visit_id = files(house)
    assistant = house.house.assistant
    action_id = house.visits()[0].actions[0].id
    assistant.correct(visit_id, NOOR, "subject", "Prijzen")
    assistant.correct(visit_id, NOOR, "subject", "Prijzen")
    assistant.home.settle(NOOR, action_id, "done")
    assistant.correct(visit_id, NOOR, "undo")
    deliver(house)
    events = [event for event, _ in told(receiver)]
    assert ["visit.filed", "visit.changed", "visit.changed", "action.done", "visit.withdrawn"] == events
    assert ["subject"] == told(receiver)[1][1]["fields"]
    assert {"action_id": action_id, "visit_id": visit_id, "assignee_id": 1} == told(receiver)[3][1]


@pytest.mark.parametrize(
    ("field", "new", "told_of"), [("proposal", {}, []), ("withdrawn", None, [("visit.changed", ["withdrawn"])])]
)
def test_what_was_only_proposed_is_not_told_and_what_is_restored_is(
    field: str, new: object, told_of: list[tuple[str, list[str]]]
) -> None:
    one = Change(at=datetime(2026, 3, 2, tzinfo=UTC), by="rep:1", record="visit", record_id=7, field=field, new=new)
    assert told_of == [(event.event, event.more["fields"]) for event in happened([one])]


def test_who_left_and_who_seems_gone_are_told(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    for field in ("stale_since", "until"):
        with house.house.db.write() as tx:
            job = tx.get_one(Employment, 1)
            changes.note(
                tx, at=house.clock(), by="rule:liveliness", record=("employment", 1), field=field,
                new=date(2026, 3, 2).isoformat(),
            )  # fmt: skip
            assert job.contact_id
    deliver(house)
    about = {"contact_id": 1, "account_id": 1, "successor_id": None, "since": "2026-03-02"}
    assert [("contact.stale", about), ("contact.left", about)] == told(receiver)


def test_what_only_changed_hands_is_not_told_anew(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    with house.house.db.write() as tx:
        same = {"old": "2026-03-02", "new": "2026-03-02"}
        changes.note(tx, at=house.clock(), by="rep:1", record=("employment", 1), field="stale_since", **same)
    assert [] == deliver(house)
    assert [] == receiver.came


def test_what_was_not_kept_is_not_told(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    def half_done() -> None:
        with house.house.db.write() as tx:
            changes.note(tx, at=house.clock(), by="rep:1", record=("employment", 1), field="until", new="2026-03-02")
            tx.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with house.house.db.read() as tx:
        assert [] == tx.scalars(select(Change)).all()
        assert [] == tx.scalars(select(WebhookDelivery)).all()


def test_only_what_is_wanted_is_told(house: TestHouse, receiver: Receiver) -> None:
    house.house.webhooks.add(HOST, receiver.url, ["visit.withdrawn"])
    visit_id = files(house)
    house.house.assistant.correct(visit_id, NOOR, "undo")
    deliver(house)
    assert ["visit.withdrawn"] == [event for event, _ in told(receiver)]


def test_what_is_not_taken_is_sent_again_under_the_same_id(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    receiver.statuses = [500, 503, 204]
    files(house)
    assert [[5.0], [300.0], []] == [[one.after_s for one in deliver(house)] for _ in range(3)]
    assert 1 == len({headers["webhook-id"] for headers, _ in receiver.came})
    with house.house.db.read() as tx:
        delivery = tx.scalars(select(WebhookDelivery)).one()
        assert ("delivered", 3, 204, None) == (delivery.state, delivery.attempts, delivery.status, delivery.problem)


def test_a_redirect_is_not_followed(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    receiver.statuses, receiver.location = [302], receiver.url + "/elsewhere"
    files(house)
    assert ["webhook 1: answered 302"] == [str(one) for one in deliver(house)]
    assert 1 == len(receiver.came)


def test_one_that_takes_nothing_for_five_days_is_switched_off_and_told_of(
    house: TestHouse, receiver: Receiver, hook: Made
) -> None:
    receiver.statuses = [500]
    files(house)
    deliver(house)
    house.clock.passes(days=4, hours=23)
    pauses = [again.after_s for _ in range(5) for again in deliver(house)]
    assert [300, 1_800, 7_200, 18_000, 36_000] == pauses
    house.clock.passes(hours=2)
    assert [] == deliver(house)
    house.house.troubles.tick()
    with house.house.db.read() as tx:
        off = tx.get_one(Webhook, hook.id)
        assert (False, "answered 500") == (off.active, off.problem)
        assert "failed" == tx.get_one(WebhookDelivery, 1).state
        assert [f"webhook:127.0.0.1 ({hook.id})"] == [one.what for one in tx.scalars(select(Trouble))]


def test_switched_on_again_it_gets_what_waited(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    house.house.webhooks.change(HOST, hook.id, active=False)
    files(house)
    house.house.webhooks.change(HOST, hook.id, active=True)
    files(house, "vanmorgen bij Brouwerij De Kraanvogel geweest")
    deliver(house)
    assert 1 == len(receiver.came), "while it was off nobody wanted to be told"


def test_one_that_is_gone_is_switched_off_at_once(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    receiver.statuses = [410]
    files(house)
    assert [] == deliver(house)
    with house.house.db.read() as tx:
        assert not tx.get_one(Webhook, hook.id).active


def test_a_message_is_sent_again_by_hand(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    files(house)
    deliver(house)
    house.house.webhooks.resend(HOST, hook.id, 1)
    house.house.webhooks.test(HOST, hook.id)
    house.run_jobs()
    assert ["visit.filed", "visit.filed", "test"] == [event for event, _ in told(receiver)]


def test_what_was_delivered_is_known_for_a_month(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    files(house)
    deliver(house)
    files(house, "vanmorgen bij Brouwerij De Kraanvogel geweest")
    for days, known in ((29, 2), (2, 1)):
        house.clock.passes(days=days)
        house.house.webhooks.tick()
        with house.house.db.read() as tx:
            assert known == len(tx.scalars(select(WebhookDelivery)).all()), "what waits is not forgotten"


def test_from_a_copied_database_nobody_is_told(
    house: TestHouse, receiver: Receiver, hook: Made, tmp_path: Path
) -> None:
    files(house)
    deliver(house)
    files(house, "vanmorgen bij Brouwerij De Kraanvogel geweest")
    (tmp_path / "copy").mkdir()
    for part in tmp_path.glob("debrief.db*"):
        shutil.copy(part, tmp_path / "copy")
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/copy/debrief.db", webhooks_local=True)  # type: ignore[call-arg]
    copy = build(settings, house.clock)
    try:
        with pytest.raises(JobError, match="copied"):
            copy.webhooks.deliver("2")
    finally:
        copy.close()
    assert 1 == len(receiver.came)


def test_only_administrators_set_webhooks_up(house: TestHouse, receiver: Receiver, hook: Made) -> None:
    for role in ("rep", "manager", "operator", "marketing", "guest"):
        for do in (
            lambda who: house.house.webhooks.add(who, receiver.url, ["visit.filed"]),
            lambda who: house.house.webhooks.change(who, hook.id, active=False),
            lambda who: house.house.webhooks.remove(who, hook.id),
            lambda who: house.house.webhooks.test(who, hook.id),
        ):
            with pytest.raises(CorrectionError, match="Only administrators"):
                do(Viewer(1, "Somebody", role))
