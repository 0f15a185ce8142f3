"""Letting people in: a link by mail or Slack, good once; no password is kept anywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from capture.rights import Viewer, viewer
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, render
from letters.ways import way_to
from store import reps, sessions
from store.db import Db
from store.tables import Rep

SEEN_ANEW = timedelta(hours=12)
"""How often it is kept that a page was looked at: who looks at none leaves digests unread."""
SEND = "sign_in"
"""The job that makes a link and sends it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser was signed in: what it shows from now on, and where its person meant to go."""

    token: str
    place: str


class SigningIn:
    """The use cases. ``url`` is where people reach the pages, without a slash at the end."""

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], clock: Callable[[], datetime], url: str | None
    ) -> None:
        self._db, self._jobs, self._couriers, self._clock, self._url = db, jobs, dict(couriers), clock, url

    @property
    def work(self) -> dict[str, Job]:
        """The job that a worker needs to know. A link is of no use when it comes an hour later."""
        return {SEND: Job(self.send, attempts=5)}

    def ask(self, address: str, place: str = "/") -> None:
        """Have a link sent to this person. Whoever asks is told the same whether there is such a person or not."""
        with self._db.write() as tx:
            rep = reps.by_email(tx, address)
            link_id = sessions.ask_link(tx, rep.id, place, self._clock()) if rep else None
            if link_id is not None:
                self._jobs.enqueue(tx, SEND, str(link_id))

    def send(self, link_id: str) -> None:
        """Make the link and send it: by Slack where the person is there, else by mail."""
        with self._db.write() as tx:
            made = sessions.make_link(tx, int(link_id), self._clock())
            rep = tx.get_one(Rep, made[1].rep_id) if made else None
        if made is None or rep is None:
            return
        via, to = self._way(rep)
        link = f"{self._url}/sign-in/link/{made[0]}"
        try:
            self._couriers[via].send(
                f"sign-in-{link_id}", render("sign_in", rep.language, person=rep.name, link=link), to
            )
        except CourierError as error:
            raise JobError.of(error) from error

    def open(self, token: str, browser: str) -> Opened | None:
        """Sign a browser in by its link; None where the link is used, too old or nobody's."""
        now = self._clock()
        with self._db.write() as tx:
            link = sessions.use_link(tx, token, now)
            if link is None or not tx.get_one(Rep, link.rep_id).active:
                return None
            return Opened(sessions.open_session(tx, link.rep_id, browser, now), link.place)

    def open_as(self, address: str, browser: str) -> str | None:
        """Sign a browser in as somebody whom Slack has vouched for; None where nobody here has that address."""
        with self._db.write() as tx:
            rep = reps.by_email(tx, address)
            return sessions.open_session(tx, rep.id, browser, self._clock()) if rep else None

    def is_good(self, token: str) -> bool:
        """Whether a link could still be used, without using it."""
        with self._db.read() as tx:
            return sessions.find_link(tx, token, self._clock()) is not None

    def who(self, token: str) -> tuple[Viewer, int] | None:
        """Who shows this token, and by which session."""
        now = self._clock()
        with self._db.read() as tx:
            found = sessions.signed_in(tx, token, now)
        if found is None:
            return None
        if found[0].seen_at is None or now - found[0].seen_at >= SEEN_ANEW:
            with self._db.write() as tx:
                sessions.note_seen(tx, found[0].id, now)
        return viewer(found[1]), found[0].id

    def end(self, rep_id: int, session_id: int | None = None) -> int:
        """Sign out one of somebody's browsers, or all of them."""
        with self._db.write() as tx:
            return sessions.end_sessions(tx, rep_id, self._clock(), session_id)

    def _way(self, rep: Rep) -> tuple[str, dict[str, Any]]:
        way = way_to(rep.slack_id, rep.email, self._couriers)
        if way is None:
            raise JobError("neither Slack nor SMTP is set up to send a link by", permanent=True)
        return way
