"""Posting to addresses that somebody typed in, without becoming a way into our own network.

The name is looked up once, every address that it stands for must be a public one, and the connection goes to just the
address that was looked at: a name that means another one a moment later (DNS rebinding) leads nowhere. Redirects are
not followed, answers are read up to a limit and for a limited time.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from functools import cached_property
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from capture.webhooks import PostError

TIMEOUT_S = 15.0
"""How long a whole exchange may take."""
MOST_READ = 64 * 1024
"""Bytes of an answer that are read; only its status matters."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses that stand for IPv4 ones (RFC 6052)."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Outgoing:
    """Posts. ``local``: also to this machine, and there without TLS, for trying it out."""

    def __init__(self, *, local: bool = False, timeout_s: float = TIMEOUT_S) -> None:
        self._local, self._timeout_s = local, timeout_s

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """How servers prove who they are; reading the world's authorities takes a while."""
        return ssl.create_default_context()

    def check(self, url: str) -> None:
        """Raise `PostError` where nothing would ever be sent to this address."""
        self._split(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send JSON; the status of 200 to 299 that was answered. Raises `PostError`."""
        place = self._split(url)
        address = self._looked_up(place)
        connection = _Pinned(place, address, self._tls, self._timeout_s)
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        told = {"Content-Type": "application/json", "User-Agent": "Debrief", **headers, "Connection": "close"}
        # A server that sends a byte now and then would outlast every timeout of a single read.
        deadline = Timer(self._timeout_s, connection.cut)
        deadline.daemon = True
        deadline.start()
        try:
            connection.request("POST", target, body, told)
            answer = connection.getresponse()
            answer.read(MOST_READ)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise PostError(_reason(error)) from error
        finally:
            deadline.cancel()
            connection.close()
        if not 200 <= answer.status < 300:  # noqa: PLR2004  # RFC 9110, 15.3
            raise PostError(f"answered {answer.status}", answer.status)
        return answer.status

    def _split(self, url: str) -> SplitResult:
        try:
            place = urlsplit(url)
            host, _port = place.hostname, place.port
        except ValueError as error:
            raise PostError("this is no address") from error
        plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
        if not host or not plain or place.username is not None or place.fragment:
            raise PostError("this is no address: https://host/path, without a user or a fragment")
        if place.scheme != "https" and not (self._local and place.scheme == "http" and _is_loopback(host)):
            raise PostError("an address begins with https://")
        literal = _literal(host)
        if literal is not None and not self._may(literal):
            raise PostError("this address is not a public one")
        return place

    def _looked_up(self, place: SplitResult) -> str:
        try:
            found = socket.getaddrinfo(place.hostname, _port_of(place), type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise PostError("the name is not known") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not addresses or not all(self._may(ipaddress.ip_address(one.partition("%")[0])) for one in addresses):
            raise PostError("the name stands for an address that is not a public one")
        return addresses[0]

    def _may(self, address: Address) -> bool:
        return is_public(address) or (self._local and address.is_loopback)


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its host is called."""

    def __init__(self, place: SplitResult, address: str, tls: ssl.SSLContext, timeout_s: float) -> None:
        super().__init__(place.hostname or "", _port_of(place), timeout=timeout_s)
        self._address, self._context = address, tls if place.scheme == "https" else None

    def connect(self) -> None:
        """Open it; the certificate must be that of the host's name."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            # Before the handshake, so that `cut` ends that too.
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread; whoever reads from it gets an error."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it had ended by itself


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet's, and not one behind which something of our own may be."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _port_of(place: SplitResult) -> int:
    return place.port or (443 if place.scheme == "https" else 80)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _reason(error: Exception) -> str:
    """Why nothing came back, without anything that the other side said."""
    if isinstance(error, TimeoutError):
        return "took too long"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "no TLS came about"
    if isinstance(error, ConnectionRefusedError):
        return "refused the connection"
    return "broke the connection off" if isinstance(error, OSError) else "did not answer as HTTP has it"
