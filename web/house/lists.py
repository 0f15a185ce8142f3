"""The page of the house: its kinds of visits and its keywords, and the ways to everything else that holds for all."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from capture.house_lists import HouseLists, is_fixed
from capture.rights import Viewer
from capture.values import CorrectionError
from store import keywords, kinds
from store.db import Tx
from web.gate import RowId
from web.house.doing import HousePage, by_language
from web.shared import Shared
from web.typed import Typed

FAMILIES = {"type": "Types", "medium": "Media", "outcome": "Outcomes", "status": "Statuses"}


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes, lists = shared.routes(), HouseLists(shared.db, shared.clock)
    page = HousePage(shared, "house.html", "/house", _values)
    _add_page(routes, shared, page)
    _add_kinds(routes, shared, page, lists)
    _add_keywords(routes, shared, page, lists)
    return routes


def _values(tx: Tx) -> dict[str, Any]:
    return {
        "families": FAMILIES, "kinds": kinds.listed(tx), "is_fixed": is_fixed, "keywords": keywords.listed(tx),
    }  # fmt: skip


def _add_page(routes: APIRouter, shared: Shared, page: HousePage) -> None:
    @routes.get("/house")
    def house(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """The lists as they are."""
        return page.shown(who)


def _add_kinds(routes: APIRouter, shared: Shared, page: HousePage, lists: HouseLists) -> None:
    @routes.post("/house/kinds")
    def add_kind(who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Offer another value."""
        family, words = typed.get("family", ""), typed.get("words", "")
        labels = by_language(typed, "label")
        return page.done(who, lambda: lists.add_kind(who, family, labels, words), f"#{family}", typed)

    @routes.post("/house/kinds/{kind_id}")
    def change_kind(kind_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Call it otherwise, move it, retire it, or offer it again."""

        def act() -> None:
            match typed.get("do"):
                case "keep":
                    lists.change_kind(who, kind_id, by_language(typed, "label"), typed.get("words", ""))
                case "retire" | "offer" as do:
                    lists.switch_kind(who, kind_id, active=do == "offer")
                case "up" | "down" as do:
                    lists.move_kind(who, kind_id, -1 if do == "up" else 1)
                case _:
                    raise CorrectionError("unknown", "This button does nothing any more.")

        return page.done(who, act, f"#kind-{kind_id}")


def _add_keywords(routes: APIRouter, shared: Shared, page: HousePage, lists: HouseLists) -> None:
    @routes.post("/house/keywords")
    def add_keyword(who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Look for another term from now on."""
        term, synonyms = typed.get("term", ""), typed.get("synonyms", "")
        return page.done(who, lambda: lists.add_keyword(who, term, synonyms), "#keywords", typed)

    @routes.post("/house/keywords/{keyword_id}")
    def change_keyword(
        keyword_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed
    ) -> Response:
        """Know it by other words, retire it, or look for it again."""

        def act() -> None:
            match typed.get("do"):
                case "keep":
                    lists.change_keyword(who, keyword_id, typed.get("synonyms", ""))
                case "retire" | "offer" as do:
                    lists.switch_keyword(who, keyword_id, active=do == "offer")
                case _:
                    raise CorrectionError("unknown", "This button does nothing any more.")

        return page.done(who, act, "#keywords")
