"""Everything is built here, once, from the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import FastAPI

import digests
from app import logs
from app.aside import Aside, BesideAside, PostAside, Tally
from app.heart import Heart
from app.house_key import HouseKey, OursAlone
from app.refusals import Refused
from app.settings import Settings
from capture import Assistant
from capture.beside import Beside
from capture.briefing import Briefs
from capture.duplicates import Duplicates
from capture.finding import Finding
from capture.handover import Handover
from capture.hearing import Heard
from capture.importing.uploads import Uploads
from capture.inbox import Inbox
from capture.retention import Periods, Retention
from capture.signing_in import SigningIn
from capture.tokens import Tokens
from capture.troubles import Troubles
from capture.vitality import Vitality
from capture.webhooks import Webhooks
from digests import Digests
from jobs import Job, Jobs, Worker
from letters import Courier
from mail_ingest.pasted import unpasted
from parsing import parse
from parsing.model import Message
from store import crm
from store.db import Db
from store.lease import Lease

if TYPE_CHECKING:
    from app.traces import Traces

Clock = Callable[[], datetime]
WARMING = (
    "Gisteren bij de klant geweest, offerte volgt vrijdag.",
    "Gestern beim Kunden gewesen, das Angebot folgt am Freitag.",
    "Kävin eilen asiakkaalla, tarjous lähtee perjantaina.",
    "Visited the customer yesterday, the quote follows on Friday.",
)
"""A report in each language: the parser loads a language's words when it first meets them."""


def now() -> datetime:
    """The moment, in UTC: the one place where the house looks at the clock."""
    return datetime.now(UTC)


class WebCourier:
    """Answers the pages' own chat: the letter is kept with its delivery, and the page shows it from there."""

    def send(self, letter_id: str, letter: object, to: object) -> dict[str, Any]:  # noqa: ARG002
        """Nothing to carry."""
        return {}

    def update(self, letter_id: str, letter: object, receipt: object) -> dict[str, Any]:  # noqa: ARG002
        """Nothing to carry."""
        return {}


@dataclass(frozen=True, slots=True)
class House:
    """The parts of one Debrief, connected."""

    settings: Settings
    db: Db
    jobs: Jobs
    assistant: Assistant
    signing_in: SigningIn
    digests: Digests
    vitality: Vitality
    troubles: Troubles
    tallies: Mapping[str, Tally]
    webhooks: Webhooks
    briefs: Briefs
    clock: Clock = field(default=now)
    traces: "Traces | None" = None

    @property
    def handover(self) -> Handover:
        """Lets somebody have what a colleague who leaves had."""
        return Handover(self.db, self.jobs, self.clock)

    def worker(self) -> Worker:
        """The worker of this process; there is one a process."""
        return Worker(
            self.db,
            self.jobs,
            self.work,
            name=self.settings.worker_name,
            chores=(
                self.digests.tick,
                self.briefs.tick,
                self.vitality.tick,
                Duplicates(self.db, self.clock).tick,
                self.troubles.tick,
                self.tokens.tick,
                self.webhooks.tick,
                Finding(self.db).tick,
                Uploads(self.db, self.clock).tick,
                self.retention.tick,
            ),
        )

    @property
    def retention(self) -> Retention:
        """What forgets what was kept long enough."""
        told = self.settings.retention
        periods = Periods(raw=told.raw_days, files=told.files_days, letters=told.letters_days, access=told.access_days)
        return Retention(self.db, periods, self.clock)

    @property
    def key(self) -> HouseKey:
        """What tells whether the database is this house's own."""
        return HouseKey(self.settings, self.db)

    @property
    def work(self) -> dict[str, Job]:
        """Every job that a worker here knows."""
        parts = (
            self.assistant,
            self.signing_in,
            self.digests,
            self.vitality,
            self.troubles,
            self.webhooks,
            self.briefs,
        )
        known = {name: job for part in parts for name, job in part.work.items()}
        return {name: self.traces.of(name, job) for name, job in known.items()} if self.traces else known

    @property
    def ends(self) -> Inbox:
        """What needs a person."""
        return Inbox(self.db, self.jobs, self.assistant, self.clock)

    def heart(self, kind: str, watchers: Sequence[Any] = ()) -> Heart:
        """What tells the others that this process lives, and how it fares."""
        return Heart(self.db, kind, self.clock, tallies=self.tallies, watchers=watchers)

    @property
    def tokens(self) -> Tokens:
        """The tokens of other programs."""
        return Tokens(self.db, self.clock)

    def warm_up(self) -> None:
        """Load what reading a message needs, which takes seconds, before work is taken up.

        A process that dies again and again while it loads would else begin the same jobs each time and end none, until
        they had been begun too often and lay on the shelf.
        """
        with self.db.read() as tx:
            known = crm.snapshot(tx)
        for text in WARMING:
            parse(Message(via="web", rep="", sent_at=self.clock(), text=text), known)

    def web(self) -> FastAPI:
        """The web server's application: pages where they are served, Slack's events where Slack is set up."""
        from web.app import build_app  # noqa: PLC0415  # only those who serve need it

        slack = self._events() if self.settings.slack.bot_token and not self.settings.slack.app_token else None
        signs_in = self.settings.needs_sign_in
        if self.settings.serves_pages and signs_in and not self.settings.can_sign_in:
            raise Refused(
                "the pages can be reached by others, and nobody could sign in: set DEBRIEF_PUBLIC_URL and either Slack "
                "or DEBRIEF_SMTP__HOST, or DEBRIEF_PAGES=false"
            )
        app = build_app(
            db=self.db,
            assistant=self.assistant,
            clock=self.clock,
            pages=self.settings.serves_pages,
            slack=slack,
            signing_in=self.signing_in if signs_in else None,
            vitality=self.vitality,
            ends=self.ends,
            handover=self.handover,
            council=self.settings.works_council,
            slack_login=self._slack_login(),
            secure=(self.settings.public_url or "").startswith("https:"),
            hosts=self._hosts(),
            more=self._programs(),
        )
        self._add_metrics(app)
        if self.settings.api:
            app.mount(*self._api())
        secret = self.settings.inbound_secret
        if secret and secret.get_secret_value():
            app.include_router(self._inbound(secret.get_secret_value()))
        return app

    def _add_metrics(self, app: FastAPI) -> None:
        from web import metrics  # noqa: PLC0415

        token = self.settings.metrics_token
        known = token.get_secret_value() if token else None
        if known or not self.settings.needs_sign_in:
            app.include_router(metrics.router(db=self.db, clock=self.clock, jobs=self.jobs, token=known or None))

    def _api(self) -> tuple[str, FastAPI]:
        """Where the API is, and the application that answers there."""
        from web.api.app import PLACE, build_api  # noqa: PLC0415
        from web.api.calls import Api  # noqa: PLC0415
        from web.limits import Limits  # noqa: PLC0415

        limits = Limits(self.settings.api_per_minute)
        return PLACE, build_api(Api(self.db, self.clock, self.assistant, self.tokens, limits, self.webhooks))

    def _programs(self) -> list[Callable[[Any], Any]]:
        """The pages that have to do with other programs."""
        from web import calendars, tokens, webhooks  # noqa: PLC0415

        url = self.settings.public_url
        return [
            lambda shared: tokens.router(shared, self.tokens, url),
            lambda shared: calendars.router(shared, self.tokens, url),
            lambda shared: webhooks.router(shared, self.webhooks),
        ]

    def _inbound(self, secret: str) -> Any:
        from app.mailing import sender_rules  # noqa: PLC0415
        from mail_ingest.door import take_posted  # noqa: PLC0415
        from mail_ingest.inbound import raw_mail  # noqa: PLC0415
        from web.inbound import router  # noqa: PLC0415

        box = self.settings.mailbox
        rules = sender_rules(box)
        return router(
            raw_mail,
            lambda raw: take_posted(self.assistant, raw, rules, box.max_files_bytes),
            secret=secret,
            max_size_bytes=box.max_size_bytes,
        )

    def _hosts(self) -> set[str]:
        # A name that is not our own is another site's, made to point here (DNS rebinding).
        named = urlsplit(self.settings.public_url or "").hostname
        return {"127.0.0.1", "::1", "localhost", *([named] if named else [])}

    def _slack_login(self) -> Any:
        slack, url = self.settings.slack, self.settings.public_url
        if not (slack.client_id and slack.client_secret and slack.bot_token and url):
            return None
        from web.signing_in import SlackLogin  # noqa: PLC0415

        back = f"{url.rstrip('/')}/sign-in/slack/back"
        return SlackLogin(
            client_id=slack.client_id, client_secret=slack.client_secret.get_secret_value(),
            bot_token=slack.bot_token.get_secret_value(), api_url=slack.api_url, back=back,
        )  # fmt: skip

    def _events(self) -> Callable[[Any], Any]:
        dispatch = self.bolt().dispatch

        def hurried(request: Any) -> Any:
            with self.jobs.turns.hurried():
                return dispatch(request)

        return hurried

    def bolt(self) -> Any:
        """The Slack app; needs a bot token."""
        from bot import build_bolt  # noqa: PLC0415

        return build_bolt(slack_app(self.settings), self.assistant, self.vitality)

    def watchers(self) -> list[Any]:
        """One watcher for each mailbox that is set up, and one for the maildir."""
        from app.mailing import mailboxes, sender_rules  # noqa: PLC0415
        from mail_ingest.door import maildir_watcher, watcher  # noqa: PLC0415

        box, maildir = self.settings.mailbox, self.settings.maildir
        most = box.max_files_bytes
        watchers: list[Any] = [
            watcher(one, self.assistant, rules, most, Lease(self.db, f"mailbox {one.username} {one.host} {one.folder}"))
            for one, rules in mailboxes(self.settings)
        ]
        if maildir:
            watchers.append(maildir_watcher(maildir, box.max_size_bytes, self.assistant, sender_rules(box), most))
        return watchers

    def is_set_up(self) -> bool:
        """Whether the database is there, in the shape of this release."""
        from store.migrate import pending  # noqa: PLC0415  # Alembic is not needed to say --help

        file = self.settings.sqlite_file  # looking into a file that is not there would make an empty one
        return (file is None or file.exists()) and not pending(self.db)

    def close(self) -> None:
        """Give back every connection."""
        if self.traces:
            self.traces.close()
        self.jobs.close()
        self.db.close()


def build(settings: Settings, clock: Clock = now) -> House:
    """The house of these settings. Opens no connection yet."""
    logs.set_up(settings.log_level, settings.log_format)
    db = Db(settings.database_url)
    jobs = Jobs(db)
    key = HouseKey(settings, db)
    by_medium: dict[str, Courier] = {
        via: one if isinstance(one, WebCourier) else OursAlone(one, key) for via, one in couriers(settings).items()
    }
    tallies = {via: Tally(clock) for via in by_medium}
    carried: dict[str, Courier] = {via: Aside(courier, jobs, tallies[via]) for via, courier in by_medium.items()}
    traces = _traces(settings, db)
    assistant = (traces.assistant if traces else Assistant)(
        db=db,
        jobs=jobs,
        couriers=carried,
        counter=digests.counter,
        clock=clock,
        url=settings.public_url,
        beside={via: BesideAside(one, jobs) for via, one in beside(settings).items()},
        unpasted=unpasted,
    )
    url = (settings.public_url or "").rstrip("/") or None
    signing_in = SigningIn(db=db, jobs=jobs, couriers=carried, clock=clock, url=url)
    daily = digests.Digests(
        db=db, jobs=jobs, couriers=carried, clock=clock, url=url, ours=key.is_ours, council=settings.works_council
    )
    vitality = Vitality(db=db, jobs=jobs, couriers=carried, clock=clock, url=url, read=_hearing(settings))
    troubles = Troubles(db=db, jobs=jobs, couriers=carried, clock=clock)
    webhooks = _webhooks(settings, db, jobs, clock, key.is_ours)
    briefs = Briefs(db, jobs, carried, clock, url, key.is_ours)
    return House(
        settings, db, jobs, assistant, signing_in, daily, vitality, troubles, tallies, webhooks, briefs, clock, traces
    )


def _traces(settings: Settings, db: Db) -> "Traces | None":
    if not settings.traces_url:
        return None
    try:
        from app.traces import Traces  # noqa: PLC0415  # an extra, and half a second of imports
    except ImportError as error:
        raise Refused("DEBRIEF_TRACES_URL needs the extra: pip install 'debrief[traces]'") from error
    return Traces(db, settings.traces_url)


def _hearing(settings: Settings) -> Callable[[bytes], list[Heard]]:
    """What reads automatic mails; which of them prove their sender is told by the rules of the mailbox."""

    def read(raw: bytes) -> list[Heard]:
        from app.mailing import sender_rules  # noqa: PLC0415  # only those who look into automatic mails need it
        from mail_ingest.heard import heard  # noqa: PLC0415
        from mail_ingest.senders import proved_sender  # noqa: PLC0415

        return heard(raw, lambda mail: proved_sender(mail, sender_rules(settings.mailbox)))

    return read


def _webhooks(settings: Settings, db: Db, jobs: Jobs, clock: Clock, ours: Callable[[], bool]) -> Webhooks:
    """What tells other programs of what happened, in the transaction in which it does."""
    from web.outgoing import Outgoing  # noqa: PLC0415  # as the couriers

    post = PostAside(Outgoing(local=settings.webhooks_local), jobs, ours)
    webhooks = Webhooks(db=db, jobs=jobs, clock=clock, post=post)
    db.at_end(webhooks.announce)
    return webhooks


def couriers(settings: Settings) -> dict[str, Courier]:
    """A courier for each medium that is set up, by the name of the medium."""
    carried: dict[str, Courier] = {"web": WebCourier(), "api": WebCourier()}
    if settings.slack.bot_token:
        from bot import SlackCourier  # noqa: PLC0415

        carried["slack"] = SlackCourier(slack_app(settings).client())
    if settings.smtp.host:
        from app.mailing import smtp_server  # noqa: PLC0415
        from mail_ingest.courier import MailCourier  # noqa: PLC0415

        server = smtp_server(settings)
        if server:
            carried["email"] = MailCourier(server)
    return carried


def beside(settings: Settings) -> dict[str, Beside]:
    """What can hand over files and show how far a message got, by the name of the medium."""
    if not settings.slack.bot_token:
        return {}
    from bot import SlackBeside  # noqa: PLC0415

    return {"slack": SlackBeside(slack_app(settings).client())}


def slack_app(settings: Settings) -> Any:
    """What the Slack door needs, out of the settings."""
    from bot import SlackApp  # noqa: PLC0415

    slack = settings.slack

    def secret(value: Any) -> str | None:
        return value.get_secret_value() if value else None

    return SlackApp(secret(slack.bot_token) or "", secret(slack.signing_secret), secret(slack.app_token), slack.api_url)
