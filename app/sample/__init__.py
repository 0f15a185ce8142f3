"""An invented company to try things with: Kornhaven, which sells bakery and kitchen machines in eight countries.

``reps.csv``, ``accounts.csv`` and ``contacts.csv`` are written as a CRM exports them. ``captures.jsonl`` is a
fortnight of what its reps said, one JSON object a line:

``rep``       e-mail of the rep
``days_ago``  0 to 13: days between saying it and the day on which the sample is looked at
``time``      ``HH:MM`` on the rep's own clock
``via``       ``slack`` with ``text``, or ``email`` with ``eml``, a file in ``mails/``
``expect``    ``visits``, how many visits a person would file, and ``account``, the external id a person would
              file them under: ``"new"`` for one that the CRM does not know, null where a person would have to ask
              or nothing is reported, a list where there are several visits

Nobody in it exists. Mail addresses end in ``.example`` (RFC 2606). British, Irish and German phone numbers are
from the ranges that Ofcom, ComReg and the Bundesnetzagentur keep free for drama; elsewhere the subscriber's number
begins with zeros, which no exchange there gives out.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

HERE = files(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCapture:
    """One line of ``captures.jsonl`` on a real calendar: either ``text`` (chat) or ``raw`` (a whole mail) is there."""

    rep: str
    sent_at: datetime
    """Aware, in the rep's zone."""
    via: str
    text: str | None
    raw: bytes | None
    accounts: tuple[str | None, ...]
    """One for each visit that a person would file: external id, ``"new"``, or None where a person would ask."""


def rows(name: str) -> list[dict[str, str]]:
    """The rows of ``name`` (``"reps"``, ``"accounts"`` or ``"contacts"``) by column; an empty cell is ``""``."""
    return list(csv.DictReader((HERE / f"{name}.csv").read_text("utf-8").splitlines()))


def captures(today: date) -> Iterator[SampleCapture]:
    """The fortnight that ends ``today``, oldest first on each rep's own clock."""
    zones = {rep["email"]: ZoneInfo(rep["timezone"]) for rep in rows("reps")}
    for line in (HERE / "captures.jsonl").read_text("utf-8").splitlines():
        said = json.loads(line)
        day = today - timedelta(days=said["days_ago"])
        sent_at = datetime.combine(day, time.fromisoformat(said["time"]), zones[said["rep"]])
        account, visits = said["expect"]["account"], said["expect"]["visits"]
        yield SampleCapture(
            rep=said["rep"],
            sent_at=sent_at,
            via=said["via"],
            text=said.get("text"),
            raw=moved((HERE / "mails" / said["eml"]).read_bytes(), sent_at) if "eml" in said else None,
            accounts=tuple(account) if isinstance(account, list) else (account,) * visits,
        )


def moved(raw: bytes, sent_at: datetime) -> bytes:
    """The mail as if sent at ``sent_at``: its Date header, and an invitation in it moved by as many whole days."""
    written: date = message_from_bytes(raw, policy=policy.default)["Date"].datetime.date()
    shift = sent_at.date() - written

    def later(found: re.Match[bytes]) -> bytes:
        day = datetime.strptime(found[2].decode(), "%Y%m%d").date() + shift  # noqa: DTZ007  # a day has no zone
        return found[1] + day.strftime("%Y%m%d").encode()

    raw = re.sub(rb"^Date: .*$", b"Date: " + format_datetime(sent_at).encode(), raw, count=1, flags=re.MULTILINE)
    # Times of the event carry a TZID; those of the VTIMEZONE's own rules (RFC 5545 3.6.5) do not and stay.
    return re.sub(rb"^(DT(?:START|END);TZID=[^:\r\n]*:)(\d{8})", later, raw, flags=re.MULTILINE)
