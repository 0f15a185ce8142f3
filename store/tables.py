"""Every row that is kept. Columns say what they hold; what may happen to them is decided elsewhere."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship

from store.db import Instant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The base of every row. Constraints have names, so that a migration can speak of them on both databases."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a plain dict
        datetime: Instant,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        list[int]: sa.JSON,
    }


# ------------------------------------------------------------------------------------------------------ who we are


class Rep(Row, kw_only=True):
    """One who reports, or whom reports are for: rep, manager, operator, marketing or administrator."""

    __tablename__ = "reps"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="rep")
    team: Mapped[str | None] = mapped_column(default=None)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), default=None)
    slack_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    language: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str] = mapped_column(default="UTC")
    working_days: Mapped[list[int]] = mapped_column(default_factory=lambda: [0, 1, 2, 3, 4])
    """Weekdays at work, Monday = 0."""
    active: Mapped[bool] = mapped_column(default=True)
    emails: Mapped[list["RepEmail"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="RepEmail.id", lazy="selectin"
    )

    @property
    def email(self) -> str:
        """The address that names this person."""
        return self.emails[0].email


class RepEmail(Row, kw_only=True):
    """An address that a rep writes from; lower-case. The first is the one that names the rep."""

    __tablename__ = "rep_emails"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), init=False, index=True)
    email: Mapped[str] = mapped_column(unique=True)


class Preference(Row, kw_only=True):
    """What one of us chose for themselves; None where the house's own ways are fine."""

    __tablename__ = "preferences"

    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), primary_key=True)
    digest_hour: Mapped[int | None] = mapped_column(default=None)
    """The hour, 0 to 23 in their zone, at which the digest comes."""
    quiet_from: Mapped[int | None] = mapped_column(default=None)
    """From this hour until ``quiet_until``, past midnight too, nothing comes that was not asked for."""
    quiet_until: Mapped[int | None] = mapped_column(default=None)
    own: Mapped[list[Any]] = mapped_column(default_factory=list)
    """Columns of their row in ``reps`` that they set themselves, which an import leaves alone; and ``profile`` where
    their profile in the chat was looked at."""
    home_opened_at: Mapped[datetime | None] = mapped_column(default=None)
    """When they last looked at their page in the chat."""


class SignInLink(Row, kw_only=True):
    """That somebody asked for a link to sign in by. The link itself is made when it is sent, and kept only hashed."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    place: Mapped[str] = mapped_column(default="/")
    """Where on our pages they meant to go."""
    asked_at: Mapped[datetime]
    token_sha256: Mapped[str | None] = mapped_column(default=None, unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class WebSession(Row, kw_only=True):
    """That a browser is signed in as one of us."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str] = mapped_column(default="")
    """What it calls itself, for the person to know it by."""
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Target(Row, kw_only=True):
    """Visits owed by a rep in each period from ``since`` on."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("rep_id", "period", "since"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id"))
    period: Mapped[str] = mapped_column(default="week")
    """``week`` or ``month``."""
    visits: Mapped[int]
    since: Mapped[date]


class DigestDay(Row, kw_only=True):
    """That somebody's digest of a day was begun: there is one such row, so it is sent once, however often one looks."""

    __tablename__ = "digest_days"
    __table_args__ = (UniqueConstraint("rep_id", "day", "kind"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"))
    day: Mapped[date]
    """In the reader's zone."""
    kind: Mapped[str]
    """``morning`` or ``team``."""
    batch: Mapped[str] = mapped_column(index=True)
    """Those that are composed together."""
    state: Mapped[str] = mapped_column(default="begun")
    """``begun``, ``empty`` (nothing to say), ``made`` or ``sent``."""
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    letter: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)


# ------------------------------------------------------------------------------------------------------ customers


class Account(Row, kw_only=True):
    """A customer organisation, or one that may become a customer."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    name: Mapped[str] = mapped_column(index=True)
    street: Mapped[str | None] = mapped_column(default=None)
    postcode: Mapped[str | None] = mapped_column(default=None)
    city: Mapped[str | None] = mapped_column(default=None)
    country: Mapped[str | None] = mapped_column(default=None)
    """ISO 3166 alpha-2."""
    region: Mapped[str | None] = mapped_column(default=None)
    industry: Mapped[str | None] = mapped_column(default=None)
    grade: Mapped[str | None] = mapped_column(default=None)
    """The organisation's class of customer, A to E."""
    status: Mapped[str] = mapped_column(default="customer")
    """``customer`` or ``prospect``."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), default=None, index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when it is no longer a name that a report can mean; what was filed stays."""
    aliases: Mapped[list["AccountAlias"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="AccountAlias.id"
    )


class AccountAlias(Row, kw_only=True):
    """Another name by which an account goes."""

    __tablename__ = "account_aliases"
    __table_args__ = (UniqueConstraint("account_id", "alias"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), init=False)
    alias: Mapped[str]


class Contact(Row, kw_only=True):
    """One person, wherever they work."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    name: Mapped[str] = mapped_column(index=True)
    language: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when it is no longer a name that a report can mean; what was filed stays."""
    emails: Mapped[list["ContactEmail"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="ContactEmail.id"
    )
    phones: Mapped[list["ContactPhone"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="ContactPhone.id"
    )
    employments: Mapped[list["Employment"]] = relationship(
        default_factory=list,
        cascade="all, delete-orphan",
        order_by="Employment.id",
        lazy="selectin",
        back_populates="contact",
        foreign_keys="Employment.contact_id",
    )


class ContactEmail(Row, kw_only=True):
    """An address of a contact; lower-case. Two people may share one (info@)."""

    __tablename__ = "contact_emails"
    __table_args__ = (UniqueConstraint("contact_id", "email"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), init=False)
    email: Mapped[str] = mapped_column(index=True)


class ContactPhone(Row, kw_only=True):
    """A phone number of a contact, as it was written."""

    __tablename__ = "contact_phones"
    __table_args__ = (UniqueConstraint("contact_id", "phone"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), init=False)
    phone: Mapped[str]


class Employment(Row, kw_only=True):
    """That a contact works, or worked, at an account. Leaving ends the employment, not the person."""

    __tablename__ = "employments"
    __table_args__ = (UniqueConstraint("contact_id", "account_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    role: Mapped[str | None] = mapped_column(default=None)
    since: Mapped[date | None] = mapped_column(default=None)
    until: Mapped[date | None] = mapped_column(default=None)
    stale_since: Mapped[date | None] = mapped_column(default=None)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), default=None)
    contact: Mapped[Contact] = relationship(
        init=False, back_populates="employments", foreign_keys="Employment.contact_id"
    )


class ContactSign(Row, kw_only=True):
    """One thing that speaks for or against it that a contact is still reached at an address: a bounce, an answer."""

    __tablename__ = "contact_signs"
    __table_args__ = (UniqueConstraint("capture_id", "contact_id", "address"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    address: Mapped[str]
    """The mail address that it is about; empty where it is about the person."""
    kind: Mapped[str]
    """As in `capture.vitality.POINTS`."""
    on: Mapped[date]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), default=None)
    """The mail that said so; None where one of us did."""
    words: Mapped[str] = mapped_column(default="")
    """What the other mail system, or the person, said."""
    successor: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """``name``, ``email``, ``phone`` of who follows, as far as it was said."""


# ------------------------------------------------------------------------------------------------ what is editable


class Kind(Row, kw_only=True):
    """A value that a manager edits: a visit's type, medium, outcome or status."""

    __tablename__ = "kinds"
    __table_args__ = (UniqueConstraint("family", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    family: Mapped[str]
    """``type``, ``medium``, ``outcome`` or ``status``."""
    key: Mapped[str]
    labels: Mapped[dict[str, Any]]
    """Language to label."""
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class HouseKeyword(Row, kw_only=True):
    """A term of the organisation's own list: it is looked for in every report."""

    __tablename__ = "house_keywords"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    term: Mapped[str] = mapped_column(unique=True)


class Revision(Row, kw_only=True):
    """A count that rises with each change of what it names, so that what was computed from it can be kept."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


# ------------------------------------------------------------------------------------------------- what was said


class Capture(Row, kw_only=True):
    """The kept fact that a message was taken in, and how far it got."""

    __tablename__ = "captures"
    __table_args__ = (UniqueConstraint("via", "source_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    via: Mapped[str]
    source_id: Mapped[str]
    sender: Mapped[str]
    """Who sent it, as the medium names them: a mail address or a Slack user id."""
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), index=True)
    """None where nobody here goes by that sender."""
    sent_at: Mapped[datetime]
    taken_at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str]
    """The rep's own words, as the reader saw them."""
    raw: Mapped[bytes | None] = mapped_column(default=None, deferred=True)
    """The whole mail, or the medium's own event as JSON."""
    message: Mapped[dict[str, Any]]
    """The `Message` as it went to the parser."""
    reply_to: Mapped[dict[str, Any]]
    """What the courier needs to answer in the same place."""
    state: Mapped[str] = mapped_column(default="taken")
    """``taken``, ``filed``, ``asked``, ``answer`` (to a question of ours), ``nothing`` (no visit), ``refused``
    (nobody here goes by that sender), ``failed`` (could not be taken; ``problem`` says why), ``forged`` (not proved
    to be from its sender, likewise), ``held`` (one too many at once), ``withdrawn``."""
    problem: Mapped[str | None] = mapped_column(default=None)
    language: Mapped[str | None] = mapped_column(default=None)
    not_a_report: Mapped[str | None] = mapped_column(default=None)
    attachments: Mapped[list["Attachment"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Attachment.id"
    )
    origins: Mapped[list["Origin"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Origin.id"
    )


class Origin(Row, kw_only=True):
    """What a message hands on, by a name that anybody else's forward of the same has too."""

    __tablename__ = "origins"
    __table_args__ = (UniqueConstraint("capture_id", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id", ondelete="CASCADE"), init=False)
    key: Mapped[str] = mapped_column(index=True)
    """A Message-ID, or a hash of the content, with the kind before it."""


class Blob(Row, kw_only=True):
    """Bytes, kept once whoever sent them, under their SHA-256."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(deferred=True)


class Attachment(Row, kw_only=True):
    """A file that came with a message."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id", ondelete="CASCADE"), init=False, index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]


# ------------------------------------------------------------------------------------------------- what was filed


class Visit(Row, kw_only=True):
    """A meeting that counts, as a rep reported it."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("capture_id", "position"),
        sa.Index("ix_visits_rep_id_on", "rep_id", "on"),
        sa.Index("ix_visits_account_id_on", "account_id", "on"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """Readable: ``V-2026-00042``."""
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    position: Mapped[int] = mapped_column(default=0)
    """Which of the message's visits this is, from 0."""
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    """None while the rep is asked which account is meant."""
    on: Mapped[date]
    """The day, in the rep's zone."""
    starts: Mapped[time | None] = mapped_column(default=None)
    ends: Mapped[time | None] = mapped_column(default=None)
    timezone: Mapped[str] = mapped_column(default="UTC")
    """The zone that ``on``, ``starts`` and ``ends`` are told in."""
    street: Mapped[str | None] = mapped_column(default=None)
    postcode: Mapped[str | None] = mapped_column(default=None)
    city: Mapped[str | None] = mapped_column(default=None)
    subject: Mapped[str | None] = mapped_column(default=None)
    type: Mapped[str | None] = mapped_column(default=None)
    medium: Mapped[str | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[str] = mapped_column(default="held")
    """``planned``, ``held``, ``missed`` or ``cancelled``."""
    report: Mapped[str] = mapped_column(default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Field to the words it was read from: ``[{start, end, part, confidence, why}]``."""
    candidates: Mapped[list[int]] = mapped_column(default_factory=list)
    """Ids of the accounts that fit while none is chosen, or that a new one is spelt much like."""
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    contacts: Mapped[list["VisitContact"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="VisitContact.position", lazy="selectin"
    )
    keywords: Mapped[list["VisitKeyword"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="VisitKeyword.position", lazy="selectin"
    )
    amounts: Mapped[list["Amount"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Amount.id", lazy="selectin"
    )
    actions: Mapped[list["Action"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Action.id", lazy="selectin"
    )


class VisitSource(Row, kw_only=True):
    """That another message told of a visit that was filed already."""

    __tablename__ = "visit_sources"
    __table_args__ = (UniqueConstraint("capture_id", "position"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    position: Mapped[int] = mapped_column(default=0)
    """Which of that message's visits this is, from 0."""
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    """That rep's own words."""
    added_at: Mapped[datetime]


class Proposal(Row, kw_only=True):
    """What a signature tells of a known contact who was met; it fills only what is empty, when a rep agrees."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    field: Mapped[str]
    """``role`` (at the visit's account), ``phone`` or ``email``."""
    value: Mapped[str]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)


class VisitContact(Row, kw_only=True):
    """That a contact was met at a visit."""

    __tablename__ = "visit_contacts"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class VisitKeyword(Row, kw_only=True):
    """A term under which a visit is found again."""

    __tablename__ = "visit_keywords"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class Amount(Row, kw_only=True):
    """Money that was spoken of."""

    __tablename__ = "amounts"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, index=True)
    value: Mapped[Decimal] = mapped_column(sa.Numeric(16, 2))
    currency: Mapped[str]
    """ISO 4217."""


class Action(Row, kw_only=True):
    """What someone promised, perhaps with a day by which it is due."""

    __tablename__ = "actions"
    __table_args__ = (sa.Index("ix_actions_assignee_id_state_due", "assignee_id", "state", "due"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, index=True)
    text: Mapped[str]
    due: Mapped[date | None] = mapped_column(default=None)
    assignee_id: Mapped[int] = mapped_column(ForeignKey("reps.id"))
    state: Mapped[str] = mapped_column(default="open")
    """``open``, ``done`` or ``dropped``."""


class VisitNumber(Row, kw_only=True):
    """The last number given to a visit in a year."""

    __tablename__ = "visit_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Change(Row, kw_only=True):
    """One field of one record changed: from what to what, by whom, from which words."""

    __tablename__ = "changes"
    __table_args__ = (sa.Index("ix_changes_record_record_id", "record", "record_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime]
    record: Mapped[str]
    """``visit``, ``account``, ``contact``, ``employment`` or ``capture`` (the message itself)."""
    record_id: Mapped[int]
    field: Mapped[str]
    old: Mapped[Any] = mapped_column(sa.JSON, default=None)
    new: Mapped[Any] = mapped_column(sa.JSON, default=None)
    by: Mapped[str] = mapped_column(index=True)
    """``message:<capture id>``, ``rep:<rep id>``, ``import`` or ``rule:<name>``."""
    words: Mapped[str | None] = mapped_column(default=None)


class Lesson(Row, kw_only=True):
    """What a correction taught: these words mean this, for one rep or for the whole house."""

    __tablename__ = "lessons"
    __table_args__ = (sa.Index("ix_lessons_kind_phrase", "kind", "phrase"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), index=True)
    """Whose words these are; None where two reps taught the same and it holds for all."""
    kind: Mapped[str]
    """``account``, ``contact``, ``keyword`` or ``not_keyword`` (a term that is not wanted)."""
    phrase: Mapped[str]
    """The words folded as names are compared: what the lesson is found by."""
    said: Mapped[str]
    """The words as they were said, for people."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    """The account that is meant; for a contact the account within which the words mean that person."""
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), default=None)
    term: Mapped[str | None] = mapped_column(default=None)
    """The keyword as it is shown."""
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    """The visit whose correction taught it."""
    taught_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=0)
    """How many values of filed visits rest on it."""
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[str | None] = mapped_column(default=None)
    """As a change's ``by``: ``rep:<id>``, ``rule:<name>``, or ``web`` or ``command`` where somebody forgot it there."""


class Delivery(Row, kw_only=True):
    """The kept fact that a letter was sent; looked at before it is sent again."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    letter_id: Mapped[str] = mapped_column(unique=True)
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), default=None, index=True)
    via: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    sent_at: Mapped[datetime]
    receipt: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """What the medium calls the letter: Slack's channel and ts, a mail's Message-ID."""
    letter: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Subject and text as sent."""


class Secret(Row, kw_only=True):
    """Something that only this house knows."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class UsedLink(Row, kw_only=True):
    """That a link of a mail was used; looked at as long as it would be good."""

    __tablename__ = "used_links"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
