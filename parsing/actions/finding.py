"""From judged units to actions: headings, dates that stand apart, what "die stuur ik" refers to, and who does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parsing.actions.judging import ENOUGH, Judged, judge
from parsing.actions.lexicon import Promises, promises, words
from parsing.actions.people import Named, colleagues, initials
from parsing.actions.units import Unit, units
from parsing.actions.wording import empty, wording
from parsing.model import ActionMention, Crm, Found
from parsing.text import fold
from parsing.when.model import Moment
from parsing.when.visit import month_first


@dataclass(slots=True)
class _Draft:
    unit: Unit
    judged: Judged
    named: Named | None = None
    labelled: bool = False
    hidden: tuple[tuple[int, int], ...] = ()


def find_actions(
    text: str, now: datetime, language: str, crm: Crm, rep: str, moments: Sequence[Found[Moment]] = ()
) -> list[Found[ActionMention]]:
    """What ``text`` says that we have still to do, in its order; ``rep`` is the e-mail of who writes.

    ``moments`` are those of `parsing.when.find_moments` for the same text; they are read anew where not given.
    """
    del moments
    lexicon = promises(language)
    american = month_first(text, now, language)
    today = now.date()
    all_units = units(text, language, lexicon)
    people = colleagues(text, crm, rep)
    drafts = [_Draft(unit, judge(unit, lexicon, today, american=american)) for unit in all_units]
    _name(drafts, people, lexicon, crm, rep, text)
    _label(drafts, lexicon)
    _lend_dates(drafts)
    return _written(text, drafts, lexicon)


def _only_name(unit: Unit, people: list[Named]) -> Named | None:
    for named in people:
        if unit.start <= named.start and named.end <= unit.end:
            rest = unit.text[: named.start - unit.start] + unit.text[named.end - unit.start :]
            if not rest.strip(" @,.:;-–()<>"):
                return named
    return None


def _name(drafts: list[_Draft], people: list[Named], lexicon: Promises, crm: Crm, rep: str, text: str) -> None:
    """Give each unit the colleague who is to do it."""
    del rep
    for index, draft in enumerate(drafts):
        unit = draft.unit
        alone = _only_name(unit, people)
        if alone is not None:
            after = text[unit.end : unit.end + 1]
            closes = after == ")" or index + 1 == len(drafts) or drafts[index + 1].unit.sentence != unit.sentence
            other = drafts[index - 1] if closes and index else drafts[index + 1] if index + 1 < len(drafts) else None
            if other is not None and other.unit.sentence == unit.sentence:
                other.named = alone
                other.judged.points += 1.0
            draft.judged.points = -9.0
            continue
        inside = [one for one in people if unit.start <= one.start < unit.end]
        for named in inside:
            if _asked(unit, named, lexicon):
                draft.named = named
                draft.hidden = ((named.start, named.end),)
                draft.judged.points += 3.0
                if lexicon.other.found(unit.said[:6], unit.folded) and not draft.judged.dated:
                    draft.judged.points += 1.0
                break
        if _heading(unit, lexicon) and draft.named is None and index + 1 < len(drafts):
            email = initials(lexicon, unit.said, crm)
            own = inside[0] if inside else Named(unit.start, unit.start, None) if email else None
            if own is not None:
                drafts[index + 1].named = own


def _asked(unit: Unit, named: Named, lexicon: Promises) -> bool:
    """Whether a colleague named in a unit is the one who is to do it."""
    at = named.start - unit.start
    before = words(unit.text[:at])
    after = words(unit.text[named.end - unit.start :])
    leading = [word for word in before if not lexicon.before.has(word) and not lexicon.labels.has(word)]
    requested = lexicon.request.found(unit.said, unit.folded)
    if not leading:
        follows = after[:1]
        third = bool(follows) and lexicon.third.has(follows[0])
        return bool(requested or third or (not lexicon.own.found(after, "") and _order(after, lexicon)))
    if requested and leading and lexicon.request.found(leading, " ".join(leading)):
        return True
    if lexicon.language == "de" and before and lexicon.third.has(before[-1]):
        return True
    return bool(requested and named.mention and not _object(before))


_WITH = frozenset(
    {"met", "mit", "with", "van", "von", "bij", "bei", "by", "to", "aan", "ask", "zu", "und", "en", "and", "ja"}
)


def _object(before: list[str]) -> bool:
    return bool(before) and before[-1] in _WITH


def _order(after: list[str], lexicon: Promises) -> bool:
    """Whether what follows a name is something to do: "Mia Angebot schicken", "Callum order confirmation out"."""
    return any(word in lexicon.infinitive for word in after[-2:])


def _heading(unit: Unit, lexicon: Promises) -> bool:
    size = lexicon.labels.at(unit.folded, 0)
    short = 4
    return unit.closed == ":" and bool(size) and len(unit.said) <= short


def _label(drafts: list[_Draft], lexicon: Promises) -> None:
    """A heading ("Actie:", "Next:") speaks for what follows it in its sentence."""
    for index, draft in enumerate(drafts):
        if not _heading(draft.unit, lexicon):
            continue
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        near = following is not None and (following.unit.sentence - draft.unit.sentence) in (0, 1)
        if following is not None and near and following.unit.said:
            if _only_date(following.unit, lexicon):
                # "Nächster Termin: Di 5.8." is an action whose words are its heading.
                draft.unit.days = following.unit.days
                draft.judged.due = following.judged.due
                draft.judged.dated = following.judged.dated
                draft.judged.points = 4.0 if following.judged.dated else -9.0
                following.judged.points = -9.0
                continue
            following.judged.points += 4.0
            following.labelled = True
        draft.judged.points = -9.0


def _only_date(unit: Unit, lexicon: Promises) -> bool:
    text = unit.text
    for piece in sorted((*unit.days, *unit.clocks), key=lambda one: one.start, reverse=True):
        text = text[: max(0, piece.start - unit.start)] + " " + text[max(0, piece.end - unit.start) :]
    left = [word for word in words(text) if not lexicon.after.has(word) and not lexicon.before.has(word)]
    return bool(unit.days) and not left


def _lend_dates(drafts: list[_Draft]) -> None:
    """A date that stands in a clause of its own belongs to the action beside it in the sentence."""
    for index, draft in enumerate(drafts):
        if draft.judged.due is not None or draft.judged.points < ENOUGH - 2.0:
            continue
        for beside in (index + 1, index - 1):
            if not 0 <= beside < len(drafts):
                continue
            other = drafts[beside]
            if other.unit.sentence == draft.unit.sentence and other.judged.due and other.judged.points < ENOUGH:
                draft.judged.due = other.judged.due
                draft.judged.points += 2.0
                break


def _written(text: str, drafts: list[_Draft], lexicon: Promises) -> list[Found[ActionMention]]:
    found: list[Found[ActionMention]] = []
    for index, draft in enumerate(drafts):
        if draft.judged.points < ENOUGH:
            continue
        said = wording(draft.unit, lexicon, list(draft.hidden))
        if empty(said, lexicon):
            said = " ".join(f"{_meant(drafts, index, lexicon)} {said}".split())
        if not said or empty(said, lexicon) and not draft.judged.due:
            continue
        if not any(letter.isalnum() for letter in said):
            continue
        email = draft.named.email if draft.named else None
        confidence = 0.9 if draft.judged.points > ENOUGH + 1 else 0.7
        mention = ActionMention(text=said, due=draft.judged.due, assignee=email)
        found.append(Found(mention, draft.unit.start, draft.unit.end, confidence=confidence, why="still to be done"))
    del text
    return _once(found)


def _once(found: list[Found[ActionMention]]) -> list[Found[ActionMention]]:
    kept: list[Found[ActionMention]] = []
    for one in found:
        if all(fold(one.value.text) != fold(other.value.text) for other in kept):
            kept.append(one)
    return kept


def _meant(drafts: list[_Draft], index: int, lexicon: Promises) -> str:
    """What a bare "stuur ik" refers to: the goods that the clauses before it wish for."""
    for back in range(index - 1, max(-1, index - 5), -1):
        draft = drafts[back]
        first = lexicon.goods.first(draft.unit.said)
        if first is None or draft.judged.points >= ENOUGH:
            continue
        at = 0
        for _ in range(first + 1):
            at = draft.unit.folded.find(draft.unit.said[_], at)
        start = max(0, at)
        return draft.unit.text[start:].strip(" .,;:!?")
    return ""
