"""Connecting to a mailbox's server, and telling a login that is refused from a server that is in trouble."""

import re

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, LoginError

from mail_ingest.tokens import TokenRefusedError, Tokens

CONNECT_S = 10
ANSWER_S = 20
"""How long a server may be silent in the middle of a command."""
_IN_TROUBLE = re.compile(r"\[(?:UNAVAILABLE|SERVERBUG|INUSE|LIMIT)\]|temporar|try again", re.IGNORECASE)
"""Response codes of RFC 5530 (and what servers wrote before it) that say nothing against the password."""


class LoginRefusedError(Exception):
    """The server answers, but not to this name and password."""


class ServerTroubleError(OSError):
    """The server answers that it cannot let anybody in now."""


def connect(host: str, port: int, *, tls: bool) -> IMAPClient:
    """A connection on which nobody is logged in yet. Raises OSError and IMAPClientError."""
    return IMAPClient(host, port=port, ssl=tls, timeout=SocketTimeout(CONNECT_S, ANSWER_S))


def log_in(client: IMAPClient, username: str, password: str, tokens: Tokens | None = None) -> None:
    """Log in by password, or by XOAUTH2 where there are ``tokens``.

    Raises `LoginRefusedError` only where trying again would not help.
    """
    try:
        if tokens:
            client.oauth2_login(username, tokens.access())
        else:
            client.login(username, password)
    except TokenRefusedError as error:
        raise LoginRefusedError(str(error)) from error
    except LoginError as error:
        if tokens:
            tokens.forget()
        # IMAPClient makes a LoginError of a connection that broke off, too.
        if isinstance(error.__context__, IMAPClientAbortError) or _IN_TROUBLE.search(str(error)):
            raise ServerTroubleError(str(error)) from error
        raise LoginRefusedError(str(error)) from error
