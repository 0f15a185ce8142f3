"""Nobody gets into our own network by an address that they type in."""

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.webhooks import PostError
from tests.servers.receiver import Receiver, receiving
from web import outgoing
from web.outgoing import Outgoing

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]",
    "[2002:0a00:0001::]", "[ff02::1]", "[2001:db8::1]",
]  # fmt: skip
NO_ADDRESS = [
    "http://firm.example/", "ftp://firm.example/", "https://", "https:///x", "https://user:pw@firm.example/",
    "https://firm.example/#x", "https://firm.example:99999/", "https://firm.example/a b", "https://[::1/", "x",
    "https://firm.example\\@10.0.0.1/", "https://firm.example/\n",
]  # fmt: skip


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_of_our_own_network_is_refused(host: str) -> None:
    with pytest.raises(PostError, match="not a public one"):
        Outgoing().check(f"https://{host}/hook")


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(PostError):
        Outgoing(local=True).check(url)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Have names stand for these addresses: the first list, then the next."""
    left = list(answers)

    def lookup(_host: str, port: int, **_: object) -> list[object]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lookup)


def test_a_name_that_stands_for_an_inner_address_too_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(PostError, match="not a public one"):
        Outgoing().post("https://firm.example/hook", {}, b"{}")


def test_a_name_is_looked_up_once_and_the_connection_goes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    went: list[object] = []

    def connect(address: object, _timeout: float) -> socket.socket:
        went.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    with pytest.raises(PostError, match="refused"):
        Outgoing().post("https://firm.example/hook", {}, b"{}")
    assert [("93.184.215.14", 443)] == went


def test_this_machine_is_reached_where_that_is_wanted(receiver: Receiver) -> None:
    assert 200 == Outgoing(local=True).post(receiver.url + "?a=b", {"webhook-id": "msg_1"}, b"{}")
    ((headers, body),) = receiver.came
    assert ("msg_1", "application/json", b"{}") == (headers["webhook-id"], headers["content-type"], body)
    with pytest.raises(PostError, match="https"):
        Outgoing().post(receiver.url, {}, b"{}")


def test_a_server_that_never_comes_to_an_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            there, _ = server.accept()
            with there:
                try:
                    while True:
                        there.sendall(b"H")
                        time.sleep(0.05)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(PostError):
            Outgoing(local=True, timeout_s=0.5).post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"{}")
        assert time.monotonic() - began < 5


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    how = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 1"
    made = [*how.split(), "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    try:
        subprocess.run(made, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed here")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def shake() -> None:
            there, _ = server.accept()
            try:
                tls.wrap_socket(there, server_side=True).close()
            except OSError:
                there.close()

        threading.Thread(target=shake, daemon=True).start()
        with pytest.raises(PostError, match="certificate"):
            Outgoing(local=True).post(f"https://localhost:{server.getsockname()[1]}/", {}, b"{}")
