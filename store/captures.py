"""Taking in: what was said is kept before anything else happens to it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import undefer

from store.db import Tx, insert_into
from store.tables import Attachment, Blob, Capture, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it came with a message."""

    name: str
    content_type: str
    data: bytes


def take(
    tx: Tx, values: dict[str, Any], files: Sequence[File] = (), origins: Sequence[str] = ()
) -> tuple[Capture, bool]:
    """The capture of this ``via`` and ``source_id``, and whether this call made it.

    Two deliveries at the same instant meet at the unique key: one of them inserts, the other finds.
    """
    statement = insert_into(tx, Capture).values(**values).on_conflict_do_nothing(index_elements=["via", "source_id"])
    capture = tx.scalar(statement.returning(Capture))
    if capture is None:
        return find(tx, values["via"], values["source_id"]), False
    if origins:
        tx.execute(insert(Origin), [{"capture_id": capture.id, "key": key} for key in origins])
    if files:
        attach(tx, capture, files)
    return capture, True


def attach(tx: Tx, capture: Capture, files: Sequence[File]) -> None:
    """Keep files with a message."""
    capture.attachments.extend(_attach(tx, file) for file in files)
    tx.flush()


def copy_attachments(tx: Tx, of: Capture, to: Capture) -> None:
    """Have what came with one message stand with another one too; what is there already stays once."""
    there = {(one.sha256, one.name) for one in to.attachments}
    to.attachments.extend(
        Attachment(sha256=one.sha256, name=one.name, content_type=one.content_type, size_bytes=one.size_bytes)
        for one in of.attachments
        if (one.sha256, one.name) not in there
    )
    tx.flush()


def of(tx: Tx, capture_id: int) -> Capture:
    """The capture of this id; raises NoResultFound."""
    return tx.get_one(Capture, capture_id)


def find(tx: Tx, via: str, source_id: str) -> Capture:
    """The capture of what ``via`` calls ``source_id``; raises NoResultFound."""
    return tx.scalars(select(Capture).where(Capture.via == via, Capture.source_id == source_id)).one()


def seek(tx: Tx, via: str, source_id: str) -> Capture | None:
    """The capture of what ``via`` calls ``source_id``, if it was taken in."""
    return tx.scalar(select(Capture).where(Capture.via == via, Capture.source_id == source_id))


def unheard(tx: Tx, via: str, since: datetime) -> Sequence[Capture]:
    """The messages taken in since then that are voice clips without words."""
    voice = (Capture.state == "nothing", Capture.not_a_report == "voice")
    return tx.scalars(select(Capture).where(Capture.via == via, Capture.taken_at >= since, *voice)).all()


def reply_id(capture_id: int) -> str:
    """The name of the letter that answers a message."""
    return f"reply-{capture_id}"


def raw(tx: Tx, capture_id: int) -> bytes | None:
    """The message as it came: a whole mail, or a Slack event as JSON."""
    return tx.scalars(select(Capture).where(Capture.id == capture_id).options(undefer(Capture.raw))).one().raw


def count(
    tx: Tx, sender: str, states: Sequence[str], *,
    taken_since: datetime | None = None, sent: tuple[datetime, datetime] | None = None, proved: bool = False,
) -> int:  # fmt: skip
    """How many messages of this sender are in one of these states: taken in since then, sent between those moments.

    ``proved``: only those that are sure to be theirs.
    """
    wanted = select(func.count(Capture.id)).where(Capture.sender == sender, Capture.state.in_(states))
    if taken_since is not None:
        wanted = wanted.where(Capture.taken_at >= taken_since)
    if sent is not None:
        wanted = wanted.where(Capture.sent_at >= sent[0], Capture.sent_at <= sent[1])
    if proved:
        wanted = wanted.where(Capture.problem.is_(None))
    return tx.scalar(wanted) or 0


def ids_in_states(
    tx: Tx, states: Sequence[str], *, rep_id: int | None = None, since: datetime | None = None, after: int = 0,
    most: int = 500,
) -> list[int]:  # fmt: skip
    """Messages in one of these states in the order they came, from those behind ``after`` on."""
    wanted = select(Capture.id).where(Capture.state.in_(states), Capture.id > after)
    if rep_id is not None:
        wanted = wanted.where(Capture.rep_id == rep_id)
    if since is not None:
        wanted = wanted.where(Capture.taken_at >= since)
    return list(tx.scalars(wanted.order_by(Capture.id).limit(most)))


def in_states(tx: Tx, states: Sequence[str], most: int = 200) -> list[Capture]:
    """The newest messages in one of these states."""
    return list(tx.scalars(select(Capture).where(Capture.state.in_(states)).order_by(Capture.id.desc()).limit(most)))


def _attach(tx: Tx, file: File) -> Attachment:
    digest = hashlib.sha256(file.data).hexdigest()
    if tx.get(Blob, digest) is None:
        tx.add(Blob(sha256=digest, data=file.data))
        tx.flush()
    return Attachment(sha256=digest, name=file.name, content_type=file.content_type, size_bytes=len(file.data))
