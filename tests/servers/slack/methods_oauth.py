"""Web API: installing the app, turning its tokens over, signing people in."""

import base64
import json
import secrets
from typing import TYPE_CHECKING, Any

from tests.servers.slack.methods_people import user_json
from tests.servers.slack.web_api import Args, Refusal, method

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

TOKEN_S = 43_200


def grant(slack: "SlackServer", user: str) -> str:
    """A code, good once, for the consent of ``user``."""
    code = secrets.token_hex(16)
    slack.codes[code] = user
    return code


def _client(slack: "SlackServer", args: Args) -> None:
    if args.get("client_id") != slack.client_id:
        raise Refusal("invalid_client_id")
    if args.get("client_secret") != slack.client_secret:
        raise Refusal("bad_client_secret")


def _code(slack: "SlackServer", args: Args) -> str:
    user = slack.codes.pop(str(args.get("code")), None)
    if user is None:
        raise Refusal("invalid_code")
    return user


@method("oauth.v2.access", token="none", tier=4)
def oauth_access(slack: "SlackServer", args: Args) -> dict[str, Any]:
    _client(slack, args)
    user: str | None = None
    if args.get("grant_type") == "refresh_token":
        old = slack.refresh_tokens.pop(str(args.get("refresh_token")), None)
        if old is None:
            raise Refusal("invalid_refresh_token")
        slack.tokens[old] = "token_expired"
    else:
        user = _code(slack, args)
    space = slack.workspace
    slack.installed = True
    slack.bot_token = f"xoxb-{secrets.token_hex(12)}"
    slack.tokens[slack.bot_token] = "bot"
    answer: dict[str, Any] = {
        "access_token": slack.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(slack.manifest.scopes)),
        "bot_user_id": space.bot_user,
        "app_id": space.app_id,
        "team": {"id": space.team_id, "name": space.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if user:
        answer["authed_user"] = {"id": user}
    if slack.manifest.token_rotation:
        refresh = f"xoxe-1-{secrets.token_hex(12)}"
        slack.refresh_tokens[refresh] = slack.bot_token
        answer |= {"refresh_token": refresh, "expires_in": TOKEN_S}
    return answer


@method("openid.connect.token", token="none", tier=4)
def openid_token(slack: "SlackServer", args: Args) -> dict[str, Any]:
    _client(slack, args)
    user = slack.workspace.users[_code(slack, args)]
    token = f"xoxp-{secrets.token_hex(12)}"
    slack.tokens[token] = f"person {user.id}"
    claims = {
        "iss": "https://slack.com",
        "sub": user.id,
        "aud": slack.client_id,
        "iat": int(slack.clock.now()),
        "exp": int(slack.clock.now()) + 300,
        "nonce": args.get("nonce") or "",
        "https://slack.com/team_id": slack.workspace.team_id,
        "https://slack.com/user_id": user.id,
        "email": user.email,
        "email_verified": True,
        "name": user.name,
        "locale": user.locale,
    }
    # Unsigned: who takes the token from Slack itself over TLS need not check it (OpenID Connect Core 3.1.3.7, 6).
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
    encoded = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts]
    return {"access_token": token, "token_type": "Bearer", "id_token": ".".join([*encoded, ""])}


@method("openid.connect.userInfo", token="person", tier=4)
def openid_user_info(slack: "SlackServer", args: Args) -> dict[str, Any]:
    user = slack.workspace.users[args["_person"]]
    return {
        "sub": user.id,
        "https://slack.com/user_id": user.id,
        "https://slack.com/team_id": slack.workspace.team_id,
        "email": user.email,
        "email_verified": True,
        "name": user.name,
        "locale": user_json(slack, user, locale=True)["locale"],
    }
