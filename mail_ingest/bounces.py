"""Bounces, complaints and automatic answers: what a message says of the addresses that we write to.

Structure decides first (a complaint report, a delivery report, an automatic answer's headers), words last, and no word
decides alone: a notice without a report needs a machine that sends it and a failure that it speaks of.
"""

from dataclasses import replace
from typing import Any

from mail_ingest.bounce import arf, autoreplies, dsn, ses, texts
from mail_ingest.bounce.addresses import all_addresses, from_verp, is_daemon, without
from mail_ingest.bounce.model import BounceReading, DsnAction, Person, Recipient
from mail_ingest.bounce.notice import Notice, read_notice
from mail_ingest.bounce.notices import is_machine, is_notice, still_waits
from mail_ingest.bounce.parts import Mail, header, read_mail
from mail_ingest.bounce.reasons import judge
from mail_ingest.charsets import keepable

__all__ = ["BounceReading", "Person", "Recipient", "read_bounce", "to_json"]

MAX_DIAGNOSTIC = 400
_ARRIVED_AT = ("to", "delivered-to", "x-original-to", "envelope-to")


def read_bounce(raw: bytes) -> BounceReading:
    """What the message in ``raw`` (RFC 5322, however broken) says of addresses. Raises nothing.

    ``kind`` is ``none`` for everything that is no machine's answer: people's mail, newsletters, lists, and reports
    that mail was delivered.
    """
    mail = read_mail(raw)
    notice = read_notice(mail)
    reading = _read(mail, notice, outermost=True)
    if reading.kind == "none":
        return reading
    return replace(reading, about=_about(mail, notice), arrived_at=_arrived_at(mail))


def _read(mail: Mail, notice: Notice, *, outermost: bool) -> BounceReading:
    told_by, told = ses.read_notification(notice.text) or ("", [])
    complainers = [one.address for one in told] if told_by == "complaint" else arf.read_complaint(mail, notice.original)
    if complainers is not None:
        people = tuple(Recipient(address=one, reason="feedback") for one in complainers)
        return BounceReading(kind="complaint", recipients=people, why="a feedback report (RFC 5965)")
    reports = told or dsn.read_reports(mail, notice.text if is_machine(mail) else "")
    if reports:
        failed = [one for one in reports if one.action is not None]
        if not failed:
            return BounceReading(why="a report that mail was delivered")
        return _bounce(mail, notice, failed, "a delivery report (RFC 3464)")
    if is_notice(mail, notice, reported=reports is not None):
        # A gateway may wrap the report that it got in a notice of its own.
        inner = _read_wrapped(mail) if outermost else None
        return inner or _bounce(mail, notice, [], "a mail system's notice in words")
    return autoreplies.read_answer(mail, notice.text)


def to_json(reading: BounceReading) -> dict[str, Any]:
    """The reading as JSON values; what does not apply is left out."""
    out: dict[str, Any] = {
        "kind": reading.kind,
        "recipients": [
            {
                "address": one.address,
                "action": one.action,
                "permanent": one.permanent,
                "reason": one.reason,
                "status": one.status,
                "diagnostic": one.diagnostic,
                "aliases": list(one.aliases),
            }
            for one in reading.recipients
        ],
    }
    for name, person in (("left", reading.left), ("successor", reading.successor)):
        if person is not None:
            out[name] = {"name": person.name, "email": person.email, "phone": person.phone}
    if reading.since is not None:
        out["since"] = reading.since.isoformat()
    if reading.about is not None:
        out["about"] = reading.about
    if reading.arrived_at:
        out["arrived_at"] = list(reading.arrived_at)
    if reading.why:
        out["why"] = reading.why
    return out


def _read_wrapped(mail: Mail) -> BounceReading | None:
    """The bounce enclosed in ``mail``, where what it encloses is a delivery report and not what we wrote."""
    for part in mail.parts:
        if part.type == "message/rfc822" and b"report-type" in part.body[:20_000]:
            wrapped = read_mail(part.body)
            inner = _read(wrapped, read_notice(wrapped), outermost=False)
            if inner.kind == "bounce" and inner.recipients:
                return inner
    return None


def _bounce(mail: Mail, notice: Notice, reports: list[dsn.Reported], why: str) -> BounceReading:
    """Who failed, by the reports, else by Exim's and Gmail's header, the notice's words, VERP or the returned mail."""
    ours = _ours(mail, notice)
    told = {one.address: one.said for one in texts.read_addresses(notice, ours)}
    waits = still_waits(mail, notice.text)
    found: dict[str, Recipient] = {}
    alone = len({one.address for one in reports}) == 1
    for report in reports:
        address = report.address or (next(iter(told), "") or _last_resort(mail, notice, ours) if alone else "")
        if address and (address not in found or found[address].action == "delayed"):
            # What is said of one of several recipients says nothing of the others.
            about = f"{told.get(address, '')}\n{notice.text if alone else ''}"
            recipient = _recipient(
                address, report.action or "failed", report.status, report.diagnostic_code, about, reported=True
            )
            found[address] = replace(recipient, aliases=_aliases(report, address, notice, alone=alone))
    if found:
        return BounceReading(kind="bounce", recipients=tuple(found.values()), why=why)
    named = without(all_addresses(mail.headers.get("x-failed-recipients", ())), frozenset())
    addresses = named or list(told) or [one for one in [_last_resort(mail, notice, ours)] if one]
    about = notice.text if len(addresses) == 1 else ""
    recipients = tuple(
        _recipient(one, "delayed" if waits else "failed", "", told.get(one, ""), about, reported=False)
        for one in addresses
    )
    return BounceReading(kind="bounce", recipients=recipients, why=why)


def _aliases(report: dsn.Reported, address: str, notice: Notice, *, alone: bool) -> tuple[str, ...]:
    """By what else our mail may know the recipient of ``report``."""
    written_to = all_addresses(notice.original.get("to", ())) if alone and notice.original is not None else []
    others = [report.final_recipient, report.original_recipient, *(written_to if len(written_to) == 1 else [])]
    return tuple(dict.fromkeys(one for one in others if one and one != address))


def _recipient(
    address: str, action: DsnAction, status: str, diagnostic: str, notice: str, *, reported: bool
) -> Recipient:
    verdict = judge(status, action, diagnostic, notice, reported=reported)
    return Recipient(
        address=address,
        action=action,
        permanent=verdict.permanent,
        reason=verdict.reason,
        status=verdict.status,
        diagnostic=keepable(" ".join((diagnostic or notice).split())[:MAX_DIAGNOSTIC]),
    )


def _about(mail: Mail, notice: Notice) -> str | None:
    original = header(notice.original, "message-id") if notice.original is not None else ""
    told = (original or mail.header("in-reply-to")).strip().partition(" ")[0].strip("<>")
    return told if "@" in told else None


def _arrived_at(mail: Mail) -> tuple[str, ...]:
    values = [value for name in _ARRIVED_AT for value in mail.headers.get(name, ())]
    return tuple(all_addresses(values))


def _ours(mail: Mail, notice: Notice) -> frozenset[str]:
    """The addresses that cannot have failed: who gets the notice, who sent it, who sent the returned mail."""
    values = [value for name in ("to", "delivered-to", "from", "sender", "reply-to", "envelope-to")
              for value in mail.headers.get(name, ())]  # fmt: skip
    if notice.original is not None:
        authors = [value for name in ("from", "return-path", "sender") for value in notice.original.get(name, ())]
        written_to = [value for name in ("to", "cc") for value in notice.original.get(name, ())]
        # Whoever the mail was written to can have failed, even where a notice is addressed to them as well.
        return frozenset(all_addresses(values)) - frozenset(all_addresses(written_to)) | frozenset(
            all_addresses(authors)
        )
    return frozenset(all_addresses(values))


def _last_resort(mail: Mail, notice: Notice, ours: frozenset[str]) -> str:
    """The recipient that only our own bounce address or the returned mail's single recipient names."""
    for address in _arrived_at(mail):
        recipient = from_verp(address)
        if recipient is not None and not is_daemon(recipient):
            return recipient
    if notice.original is not None:
        for name in ("to", "x-original-to", "delivered-to", "envelope-to"):
            written_to = [one for one in all_addresses(notice.original.get(name, ())) if one not in ours]
            if len(written_to) == 1:
                return written_to[0]
    return ""
