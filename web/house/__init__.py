"""The administrators' pages of what holds for the whole house."""

from fastapi import APIRouter

from web.house import attributes, handbook, lists
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes of all of them."""
    routes = APIRouter()
    for subject in (lists, handbook, attributes):
        routes.include_router(subject.router(shared))
    return routes
