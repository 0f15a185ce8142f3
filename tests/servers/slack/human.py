"""The person at the screen: writes, presses, picks and fills in what is there, and nothing that is not."""

import contextlib
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.servers.slack import events
from tests.servers.slack.hands import Hands
from tests.servers.slack.interactions import SlackSaysError
from tests.servers.slack.methods_files import keep_file
from tests.servers.slack.methods_views import view_json
from tests.servers.slack.screen import NotOnScreenError
from tests.servers.slack.workspace import Channel, Message, User

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

# What Slack makes a link of while a person types; bare domains by the endings that tests use.
LINKS = re.compile(
    r"(?P<url>https?://[^\s<>]+[^\s<>.,;:!?)])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<tel>\+\d[\d ()-]{6,}\d)"
    r"|(?P<bare>\b(?:[\w-]+\.)+(?:com|org|net|eu|nl|be|de|at|ch|fi|uk|io|example)\b)"
)


def as_typed(text: str, users: Mapping[str, User]) -> str:
    """``text`` as Slack hands it on: ``&<>`` escaped, links and addresses wrapped, ``@Name`` a mention."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def wrap(match: re.Match[str]) -> str:
        found = match.group()
        if match["url"]:
            return f"<{found}>"
        if match["tel"]:
            return f"<tel:{re.sub(r'[^+0-9]', '', found)}|{found}>"
        return f"<mailto:{found}|{found}>" if match["mail"] else f"<http://{found}|{found}>"

    text = LINKS.sub(wrap, text)
    for user in sorted(users.values(), key=lambda user: len(user.name), reverse=True):
        text = text.replace(f"@{user.name}", f"<@{user.id}>")
    return text


class Human(Hands):
    """One person. Everything they do waits until the app has had, and answered or not, the first delivery."""

    def __init__(self, slack: "SlackServer", user: User) -> None:
        super().__init__(slack, user)
        self.tab = "messages"

    @contextlib.contextmanager
    def _acting(self) -> Iterator[None]:
        with self.slack.collecting() as sent, self.slack.lock:
            yield
        for each in sent:
            each.result()

    def _place(self, to: "str | Channel", thread: Message | None) -> Channel:
        space = self.slack.workspace
        if thread is not None:
            channel = space.channels[thread.channel]
        elif isinstance(to, Channel):
            channel = to
        else:
            channel = space.dm(self.user.id)
        if self.user.id not in channel.members:
            raise NotOnScreenError(f"{self.user.name} is not in {channel.name}")
        if channel.kind == "im" and not (self.slack.manifest.messages_tab and self.slack.installed):
            raise SlackSaysError("Sending messages to this app has been turned off.")
        return channel

    def says(
        self,
        text: str,
        to: "str | Channel" = "dm",
        thread: Message | None = None,
        *,
        at: datetime | None = None,
        also_to_channel: bool = False,
        files: list[dict[str, Any]] | None = None,
        raw: bool = False,
    ) -> Message:
        """Write ``text`` to the app, a channel or a thread; ``at`` is when, ``raw`` hands ``text`` on unescaped."""
        with self._acting():
            space = self.slack.workspace
            channel = self._place(to, thread)
            sent = text if raw else as_typed(text, space.users)
            data: dict[str, Any] = {
                "user": self.user.id,
                "client_msg_id": str(uuid.uuid4()),
                "text": sent,
                "team": space.team_id,
                "blocks": _rich_text(text),
            }
            if self.user.is_bot:
                data |= {"subtype": "bot_message", "bot_id": f"B{self.user.id[1:]}", "username": self.user.name}
            if files:
                data |= {"subtype": "file_share", "files": files, "upload": False, "display_as_bot": False}
            if files and not text:
                data.pop("blocks")
            if thread is not None:
                data["thread_ts"] = thread.thread_ts or thread.ts
                parent = space.find(channel.id, data["thread_ts"])
                data["parent_user_id"] = parent.data["user"] if parent else self.user.id
            if also_to_channel and thread is not None:
                data |= {"subtype": "thread_broadcast", "root": thread.copy().data}
            message = space.post(channel.id, data, at=at)
            self.tab = "messages"
            events.heard_message(self.slack, message)
            for file in files or ():
                events.heard_file(self.slack, file["id"], message)
        return message

    def invites_app(self, channel: Channel) -> None:
        """Bring the app into a channel they are in."""
        if self.user.id not in channel.members:
            raise NotOnScreenError(f"{self.user.name} is not in {channel.name}")
        with self._acting():
            channel.members.add(self.slack.workspace.bot_user)
            events.heard_joining(self.slack, channel, self.user.id)

    def removes_app(self, channel: Channel) -> None:
        """Put the app out of a channel."""
        with self.slack.lock:
            channel.members.discard(self.slack.workspace.bot_user)

    def uploads(
        self,
        name: str,
        content: bytes,
        mimetype: str,
        *,
        text: str = "",
        to: "str | Channel" = "dm",
        thread: Message | None = None,
        **more: Any,
    ) -> Message:
        """Share a file; ``more`` are fields of Slack's file, as ``subtype="slack_audio"`` of a voice clip."""
        with self.slack.lock:
            kept = keep_file(self.slack, self.user.id, name, content, mimetype=mimetype, **more)
        return self.says(text, to, thread, files=[kept.data])

    def edits(self, message: Message, text: str) -> None:
        """Change what they wrote."""
        self._owns(message)
        with self._acting():
            before = message.copy().data
            edited = {"user": self.user.id, "ts": self.slack.workspace.stamps.next()}
            sent = as_typed(text, self.slack.workspace.users)
            message.data |= {"text": sent, "blocks": _rich_text(text), "edited": edited}
            message.edits += 1
            events.heard_change(self.slack, message, before)

    def deletes(self, message: Message) -> None:
        """Take back what they wrote. In the head of a thread Slack leaves a tombstone."""
        self._owns(message)
        with self._acting():
            events.heard_deletion(self.slack, message)

    def _owns(self, message: Message) -> None:
        if message.data.get("user") != self.user.id or message.deleted:
            raise NotOnScreenError("only one's own messages can be changed")

    def sees_unfurled(self, message: Message, url: str = "https://example.org") -> None:
        """Slack unfurls a link in a message: a change that no person made."""
        with self._acting():
            before = message.copy().data
            message.data["attachments"] = [{"id": 1, "title": "Example", "from_url": url, "fallback": "Example"}]
            events.heard_change(self.slack, message, before)

    def reacts(self, emoji: str, on: Message) -> None:
        """React to a message."""
        with self._acting():
            events.react(self.slack, on, emoji, self.user.id)

    def unreacts(self, emoji: str, on: Message) -> None:
        """Take a reaction back."""
        with self._acting():
            events.unreact(self.slack, on, emoji, self.user.id)

    def opens_home(self) -> None:
        """Open the app's Home tab."""
        if not self.slack.manifest.home_tab:
            raise NotOnScreenError("the app has no Home tab")
        self._opens("home")

    def opens_messages(self) -> None:
        """Open the conversation with the app."""
        self._opens("messages")

    def _opens(self, tab: str) -> None:
        with self._acting():
            self.tab = tab
            space = self.slack.workspace
            event = {
                "type": "app_home_opened",
                "user": self.user.id,
                "channel": space.dm(self.user.id).id,
                "event_ts": space.stamps.next(),
                "tab": tab,
            }
            home = space.homes.get(self.user.id)
            if tab == "home" and home:
                event["view"] = view_json(self.slack, home)
            events.emit(self.slack, event)


def _rich_text(text: str) -> list[dict[str, Any]]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "elements": [section]}]
