"""Cases of letters as files: ``cases/<letter>.<case>.toml`` holds what `render` is given."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from letters.answer import Answer, Brief, Coming, Going, Part, ToldAction, ToldVisit
from letters.digest import (
    Bar,
    Due,
    Gap,
    Gone,
    Happened,
    Morning,
    Outcome,
    Owed,
    Plan,
    Quiet,
    Rhythm,
    Rising,
    TeamMorning,
    Week,
    WeekCount,
)
from letters.model import (
    ActionLine,
    ChangeLine,
    Choice,
    Counter,
    Doubt,
    Filed,
    Leaver,
    LeaverSign,
    PersonLine,
    Question,
    SeenLine,
    Tap,
    VisitCard,
)
from letters.settled import Settled, SettledLine

SHAPES = {"people": PersonLine, "actions": ActionLine, "changes": ChangeLine, "doubts": Doubt, "taps": Tap}
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """One case: the letter's name, and what it is about."""

    letter: str
    name: str
    context: dict[str, Any]


def read_case(path: Path) -> Case:
    letter, name = path.stem.split(".")
    context = tomllib.loads(path.read_text("utf-8"))
    if "filed" in context:
        context["filed"] = filed_from(context["filed"])
    if letter == "leaver":
        context["leaver"] = leaver_from(context["leaver"])
    if letter in DIGESTS:
        context["told"] = digest_from(DIGESTS[letter], context["told"])
    if "settled" in context:
        told = context["settled"]
        lines = tuple(SettledLine(**one) for one in told.get("lines", ()))
        context["settled"] = Settled(**{**told, "lines": lines, "unclear": tuple(told.get("unclear", ()))})
    if "answer" in context:
        context["answer"] = answer_from(context["answer"])
    return Case(letter, name, context)


def answer_from(told: Mapping[str, Any]) -> Answer:
    parts = []
    for part in told.get("parts", ()):
        actions = (ToldAction(**{**one, "action": ActionLine(**one["action"])}) for one in part.get("actions", ()))
        lines: dict[str, Any] = {
            "visits": tuple(ToldVisit(**one) for one in part.get("visits", ())),
            "actions": tuple(actions),
            "people": tuple(PersonLine(**one) for one in part.get("people", ())),
            "counter": Counter(**part["counter"]) if "counter" in part else None,
            "brief": brief_from(part["brief"]) if "brief" in part else None,
        }
        parts.append(Part(**{**part, **lines}))
    return Answer(parts=tuple(parts), unknown=told.get("unknown"), url=told.get("url"))


def brief_from(told: Mapping[str, Any]) -> Brief:
    kinds = {"goers": Going, "planned": Coming, "complaints": ToldVisit}
    some = {name: tuple(kind(**one) for one in told.get(name, ())) for name, kind in kinds.items()}
    return Brief(**{**told, **some, "terms": tuple(told.get("terms", ()))})


def leaver_from(told: Mapping[str, Any]) -> Leaver:
    signs = tuple(LeaverSign(**sign) for sign in told.get("signs", ()))
    return Leaver(**{**told, "signs": signs, "seen": tuple(SeenLine(**one) for one in told.get("seen", ()))})


def bar_from(told: Mapping[str, Any]) -> Bar:
    return Bar(**{"target": None, **told})


def happened_from(told: Mapping[str, Any]) -> Happened:
    return Happened(**{**told, "amounts": sums_from(told.get("amounts", ()))})


def sums_from(told: Any) -> tuple[tuple[Decimal, str], ...]:
    return tuple((Decimal(value), currency) for value, currency in told)


LINES: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "due": lambda told: Due(**told), "gone": lambda told: Gone(**told), "quiet": lambda told: Quiet(**told),
    "gaps": lambda told: Gap(**{"account": None, **told}), "owed": lambda told: Owed(**told),
    "plans": lambda told: Plan(**told), "bars": bar_from, "more_bars": bar_from, "happened": happened_from,
    "trend": lambda told: WeekCount(**told), "rising": lambda told: Rising(**told),
    "outcomes": lambda told: Outcome(**{**told, "sums": sums_from(told.get("sums", ()))}),
    "customers": str, "silent": str,
}  # fmt: skip


def digest_from(shape: Any, told: Mapping[str, Any]) -> Any:
    parts = {
        field: tuple(LINES[field](one) for one in value) for field, value in told.items() if isinstance(value, list)
    }
    bar = {"bar": bar_from(told["bar"])} if "bar" in told else {}
    rhythm = {"rhythm": Rhythm(**told["rhythm"])} if "rhythm" in told else {}
    return shape(**{**told, **parts, **bar, **rhythm})


DIGESTS = {"morning": Morning, "team": TeamMorning, "week": Week, "team_week": Week}


def filed_from(told: Mapping[str, Any]) -> Filed:
    return Filed(
        visits=tuple(visit_from(visit) for visit in told["visits"]),
        counter=Counter(**told["counter"]),
        url=told.get("url"),
        left_out=tuple(told.get("left_out", ())),
    )


def visit_from(told: Mapping[str, Any]) -> VisitCard:
    parts: dict[str, Any] = {"account": None, **told}
    for field, shape in SHAPES.items():
        parts[field] = tuple(shape(**line) for line in told.get(field, ()))
    parts["keywords"] = tuple(told.get("keywords", ()))
    parts["amounts"] = tuple((Decimal(value), currency) for value, currency in told.get("amounts", ()))
    if "question" in told:
        choices = tuple(Choice(**choice) for choice in told["question"].get("choices", ()))
        parts["question"] = Question(about=told["question"]["about"], choices=choices)
    return VisitCard(**parts)


def pytest_generate_tests(metafunc: Any) -> None:
    if "case" in metafunc.fixturenames:
        cases = [read_case(path) for path in sorted(CASES.glob("*.toml"))]
        metafunc.parametrize("case", cases, ids=[f"{case.letter}.{case.name}" for case in cases])
