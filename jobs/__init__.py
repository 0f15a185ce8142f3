"""Work that must not be lost: queued in the caller's transaction, done by a worker, shelved at last."""

from jobs.queue import Jobs, ShelvedJob
from jobs.worker import Job, JobError, Worker

__all__ = ["Job", "JobError", "Jobs", "ShelvedJob", "Worker"]
