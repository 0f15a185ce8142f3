"""Filling an empty house with the sample company, so that every page has something true to show."""

from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import as_file

from sqlalchemy import select

from app import sample
from app.wiring import House
from capture.importing import import_folder
from mail_ingest.reading import read_mail
from parsing.model import Message
from store.db import Tx
from store.tables import Account, Rep, Target
from store.targets import set_target

VISITS_A_WEEK = 10


def load_sample(house: House) -> int:
    """Bring in the sample company and its fortnight of messages; return how many. Again is harmless."""
    now = house.clock()
    with as_file(sample.HERE) as folder:
        import_folder(house.db, folder, now)
    with house.db.write() as tx:
        _set_targets(tx, now.date() - timedelta(days=30))
    count = 0
    for count, said in enumerate(sample.captures(now.date()), start=1):
        if said.sent_at <= now:
            message = _message(said, f"sample-{said.sent_at.date()}-{count}")
            house.assistant.accept(message, raw=said.raw)
    return count


def is_empty(house: House) -> bool:
    """Whether nobody and no customer is known here yet."""
    with house.db.read() as tx:
        return tx.scalar(select(Rep.id).limit(1)) is None and tx.scalar(select(Account.id).limit(1)) is None


def _message(said: sample.SampleCapture, source_id: str) -> Message:
    # Told by the pages' own chat: there is no Slack and no mail server to answer by.
    if said.raw is not None:
        return replace(read_mail(said.raw).message(rep=said.rep, sent_at=said.sent_at), via="web", source_id=source_id)
    return Message(via="web", rep=said.rep, sent_at=said.sent_at, text=said.text or "", source_id=source_id)


def _set_targets(tx: Tx, since: date) -> None:
    for rep in tx.scalars(select(Rep).where(Rep.role == "rep")):
        if tx.scalar(select(Target.id).where(Target.rep_id == rep.id)) is None:
            set_target(tx, rep.id, "week", VISITS_A_WEEK, since)
