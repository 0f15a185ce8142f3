"""Work that must not be lost: put on the queue in the caller's transaction, done by a worker, shelved when it gave up."""

from jobs.queue import Jobs, ShelvedJob
from jobs.worker import Job, JobError, Worker

__all__ = ["Job", "JobError", "Jobs", "ShelvedJob", "Worker"]
