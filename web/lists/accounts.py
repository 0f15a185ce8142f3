"""The list of accounts, and its way out."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from capture.rights import Viewer, sight
from capture.seen import note_export
from store import attributes, choices, views
from store.account_rows import AccountFilter, AccountRow, each_account, find_accounts
from store.db import Db
from web.extra import columns
from web.gate import allowed
from web.lists.columns import Column
from web.lists.exports import taken_out
from web.shared import Shared

COLUMNS: tuple[Column[AccountRow], ...] = (
    Column("name", "Name", lambda row: row.account.name),
    Column("street", "Street", lambda row: row.account.street),
    Column("postcode", "Postcode", lambda row: row.account.postcode),
    Column("town", "Town", lambda row: row.account.city),
    Column("country", "Country", lambda row: row.account.country),
    Column("region", "Region", lambda row: row.account.region),
    Column("industry", "Industry", lambda row: row.account.industry),
    Column("class", "Class", lambda row: row.account.grade),
    Column("status", "Status", lambda row: row.account.status),
    Column("owner", "Account manager", lambda row: row.owner),
    Column("last", "Last visit", lambda row: row.last),
    Column("external_id", "Own number", lambda row: row.account.external_id),
)


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    @routes.get("/accounts")
    def accounts(
        request: Request, who: Annotated[Viewer, Depends(shared.gate.viewer)],
        page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """The accounts by name, narrowed as the address says."""
        allowed(who.may("read", "account"))
        wanted = AccountFilter.read(request.query_params, who.rep_id)
        with shared.db.read() as tx:
            found = find_accounts(tx, wanted, sight(tx, who), page_number)
            return shared.page(
                "accounts.html", who, place="accounts", found=found, chosen=wanted.query(),
                query=urlencode(wanted.query()), grades=[(one, one) for one in choices.grades(tx)],
                regions=[(one, one) for one in choices.regions(tx)],
                views=views.listed(tx, who.rep_id, "accounts"),
            )  # fmt: skip

    @routes.get("/accounts.{kind}")
    def accounts_out(
        kind: str, request: Request, who: Annotated[Viewer, Depends(shared.gate.viewer)]
    ) -> StreamingResponse:
        """The whole list as the address narrows it."""
        allowed(who.may("read", "account"))
        wanted = AccountFilter.read(request.query_params, who.rep_id)
        name = f"accounts-{who.today(shared.clock())}"
        with shared.db.read() as tx:
            own: tuple[Column[AccountRow], ...] = columns(attributes.of(tx, "account"), lambda row: row.account.extra)
        answer = taken_out(kind, name, (*COLUMNS, *own), _all_rows(shared.db, wanted, who))
        note_export(shared.db, who, shared.clock(), f"accounts as {kind}; {urlencode(wanted.query()) or 'all'}")
        return answer

    return routes


def _all_rows(db: Db, wanted: AccountFilter, who: Viewer) -> Iterator[AccountRow]:
    with db.read() as tx:
        seen = sight(tx, who)
    return each_account(db, wanted, seen)
