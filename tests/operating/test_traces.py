"""One message is one trace, also across processes, and no word of it is in there."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.conftest import TestHouse

REPORT = "Vanmiddag bij Zuivelhuis Terwolde geweest, geheime marge 12 procent."


class Collector:
    """Takes what OTLP brings."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.raw = b""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.raw += body
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    server.spans += [span for scope in resource.scope_spans for span in scope.spans]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1/traces"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


def test_a_message_is_one_trace_across_two_processes(
    build_house: Callable[..., TestHouse], sqlite_url: str, collector: Collector
) -> None:
    takes = build_house(sqlite_url, traces_url=collector.url)
    capture_id = takes.says(REPORT)
    other_id = takes.says("Bedankt!")
    assert takes.house.traces is not None
    takes.house.traces.close()
    works = TestHouse(_again(sqlite_url, takes, collector), takes.clock)
    works.run_jobs()
    works.stop()
    works.house.close()
    by_capture: dict[int, list[Any]] = {}
    for span in collector.spans:
        [capture] = [one.value.int_value for one in span.attributes if one.key == "debrief.capture"]
        by_capture.setdefault(capture, []).append(span)
    assert sorted(span.name for span in by_capture[capture_id]) == ["accept", "file"]
    [accept, file] = sorted(by_capture[capture_id], key=lambda span: span.name)
    assert accept.trace_id == file.trace_id
    assert file.parent_span_id == accept.span_id
    assert not accept.parent_span_id
    assert {span.trace_id for span in by_capture[other_id]} != {accept.trace_id}
    assert b"geheime" not in collector.raw
    assert b"Terwolde" not in collector.raw


def _again(url: str, house: TestHouse, collector: Collector) -> Any:
    from app.settings import Settings  # noqa: PLC0415
    from app.wiring import build  # noqa: PLC0415

    return build(Settings(_env_file=None, database_url=url, traces_url=collector.url), house.clock)


def test_without_the_setting_nothing_is_traced(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    assert build_house(sqlite_url).house.traces is None
