"""What stands below a person's own words: sign-off, name, contact details, a telephone's line, a disclaimer.

Nothing here knows a company or a person; a sign-off is a word of ``labels/phrases.toml`` with little else on its line,
a name is the one in the mail's own From header.
"""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re
from collections.abc import Sequence

from mail_ingest.lines import Line
from mail_ingest.tables import CLOSINGS, FOOTER, MOBILE_LINE, NAME_PARTICLES, PLAIN_WORDS, WARNING, fold
from parsing.model import Address

_DELIMITER = re.compile(r"^\s*(?:--|—|–|- -|ᐧ|--\s*\u00a0)\s*$")
_MARKS_ONLY = re.compile(
    r"^(?:[\W_]*|\s*[\[<](?:cid|image|signature|logo|bild|kuva|afbeelding|inline)[:_ ][^\]>]*[\]>]\s*)$", re.IGNORECASE
)
_CONTACT = re.compile(
    r"(?:\+|00)\d[\d\s()/.\-]{6,24}\d|(?:^|[\s|(])0\d[\d\s()/.\-]{6,24}\d|(?<!\w)(?:tel|tél|phone|mob|mobil|mobiel|mobile|fax|gsm|puh|gsm|handy|direct|t|m|f|p|d|e|w)\b\s?[.:]+\s?[\d+(]|"
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w|\bwww\.[\w-]+\.|https?://",
    re.IGNORECASE,
)
_EDGES = " \t,;:.!?*_-–—~/|\\()[]<>\"'’‘`^…=#•·"
_MOST_SIGNED = 16
"""Lines with words that a signature may have below its sign-off; more is a letter that goes on."""
_LONGEST_NAME = 6
_LONGEST_DETAIL = 300
_LONGEST_LINE = 120
_SHORTEST_SENTENCE = 20


def split_signature(
    lines: Sequence[Line], sender: Address | None, *, conversation: bool
) -> tuple[list[Line], list[Line]]:
    """The lines that a person wrote, and those below: signature, telephone's line, disclaimer.

    In a ``conversation`` (the mail answers another) a bare "Thanks, Anna" stays: it may be all of the answer. It goes
    where the name is the sender's, or contact details follow.
    """
    kept = _without_banner(list(lines))
    cuts = [len(kept)]
    for find in (_delimiter, _mobile, _footer):
        at = find(kept[: min(cuts)])
        if at is not None:
            cuts.append(at)
    end = min(cuts)
    signed = _sign_off(kept[:end], sender, conversation=conversation, below=kept[end:])
    if signed is None:
        signed = _contact_block(kept[:end])
    if signed is not None:
        end = signed
    own = kept[:end]
    while own and _MARKS_ONLY.match(own[-1].text):
        own.pop()
    return own, kept[len(own) :]


def _reached(text: str) -> bool:
    """Whether a line holds a telephone number, a mail or a web address."""
    return _CONTACT.search(text[:_LONGEST_DETAIL]) is not None


def _without_banner(lines: list[Line]) -> list[Line]:
    """``lines`` without a gateway's warning above them ("CAUTION: this mail came from outside")."""
    first = next((at for at, line in enumerate(lines) if not line.blank), len(lines))
    if first < len(lines) and _warns(lines[first].text):
        after = next((at for at in range(first, len(lines)) if lines[at].blank), len(lines))
        return lines[after:]
    return lines


def _warns(text: str) -> bool:
    said = fold(text).lstrip(_EDGES + "⚠️")
    return WARNING.match(said) is not None and len(said) > _SHORTEST_SENTENCE


def _delimiter(lines: Sequence[Line]) -> int | None:
    return next((at for at, line in enumerate(lines) if line.depth == 0 and _DELIMITER.match(line.text)), None)


def _mobile(lines: Sequence[Line]) -> int | None:
    return next((at for at, line in enumerate(lines) if line.depth == 0 and _is_mobile(line.text)), None)


def _is_mobile(text: str) -> bool:
    return len(text) < _LONGEST_DETAIL and MOBILE_LINE.match(text.strip()) is not None


def _footer(lines: Sequence[Line]) -> int | None:
    """Where a disclaimer or a list's footer begins: a paragraph of its own with words above it."""
    for at in range(1, len(lines)):
        text = lines[at].text.strip()
        if len(text) < 20 or not any(not line.blank for line in lines[:at]):  # noqa: PLR2004 - a footer is a sentence
            continue
        above = lines[at - 1]
        if (above.blank or _MARKS_ONLY.match(above.text) or _reached(above.text)) and FOOTER.match(
            fold(text).lstrip(_EDGES)
        ):
            return at
    return None


def _sign_off(
    lines: Sequence[Line], sender: Address | None, *, conversation: bool, below: Sequence[Line]
) -> int | None:
    """The line of the sign-off, or of the sender's name where there is none."""
    said = [at for at, line in enumerate(lines) if not line.blank]
    names = _names(sender)
    for place, at in enumerate(said):
        after = said[place + 1 :]
        if len(after) > _MOST_SIGNED or lines[at].depth:
            continue
        text = lines[at].text
        if is_closing(text, names):
            rest = [lines[one].text for one in after]
            if after and not _name_like(rest[0]):
                continue
            named = _ends_in_name(text, names) or any(_is_name(one, names) for one in rest[:3])
            reached = any(_reached(one) for one in (*rest, *(one.text for one in below if not _is_mobile(one.text))))
            if conversation:
                signs = bool(place) and (named or reached)
            elif place and fold(text).strip(_EDGES) not in PLAIN_WORDS:
                signs = True
            else:
                # "Moi" and "Bedankt" may as well begin something: a name has to follow, or nothing.
                signs = named or reached or not rest or _capitalised(rest[0])
            if signs:
                return at
        elif (
            place
            and (_is_name(text, names) or (not after and _is_initial(text, names)))
            and all(len(lines[one].text) < _LONGEST_LINE for one in after)
        ):
            return at
    return None


def is_closing(text: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a line is a sign-off: "Mvg", "Viele Grüße aus Kiel", "Groetjes, Jan"."""
    if len(text) > 110:  # noqa: PLR2004 - a sentence
        return False
    said = " ".join(fold(text).strip(_EDGES).split())
    parts = [part.strip(_EDGES) for part in re.split(r"\s*[/|&]\s*", said)]
    if said in CLOSINGS or all(part in CLOSINGS for part in parts):
        return True
    head, comma, tail = said.partition(",")
    if comma and head.strip(_EDGES) in CLOSINGS and len(tail.split()) <= 3:  # noqa: PLR2004 - a name
        return bool(_is_name(tail, names)) or text.strip()[-1:] not in ".!?"
    words = said.split()
    for count in range(min(5, len(words) - 1), 0, -1):
        if " ".join(words[:count]).strip(_EDGES) in CLOSINGS:
            rest = " ".join(words[count:])
            if _is_name(rest, names):
                return True
            formal = count > 1 or words[0].strip(_EDGES) not in PLAIN_WORDS
            return formal and len(words) - count <= 3 and text.strip()[-1:] not in ".!?:"  # noqa: PLR2004 - "aus Kiel"
    return False


def _names(sender: Address | None) -> frozenset[str]:
    """The sender's name as it may stand below a mail: whole, turned about, first and last alone."""
    if sender is None:
        return frozenset()
    words = re.findall(r"[^\W\d_][\w'’.-]*", fold(sender.name or ""))
    local = re.findall(r"[^\W\d_]{3,}", sender.email.partition("@")[0])
    found = {
        " ".join(words),
        " ".join(reversed(words)),
        *(words[:1]),
        *(words[-1:] if len(words) > 1 else ()),
        *local[:1],
    }
    if len(words) > 1:
        found.add(f"{words[0]} {words[-1]}")
        found.add(f"{words[0][0]}. {words[-1]}")
        found.add(f"{words[0]} {words[-1][0]}.")
        found.add("".join(word[0] for word in words))
    return frozenset(one for one in found if len(one) > 1)


def _is_name(text: str, names: frozenset[str]) -> bool:
    return fold(text).strip(_EDGES) in names or fold(text).strip(" ,") in names


def _ends_in_name(text: str, names: frozenset[str]) -> bool:
    said = fold(text).strip(_EDGES)
    return any(said == name or said.endswith(f" {name}") for name in names)


def _capitalised(text: str) -> bool:
    """Whether all of the few words of a line begin large, as those of a name do."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", text)
    return 0 < len(words) <= _LONGEST_NAME and all(word[0].isupper() or fold(word) in NAME_PARTICLES for word in words)


def _is_initial(text: str, names: frozenset[str]) -> bool:
    """Whether a line is "S." or "s" where the sender's name begins so."""
    said = fold(text).strip(_EDGES)
    return len(said) == 1 and any(name.startswith(said) for name in names)


def _name_like(text: str) -> bool:
    words = text.split()
    return (len(words) <= _LONGEST_NAME and not re.search(r"[!?]\s*$|[a-zäöüß]{4,}\.\s*$", text)) or _reached(
        text
    ) is not None


def _contact_block(lines: Sequence[Line]) -> int | None:
    """The last paragraph where it is contact details and there are words above it."""
    end = len(lines)
    while end and lines[end - 1].blank:
        end -= 1
    start = end
    while start and not lines[start - 1].blank:
        start -= 1
    paragraph = [line.text for line in lines[start:end]]
    reached = sum(_reached(text) for text in paragraph)
    short = all(len(text) < 90 for text in paragraph)  # noqa: PLR2004 - lines of a card
    above = any(not line.blank for line in lines[:start])
    return start if above and len(paragraph) > 1 and reached * 2 >= len(paragraph) and short else None
