"""Who of a workspace is listened to."""

import logging

from slack_sdk import WebClient

from capture import Assistant

log = logging.getLogger("debrief.bot")


def may_speak(user: str, assistant: Assistant, client: WebClient) -> bool:
    """Whether to answer at all: colleagues, known or not; guests of the workspace and other bots get nothing."""
    if assistant.knows(user):
        return True
    profile = client.users_info(user=user)["user"]
    if profile.get("is_bot") or profile.get("is_restricted") or profile.get("is_ultra_restricted"):
        log.info("a guest or bot of the workspace wrote; nothing was taken")
        return False
    assistant.introduce(user, profile.get("profile", {}).get("email") or "")
    return True
