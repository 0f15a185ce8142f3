"""The house's handbook as it is kept to: what a record lacks and why, how names and numbers are written here."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers

from capture.attributes import MARK, field_of, label_of
from capture.values import CorrectionError
from letters.model import Lack
from store import attributes, handbook
from store.db import Tx
from store.tables import Account, Contact, HouseAttribute, HouseRule, Visit

FIELDS: Mapping[str, Sequence[str]] = {
    "visit": ("account", *handbook.lacking()),
    "contact": ("role", "email", "phone", "language"),
    "account": ("street", "postcode", "city", "country", "region", "industry", "grade", "owner"),
}
"""What may be mandatory, of each record. The account of a visit is asked for anyway: a reason for it is told then."""
FORMATS = {
    "international": phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    "national": phonenumbers.PhoneNumberFormat.NATIONAL,
    "digits": phonenumbers.PhoneNumberFormat.E164,
}
"""How phone numbers may be written: ``+32 9 123 45 67``, ``09 123 45 67``, ``+3291234567``."""


@dataclass(frozen=True, slots=True)
class Handbook:
    """The rules that hold."""

    rules: Sequence[HouseRule]
    own: Sequence[HouseAttribute] = ()
    """The house's own attributes, where a rule wants one of them."""

    @classmethod
    def read(cls, tx: Tx) -> "Handbook":
        """The handbook as it is now, asked once a transaction, in one statement or two."""
        if "handbook" not in tx.info:
            rules = handbook.rules(tx)
            wants_own = any(one.field.startswith(MARK) for one in rules)
            tx.info["handbook"] = cls(rules, [one for one in attributes.every(tx) if one.active] if wants_own else ())
        kept: Handbook = tx.info["handbook"]
        return kept

    def of_visit(self, visit: Visit, account: Account | None, language: str) -> tuple[Lack, ...]:
        """What the visit lacks, with the reasons in ``language``; nothing of one that was not held."""
        if visit.status != "held" or visit.withdrawn_at is not None:
            return ()
        told = {field: bool(getattr(visit, field)) for field in FIELDS["visit"] if field != "account"}
        told |= self._own("visit", visit.extra)
        return self._lacks("visit", told, language, _occasions(visit, account))

    def of_contact(self, contact: Contact, language: str) -> tuple[Lack, ...]:
        """What is not known of a person and has to be."""
        told = {
            "role": any(job.role for job in contact.employments if job.until is None), "email": bool(contact.emails),
            "phone": bool(contact.phones), "language": bool(contact.language),
        }  # fmt: skip
        told |= self._own("contact", contact.extra)
        return self._lacks("contact", told, language)

    def of_account(self, account: Account, language: str) -> tuple[Lack, ...]:
        """What is not known of an account and has to be; rules for a class hold for accounts of that class."""
        told = {field: bool(getattr(account, "owner_id" if field == "owner" else field)) for field in FIELDS["account"]}
        told |= self._own("account", account.extra)
        return self._lacks("account", told, language, {f"class:{account.grade}"})

    def _own(self, record: str, extra: Mapping[str, Any]) -> dict[str, bool]:
        """Of each of the house's own attributes whether it is told."""
        return {field_of(one): bool(extra.get(one.key)) for one in self.own if one.record == record}

    def _lacks(
        self, record: str, told: Mapping[str, bool], language: str, occasions: Collection[str] = ()
    ) -> tuple[Lack, ...]:
        found: dict[str, Lack] = {}
        called = {field_of(one): label_of(one, language) for one in self.own if one.record == record}
        for rule in self.rules:
            wanted = rule.about == "mandatory" and rule.record == record and not told.get(rule.field, True)
            if wanted and (not rule.when or rule.when in occasions):
                found.setdefault(
                    rule.field, Lack(field=rule.field, reason=reason(rule, language), label=called.get(rule.field))
                )
        return tuple(found.values())

    def why(self, field: str, language: str, record: str = "visit") -> str | None:
        """The house's reason for wanting ``field``, whatever the occasion; None where it gave none."""
        mine = (
            one for one in self.rules
            if (one.about == "mandatory" and (one.record, one.field) == (record, field))
            or (one.about == "phone" and field == "phone")
        )  # fmt: skip
        return next((told for one in mine if (told := reason(one, language))), None)

    def spelled(self, text: str, *, name: bool = False) -> str:
        """The text as it is written here; of people's ``name`` and role by the rules for titles too."""
        kinds = {"spelling", "title"} if name else {"spelling"}
        for rule in self.rules:
            if rule.about in kinds:
                text = _replaced(text, rule)
        return text

    def phone(self, text: str, country: str | None, *, language: str = "en") -> str:
        """The number as it is written here; as it was where no rule says how.

        ``country`` (ISO 3166) is where a number without one belongs. Raises `CorrectionError` with the house's reason
        where it is no number.
        """
        rule = next((one for one in self.rules if one.about == "phone"), None)
        if rule is None:
            return text
        home = country or (rule.field or None)
        try:
            read = phonenumbers.parse(text, home)
        except phonenumbers.NumberParseException:
            read = None
        if read is None or not phonenumbers.is_possible_number(read):
            told = f"{text!r} is no phone number as we write them, such as {self.example(rule)}."
            raise CorrectionError("phone", told, reason(rule, language))
        return str(phonenumbers.format_number(read, FORMATS.get(rule.written, FORMATS["international"])))

    def phone_if(self, text: str, country: str | None) -> str:
        """As `phone`, and as it was where it is none: what a report says is never refused."""
        try:
            return self.phone(text, country)
        except CorrectionError:
            return text

    @staticmethod
    def example(rule: HouseRule) -> str:
        """A number as the rule has them written."""
        number = phonenumbers.example_number(rule.field or "NL")
        return str(number and phonenumbers.format_number(number, FORMATS.get(rule.written, FORMATS["international"])))


def reason(rule: HouseRule, language: str) -> str | None:
    """Why, in the language, else in English, else as it was given."""
    given = rule.reasons
    return given.get(language) or given.get("en") or next((one for one in given.values() if one), None)


def _occasions(visit: Visit, account: Account | None) -> set[str]:
    """What rules may hold at."""
    kinds = {f"{family}:{getattr(visit, family)}" for family in ("type", "medium", "outcome")}
    terms = {f"keyword:{line.term}" for line in visit.keywords}
    return kinds | terms | ({f"class:{account.grade}"} if account else set())


def _replaced(text: str, rule: HouseRule) -> str:
    """The text with the rule's spelling, wherever one that is put right stands as words by itself."""
    wrong = sorted((str(one) for one in rule.instead if one), key=len, reverse=True)
    if not wrong:
        return text
    said = "|".join(re.escape(one) for one in wrong)

    def right(match: re.Match[str]) -> str:
        return match[0] if match[0] == rule.written else rule.written

    done = re.sub(rf"(?<!\w)(?:{said})(?!\w)", right, text, flags=re.IGNORECASE)
    if done == text:
        return text
    return " ".join(done.split()) or text


def quote(tx: Tx, error: CorrectionError, field: str, language: str) -> None:
    """Let the error tell the house's own reason, where the handbook has one for that field."""
    with tx.no_autoflush:
        error.reason = error.reason or Handbook.read(tx).why(field, language)


def plain(told: Mapping[str, Any]) -> dict[str, str]:
    """The reasons of each language that say something."""
    return {language: text for language, one in told.items() if (text := str(one or "").strip())}
