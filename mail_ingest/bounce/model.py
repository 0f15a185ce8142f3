"""What a bounce, a complaint or an automatic answer tells us, as frozen data."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["bounce", "autoreply", "complaint", "left_company", "none"]
DsnAction = Literal["failed", "delayed"]
Reason = Literal[
    "unknown_user",
    "unknown_domain",
    "moved",
    "disabled",
    "full",
    "delay",
    "sender",
    "content",
    "system",
    "unclear",
    "feedback",
    "left",
]

DEAD: frozenset[Reason] = frozenset({"unknown_user", "unknown_domain", "moved", "left"})
"""The reasons that say something of the address itself; every other may be gone tomorrow or is our own fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One address that the message speaks of, bare and in lower case."""

    address: str
    aliases: tuple[str, ...] = ()
    """Other addresses of the same recipient: where it was forwarded to, or what the returned mail was addressed to."""
    action: DsnAction = "failed"
    permanent: bool = False
    """The address itself is dead: nobody is there, its domain takes no mail, or its owner has gone."""
    reason: Reason = "unclear"
    status: str = ""
    """Enhanced status code of RFC 3463, ``x.y.z``; where the message has none, its class alone (``5.0.0``)."""
    diagnostic: str = ""
    """What the refusing system said, on one line, for a person to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone named in an answer; what it does not say is None."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceReading:
    """What one message says about the addresses that we write to."""

    kind: Kind = "none"
    recipients: tuple[Recipient, ...] = ()
    left: Person | None = None
    """Who has gone; only for ``left_company``."""
    since: date | None = None
    """The first day without them, where the answer dates it; may lie ahead of the message."""
    successor: Person | None = None
    """Whom to write to instead: a person, or an address alone."""
    about: str | None = None
    """Message-ID of our mail that this answers, without brackets, where it is told."""
    arrived_at: tuple[str, ...] = ()
    """The addresses that the message came to: a signed bounce address is checked by whoever signed it."""
    why: str = ""
    """What decided, for a person who doubts it."""
