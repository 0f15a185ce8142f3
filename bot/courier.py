"""From a `Letter` to Slack."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from letters import CourierError, Letter, mrkdwn

# What trying again cannot change (docs.slack.dev/reference/methods/chat.postMessage, "Errors").
PERMANENT = frozenset(
    {
        "as_user_not_supported", "channel_not_found", "is_archived", "user_is_bot", "message_not_found",
        "cant_update_message", "edit_window_closed", "msg_too_long", "no_text", "restricted_action",
        "messages_tab_disabled", "not_in_channel",
    }
)  # fmt: skip
AWAY = frozenset(
    {
        "account_inactive", "fatal_error", "internal_error", "invalid_auth", "not_authed", "service_unavailable",
        "team_access_not_granted", "token_expired", "token_revoked",
    }
)  # fmt: skip
"""Nothing gets through now: Slack is down, or the app was removed; it may be back."""
SERVER_ERROR = 500
TRY_PLAIN = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
"""Slack phases new blocks in: a workspace may refuse what another takes. The text says the same."""


class ThreadGoneError(CourierError):
    """What the letter answers was deleted meanwhile."""


class SlackCourier:
    """Posts letters into the thread of what they answer, and changes them in place."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        """Post ``letter`` where ``to`` (``channel``, ``thread_ts``) says; the receipt is its ``channel`` and ``ts``."""
        thread = {"channel": to["channel"], "thread_ts": to.get("thread_ts")}
        try:
            return self._say(self._client.chat_postMessage, letter_id, letter, thread)
        except ThreadGoneError:
            return self._say(self._client.chat_postMessage, letter_id, letter, {"channel": to["channel"]})

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """Change the posted message."""
        place = {"channel": receipt["channel"], "ts": receipt["ts"]}
        return self._say(self._client.chat_update, letter_id, letter, place)

    def _say(
        self, call: Callable[..., Any], letter_id: str, letter: Letter, place: Mapping[str, Any]
    ) -> dict[str, Any]:
        mark = {"event_type": "debrief_letter", "event_payload": {"letter_id": letter_id}}
        shapes = ([list(letter.blocks)] if letter.blocks else []) + [None]
        for blocks in shapes:
            try:
                said = call(**place, text=mrkdwn(letter.text), blocks=blocks, metadata=mark, **_quiet(place))
            except SlackApiError as error:
                reason = error.response["error"]
                if reason in TRY_PLAIN and blocks is not None:
                    continue
                if reason == "thread_not_found":
                    raise ThreadGoneError(letter_id) from error
                raise _translated(letter_id, error) from error
            except (SlackClientError, OSError) as error:
                raise CourierError(f"Slack could not be reached for {letter_id}: {error}", away="slack") from error
            return {"channel": said["channel"], "ts": said["ts"]}
        raise CourierError(f"Slack would take {letter_id} in no shape", permanent=True)


def _quiet(place: Mapping[str, Any]) -> dict[str, Any]:
    # A link in a card must not unfold into a preview; chat.update knows no such switch.
    return {} if "ts" in place else {"unfurl_links": False, "unfurl_media": False}


def _translated(letter_id: str, error: SlackApiError) -> CourierError:
    reason = error.response["error"]
    wait = error.response.headers.get("Retry-After")
    return CourierError(
        f"Slack would not take {letter_id}: {reason}",
        permanent=reason in PERMANENT,
        after_s=float(wait) if wait else None,
        away="slack" if reason in AWAY or error.response.status_code >= SERVER_ERROR else None,
    )
