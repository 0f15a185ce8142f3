"""Every row that is kept, by subject. Columns say what they hold; what may happen to them is decided elsewhere."""

from store.tables.access import Access
from store.tables.api import ApiRequest, ApiToken, Webhook, WebhookDelivery
from store.tables.attributes import HouseAttribute
from store.tables.base import Row
from store.tables.changes import Change
from store.tables.customers import Account, AccountAlias, Contact, ContactEmail, ContactPhone, ContactSign, Employment
from store.tables.erasures import Erasure
from store.tables.goals import DigestDay
from store.tables.handbook import HouseRule
from store.tables.house import HouseKeyword, HouseSynonym, Kind, Lesson, Revision, Secret
from store.tables.imports import Import
from store.tables.messages import Attachment, Blob, Capture, Delivery, Origin, UsedLink
from store.tables.people import Preference, Rep, RepEmail, SignInLink, WebSession
from store.tables.private import PrivateNote
from store.tables.processes import Heartbeat, ParkedJob, Trouble
from store.tables.search import SavedView, SearchDue
from store.tables.sendings import LookedInto, Sending, SendingAddress
from store.tables.steps import ContactPair, Step
from store.tables.targets import DayOff, Target, VisitInterval
from store.tables.visits import Action, Amount, Proposal, Visit, VisitContact, VisitKeyword, VisitNumber, VisitSource

__all__ = [
    "Access",
    "Account",
    "AccountAlias",
    "Action",
    "Amount",
    "ApiRequest",
    "ApiToken",
    "Attachment",
    "Blob",
    "Capture",
    "Change",
    "Contact",
    "ContactEmail",
    "ContactPair",
    "ContactPhone",
    "ContactSign",
    "DayOff",
    "Delivery",
    "DigestDay",
    "Employment",
    "Erasure",
    "Heartbeat",
    "HouseAttribute",
    "HouseKeyword",
    "HouseRule",
    "HouseSynonym",
    "Import",
    "Kind",
    "Lesson",
    "LookedInto",
    "Origin",
    "ParkedJob",
    "Preference",
    "PrivateNote",
    "Proposal",
    "Rep",
    "RepEmail",
    "Revision",
    "Row",
    "SavedView",
    "SearchDue",
    "Secret",
    "Sending",
    "SendingAddress",
    "SignInLink",
    "Step",
    "Target",
    "Trouble",
    "UsedLink",
    "Visit",
    "VisitContact",
    "VisitInterval",
    "VisitKeyword",
    "VisitNumber",
    "VisitSource",
    "WebSession",
    "Webhook",
    "WebhookDelivery",
]
