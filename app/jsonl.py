"""`debrief parse --jsonl`: one JSON line in, one out, in the shapes that are documented in docs/jsonl.md."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from mail_ingest.reading import read_mail
from parsing import parse
from parsing.model import AccountMention, ContactMention, Crm, Extraction, Message, VisitMention
from store.db import Tx
from store.tables import Account, Contact


class LineError(Exception):
    """A line of the file cannot be read; the text says which and why."""


def external_ids(tx: Tx) -> dict[tuple[str, str], str]:
    """What the outside calls our accounts and contacts; those that came by a message are called ``#<id>``."""
    names: dict[tuple[str, str], str] = {}
    for kind, table in (("account", Account), ("contact", Contact)):
        for row_id, external_id in tx.execute(select(table.id, table.external_id)):
            names[kind, str(row_id)] = external_id or f"#{row_id}"
    return names


def parse_lines(path: Path, crm: Crm, names: dict[tuple[str, str], str]) -> Iterator[dict[str, Any]]:
    """One answer a line of ``path``, in order. Every line is looked at before the first answer: `LineError`."""
    said = [(_checked(path, number, line), line_id) for number, line, line_id in _objects(path)]
    for message, line_id in said:
        yield answer(message, line_id, crm, names)


def listed_files(path: Path) -> list[Path]:
    """The files that ``path`` names, one a line; `LineError` where one is not there, before any is read."""
    found = []
    for number, line in _lines(path):
        if not Path(line).is_file():
            raise LineError(f"{path}, line {number}: there is no file {line}")
        found.append(Path(line))
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold something, without the space around them, numbered as an editor does."""
    for number, raw in enumerate(path.read_bytes().split(b"\n"), start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise LineError(f"{path}, line {number}: not UTF-8 (byte {error.start + 1} of the line)") from error
        if line:
            yield number, line


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any], Any]]:
    for number, line in _lines(path):
        try:
            case = json.loads(line)
        except ValueError as error:
            raise LineError(f"{path}, line {number}: no JSON: {error}") from error
        if not isinstance(case, dict):
            raise LineError(f'{path}, line {number}: an object is wanted, as in {{"id": …}}')
        missing = [name for name in ("id", "channel", "rep", "sent_at") if name not in case]
        if not ("text" in case or "eml" in case):
            missing.append("text (or eml)")
        if missing:
            raise LineError(f"{path}, line {number}: {', '.join(missing)} is missing")
        yield number, case, case["id"]


def _checked(path: Path, number: int, case: dict[str, Any]) -> Message:
    try:
        return read_message(case, path.parent)
    except FileNotFoundError as error:
        raise LineError(f"{path}, line {number}: there is no file {error.filename}") from error
    except (ValueError, TypeError, OSError) as error:
        raise LineError(f"{path}, line {number}: {error}") from error


def answer(message: Message, line_id: Any, crm: Crm, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    """What would be filed for one message."""
    return told(message, line_id, parse(message, crm), names)


def told(message: Message, line_id: Any, extraction: Extraction, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    """A reading as the line that answers; ``names`` is what the outside calls accounts and contacts."""
    out: dict[str, Any] = {"id": line_id, "visits": [_visit(visit, names) for visit in extraction.visits]}
    if extraction.not_a_report:
        out["not_a_report"] = extraction.not_a_report
    if message.via == "email":
        out["note"] = message.text or None
        out["forwarded"] = _forwarded(message)
    return out


def read_message(case: dict[str, Any], folder: Path) -> Message:
    """The message of a line; a mail is a path beside ``folder``. `ValueError`, `TypeError` or `OSError` say why not."""
    wrong = [name for name in ("channel", "rep", "sent_at", "text", "eml") if not isinstance(case.get(name, ""), str)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)}: text is wanted")
    try:
        sent_at = datetime.fromisoformat(case["sent_at"])
    except ValueError as error:
        raise ValueError(f"sent_at {case['sent_at']!r} is no moment as in 2026-03-12T16:40:00+01:00") from error
    if sent_at.tzinfo is None:
        raise ValueError(f"sent_at {case['sent_at']!r} has no offset")
    rep = case["rep"].lower()
    if "eml" in case:
        return read_mail((folder / case["eml"]).read_bytes()).message(rep=rep, sent_at=sent_at)
    return Message(via=case["channel"], rep=rep, sent_at=sent_at, text=case["text"], source_id=str(case["id"]))


def _visit(visit: VisitMention, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        **_account(visit.account.value if visit.account else None, names),
        "contacts": [_contact(found.value, names) for found in visit.contacts],
        "date": visit.on.value.isoformat(),
        "start": visit.starts.value.strftime("%H:%M") if visit.starts else None,
        "end": visit.ends.value.strftime("%H:%M") if visit.ends else None,
        **{field: _plain(getattr(visit, field)) for field in ("type", "medium", "outcome", "subject")},
        "keywords": [found.value for found in visit.keywords],
        "actions": [
            {
                "text": found.value.text,
                "due": found.value.due.isoformat() if found.value.due else None,
                "assignee": found.value.assignee,
            }
            for found in visit.actions
        ],
        "amounts": [{"value": float(found.value.value), "currency": found.value.currency} for found in visit.amounts],
        "contact_changes": [
            {
                "contact": _contact(found.value.contact, names),
                "change": found.value.change,
                "successor": _contact(found.value.successor, names) if found.value.successor else None,
            }
            for found in visit.contact_changes
        ],
        **{field: _plain(getattr(visit, field)) for field in ("city", "postcode", "street")},
        "confidence": _confidence(visit),
    }


def _confidence(visit: VisitMention) -> dict[str, float]:
    """Field, as this line calls it, to the confidence in its value; of several values the least."""
    sure: dict[str, float] = {}
    for field, found in visit.found():
        name = {"on": "date", "starts": "start", "ends": "end"}.get(field, field)
        sure[name] = min(sure.get(name, 1.0), round(found.confidence, 3))
    return sure


def _plain(found: Any) -> Any:
    return found.value if found else None


def _account(meant: AccountMention | None, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    if meant is None:
        return {"account": None}
    if meant.id:
        return {"account": {"id": names["account", meant.id]}}
    if meant.name:
        return {"account": {"name": meant.name}}
    return {"account": None, "ambiguous": [names["account", one] for one in meant.candidates]}


def _contact(meant: ContactMention, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    if meant.id:
        return {"id": names["contact", meant.id]}
    return {"name": meant.name, "role": meant.role, "email": meant.email, "phone": meant.phone}


def _forwarded(message: Message) -> dict[str, Any] | None:
    mail = message.forwarded
    if mail is None:
        return None
    date = mail.date
    if date is not None and date.tzinfo is None:
        date = date.replace(tzinfo=message.sent_at.tzinfo)
    return {
        "from": mail.sender.email if mail.sender else None,
        "to": [one.email for one in mail.to],
        "date": date.isoformat() if date else None,
        "subject": mail.subject,
    }
