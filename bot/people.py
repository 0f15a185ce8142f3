"""Who of a workspace is listened to."""

import logging

from slack_sdk import WebClient

from capture import Assistant

log = logging.getLogger("debrief.bot")

NOT_OURS = ("is_bot", "is_restricted", "is_ultra_restricted")
"""Marks of apps, guests of several channels and guests of one (docs.slack.dev/reference/objects/user-object)."""


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
