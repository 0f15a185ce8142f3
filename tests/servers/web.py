"""Our own web application, served for real on a free port."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from app.wiring import House
from store import reps
from tests.servers.ports import free_port, until


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address under which ``app`` answers."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the web server has started")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


Browser = Callable[..., httpx.Client]
"""``(address, role=None)``: a browser signed in as that person, in the role that is given or in their own."""
SIGNED_IN: dict[str, Any] = {
    "public_url": "http://127.0.0.1", "smtp": {"host": "127.0.0.1", "port": 1, "tls": "none"},
}  # fmt: skip
"""Settings of a house whose pages one signs in to."""


@contextmanager
def browsers(house: House) -> Iterator[Browser]:
    """Browsers that look at the pages of a house as whoever is wanted; closed at the end."""
    with ExitStack() as opened:
        url = opened.enter_context(served(house.web()))

        def browser(address: str, role: str | None = None) -> httpx.Client:
            with house.db.write() as tx:
                rep = reps.by_email(tx, address)
                assert rep
                rep.role = role or rep.role
            token = house.signing_in.open_as(address, "a test")
            assert token
            headers, cookies = {"accept": "text/html"}, {"debrief": token}
            return opened.enter_context(httpx.Client(base_url=url, headers=headers, cookies=cookies, timeout=30))

        yield browser
