"""What the letter about somebody who seems gone is made from."""

from datetime import date

from capture.leavers import last_said, may_undo, named_successor
from capture.reviewing import liveliness_at
from letters.model import Leaver, LeaverSign, SeenLine
from store import signs
from store.db import Tx
from store.tables import Account, Contact, Employment


def leaver_of(tx: Tx, job: Employment, today: date) -> Leaver:
    """What is known of one employment: why the person seems gone, who met them, and what was said since."""
    contact, account = tx.get_one(Contact, job.contact_id), tx.get_one(Account, job.account_id)
    follower = tx.get(Contact, job.successor_id) if job.successor_id else None
    settled = job.until is not None or job.stale_since is None
    signed = liveliness_at(tx, contact, job, today).signs
    return Leaver(
        employment_id=job.id, name=contact.name, role=job.role, account=account.name, account_id=account.id,
        signs=tuple(LeaverSign(kind=one.kind, on=one.on, words=one.words, proved=one.proved) for one in signed),
        seen=tuple(SeenLine(rep=one.rep, on=one.on) for one in signs.met_by(tx, contact.id)),
        proposed=(named_successor(tx, contact) or {}).get("name"), left=job.until,
        successor=follower.name if follower else None, employer=_employer(tx, job),
        still=job.until is None and job.stale_since is None, address=_new_address(tx, contact, job),
        undo=settled and may_undo(tx, job, contact, today),
    )  # fmt: skip


def _employer(tx: Tx, job: Employment) -> str | None:
    """Where somebody who left works since."""
    until = job.until
    if until is None:
        return None
    jobs = signs.jobs_of(tx, job.contact_id)
    later = [account.name for one, account in jobs if one.id != job.id and one.since is not None and one.since >= until]
    return later[-1] if later else None


def _new_address(tx: Tx, contact: Contact, job: Employment) -> str | None:
    """The address that was told last of somebody who works there still."""
    if job.until is not None or job.stale_since is not None:
        return None
    changed = [one.new for one in last_said(tx, job, contact) if one.field == "emails" and one.new]
    return str(changed[-1][0]) if changed else None
