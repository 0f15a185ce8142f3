"""A unit on its way to an action, and which colleague is to do it."""

from dataclasses import dataclass, field

from parsing.actions.judging import Judged
from parsing.actions.lexicon import Promises, words
from parsing.actions.people import Named, initials
from parsing.actions.units import Unit
from parsing.model import Crm


@dataclass(slots=True)
class Draft:
    """A unit with its verdict, who is to do it, and what the units beside it add."""

    unit: Unit
    judged: Judged
    named: Named | None = None
    bonus: float = 0.0
    more: list["Draft"] = field(default_factory=list)
    place: tuple[int, int] | None = None
    """Where the text says that it is ours to do, if that is not the unit."""
    hidden: tuple[tuple[int, int], ...] = ()


def _only_name(unit: Unit, people: list[Named], lexicon: Promises) -> Named | None:
    for named in people:
        if unit.start <= named.start and named.end <= unit.end + 1:
            rest = unit.text[: named.start - unit.start] + unit.text[named.end - unit.start :]
            if not rest.strip(" @,.:;-–()<>"):  # noqa: RUF001
                return named
            led = words(unit.text[: named.start - unit.start])
            ends = not words(unit.text[named.end - unit.start :])
            if ends and all(word in _CALLS or lexicon.joiners.has(word) for word in led):
                return named
    return None


_CALLS = frozenset(
    {"so", "dus", "also", "hey", "hei", "hoi", "hi", "hallo", "oi", "joten", "niin", "then", "dann", "dan"}
)
"""What may lead to a name that is called: "so Dewi, could you …"."""


def name(drafts: list[Draft], people: list[Named], lexicon: Promises, house: tuple[Crm, str], text: str) -> None:
    """Give each unit the colleague who is to do it; ``house`` is the CRM and the e-mail of who writes."""
    for index, draft in enumerate(drafts):
        alone = _only_name(draft.unit, people, lexicon)
        if alone is not None:
            _hand_on(drafts, index, alone, text)
            continue
        inside = [one for one in people if draft.unit.start <= one.start < draft.unit.end]
        _assign(drafts, index, inside, people, lexicon)
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        if following is None:
            continue
        if heading(draft.unit, lexicon) and draft.named is None:
            following.named = (
                inside[0] if inside else initials(_beyond_label(draft.unit, lexicon), *house) or following.named
            )
        elif draft.unit.closed == ":" and inside:
            following.named = inside[0]
            following.bonus += 3.0
            draft.judged.points = -9.0


def _hand_on(drafts: list[Draft], index: int, alone: Named, text: str) -> None:
    """A name that stands alone asks for the action beside it: the one before "(Mia)", the one after "Mia - …"."""
    unit = drafts[index].unit
    last = index + 1 == len(drafts) or drafts[index + 1].unit.sentence != unit.sentence
    closes = text[unit.end : unit.end + 1] == ")" or last
    beside = index - 1 if closes else index + 1
    if 0 <= beside < len(drafts) and drafts[beside].unit.sentence == unit.sentence:
        drafts[beside].named = alone
        drafts[beside].bonus += 1.0
    drafts[index].judged.points = -9.0


def _assign(drafts: list[Draft], index: int, inside: list[Named], people: list[Named], lexicon: Promises) -> None:
    draft = drafts[index]
    told = _told_of(drafts[index - 1].unit, draft.unit, people, lexicon) if index else None
    if told is not None:
        draft.named = told
        draft.bonus += 3.0
    before = drafts[index - 1].unit if index else None
    if draft.named is None and before is not None and not inside and _requested(draft.unit, lexicon):
        called = [
            one for one in people if before.start <= one.start and before.end - one.end <= 1 and one.end <= before.end
        ]
        if called and before.sentence == draft.unit.sentence:
            draft.named = called[-1]
            draft.bonus += 3.0
    asked = next((named for named in inside if _asked(draft.unit, named, lexicon)), None)
    if asked is not None:
        draft.named = asked
        draft.hidden = ((asked.start, asked.end),)
        draft.bonus += 3.0
    if draft.named is None and inside and draft.judged.doing and not draft.judged.dated:
        draft.bonus += 3.0  # "ask Helen about it" is an order to oneself


_WHO = frozenset({"die", "der", "who", "joka", "hij", "zij", "ze", "er", "sie", "he", "she", "han"})


def _told_of(before: Unit, unit: Unit, people: list[Named], lexicon: Promises) -> Named | None:
    """As in "Eskalation an Sabine, die ruft ihn morgen an": who the pronoun of a dated clause stands for."""
    opens = len(unit.said) > 1 and unit.said[0] in _WHO and bool(unit.days)
    if not opens or not (lexicon.third.has(unit.said[1]) or unit.said[-1] in lexicon.prefixes):
        return None
    near = [one for one in people if before.start <= one.start < before.end and before.end - one.end <= 1]
    return near[-1] if near and before.sentence == unit.sentence else None


def _asked(unit: Unit, named: Named, lexicon: Promises) -> bool:
    """Whether a colleague named in a unit is the one who is to do it."""
    at = named.start - unit.start
    before = words(unit.text[:at])
    after = words(unit.text[named.end - unit.start :])
    leading = [word for word in before if not lexicon.before.has(word) and not lexicon.labels.has(word)]
    requested = _requested(unit, lexicon)
    if not leading:
        follows = after[:1]
        third = bool(follows) and lexicon.third.has(follows[0])
        return bool(requested or third or (not lexicon.own.found(after, "") and _order(after, lexicon)))
    if requested and leading and lexicon.request.found(leading, " ".join(leading)):
        return True
    if leading and leading[-1] in _ASKED and after[:1] in (["to"], ["om"], ["dat"]):
        return True
    if lexicon.language in ("nl", "de") and before and lexicon.third.has(before[-1]):
        return True
    return bool(requested and named.mention and not _object(before))


def _requested(unit: Unit, lexicon: Promises) -> bool:
    """Whether a unit asks somebody: "kannst du", "du schickst", "soittaisitko"."""
    if lexicon.request.found(unit.said, unit.folded) or any(word in lexicon.asked for word in unit.said):
        return True
    return lexicon.language == "fi" and any(word.endswith("tko") for word in unit.said)


_ASKED = frozenset({"asked", "told", "got", "need", "want", "briefed", "tasked", "gevraagd", "vroeg"})


_WITH = frozenset(
    {"met", "mit", "with", "van", "von", "bij", "bei", "by", "to", "aan", "ask", "zu", "und", "en", "and", "ja"}
)


def _object(before: list[str]) -> bool:
    return bool(before) and before[-1] in _WITH


def _order(after: list[str], lexicon: Promises) -> bool:
    """Whether what follows a name is something to do: "Mia Angebot schicken", "Callum order confirmation out"."""
    if after[-1:] and after[-1] in _OF_HIM:
        return False
    return any(word in lexicon.infinitive for word in after[-2:]) and after[0] not in lexicon.infinitive


_OF_HIM = frozenset(
    {"fragen", "vragen", "bitten", "anfragen", "kysya", "informieren", "informeren", "verwittigen", "einbinden"}
)
"""As in "Mia wegen der Lieferzeit fragen": the rep is to ask her."""


def _beyond_label(unit: Unit, lexicon: Promises) -> list[str]:
    """The words of a heading behind its label: of "To do FO" those that may be initials."""
    return words(unit.folded.lstrip()[lexicon.labels.at(unit.folded.lstrip(), 0) :])


def heading(unit: Unit, lexicon: Promises) -> bool:
    size = lexicon.labels.at(unit.folded, 0)
    short = 4
    return unit.closed == ":" and bool(size) and len(unit.said) <= short
