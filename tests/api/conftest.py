"""A house with its API, asked by programs that act as one of its people."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.wiring import House
from capture.tokens import SCOPES
from store import reps
from tests.conftest import TestHouse
from tests.servers.web import served
from web.api.app import PLACE, build_api
from web.api.calls import Api
from web.limits import Limits

NOOR, JONAS, BAS = (f"{name}@varenhof.example" for name in ("noor", "jonas", "bas"))
ALL = [scope for scope in SCOPES if scope != "calendar"]
"""Every scope that a program may have."""
Program = Callable[..., httpx.Client]


def api_of(house: House) -> Api:
    """What the routes look at in this house."""
    return Api(
        house.db, house.clock, house.assistant, house.tokens, Limits(house.settings.api_per_minute), house.webhooks
    )


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url)


@pytest.fixture(scope="session")
def _served() -> Iterator[tuple[Api, str]]:
    """One server for all tests, and what its routes look at: describing its routes takes longer than most tests."""
    api = object.__new__(Api)
    with served(Starlette(routes=[Mount(PLACE, build_api(api))])) as url:  # type: ignore[arg-type]
        yield api, url + PLACE


@pytest.fixture
def program(house: TestHouse, _served: tuple[Api, str]) -> Iterator[Program]:
    """Makes a program that acts as somebody: in a role and with scopes of the test's choosing, else with all."""
    api, url = _served
    told = api_of(house.house)
    for one in fields(Api):
        object.__setattr__(api, one.name, getattr(told, one.name))
    with ExitStack() as stack:

        def make(email: str = NOOR, role: str | None = None, scopes: list[str] | None = None) -> httpx.Client:
            with house.house.db.write() as tx:
                rep = reps.by_email(tx, email)
                assert rep
                rep.role = role or rep.role
            token = house.house.tokens.make(rep.id, "a test", ALL if scopes is None else scopes)
            headers = {"Authorization": f"Bearer {token}"}
            return stack.enter_context(httpx.Client(base_url=url, headers=headers, timeout=30))

        yield make


@pytest.fixture
def noor(program: Program) -> httpx.Client:
    return program()


def reported(house: TestHouse, program: httpx.Client, text: str, **more: str) -> dict[str, object]:
    """Report a visit and have it read; the visit."""
    answer = program.post("/visits", json={"text": text, **more})
    assert 202 == answer.status_code, answer.text
    house.house.assistant.file(answer.json()["id"])
    message = program.get(answer.headers["location"].removeprefix("/api/v1")).json()
    found: dict[str, object] = program.get(f"/visits/{message['visit_ids'][0]}").json()
    return found
