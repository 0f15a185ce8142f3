"""What was put off by a clock that has since been set back would wait until that hour comes again: it is due now."""

import logging
import time

from jobs.queue import Jobs

log = logging.getLogger("debrief.jobs")

LONGEST_S = 1800.0
"""Nothing is put off for longer than this."""
SLACK_S = 60.0
"""By so much the clocks of two machines may differ."""


def hasten(jobs: Jobs) -> int:
    """Have those jobs due now that wait for longer than any may, or that were queued in the future; their number.

    The engine notes by the clock of the moment until when a job waits.
    """
    now = time.time()
    late = jobs.delayed_beyond(until=now + LONGEST_S + SLACK_S, queued=now + SLACK_S)
    for one in late:
        jobs.client.set_workflow_delay(one, delay_seconds=0.0)
    if late:
        log.warning("the clock was set back: %d jobs that waited for it are due now", len(late))
    return len(late)
