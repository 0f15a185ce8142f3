"""What the words of a unit show: who does it, whether it is to be done, wished for, refused or done already."""

import re
from dataclasses import dataclass
from itertools import pairwise

from parsing.actions.lexicon import Promises, words
from parsing.actions.units import NO_GERUND, Unit, said_of_had, things_leave
from parsing.text import fold
from parsing.when.model import Day


@dataclass(frozen=True, slots=True)
class Signs:
    """What the words of a unit show."""

    own: bool
    obliged: bool
    doing: bool
    asked: bool
    wished: bool
    goods: bool
    vague: bool
    other: bool
    done: bool
    mine: bool
    leaves: bool
    owes: bool
    """Whether it is hardly more than what we are to give: "Tilausvahvistus tänään"."""
    returns: bool
    """Whether it begins with "back", "terug", "wieder"."""
    gives: bool
    speaks: bool
    """Whether the rep is the subject, of whatever verb: "am 1.10. klopf ich nochmal an"."""
    deed: bool
    """Whether a form shows that something is done, of whatever verb: "bunging it on the van", "painetaan"."""
    bare: bool
    """Whether hardly more than a noun is said: "neuer Anlauf", "same again"."""
    theirs: bool
    """Whether it tells of the customer's house: retirement, holidays, a decision of their board."""

    @property
    def busy(self) -> bool:
        """Whether the unit says by itself that something is to be done."""
        return self.owes or self.own or self.obliged or self.doing or self.asked or self.leaves or self.gives


def signs_of(unit: Unit, promises: Promises, *, asked: bool) -> Signs:
    said, folded = said_of_had(unit) if promises.language == "en" else (unit.said, unit.folded)
    of_another = bool(said) and promises.joiners.has(said[0]) and not unit.joined  # "he thinks about it and calls"
    named = any(promises.own.has(word) for word in said)
    supposed = bool(unit.clocks) and not unit.days and promises.supposed.found(said, folded)
    # "They like it and ask for an offer": what goes on is theirs.
    theirs = (
        promises.language == "en"
        and of_another
        and not promises.own.has(said[0])
        and not unit.days
        and unit.after_other
    )
    goes_on = unit.joined and bool(said[1:]) and said_verb(said, promises)
    own = not supposed and ((own_verb(said, promises, plural=bool(unit.days)) and (named or not of_another)) or goes_on)
    obliged = promises.obligation.found(said, folded) and not supposed
    goods = promises.goods.found(said, folded)
    done = (promises.done.found(_without_wish(said), folded) or _has_participle(said, promises)) and _PASSIVES[
        promises.language
    ].isdisjoint(said)
    few = 6
    given = goods or any(promises.vague.has(word) for word in said) or len(said) <= few
    gives = given and not done and unit.look != "past" and promises.receives.found(said, folded)
    speaks = own or asked or any(promises.own.has(word) for word in said[:5])
    return Signs(
        own=own,
        obliged=obliged,
        doing=(_verb_at_its_place(said, promises) and not theirs and not _topic(unit))
        or _deed_with_a_day(unit, promises),
        asked=asked,
        wished=promises.wishes.found(said, folded),
        goods=goods,
        vague=any(promises.vague.has(word) for word in said[:2]),
        other=not gives and _somebody_else(said, promises) and not _told_what_to_do(unit, promises),
        done=done,
        mine=speaks or (obliged and (promises.obligation.at(folded.lstrip(), 0) > 0 or _my_duty(said))),
        gives=gives,
        leaves=unit.look != "past" and not done and _leaves(unit, promises, goods=goods),
        owes=goods and not done and _bare(said, promises) and _given_today(unit),
        returns=not done and unit.look != "past" and _leads(said, promises) in promises.returns,
        speaks=_is_back(unit, promises)
        or ((named or unit.joined) and not done and unit.look != "past" and not _stays(said, promises)),
        deed=unit.look != "past" and not done and _deed(unit, promises),
        bare=not done and _bare(said, promises),
        theirs=promises.theirs.found(words(unit.text), fold(unit.text)) or _from_them(unit, promises),
    )


_WOULD = frozenset({"hatte", "hatten", "hatt", "hattn"})
"""Without its dots "hätte" is "hatte"."""


def _without_wish(said: list[str]) -> list[str]:
    """The words without the verb of "er hätte gern bis Mittwoch", which tells of nothing that was."""
    if not {"gern", "gerne"}.isdisjoint(said):
        return [word for word in said if word not in _WOULD]
    return said


def _told_what_to_do(unit: Unit, promises: Promises) -> bool:
    """As in "Kunde bis 17.3. informieren": an infinitive ends it, and whom it names is its object."""
    said = unit.said
    ends = promises.language in ("nl", "de") and bool(said) and said[-1] in promises.infinitive
    bound = promises.obligation.found(said, unit.folded) or promises.wishes.found(said, unit.folded)
    return ends and not bound and any(not piece.origin for piece in unit.days)


_DONE = {
    "de": re.compile(
        r"(?:ab|an|auf|aus|ein|mit|nach|vor|zu|zurück|zuruck|durch|um|hin|her|weg|dar|bei|los)?ge[^\W\d_]{2,}(?:t|en)"
    ),
    "nl": re.compile(
        r"(?:af|aan|op|uit|in|mee|na|voor|toe|terug|door|om|weg|bij|over|langs|klaar)?ge[^\W\d_]{3,}(?:d|t|en)"
    ),
}
_NOT_DONE = re.compile(
    r"(?:[^\W\d_]*ge(?:hen|ben|ven|nehmigen|winnen|stalten|fallen|lten|raten|brauchen|bruiken|samt|rat|rät|biet|nieten|loven|schenk[^\W\d_]*|rust|schikt|spannt|meind|sprek[^\W\d_]*|vallen|ldt|volgen|wicht|sicht|dicht|richt|sellschaft|schäft|schaft))"
)


def _has_participle(said: list[str], promises: Promises) -> bool:
    """As in "Stromverteiler geliehen", "meegenomen": done, unless it is settled for a day to come ("geplant")."""
    form = _DONE.get(promises.language)
    if form is None:
        return False
    return any(
        form.fullmatch(word)
        and not _NOT_DONE.fullmatch(word)
        and not promises.fixed.has(word)
        and word not in promises.infinitive
        and not promises.goods.has(word)
        for word in said
    )


_MET = re.compile(
    r"bezoek|besuch|kaynti|kaynni|visit|termin|meet|palaver|gespr|call|puhel|tele|rond|runde|tour|kierro|demo|overleg"
    r"|koulut|train|schul|tapaam|afspra|vorfuhr|esittel|bel|trip|reis|besicht|wart|huol|service|onderhoud|montage|asenn"
)


def _given_today(unit: Unit) -> bool:
    """As in "Tilausvahvistus tänään": something that is handed over today, not the visit that was today."""
    today = any(isinstance(one.says, Day) and one.says.kind == "relative" and not one.says.offset for one in unit.days)
    return today and not any(_MET.search(word) for word in unit.said)


def _from_them(unit: Unit, promises: Promises) -> bool:
    """As in "PO tomorrow from them", "Rückmeldung von ihm": theirs to give, unless a verb says to fetch it."""
    doing = _verb_at_its_place(unit.said, promises) or _deed(unit, promises)
    return not doing and promises.from_them.found(unit.said, unit.folded)


def _leaves(unit: Unit, promises: Promises, *, goods: bool) -> bool:
    """As in "die geht nächste Woche raus", "orderbevestiging volgt": goods are on their way."""
    said = unit.said
    if promises.follows.found(said, unit.folded):
        return goods
    refers = bool(said) and (promises.vague.has(said[0]) or promises.third.has(said[0]))
    must = promises.obligation.found(said, unit.folded)
    return (goods or refers or must or things_leave(unit)) and promises.leaving.found(said, unit.folded)


def _leads(said: list[str], promises: Promises) -> str:
    """The first word that says something."""
    return next((word for word in said if not promises.before.has(word) or word in promises.returns), "")


def _is_back(unit: Unit, promises: Promises) -> bool:
    """As in "am 26.3. bin ich wieder dort", "I'm back on the 4th"."""
    own = any(promises.own.has(word) for word in unit.said)
    return own and unit.look != "past" and not promises.returns.isdisjoint(unit.said) and _stays(unit.said, promises)


def _stays(said: list[str], promises: Promises) -> bool:
    """Whether the rep only is, has or thinks: "ich bin", "heb ik"."""
    beside = {at + step for at, word in enumerate(said) if promises.own.has(word) for step in (-1, 1)}
    return any(promises.states.has(said[at]) for at in beside if 0 <= at < len(said))


_PASSIVES = {
    "nl": frozenset({"wordt", "worden"}),
    "de": frozenset({"wird", "werden"}),
    "en": frozenset({"be", "being", "gets", "get"}),
    "fi": frozenset(),
}
"""As in "wordt geplaatst": a participle behind these tells of what is still to be done."""

_LED = re.compile(r"[a-z]{3,}ing")
_INFINITIVE = re.compile(r"[^\W\d_]{5,}(?:en|eln|ern)")
_PARTICIPLE = re.compile(r"[^\W\d_]{2,8}?g(?:e|[lmnrsw])[^\W\d_]{3,}")
_PASSIVE = re.compile(r"[a-z]+(?:[aeiouy]taan|[aeiouy]daan|llaan|nnaan|rraan|hhaan)")


def _deed(unit: Unit, promises: Promises) -> bool:
    """A form of a verb that no list needs to know: an English gerund that leads, a Finnish passive, "uitlezen"."""
    if promises.language == "en":
        led = next((word for word in unit.said if not promises.before.has(word)), "")
        return _LED.fullmatch(led) is not None and led not in NO_GERUND and len(unit.said) > 1
    if promises.language in ("nl", "de"):
        if not _PASSIVES[promises.language].isdisjoint(unit.said) and promises.done.found(unit.said, unit.folded):
            return True
        lead = next((word for word in unit.said if not promises.before.has(word)), "")
        if lead in promises.finite and lead not in promises.nouns and not promises.states.has(lead) and len(lead) > 3:  # noqa: PLR2004
            return True
        content = [word for word in unit.said if not promises.after.has(word)]
        last = content[-1] if len(content) > 1 else ""
        parted = last.startswith(tuple(promises.prefixes)) and not _PARTICIPLE.match(last)
        return parted and _INFINITIVE.fullmatch(last) is not None
    return promises.language == "fi" and any(_PASSIVE.fullmatch(word) for word in unit.said)


def _bare(said: list[str], promises: Promises) -> bool:
    """Up to four words, none of them a verb with a subject of its own or a wish."""
    few = 4
    against = (promises.third, promises.wishes, promises.other, promises.states)
    empty = (promises.before, promises.after, promises.pronouns, promises.vague, promises.toward)
    named = any(len(word) > few and not any(one.has(word) for one in empty) for word in said)
    return named and len(said) <= few and not any(one.has(word) for one in against for word in said)


def said_verb(said: list[str], promises: Promises) -> bool:
    """Whether what follows the joiner is a first person of its own: "en plan een sessie in"."""
    first = said[1] if promises.joiners.has(said[0]) else said[0]
    return promises.verb(first) is not None


def gerund(word: str, promises: Promises) -> bool:
    return word.endswith("ing") and word in promises.finite and word not in promises.nouns


def ordered(said: list[str], promises: Promises) -> bool:
    """Whether an undated verb is an order all the same: "maak nog een afspraak", "ask Helen about it"."""
    rest = [word for word in said if not promises.before.has(word)] or said
    return len(rest) > 1 and rest[0] in promises.finite and promises.pronouns.has(rest[1])


def _somebody_else(said: list[str], promises: Promises) -> bool:
    """Whether the subject is somebody else: a pronoun of a third person among the first words."""
    for index, word in enumerate(said[:3]):
        if promises.other.has(word) and (index == 0 or not promises.toward.has(said[index - 1])):
            return not (index and said[index - 1] in (promises.base | promises.finite.keys()))
    return False


def own_verb(said: list[str], promises: Promises, *, plural: bool = False) -> bool:
    """Whether the rep tells of doing something now or later: "stuur ik", "ich schicke", "lähetän"."""
    return own_verb_at(said, promises, plural=plural) is not None


def _bound(said: list[str], at: int, promises: Promises) -> bool:
    """As in "would like that we train them", "ask if we can": what somebody else wishes of us."""
    return (
        at > 0 and said[at - 1] in _THAT and any(promises.wishes.has(word) or word == "ask" for word in said[: at - 1])
    )


_THAT = frozenset({"that", "if", "whether", "dat", "of", "dass", "ob", "etta"})

_ONCE = frozenset({"ever", "never", "already", "finally", "once", "first", "last", "recently", "previously", "even"})
"""As in "I ever set foot there": English verbs behind these tell of the past."""

_PLURAL = frozenset({"wir", "mer", "mir", "we", "wij"})
"""As in "liefern wir", "leveren we": the plural sounds as the infinitive."""
_PERFECT = frozenset({"i've", "ive", "we've", "weve"})


def own_verb_at(said: list[str], promises: Promises, *, plural: bool = False) -> int | None:
    """The index of the rep's own verb in the present tense, or None; ``plural``: also that of "we"."""
    if promises.language == "fi":
        return next((index for index, _ in enumerate(said) if _finnish_own(said, index, promises)), None)
    for index, word in enumerate(said):
        if not promises.own.has(word) or _bound(said, index, promises):
            continue
        near = [index + 1, index + 2] if promises.language == "en" else [index - 1, index + 1]
        if word in _PLURAL:
            many = [at for at in near if 0 <= at < len(said) and said[at] in promises.infinitive]
            if many and (plural or many[0] == index - 1):
                return many[0]
        for at in near:
            between = said[index + 1 : at]
            had = word in _PERFECT and said[index + 1 : index + 2] not in (["to"], ["got"])
            told = had or any(promises.states.has(one) or promises.done.has(one) for one in between)
            once = promises.language == "en" and (told or not _ONCE.isdisjoint(between))
            if 0 <= at < len(said) and promises.verb(said[at]) and not promises.states.has(said[at]) and not once:
                return at
        if index and said[index - 1] in {"dat", "dass", "das"} and _ends_with_verb(said, promises):
            return len(said) - 1
    opens = next((index for index, word in enumerate(said[:3]) if not promises.before.has(word)), None)
    if promises.language != "en" and opens is not None and _clipped(said, opens, promises):
        return opens
    return None


def _ends_with_verb(said: list[str], promises: Promises) -> bool:
    """As in "zei dat ik hem ma terugbel", "dass ich ihn anrufe": the verb of a clause of its own stands last."""
    last = said[-1]
    plain = next((last[len(one) :] for one in promises.prefixes if last.startswith(one) and len(last) > len(one)), last)
    return not promises.states.has(last) and any(promises.verb(one) for one in (last, plain))


def _clipped(said: list[str], at: int, promises: Promises) -> bool:
    """As in "Ruf sie an", "Maak nog een afspraak": the rep's own verb without "ik"."""
    word = said[at]
    base = word in promises.base or (
        promises.language == "de" and word.removesuffix("s").removesuffix("'") in promises.base
    )
    if not base or promises.states.has(word) or word in promises.infinitive:
        return False
    return word not in promises.nouns or (at + 1 < len(said) and promises.pronouns.has(said[at + 1]))


def _finnish_own(said: list[str], at: int, promises: Promises) -> bool:
    """A first person in the singular: "lähetän", not the passive "lähetetään"; a noun as often only with a sign."""
    word = said[at]
    if word not in promises.singular or promises.states.has(word):
        return False
    if word not in promises.nouns:
        return True
    return at == 0 or (at + 1 < len(said) and promises.pronouns.has(said[at + 1]))


def _verb_at_its_place(said: list[str], promises: Promises) -> bool:
    """An infinitive at the end (Dutch, German, Finnish) or a bare verb at the beginning (English, orders)."""
    if not said:
        return False
    if promises.language == "en":
        return _english_order(said, promises)
    content = [word for word in said if not promises.after.has(word)] or said
    last = len(content) - 1
    ends = any(word in promises.infinitive and (at != 1 or at == last) for at, word in _last_two(content))
    ends = ends or _followed_by_place(said, promises)
    if promises.language != "fi":
        return ends
    must = any(word in _MUST for word in said) and any(word in promises.infinitive for word in said)
    return ends or must or any(word in promises.finite for word in said)


_MUST = frozenset(
    {"pittaa", "pittas", "pittais", "pitasi", "taytyypi", "tarvihtee", "tarvis", "tarttis", "pitaa", "pitais"}
    | {"pitas", "pitaisi", "taytyy", "taytyis", "taytyisi", "tarttee", "tarvii", "taytyny"}
)
_MINE = frozenset({"mun", "minun", "meidan", "meijan", "miun", "ja", "sit", "sitten", "viela", "nyt"})


def _my_duty(said: list[str]) -> bool:
    """Whether a Finnish "pitää" has no subject of somebody else, which would stand before it in the genitive."""
    at = next((index for index, word in enumerate(said) if word in _MUST), None)
    refused = "ei" in said or "jos" in said
    return at is not None and not refused and (at == 0 or said[at - 1] in _MINE or not said[at - 1].endswith("n"))


def _topic(unit: Unit) -> bool:
    """As in "Follow-up on the trial": what a visit was for, not what is to be done."""
    return not unit.days and unit.folded.lstrip().startswith(("follow-up ", "followup "))


def _last_two(content: list[str]) -> list[tuple[int, str]]:
    """The last two words with their places; a verb in the second place of more has a subject before it."""
    return list(enumerate(content))[-2:]


def _deed_with_a_day(unit: Unit, promises: Promises) -> bool:
    """As in "Kennismaken met haar do 19/3": an infinitive that opens a unit with a day of its own."""
    said = unit.said
    opens = len(said) > 1 and said[0] in promises.infinitive and promises.toward.has(said[1])
    return promises.language in ("nl", "de") and opens and any(not piece.origin for piece in unit.days)


def _followed_by_place(said: list[str], promises: Promises) -> bool:
    """Whether an infinitive is followed by a joiner or, near the end, a prepositional phrase: "regelen met Jan"."""
    if any(one in promises.infinitive and promises.joiners.has(other) for one, other in pairwise(said[1:])):
        return True
    return any(
        word in promises.infinitive and 0 < index >= len(said) - 4 and promises.toward.has(said[index + 1])
        for index, word in enumerate(said[:-1])
    )


_AFTER_GERUND = frozenset(
    {"him", "her", "them", "it", "the", "a", "with", "my", "their", "his", "our", "this", "that", "some", "em"}
)


def _english_order(said: list[str], promises: Promises) -> bool:
    rest = [word for word in said if not promises.before.has(word)]
    if not rest or rest[0] not in promises.finite:
        return False
    if len(said) == 1:
        return gerund(rest[0], promises)
    if rest[0].endswith("ing") and rest[0] in promises.nouns:
        return len(rest) > 1 and rest[1] in _AFTER_GERUND
    return rest[0] not in promises.nouns or (len(rest) > 1 and promises.pronouns.has(rest[1]))
