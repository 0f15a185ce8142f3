"""Who of a workspace is listened to."""

import logging
import re

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from capture import Assistant

log = logging.getLogger("debrief.bot")

NOT_OURS = ("is_bot", "is_restricted", "is_ultra_restricted")
"""Marks of apps, guests of several channels and guests of one (docs.slack.dev/reference/objects/user-object)."""

MENTION = re.compile(r"<@([UW]\w{2,20})(?:\|[^>]*)?>")
MOST_MENTIONED = 3
"""Slack waits three seconds for us, and each costs a question to it."""


def may_speak(user: str, assistant: Assistant, client: WebClient) -> bool:
    """Whether to answer at all: colleagues, known or not; guests of the workspace and other bots get nothing.

    Slack is asked once about each colleague, and about strangers each time: they may have become one of us.
    """
    if not assistant.lacks_profile(user):
        return True
    told = client.users_info(user=user, include_locale=True)["user"]
    if not assistant.knows(user) and any(told.get(mark) for mark in NOT_OURS):
        log.info("a guest or bot of the workspace wrote; nothing was taken")
        return False
    assistant.introduce(user, told.get("profile", {}).get("email") or "", told.get("tz"), told.get("locale"))
    return True


def introduce_mentioned(text: str, assistant: Assistant, client: WebClient) -> None:
    """Learn who is meant by ``<@U…>``, so that what they are asked to do is theirs although they never wrote to us."""
    for user in list(dict.fromkeys(MENTION.findall(text)))[:MOST_MENTIONED]:
        if assistant.knows(user):
            continue
        try:
            told = client.users_info(user=user, include_locale=True)["user"]
        except (SlackClientError, OSError) as error:
            log.info("who was mentioned is not known: %s", type(error).__name__)
            continue
        if not any(told.get(mark) for mark in NOT_OURS):
            assistant.introduce(user, told.get("profile", {}).get("email") or "", told.get("tz"), told.get("locale"))
