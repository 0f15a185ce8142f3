"""A server that gives access tokens (OAuth 2) and tells a mail server whose they are."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class TokenServer:
    """Gives tokens for ``username`` to the client ``debrief`` with the secret ``hush``.

    ``consents`` are the refresh tokens that hold. `revoke` ends the tokens that are out; ``refuse`` (a status) is the
    answer while it is set. ``asked`` is every form that came.
    """

    def __init__(self, username: str, *, lives_s: int = 3600) -> None:
        self.username, self.lives_s = username, lives_s
        self.consents = {"consent-1"}
        self.refuse: int | None = None
        self.asked: list[dict[str, str]] = []
        self.live: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def revoke(self) -> None:
        self.live.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if self.refuse:
            return self.refuse, {"error": "temporarily_unavailable"}
        if (form.get("client_id"), form.get("client_secret")) != ("debrief", "hush"):
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."}
        if form["grant_type"] == "refresh_token" and form["refresh_token"] not in self.consents:
            return 400, {"error": "invalid_grant", "error_description": "The consent was withdrawn.\r\nTrace: 1"}
        token = f"token-{len(self.asked)}"
        self.live.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lives_s}

    def introspect(self, token: str) -> tuple[int, dict[str, Any]]:
        return 200, {"active": token in self.live, "username": self.username}


def _handler(server: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*server.token({name: values[0] for name, values in parse_qs(said).items()}))

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            self._answer(*server.introspect(asked.get("token", [""])[0]))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quietly."""

    return Handler
