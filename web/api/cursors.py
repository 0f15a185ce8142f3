"""Cursors: where a list goes on, as text that only we read."""

import base64
import binascii
import json
from typing import Any

from web.api.problems import Fault, ProblemError

LONGEST = 8_000


def written(place: Any) -> str:
    """The cursor of a place in a list (a JSON value)."""
    text = json.dumps(place, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str) -> Any:
    """The place that a cursor names. Raises `ProblemError` 422 where it is none of ours."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return json.loads(raw)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise no_cursor() from error


def no_cursor() -> ProblemError:
    """That a cursor is none of this list."""
    return ProblemError(
        422, "not-valid", "This is no cursor of this list.",
        faults=[Fault(pointer="query/cursor", detail="is to be what `next` said, unchanged")],
    )  # fmt: skip
