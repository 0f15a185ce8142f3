"""Keeping a list as one wants to see it again, for oneself or for one's team."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from capture.rights import Viewer
from capture.values import CorrectionError, read_text
from store import views
from store.db import Db
from store.tables import SavedView

PLACES = ("visits", "actions", "accounts")
LONGEST_NAME = 60
LONGEST_QUERY = 2_000
MOST = 100
"""Views that one person keeps."""


@dataclass(frozen=True, slots=True)
class Viewing:
    """Keeps views, and lets them go."""

    db: Db

    def keep(self, who: Viewer, place: str, name: str, query: str, *, shared: bool) -> int:
        """Keep the list ``place`` as ``query``, its address's parameters, shows it; one of the same name is replaced.

        Give the view's id. Raises `CorrectionError`.
        """
        if place not in PLACES:
            raise CorrectionError("place", "There is no such list.")
        named = read_text(name, "name", needed=True, longest=LONGEST_NAME) or ""
        said = urlencode([(key, value) for key, value in parse_qsl(query[:LONGEST_QUERY]) if key != "page"])
        with self.db.write() as tx:
            mine = [one.view for one in views.listed(tx, who.rep_id, place) if one.owner is None]
            view = next((one for one in mine if one.name.casefold() == named.casefold()), None)
            if view is None:
                if views.count_of(tx, who.rep_id) >= MOST:
                    raise CorrectionError("too_many", f"{MOST} views are the most; let one go first.")
                view = SavedView(rep_id=who.rep_id or None, place=place, name=named, query="")
                tx.add(view)
            view.name, view.query, view.shared = named, said, shared and who.rep_id > 0
            tx.flush()
            return view.id

    def drop(self, who: Viewer, view_id: int) -> str:
        """Let one's own view go; give the list that it was of. Raises `CorrectionError`."""
        with self.db.write() as tx:
            view = tx.get(SavedView, view_id)
            if view is None or view.rep_id != (who.rep_id or None):
                raise CorrectionError("gone", "There is no such view of yours.")
            tx.delete(view)
            return view.place
