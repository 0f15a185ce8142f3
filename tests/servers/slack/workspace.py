"""Who and what is in the workspace: people, channels, messages, files, views."""

import copy
import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.servers.slack import block_kit
from tests.servers.slack.clock import Stamps


@dataclass
class User:
    """A member of the workspace; ``locale`` is a tag such as "nl-NL"."""

    id: str
    name: str
    email: str
    tz: str = "Europe/Amsterdam"
    locale: str = "en-US"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    deleted: bool = False

    @property
    def tz_offset(self) -> int:
        """Seconds east of Greenwich, today."""
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@dataclass
class Channel:
    """A conversation of ``kind`` "im", "channel", "group" or "mpim"; ``peer`` is the person of a direct one."""

    id: str
    name: str
    kind: str
    members: set[str] = field(default_factory=set)
    peer: str | None = None
    is_archived: bool = False


@dataclass
class Message:
    """One message: ``data`` is Slack's JSON of it; ``ephemeral_to`` the one person who sees it."""

    channel: str
    data: dict[str, Any]
    ephemeral_to: str | None = None
    deleted: bool = False
    edits: int = 0

    @property
    def ts(self) -> str:
        return str(self.data["ts"])

    @property
    def thread_ts(self) -> str | None:
        return self.data.get("thread_ts")

    @property
    def text(self) -> str:
        return str(self.data.get("text", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.data.get("blocks", ()))

    @property
    def from_app(self) -> bool:
        """Whether our app wrote it."""
        return "app_id" in self.data

    @property
    def reactions(self) -> dict[str, list[str]]:
        """Who reacted, by the name of the emoji."""
        return {each["name"]: each["users"] for each in self.data.get("reactions", ())}

    @property
    def shown(self) -> str:
        """Every text a person reads in the message, one a line: of its blocks, else its ``text``."""
        if self.from_app and self.blocks:
            return "\n".join(block_kit.texts(self.blocks))
        return "\n".join([self.text, *block_kit.texts(self.data.get("attachments", []))])

    def copy(self) -> "Message":
        """The message as it is now: what a screen still shows that has not yet heard of a change."""
        return copy.deepcopy(self)


@dataclass
class View:
    """A modal or Home as a person has it before them; ``values`` is what was filled in so far."""

    id: str
    user: str
    data: dict[str, Any]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False

    @property
    def shown(self) -> str:
        """Every text a person reads in it, one a line."""
        return "\n".join(block_kit.texts(self.data))


@dataclass
class File:
    """A file kept by Slack: ``data`` is Slack's JSON of it."""

    id: str
    content: bytes
    data: dict[str, Any]


class Workspace:
    """The state of one workspace and of the one app installed in it. Callers hold the server's lock."""

    def __init__(self, app_name: str) -> None:
        self.team_id, self.team_name, self.domain = "T0DOUBLE01", "Double", "double"
        self.app_id, self.bot_id = "A0DOUBLE01", "B0DOUBLE01"
        self.stamps = Stamps()
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Message]] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.changes = 0
        """Counts what was posted and changed, so that who waits looks again only when there is something new."""
        self._numbers = itertools.count(1)
        self.bot_user = self.add_user(app_name, f"{app_name}@bots.example", is_bot=True).id

    def new_id(self, letter: str) -> str:
        """An identifier as Slack makes them: a letter that tells the kind, and ten more characters."""
        return f"{letter}0{next(self._numbers):04d}{secrets.token_hex(3)[:5].upper()}"

    def add_user(self, name: str, email: str, **more: Any) -> User:
        user = User(more.pop("id", None) or self.new_id("U"), name, email, **more)
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, *, members: tuple[str, ...], kind: str = "channel") -> Channel:
        channel = Channel(self.new_id({"im": "D", "mpim": "G"}.get(kind, "C")), name, kind, set(members))
        self.channels[channel.id] = channel
        return channel

    def dm(self, user_id: str) -> Channel:
        """The direct messages between ``user_id`` and the app; made when first asked for."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.peer == user_id:
                return channel
        channel = self.add_channel("directmessage", members=(user_id, self.bot_user), kind="im")
        channel.peer = user_id
        return channel

    def post(
        self,
        channel: str,
        data: dict[str, Any],
        *,
        ephemeral_to: str | None = None,
        at: datetime | None = None,
    ) -> Message:
        """Keep a message under a ``ts`` of its own, and count it in its thread."""
        data = {"type": "message", **data, "ts": self.stamps.next(at)}
        name_controls(data.get("blocks", []))
        self.changes += 1
        message = Message(channel, data, ephemeral_to)
        self.messages.setdefault(channel, []).append(message)
        parent = self.find(channel, data.get("thread_ts"))
        if parent and not ephemeral_to:
            parent.data.setdefault("thread_ts", parent.ts)
            parent.data["reply_count"] = parent.data.get("reply_count", 0) + 1
            parent.data["latest_reply"] = message.ts
        return message

    def find(self, channel: str, ts: str | None) -> Message | None:
        """The message of that ``ts`` that everybody may see; ``None`` where it never was or is deleted."""
        for message in self.messages.get(channel, ()):
            if message.ts == ts and not message.deleted and not message.ephemeral_to:
                return message
        return None

    def visible(self, channel: str, user_id: str) -> list[Message]:
        """What ``user_id`` sees in ``channel``, oldest first."""
        return [m for m in self.messages.get(channel, ()) if not m.deleted and m.ephemeral_to in (None, user_id)]

    def seen_by(self, user_id: str) -> Iterator[Message]:
        """What ``user_id`` sees anywhere, newest first."""
        seen = [m for c in self.channels.values() if user_id in c.members for m in self.visible(c.id, user_id)]
        return iter(sorted(seen, key=lambda message: message.ts, reverse=True))


def name_controls(blocks: list[dict[str, Any]]) -> None:
    """Give blocks and controls that came without one an identifier, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_hex(3)[:5])
    for _, element in block_kit.elements(blocks):
        element.setdefault("action_id", secrets.token_hex(3)[:5])
