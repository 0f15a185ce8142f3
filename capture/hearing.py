"""What an automatic mail says of addresses, and whether it is proved to answer a mail of ours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The mail that an automatic one answers, as far as it is told."""

    sender: str = ""
    """The address in its From header."""
    message_id: str = ""
    """Without brackets."""
    subject: str = ""
    list_name: str = ""
    """Of its List-Id (RFC 2919), or what else names the newsletter that it was."""
    is_mailing: bool = False
    """Whether it went to many: it has a list's headers, or came back to an address made for one recipient (VERP)."""
    is_known: bool = False
    """Whether anything of it is told at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a mail says of one address. ``kind`` as in `capture.liveliness.POINTS`."""

    address: str
    kind: str
    words: str = ""
    successor: Mapping[str, str | None] | None = None
    """``name``, ``email``, ``phone``."""
    original: Original = Original()
    proved_sender: str = ""
    """The address that sent it, where the mail proves that it did."""


def is_proved(heard: Heard, ours: Collection[str]) -> bool:
    """Whether a mail is more than anybody can write: it answers one of ours, or who answers has to know.

    ``ours`` are the domains that we write from. What is returned can be forged too, by those who know how we write;
    nothing that a forger does not know proves more, for who made a bounce is signed seldom.
    """
    original = heard.original
    answers = [original.sender.rpartition("@")[2], original.message_id.rpartition("@")[2]]
    if any(_within(domain, one) for domain in answers for one in ours):
        return True
    domain = heard.proved_sender.rpartition("@")[2]
    return any(_within(domain, one) for one in (*ours, heard.address.rpartition("@")[2]))


def _within(domain: str, ours: str) -> bool:
    return bool(ours) and (domain.lower() == ours or domain.lower().endswith(f".{ours}"))
