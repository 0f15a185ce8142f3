"""The page of the attributes that a house adds to its accounts, contacts and visits."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from capture.attributes import KINDS, RECORDS, HouseAttributes
from capture.rights import Viewer
from capture.values import CorrectionError
from store import attributes
from store.db import Tx
from web.gate import RowId
from web.house.doing import HousePage, by_language
from web.shared import Shared
from web.typed import Typed

PLACE = "/house/attributes"


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes, kept = shared.routes(), HouseAttributes(shared.db, shared.clock)
    page = HousePage(shared, "attributes.html", PLACE, _values)

    @routes.get(PLACE)
    def listed(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """All of them."""
        return page.shown(who)

    @routes.post(PLACE)
    def add(who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Keep one more thing."""
        record, kind, choices = (typed.get(name, "") for name in ("record", "kind", "choices"))
        labels = by_language(typed, "label")
        return page.done(who, lambda: kept.add(who, record, kind, labels, choices), "", typed)

    @routes.post(PLACE + "/{attribute_id}")
    def change(attribute_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Call it otherwise, retire it, or use it again."""

        def act() -> None:
            match typed.get("do"):
                case "keep":
                    kept.change(who, attribute_id, by_language(typed, "label"), typed.get("choices", ""))
                case "retire" | "use" as do:
                    kept.switch(who, attribute_id, active=do == "use")
                case _:
                    raise CorrectionError("unknown", "This button does nothing any more.")

        return page.done(who, act)

    return routes


def _values(tx: Tx) -> dict[str, Any]:
    return {"attributes": attributes.every(tx), "records": RECORDS, "kinds": KINDS}
