"""What went wrong, told alike for everything: problem+json (RFC 9457)."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from capture import CorrectionError
from capture.attributes import MARK
from capture.fixing import FixError, MeanwhileError

log = logging.getLogger("debrief.web")

MEDIA_TYPE = "application/problem+json"
STATUSES: Mapping[str, int] = {
    "gone": 404, "no_account": 422, "no_contact": 422, "not_yours": 403, "withdrawn": 409, "no_action": 409,
    "as_is": 409, "meanwhile": 412,
}  # fmt: skip
"""What a `CorrectionError` of this key is on the wire; 422 where nothing stands here."""


class Fault(BaseModel):
    """One thing that is wrong with what was sent."""

    pointer: str = Field(description="Where: a JSON Pointer into the body, or `query/…`, `path/…`, `header/…`.")
    detail: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """A problem as RFC 9457 has it."""

    type: str = Field(description="Names the kind of problem: `urn:debrief:problem:…`.")
    title: str = Field(description="The kind of problem in words, the same each time.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is the matter this time.")
    errors: list[Fault] = Field(default_factory=list, description="What is wrong with each part of what was sent.")


class ProblemError(Exception):
    """A request cannot be served. ``kind`` names the problem, in words joined by hyphens."""

    def __init__(
        self, status: int, kind: str, detail: str, *, faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.faults, self.headers = tuple(faults), dict(headers or {})

    @property
    def body(self) -> bytes:
        """The problem as it is sent."""
        told = Problem(
            type=f"urn:debrief:problem:{self.kind}", title=self.kind.replace("-", " ").capitalize(),
            status=self.status, detail=self.detail, errors=list(self.faults),
        )  # fmt: skip
        return told.model_dump_json().encode()

    def response(self) -> Response:
        """The answer."""
        return Response(self.body, self.status, self.headers, MEDIA_TYPE)


def missing(what: str) -> ProblemError:
    """That there is no such thing, or none that the caller may see: the two are told alike."""
    return ProblemError(404, "not-found", f"There is no such {what}.")


def corrected(error: CorrectionError | FixError | MeanwhileError) -> ProblemError:
    """Why a change was not made, out of what the house says of it."""
    if isinstance(error, MeanwhileError):
        changed = ", ".join(error.fields)
        return ProblemError(412, "changed-meanwhile", f"Changed since you read it: {changed}. Read it again.")
    if isinstance(error, FixError):
        faults = [Fault(pointer=_place(field), detail=str(one)) for field, one in error.errors.items()]
        return ProblemError(422, "not-valid", "Nothing was changed.", faults=faults)
    status = STATUSES.get(error.key, 422)
    kind = {403: "not-allowed", 404: "not-found", 409: "conflict", 412: "changed-meanwhile"}.get(status, "not-valid")
    return ProblemError(status, kind, str(error))


def handle(app: FastAPI) -> None:
    """Have every error of ``app`` told as a problem."""
    app.add_exception_handler(ProblemError, _told)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(Exception, _failed)


def _told(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return error.response()


def _refused(request: Request, error: Exception) -> Response:
    """What the framework refuses: no such address, a method that it does not have."""
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    phrase = HTTPStatus(error.status_code).phrase
    kind = phrase.lower().replace(" ", "-")
    detail = str(error.detail) if error.detail != phrase else f"{phrase}."
    return ProblemError(error.status_code, kind, detail, headers=headers).response()


def _methods(request: Request) -> list[str]:
    """Every method of the address; the framework tells those of the first route that it finds there."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    paths = request.app.openapi()["paths"].items()
    fitting = (methods for template, methods in paths if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path))
    return sorted({method.upper() for methods in fitting for method in methods})


def _not_valid(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [Fault(pointer=_pointer(one["loc"]), detail=str(one["msg"])) for one in error.errors()]
    broken = any(one["type"] == "json_invalid" for one in error.errors())
    detail = "The body is no JSON." if broken else "What was sent does not fit the description."
    return ProblemError(422, "not-valid", detail, faults=faults).response()


def _failed(_request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return ProblemError(500, "internal-error", "Something went wrong here. It was noted; try again later.").response()


def _place(field: str) -> str:
    """Where a field of a visit stands in the body: attributes of the house's own in a place of theirs."""
    return f"/extra/{field.removeprefix(MARK)}" if field.startswith(MARK) else f"/{field}"


def _pointer(where: Sequence[Any]) -> str:
    place, *steps = [str(step).replace("~", "~0").replace("/", "~1") for step in where]  # RFC 6901, 3
    return "/" + "/".join(steps) if place == "body" else "/".join([place, *steps])
