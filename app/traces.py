"""One message as a trace across processes, where `DEBRIEF_TRACES_URL` is set: OpenTelemetry, by OTLP over HTTP.

Nothing is handed on between processes: the trace of a message is named after its capture, which all of them know. Spans
say which job it was and which capture, never what somebody wrote.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from capture import Assistant
from jobs import Job
from store import secrets
from store.db import Db

OF_A_CAPTURE = frozenset({"fetch", "file", "refile", "renew", "reply"})
"""Jobs whose argument begins with a capture's id."""


class Traces:
    """The spans of this process."""

    def __init__(self, db: Db, url: str, service: str = "debrief") -> None:
        self._db = db
        self._ids = _Named()
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": service}), id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
        self._tracer = self._provider.get_tracer("debrief")

    def accepted(self, capture_id: int, began_ns: int) -> None:
        """That a message was taken in: the first span of its trace."""
        self._ids.set(self._name(capture_id))
        self._tracer.start_span("accept", start_time=began_ns, attributes={"debrief.capture": capture_id}).end()

    def assistant(self, **parts: Any) -> Assistant:
        """An assistant of these parts whose every message begins a trace."""
        return TracedAssistant(self, **parts)

    def of(self, name: str, job: Job) -> Job:
        """The job with a span around it."""
        return replace(job, run=self._around(name, job.run)) if name in OF_A_CAPTURE else job

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def _around(self, name: str, run: Callable[[str], None]) -> Callable[[str], None]:
        def traced(arg: str) -> None:
            capture_id = int(arg.partition(":")[0])
            context = trace.set_span_in_context(NonRecordingSpan(self._name(capture_id)))
            # What went wrong is told by its kind alone: its text may hold what somebody wrote.
            with self._tracer.start_as_current_span(
                name, context, attributes={"debrief.capture": capture_id}, record_exception=False,
                set_status_on_exception=False,
            ) as span:  # fmt: skip
                try:
                    run(arg)
                except Exception as error:
                    span.set_status(trace.StatusCode.ERROR, type(error).__name__)
                    raise

        return traced

    def _name(self, capture_id: int) -> SpanContext:
        digest = hashlib.sha256(self._salt + str(capture_id).encode()).digest()
        trace_id, span_id = int.from_bytes(digest[:16], "big"), int.from_bytes(digest[16:24], "big")
        return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))

    @cached_property
    def _salt(self) -> bytes:
        # Two houses that send to one collector have captures of the same numbers.
        with self._db.read() as tx:
            return hashlib.sha256(b"traces" + secrets.link_key(tx)).digest()


class _Named(IdGenerator):
    """Random ids, but for the next span those that were set."""

    def __init__(self) -> None:
        self._random, self._here = RandomIdGenerator(), threading.local()

    def set(self, name: SpanContext) -> None:
        """For the next span of this thread."""
        self._here.name = name

    def generate_trace_id(self) -> int:
        name: SpanContext | None = getattr(self._here, "name", None)
        return name.trace_id if name else self._random.generate_trace_id()

    def generate_span_id(self) -> int:
        name: SpanContext | None = getattr(self._here, "name", None)
        self._here.name = None
        return name.span_id if name else self._random.generate_span_id()


class TracedAssistant(Assistant):
    """An assistant whose every message begins a trace."""

    def __init__(self, traces: Traces, **parts: Any) -> None:
        super().__init__(**parts)
        self._traces = traces

    def accept(self, *args: Any, **more: Any) -> Any:
        """As `Assistant.accept`."""
        began_ns = time.time_ns()
        accepted = super().accept(*args, **more)
        self._traces.accepted(accepted.capture_id, began_ns)
        return accepted
