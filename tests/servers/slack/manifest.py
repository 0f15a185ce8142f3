"""The app's manifest as Slack reads it: what the app may call, what it hears, what people see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.servers.slack import block_kit
from tests.servers.slack.limits import Part

# docs.slack.dev/reference/events: the scopes of which one must be granted for the event to be sent.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_rate_limited": (),
    "app_uninstalled": (),
    "assistant_thread_context_changed": ("assistant:write",),
    "assistant_thread_started": ("assistant:write",),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_change": ("files:read",),
    "file_created": ("files:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "link_shared": ("links:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
}
MESSAGE_EVENTS = {"im": "message.im", "channel": "message.channels", "group": "message.groups", "mpim": "message.mpim"}


class ManifestError(ValueError):
    """Slack would not create an app from this manifest."""


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that decide what the double does."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    user_scopes: frozenset[str]
    events: frozenset[str]
    commands: frozenset[str]
    shortcuts: Mapping[str, tuple[str, str]]
    interactive: bool
    home_tab: bool
    messages_tab: bool
    agent_view: bool
    socket_mode: bool
    token_rotation: bool

    def hears(self, event: Mapping[str, Any], channel_kind: str | None = None) -> bool:
        """Whether the app is sent ``event``: subscribed to, and the scope granted."""
        name = event["type"]
        if name == "message":
            name = MESSAGE_EVENTS[channel_kind or "channel"]
        needed = EVENT_SCOPES.get(name, ())
        return name in self.events and (not needed or bool(self.scopes & set(needed)))


def read_manifest(manifest: Mapping[str, Any]) -> Manifest:
    """The manifest as the double uses it. Raises ``ManifestError`` with every reason Slack would refuse it."""
    if problems := block_kit.check_part(Part("manifest"), manifest, ""):
        raise ManifestError("; ".join(map(str, problems)))
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    scopes = (manifest.get("oauth_config") or {}).get("scopes") or {}
    home = features.get("app_home") or {}
    name = manifest["display_information"]["name"]
    read = Manifest(
        name=name,
        bot_name=(features.get("bot_user") or {}).get("display_name", name),
        scopes=frozenset(scopes.get("bot") or ()),
        user_scopes=frozenset(scopes.get("user") or ()),
        events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        commands=frozenset(command["command"] for command in features.get("slash_commands") or ()),
        shortcuts={each["name"]: (each["type"], each["callback_id"]) for each in features.get("shortcuts") or ()},
        interactive=bool((settings.get("interactivity") or {}).get("is_enabled")),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled"),
        agent_view="agent_view" in features,
        socket_mode=bool(settings.get("socket_mode_enabled")),
        token_rotation=bool(settings.get("token_rotation_enabled")),
    )
    if told := _problems(read):
        raise ManifestError("; ".join(told))
    return read


def load_manifest(path: Path) -> dict[str, Any]:
    """The manifest in a YAML or JSON file (JSON is YAML), not yet judged."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _problems(manifest: Manifest) -> list[str]:
    problems = []
    for event in sorted(manifest.events):
        if event not in EVENT_SCOPES:
            problems.append(f"{event} is no event")
        elif EVENT_SCOPES[event] and not manifest.scopes & set(EVENT_SCOPES[event]):
            problems.append(f"{event} needs the scope {' or '.join(EVENT_SCOPES[event])}")
    if manifest.commands and "commands" not in manifest.scopes:
        problems.append("slash commands need the scope commands")
    if manifest.shortcuts and not manifest.interactive:
        problems.append("shortcuts need settings.interactivity.is_enabled")
    if manifest.shortcuts and "commands" not in manifest.scopes:
        problems.append("shortcuts need the scope commands")
    return problems
