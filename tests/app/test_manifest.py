"""The Slack app that is printed is one that Slack takes."""

import pytest
import yaml
from typer.testing import CliRunner

from app.cli import app
from tests.servers.slack.manifest import read_manifest


@pytest.mark.parametrize("url", [None, "https://visits.varenhof.example/"])
def test_what_is_printed_is_taken_by_slack(url: str | None) -> None:
    printed = CliRunner().invoke(app, ["manifest", *(["--url", url] if url else [])]).stdout
    manifest = yaml.safe_load(printed)
    assert read_manifest(manifest).bot_name == "Debrief"
    assert manifest["settings"]["socket_mode_enabled"] is (url is None)
    assert "debrief.example.com" not in printed
    assert ("https://" in printed) == bool(url)
    assert manifest["settings"].get("event_subscriptions", {}).get("request_url") == (
        f"{url.rstrip('/')}/slack/events" if url else None
    )
