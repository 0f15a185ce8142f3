"""Addresses as headers and header blocks write them: ``Jan <jan@x.nl>; "Ruiz, Dana" [mailto:dana@y.com]``."""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re

from parsing.model import Address

_LETTER = r"[^\s<>()\[\]\"',;:|@]"
# RFC 5321 4.5.3.1 gives a local part 64 octets and a domain 255; without a bound a line of letters costs its square.
_EMAIL = rf"(?<!{_LETTER}){_LETTER}{{1,100}}@{_LETTER}{{1,255}}"
_ADDRESS = re.compile(
    rf"<\s*(?:mailto:)?({_EMAIL})[^<>]{{0,40}}>|\[\s*(?:mailto:|smtp:)?({_EMAIL})\s*\]|\(\s*<?({_EMAIL})>?\s*\)|(?:mailto:)?({_EMAIL})",
    re.IGNORECASE,
)
# "jan@x.nl<mailto:jan@x.nl>" and "<jan@x.nl<mailto:jan@x.nl>>": the text of an HTML link with its target beside it.
_LINK_AFTER_ADDRESS = re.compile(rf"({_EMAIL})\s*[<\[]\s*mailto:[^<>\[\]]*[>\]]", re.IGNORECASE)
_LINK_BEFORE_ADDRESS = re.compile(r"[<\[]mailto:[^<>\[\]]*[>\]](?=\s*<)", re.IGNORECASE)
# A bare address with itself between angles: Outlook on the web shows both.
_EDGES = " \t\r\n,;\"'“”„«»‘’*"
MOST = 500
"""Addresses read from one header; a list that is longer is not read to its end."""


def read_addresses(text: str) -> tuple[Address, ...]:
    """The people in ``text``, in its order; names without an address have an empty ``email``."""
    said = _LINK_AFTER_ADDRESS.sub(r"\1", text[:20_000])
    said = _LINK_BEFORE_ADDRESS.sub("", said)
    people: list[Address] = []
    end = 0
    for match in _ADDRESS.finditer(said):
        if match.start() < end:
            continue
        email = next(part for part in match.groups() if part).strip(".").lower()
        before = said[end : match.start()]
        bare = match.group(4) is not None
        if bare and _is_name_of_next(said, match.end(), email):
            end = match.end()
            continue
        *others, name = _names(before, bare=bare)
        people.extend(Address(email="", name=other) for other in others if other)
        people.append(Address(email=email, name=_shown(name, email)))
        end = match.end()
        if len(people) >= MOST:
            return tuple(people)
    people.extend(Address(email="", name=name) for name in _split_names(said[end:]) if not people or name_like(name))
    return tuple(people[:MOST])


def read_address(text: str) -> Address | None:
    """The first person in ``text``."""
    return next(iter(read_addresses(text)), None)


def name_like(text: str) -> bool:
    """Whether ``text`` could be a name: letters, and no more than six words."""
    return bool(re.search(r"[^\W\d_]", text)) and len(text.split()) <= 6  # noqa: PLR2004 - longer names are sentences


def _is_name_of_next(said: str, end: int, email: str) -> bool:
    """Whether the bare address that ends here is only the name shown for an address that follows in angles."""
    following = re.match(rf"[\"']?\s*<\s*({_EMAIL})\s*>", said[end : end + 300])
    return following is not None and following.group(1).lower().strip(".") == email


def _names(before: str, *, bare: bool) -> list[str]:
    """What stands before an address: names without one, parted by semicolons, and last the name that belongs to it."""
    parts = before.split(";")
    if bare and "," in parts[-1]:
        parts = [*parts[:-1], *parts[-1].split(",")]
    last = _clean(parts[-1])
    if re.match(r"on behalf of|namens|im auftrag von|puolesta", last, re.IGNORECASE):
        last = ""
    return [name for part in parts[:-1] if (name := _clean(part)) and name_like(name)] + [last]


def _split_names(text: str) -> list[str]:
    parts = text.split(";") if ";" in text else text.split(",") if text.count(" ") > text.count(",") else [text]
    return [name for part in parts if (name := _clean(part)) and re.search(r"[^\W_]", name)]


def _clean(name: str) -> str:
    return " ".join(name.replace("\\", "").strip(_EDGES).split())


def _shown(name: str, email: str) -> str | None:
    """The name as shown, or None where it is only the address again."""
    shown = _clean(re.sub(r"\(\s*$", "", name))
    return shown if shown and shown.lower() != email and len(shown) <= 200 else None  # noqa: PLR2004 - no one's name
