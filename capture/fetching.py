"""Files that a door saw but did not wait for: fetched, kept with what was reported, and listened to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from capture.beside import LARGEST, Beside, FetchError
from capture.card import visits_of
from capture.messages import from_json, to_json
from jobs import JobError
from store import captures, deliveries
from store.captures import File
from store.db import Db, Tx
from store.tables import Capture

LISTENS = timedelta(minutes=5)
"""How long a medium may take to turn a voice clip into words."""
ASKS_AGAIN_S = 3.0
Enqueue = Callable[[Tx, Capture, str, str], None]
"""Has a job run for a capture: its name and its argument."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Fetches what ``reply_to["files"]`` of a capture names. Each ref is told what became of it: ``kept`` or ``lost``.

    ``lost`` is ``large``, or ``refused`` where the medium did not hand the file over.
    """

    db: Db
    beside: Mapping[str, Beside]
    clock: Callable[[], datetime]
    enqueue: Enqueue

    def fetch(self, capture_id: int) -> None:
        """Fetch every file that was not yet had; then see what a message without words means. Again is harmless."""
        with self.db.read() as tx:
            capture = captures.of(tx, capture_id)
        beside = self.beside.get(capture.via)
        if beside is None:
            raise JobError(f"nothing is set up to fetch files by {capture.via}", permanent=True)
        for number, ref in enumerate(refs_of(capture)):
            if not ref.get("kept") and not ref.get("lost"):
                self._keep(capture_id, number, *_had(beside, ref))
        if _is_wordless(capture) and not capture.message.get("forwarded"):
            self._without_words(capture_id, self._heard(capture, beside))

    def _keep(self, capture_id: int, number: int, file: File | None, lost: str | None) -> None:
        with self.db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            refs = refs_of(capture)
            if file is not None and not refs[number].get("kept"):
                captures.attach(tx, capture, [file])
            refs[number] = {**refs[number], **({"lost": lost} if lost else {"kept": True})}
            capture.reply_to = {**capture.reply_to, "files": refs}
            if lost and capture.state in {"filed", "asked"}:
                self.enqueue(tx, capture, "renew", f"{capture.id}:file-{number}")

    def _heard(self, capture: Capture, beside: Beside) -> str | None:
        """What is said in the clip of a message; None where there is none, or nobody could hear any words."""
        clip = next((ref for ref in refs_of(capture) if ref.get("clip")), None)
        if clip is None:
            return None
        try:
            words = beside.words(clip)
        except FetchError as error:
            if error.permanent:
                return None
            raise JobError(str(error), after_s=error.after_s) from error
        if words is None and self.clock() - capture.taken_at < LISTENS:
            raise JobError("the clip is still being listened to", after_s=ASKS_AGAIN_S)
        return words

    def _without_words(self, capture_id: int, heard: str | None) -> None:
        with self.db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            if not _is_wordless(capture):
                return
            if heard:
                capture.text, capture.state, capture.not_a_report = heard, "taken", None
                capture.message = to_json(replace(from_json(capture.message), text=heard))
                self.enqueue(tx, capture, "file", str(capture.id))
                return
            if capture.state == "nothing":
                return
            report = answered(tx, capture)
            if report is not None and visits_of(tx, report.id):
                captures.copy_attachments(tx, capture, report)
                capture.state = "answer"
                return
            clip = any(ref.get("clip") for ref in refs_of(capture))
            capture.state, capture.not_a_report = "nothing", "voice" if clip else "file"
            self.enqueue(tx, capture, "reply", str(capture.id))


def _is_wordless(capture: Capture) -> bool:
    """Whether nobody knows yet what it says, or nobody could hear any words in it so far."""
    unheard = capture.state == "nothing" and capture.not_a_report == "voice"
    return (capture.state == "taken" or unheard) and not capture.text.strip()


def adopt(tx: Tx, capture: Capture) -> None:
    """Keep with a report the files that its thread began with."""
    began = answered(tx, capture)
    if began is not None and began.not_a_report in {"file", "voice"}:
        captures.copy_attachments(tx, began, capture)


def answered(tx: Tx, capture: Capture) -> Capture | None:
    """The message that began the thread which ``capture`` stands in, where the same rep said it."""
    head = capture.reply_to.get("answers")
    began = captures.seek(tx, capture.via, head) if head else None
    if began is None and head:
        # The head of the thread may be our own card: that of a command stands in no thread of a message.
        card = deliveries.posted_as(tx, capture.via, capture.sender, head)
        began = captures.of(tx, card.capture_id) if card and card.capture_id else None
    return began if began is not None and began.rep_id == capture.rep_id else None


def refs_of(capture: Capture) -> list[dict[str, Any]]:
    """The files that came with a message, as its door named them."""
    return list(capture.reply_to.get("files") or ())


def lost(capture: Capture, why: str) -> tuple[str, ...]:
    """The names of the files that could not be kept for this reason."""
    return tuple(str(ref.get("name") or "?") for ref in refs_of(capture) if ref.get("lost") == why)


def _had(beside: Beside, ref: Mapping[str, Any]) -> tuple[File | None, str | None]:
    """The file, or why it is lost."""
    if int(ref.get("size") or 0) > LARGEST:
        return None, "large"
    try:
        data = beside.fetch(ref)
    except FetchError as error:
        if error.permanent:
            return None, "refused"
        raise JobError(str(error), after_s=error.after_s) from error
    kind = str(ref.get("type") or "application/octet-stream")
    return File(name=str(ref.get("name") or "?"), content_type=kind, data=data), None
