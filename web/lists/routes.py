"""The routes of every list."""

from fastapi import APIRouter

from web.lists import visits
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    for subject in (visits,):
        routes.include_router(subject.router(shared))
    return routes
