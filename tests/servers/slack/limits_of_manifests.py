"""What Slack takes in an app's manifest, as data for ``block_kit``.

Source: the JSON schema that Slack publishes, schemas/manifest.schema.1.0.0.json of github.com/slackapi/manifest-schema,
and docs.slack.dev/reference/app-manifest for ``agent_view``, which that schema does not know yet.
"""

from tests.servers.slack.limits import Chars, Flag, Many, Number, Open, Part, Rule, Shape, Word

FLAG = Flag()
WEB = r"https?://.*"
LONG_URL = Chars(3500, like=WEB)
SCOPES = Many(Chars(50), 255, 0)
EVENTS = Many(Chars(50), 100, 0)
PROMPTS = Many(Part("manifest.prompt"), 100, 0)


def _flags(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, FLAG)


SHAPES: dict[str, Shape] = {
    "manifest": Shape(
        {
            "$schema": Chars(),
            "_metadata": Part("manifest.metadata"),
            "display_information": Part("manifest.display"),
            "features": Part("manifest.features"),
            "oauth_config": Part("manifest.oauth"),
            "settings": Part("manifest.settings"),
            **dict.fromkeys(("app_directory", "functions", "workflows", "datastores", "outgoing_domains"), Open()),
        },
        ("display_information",),
    ),
    "manifest.metadata": Shape(
        dict.fromkeys(("schema_version", "min_version", "major_version", "minor_version"), Number(0, 99))
    ),
    "manifest.display": Shape(
        {
            "name": Chars(35),
            "description": Chars(140),
            "background_color": Chars(7, 4, like=r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
            "long_description": Chars(4000, 175),
        },
        ("name",),
    ),
    "manifest.features": Shape(
        {
            "app_home": Part("manifest.home"),
            "bot_user": Part("manifest.bot"),
            "shortcuts": Many(Part("manifest.shortcut"), 10),
            "slash_commands": Many(Part("manifest.command"), 50),
            "unfurl_domains": Many(Chars(255), 5),
            "assistant_view": Part("manifest.assistant"),
            "agent_view": Part("manifest.agent"),
        }
    ),
    "manifest.home": Shape(_flags("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled")),
    "manifest.bot": Shape({"display_name": Chars(80), "always_online": FLAG}, ("display_name",)),
    "manifest.shortcut": Shape(
        {
            "name": Chars(24),
            "type": Word(("message", "global")),
            "callback_id": Chars(255),
            "description": Chars(150),
        },
        ("name", "type", "callback_id", "description"),
    ),
    "manifest.command": Shape(
        {
            "command": Chars(32, 2, like=r"/\S+"),
            "url": Chars(3000, like=WEB),
            "description": Chars(2000),
            "usage_hint": Chars(1000),
            "should_escape": FLAG,
        },
        ("command", "description"),
    ),
    "manifest.assistant": Shape(
        {"assistant_description": Chars(), "suggested_prompts": PROMPTS}, ("assistant_description",)
    ),
    "manifest.agent": Shape(
        {"agent_description": Chars(), "suggested_prompts": PROMPTS, "actions": Open()}, ("agent_description",)
    ),
    "manifest.prompt": Shape({"title": Chars(), "message": Chars()}, ("title", "message")),
    "manifest.oauth": Shape(
        {
            "redirect_urls": Many(Chars(2500), 1000, 0),
            "scopes": Part("manifest.scopes"),
            **_flags("token_management_enabled", "pkce_enabled"),
        }
    ),
    "manifest.scopes": Shape(dict.fromkeys(("bot", "user", "bot_optional", "user_optional"), SCOPES)),
    "manifest.settings": Shape(
        {
            "allowed_ip_address_ranges": Many(Chars(), 50),
            "event_subscriptions": Part("manifest.events"),
            "incoming_webhooks": Open(),
            "interactivity": Part("manifest.interactivity"),
            "siws_links": Open(),
            "hermes_app_type": Chars(),
            "function_runtime": Chars(),
            **_flags(
                "org_deploy_enabled", "socket_mode_enabled", "is_hosted", "token_rotation_enabled", "is_mcp_enabled"
            ),
        }
    ),
    "manifest.events": Shape(
        {"request_url": LONG_URL, "bot_events": EVENTS, "user_events": EVENTS, "metadata_subscriptions": Open()}
    ),
    "manifest.interactivity": Shape(
        {"is_enabled": FLAG, "request_url": LONG_URL, "message_menu_options_url": LONG_URL}, ("is_enabled",)
    ),
}
