"""Whether a message without a delivery report is a mail system's notice that mail failed or waits."""

import re

from mail_ingest.bounce.addresses import all_addresses, is_daemon
from mail_ingest.bounce.parts import Mail
from mail_ingest.bounce.texts import Notice
from mail_ingest.bounce.words import SIGNS, holds_any

_ANSWER_MARK = re.compile(r"\s*(?:re|aw|antw|vs|sv|fw|fwd|wg|doorst|tr|vl|lv|vb|rv)\s?:", re.IGNORECASE)
_REPLY_CODE = re.compile(r"(?:^|[\s(:#<\[\"])(?:[45]\d\d[ -]|#?[45]\.\d\.\d{1,3}[\s)\];,])")
OPENING_CHARS = 1500
"""How far the words of a notice are looked for: people quote notices further down."""


def is_answer_or_forward(subject: str) -> bool:
    """Whether the subject bears the mark that people's programs put before an answer or a forward."""
    return _ANSWER_MARK.match(subject) is not None


def is_notice(mail: Mail, notice: Notice, *, reported: bool) -> bool:
    """Whether machine and failure both show; ``reported``: there was a delivery report, though an empty one."""
    if reported:
        return True
    if any("report; disposition-notification" in one for one in mail.containers) and not _rejects(notice.text):
        return False
    subject = mail.header("subject").lower().strip()
    answer = is_answer_or_forward(subject)
    begins = not answer and subject.startswith(SIGNS.subject_begins)
    about_failure = begins or (not answer and holds_any(subject, SIGNS.subject_holds))
    if "x-failed-recipients" in mail.headers:
        return True
    daemon = _sent_by_daemon(mail)
    nobody = _null_sender(mail)
    automatic = mail.header("auto-submitted").lower().startswith(("auto-replied", "auto-generated"))
    opening = notice.text[:OPENING_CHARS].lower()
    speaks = holds_any(opening, SIGNS.phrases)
    returns = notice.original is not None
    code = _REPLY_CODE.search(opening) is not None
    machine = 2 * daemon + nobody + automatic
    failure = about_failure + begins + speaks + returns + code
    if daemon:
        return failure >= 2 or (failure >= 1 and nobody)
    if machine:
        return (about_failure or (speaks and (returns or code))) and failure >= 2
    return begins and speaks and failure >= 3 and (returns or code or "@" in opening)


def still_waits(mail: Mail, text: str) -> bool:
    """Whether the notice says that mail is only late."""
    low = text[:4000].lower()
    subject = mail.header("subject").lower()
    late = holds_any(low, SIGNS.delayed) or holds_any(subject, ("delay", "warning: could not send", "not yet been"))
    return late and not holds_any(low, SIGNS.given_up)


def _sent_by_daemon(mail: Mail) -> bool:
    sender = mail.header("from")
    shown = sender.partition("<")[0].lower() if "<" in sender else sender.lower()
    addresses = all_addresses([sender])
    bare = sender.strip().strip("<>\"").lower()
    return (
        any(is_daemon(one) for one in addresses)
        or is_daemon(bare.partition(" ")[0])
        or holds_any(shown, SIGNS.daemon_names)
    )


def _null_sender(mail: Mail) -> bool:
    path = mail.headers.get("return-path", ())
    return any(one.strip() in {"<>", ""} for one in path) or mail.header("from").strip().endswith("<>")


def _rejects(text: str) -> bool:
    """A disposition notification that in truth refuses the mail, as Sieve's ``reject`` (RFC 5429) does."""
    low = text[:OPENING_CHARS].lower()
    return "rejected" in low or "refused" in low
