"""From an automatic mail to what it says of our contacts' addresses."""

from capture.vitality import Heard
from mail_ingest.bounces import BounceReading, Person, read_bounce


def heard(raw: bytes) -> list[Heard]:
    """What the mail says of each address; nothing where it says nothing, as an answer from a holiday."""
    reading = read_bounce(raw)
    if reading.kind == "left_company":
        return _left(reading)
    if reading.kind not in {"bounce", "complaint"}:
        return []
    return [
        Heard(address=address, kind=one.reason, words=one.diagnostic or one.status)
        for one in reading.recipients
        if one.action == "failed"
        for address in dict.fromkeys((one.address, *one.aliases))
    ]


def _left(reading: BounceReading) -> list[Heard]:
    """That somebody left is said of the address that answered, and of the one that it names."""
    named = [reading.left.email] if reading.left and reading.left.email else []
    addresses = dict.fromkeys([*named, *(one.address for one in reading.recipients)])
    words = next((one.diagnostic for one in reading.recipients if one.diagnostic), "")
    successor = _told(reading.successor) if reading.successor else None
    return [Heard(address=one, kind="left", words=words, successor=successor) for one in addresses]


def _told(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "email": person.email, "phone": person.phone}
