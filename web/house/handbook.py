"""The house's handbook: everybody reads it, administrators keep it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from capture.attributes import field_of, label_of
from capture.handbook import FIELDS, FORMATS, Handbook
from capture.house_rules import ABOUT, HouseRules, WantedRule
from capture.rights import Viewer
from capture.values import CorrectionError
from capture.wanting import GRADES
from store import attributes, handbook, kinds
from store.db import Tx
from store.tables import HouseRule
from web.gate import RowId
from web.house.doing import HousePage, by_language
from web.lacks import field_called
from web.shared import Shared
from web.typed import Typed

SUBJECTS = {
    "mandatory": "What has to be told", "spelling": "How things are spelt", "title": "Titles of people",
    "phone": "Phone numbers", "other": "Other conventions, and examples",
}  # fmt: skip


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes, rules = shared.routes(), HouseRules(shared.db, shared.clock)
    page = HousePage(shared, "handbook.html", "/handbook", _values, read_by="account")

    @routes.get("/handbook")
    def read(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """The rules, with the reasons."""
        return page.shown(who)

    @routes.post("/handbook")
    def add(who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Let another rule hold."""
        about, keyword = typed.get("about", ""), typed.get("keyword", "").strip()
        wanted = WantedRule(
            about=about, field=typed.get("country" if about == "phone" else "field", ""),
            when=f"keyword:{keyword}" if keyword else typed.get("when", ""),
            written=typed.get("format" if about == "phone" else "written", ""), instead=typed.get("instead", ""),
            reasons=by_language(typed, "reason"),
        )  # fmt: skip
        return page.done(who, lambda: rules.add(who, wanted), f"#{about}", typed)

    @routes.post("/handbook/{rule_id}")
    def change(rule_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)], typed: Typed) -> Response:
        """Word its reason otherwise, end it, or let it hold again."""

        def act() -> None:
            match typed.get("do"):
                case "keep":
                    rules.reword(who, rule_id, by_language(typed, "reason"))
                case "end" | "hold" as do:
                    rules.switch(who, rule_id, active=do == "hold")
                case _:
                    raise CorrectionError("unknown", "This button does nothing any more.")

        return page.done(who, act)

    return routes


def _values(tx: Tx) -> dict[str, Any]:
    labels = kinds.labels(tx, "en")
    found: dict[str, list[HouseRule]] = {about: [] for about in ABOUT}
    for rule in handbook.rules(tx, active=False):
        found[rule.about].append(rule)
    own = [one for one in attributes.every(tx) if one.active]
    names = {(one.record, field_of(one)): label_of(one, "en") for one in own}
    fields = {record: (*some, *(field for of, field in names if of == record)) for record, some in FIELDS.items()}
    return {
        "subjects": SUBJECTS, "rules": found, "fields": fields,
        "field_called": lambda record, field: names.get((record, field)) or field_called(field),
        "formats": tuple(FORMATS), "whens": _whens(kinds.offered(tx, "en"), labels),
        "when_called": lambda when: _when_called(when, labels), "example": Handbook.example,
    }  # fmt: skip


def _whens(offered: Mapping[str, Sequence[tuple[str, str]]], labels: kinds.Labels) -> list[tuple[str, str]]:
    chosen = [f"{family}:{key}" for family in ("type", "medium", "outcome") for key, _ in offered.get(family, ())]
    return [(one, _when_called(one, labels)) for one in (*chosen, *(f"class:{one}" for one in GRADES))]


def _when_called(when: str, labels: kinds.Labels) -> str:
    family, _, key = when.partition(":")
    return f"{family} {labels.get((family, key), key)}" if when else ""
