"""From an automatic mail to what it says of our contacts' addresses."""

from collections.abc import Callable

from capture.hearing import Heard, Original
from mail_ingest.bounce.addresses import find_addresses, from_verp
from mail_ingest.bounce.notice import Notice, read_notice
from mail_ingest.bounce.parts import Headers, header
from mail_ingest.bounce.parts import read_mail as read_parts
from mail_ingest.bounces import BounceReading, Person, read_bounce

MAILING = (
    "list-id", "list-unsubscribe", "list-post", "feedback-id", "x-campaign-id", "x-csa-complaints", "x-mailgun-tag",
)  # fmt: skip
"""Header fields that programs put into what they send to many (RFC 2369, 2919; the others by use)."""
BULK = frozenset({"bulk", "list", "junk"})
Prove = Callable[[bytes], str]
"""The address of who sent a mail, where the mail proves it; else empty."""


def heard(raw: bytes, prove: Prove = lambda _: "") -> list[Heard]:
    """What the mail says of each address; nothing where it says nothing, as an answer from a holiday."""
    reading = read_bounce(raw)
    if reading.kind == "left_company":
        told = _left(reading)
    elif reading.kind in {"bounce", "complaint"}:
        told = [
            (address, one.reason, one.diagnostic or one.status, None)
            for one in reading.recipients
            if one.action == "failed"
            for address in dict.fromkeys((one.address, *one.aliases))
        ]
    else:
        return []
    original, sender = _original(raw, reading), prove(raw)
    return [
        Heard(address=address, kind=kind, words=words, successor=successor, original=original, proved_sender=sender)
        for address, kind, words, successor in told
    ]


def _left(reading: BounceReading) -> list[tuple[str, str, str, dict[str, str | None] | None]]:
    """That somebody left is said of the address that answered, and of the one that it names."""
    named = [reading.left.email] if reading.left and reading.left.email else []
    addresses = dict.fromkeys([*named, *(one.address for one in reading.recipients)])
    words = next((one.diagnostic for one in reading.recipients if one.diagnostic), "")
    successor = _told(reading.successor) if reading.successor else None
    return [(one, "left", words, successor) for one in addresses]


def _told(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "email": person.email, "phone": person.phone}


def _original(raw: bytes, reading: BounceReading) -> Original:
    """The mail that is answered, by what is returned of it and by the address that the answer came to."""
    notice: Notice = read_notice(read_parts(raw))
    returned = notice.original or {}
    made_for_one = any(from_verp(address) for address in reading.arrived_at)
    sender = next(iter(find_addresses(header(returned, "from"))), "")
    return Original(
        sender=sender, message_id=reading.about or "", subject=header(returned, "subject"),
        list_name=header(returned, "list-id"), is_mailing=made_for_one or _is_mailing(returned),
        is_known=bool(returned),
    )  # fmt: skip


def _is_mailing(returned: Headers) -> bool:
    """Whether a mail went to many, by what the program that sent it says of itself."""
    marked = any(name in returned for name in MAILING)
    return marked or header(returned, "precedence").strip().lower() in BULK
