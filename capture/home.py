"""A person's own page in the chat: what stands on it, what is pressed on it, and when it is shown anew."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from capture import corrections, fixing, teaching
from capture.beside import Beside
from capture.card import question_of
from capture.filing import Filing
from capture.handbook import Handbook
from capture.messages import from_json
from capture.values import CorrectionError
from jobs import JobError, Jobs
from letters import CourierError
from letters.home import (
    LESSONS,
    PROMISES,
    UNFINISHED,
    VISITS,
    Chosen,
    HomePage,
    LessonLine,
    TodoLine,
    UnfinishedVisit,
    VisitLine,
    WaitingVisit,
)
from letters.model import Counter
from letters.todo import RHYTHMS
from letters.wording import LANGUAGES
from store import actions, captures, crm, kinds, lessons, preferences, reps
from store.db import Db, Tx
from store.tables import Account, Action, Capture, Lesson, Rep, Visit
from store.visits import BARE, VisitFilter, list_visits

KEPT_FRESH = timedelta(days=30)
"""The page of somebody who did not look at it for so long is shown anew only when they open it."""
ASKED_ABOUT = timedelta(days=60)
"""How old a visit may be that something is asked about."""
HOURS = ("digest_hour", "quiet_from", "quiet_until")
NONE = "-"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DAYS = 7
Say = Callable[[Tx, Capture, str, str], None]
CounterOf = Callable[[Tx, int, date], Counter]


@dataclass(frozen=True, slots=True)
class AtHome:
    """The use cases of the page. ``sender`` is a person as their medium names them."""

    db: Db
    jobs: Jobs
    beside: Mapping[str, Beside]
    clock: Callable[[], datetime]
    counter: CounterOf
    say: Say
    url: str | None = None

    def page(self, sender: str) -> HomePage | None:
        """The page as it is now; None for somebody who is nobody here."""
        with self.db.read() as tx:
            rep = reps.by_sender(tx, sender)
            return self._page(tx, rep) if rep else None

    def opened(self, sender: str) -> HomePage | None:
        """The same, for somebody who looks at it just now: from then on it is kept fresh."""
        with self.db.write() as tx:
            rep = reps.by_sender(tx, sender)
            if rep is None:
                return None
            preferences.to_change(tx, rep.id).home_opened_at = self.clock()
        return self.page(sender)

    def renew(self, tx: Tx, rep_id: int | None, why: str) -> None:
        """Have the page shown anew where its owner looks at it; once for each ``why``."""
        chosen = preferences.of(tx, rep_id) if rep_id else None
        if chosen and chosen.home_opened_at and self.clock() - chosen.home_opened_at < KEPT_FRESH:
            self.jobs.enqueue(tx, "home", f"{rep_id}:{why}", lane=f"home:{rep_id}")

    def show(self, arg: str, draw: Callable[[HomePage], dict[str, Any]]) -> None:
        """Show the page anew; ``arg`` begins with the id of its owner."""
        with self.db.read() as tx:
            rep = tx.get(Rep, int(arg.partition(":")[0]))
            page = self._page(tx, rep) if rep and rep.active and rep.slack_id else None
        if page is None or rep is None or "slack" not in self.beside:
            return
        try:
            self.beside["slack"].show(rep.slack_id or "", draw(page))
        except CourierError as error:
            raise JobError.of(error) from error

    # ---------------------------------------------------------------------------------------------- what is pressed

    def settle(self, sender: str, action_id: int, how: str) -> None:
        """Let an action be ``done``, due ``tomorrow`` or on a day (ISO 8601), or let it ``drop``.

        By whom it is for, or who promised it.
        """
        with self.db.write() as tx:
            rep, action = self._known(tx, sender), tx.get(Action, action_id)
            visit = tx.get(Visit, action.visit_id) if action else None
            if action is None or visit is None or visit.withdrawn_at is not None or action.state != "open":
                raise CorrectionError("no_action", "This action is not open any more.")
            if rep.id not in {action.assignee_id, visit.rep_id}:
                raise CorrectionError("not_yours", "Only who has to do it can settle it.")
            tomorrow = (self._today(rep) + timedelta(days=1)).isoformat()
            wanted = {"done": {"state": "done"}, "drop": {"state": "dropped"}, "tomorrow": {"due": tomorrow}}
            change = {"due": how} if DAY.fullmatch(how) else wanted.get(how)
            if change is None:
                raise CorrectionError("unknown", "This button does nothing any more.")
            capture = captures.of(tx, visit.capture_id)
            road = Filing(tx, capture, from_json(capture.message), rep, self.clock())
            corrections.correct(road, visit, "action", {"id": action.id, **change}, None)
            tx.flush()
            self.say(tx, capture, "renew", f"{capture.id}:{fixing.version_of(tx, visit)}")

    def choose(self, sender: str, what: str, value: Any) -> None:
        """Keep what a person chose; ``-`` leaves it to the house.

        It is ``language``, ``working_days`` (0 is Monday), an hour of `HOURS`, ``digest_rhythm`` or
        ``brief_when``.
        """
        with self.db.write() as tx:
            rep = self._known(tx, sender)
            chosen = preferences.to_change(tx, rep.id)
            if what == "language" and value in LANGUAGES:
                rep.language = value
                crm.touch(tx)
            elif what == "working_days" and set(value) <= {str(day) for day in range(DAYS)}:
                rep.working_days = sorted(int(day) for day in value)
            elif what in HOURS and (value == NONE or (str(value).isdecimal() and int(value) < 24)):  # noqa: PLR2004
                setattr(chosen, what, None if value == NONE else int(value))
            elif what == "digest_rhythm" and value in {*RHYTHMS, NONE}:
                chosen.digest_rhythm = None if value == NONE else value
            elif what == "brief_when" and value in {"hour", NONE}:
                chosen.brief_when = None if value == NONE else value
            else:
                raise CorrectionError("unknown", "This cannot be chosen.")
            if what in {"language", "working_days"}:
                chosen.own = sorted({*chosen.own, what})

    def forget(self, sender: str, lesson_id: int) -> None:
        """Let what a correction of this person taught hold no more."""
        with self.db.write() as tx:
            rep, lesson = self._known(tx, sender), tx.get(Lesson, lesson_id)
            if lesson is None or lesson.revoked_at is not None:
                raise CorrectionError("gone", "This was forgotten already.")
            if tx.get_one(Visit, lesson.visit_id).rep_id != rep.id:
                raise CorrectionError("not_yours", "Only who taught it can have it forgotten here.")
            teaching.forget(tx, lesson, self.clock(), f"rep:{rep.id}")

    @staticmethod
    def _known(tx: Tx, sender: str) -> Rep:
        rep = reps.by_sender(tx, sender)
        if rep is None:
            raise CorrectionError("not_yours", "Only people who report here can do this.")
        return rep

    # ------------------------------------------------------------------------------------------- what stands on it

    def _today(self, rep: Rep) -> date:
        return self.clock().astimezone(ZoneInfo(rep.timezone)).date()

    def _page(self, tx: Tx, rep: Rep) -> HomePage:
        today = self._today(rep)
        labels = kinds.labels(tx, rep.language)
        taught = lessons.listed(tx, taught_by=rep.id)
        todo = actions.open_of(tx, rep.id, PROMISES)
        listed = list_visits(tx, VisitFilter(rep_id=rep.id), size=VISITS).visits
        return HomePage(
            name=rep.name.split()[0] if rep.name.split() else rep.name,
            today=today,
            counter=self.counter(tx, rep.id, today),
            days=_days(tx, rep, today),
            waiting=tuple(_waiting(tx, rep, self.clock() - ASKED_ABOUT)),
            unfinished=tuple(_unfinished(tx, rep, today)),
            todos=tuple(_todo(one, today) for one in todo),
            more_todos=max(0, actions.count_open(tx, rep.id) - len(todo)),
            visits=tuple(
                VisitLine(
                    id=one.visit.id, number=one.visit.number, on=one.visit.on, account=one.account,
                    facts=tuple(
                        fact for family in ("type", "outcome")
                        if (fact := labels.get((family, getattr(one.visit, family) or "")))
                    ),
                )
                for one in listed
            ),
            lessons=tuple(
                LessonLine(id=one.lesson.id, said=one.lesson.said, meaning=one.meaning, kind=one.lesson.kind)
                for one in taught[:LESSONS]
            ),
            more_lessons=max(0, len(taught) - LESSONS),
            chosen=_chosen(tx, rep),
            url=self.url,
        )  # fmt: skip


def _chosen(tx: Tx, rep: Rep) -> Chosen:
    chosen = preferences.of(tx, rep.id)
    own = {name: getattr(chosen, name) for name in (*HOURS, "digest_rhythm", "brief_when")} if chosen else {}
    return Chosen(language=rep.language, working_days=tuple(rep.working_days), **own)


def _days(tx: Tx, rep: Rep, today: date) -> tuple[tuple[date, int], ...]:
    """This week's days with the visits of each: those at work, and others on which there were any."""
    monday = today - timedelta(days=today.weekday())
    week = [monday + timedelta(days=n) for n in range(DAYS)]
    held = (Visit.rep_id == rep.id, Visit.withdrawn_at.is_(None), Visit.status == "held")
    counted = select(Visit.on, func.count(Visit.id)).where(*held, Visit.on.between(week[0], week[-1]))
    done = dict(tx.execute(counted.group_by(Visit.on)).all())
    return tuple((day, done.get(day, 0)) for day in week if day.weekday() in rep.working_days or day in done)


def _waiting(tx: Tx, rep: Rep, since: datetime) -> list[WaitingVisit]:
    """The latest visits of which something is asked, the oldest of them first."""
    recent = select(Visit).where(Visit.rep_id == rep.id, Visit.withdrawn_at.is_(None), Visit.created_at >= since)
    found = []
    for visit in tx.scalars(recent.order_by(Visit.id.desc()).options(*BARE)):
        question = question_of(tx, visit) if visit.account_id is None or visit.candidates else None
        if question is not None:
            stamp = hashlib.sha256(repr((question, visit.on)).encode()).hexdigest()[:8]
            told: dict[str, Any] = {"on": visit.on, "account": _account_of(tx, visit), "said": visit.report}
            found.append(WaitingVisit(id=visit.id, stamp=stamp, question=question, **told))
    return found[::-1]


def _unfinished(tx: Tx, rep: Rep, today: date) -> Iterator[UnfinishedVisit]:
    """The latest visits that lack what the handbook wants told; nothing is asked where it wants nothing."""
    book = Handbook.read(tx)
    if not any(rule.about == "mandatory" for rule in book.rules):
        return
    wanted = VisitFilter(rep_id=rep.id, unfinished=True, since=today - ASKED_ABOUT)
    for one in list_visits(tx, wanted, size=UNFINISHED).visits:
        visit = tx.get_one(Visit, one.visit.id)
        account = tx.get(Account, visit.account_id) if visit.account_id else None
        lacks = book.of_visit(visit, account, rep.language)
        yield UnfinishedVisit(id=visit.id, number=visit.number, on=visit.on, account=one.account, lacks=lacks)


def _account_of(tx: Tx, visit: Visit) -> str | None:
    """The name of the visit's account."""
    account = tx.get(Account, visit.account_id) if visit.account_id else None
    return account.name if account else None


def _todo(one: actions.Todo, today: date) -> TodoLine:
    due = one.action.due
    return TodoLine(
        id=one.action.id, text=one.action.text, account=one.account, due=due, late=due is not None and due < today
    )
