"""Why something cannot be done, as the one line that a person at a terminal reads."""

from smtplib import SMTPResponseException

USAGE = 2


class Refused(Exception):  # noqa: N818  # it is an answer, not a fault of ours
    """What was asked for cannot be done; the text says why and what to do. ``status`` is the exit status."""

    def __init__(self, text: str, *, status: int = USAGE) -> None:
        super().__init__(text)
        self.status = status


def reason(error: BaseException) -> str:
    """What went wrong, in one line, as the driver or the system says it."""
    if isinstance(error, SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    told = getattr(error, "orig", None) or getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    # psycopg says where it tried and asks whether the server runs there: the first line is what happened.
    first, _, _ = str(told).strip().partition("\n")
    return first.strip() or type(error).__name__
