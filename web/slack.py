"""Slack's HTTP events and interactions, handed to bolt."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from slack_bolt import BoltRequest, BoltResponse

LARGEST = 1024 * 1024
"""Bytes of one event: Slack's own are some kilobytes; a message has at most 40,000 characters."""


async def _body(request: Request) -> str:
    size = 0
    parts = []
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise HTTPException(413, f"an event of more than {LARGEST} bytes is not Slack's")
        parts.append(part)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "the body is not UTF-8") from error


def router(dispatch: Callable[[BoltRequest], BoltResponse]) -> APIRouter:
    """The route ``/slack/events``. A plain ``def``: it waits for the commit in a thread of its own."""
    routes = APIRouter()

    @routes.post("/slack/events", include_in_schema=False)
    def events(request: Request, body: Annotated[str, Depends(_body)]) -> Response:
        headers: dict[str, str] = dict(request.headers)
        query: dict[str, str] = dict(request.query_params)
        answer = dispatch(BoltRequest(body=body, query=query, headers=headers))  # type: ignore[arg-type]
        response = Response(content=answer.body, status_code=answer.status)
        for name, values in answer.headers.items():
            for value in values:
                response.headers.append(name, value)
        return response

    return routes
