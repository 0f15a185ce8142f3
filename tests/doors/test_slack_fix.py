"""*Fix* in Slack: every field in one form, opened in time, kept whole or not at all."""

import threading
import time
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from typing import Any

import pytest

from capture import Assistant
from store.tables import Account, Contact
from tests.doors.conftest import SlackHouse
from tests.servers.slack import View
from tests.servers.slack.block_kit import live_markup

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
NOOR = "noor@varenhof.example"
SOON_S = 8.0
"""Slack's three seconds, and room for a machine that runs four other tests; ``tests.bench slack`` measures."""


@pytest.fixture(autouse=True)
def _filed(at_slack: SlackHouse) -> None:
    at_slack.house.clock.now = datetime.now(UTC)  # as Slack's, which stamps messages
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    at_slack.house.run_jobs()
    noor.sees("Terwolde", timeout_s=20)


def fixes(at_slack: SlackHouse) -> View:
    """Noor presses Fix and waits until the form is there."""
    noor = at_slack.slack.human(at_slack.noor)
    noor.clicks("Aanpassen")
    at_slack.slack.wait_for(lambda: noor.modal and noor.modal.data.get("submit"), 20)
    return noor.sees_modal()


def sends(at_slack: SlackHouse, values: dict[str, Any]) -> dict[str, str]:
    errors = at_slack.slack.human(at_slack.noor).submits(values)
    at_slack.house.run_jobs()
    return errors


def test_every_field_is_there_and_sending_the_form_as_it_is_changes_nothing(at_slack: SlackHouse) -> None:
    view = fixes(at_slack)
    labels = [block["label"]["text"] for block in view.data["blocks"] if "label" in block]
    assert labels == [
        "Klant", "Personen", "Nieuwe persoon", "Datum", "Begin", "Einde", "Status", "Soort", "Wijze", "Uitkomst",
        "Trefwoorden", "Bedragen", "Onderwerp", "Plaats", "1. Wat", "1. Uiterlijk", "1. Wie", "1. Status",
        "+ Wat", "+ Uiterlijk", "+ Wie",
    ]  # fmt: skip
    before = at_slack.house.house.assistant.form(1, NOOR)
    assert sends(at_slack, {}) == {}
    assert at_slack.house.house.assistant.form(1, NOOR) == before


def test_every_field_can_be_changed_at_once_and_the_card_follows(at_slack: SlackHouse) -> None:
    fixes(at_slack)
    day = at_slack.house.visits()[0].on
    errors = sends(
        at_slack,
        {
            "Personen": ["Kees Bruinsma", "Marja Doornbos"],
            "Nieuwe persoon": "Piet Nieuwenhuis, monteur, piet@terwolde.example",
            "Begin": "15:00", "Einde": "16:30", "Soort": "Demonstratie", "Wijze": "Telefoon", "Uitkomst": "Order",
            "Trefwoorden": "pomp, onderhoud", "Bedragen": "12.500\n980,50 CHF", "Onderwerp": "Nieuwe pomp",
            "Plaats": "Deventer", "1. Wat": "offerte en folder sturen", "1. Wie": "Jonas Edelhoff",
            "+ Wat": "monsters sturen\nterugbellen", "+ Uiterlijk": "2027-01-08",
        },
    )  # fmt: skip
    assert errors == {}
    [visit] = at_slack.house.visits()
    with at_slack.house.house.db.read() as tx:
        people = [tx.get_one(Contact, line.contact_id).name for line in visit.contacts]
    assert people == ["Kees Bruinsma", "Marja Doornbos", "Piet Nieuwenhuis"]
    assert (visit.on, visit.starts, visit.ends) == (day, clock(15), clock(16, 30))
    assert (visit.type, visit.medium, visit.outcome) == ("demo", "phone", "order")
    assert [line.term for line in visit.keywords] == ["pomp", "onderhoud"]
    assert [(one.value, one.currency) for one in visit.amounts] == [
        (Decimal(12_500), "EUR"), (Decimal("980.50"), "CHF"),
    ]  # fmt: skip
    assert (visit.subject, visit.city) == ("Nieuwe pomp", "Deventer")
    assert [(one.text, one.due) for one in visit.actions][1:] == [
        ("monsters sturen", date(2027, 1, 8)), ("terugbellen", date(2027, 1, 8)),
    ]  # fmt: skip
    card = at_slack.slack.human(at_slack.noor).sees("Deventer", timeout_s=20)
    for said in ("15:00\N{EN DASH}16:30", "Piet Nieuwenhuis", "980,50", "folder sturen", "Jonas Edelhoff", "monsters"):
        assert said in card.shown, said
    assert len(at_slack.slack.journal.called("chat.postMessage", ok=True)) == 1


def test_another_customer_is_looked_up_and_a_new_one_is_named(at_slack: SlackHouse) -> None:
    fixes(at_slack)
    assert sends(at_slack, {"Klant": "Slagerij Hofstra, Grou"}) == {}
    fixes(at_slack)
    new = "Kaasboerderij Het Weiland"
    at_slack.slack.human(at_slack.noor).selects(f"+ {new}", "Klant", typed=new)
    assert sends(at_slack, {}) == {}
    with at_slack.house.house.db.read() as tx:
        assert tx.get_one(Account, at_slack.house.visits()[0].account_id).name == "Kaasboerderij Het Weiland"


def test_a_field_is_emptied_and_an_action_dropped(at_slack: SlackHouse) -> None:
    fixes(at_slack)
    assert sends(at_slack, {"Begin": None, "Uitkomst": "—", "1. Status": "Vervallen", "1. Uiterlijk": None}) == {}
    [visit] = at_slack.house.visits()
    assert (visit.starts, visit.outcome) == (None, None)
    assert [(action.state, action.due) for action in visit.actions] == [("dropped", None)]


def test_what_became_of_the_visit_is_one_of_what_may_have(at_slack: SlackHouse) -> None:
    view = fixes(at_slack)
    [menu] = [block for block in view.data["blocks"] if block.get("label", {}).get("text") == "Status"]
    assert [one["value"] for one in menu["element"]["options"]] == ["held", "missed", "cancelled"]
    assert sends(at_slack, {"Status": "Geannuleerd"}) == {}
    assert at_slack.house.visits()[0].status == "cancelled"


def test_what_makes_no_sense_is_told_at_its_field_and_nothing_is_kept(at_slack: SlackHouse) -> None:
    fixes(at_slack)
    assert sends(at_slack, {"Bedragen": "heel veel", "Plaats": "Deventer"}) == {
        "Bedragen": "Dit is geen bedrag. Schrijf bijvoorbeeld 12500 EUR."
    }
    errors = sends(at_slack, {"Bedragen": "", "Datum": "2099-01-01", "Einde": "09:00"})
    assert set(errors) == {"Datum", "Einde"}
    assert at_slack.house.visits()[0].city != "Deventer"
    assert sends(at_slack, {"Datum": "2026-11-20", "Einde": "17:00"}) == {}
    assert at_slack.house.visits()[0].city == "Deventer"


def test_the_form_opens_at_once_though_its_content_takes_long(
    at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, form = threading.Event(), Assistant.form

    def slow(self: Assistant, *args: Any, **more: Any) -> Any:
        ready.wait(10)
        return form(self, *args, **more)

    monkeypatch.setattr(Assistant, "form", slow)
    noor = at_slack.slack.human(at_slack.noor)
    began = time.monotonic()
    noor.clicks("Aanpassen")
    assert time.monotonic() - began < SOON_S
    assert "Een ogenblik" in str(noor.sees_modal().data)
    ready.set()
    at_slack.slack.wait_for(lambda: noor.modal and noor.modal.data.get("submit"), 20)


def test_a_form_that_slack_opens_too_late_is_told_and_one_closed_early_is_no_fault(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    at_slack.slack.fail_next("views.open", error="expired_trigger_id", times=1)
    noor.clicks("Aanpassen")
    assert "nog eens" in noor.reads()[-1].shown
    at_slack.slack.fail_next("views.update", error="not_found", times=1)
    noor.clicks("Aanpassen")
    noor.closes()
    at_slack.slack.wait_for(lambda: at_slack.slack.journal.called("views.update", ok=False), 20)
    fixes(at_slack)


def test_a_form_that_cannot_be_made_says_so(at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Assistant, "form", broken)
    noor = at_slack.slack.human(at_slack.noor)
    noor.clicks("Aanpassen")
    at_slack.slack.wait_for(lambda: "nog eens" in str(noor.sees_modal().data), 20)
    noor.closes()


def test_two_forms_at_once_keep_what_is_apart_and_show_what_is_not(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    fixes(at_slack)
    house = at_slack.house.house.assistant
    house.correct(1, NOOR, "city", "Zwolle")
    assert sends(at_slack, {"Onderwerp": "Nieuwe pomp"}) == {}
    assert (at_slack.house.visits()[0].city, at_slack.house.visits()[0].subject) == ("Zwolle", "Nieuwe pomp")

    fixes(at_slack)
    house.correct(1, NOOR, "city", "Kampen")
    sends(at_slack, {"Plaats": "Deventer", "Onderwerp": "Oude pomp"})
    assert at_slack.house.visits()[0].city == "Kampen"
    shown = str(noor.sees_modal().data)
    assert "Intussen ook gewijzigd: Plaats" in shown
    assert "Kampen" in shown
    assert sends(at_slack, {}) == {}
    assert (at_slack.house.visits()[0].city, at_slack.house.visits()[0].subject) == ("Kampen", "Oude pomp")
    assert noor.modal is None


def test_the_same_form_sent_twice_at_once_is_one_change(at_slack: SlackHouse) -> None:
    assistant = at_slack.house.house.assistant
    seen = assistant.form(1, NOOR).seen
    outcomes: list[object] = []

    def send() -> None:
        outcomes.append(assistant.fix(1, NOOR, {"city": "Zwolle"}, seen))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [None] * 4
    assert at_slack.house.visits()[0].city == "Zwolle"


def test_a_form_left_open_for_an_hour_is_still_kept(at_slack: SlackHouse) -> None:
    fixes(at_slack)
    at_slack.slack.clock.advance(3600)
    at_slack.house.clock.passes(hours=1)
    assert sends(at_slack, {"Plaats": "Zwolle"}) == {}
    assert at_slack.house.visits()[0].city == "Zwolle"


def test_a_form_of_a_visit_that_was_taken_back_meanwhile_says_so(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    fixes(at_slack)
    at_slack.house.house.assistant.correct(1, NOOR, "undo")
    sends(at_slack, {"Plaats": "Zwolle"})
    assert "al ingetrokken" in str(noor.sees_modal().data)
    noor.closes()
    at_slack.house.run_jobs()


def test_the_button_of_an_old_card_opens_the_visit_as_it_is_now(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    old = noor.sees("Terwolde").copy()
    at_slack.house.house.assistant.correct(1, NOOR, "city", "Zwolle")
    at_slack.house.run_jobs()
    noor.clicks("Aanpassen", on=old)
    at_slack.slack.wait_for(lambda: noor.modal and noor.modal.data.get("submit"), 20)
    assert "Zwolle" in str(noor.sees_modal().data)


def test_a_colleague_gets_no_form_and_no_names(at_slack: SlackHouse) -> None:
    with pytest.raises(Exception, match="Only the rep"):
        at_slack.house.house.assistant.form(1, "jonas@varenhof.example")
    assert at_slack.house.house.assistant.accounts_like("hof", "U0NOBODY") == []
    assert at_slack.house.house.assistant.colleagues_like("j", "U0NOBODY") == []


@pytest.mark.parametrize("hostile", ["<!channel> <@U1> *x* <https://evil.example|Undo>", "x" * 10_000])
def test_the_form_shows_what_people_wrote_as_text_and_cut(at_slack: SlackHouse, hostile: str) -> None:
    correct = at_slack.house.house.assistant.correct
    short = hostile[:200]
    correct(1, NOOR, "contacts", [{"name": short, "role": short}])
    correct(1, NOOR, "keywords", [f"{n} {short}"[:200] for n in range(40)])
    correct(1, NOOR, "actions", [{"text": hostile[:2_000]}] * 1 + [{"text": f"{n} {short}"} for n in range(30)])
    correct(1, NOOR, "subject", short)
    correct(1, NOOR, "city", short)
    correct(1, NOOR, "new_account", short)
    view = fixes(at_slack)
    assert list(live_markup(view.data)) == []
    assert sends(at_slack, {"Begin": "15:00"}) == {}
    [visit] = at_slack.house.visits()
    assert (visit.starts, len(visit.keywords), len(visit.actions), visit.city) == (clock(15), 40, 31, short)


def test_the_form_opens_in_time_while_twenty_reports_come_and_are_read(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.dm(at_slack.noor)

    def report(number: int) -> None:
        ts = f"{datetime.now(UTC).timestamp() + number:.6f}"
        at_slack.slack.deliver(
            {
                "type": "message", "channel": channel.id, "channel_type": "im", "user": at_slack.noor.id,
                "text": f"{REPORT}, bericht {number}", "ts": ts, "event_ts": ts,
            }
        )  # fmt: skip

    threads = [threading.Thread(target=report, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    noor = at_slack.slack.human(at_slack.noor)
    noor.clicks("Aanpassen")
    opened = time.monotonic() - began
    at_slack.slack.wait_for(lambda: noor.modal and noor.modal.data.get("submit"), 20)
    for thread in threads:
        thread.join()
    assert opened < SOON_S
    noor.closes()
    at_slack.slack.settle()
