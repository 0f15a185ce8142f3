"""Small things that every server of the tests needs."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until(holds: Callable[[], object], what: str, timeout_s: float = 20.0) -> None:
    """Return as soon as ``holds()``; fail with ``what`` was waited for when that takes too long."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, f"waited {timeout_s} s in vain until {what}"
        time.sleep(0.02)
