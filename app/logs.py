"""How the house logs: what happened and to which record, never what somebody wrote, and no token."""

import json
import logging
from datetime import UTC, datetime
from typing import Literal

TEXT = "%(asctime)s %(levelname)-7s %(name)s %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object a line: ``at`` (UTC), ``level``, ``logger``, ``message``, and ``error`` with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def set_up(level: str, shape: Literal["text", "json"]) -> None:
    """Log to standard error; other libraries only what is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if shape == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("debrief").setLevel(level)
