"""The administrators' pages of what holds for the whole house."""

from fastapi import APIRouter

from web.house import attributes, handbook, lists
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes of all of them."""
    routes = APIRouter()
    for subject in (lists, handbook, attributes):
        routes.routes.extend(subject.router(shared).routes)
    return routes
