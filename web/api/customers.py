"""Accounts and contacts: the lists, one of them, and entering or changing a contact."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from capture import CorrectionError
from capture.contacts import Contacts
from capture.seen import note_read
from store import windows
from web.api import asked
from web.api.calls import Api, Call, IfMatch, Key, known, place_of
from web.api.problems import corrected
from web.api.shown import AccountOut, ContactOut, Page
from web.api.taken import ContactChange, ContactIn
from web.gate import RowId


def router(api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    _add_accounts(routes, api)
    _add_contacts(routes, api)
    _add_entering(routes, api)
    return routes


def _add_accounts(routes: APIRouter, api: Api) -> None:
    @routes.get("/accounts", response_model=Page[AccountOut], tags=["accounts"])
    def accounts(
        call: Annotated[Call, Depends(api.call("read:accounts"))], wanted: Annotated[asked.Accounts, Query()]
    ) -> Response:
        """Customers and who may become one, in the order in which they came."""
        after = place_of(wanted.cursor, int)
        with api.db.read() as tx:
            found = windows.accounts(tx, wanted.q, wanted.owner, after, wanted.limit)
        return call.window(Page[AccountOut], found, AccountOut.of)

    @routes.get("/accounts/{account_id}", response_model=AccountOut, tags=["accounts"])
    def account(call: Annotated[Call, Depends(api.call("read:accounts"))], account_id: RowId) -> Response:
        """One account."""
        with api.db.read() as tx:
            return call.answer(AccountOut.of(known(windows.account(tx, account_id), "account")))


def _add_contacts(routes: APIRouter, api: Api) -> None:
    @routes.get("/contacts", response_model=Page[ContactOut], tags=["contacts"])
    def contacts(
        call: Annotated[Call, Depends(api.call("read:contacts"))], wanted: Annotated[asked.Contacts, Query()]
    ) -> Response:
        """The people who work at customers, in the order in which they came. Who read them is kept."""
        after = place_of(wanted.cursor, int)
        with api.db.read() as tx:
            found = windows.contacts(tx, wanted.q, wanted.account_id, after, wanted.limit)
        note_read(api.db, call.who, api.clock(), "API", {one.id for one in found.rows})
        return call.window(Page[ContactOut], found, ContactOut.of)

    @routes.get("/contacts/{contact_id}", response_model=ContactOut, tags=["contacts"])
    def contact(call: Annotated[Call, Depends(api.call("read:contacts"))], contact_id: RowId) -> Response:
        """One person. Who read it is kept."""
        found = _shown(api, contact_id)
        note_read(api.db, call.who, api.clock(), "API", {contact_id})
        return call.answer(found)


def _add_entering(routes: APIRouter, api: Api) -> None:
    @routes.post("/contacts", status_code=201, response_model=ContactOut, tags=["contacts"])
    def add(call: Annotated[Call, Depends(api.call("write:contacts"))], wanted: ContactIn, key: Key = None) -> Response:
        """Enter somebody who works at a customer."""

        def made() -> Response:
            try:
                contact_id = Contacts(api.db, api.clock).add(call.who, wanted.model_dump())
            except CorrectionError as error:
                raise corrected(error) from error
            place = f"{call.request.scope['root_path']}/contacts/{contact_id}"
            return call.answer(_shown(api, contact_id), 201, {"Location": place})

        return call.once(key, made)

    @routes.patch("/contacts/{contact_id}", response_model=ContactOut, tags=["contacts"])
    def change(
        call: Annotated[Call, Depends(api.call("write:contacts"))], contact_id: RowId, wanted: ContactChange,
        if_match: IfMatch = None,
    ) -> Response:  # fmt: skip
        """Change what is named of a person. An employment that is not named stays; `until` ends one."""
        _shown(api, contact_id)
        try:
            Contacts(api.db, api.clock).change(
                call.who, contact_id, wanted.model_dump(exclude_unset=True),
                lambda contact: call.matches(if_match, ContactOut.of(contact)),
            )  # fmt: skip
        except CorrectionError as error:
            raise corrected(error) from error
        return call.answer(_shown(api, contact_id))


def _shown(api: Api, contact_id: int) -> ContactOut:
    with api.db.read() as tx:
        return ContactOut.of(known(windows.contact(tx, contact_id), "contact"))
