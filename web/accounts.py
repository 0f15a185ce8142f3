"""One account at a glance."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse

from capture.rights import Viewer, sight
from store import kinds
from store.accounts import find_account
from web.gate import RowId, allowed
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    @routes.get("/accounts/{account_id}")
    def account(account_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """One account: facts, people, visits, what is still to be done."""
        allowed(min(who.may("read", "account"), who.may("read", "person")))
        with shared.db.read() as tx:
            found = find_account(tx, account_id, sight(tx, who))
            if found is None:
                raise HTTPException(404, "There is no such account.")
            return shared.page("account.html", who, place="visits", found=found, labels=kinds.labels(tx, "en"))

    return routes
