"""What the web server promises whoever asks: health, headers, and who may send a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from app.settings import Settings
from app.wiring import build
from tests.conftest import TestHouse
from tests.servers.web import served
from tests.web.conftest import Pages
from web.app import build_app

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees"


def test_health_is_told(pages: Pages) -> None:
    assert {"status": "live"} == pages.client.get("/health/live").json()
    assert {"status": "ready"} == pages.client.get("/health/ready").json()


def test_a_house_without_tables_is_live_and_not_ready(tmp_path: Path) -> None:
    house = build(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/new.db"))  # type: ignore[call-arg]
    with served(house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        assert 200 == client.get("/health/live").status_code
        answer = client.get("/health/ready")
    house.close()
    assert (503, "not ready") == (answer.status_code, answer.json()["status"])


def test_every_answer_is_guarded(pages: Pages) -> None:
    for url in ("/chat", "/visits/99", "/health/live", "/static/debrief.css"):
        headers = pages.client.get(url).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert "same-origin" == headers["referrer-policy"]
        assert ("no-store" == headers.get("cache-control")) != url.startswith("/static"), url


def test_no_other_site_sends_our_forms(pages: Pages) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:81"},
    ):
        assert 403 == pages.says(REPORT, **headers).status_code, headers
    assert [] == pages.house.captures()


def test_our_own_pages_do(pages: Pages) -> None:
    ours = str(pages.client.base_url).rstrip("/")
    for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": ours}, {}):
        assert 303 == pages.says(REPORT, **headers).status_code, headers


@contextmanager
def client_of(house: TestHouse, **options: Any) -> Iterator[httpx.Client]:
    parts = {"db": house.house.db, "assistant": house.house.assistant, "clock": house.clock, "pages": True}
    with served(build_app(**{**parts, **options})) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_without_pages_only_health_is_served(house: TestHouse) -> None:
    with client_of(house, pages=False) as client:
        for url in ("/", "/chat", "/dashboard", "/visits", "/static/debrief.css", "/docs", "/openapi.json"):
            assert 404 == client.get(url).status_code
        assert 200 == client.get("/health/ready").status_code


def test_pages_answer_under_their_own_names_alone(house: TestHouse) -> None:
    with client_of(house, hosts={"127.0.0.1", "localhost"}) as client:
        for url in ("/chat", "/dashboard", "/visits"):
            assert 421 == client.get(url, headers={"host": "rebound.evil.example:8420"}).status_code
            assert 200 == client.get(url, headers={"host": "localhost:8420"}).status_code
        assert 200 == client.get("/health/live", headers={"host": "10.0.0.7"}).status_code
