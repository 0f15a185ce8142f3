"""What we say. `render` makes a letter from a folder of templates; a courier carries it."""

from letters.filters import cut, mrkdwn, one_line
from letters.model import Courier, CourierError, Letter
from letters.rendering import render
from letters.wording import LANGUAGES, Wording, wording

__all__ = [
    "LANGUAGES",
    "Courier",
    "CourierError",
    "Letter",
    "Wording",
    "cut",
    "mrkdwn",
    "one_line",
    "render",
    "wording",
]
