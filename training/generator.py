"""Messages as reps might write them, invented from clauses and gazetteers, with the names in them marked.

Clauses stand in ``clauses/<language>.toml``; names are put together from the gazetteers and word tables of the product.
No message of a customer, and none that a person wrote about one, is among them.
"""

# ruff: noqa: S311, PLR2004 - the chance here only has to be repeatable; shares are read best where they are used

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from parsing.text import fold
from parsing.vocabulary import commonness
from parsing.words import frequency, given_names, surnames, table, towns

HERE = Path(__file__).parent
LANGUAGES = ("nl", "de", "fi", "en")
_COUNTRIES = {
    "nl": ("NL", "BE"),
    "de": ("DE", "AT", "CH"),
    "fi": ("FI",),
    "en": ("GB", "IE", "US"),
}
_SLOT = re.compile(r"\{(?P<name>\w+)(?::(?P<case>\w+))?\}")
_LABELS = {"org": "ORG", "rival": "RIV", "per": "PER", "given": "PER", "titled": "PER", "town": "LOC"}
_PARTICLES = {"nl": ("van", "de", "van de", "van der", "van den", "ter", "Van", "De"), "de": ("von", "zu", "von der")}


@dataclass(frozen=True, slots=True)
class Said:
    """An invented message; ``names`` are (start, end, label) of its text."""

    text: str
    language: str
    names: tuple[tuple[int, int, str], ...]


@cache
def clauses(language: str) -> dict[str, Any]:
    """The clauses and lists of a language."""
    return tomllib.loads((HERE / "clauses" / f"{language}.toml").read_text("utf-8"))


@cache
def _givens() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names that are often written, and all of them."""
    names = sorted(name for name in given_names() if name.isalpha() and len(name) > 2)
    return tuple(name for name in names if 3.2 <= commonness(name) < 5.0), tuple(names)


@cache
def _families(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Surnames that are often written in a language, and all of them; Finnish ones by their endings."""
    names = sorted(name for name in surnames() if len(name) > 2 and "'" not in name)
    often = tuple(name for name in names if frequency(language).get(name, 0.0) >= 3.2 and commonness(name) < 5.0)
    if language == "fi":
        names = [
            name for name in names if name.endswith(("nen", "la", "maki", "niemi", "ja", "sto", "ri", "io", "lahti"))
        ]
    return often, tuple(names)


@cache
def _places(language: str) -> tuple[str, ...]:
    found = [town.name for _, town in sorted(towns().items()) if town.country in _COUNTRIES[language]]
    return tuple(sorted({name for name in found if name.replace("-", "").replace(" ", "").isalpha()}))


@cache
def _nouns(language: str) -> tuple[str, ...]:
    """Words of a language that a company may call itself by."""
    words = sorted(word for word, zipf in frequency(language).items() if 3.4 <= zipf <= 4.7 and 4 <= len(word) <= 9)
    return tuple(word for word in words if word.isalpha() and word not in given_names())


@cache
def _trades(language: str) -> tuple[str, ...]:
    return tuple(table(language, "companies")["trade"])


@cache
def _phrases(language: str) -> tuple[str, ...]:
    """Phrases of the product's own word tables, as further clauses without names."""
    kinds = table(language, "kinds")
    found = {
        phrase
        for section in ("outcome", "type", "medium", "visit")
        for phrases in kinds.get(section, {}).values()
        for phrase in phrases
        if re.fullmatch(r"[\w ]{8,60}", phrase)
    }
    return tuple(sorted(found))


_SYLLABLES = tuple(
    re.findall(
        "[a-z]+", "no va ta ri ko me la su bri del fi tro ma ne po ra sen ti vo xa ze ja lu ga or al en is ur ik ax on"
    )
)
_ENDS = (
    "tec",
    "nova",
    "tex",
    "plan",
    "ia",
    "is",
    "ex",
    "lux",
    "era",
    "on",
    "um",
    "ora",
    "gen",
    "flow",
    "fit",
    "ly",
    "",
)


class Generator:
    """Messages in a fixed order: the same ``seed``, the same messages."""

    def __init__(self, seed: int) -> None:
        """``seed`` begins the row of chances."""
        self._chance = Random(seed)

    def messages(self, count: int) -> list[Said]:
        """``count`` messages, the languages in turn."""
        return [self._message(LANGUAGES[at % len(LANGUAGES)]) for at in range(count)]

    def _message(self, language: str) -> Said:
        chance, bank = self._chance, clauses(language)
        picked = [chance.choice(bank["opening"])] if chance.random() < 0.8 else []
        for name, most in (("person", 2), ("other", 2), ("free", 3)):
            picked += [chance.choice(bank[name]) for _ in range(chance.randint(0, most))]
        picked += [chance.choice(_phrases(language)) for _ in range(chance.randint(0, 2))]
        if chance.random() < 0.35:
            chance.shuffle(picked)
        picked = picked or [chance.choice(bank["free"])]
        return self._worn(self._joined(picked, language), language)

    def _joined(self, picked: Sequence[str], language: str) -> list[tuple[str, str]]:
        """The pieces of the message, each with its label or none."""
        chance = self._chance
        stop = chance.choice([". ", ", ", ". ", "\n", " - ", "; ", "\n- "])
        pieces: list[tuple[str, str]] = []
        for at, clause in enumerate(picked):
            if at:
                pieces.append((stop if chance.random() < 0.8 else ", ", ""))
            filled = self._filled(clause, language)
            if filled and not filled[0][1] and (stop[0] in ".\n"):
                filled[0] = (filled[0][0][:1].upper() + filled[0][0][1:], "")
            pieces += filled
        if stop == ". ":
            pieces.append((".", ""))
        return pieces

    def _filled(self, clause: str, language: str) -> list[tuple[str, str]]:
        pieces: list[tuple[str, str]] = []
        behind = 0
        for slot in _SLOT.finditer(clause):
            pieces.append((clause[behind : slot.start()], ""))
            pieces += self._slot(slot["name"], slot["case"] or "", language)
            behind = slot.end()
        pieces.append((clause[behind:], ""))
        return [piece for piece in pieces if piece[0]]

    def _slot(self, name: str, case: str, language: str) -> list[tuple[str, str]]:  # noqa: PLR0911 - one line a slot
        chance, bank = self._chance, clauses(language)
        label = _LABELS.get(name, "")
        match name:
            case "org" | "rival":
                return [(_inflected(self._company(language), case), label)]
            case "per":
                return [(_inflected(self._person(language), case), label)]
            case "given":
                return [(_inflected(self._given(), case), label)]
            case "titled":
                return [(chance.choice(bank["titles"]) + " ", ""), (_inflected(self._family(language), case), label)]
            case "town":
                return [(_inflected(chance.choice(_places(language)), case), label)]
            case "phone":
                return [("0" + "".join(str(chance.randint(0, 9)) for _ in range(9)), "")]
            case "mail":
                return [(f"{self._given().lower()}@{self._brand().lower()}.com", "")]
            case "amount":
                return [(chance.choice(["€ 2.400", "1800 euro", "12k", "3.500,-", "950 EUR", "£4,200", "15 %"]), "")]
            case _:
                return [(chance.choice(bank[f"{name}s"]), "")]

    def _given(self) -> str:
        often, everything = _givens()
        name = self._chance.choice(often if self._chance.random() < 0.6 else everything).title()
        return self._slipped(name, 0.12)

    def _family(self, language: str) -> str:
        chance = self._chance
        often, everything = _families(language)
        name = chance.choice(often if chance.random() < 0.5 else everything).title()
        if language in _PARTICLES and " " not in name and chance.random() < (0.3 if language == "nl" else 0.05):
            name = f"{chance.choice(_PARTICLES[language])} {name}"
        if chance.random() < 0.04:
            name = f"{name}-{chance.choice(often).title()}"
        return self._slipped(name, 0.2)

    def _person(self, language: str) -> str:
        draw = self._chance.random()
        if draw < 0.04:
            return f"{self._given()[0]}. {self._family(language)}"
        return f"{self._given()} {self._family(language)}"

    def _company(self, language: str) -> str:
        chance, bank = self._chance, clauses(language)

        def part(slot: re.Match[str]) -> str:
            match slot["name"]:
                case "family":
                    found = self._family(language)
                case "given":
                    found = self._given()
                case "trade":
                    found = chance.choice(_trades(language)).title()
                case "trade_small":
                    return chance.choice(_trades(language))
                case "town":
                    found = chance.choice(_places(language))
                case "noun":
                    found = chance.choice(_nouns(language)).title()
                case "brand":
                    found = self._brand()
                case "short":
                    found = "".join(chance.choice("ABCDEFGHKLMNPRSTVW") for _ in range(chance.randint(2, 4)))
                case _:
                    found = chance.choice(bank["legal"])
            return _inflected(found, slot["case"] or "")

        return _SLOT.sub(part, chance.choice(bank["org"]))

    def _brand(self) -> str:
        chance = self._chance
        return ("".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 3))) + chance.choice(_ENDS)).title()

    def _slipped(self, name: str, share: float) -> str:
        """The name with a letter wrong, so that names that no table holds are seen too."""
        chance = self._chance
        if chance.random() >= share or len(name) < 5:
            return name
        at = chance.randrange(1, len(name) - 1)
        if not name[at].isalpha():
            return name
        other = chance.choice("aeiouklmnrst")
        return chance.choice(
            [name[:at] + other + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + other + name[at:]]
        )

    def _worn(self, pieces: Sequence[tuple[str, str]], language: str) -> Said:
        """The message as it was typed: small throughout, or as it should be."""
        chance = self._chance
        draw = chance.random()
        small = draw < 0.42
        halves = 0.42 <= draw < 0.5
        text = ""
        names: list[tuple[int, int, str]] = []
        for piece, label in pieces:
            shown = piece.lower() if small or (halves and not label) or (halves and chance.random() < 0.3) else piece
            if not label and chance.random() < 0.05 and len(shown) > 6:
                at = chance.randrange(1, len(shown) - 2)
                shown = (
                    shown[:at] + shown[at + 1] + shown[at] + shown[at + 2 :] if shown[at : at + 2].isalpha() else shown
                )
            if label:
                names.append((len(text), len(text) + len(shown), label))
            text += shown
        return Said(text, language, tuple(names))


def _inflected(name: str, case: str) -> str:
    """A Finnish name with a case ending, near enough: Virtanen, Virtasella; Oy, Oy:lla."""
    if not case:
        return name
    if name.rpartition(" ")[2].lower() in {"oy", "oyj", "ky", "ab", "tmi"} or name[-2:].isupper():
        return f"{name}:{case}"
    folded = fold(name)
    if folded.endswith("nen"):
        return name[:-3] + "se" + case
    if folded[-1] in "aeiouy":
        return name + case
    return f"{name}i{case}"
