"""Every route of the application, wherever it was included, for tests that must leave none out."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import APIRoute


def every_route(app: Any) -> Iterator[tuple[str, str]]:
    """Method and path of each, as ``("GET", "/visits/{visit_id}")``; files that are served as they are have none."""
    yield from _below(app.routes, "")


def _below(routes: Iterable[Any], place: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield from ((method, place + route.path) for method in sorted(route.methods or ()))
        elif hasattr(route, "original_router"):
            yield from _below(route.original_router.routes, place)
        elif getattr(route, "routes", None):
            yield from _below(route.routes, place + getattr(route, "path", ""))
