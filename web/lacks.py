"""What records lack, in the words of pages."""

from collections.abc import Sequence
from dataclasses import replace

from capture.handbook import FIELDS
from capture.values import quoted
from letters.model import Lack
from web.fields import Field
from web.templating import ENGLISH

NAMED = {"owner": "Account manager", "grade": "Class", "phone": "Phone number", "email": "Mail address"}
"""Fields that cards have no name for."""
STANDS = {
    "contacts": "new_contact", "actions": "action-new-text", "phone": "phones", "email": "emails", "role": "role-",
}  # fmt: skip
"""Where a field is filled in, whose form calls it otherwise."""


def field_called(field: str) -> str:
    """What a field is called on a page."""
    return ENGLISH.say(f"fields.{field}") if field in FIELDS["visit"] else NAMED.get(field, field.capitalize())


def lack_called(lack: Lack) -> str:
    """What the missing thing is called on a page."""
    return lack.label or field_called(lack.field)


def hinted(fields: Sequence[Field], lacks: Sequence[Lack]) -> list[Field]:
    """The fields of a form, those that have to be filled in with the reason."""
    found = list(fields)
    for lack in lacks:
        stands = STANDS.get(lack.field, lack.field)
        for n, field in enumerate(found):
            if field.name == stands or (stands.endswith("-") and field.name.startswith(stands)):
                found[n] = replace(field, hint=quoted("Still missing.", lack.reason))
                break
    return found
