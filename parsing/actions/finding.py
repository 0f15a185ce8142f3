"""From judged units to actions: headings, dates that stand apart, what "die stuur ik" refers to, and who does it."""

from collections.abc import Sequence
from datetime import date, datetime

from parsing.actions.assigning import Draft, heading, name
from parsing.actions.judging import ENOUGH, judge, precision
from parsing.actions.lexicon import Promises, promises, words
from parsing.actions.people import colleagues
from parsing.actions.units import Unit, units
from parsing.actions.wording import empty, trimmed, wording
from parsing.model import ActionMention, Crm, Found
from parsing.text import fold
from parsing.when.model import Moment
from parsing.when.visit import month_first


def find_actions(  # noqa: PLR0917
    text: str, now: datetime, language: str, crm: Crm, rep: str, moments: Sequence[Found[Moment]] = ()
) -> list[Found[ActionMention]]:
    """What ``text`` says that we have still to do, in its order; ``rep`` is the e-mail of who writes.

    ``moments`` are those of `parsing.when.find_moments` for the same text; they are read anew where not given.
    """
    del moments
    lexicon = promises(language)
    american = month_first(text, now, language)
    today = now.date()
    people = colleagues(text, crm, rep)
    all_units = units(text, language, lexicon, [one.start for one in people])
    drafts = [Draft(unit, judge(unit, lexicon, today, american=american)) for unit in all_units]
    name(drafts, people, lexicon, (crm, rep), text)
    for draft in drafts:
        if draft.bonus and draft.named:
            draft.judged = judge(draft.unit, lexicon, today, american=american, asked=True)
    _label(drafts, lexicon)
    for draft in drafts:
        draft.judged.points += draft.bonus
    _lend_dates(drafts, lexicon, today, american=american)
    _refer(drafts, lexicon)
    _affirm(drafts, lexicon)
    _supersede(drafts, lexicon)
    _merge(drafts, lexicon)
    _same_day(drafts, lexicon)
    return _written(drafts, lexicon)


def _label(drafts: list[Draft], lexicon: Promises) -> None:
    """A heading ("Actie:", "Next:") speaks for what follows it in its sentence."""
    for index, draft in enumerate(drafts):
        if not heading(draft.unit, lexicon):
            bare = draft.unit.folded.strip(" .,:;-")
            if draft.judged.dated and bare and lexicon.labels.at(bare, 0) == len(bare):
                draft.bonus += 2.0
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
            following.bonus += 4.0
            for later in drafts[index + 2 :]:
                if not later.unit.item and later.unit.sentence != following.unit.sentence:
                    break
                later.bonus += 4.0 if later.unit.item else 2.0
        draft.judged.points = -9.0


def _refer(drafts: list[Draft], lexicon: Promises) -> None:
    """As in "…, lähtee 24.9.", "kommt bis Freitag": hardly more than a date, after goods that somebody wishes for."""
    for index, draft in enumerate(drafts):
        if draft.judged.due is None or draft.judged.points >= ENOUGH or draft.judged.points < 1.0:
            continue
        left = [
            word
            for word in draft.unit.said
            if not lexicon.third.has(word) and not lexicon.before.has(word) and not lexicon.after.has(word)
        ]
        before = drafts[index - 1] if index else None
        if not left and before is not None and before.judged.wished and before.judged.goods:
            draft.judged.points += 2.0


def _affirm(drafts: list[Draft], lexicon: Promises) -> None:
    """As in "needs a price on 200 shackles. On it.", "… Mach ich.": what was wished for before is ours to do."""
    few, reach = 5, 3
    for index, draft in enumerate(drafts):
        if len(draft.unit.said) > few or not lexicon.affirmed.found(draft.unit.said, draft.unit.folded):
            continue
        for back in range(index - 1, max(-1, index - reach - 1), -1):
            other = drafts[back].judged
            if other.points >= ENOUGH or (other.wished and (other.goods or drafts[back].judged.doing)):
                other.points = max(other.points, ENOUGH + 1)
                other.due = other.due or draft.judged.due
                drafts[back].place = drafts[back].place or (draft.unit.start, draft.unit.end)
                draft.judged.points = -9.0
                break


_DEADLINES = frozenset(
    {"deadline", "frist", "dl", "maaraaika", "takaraja", "stichtag", "due", "streefdatum", "einddatum"}
)


def _only_date(unit: Unit, lexicon: Promises) -> bool:
    text = unit.text
    for piece in sorted((*unit.days, *unit.clocks), key=lambda one: one.start, reverse=True):
        text = text[: max(0, piece.start - unit.start)] + " " + text[max(0, piece.end - unit.start) :]
    text = trimmed(lexicon.that_is.without(text), lexicon)
    empty = (lexicon.after, lexicon.before, lexicon.fixed, lexicon.own, lexicon.that_is)
    left = [word for word in words(text) if word not in _DEADLINES and not any(one.has(word) for one in empty)]
    return bool(unit.days) and not left


def _lend_dates(drafts: list[Draft], lexicon: Promises, today: date, *, american: bool) -> None:
    """A date that stands in a clause of its own belongs to the action beside it in the sentence."""
    for index, draft in enumerate(drafts):
        if not draft.unit.days or not _only_date(draft.unit, lexicon):
            continue
        for beside in (index - 1, index + 1):
            if 0 <= beside < len(drafts) and _takes(drafts[beside], draft, lexicon, today, american=american):
                draft.judged.points = -9.0
                break


def _takes(other: Draft, lender: Draft, lexicon: Promises, today: date, *, american: bool) -> bool:
    """Give the date of one unit to another in the same sentence, if that makes or betters an action."""
    corrected = other.unit.closed == "?" and other.unit.sentence + 1 == lender.unit.sentence
    if (other.unit.sentence != lender.unit.sentence and not corrected) or not other.unit.said:
        return False
    lent = max(lender.unit.days, key=precision)
    exact = lexicon.that_is.at(lender.unit.folded.lstrip(), 0) > 0
    again = judge(other.unit, lexicon, today, american=american, lent=lent, exact=exact)
    bonus = other.bonus
    if again.due is None or again.points + bonus < ENOUGH:
        return False
    other.judged = again
    other.judged.points += bonus
    return True


def _same_day(drafts: list[Draft], lexicon: Promises) -> None:
    """As in "… and swap the mandrels the same day": the day of the action before."""
    day: date | None = None
    for draft in drafts:
        own = draft.judged.own or draft.judged.doing
        if draft.judged.due is not None:
            day = draft.judged.due
        elif day is not None and own and _that_day(draft.unit, lexicon):
            draft.judged.due = day
            draft.judged.points += 2.0 if draft.judged.own else 4.0


def _that_day(unit: Unit, lexicon: Promises) -> bool:
    """Whether a unit speaks of the day named before: "that day", "bel haar dan", but not "en dan bel ik"."""
    skip = 2 if unit.said and lexicon.joiners.has(unit.said[0]) else 1
    return lexicon.same_day.found(unit.said[skip:], unit.folded)


def _merge(drafts: list[Draft], lexicon: Promises) -> None:
    """What the rep adds to a dated action in the same sentence is part of it: "…, ik regel dat zelf"."""
    kept: Draft | None = None
    for draft in drafts:
        if draft.judged.points < ENOUGH:
            continue
        same = kept is not None and kept.unit.sentence == draft.unit.sentence
        done_by = kept is not None and same and draft.named and not kept.named and draft.judged.due is None
        if kept is not None and done_by and empty(wording(draft.unit, lexicon, list(draft.hidden)), lexicon):
            kept.named = draft.named  # "…, Pieter doet het"
            draft.judged.points = -9.0
            continue
        if kept is not None and same and draft.unit.joined:
            vague = empty(wording(draft.unit, lexicon, []), lexicon) and kept.judged.due is None
            if vague and draft.named is None:
                kept.more.append(draft)
                kept.judged.due = draft.judged.due
                draft.judged.points = -9.0
                continue
            kept = draft
            continue
        if kept is not None and same and not lexicon.also.found(draft.unit.said, draft.unit.folded):
            one, other = kept.judged, draft.judged
            near = drafts.index(draft) - drafts.index(kept) == 1 and len(draft.unit.said) < LONG
            adds = (
                near
                and one.due is not None
                and other.due is None
                and (other.own or other.obliged)
                and not one.own
                and draft.named is None
                and kept.named is None
            )
            leads = one.due is None and other.due is not None and one.doing and other.own and not one.own
            again = draft.unit.said and lexicon.there.has(draft.unit.said[0]) and one.due == other.due
            if adds or leads or (again and other.own):
                kept.more.append(draft)
                kept.judged.due = one.due or other.due
                draft.judged.points = -9.0
                continue
        kept = draft


def _written(drafts: list[Draft], lexicon: Promises) -> list[Found[ActionMention]]:
    found: list[Found[ActionMention]] = []
    for index, draft in enumerate(drafts):
        if draft.judged.points < ENOUGH:
            continue
        wished = draft.judged.wished and not draft.judged.own
        given = draft.judged.gives and not draft.judged.own
        said = wording(draft.unit, lexicon, list(draft.hidden), wished=wished and not given, given=given)
        said = _unlabelled(said, lexicon)
        if empty(said, lexicon) or _generic(said, lexicon):
            meant = _meant(drafts, index, lexicon, said)
            said = meant if meant and lexicon.vague.has(fold(said)) else " ".join(f"{meant} {said}".split())
        said = f"{said} {_asks(drafts, index)}".strip() if len(words(said)) < FEW else said
        for more in draft.more:
            added = wording(more.unit, lexicon, list(more.hidden))
            if added:
                said = f"{said}, {added}"
        if not any(letter.isalnum() for letter in said) or (
            empty(said, lexicon) and not draft.judged.due and not _whole(said, lexicon)
        ):
            continue
        email = draft.named.email if draft.named else None
        confidence = max(0.0, min(1.0, draft.judged.points / 10))
        sort = "own" if draft.judged.own or draft.judged.doing else "wished" if wished else "other"
        cue = f"{sort}, dated" if draft.judged.due else sort
        mention = ActionMention(text=said, due=draft.judged.due, assignee=email)
        found.append(
            Found(
                mention,
                *(draft.place or (draft.unit.start, draft.unit.end)),
                confidence=confidence,
                why="still to be done",
                cue=cue,
            )
        )
    return _once(found)


LONG = 7
"""Words of a clause that is too long to be a mere addition to the one before."""
FEW = 3
"""Words of an action that a clause behind it may tell the rest of: "Muss noch klären, ob …"."""


def _asks(drafts: list[Draft], index: int) -> str:
    """The clause behind an action that says what is to be found out: "ob die Halle passt", or nothing."""
    follows = drafts[index + 1] if index + 1 < len(drafts) else None
    if follows is None or follows.unit.sentence != drafts[index].unit.sentence or follows.judged.points >= ENOUGH:
        return ""
    return follows.unit.text if follows.unit.said and follows.unit.said[0] in _WHAT else ""


_WHAT = frozenset(
    {"ob", "wie", "was", "wann", "wer", "welche", "of", "hoe", "wat", "wanneer", "welke", "whether", "if", "how"}
    | {
        "what",
        "when",
        "who",
        "which",
        "miten",
        "mita",
        "milloin",
        "onko",
        "voiko",
        "saako",
        "kuka",
        "paljonko",
        "warum",
    }
)


def _whole(said: str, lexicon: Promises) -> bool:
    """Whether a verb says enough without an object: "haar terugbellen"."""
    return any(lexicon.alone & {word, lexicon.verb(word) or word} for word in words(said))


def _generic(said: str, lexicon: Promises) -> bool:
    return lexicon.generic.at(fold(said), 0) == len(said)


def _supersede(drafts: list[Draft], lexicon: Promises) -> None:
    """As in "She needs it before Christmas … schick ich Montag": the promise stands for the wish."""
    for index, draft in enumerate(drafts):
        if draft.judged.points < ENOUGH or not draft.judged.own or draft.judged.due is None:
            continue
        if not empty(wording(draft.unit, lexicon, list(draft.hidden)), lexicon):
            continue
        for back in range(max(0, index - 3), index):
            if drafts[back].judged.wished and not drafts[back].judged.own and drafts[back].named is None:
                drafts[back].judged.points = min(drafts[back].judged.points, 0.0)


def _unlabelled(text: str, lexicon: Promises) -> str:
    """The text without a heading that no colon sets off: "Deadline itselle"; the whole where it is nothing else."""
    size = lexicon.labels.at(fold(text), 0)
    rest = text[size:].strip(" :,.-")
    return rest if size and rest and not empty(rest, lexicon) and not lexicon.goods.has(words(rest)[0]) else text


def _once(found: list[Found[ActionMention]]) -> list[Found[ActionMention]]:
    kept: list[Found[ActionMention]] = []
    for one in found:
        if all(fold(one.value.text) != fold(other.value.text) for other in kept):
            kept.append(one)
    return kept


def _meant(drafts: list[Draft], index: int, lexicon: Promises, said: str) -> str:
    """What a bare "stuur ik" refers to: the goods that the clauses before it wish for."""
    verbs = {lexicon.verb(word) or word for word in words(said)}
    for back in range(index - 1, max(-1, index - 5), -1):
        unit = drafts[back].unit
        wished = lexicon.wishes.search(unit.folded)
        if not lexicon.alone.isdisjoint(verbs) and not (wished and unit.sentence == drafts[index].unit.sentence):
            continue
        start = _goods_at(unit, lexicon)
        if start is None and wished and unit.sentence == drafts[index].unit.sentence:
            start = wished[1]
        if start is None and _noun_before(unit, drafts[index].unit):
            start = 0
        if start is None or drafts[back].judged.points >= ENOUGH:
            continue
        tail = unit.text[start:].strip(" .,;:!?")
        follows = drafts[back + 1].unit if back + 1 < index else None
        if follows is not None and follows.sentence == unit.sentence and not follows.days:
            tail = f"{tail} {follows.text.strip()}"
        return tail
    return ""


def _noun_before(unit: Unit, other: Unit) -> bool:
    """As in "daarna evaluatie, die plan ik in": a few words in the same sentence, right before."""
    few, near = 4, 4
    return unit.sentence == other.sentence and 0 < len(unit.said) <= few and other.start - unit.end <= near


def _goods_at(unit: Unit, lexicon: Promises) -> int | None:
    """Where the goods begin in the text of a unit."""
    at = 0
    for word in unit.said:
        at = unit.folded.find(word, at)
        if lexicon.goods.has(word):
            return max(0, at)
        at += len(word)
    return None
