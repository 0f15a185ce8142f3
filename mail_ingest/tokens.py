"""Access tokens (OAuth 2) for mail servers that take no passwords: Microsoft 365, Gmail."""

import json
import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TIMEOUT_S = 20
EARLY_S = 60
"""A token is not used in the last minute of its life."""
LIFETIME_S = 300
"""How long a token is used whose life nobody tells."""
LONGEST_ANSWER = 100_000


class TokenRefusedError(Exception):
    """Whoever gives tokens answers, but gives us none: secret, consent or refresh token no longer hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Where tokens are given, and for what. Without a refresh token we ask in our own name (client credentials)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""


Fetch = Callable[[], tuple[str, float]]
"""A new token, and how many seconds it holds. Raises `TokenRefusedError`, or OSError where trying again may help."""


class Tokens:
    """The token that holds now; fetched anew when it is about to end. Safe in several threads."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch, self._lock = fetch, Lock()
        self._token, self._until = "", 0.0

    def access(self) -> str:
        """A token that holds. Raises as `Fetch` does."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._token, lives_s = self._fetch()
                self._until = time.monotonic() + max(lives_s - EARLY_S, lives_s / 2)
            return self._token

    def forget(self) -> None:
        """Fetch a new one the next time: a server refused this one."""
        with self._lock:
            self._until = 0.0


def by_http(oauth: OAuth) -> Fetch:
    """Tokens of an OAuth server (RFC 6749, sections 6 and 4.4)."""

    def fetch() -> tuple[str, float]:
        form = {"client_id": oauth.client_id, "client_secret": oauth.client_secret}
        if oauth.refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": oauth.refresh_token}
        else:
            form |= {"grant_type": "client_credentials"}
        if oauth.scope:
            form["scope"] = oauth.scope
        return _token_in(_posted(oauth.token_url, form))

    return fetch


def by_command(command: str) -> Fetch:
    """Tokens that a program prints: alone, or as the JSON of an OAuth server."""

    def fetch() -> tuple[str, float]:
        try:
            # The operator's own setting, split into words and given to no shell.
            done = subprocess.run(shlex.split(command), capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"the command for tokens took more than {TIMEOUT_S} s") from error
        said = done.stdout.decode("utf-8", "replace").strip()
        if done.returncode or not said:
            told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise TokenRefusedError(f"the command for tokens gave none: {told or f'status {done.returncode}'}")
        return _token_in(json.loads(said)) if said.startswith("{") else (said, LIFETIME_S)

    return fetch


def _posted(url: str, form: dict[str, str]) -> dict[str, Any]:
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise TokenRefusedError(f"{url} is no https address: secrets are not sent there")
    request = Request(url, urlencode(form).encode(), {"Accept": "application/json"})  # noqa: S310  # checked above
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310  # nosec B310
            said = answer.read(LONGEST_ANSWER)
    except HTTPError as error:
        with error:
            if 400 <= error.code < 500 and error.code not in {408, 429}:  # noqa: PLR2004
                raise TokenRefusedError(f"{url}: {_reason(error.read(LONGEST_ANSWER)) or error.reason}") from error
            raise OSError(f"{url}: {error.code} {error.reason}") from error
    try:
        got: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise OSError(f"{url} gave no JSON") from error
    return got


def _reason(said: bytes) -> str:
    """Why no token was given (RFC 6749, section 5.2), in the first line of its words."""
    try:
        told = json.loads(said)
        return " ".join(f"{told['error']}: {told.get('error_description', '')}".splitlines()[0].split()).rstrip(": ")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return ""


def _token_in(answer: dict[str, Any]) -> tuple[str, float]:
    token, lives = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token:
        raise TokenRefusedError("the answer holds no access_token")
    try:
        return token, LIFETIME_S if lives is None else float(lives)
    except (TypeError, ValueError):
        return token, LIFETIME_S
