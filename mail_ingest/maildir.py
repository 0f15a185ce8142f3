"""Mails in a maildir, as a mail server on this machine delivers them (cr.yp.to/proto/maildir.html)."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from mail_ingest.mailbox import BACK_OFF_S, Fetched, State, Take

log = logging.getLogger("debrief.mail")

LOOK_S = 1.0
LONGEST_HEAD = 1024 * 1024
"""Of a mail that is too large no more than this is looked at."""
SEEN = ":2,S"


class MaildirWatcher:
    """Hands every mail in ``new/`` to ``take``, and moves it to ``cur/`` only after that returned.

    A process that dies in between finds the mail in ``new/`` again; it is known by its Message-ID.
    """

    def __init__(self, folder: Path, take: Take, max_size_bytes: int) -> None:
        self._folder, self._take, self._max_size_bytes = folder, take, max_size_bytes
        self._stop = Event()
        self.state = State()

    def __str__(self) -> str:
        return str(self._folder)

    def stop(self) -> None:
        """End `watch` soon; a mail in hand is finished."""
        self._stop.set()

    def watch(self) -> None:
        """Look every second until `stop`; what cannot be kept or read is tried again with pauses."""
        failures, told = 0, ""
        while not self._stop.is_set():
            try:
                left, trouble = self.sweep(), ""
            except OSError as error:
                left, trouble = 1, str(error)
            if trouble and trouble != told:
                log.warning("maildir %s: %s; it is tried again", self._folder, trouble)
            told = trouble
            self.state = State("unreachable", trouble) if trouble else State("watched")
            failures = failures + 1 if left else 0
            self._stop.wait(BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1] if left else LOOK_S)

    def sweep(self) -> int:
        """Take what is there now, once; return how many mails were left because they could not be kept.

        Raises OSError where the folder cannot be read or written.
        """
        left = 0
        # A delivery begins with the time: the oldest comes first.
        for name in sorted(entry.name for entry in os.scandir(self._folder / "new") if not entry.name.startswith(".")):
            if self._stop.is_set():
                break
            left += not self._take_one(self._folder / "new" / name)
        return left

    def _take_one(self, path: Path) -> bool:
        try:
            with path.open("rb") as mail:
                about = os.fstat(mail.fileno())
                too_large = about.st_size > self._max_size_bytes
                raw = _head(mail.read(LONGEST_HEAD)) if too_large else mail.read()
        except FileNotFoundError:
            return True  # another process was quicker
        arrived_at = datetime.fromtimestamp(about.st_mtime, UTC)
        try:
            self._take(Fetched(raw, arrived_at, about.st_size, too_large))
        except Exception:
            # Whatever it is (a full disk, a locked database), the mail is not lost: it stays where it is.
            log.exception("maildir %s: %s was not kept, it stays", self._folder, path.name)
            return False
        base, mark, flags = path.name.partition(":2,")
        path.replace(self._folder / "cur" / (f"{base}:2,{''.join(sorted({*flags, 'S'}))}" if mark else base + SEEN))
        return True


def _head(raw: bytes) -> bytes:
    """The header of a mail, with the empty line that ends it."""
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if end >= 0]
    return raw[: min(ends)] + b"\n\n" if ends else raw
