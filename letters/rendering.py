"""`render`: from a name, a language and what it is about to a `Letter`, by the templates of that name."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from letters.answer import Answer, paragraphs
from letters.card import filed_cards
from letters.daily import rep_daily, team_daily
from letters.digest import Morning, TeamMorning, Week
from letters.filters import BUTTON, HEADER, LABEL, SECTION, cut, line, mrkdwn, one_line
from letters.leaver import asked
from letters.model import Filed, Leaver, Letter
from letters.settled import Settled, settled_letter
from letters.weekly import week_letter
from letters.wording import Wording, wording

TEMPLATES = Path(__file__).parent / "templates"

# Mail and JSON differ in what they escape: HTML by autoescape, JSON value by value with `tojson`.
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=select_autoescape(("html.j2",), default=False, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=False,
)
_environment.filters.update(
    one_line=one_line,
    mrkdwn=mrkdwn,
    section=lambda text: cut(text, SECTION),
    button=lambda text: cut(text, BUTTON),
    header=lambda text: cut(text, HEADER),
    label=lambda text: cut(text, LABEL),
)


def render(name: str, language: str, **context: Any) -> Letter:
    """The letter ``name`` in ``language`` (English where we do not speak it).

    What each letter needs, all keyword arguments:

    - ``filed``: ``filed: Filed``, and ``today: date`` where near days are to be called so.
    - ``nothing``: ``reason: str``, as in `Extraction.not_a_report`.
    - ``refused``: ``sender: str``, as the medium names them.
    - ``failed``: ``reason_key: str`` (``too_large``, ``too_many``, ``unreadable``), ``detail: str``, may be empty.
    - ``answer``: ``answer: Answer``, and ``today`` as above.
    - ``sign_in``: ``person: str``, ``link: str``, where it leads.
    - ``morning``: ``told: Morning``; ``team``: ``told: TeamMorning``; ``week`` and ``team_week``: ``told: Week``; all
      with ``url: str | None``, where the pages are.
    - ``trouble``: ``what: str``, ``says: str``, as in `store.tables.Trouble`; ``passed: bool``.
    - ``settled``: ``settled: Settled``, and ``today`` as above.
    - ``leaver``: ``leaver: Leaver``, ``url: str | None``, where the pages are.

    Raises KeyError for a letter, reason or sentence that does not exist, TypeError for a missing argument.
    """
    words = wording(language)
    values = {"words": words, "language": words.language, **PREPARE[name](words, **context)}

    def part(file: str) -> str:
        return _environment.get_template(f"{name}/{file}.j2").render(values).strip()

    return Letter(
        subject=one_line(part("subject.txt")),
        text=part("body.txt"),
        html=part("body.html"),
        blocks=tuple(json.loads(part("blocks.json"))),
    )


def _filed(words: Wording, *, filed: Filed, today: date | None = None) -> Mapping[str, Any]:
    return {"letter": filed_cards(words, filed, today)}


def _nothing(words: Wording, *, reason: str) -> Mapping[str, Any]:
    return {"line": words.say(f"nothing.{reason}"), "how": words.say("common.how")}


def _refused(words: Wording, *, sender: str) -> Mapping[str, Any]:
    told = words.say("refused.line", sender=line(sender, 120))
    return {"line": told, "ask": words.say("refused.ask")}


def _failed(words: Wording, *, reason_key: str, detail: str = "") -> Mapping[str, Any]:
    told = words.say("failed.detail", detail=line(detail, 300)) if detail.strip() else None
    return {
        "line": words.say(f"failed.{reason_key}"),
        "ask": words.say(f"failed.{reason_key}_do"),
        "detail": told,
    }


def _answer(words: Wording, *, answer: Answer, today: date | None = None) -> Mapping[str, Any]:
    return {"subject": answer.subject(words), "paragraphs": paragraphs(words, answer, today)}


def _sign_in(words: Wording, *, person: str, link: str) -> Mapping[str, Any]:
    return {"line": words.say("sign_in.line", name=line(person, 80)), "link": link}


def _morning(words: Wording, *, told: Morning, url: str | None = None) -> Mapping[str, Any]:
    return {"letter": rep_daily(words, told, url)}


def _team(words: Wording, *, told: TeamMorning, url: str | None = None) -> Mapping[str, Any]:
    return {"letter": team_daily(words, told, url)}


def _week(words: Wording, *, told: Week, url: str | None = None) -> Mapping[str, Any]:
    return {"letter": week_letter(words, told, url)}


def _settled(words: Wording, *, settled: Settled, today: date | None = None) -> Mapping[str, Any]:
    return {"letter": settled_letter(words, settled, today)}


def _leaver(words: Wording, *, leaver: Leaver, url: str | None = None) -> Mapping[str, Any]:
    return {"letter": asked(words, leaver), "url": url}


def _trouble(words: Wording, *, what: str, says: str, passed: bool) -> Mapping[str, Any]:
    kind, _, which = what.partition(":")
    told = line(which or says, 120)
    ask = "passed" if passed else f"ask_{kind}" if kind in {"jobs", "webhook"} else "ask"
    return {
        "line": words.say(f"trouble_outside.{kind}{'_passed' if passed else ''}", which=told),
        "says": "" if passed or kind == "jobs" else line(says, 300),
        "ask": words.say(f"trouble_outside.{ask}"),
    }


PREPARE: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "filed": _filed,
    "nothing": _nothing,
    "refused": _refused,
    "failed": _failed,
    "answer": _answer,
    "sign_in": _sign_in,
    "morning": _morning,
    "team": _team,
    "week": _week,
    "team_week": _week,
    "settled": _settled,
    "leaver": _leaver,
    "trouble": _trouble,
}
"""For each letter, what its templates are given."""
