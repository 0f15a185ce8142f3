"""A bot that understands nothing and answers "ok" in the thread: what Slack, bolt and a web server cost at least.

``python -m tests.bench.okbot PORT TOKEN SECRET API_URL``
"""

import sys

import uvicorn
from fastapi import FastAPI, Request, Response
from slack_bolt import App, Say
from slack_bolt.adapter.fastapi import SlackRequestHandler
from slack_sdk import WebClient


def main(port: str, token: str, secret: str, api_url: str) -> None:
    """Answer until the process is ended."""
    client = WebClient(token, base_url=api_url)
    bolt = App(client=client, signing_secret=secret, token_verification_enabled=False)

    @bolt.event("message")
    def on_message(event: dict[str, str], say: Say) -> None:
        say(text="ok", thread_ts=event["ts"])

    handler = SlackRequestHandler(bolt)
    web = FastAPI()

    @web.post("/slack/events")
    async def events(request: Request) -> Response:
        return await handler.handle(request)

    uvicorn.run(web, host="127.0.0.1", port=int(port), log_level="error")


if __name__ == "__main__":
    main(*sys.argv[1:])
