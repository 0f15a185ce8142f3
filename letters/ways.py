"""By which medium a person is reached who did not write to us just now."""

from collections.abc import Container


def way_to(slack_id: str | None, address: str, media: Container[str]) -> tuple[str, dict[str, str]] | None:
    """The medium and where it leads: Slack where the person is there, else mail; None where neither is set up."""
    if slack_id and "slack" in media:
        return "slack", {"channel": slack_id}
    return ("email", {"address": address}) if "email" in media else None
