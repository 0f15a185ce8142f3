"""A clock that was set back leaves no job waiting for the hour to come again."""

from jobs import Jobs
from jobs.queue import Attempt
from jobs.stepped import LONGEST_S, hasten


def put_off(jobs: Jobs, name: str, delay_s: float) -> None:
    with jobs._db.write() as tx:
        jobs.put(tx, Attempt(f"reply:{name}", "reply", name), delay_s)


def test_only_what_waits_for_longer_than_any_job_may_is_due_at_once(jobs: Jobs) -> None:
    put_off(jobs, "patient", LONGEST_S)
    put_off(jobs, "stepped", 3600 + 4)  # four seconds, by a clock that has been set back by an hour since
    assert hasten(jobs) == 1
    due = {one.workflow_id: one.delay_until_epoch_ms for one in jobs.client.list_workflows(status="DELAYED")}
    assert due["reply:patient"] - due["reply:stepped"] > (LONGEST_S - 60) * 1000
    assert hasten(jobs) == 0
