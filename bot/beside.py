"""What Slack can do beside carrying letters: reactions at a message, files, and the words of voice clips."""

import html
import logging
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from capture.beside import LARGEST, FetchError
from letters import CourierError

log = logging.getLogger("debrief.bot")

SEEN, DONE = "eyes", "white_check_mark"
HANDS = 2
TIMEOUT_S = 30
PASSING = frozenset({"ratelimited", "fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""What trying again may change (docs.slack.dev/reference/methods/views.publish, "Errors")."""
URL = "%/:=&?~#+!$,;'@()*[]"
SIGN_IN = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_CUE = re.compile(r"^(?:WEBVTT.*|NOTE\b.*|\d+|\d[\d:.]* --> .*)$")


class SlackBeside:
    """Reactions are put on in a thread of their own; while Slack wants to be left alone there are none."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._quiet_until = 0.0
        # One thread for all that is put on a message: what came first is put on first.
        self._hands = [ThreadPoolExecutor(1, thread_name_prefix="reactions") for _ in range(HANDS)]
        self._hosts = {urlsplit(client.base_url).netloc}

    def mark(self, place: Mapping[str, Any], sign: str) -> None:
        """👀 at what was seen, ✅ in its place at what is done."""
        if place.get("ts"):
            hand = self._hands[hash(place["ts"]) % HANDS]
            hand.submit(self._mark, str(place["channel"]), str(place["ts"]), sign)

    def _mark(self, channel: str, ts: str, sign: str) -> None:
        if sign == "done":
            self._react(self._client.reactions_remove, channel, ts, SEEN)
        self._react(self._client.reactions_add, channel, ts, DONE if sign == "done" else SEEN)

    def _react(self, call: Any, channel: str, ts: str, name: str) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            call(channel=channel, timestamp=ts, name=name)
        except SlackApiError as error:
            reason = error.response["error"]
            if reason == "ratelimited":
                self._quiet_until = time.monotonic() + float(error.response.headers.get("Retry-After") or 60)
            log.info("no reaction: %s", reason)
        except (SlackClientError, OSError, HTTPException) as error:
            log.info("no reaction: %s", type(error).__name__)

    def show(self, person: str, view: Mapping[str, Any]) -> None:
        """Publish the page as the person's Home."""
        try:
            self._client.views_publish(user_id=person, view=dict(view))
        except SlackApiError as error:
            reason = error.response["error"]
            wait = error.response.headers.get("Retry-After")
            after_s = float(wait) if wait else None
            raise CourierError(f"no Home: {reason}", permanent=reason not in PASSING, after_s=after_s) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise CourierError(f"Slack cannot be reached: {type(error).__name__}", away="slack") from error

    def fetch(self, ref: Mapping[str, Any]) -> bytes:
        """The file's bytes; the token goes to Slack alone."""
        return self._download(str(ref.get("url") or ""), str(ref.get("type") or ""))

    def words(self, ref: Mapping[str, Any]) -> str | None:
        """What Slack heard in a clip: its whole subtitles, or the beginning where those cannot be had."""
        try:
            file = self._client.files_info(file=ref["id"])["file"]
        except SlackApiError as error:
            reason = error.response["error"]
            wait = error.response.headers.get("Retry-After")
            raise FetchError(reason, permanent=not wait, after_s=float(wait) if wait else None) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise FetchError(f"Slack cannot be reached: {type(error).__name__}") from error
        heard = file.get("transcription") or {}
        if heard.get("status") == "processing":
            return None
        if heard.get("status") != "complete":
            raise FetchError("Slack made no text of the clip", permanent=True)
        preview = heard.get("preview") or {}
        told = html.unescape(str(preview.get("content") or "")).strip()
        if preview.get("has_more") and file.get("vtt"):
            told = spoken(self._download(str(file["vtt"]), "text/vtt").decode("utf-8", "replace")) or told
        if not told:
            raise FetchError("Slack heard no words in the clip", permanent=True)
        return told

    def _download(self, url: str, content_type: str) -> bytes:
        host = urlsplit(url).netloc
        if host not in self._hosts and not (url.startswith("https://") and host.endswith(".slack.com")):
            raise FetchError("the file is not Slack's to hand over", permanent=True)
        # Slack's own addresses are quoted; a name in one that is not may hold what no URL can.
        bearer = {"Authorization": f"Bearer {self._client.token}"}
        request = urllib.request.Request(quote(url, safe=URL), headers=bearer)  # noqa: S310 - its host is Slack's
        try:
            with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
                data: bytes = answer.read(LARGEST + 1)
                shown = answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            with error:
                wait = error.headers.get("Retry-After")
            gone = error.code < 500 and error.code != 429  # noqa: PLR2004 - RFC 9110, 15.6; RFC 6585, 4
            raise FetchError(
                f"Slack answered {error.code}", permanent=gone, after_s=float(wait) if wait else None
            ) from error
        except (OSError, HTTPException) as error:
            raise FetchError(f"Slack cannot be reached: {type(error).__name__}") from error
        # Without the right to read files Slack answers 200 with the page where people sign in.
        if shown == "text/html" and content_type != "text/html" and SIGN_IN.match(data):
            raise FetchError("Slack showed its sign-in page: the app lacks the scope files:read", permanent=True)
        if len(data) > LARGEST:
            raise FetchError("too large", permanent=True)
        return data


def spoken(subtitles: str) -> str:
    """The words of WebVTT subtitles (w3.org/TR/webvtt1) without cues and marks."""
    lines = (line.strip() for line in subtitles.splitlines())
    words = [re.sub(r"<[^<>]{0,200}>", "", line) for line in lines if line and not _CUE.match(line)]
    return " ".join(" ".join(html.unescape(line) for line in words).split())


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """A redirect leads to the page where people sign in, or to another site that must not get the token."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """None: the answer is taken as it is, an error."""


_OPENER = urllib.request.build_opener(_NoDetour)
