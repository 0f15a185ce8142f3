"""The API: an application of its own below ``/api/v1``, so that its own document describes all that it answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from web.api import actions, changes, customers, house, problems, visits, webhooks
from web.api.bodies import Bodies
from web.api.calls import Api

PLACE = "/api/v1"
VERSION = "1"
ABOUT = """\
What Debrief keeps, for other programs. A token (`Authorization: Bearer dbf_…`) acts as its person and sees and changes
what they may, as far as its scopes go. Errors are `application/problem+json` (RFC 9457).
"""
ALWAYS = {
    "401": "No token, or none that holds.",
    "403": "The token, or its person, has no right to this.",
    "422": "What was sent does not fit the description.",
    "429": "Too many requests for one token; `Retry-After` says when there is room.",
    "500": "Something went wrong here.",
}
"""What each route may answer besides what it is for."""
WITH_BODY = {
    "400": "The body cannot be read.",
    "413": "The body is too large.",
    "415": "The body is not of the type `application/json`.",
}
WITH_ID = {"404": "There is no such thing, or none that the token's person may see."}
WITH_KEY = {"409": "As things are it cannot be done; or the first request of this Idempotency-Key has not ended."}
WITH_VERSION = {
    "409": "As things are it cannot be done.",
    "412": "It was changed since it was read.",
    "428": "`If-Match` is missing.",
}
UNCHANGED = {"304": {"description": "It is what `If-None-Match` says that the caller has."}}


def build_api(api: Api) -> FastAPI:
    """The application."""
    app = FastAPI(title="Debrief", version=VERSION, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.add_middleware(Bodies)
    problems.handle(app)
    for subject in (house, visits, customers, actions, changes, webhooks):
        app.include_router(subject.router(api))
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The document of the API (OpenAPI 3.1): what FastAPI reads from the routes, and every problem."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="Debrief", version=VERSION, description=ABOUT, routes=app.routes, servers=[{"url": PLACE}]
        )
        schemas = document["components"]["schemas"]
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        definitions = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= definitions.pop("$defs")
        schemas["Problem"] = definitions
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                _add_problems(operation, _problems(path, method, operation))
        app.openapi_schema = document
    return app.openapi_schema


def _problems(path: str, method: str, operation: dict[str, Any]) -> dict[str, str]:
    names = {one["name"] for one in operation.get("parameters", ())}
    return {
        **ALWAYS,
        **(WITH_ID if "{" in path or method == "patch" else {}),
        **(WITH_BODY if "requestBody" in operation else {}),
        **(WITH_KEY if "Idempotency-Key" in names else {}),
        **(WITH_VERSION if "If-Match" in names else {}),
    }


def _add_problems(operation: dict[str, Any], told: dict[str, str]) -> None:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = operation["responses"]
    answers.pop("422", None)
    answers |= {status: {"description": what, "content": content} for status, what in told.items()}
    if "200" in answers:
        answers |= UNCHANGED
    operation["responses"] = dict(sorted(answers.items()))
