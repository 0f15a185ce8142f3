"""What the pages of the house have in common: administrators alone, and the reason where something cannot be done."""

from collections.abc import Callable
from typing import Any

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture.rights import Thing, Viewer
from capture.values import CorrectionError
from parsing.model import LANGUAGES
from store.db import Tx
from web.gate import allowed
from web.shared import Shared
from web.typed import Typed

LANGUAGE_NAMES = {"nl": "Dutch", "de": "German", "fi": "Finnish", "en": "English"}


class HousePage:
    """One of the pages: its template, its address, and what it shows."""

    def __init__(
        self, shared: Shared, template: str, place: str, values: Callable[[Tx], dict[str, Any]],
        read_by: Thing = "house",
    ) -> None:  # fmt: skip
        """``read_by``: whoever may read such things may read the page."""
        self._shared, self._template, self._place, self._values = shared, template, place, values
        self._read_by = read_by

    def shown(
        self, who: Viewer, problem: str | None = None, status: int = 200, typed: Typed | None = None
    ) -> HTMLResponse:
        """The page as it is now; ``typed`` is what was to be added, where it could not be."""
        allowed(who.may("read", self._read_by))
        with self._shared.db.read() as tx:
            return self._shared.page(
                self._template, who, status, place="house", problem=problem, typed=typed or {},
                languages=LANGUAGE_NAMES, **self._values(tx),
            )  # fmt: skip

    def done(self, who: Viewer, act: Callable[[], object], at: str = "", typed: Typed | None = None) -> Response:
        """Do it and show the page, where it stands; or the reason why it cannot be done."""
        allowed(who.may("edit", "house"))
        try:
            act()
        except CorrectionError as error:
            return self.shown(who, str(error), 409, typed)
        return RedirectResponse(f"{self._place}{at}", 303)


def by_language(typed: Typed, name: str) -> dict[str, str]:
    """The fields ``name_nl``, ``name_de`` and so on of a form."""
    return {one: typed.get(f"{name}_{one}", "") for one in LANGUAGES}
