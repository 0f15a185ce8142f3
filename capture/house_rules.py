"""Keeping the house's handbook: rules are made, worded anew and ended, each change in the history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import phonenumbers

from capture.attributes import field_of
from capture.handbook import FIELDS, FORMATS, plain
from capture.house_lists import lines_of
from capture.rights import Viewer
from capture.values import CorrectionError, read_text
from capture.wanting import GRADES
from parsing.model import LANGUAGES
from store import attributes, changes, handbook, kinds
from store.db import Db, Tx
from store.tables import HouseRule

ABOUT = ("mandatory", "spelling", "title", "phone", "other")
LONGEST = 300
"""Characters of a reason, and of a convention: it is quoted on cards."""
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRule:
    """A rule as somebody typed it; as `store.tables.HouseRule` has it, ``instead`` one a line."""

    about: str
    field: str = ""
    """``record:field`` of what is mandatory; of phone numbers the country of those that name none."""
    when: str = ""
    written: str = ""
    instead: str = ""
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The use cases; whether ``who`` may is looked at before. Each raises `CorrectionError`."""

    db: Db
    clock: Callable[[], datetime]

    def add(self, who: Viewer, wanted: WantedRule) -> int:
        """Let a rule hold from now on; its id."""
        with self.db.write() as tx:
            rule = _read(tx, wanted)
            tx.add(rule)
            tx.flush()
            self._note(tx, who, rule, "created", new=rule.about)
            return rule.id

    def reword(self, who: Viewer, rule_id: int, reasons: Mapping[str, str]) -> None:
        """Give other reasons for a rule."""
        with self.db.write() as tx:
            rule, new = _one(tx, rule_id), _reasons(reasons)
            if new != rule.reasons:
                self._note(tx, who, rule, "reasons", old=rule.reasons, new=new)
                rule.reasons = new

    def switch(self, who: Viewer, rule_id: int, *, active: bool) -> None:
        """Let a rule hold, or hold no more."""
        with self.db.write() as tx:
            rule = _one(tx, rule_id)
            if active and not rule.active:
                _room(tx)
            if active and rule.about == "phone":
                _only_one(tx)
            if rule.active != active:
                self._note(tx, who, rule, "active", old=rule.active, new=active)
                rule.active = active

    def _note(
        self, tx: Tx, who: Viewer, rule: HouseRule, field: str, *, old: object = None, new: object = None
    ) -> None:
        changes.note(tx, at=self.clock(), by=who.by, record=("rule", rule.id), field=field, old=old, new=new)


def _room(tx: Tx) -> None:
    if len(handbook.rules(tx)) >= MOST:
        raise CorrectionError("too_many", f"{MOST} rules at most.")


def _one(tx: Tx, rule_id: int) -> HouseRule:
    rule = tx.get(HouseRule, rule_id)
    if rule is None:
        raise CorrectionError("gone", "There is no such rule.")
    return rule


def _read(tx: Tx, wanted: WantedRule) -> HouseRule:
    """The rule that is wanted. Raises `CorrectionError`."""
    if wanted.about not in ABOUT:
        raise CorrectionError("unknown", "Say what the rule is about.")
    _room(tx)
    rule = HouseRule(about=wanted.about, reasons=_reasons(wanted.reasons))
    written = read_text(wanted.written, "How it is written", longest=LONGEST) or ""
    if rule.about == "mandatory":
        _mandatory(tx, rule, wanted)
    elif rule.about == "phone":
        _phone(tx, rule, wanted)
    elif rule.about == "other":
        rule.written = read_text(written, "The convention", needed=True, longest=LONGEST) or ""
    else:
        rule.written, rule.instead = written, lines_of(wanted.instead, sought=False)
        if not rule.instead:
            raise CorrectionError("empty", "Say which spelling is put right.")
        if not written and rule.about == "spelling":
            raise CorrectionError("empty", "Say how it is written.")
    return rule


def _mandatory(tx: Tx, rule: HouseRule, wanted: WantedRule) -> None:
    rule.record, _, rule.field = wanted.field.partition(":")
    own = {field_of(one) for one in attributes.of(tx, rule.record)}
    if rule.field not in {*FIELDS.get(rule.record, ()), *own}:
        raise CorrectionError("unknown", "Choose what is mandatory.")
    if not rule.reasons:
        raise CorrectionError("empty", "Say why it is mandatory: that is what people are told.")
    family, _, key = wanted.when.strip().partition(":")
    known = {
        "type": kinds.keys(tx, "type"), "medium": kinds.keys(tx, "medium"), "outcome": kinds.keys(tx, "outcome"),
        "class": set(GRADES), "keyword": {key} - {""},
    }  # fmt: skip
    if wanted.when.strip() and (key not in known.get(family, set()) or rule.record == "contact"):
        raise CorrectionError("unknown", "There is no such occasion here.")
    if rule.record == "account" and family not in {"", "class"}:
        raise CorrectionError("unknown", "Of an account it is mandatory always, or for a class.")
    rule.when = wanted.when.strip()


def _phone(tx: Tx, rule: HouseRule, wanted: WantedRule) -> None:
    rule.written, rule.field = wanted.written.strip(), wanted.field.strip().upper()
    if rule.written not in FORMATS:
        raise CorrectionError("unknown", "Phone numbers are written international, national, or as digits.")
    if rule.field and rule.field not in phonenumbers.SUPPORTED_REGIONS:
        raise CorrectionError("country", "A country has two letters, such as NL.")
    _only_one(tx)


def _only_one(tx: Tx) -> None:
    if any(one.about == "phone" for one in handbook.rules(tx)):
        raise CorrectionError("twice", "There is a rule for phone numbers already: end it first.")


def _reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    read = {one: read_text(reasons.get(one), "A reason", longest=LONGEST) or "" for one in LANGUAGES}
    return plain(read)
