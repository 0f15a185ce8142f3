"""Every chat message of a company sent through Slack: how many needed no tap, one tap, more; how often we asked."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import jsonl
from app.settings import Settings
from app.wiring import House, build
from capture.importing import import_folder
from jobs import worker as pace
from store import captures
from store.db import Tx
from store.migrate import migrate
from store.tables import Account, Contact, Employment, Rep, Visit
from tests.bench.tables import say, table
from tests.cases import Company, companies
from tests.faults.town import ROOT
from tests.scoring import score
from tests.servers.slack import Message, SlackServer, load_manifest
from tests.servers.slack.human import Human
from tests.servers.web import served

Names = dict[tuple[str, str], str]


@dataclass
class Place:
    """One company at its Slack; ``at`` is the moment that the house takes for now."""

    house: House
    slack: SlackServer
    at: datetime
    work: Callable[[], None]

    def names(self, tx: Tx) -> Names:
        """What the world calls accounts and contacts."""
        return jsonl.external_ids(tx)


def taps(folder: Path | None = None) -> None:
    """Print the shares by company; ``folder`` holds another world/ and cases.jsonl than ours."""
    rows = []
    for company in [Company(folder)] if folder else companies():
        with _place(company) as place:
            counted = Counter[str]()
            for case in company.cases:
                if "text" in case:
                    counted += _taken(place, case)
        rows.append((company.name, *_shares(counted)))
        say(f"{company.name}: {counted['messages']} messages")
    table(
        "Chat messages through Slack, % of them",
        ("company", "no tap", "one tap", "more", "asked"),
        rows,
    )


def _shares(counted: Counter[str]) -> tuple[float, ...]:
    return tuple(100 * counted[name] / counted["messages"] for name in ("none", "one", "more", "asked"))


def _taken(place: Place, case: dict[str, Any]) -> Counter[str]:
    """Send one message; count its taps: none where what was filed is right, one where a button makes it so."""
    human = _human(place, case["rep"])
    place.at = datetime.fromisoformat(case["sent_at"]).astimezone(UTC)
    said = human.says(case["text"], at=place.at, raw=True)
    place.work()
    card = _card(place, said)
    asked = card is not None and any(
        str(element.get("action_id", "")) == "account:other"
        for block in card.blocks if block["type"] == "actions" for element in block["elements"]
    )  # fmt: skip
    needed = "none" if _is_right(place, case, said) else "one" if _one_tap(place, case, said, card, human) else "more"
    return Counter({"messages": 1, needed: 1, **({"asked": 1} if asked else {})})


def _one_tap(place: Place, case: dict[str, Any], said: Message, card: Message | None, human: Human) -> bool:
    """Whether one press on the card makes it right: the account that was meant, or Undo of what was no visit."""
    if card is None:
        return False
    for label, value in _buttons(card):
        account = value.partition(":")[2]
        wanted = [visit.get("account") or {} for visit in case["gold"]["visits"]]
        with place.house.db.read() as tx:
            known = {str(row): name for (kind, row), name in place.names(tx).items() if kind == "account"}
        if known.get(account) in {one.get("id") for one in wanted} - {None} or (label == "undo" and not wanted):
            human.clicks(_text(card, value, label), on=card)
            place.work()
            return _is_right(place, case, said)
    return False


def _buttons(card: Message) -> Iterator[tuple[str, str]]:
    """The action and value of each button that chooses an account or takes back."""
    for block in card.blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            family = str(element.get("action_id", "")).partition(":")[0]
            if element["type"] == "button" and family in {"account", "undo"}:
                yield family, str(element.get("value", ""))


def _text(card: Message, value: str, family: str) -> str:
    for block in card.blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element.get("value") == value and str(element.get("action_id", "")).startswith(family):
                return str(element["text"]["text"])
    raise AssertionError(value)


def _card(place: Place, said: Message) -> Message | None:
    answers = [one for one in place.slack.workspace.messages[said.channel] if one.from_app and one.thread_ts == said.ts]
    return answers[-1] if answers else None


def _is_right(place: Place, case: dict[str, Any], said: Message) -> bool:
    """Whether a careful person would have nothing to correct in what is filed now."""
    with place.house.db.read() as tx:
        names = place.names(tx)
        capture = captures.find(tx, "slack", f"{place.slack.workspace.team_id}:{said.channel}:{said.ts}")
        visits = tx.query(Visit).where(Visit.capture_id == capture.id, Visit.withdrawn_at.is_(None))
        filed = [_told(tx, visit, names) for visit in visits.order_by(Visit.position)]
    tally = score([case], {case["id"]: {"id": case["id"], "visits": filed}})
    return bool(tally.hits["zero touch"])


def _told(tx: Tx, visit: Visit, names: Names) -> dict[str, Any]:
    """A visit as the gold tells it; who was new goes by name, as in docs/jsonl.md."""
    account = tx.get(Account, visit.account_id) if visit.account_id else None
    doers = {rep.id: rep.email for rep in tx.query(Rep).all()}
    hours = {name: f"{at:%H:%M}" if (at := getattr(visit, column)) else None for name, column in HOURS.items()}
    return {
        "account": _party(account, "account", names) if account else None,
        **({"ambiguous": [names["account", str(one)] for one in visit.candidates]} if account is None else {}),
        "contacts": [_person(tx.get_one(Contact, line.contact_id), names) for line in visit.contacts],
        "date": visit.on.isoformat(), **hours,
        "type": visit.type, "medium": visit.medium, "outcome": visit.outcome,
        "keywords": [line.term for line in visit.keywords],
        "actions": [
            {"text": one.text, "due": one.due.isoformat() if one.due else None,
             "assignee": None if one.assignee_id == visit.rep_id else doers[one.assignee_id]}
            for one in visit.actions
        ],
        "amounts": [{"value": float(one.value), "currency": one.currency} for one in visit.amounts],
    }  # fmt: skip


HOURS = {"start": "starts", "end": "ends"}


def _party(row: Account | Contact, kind: str, names: Names) -> dict[str, Any]:
    outside = names[kind, str(row.id)]
    return {"name": row.name} if outside.startswith("#") else {"id": outside}


def _person(contact: Contact, names: Names) -> dict[str, Any]:
    job: Employment | None = next(iter(contact.employments), None)
    facts = {
        "role": job.role if job else None,
        "email": next((one.email for one in contact.emails), None),
        "phone": next((one.phone for one in contact.phones), None),
    }
    told = _party(contact, "contact", names)
    return told if "id" in told else {**told, **facts}


def _human(place: Place, email: str) -> Human:
    return place.slack.human(next(one for one in place.slack.workspace.users.values() if one.email == email.lower()))


@contextmanager
def _place(company: Company) -> Iterator[Place]:
    with (
        tempfile.TemporaryDirectory() as folder,
        SlackServer(load_manifest(ROOT / "bot" / "manifest.yaml"), clock_scale=0.001, burst=10_000) as slack,
    ):
        tokens = {"bot_token": slack.bot_token, "signing_secret": slack.signing_secret, "api_url": slack.base_url}
        place: list[Place] = []
        settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/debrief.db", slack=tokens)
        house = build(settings, lambda: place[0].at if place else datetime.now(UTC))
        migrate(house.db)
        house.jobs.prepare()
        import_folder(house.db, company.folder / "world", datetime(2020, 1, 1, tzinfo=UTC))
        _add_people(house, slack)
        worker = house.worker()
        pace.LANE_S = 0.0  # this Slack takes as many messages as come
        worker.start()
        try:
            with served(house.web()) as url:
                slack.events_url = f"{url}/slack/events"
                place.append(Place(house, slack, datetime.now(UTC), lambda: worker.wait_idle(60)))
                yield place[0]
        finally:
            worker.stop()
            house.close()


def _add_people(house: House, slack: SlackServer) -> None:
    """Everybody of the company, under the ids that the messages name them by."""
    with house.db.read() as tx:
        for rep in tx.query(Rep).all():
            slack.add_user(rep.name, rep.email, **({"id": rep.slack_id} if rep.slack_id else {}))
