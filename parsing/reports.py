"""Is it a report at all? By the phrases of ``words/<language>/reports.toml``."""

from parsing.kinds import standing
from parsing.lexicon import Word, lexicon, read_words

_SHORT = 9
"""Words of a message that thanks and says nothing else."""


def why_not_a_report(text: str, language: str, *, mail: bool = False) -> str | None:
    """Why ``text`` reports no visit or call: ``"thanks"``, ``"question"``, ``"chatter"``, ``"plan"``, ``"cancelled"``,
    ``"away"``, ``"newsletter"`` or ``"nothing"``; None where something happened at a customer.

    ``mail`` says that ``text`` came by mail, where automatic answers and newsletters are looked for first.
    """
    words = read_words(text, language)
    if not words:
        return "nothing"
    if mail or len(words) > _SHORT:
        for label, least in (("away", 2 if not mail else 1), ("newsletter", 2)):
            if _count(words, language, label) >= least:
                return label
    told = [word for word in words if not word.asked]
    if not told:
        return "question"
    happened = bool(standing(text, language, "outcome")) or _happened(words, language)
    if happened:
        return None
    if _count(words, language, "cancelled"):
        return "cancelled"
    if _asks(words, language):
        return "question"
    if _count(words, language, "plan"):
        return "plan"
    if len(words) <= _SHORT and _count(words, language, "thanks"):
        return "thanks"
    if _count(words, language, "chatter"):
        return "chatter"
    return "nothing"


def _count(words: tuple[Word, ...], language: str, section: str) -> int:
    return len({hit.phrase for hit in lexicon(language, "reports", section).hits(words)})


def _asks(words: tuple[Word, ...], language: str) -> bool:
    return any(word.asked for word in words) or bool(_count(words, language, "question"))


def _happened(words: tuple[Word, ...], language: str) -> bool:
    later = {
        words[hit.first].clause for hit in lexicon(language, "kinds", "guards").hits(words) if hit.label == "later"
    }
    return any(
        not words[hit.first].asked and words[hit.first].clause not in later
        for hit in lexicon(language, "reports", "happened").hits(words)
    )
