"""What a medium can do beside carrying letters: hand over files, and show at a message how far it got."""

from collections.abc import Mapping
from typing import Any, Protocol

LARGEST = 25 * 1024 * 1024
"""Bytes of one file that is kept."""


class FetchError(Exception):
    """A file cannot be had. ``permanent``: nor will it later. ``after_s``: when to ask again, where that was said."""

    def __init__(self, reason: str, *, permanent: bool = False, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.after_s = after_s


class Beside(Protocol):
    """Stands beside a courier of the same medium. ``ref`` is a file as the door named it in ``reply_to["files"]``."""

    def mark(self, place: Mapping[str, Any], sign: str) -> None:
        """Show at the message in ``place`` (a ``reply_to``) that it was ``seen`` or is ``done``.

        A courtesy: nothing is waited for, and nothing is raised.
        """

    def show(self, person: str, view: Mapping[str, Any]) -> None:
        """Show a person their own page; raises `CourierError`."""

    def fetch(self, ref: Mapping[str, Any]) -> bytes:
        """The bytes of a file of at most `LARGEST`; raises `FetchError`."""

    def words(self, ref: Mapping[str, Any]) -> str | None:
        """What is said in a voice clip; None while the medium still listens to it. Raises `FetchError`."""
