"""Every setting, read from the environment once: the prefix is ``DEBRIEF_``, parts are joined by ``__``."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class Slack(BaseModel):
    """The Slack app (bot/manifest.yaml). Without a bot token there is no Slack."""

    bot_token: SecretStr | None = Field(None, description="Bot token of the installed app, `xoxb-…`.")
    signing_secret: SecretStr | None = Field(None, description="Signing secret: proves that an event came from Slack.")
    app_token: SecretStr | None = Field(
        None, description="App-level token, `xapp-…`; when set, Socket Mode is used instead of HTTP events."
    )
    client_id: str | None = Field(
        None, description="The app's client id; with the secret, people may sign in to the pages with Slack."
    )
    client_secret: SecretStr | None = Field(None, description="The app's client secret.")
    api_url: str = Field("https://slack.com/api/", description="Where Slack's Web API is, for another Slack.")


class Login(BaseModel):
    """How we log in to a mail server: by password, or by tokens where it takes no passwords (docs/mail.md)."""

    username: str = Field("", description="Login.")
    password: SecretStr = Field(SecretStr(""), description="Password of the login.")
    oauth_token_url: str | None = Field(
        None, description="Where access tokens are given (OAuth 2); with it or a command, the login is by XOAUTH2."
    )
    oauth_client_id: str = Field("", description="The id of the application that is registered there.")
    oauth_client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    oauth_refresh_token: SecretStr = Field(
        SecretStr(""), description="The consent of the mailbox's owner; unset: the application asks in its own name."
    )
    oauth_scope: str = Field("", description="What the token is asked for, where the server wants to know.")
    token_command: str | None = Field(
        None, description="A command that prints an access token, instead of asking for it at an address."
    )


class Mailbox(Login):
    """The IMAP folder that reps forward to. Without a host there is no mailbox."""

    host: str | None = Field(None, description="IMAP server.")
    port: int = Field(993, description="Its port.")
    tls: bool = Field(True, description="TLS from the first byte (IMAPS).")
    folder: str = Field("INBOX", description="The folder that is watched.")
    done_folder: str | None = Field(
        None, description="Where messages go when they were taken in; unset: they stay, marked as seen."
    )
    poll_s: float = Field(60.0, gt=0, description="Seconds between looks where the server does not tell (IDLE).")
    max_size_bytes: int = Field(75 * 1024 * 1024, gt=0, description="A larger mail is not taken; its sender is told.")
    max_files_bytes: int = Field(
        25 * 1024 * 1024, gt=0, description="Files kept of one mail, together; the answer names those that are over."
    )
    require_proof: bool = Field(
        True, description="Whether a mail must prove that it is from its sender, by one of the next two or by DKIM."
    )
    authserv_id: str | None = Field(
        None,
        description="How your own mail server signs its `Authentication-Results` (RFC 8601), `mx.your.company`; "
        "`exchange` for Exchange and Microsoft 365, which sign with nothing. Only its findings are believed.",
    )
    trusted_domains: str = Field(
        "",
        description="Sender domains that need no proof, with commas between: where your mail server itself refuses "
        "what is forged in their name.",
    )


class Smtp(Login):
    """The SMTP server that answers go out by. Without a host no mail is answered."""

    host: str | None = Field(None, description="SMTP server.")
    port: int = Field(587, description="Its port.")
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is protected.")
    username: str = Field("", description="Login; empty: none.")
    sender: str = Field("debrief@localhost", description="The address that answers come from.")


class Retention(BaseModel):
    """How long what is kept is kept; what is older is forgotten once a night."""

    raw_days: int | None = Field(None, gt=0, description="Days that messages are kept as they came; unset: for ever.")
    files_days: int | None = Field(None, gt=0, description="Days that files of messages are kept; unset: for ever.")
    letters_days: int | None = Field(
        None, gt=0, description="Days that the words of cards and digests are kept; unset: for ever."
    )
    access_days: int | None = Field(365, gt=0, description="Days that it is kept who read personal data.")


class Settings(BaseSettings):
    """The settings of one house."""

    model_config = SettingsConfigDict(env_prefix="DEBRIEF_", env_nested_delimiter="__", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///data/debrief.db", description="SQLite file or `postgresql://user:password@host/name`."
    )
    host: str = Field("127.0.0.1", description="The address that the web server listens on.")
    port: int = Field(8420, ge=0, le=65535, description="The port that the web server listens on.")
    public_url: str | None = Field(
        None,
        description="How people reach the pages, `https://…`; cards link there, and people sign in, when it is set.",
    )
    pages: bool | None = Field(
        None,
        description="Whether the pages are served; unset: if only this machine can reach them, or people can sign in.",
    )
    api: bool = Field(True, description="Whether the API for other programs is served (docs/api.md).")
    api_per_minute: int = Field(600, gt=0, description="How many requests to the API one token may make in a minute.")
    webhooks_local: bool = Field(
        False, description="Whether webhooks may lead to this machine too, and there without TLS: for trying them out."
    )
    worker_name: str = Field(
        "worker-1", description="Names this worker; of several that run at once the others get numbers."
    )
    maildir: Path | None = Field(
        None, description="A maildir that mails are delivered to, beside mailboxes or instead of them (docs/mail.md)."
    )
    inbound_secret: SecretStr | None = Field(
        None,
        description="Opens `POST /mail/inbound` for a service that hands mails in: the password of its address, or a "
        "bearer token.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Opens `GET /metrics` to Prometheus, as a bearer token; unset: only where nobody has to sign in.",
    )
    traces_url: str | None = Field(
        None,
        description="Where traces go by OTLP (OpenTelemetry): `http://collector:4318/v1/traces`. Needs the extra "
        "`traces`.",
    )
    log_format: Literal["text", "json"] = Field("text", description="Lines for people, or a JSON object a line.")
    house_key: SecretStr | None = Field(
        None,
        description="What tells this house from a copy of its database, out of which nobody is written to; unset: a "
        "file beside SQLite's, or where PostgreSQL and the pages are.",
    )
    works_council: bool = Field(
        False,
        description="Whether managers are told of their teams without names, ranks and silences of persons, and in "
        "sums of five people or more alone.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    slack: Slack = Field(default_factory=Slack)
    mailbox: Mailbox = Field(default_factory=Mailbox)
    mailboxes: dict[str, Mailbox] = Field(
        default_factory=dict,
        description="More mailboxes, each under a name of its own: `DEBRIEF_MAILBOXES__(name)__HOST` and whatever "
        "stands below of the one without a name; or all of them as one JSON object.",
    )
    smtp: Smtp = Field(default_factory=Smtp)
    retention: Retention = Field(default_factory=Retention)

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("begins with sqlite:/// or postgresql://")
        try:
            make_url(url)
        except (ArgumentError, ValueError) as error:
            raise ValueError("is no address as in postgresql://user:password@host:5432/name") from error
        return url

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the web server."""
        return self.host in {"127.0.0.1", "::1", "localhost"}

    @property
    def serves_pages(self) -> bool:
        """Whether the pages are served, after the setting or the address."""
        return self.pages if self.pages is not None else not self.needs_sign_in or self.can_sign_in

    @property
    def needs_sign_in(self) -> bool:
        """Whether others than those at this machine may reach the pages: a proxy listens to this machine alone too."""
        return self.public_url is not None or not self.is_local

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a way to let somebody in: an address that a link can lead to, and a medium to send it by."""
        return self.public_url is not None and bool(self.slack.bot_token or self.smtp.host)

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, where it is one."""
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as an operator meets it: ``default`` as it would be written, empty where it is unset."""

    name: str
    part: str
    """What it belongs to, in the words of the class that it stands in."""
    default: str
    says: str
    secret: bool

    def shown(self, settings: "Settings") -> str:
        """What it is in these settings, for people: of a secret only whether there is one."""
        value: Any = settings
        for step in self.name.removeprefix("DEBRIEF_").lower().split("__"):
            value = getattr(value, step)
        if self.secret:
            return "(set)" if value and value.get_secret_value() else ""
        if self.name == "DEBRIEF_DATABASE_URL":
            return make_url(value).render_as_string(hide_password=True)
        return _written(value)


def every_setting() -> Iterator[Setting]:
    """Each setting, in the order of the classes above: those of the house, then part by part."""
    own = {name: field for name, field in Settings.model_fields.items() if not _is_part(field)}
    yield from (_setting(name, field, Settings) for name, field in own.items())
    for name, field in Settings.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            # What a part shares with others stands below its own.
            inner = sorted(part.model_fields.items(), key=lambda named: named[0] not in part.__annotations__)
            yield from (_setting(f"{name}__{one}", about, part) for one, about in inner)


def given_names(settings: Settings) -> set[str]:
    """The names with our prefix that the environment or its ``.env`` gives, known or not, in capitals."""
    prefix = str(settings.model_config.get("env_prefix"))
    source = DotEnvSettingsSource(type(settings), case_sensitive=False)
    names = {*os.environ, *source.env_vars}
    return {name.upper() for name in names if name.upper().startswith(prefix)}


def _is_part(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _setting(name: str, field: FieldInfo, of: type[BaseModel]) -> Setting:
    default: Any = field.get_default(call_default_factory=True)
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    return Setting(
        name=f"DEBRIEF_{name}".upper(),
        part=" ".join((of.__doc__ or "").split()),
        default=_written(default),
        says=field.description or "",
        secret="SecretStr" in str(field.annotation),
    )


def _written(value: Any) -> str:
    """The value as it would be set."""
    if isinstance(value, dict):  # of mailboxes no more than their names: they hold secrets
        return ", ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
