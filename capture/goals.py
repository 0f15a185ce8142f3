"""What is owed: setting targets and intervals, signing targets off, and days off; each by those who may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from capture.rights import Reach, Viewer, people
from capture.values import CorrectionError
from capture.wanting import GRADES, Wanted, check, rows
from store import changes, intervals, targets
from store.db import Db, Tx
from store.tables import Account, DayOff, Rep, Target, VisitInterval

LONGEST = 366 * 3
"""Days of an interval, and of days off at once."""


@dataclass(frozen=True, slots=True)
class Goals:
    """The use cases. ``at`` names the place where nobody signs in, ``web`` or ``command``.

    Each raises `CorrectionError` with the reason in words where it cannot be done, or not by ``who``.
    """

    db: Db
    clock: Callable[[], datetime]
    at: str = "web"

    def set(self, who: Viewer, wanted: Wanted) -> list[int]:
        """Let a target hold from its first day on; the ids. One that was signed off gives way only with a reason."""
        with self.db.write() as tx:
            check(tx, wanted)
            return [self._put(tx, who, target).id for target in rows(tx, wanted)]

    def end(self, who: Viewer, target_id: int, last: date) -> None:
        """Let a target hold no longer than to its ``last`` day."""
        with self.db.write() as tx:
            target = self._mine(tx, who, target_id)
            if target.signed_at is not None:
                raise CorrectionError("signed", "It was signed off: set a new one, with the reason.")
            self._note(tx, who, ("target", target.id), "until", old=_iso(target.until), new=last.isoformat())
            target.until = last

    def sign(self, who: Viewer, target_id: int) -> None:
        """Sign a target off: from now on it stays as it is, and commission may be paid by it."""
        with self.db.write() as tx:
            target = self._mine(tx, who, target_id)
            if target.signed_at is not None:
                raise CorrectionError("signed", "It was signed off already.")
            target.signed_at, target.signed_by = self.clock(), self._by(who)
            self._note(tx, who, ("target", target.id), "signed_at", new=target.signed_at.isoformat())

    def set_interval(
        self, who: Viewer, days: int | None, *, grade: str | None = None, account_id: int | None = None
    ) -> None:
        """Let customers of a class, or one account, be visited every so many days; None: not at all."""
        if days is not None and not 1 <= days <= LONGEST:
            raise CorrectionError("days", f"An interval is 1 to {LONGEST} days.")
        if (grade is None) is (account_id is None) or (grade is not None and grade not in GRADES):
            raise CorrectionError("grade", "It is for a class, A to E, or for one account.")
        with self.db.write() as tx:
            self._may_set_interval(tx, who, account_id)
            kept = intervals.find(tx, grade, account_id)
            old = kept.days if kept else None
            if kept is None:
                kept = VisitInterval(
                    grade=grade, account_id=account_id, days=days, set_at=self.clock(), set_by=self._by(who)
                )
                tx.add(kept)
            kept.days, kept.set_at, kept.set_by = days, self.clock(), self._by(who)
            tx.flush()
            self._note(tx, who, ("interval", kept.id), "days", old=old, new=days)

    def drop_interval(self, who: Viewer, interval_id: int) -> None:
        """Let there be no interval any more: of an account that of its class holds again."""
        with self.db.write() as tx:
            kept = tx.get(VisitInterval, interval_id)
            if kept is None:
                raise CorrectionError("gone", "It is gone already.")
            self._may_set_interval(tx, who, kept.account_id)
            self._note(tx, who, ("interval", kept.id), "days", old=kept.days)
            tx.delete(kept)

    def take_off(self, who: Viewer, rep_id: int, first: date, last: date) -> None:
        """Let somebody be off from the first day to the last: themselves, or those whose targets one may set."""
        if not first <= last or (last - first).days > LONGEST:
            raise CorrectionError("days", "The last day comes before the first, or years after it.")
        with self.db.write() as tx:
            self._may_speak_for(tx, who, rep_id)
            same = (DayOff.rep_id == rep_id, DayOff.first == first, DayOff.last == last)
            if tx.scalar(select(DayOff.id).where(*same)) is None:
                tx.add(DayOff(rep_id=rep_id, first=first, last=last))

    def take_back(self, who: Viewer, day_off_id: int) -> None:
        """Let days off be working days again."""
        with self.db.write() as tx:
            kept = tx.get(DayOff, day_off_id)
            if kept is None:
                raise CorrectionError("gone", "They are gone already.")
            self._may_speak_for(tx, who, kept.rep_id)
            tx.delete(kept)

    # ---------------------------------------------------------------------------------------------------- who may

    def _put(self, tx: Tx, who: Viewer, target: Target) -> Target:
        if not may_set(tx, who, target):
            raise CorrectionError("not_yours", "This target is not yours to set.")
        held = targets.before(tx, target)
        if held is not None and held.signed_at is not None and not target.reason:
            raise CorrectionError("reason", "What holds now was signed off: a new one needs a reason.")
        old = str(held.value) if held else None
        target.set_at, target.set_by = self.clock(), self._by(who)
        kept = targets.put(tx, target)
        self._note(tx, who, ("target", kept.id), "value", old=old, new=str(kept.value), words=target.reason)
        return kept

    def _mine(self, tx: Tx, who: Viewer, target_id: int) -> Target:
        target = tx.get(Target, target_id)
        if target is None:
            raise CorrectionError("gone", "There is no such target.")
        if not may_set(tx, who, target):
            raise CorrectionError("not_yours", "This target is not yours to change.")
        return target

    @staticmethod
    def _may_set_interval(tx: Tx, who: Viewer, account_id: int | None) -> None:
        """A class's are set by those who may for all, an account's also by its owner's manager."""
        whose = people(tx, who, "edit", "progress")
        if whose is None:
            return
        account = tx.get(Account, account_id) if account_id else None
        if account is None or account.owner_id not in whose:
            raise CorrectionError("not_yours", "This interval is not yours to set.")

    @staticmethod
    def _may_speak_for(tx: Tx, who: Viewer, rep_id: int) -> None:
        whose = people(tx, who, "edit", "progress")
        if tx.get(Rep, rep_id) is None or not (
            (who.rep_id == rep_id and who.may("edit", "own")) or whose is None or rep_id in whose
        ):
            raise CorrectionError("not_yours", "These days are not yours to set.")

    def _by(self, who: Viewer) -> str:
        return f"rep:{who.rep_id}" if who.rep_id else self.at

    def _note(self, tx: Tx, who: Viewer, record: tuple[str, int], field: str, **values: Any) -> None:
        changes.note(tx, at=self.clock(), by=self._by(who), record=record, field=field, **values)


def may_set(tx: Tx, who: Viewer, target: Target) -> bool:
    """Whether it is theirs to set: of a rep of theirs, of a team that is theirs whole, of the house those of all."""
    whose = people(tx, who, "edit", "progress")
    if whose is None:
        return True
    if target.level == "rep":
        return target.rep_id in whose and target.rep_id != who.rep_id
    if target.level == "team":
        members = set(tx.scalars(select(Rep.id).where(Rep.team == target.team, Rep.active)))
        return bool(members) and members <= whose
    return who.may("edit", "progress") is Reach.ALL


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
