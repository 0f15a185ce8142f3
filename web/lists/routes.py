"""The routes of every list."""

from fastapi import APIRouter

from web.lists import accounts, actions, contacts, views, visits
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    for subject in (visits, accounts, actions, contacts, views):
        routes.routes.extend(subject.router(shared).routes)
    return routes
