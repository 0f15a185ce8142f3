"""Manifests are read as Slack reads them, tokens turn over, people sign in."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.servers.slack import ManifestError, SlackServer, load_manifest, read_manifest
from tests.servers_selftest.pigeon import MANIFEST, without

OURS = Path(__file__).parents[2] / "bot" / "manifest.yaml"


def with_(section: str, **more: Any) -> dict[str, Any]:
    return {**MANIFEST, section: {**MANIFEST[section], **more}}


def test_the_manifest_of_our_own_bot_is_one_that_slack_takes() -> None:
    manifest = read_manifest(load_manifest(OURS))
    assert "chat:write" in manifest.scopes
    assert "message.im" in manifest.events
    assert manifest.messages_tab


REFUSED = {
    "no name": ("missing required field: name", with_("display_information", name=None)),
    "a long name": ("/display_information/name", with_("display_information", name="a" * 36)),
    "a colour that is none": ("background_color", with_("display_information", background_color="#12345")),
    "an unknown setting": ("invalid additional property: magic", with_("settings", magic=True)),
    "an unknown feature": ("invalid additional property: magic", with_("features", magic={})),
    "a command without a slash": (
        "/features/slash_commands/0/command",
        with_("features", slash_commands=[{"command": "note", "description": "a"}]),
    ),
    "a shortcut of no kind": (
        "/features/shortcuts/0/type",
        with_("features", shortcuts=[{"name": "a", "type": "x", "callback_id": "a", "description": "a"}]),
    ),
    "a long shortcut": (
        "/features/shortcuts/0/name",
        with_("features", shortcuts=[{"name": "a" * 25, "type": "global", "callback_id": "a", "description": "a"}]),
    ),
    "an event that is none": (
        "message.everything is no event",
        with_("settings", event_subscriptions={"bot_events": ["message.everything"]}),
    ),
    "an event without its scope": (
        "message.im needs the scope im:history",
        without("oauth_config", "scopes", "bot", drop="im:history"),
    ),
    "a command without its scope": (
        "slash commands need the scope commands",
        without("oauth_config", "scopes", "bot", drop="commands"),
    ),
    "a shortcut that nobody hears": ("shortcuts need", with_("settings", interactivity={"is_enabled": False})),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_manifest_that_slack_would_not_take_is_refused(name: str) -> None:
    said, manifest = REFUSED[name]
    with pytest.raises(ManifestError) as refused:
        read_manifest(manifest)
    assert said in str(refused.value)


@pytest.fixture
def rotating() -> dict[str, Any]:
    return with_("settings", token_rotation_enabled=True)


def test_an_app_is_installed_and_its_token_turned_over(rotating: dict[str, Any]) -> None:
    with SlackServer(rotating) as slack:
        ada = slack.add_user("Ada", "ada@pigeon.example")
        web = WebClient(base_url=slack.base_url)
        client = {"client_id": slack.client_id, "client_secret": slack.client_secret}
        first = web.oauth_v2_access(**client, code=slack.oauth_code(ada))
        assert (43_200, ada.id) == (first["expires_in"], first["authed_user"]["id"])
        second = web.oauth_v2_access(**client, grant_type="refresh_token", refresh_token=first["refresh_token"])
        assert web.auth_test(token=second["access_token"])["ok"]
        for call, error in (
            (lambda: web.auth_test(token=first["access_token"]), "token_expired"),
            (lambda: web.oauth_v2_access(**client, code="none"), "invalid_code"),
            (lambda: web.oauth_v2_access(**{**client, "client_secret": "x"}, code="x"), "bad_client_secret"),
        ):
            with pytest.raises(SlackApiError, match=error):
                call()


def test_people_sign_in_with_slack() -> None:
    with SlackServer(MANIFEST) as slack:
        ada = slack.add_user("Ada", "ada@pigeon.example")
        web = WebClient(base_url=slack.base_url)
        answer = web.openid_connect_token(
            client_id=slack.client_id, client_secret=slack.client_secret, code=slack.oauth_code(ada)
        )
        payload = answer["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert ("ada@pigeon.example", ada.id) == (claims["email"], claims["sub"])
        person = WebClient(answer["access_token"], base_url=slack.base_url).openid_connect_userInfo()
        assert ("ada@pigeon.example", ada.id) == (person["email"], person["https://slack.com/user_id"])
