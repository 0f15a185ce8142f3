"""What every page promises whatever its route does: no foreign forms, nothing asked too often, nothing too large."""

import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import httpx
import pytest

from store import reps, sessions
from tests.conftest import TestHouse
from tests.servers.web import served
from tests.web.routes import every_route
from web.forms import LARGEST
from web.rates import RULES, Rates, Rule

NOOR = "noor@varenhof.example"
FOREIGN = (
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
    {"origin": "null"},
)  # fmt: skip


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url, public_url="https://127.0.0.1", smtp={"host": "127.0.0.1", "port": 1, "tls": "none"})


@pytest.fixture
def client(house: TestHouse) -> Iterator[httpx.Client]:
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_no_route_takes_the_form_of_another_site(house: TestHouse, client: httpx.Client) -> None:
    routes = sorted(
        {(method, path) for method, path in every_route(house.house.web()) if method not in {"GET", "HEAD"}}
    )
    assert len(routes) > 20
    for method, path in routes:
        place = re.sub(r"\{[^}]+\}", "1", path)
        for headers in FOREIGN[:: 3 if len(routes) > 40 else 1]:
            answer = client.request(method, place, headers=headers)
            assert answer.status_code == 403, f"{method} {path} with {headers}"


def test_a_form_that_is_too_large_or_of_no_length_is_not_read(client: httpx.Client) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    asked = HTTPConnection(client.base_url.host, client.base_url.port or 80, timeout=30)
    asked.request("POST", "/sign-in", headers={**form, "content-length": str(LARGEST + 1)})
    assert asked.getresponse().status == 413
    asked.close()
    assert client.post("/sign-in", content=iter([b"address=a"]), headers=form).status_code == 411


def test_links_to_sign_in_by_are_asked_for_so_often_and_no_more(client: httpx.Client) -> None:
    most = RULES[0].per_minute
    answers = [client.post("/sign-in", data={"address": f"{n}@elders.example"}) for n in range(most + 3)]
    assert {200} == {one.status_code for one in answers[:most]}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3
    assert client.get("/sign-in").status_code == 200


def test_a_search_is_limited_for_each_session_apart() -> None:
    now = [0.0]
    rates = Rates(lambda *_: None, (Rule(2, RULES[1].meant),), lambda: now[0])  # type: ignore[arg-type,return-value]

    def wait_s(cookie: str, query: bytes = b"q=acme") -> float:
        headers = [(b"cookie", cookie.encode())]
        return rates._wait_s(
            {"type": "http", "method": "GET", "path": "/visits", "query_string": query, "headers": headers,
             "client": ("10.0.0.1", 1)}
        )  # fmt: skip

    assert [0, 0] == [wait_s("debrief=a") for _ in range(2)]
    assert wait_s("debrief=a") == 30
    assert wait_s("debrief=b") == 0
    assert wait_s("debrief=a", b"page=2&q=") == 0
    now[0] = 31
    assert wait_s("debrief=a") == 0


def test_the_headers_say_what_a_browser_may_do(client: httpx.Client) -> None:
    headers = client.get("/sign-in").headers
    assert "max-age=" in headers["strict-transport-security"]
    assert headers["x-frame-options"] == "DENY"
    assert "camera=()" in headers["permissions-policy"]
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert not {"script-src", "style-src"} & set(policy), "nothing inline is needed, so nothing is let in"


def test_without_tls_no_browser_is_told_to_insist_on_it(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    house = build_house(sqlite_url, public_url="http://127.0.0.1", smtp={"host": "127.0.0.1", "port": 1, "tls": "none"})
    with served(house.house.web()) as url:
        assert "strict-transport-security" not in httpx.get(f"{url}/sign-in").headers


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(house: TestHouse, client: httpx.Client) -> None:
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        assert noor
        link_id = sessions.ask_link(tx, noor.id, "/", house.clock())
        assert link_id
        made = sessions.make_link(tx, link_id, house.clock())
        assert made
    cookie = client.post(f"/sign-in/link/{made[0]}").headers["set-cookie"]
    assert cookie.startswith("__Host-debrief=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part.lower() in cookie.lower()
    assert "domain" not in cookie.lower()
