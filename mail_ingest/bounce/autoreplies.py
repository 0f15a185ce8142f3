"""Automatic answers: away notes, receipts, and the ones that say that someone has gone.

An answer counts as automatic by its headers or by its program's mark in the subject; without either only where it is an
answer (``In-Reply-To``) whose subject is not ours with a mark before it, as a person's program would have left it.
"""

from datetime import date
from email.utils import parsedate

from mail_ingest.bounce.addresses import all_addresses
from mail_ingest.bounce.leavers import Leaving, read_leaving
from mail_ingest.bounce.model import BounceReading, Recipient
from mail_ingest.bounce.notices import is_answer_or_forward
from mail_ingest.bounce.parts import Mail
from mail_ingest.bounce.phrases import folded, own_words
from mail_ingest.bounce.words import holds_any, table

_LIST_HEADERS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "x-mailman-version",
    "x-campaign",
    "x-mailer-campaign",
    "feedback-id",
)
FEWEST_SIGNS = 2
"""One header or word alone makes no answer automatic: newsletters and tickets bear each of them."""
SHORT_CHARS = 600
"""An automatic answer without any mark is believed to be one only where it is no longer than this."""


def read_answer(mail: Mail, text: str) -> BounceReading:
    """An automatic answer's meaning; ``none`` for all other mail."""
    marked = _is_marked(mail)
    if not marked and not _may_be_unmarked(mail):
        return BounceReading()
    own = own_words(text)
    subject = mail.header("subject").strip()
    leaving = read_leaving(own, subject, mail.header("from"), _sent_on(mail))
    if not marked and not _reads_automatic(folded(own), folded(subject), leaving):
        return BounceReading()
    if leaving is None:
        return BounceReading(kind="autoreply", why="an automatic answer")
    answerer = leaving.address or next(iter(all_addresses(mail.headers.get("from", ()))), "")
    recipients = (
        (Recipient(address=answerer, permanent=True, reason="left", status="", diagnostic=leaving.words),)
        if answerer
        else ()
    )
    return BounceReading(
        kind="left_company",
        recipients=recipients,
        left=leaving.who,
        since=leaving.since,
        successor=leaving.successor,
        why="an automatic answer says so",
    )


def _is_marked(mail: Mail) -> bool:
    """By a header that only automatic answers bear, a read receipt, or a program's mark in the subject."""
    receipt = next((part for part in mail.parts if part.type == "message/disposition-notification"), None)
    if receipt is not None:
        # RFC 8098 3.2.6: "manual-action" means that a person opened the mail, which is a sign of life and no answer.
        return "automatic-action" in receipt.text()[:4000].lower()
    subject = mail.header("subject").lower().strip()
    answers = _answers(mail)
    on_list = any(name in mail.headers for name in _LIST_HEADERS)
    for name, value in table("autoreplies")["headers"].items():
        if name in mail.headers and mail.header(name).lower().strip().startswith(value):
            return not (on_list and name == "precedence")
    if "autoresponder" in mail.header("delivered-to").lower() or "autoreply" in mail.header("x-mailer").lower():
        return True
    if on_list or is_answer_or_forward(subject):
        return False
    automatic = mail.header("auto-submitted").lower().strip()
    begins = subject.startswith(tuple(table("autoreplies")["subjects"]["marks"]))
    suppresses = "x-auto-response-suppress" in mail.headers
    bulk = mail.header("precedence").lower().strip() in {"bulk", "junk"}
    generated = automatic not in {"", "no"}
    nobody = any(one.strip() in {"<>", ""} for one in mail.headers.get("return-path", ()))
    signs = begins + generated + answers + nobody + (suppresses or bulk)
    return signs >= FEWEST_SIGNS and (answers or begins) and (generated or begins or suppresses or nobody)


def _answers(mail: Mail) -> bool:
    """Whether the message names the one that it answers, by a message id and not by what junk puts there."""
    return any("<" in mail.header(name) and "@" in mail.header(name) for name in ("in-reply-to", "references"))


def _may_be_unmarked(mail: Mail) -> bool:
    """An answer under a subject of its own; a person's program would have kept ours, with a mark before it."""
    subject = mail.header("subject").strip()
    return (
        _answers(mail)
        and bool(subject)
        and not is_answer_or_forward(subject)
        and not any(name in mail.headers for name in _LIST_HEADERS)
    )


def _reads_automatic(own: str, subject: str, leaving: Leaving | None) -> bool:
    rules = table("autoreplies")
    if len(own) > SHORT_CHARS:
        return False
    return (leaving is not None and leaving.of_sender) or (
        subject.startswith((*rules["subjects"]["marks"], *rules["subjects"]["topics"]))
        and holds_any(own, rules["away"]["phrases"])
    )


def _sent_on(mail: Mail) -> date | None:
    try:
        parsed = parsedate(mail.header("date"))
        return date(*parsed[:3]) if parsed else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # a date that no calendar has is no date: the year is then taken from the words alone
