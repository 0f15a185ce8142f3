"""Is it a report at all? By the phrases of ``words/<language>/reports.toml``."""

from collections.abc import Sequence

from parsing.kinds import guards_in, standing
from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.when.model import Clock, Day
from parsing.when.reading import read

_SHORT = 9
"""Words of a message that thanks and says nothing else."""
_NOTE = 25
"""Words of a message that opens with its thanks and tells of no visit."""
_GREETING = 2
"""Words that may stand before the thanks or the question of a message: "hi all"."""
_MEMO = 60
"""A longer message tells more than that something was called off."""
_NEAR = 4
"""A visit is taken back by a "not" or a "tomorrow" at most so many words from it."""


def why_not_a_report(text: str, language: str, *, mail: bool = False) -> str | None:
    """Why ``text`` reports no visit or call, None where something happened at a customer.

    ``"thanks"``, ``"question"``, ``"chatter"``, ``"plan"``, ``"cancelled"``, ``"away"``, ``"newsletter"``, or
    ``"nothing"`` where no word tells either way. ``mail`` says that ``text`` came by mail: one sign of an automatic
    answer is enough there.
    """
    words = read_words(text, language)
    if not words:
        return "nothing"
    return _automatic(words, language, mail=mail) or _unless_told(text, words, language)


def _automatic(words: Sequence[Word], language: str, *, mail: bool) -> str | None:
    if _kinds_of(words, language, "away") >= (1 if mail else 2):
        return "away"
    return "newsletter" if _kinds_of(words, language, "newsletter") >= 2 else None  # noqa: PLR2004


def _unless_told(text: str, words: Sequence[Word], language: str) -> str | None:
    """None where a visit is told; else the first reason that the words give."""
    visited = _visited(words, language)
    if _is_one_question(words, language):
        return "question"
    outcomes = {hit.label for hit in standing(text, language, "outcome")} - {"absent", "pending"}
    if not outcomes & {"no_show", "order", "lost"} and _was_called_off(text, words, language, visited):
        return "cancelled"
    if visited:
        return None
    asked = all(word.asked for word in words) or _asks(words, language)
    if asked or _begins(words, language, "asking"):
        return "question"
    if _begins(words, language, "thanks") and outcomes <= {"quote_requested", "interested"}:
        return "thanks"
    planned = [(hit.first, hit.last) for hit in _hits(words, language, "plan")]
    said = {
        hit.label
        for hit in standing(text, language, "outcome")
        if not any(first <= hit.first and hit.last <= last for first, last in planned)
    }
    return None if said & outcomes else _untold(text, words, language)


def _untold(text: str, words: Sequence[Word], language: str) -> str | None:
    """What a message is that tells of no visit and no outcome; None where something was told all the same."""
    planned = _sentences(words, language, "plan")
    told = _told_of_a_day(text, words, language) or _told_of_hours(text, words, language, planned)
    if planned and not told and not _told_beside(text, words, language, planned):
        return "plan"
    if _begins(words, language, "thanks"):
        return "thanks"
    named = standing(text, language, "visit") or any(
        hit.label != "in_person" for hit in standing(text, language, "medium")
    )
    return None if named or _told(words, language) else _small_talk(words, language)


def _begins(words: Sequence[Word], language: str, section: str) -> bool:
    """Whether a short message begins, perhaps after a greeting, as its kind does: "who has", "thanks for"."""
    hits = _hits(words, language, section) if len(words) <= _NOTE else []
    return any(hit.label == "opens" and hit.first <= _GREETING for hit in hits)


def _told_of_a_day(text: str, words: Sequence[Word], language: str) -> bool:
    """Whether a sentence without a word of a plan says what happened on a day that is over, or earlier today."""
    _, pieces = read(text, language)
    over = [
        (piece.start, piece.end)
        for piece in pieces
        if isinstance(piece.says, Day)
        and (piece.says.direction == "past" or (piece.says.kind == "relative" and not piece.says.offset))
    ]
    planned = _sentences(words, language, "plan")
    for hit in _past(words, language):
        sentence = words[hit.first].sentence
        if sentence in planned:
            continue
        low = min(word.start for word in words if word.sentence == sentence)
        high = max(word.end for word in words if word.sentence == sentence)
        first, last = words[hit.first].start, words[hit.last].end
        if any(low <= start < high and (last <= start or end <= first) for start, end in over):
            return True
    return False


def _told_of_hours(text: str, words: Sequence[Word], language: str, planned: set[int]) -> bool:
    """Whether a sentence that plans nothing and names no other day says from when to when: "Roth, 13-14.30"."""
    _, pieces = read(text, language)
    for piece in pieces:
        if not isinstance(piece.says, Clock) or piece.says.until is None:
            continue
        sentence = next((word.sentence for word in words if word.end > piece.start), None)
        inside = [word for word in words if word.sentence == sentence]
        ahead = inside and any(
            isinstance(one.says, Day) and inside[0].start <= one.start < inside[-1].end for one in pieces
        )
        if inside and sentence not in planned and not ahead:
            return True
    return False


def _told_beside(text: str, words: Sequence[Word], language: str, planned: set[int]) -> bool:
    """Whether a sentence without a word of a plan says what was done, what kind of visit it was or by what medium."""
    told = {words[hit.first].sentence for hit in _past(words, language)}
    for section in ("type", "visit", "medium"):
        hits = standing(text, language, section)
        told |= {words[hit.first].sentence for hit in hits if hit.label not in {"in_person", "demo", "first"}}
    asked = {word.sentence for word in words if word.asked}
    return bool(told - planned - asked)


def _asks(words: Sequence[Word], language: str) -> bool:
    """Whether a sentence begins, perhaps after a greeting, with what is asked of the assistant or of colleagues."""
    for hit in _hits(words, language, "question"):
        ahead = words[max(0, hit.first - _GREETING - 1)]
        if hit.first <= _GREETING or ahead.sentence != words[hit.first].sentence:
            return True
    return False


def _is_one_question(words: Sequence[Word], language: str) -> bool:
    """Whether a short message of one sentence opens as what is asked of colleagues does: "can anyone tell me"."""
    short = len(words) <= _NOTE and words[-1].sentence == 0
    return short and any(hit.label == "opens" and not hit.first for hit in _hits(words, language, "asking"))


def _was_called_off(text: str, words: Sequence[Word], language: str, visited: Sequence[Hit]) -> bool:
    """Whether no visit took place, or none but the call that said so: "her office rang, tomorrow is off"."""
    undone = {words[hit.first].clause for hit in _hits(words, language, "undone")}
    if undone and all(words[hit.first].clause in undone for hit in visited):
        return True
    if len(words) > _MEMO or not _kinds_of(words, language, "cancelled"):
        return False
    phoned = {hit.first for hit in lexicon(language, "kinds", "medium").hits(words) if hit.label == "phone"}
    called = [hit for hit in visited if hit.first in phoned or hit.last in phoned]
    told = {hit.label for hit in standing(text, language, "outcome")} | {
        hit.label for hit in standing(text, language, "type")
    }
    return len(called) == len(visited) and (not visited or (not told and len(words) <= _NOTE))


def _small_talk(words: Sequence[Word], language: str) -> str:
    if any(word.asked for word in words):
        return "question"
    if len(words) <= _SHORT and _kinds_of(words, language, "thanks"):
        return "thanks"
    return "chatter" if _kinds_of(words, language, "chatter") else "nothing"


def _hits(words: Sequence[Word], language: str, section: str) -> list[Hit]:
    """The phrases of a section but for those inside one that means nothing of the kind: "guten Morgen"."""
    hits = list(lexicon(language, "reports", section).hits(words))
    void = [(hit.first, hit.last) for hit in hits if hit.label == "nothing"]
    return [hit for hit in hits if not any(first <= hit.first and hit.last <= last for first, last in void)]


def _kinds_of(words: Sequence[Word], language: str, section: str) -> int:
    return len({hit.phrase for hit in _hits(words, language, section)})


def _sentences(words: Sequence[Word], language: str, section: str) -> set[int]:
    return {words[hit.first].sentence for hit in _hits(words, language, section)}


def _visited(words: Sequence[Word], language: str) -> list[Hit]:
    """What says that somebody was there, met or called."""
    return [hit for hit in _past(words, language) if hit.label == "visited"]


def _told(words: Sequence[Word], language: str) -> bool:
    return any(True for _ in _past(words, language))


def _past(words: Sequence[Word], language: str) -> list[Hit]:
    """What happened, without what is asked, denied or still to come."""
    guards = [guard for guard in guards_in(words, language) if guard.label in {"later", "denied", "perhaps"}]
    return [
        hit
        for hit in _hits(words, language, "happened")
        if not words[hit.first].asked and not any(_takes_back(guard, hit, words) for guard in guards)
    ]


def _takes_back(guard: Hit, hit: Hit, words: Sequence[Word]) -> bool:
    if words[guard.first].clause != words[hit.first].clause:
        return False
    near = guard.first - hit.last <= _NEAR and hit.first - guard.last <= _NEAR
    return near and not (hit.first <= guard.first <= hit.last)
