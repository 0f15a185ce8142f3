"""Every setting, read from the environment once: the prefix is ``DEBRIEF_``, parts are joined by ``__``."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Slack(BaseModel):
    """The Slack app (bot/manifest.yaml). Without a bot token there is no Slack."""

    bot_token: SecretStr | None = Field(None, description="Bot token of the installed app, `xoxb-…`.")
    signing_secret: SecretStr | None = Field(None, description="Signing secret: proves that an event came from Slack.")
    app_token: SecretStr | None = Field(
        None, description="App-level token, `xapp-…`; when set, Socket Mode is used instead of HTTP events."
    )
    api_url: str = Field("https://slack.com/api/", description="Where Slack's Web API is, for another Slack.")


class Mailbox(BaseModel):
    """The IMAP folder that reps forward to. Without a host there is no mailbox."""

    host: str | None = Field(None, description="IMAP server.")
    port: int = Field(993, description="Its port.")
    tls: bool = Field(True, description="TLS from the first byte (IMAPS).")
    username: str = Field("", description="Login.")
    password: SecretStr = Field(SecretStr(""), description="Password of the login.")
    folder: str = Field("INBOX", description="The folder that is watched.")
    done_folder: str | None = Field(
        None, description="Where messages go when they were taken in; unset: they stay, marked as seen."
    )
    poll_s: float = Field(60.0, gt=0, description="Seconds between looks where the server does not tell (IDLE).")
    max_size_bytes: int = Field(25 * 1024 * 1024, gt=0, description="A larger mail is not taken; its sender is told.")


class Smtp(BaseModel):
    """The SMTP server that answers go out by. Without a host no mail is answered."""

    host: str | None = Field(None, description="SMTP server.")
    port: int = Field(587, description="Its port.")
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is protected.")
    username: str = Field("", description="Login; empty: none.")
    password: SecretStr = Field(SecretStr(""), description="Password of the login.")
    sender: str = Field("debrief@localhost", description="The address that answers come from.")


class Settings(BaseSettings):
    """The settings of one house."""

    model_config = SettingsConfigDict(env_prefix="DEBRIEF_", env_nested_delimiter="__", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///data/debrief.db", description="SQLite file or `postgresql://user:password@host/name`."
    )
    host: str = Field("127.0.0.1", description="The address that the web server listens on.")
    port: int = Field(8420, ge=0, le=65535, description="The port that the web server listens on.")
    public_url: str | None = Field(None, description="How people reach the pages; cards link there when it is set.")
    pages: bool | None = Field(
        None,
        description="Whether the pages are served. They have no sign-in yet: unset, only when listening on loopback.",
    )
    worker_name: str = Field("worker-1", description="Names this worker; two that run at once need two names.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    slack: Slack = Field(default_factory=Slack)
    mailbox: Mailbox = Field(default_factory=Mailbox)
    smtp: Smtp = Field(default_factory=Smtp)

    @property
    def serves_pages(self) -> bool:
        """Whether the pages are served, after the setting or the address."""
        return self.pages if self.pages is not None else self.host in {"127.0.0.1", "::1", "localhost"}

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, where it is one."""
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None
