"""When one of us leaves: what they had goes to somebody else in one step, and can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from capture.rights import Reach, Viewer, people, viewer
from capture.values import CorrectionError
from jobs import Jobs
from store import changes, crm, sessions, steps
from store.db import Db, Tx
from store.sight import among, team_of
from store.steps import Journal
from store.tables import Account, Action, ApiToken, Employment, Rep, Step, Visit


@dataclass(frozen=True, slots=True)
class Handed:
    """What would go over, or went: how many of each."""

    accounts: int
    actions: int
    questions: int
    """Reports of whose account nobody has told yet: the other one is asked from now on."""
    planned: int
    """Visits that are planned."""
    gone: int
    """Contacts who seem gone, of whom the owner of the account was asked."""
    reports: int
    """People whose manager they are."""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all."""
        return not any((self.accounts, self.actions, self.questions, self.planned, self.gone, self.reports))


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who does it, when, in which transaction."""

    tx: Tx
    at: datetime
    by: str

    def note(self, record: str, record_id: int, field: str, *, old: Any, new: Any) -> None:
        changes.note(self.tx, at=self.at, by=self.by, record=(record, record_id), field=field, old=old, new=new)


class Handover:
    """The use cases. Without ``who`` whoever sits at the machine does it."""

    def __init__(self, db: Db, jobs: Jobs, clock: Callable[[], datetime]) -> None:
        self._db, self._jobs, self._clock = db, jobs, clock

    def preview(self, from_id: int, to_id: int, who: Viewer) -> Handed:
        """What `hand_over` would do. Raises `CorrectionError` where it would not."""
        with self._db.read() as tx:
            _both(tx, from_id, to_id, who)
            return _counted(tx, from_id)

    def hand_over(self, from_id: int, to_id: int, who: Viewer) -> tuple[int, Handed]:
        """Let somebody have what the leaver had; the step, and what went over. Raises `CorrectionError`.

        The leaver is one of us no more: nothing is taken from them, no digest goes to them, and their browsers and
        programs are signed out. What they reported stays theirs.
        """
        now, by = self._clock(), who.by
        with self._db.write() as tx:
            crm.touch(tx)  # first: of two who do the same at once the second waits here
            hand = _Hand(tx, now, by)
            leaver, heir = _both(tx, from_id, to_id, who)
            handed = _counted(tx, from_id)
            journal = Journal(tx)
            gone = _gone_at_accounts(tx, from_id)
            _move(hand, journal, leaver, heir)
            journal.change(steps.table_of("reps"), {"id": from_id}, {"active": False})
            step = Step(kind="handover", from_id=from_id, to_id=to_id, at=now, by=by, journal=journal.entries)
            tx.add(step)
            tx.flush()
            _sign_out(tx, from_id, now)
            self._ask(hand, gone, heir, step.id)
            tx.expire_all()
            return step.id, handed

    def undo(self, step_id: int, who: Viewer) -> int:
        """Take it back; how many rows stay as they are, as they were changed since. Raises `CorrectionError`.

        Browsers and programs stay signed out: whoever comes back signs in again.
        """
        now = self._clock()
        with self._db.write() as tx:
            crm.touch(tx)
            step = tx.get(Step, step_id)
            if step is None or step.kind != "handover" or step.undone_at is not None:
                raise CorrectionError("gone", "This was taken back already.")
            _may(tx, step.from_id, step.to_id, who)
            leaver, heir = tx.get_one(Rep, step.from_id), tx.get_one(Rep, step.to_id)
            hand = _Hand(tx, now, who.by)
            _note_back(hand, step, heir.name, leaver.name)
            failed = steps.undo(tx, step.journal)
            step.undone_at, step.undone_by = now, who.by
            self._ask(hand, _gone_at_accounts(tx, step.from_id), leaver, step_id)
            return failed

    def _ask(self, hand: _Hand, gone: list[Employment], owner: Rep, step_id: int) -> None:
        """Ask the one who has the accounts now of those who seem gone there, in a letter of their own."""
        for job in gone:
            since = job.stale_since.isoformat() if job.stale_since else None
            hand.note("employment", job.id, "stale_since", old=since, new=since)
            lane = owner.slack_id or owner.email
            self._jobs.enqueue(hand.tx, "ask_owner", f"{job.id}:handover-{step_id}-{owner.id}", lane=lane)


def _both(tx: Tx, from_id: int, to_id: int, who: Viewer) -> tuple[Rep, Rep]:
    _may(tx, from_id, to_id, who)
    leaver, heir = tx.get(Rep, from_id), tx.get(Rep, to_id)
    if leaver is None or heir is None or not heir.active:
        raise CorrectionError("no_rep", "This is nobody here.")
    if from_id == to_id:
        raise CorrectionError("twice", "Nobody hands over to themselves.")
    if from_id == who.rep_id:
        raise CorrectionError("not_yours", "Nobody ends their own work here: ask your manager or an administrator.")
    return leaver, heir


def _may(tx: Tx, from_id: int, to_id: int, who: Viewer) -> None:
    whose = people(tx, who, "edit", "progress")
    if not among(whose, from_id) or not among(whose, to_id):
        raise CorrectionError("not_yours", "That is for their manager or an administrator to do.")
    leaver = tx.get(Rep, from_id)
    # Operators and administrators reach further than whoever is noted down as their manager.
    if whose is not None and leaver is not None and viewer(leaver).may("edit", "person") is Reach.ALL:
        raise CorrectionError("not_yours", "That is for an administrator to do.")


def _accounts(from_id: int) -> Select[Any]:
    return select(Account.id).where(Account.owner_id == from_id)


def _actions(from_id: int) -> Select[Any]:
    # Also those of visits that were taken back: who restores one finds them with the one who has them now.
    return select(Action.id).where(Action.assignee_id == from_id, Action.state == "open")


def _questions(from_id: int) -> Select[Any]:
    asked = (Visit.rep_id == from_id, Visit.account_id.is_(None), Visit.withdrawn_at.is_(None))
    return select(Visit.id).where(*asked, Visit.status != "planned")


def _planned(from_id: int) -> Select[Any]:
    return select(Visit.id).where(Visit.rep_id == from_id, Visit.status == "planned", Visit.withdrawn_at.is_(None))


def _reports(from_id: int) -> Select[Any]:
    return select(Rep.id).where(Rep.manager_id == from_id)


def _gone_at_accounts(tx: Tx, owner_id: int) -> list[Employment]:
    """Who seems gone at the accounts of this person, and nobody has said of yet."""
    statement = (
        select(Employment)
        .join(Account, Account.id == Employment.account_id)
        .where(Account.owner_id == owner_id, Account.retired_at.is_(None))
        .where(Employment.stale_since.is_not(None), Employment.until.is_(None))
        .order_by(Employment.id)
    )
    return list(tx.scalars(statement))


def _counted(tx: Tx, from_id: int) -> Handed:
    def count(query: Select[Any]) -> int:
        return tx.scalar(select(func.count()).select_from(query.subquery())) or 0

    wanted = (_accounts, _actions, _questions, _planned)
    accounts, actions, questions, planned = (count(one(from_id)) for one in wanted)
    gone = len(_gone_at_accounts(tx, from_id))
    return Handed(accounts, actions, questions, planned, gone, count(_reports(from_id)))


def _move(hand: _Hand, journal: Journal, leaver: Rep, heir: Rep) -> None:
    """Write the other one into every row, and into the history of what is looked at by itself."""
    below = heir.id in team_of(hand.tx, leaver.id)
    moves = (
        ("accounts", _accounts, "owner_id"), ("actions", _actions, "assignee_id"), ("visits", _questions, "rep_id"),
        ("visits", _planned, "rep_id"), ("reps", _reports, "manager_id"),
    )  # fmt: skip
    for table, wanted, column in moves:
        for row_id in hand.tx.scalars(wanted(leaver.id)).all():
            if table == "reps" and row_id == heir.id:
                continue  # nobody is their own manager
            journal.change(steps.table_of(table), {"id": row_id}, {column: heir.id})
            if table == "accounts":
                hand.note("account", row_id, "owner", old=leaver.name, new=heir.name)
            elif table == "visits":
                hand.note("visit", row_id, "rep_id", old=leaver.id, new=heir.id)
    if below:  # however far: whoever leads the leaver leads the heir from then on, and nobody leads in a circle
        journal.change(steps.table_of("reps"), {"id": heir.id}, {"manager_id": leaver.manager_id})


def _note_back(hand: _Hand, step: Step, heir: str, leaver: str) -> None:
    """Tell in the history of what went over that it goes back."""
    for entry in step.journal:
        if entry["table"] == "accounts":
            hand.note("account", entry["key"]["id"], "owner", old=heir, new=leaver)
        elif entry["table"] == "visits":
            hand.note("visit", entry["key"]["id"], "rep_id", old=step.to_id, new=step.from_id)


def _sign_out(tx: Tx, rep_id: int, now: datetime) -> None:
    sessions.end_sessions(tx, rep_id, now)
    tx.execute(update(ApiToken).where(ApiToken.rep_id == rep_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now))
