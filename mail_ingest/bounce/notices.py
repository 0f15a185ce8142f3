"""Whether a message without a delivery report is a mail system's notice that mail failed or waits."""

import re

from mail_ingest.bounce.addresses import all_addresses, is_daemon
from mail_ingest.bounce.notice import Notice
from mail_ingest.bounce.parts import Mail
from mail_ingest.bounce.words import SIGNS, holds_any

_ANSWER_MARK = re.compile(r"\s*(?:re|aw|antw|vs|sv|fw|fwd|wg|doorst|tr|vl|lv|vb|rv)\s?:", re.IGNORECASE)
_REPLY_CODE = re.compile(r"(?:^|[\s(:#<\[\"])(?:[45]\d\d[ -]|#?[45]\.\d\.\d{1,3}[\s)\];,])")
# A line that holds an address and nothing else.
_ADDRESS_LINE = re.compile(
    r"[\s*-]{0,12}[\"'<]{0,2}[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}[\"'>]{0,2}(?:\s<[^\s<>]{1,320}>)?\s*:?$"
)
FEWEST_SIGNS = 2
OPENING_CHARS = 1500
"""How far the words of a notice are looked for: people quote notices further down."""


def is_answer_or_forward(subject: str) -> bool:
    """Whether the subject bears the mark that people's programs put before an answer or a forward."""
    return _ANSWER_MARK.match(subject) is not None


def is_notice(mail: Mail, notice: Notice, *, reported: bool) -> bool:
    """Whether machine and failure both show; ``reported``: there was a delivery report, though an empty one."""
    if reported or "x-failed-recipients" in mail.headers:
        return True
    if any("report; disposition-notification" in one for one in mail.containers) and not _rejects(notice.text):
        return False
    subject = mail.header("subject").lower().strip()
    answer = is_answer_or_forward(subject)
    opening = notice.text[:OPENING_CHARS].lower()
    begins = not answer and subject.startswith(SIGNS.subject_begins)
    about_failure = begins or (not answer and holds_any(subject, SIGNS.subject_holds))
    speaks = holds_any(opening, SIGNS.phrases)
    code = _REPLY_CODE.search(opening) is not None
    failure = about_failure + begins + speaks + notice.returns + code
    if failure < FEWEST_SIGNS:
        return failure == 1 and _is_daemon(mail) and (_null_sender(mail) or (notice.returns and "@" in opening))
    if is_machine(mail) or _returned_to_its_author(mail, notice):
        return about_failure or _is_daemon(mail) or (speaks and (notice.returns or code))
    if "list-unsubscribe" in mail.headers:
        return False
    listed = any(_ADDRESS_LINE.match(line) for line in opening.split("\n"))
    return begins and speaks and (notice.returns or code or listed)


def is_machine(mail: Mail) -> bool:
    """Whether a mail system, or at least a program, sent it."""
    # RFC 3834 5: newsletters and tickets are "auto-generated" too, but can be cancelled.
    answers = ("auto-replied",) if "list-unsubscribe" in mail.headers else ("auto-replied", "auto-generated")
    automatic = mail.header("auto-submitted").lower().startswith(answers)
    return automatic or _is_daemon(mail) or _null_sender(mail)


def still_waits(mail: Mail, text: str) -> bool:
    """Whether the notice says that mail is only late."""
    low = text[:4000].lower()
    subject = mail.header("subject").lower()
    late = holds_any(low, SIGNS.delayed) or holds_any(subject, ("delay", "warning: could not send", "not yet been"))
    return late and not holds_any(low, SIGNS.given_up)


def _returned_to_its_author(mail: Mail, notice: Notice) -> bool:
    """Whether the enclosed mail was sent by whom this message is for."""
    if notice.original is None:
        return False
    authors = {*all_addresses(notice.original.get("from", ())), *all_addresses(notice.original.get("return-path", ()))}
    return not authors.isdisjoint(all_addresses(mail.headers.get("to", ())))


def _is_daemon(mail: Mail) -> bool:
    sender = mail.header("from")
    shown = sender.partition("<")[0].lower() if "<" in sender else sender.lower()
    addresses = all_addresses([sender])
    bare = sender.strip().strip('<>"').lower()
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
