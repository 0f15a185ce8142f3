"""Reading mails: how many a second, the longest, and how much is read right, beside other readers."""

import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.others import Reader, bounce_readers, missing, readers
from tests.bench.tables import middle, say, table

READING = Path(__file__).parents[1] / "mail_ingest" / "reading" / "cases"
BOUNCES = Path(__file__).parents[1] / "mail_ingest" / "bounces"
SECONDS = 4.0
HEAD = ("reader", "mails/s", "median ms", "longest ms", "raised")


def mail(folder: Path | None) -> None:
    """Print times over the mails in ``folder`` (``*.eml``, below it too), or times and truth over those of the tests.

    Times are the processor's. Each reader is given the raw mail; what it lacks (taking MIME apart) the standard library
    does for it.
    """
    if folder:
        paths = sorted(folder.rglob("*.eml"))
        if not paths:
            raise SystemExit(f"no *.eml in {folder}")
        raws = [path.read_bytes() for path in paths]
        rows = [_timed(name, raws, read) for name, read in readers().items()]
        rows += [_timed(f"{name}, bounces", raws, find) for name, find in bounce_readers().items()]
        table(_title(raws), HEAD, rows)
    else:
        _forwards()
        _bounces()
    if missing():
        say(f"\nnot installed here: {', '.join(missing())} (pip install '.[bench]')")


def _forwards() -> None:
    paths = sorted(READING.glob("*.eml"))
    raws = [path.read_bytes() for path in paths]
    wanted = [tomllib.loads(path.with_suffix(".toml").read_text("utf-8")) for path in paths]
    rows = [(*_timed(name, raws, read), *_truth(raws, wanted, read)) for name, read in readers().items()]
    head = (*HEAD, "notes right", "senders", "subjects", "dates as dates")
    table(f"Forwards and replies: {_title(raws)}", head, rows)


def _truth(raws: Sequence[bytes], wanted: Sequence[Mapping[str, Any]], read: Reader) -> tuple[str, ...]:
    """How many of the notes, and of the forwarded mails' senders, subjects and dates, are right."""
    right = dict.fromkeys(("note", "sender", "subject", "date"), 0)
    forwards = [one["forwarded"] for one in wanted if "forwarded" in one]
    for raw, want in zip(raws, wanted, strict=True):
        said = _said(read, raw)
        if "mail" in said or "of" in said:
            return ("",) * 4  # it reads no further than the envelope
        right["note"] += _words(said.get("note")) == _words(want["note"])
        if "forwarded" in want:
            inner, date = want["forwarded"], said.get("date")
            right["sender"] += said.get("sender") == inner["sender"]
            right["subject"] += said.get("subject") == inner["subject"]
            right["date"] += isinstance(date, datetime) and date.isoformat() == inner["date"].isoformat()
    of = {"note": len(raws)}
    return tuple(f"{count} of {of.get(what, len(forwards))}" for what, count in right.items())


def _bounces() -> None:
    raws = {path.stem: path.read_bytes() for path in sorted((BOUNCES / "mails").glob("*.eml"))}
    expected = tomllib.loads((BOUNCES / "cases" / "mails.toml").read_text("utf-8"))
    wanted = {
        name: {address for address, action, *_ in expected[name].get("recipients", []) if action != "delivered"}
        for name in raws
    }
    rows = []
    for name, find in bounce_readers().items():
        right = sum(_said(find, raw, set()) == wanted[key] for key, raw in raws.items())
        rows.append((*_timed(name, list(raws.values()), find), f"{right} of {len(raws)}"))
    table(f"Bounces: {_title(list(raws.values()))}", (*HEAD, "right recipients, no other"), rows)


def _timed(name: str, raws: Sequence[bytes], read: Callable[[bytes], object]) -> tuple[object, ...]:
    _said(read, raws[0])
    took: list[float] = []
    raised = 0
    began = time.perf_counter()
    while not took or (time.perf_counter() - began < SECONDS and len(took) < 20 * len(raws)):
        for raw in raws:
            since = time.process_time()  # on a machine that does other things too
            try:
                read(raw)
            except Exception:  # noqa: BLE001  # that others raise is what is counted
                raised += len(took) < len(raws)
            took.append((time.process_time() - since) * 1000)
    return name, len(took) / sum(took) * 1000, middle(took), max(took), raised


def _said(read: Callable[[bytes], Any], raw: bytes, nothing: Any = None) -> Any:
    try:
        return read(raw)
    except Exception:  # noqa: BLE001  # as above
        return {} if nothing is None else nothing


def _words(said: str | None) -> list[str]:
    return (said or "").split()


def _title(raws: Sequence[bytes]) -> str:
    return f"{len(raws)} mails of {sum(map(len, raws)) / len(raws) / 1000:.1f} kB"
