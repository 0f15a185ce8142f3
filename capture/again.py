"""What is read once more for what happened after: somebody says that it is a visit, or a clip has its words by now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from jobs import Jobs
from jobs.queue import Attempt
from store import captures, changes
from store.db import Db, Tx
from store.tables import Capture

WORDLESS = ("private", "file", "voice", "away")
"""Reasons against a report that nobody can overrule: there is nothing to read."""
LISTENED_FOR = timedelta(days=7)
"""How long after a clip came its words still make a report."""


@dataclass(frozen=True, slots=True)
class Again:
    """The use cases."""

    db: Db
    jobs: Jobs
    clock: Callable[[], datetime]

    def want(self, capture_id: int) -> bool:
        """Have a message filed as a visit that was judged to be none; False where there is nothing to overrule."""
        with self.db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            if is_wanted(capture) or capture.state not in {"taken", "nothing"} or capture.not_a_report in WORDLESS:
                return False
            capture.reply_to = {**capture.reply_to, "wanted": True}
            if capture.state == "nothing":
                changes.note(
                    tx, at=self.clock(), by=f"rep:{capture.rep_id}", record=("capture", capture_id), field="state",
                    old="nothing", new="taken",
                )  # fmt: skip
                capture.state, capture.not_a_report = "taken", None
                self._put(tx, "file", capture_id)
            return True

    def heard(self, via: str, file_id: str) -> None:
        """Listen anew to the clip that ``via`` calls ``file_id``, where it was given up for one without words."""
        with self.db.read() as tx:  # Slack tells of every change of every file, and few are waited for
            found = [
                capture.id
                for capture in captures.unheard(tx, via, self.clock() - LISTENED_FOR)
                if file_id in [one.get("id") for one in capture.reply_to.get("files", ())]
            ]
        if found:
            with self.db.write() as tx:
                for capture_id in found:
                    self._put(tx, "fetch", capture_id)

    def _put(self, tx: Tx, job: str, capture_id: int) -> None:
        # Not under the job's usual name: what was done once under it is not done again.
        self.jobs.put(tx, Attempt(f"{job}:{capture_id}:again-{uuid4().hex[:12]}", job, str(capture_id)))


def is_wanted(capture: Capture) -> bool:
    """Whether somebody said that the message reports a visit, whatever speaks against it."""
    return bool(capture.reply_to.get("wanted"))
