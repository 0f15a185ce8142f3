"""What every page of the cockpit needs, and how its routes are begun."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from capture.rights import Viewer
from store.db import Db
from web.gate import Gate
from web.security import known_host
from web.templating import page


@dataclass(frozen=True, slots=True)
class Shared:
    """What every page needs.

    ``try_out`` says that the chat page is there to be linked to; ``hosts``, where given, are the only names that the
    pages answer under. ``council``: nobody's figures are shown beside another one's.
    """

    db: Db
    clock: Callable[[], datetime]
    gate: Gate
    try_out: bool
    hosts: Collection[str] | None = None
    council: bool = False

    def routes(self) -> APIRouter:
        """An empty set of routes for pages."""
        return APIRouter(dependencies=[Depends(known_host(self.hosts))] if self.hosts else [], include_in_schema=False)

    def page(self, template: str, who: Viewer, status: int = 200, **values: Any) -> HTMLResponse:
        """The template with what it needs besides ``values``."""
        return page(template, {"now": self.clock(), "viewer": who, "try_out": self.try_out, **values}, status)
