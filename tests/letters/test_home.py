"""Home looks as it did when a person last read it, and Slack takes it whatever stands in it."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from letters import LANGUAGES
from letters.home import (
    BAR,
    Chosen,
    HomePage,
    LessonLine,
    TodoLine,
    VisitLine,
    WaitingVisit,
    bar,
    home_view,
    refused_view,
)
from letters.model import Choice, Counter, Question
from tests.servers.slack.block_kit import check_view

FORMS = Path(__file__).parent / "forms"
MONDAY = date(2026, 3, 2)
HOSTILE = "<!channel> <@U1> *x* <https://evil.example|klik> & \u202e"


def page_of(said: str, language: str, many: int = 1) -> HomePage:
    asked = Question(about="account_which", choices=(Choice(label=said, value="4:7"),) * many)
    near = Question(about="account_near", choices=(Choice(label=said, value="5:7"),) * many)
    return HomePage(
        name=said, today=MONDAY, counter=Counter(done=6, target=10, working_days_left=4),
        days=((MONDAY, 2), (date(2026, 3, 3), 0), (date(2026, 3, 4), 400)),
        waiting=tuple(
            WaitingVisit(id=10 + 2 * n + k, stamp="9f3a", on=MONDAY, account=account, said=said, question=question)
            for n in range(many)
            for k, account, question in ((0, None, asked), (1, said, near))
        ),
        todos=tuple(TodoLine(id=n, text=said, account=said, due=MONDAY, late=n == 0) for n in range(many)),
        more_todos=3,
        visits=tuple(
            VisitLine(id=n, number=f"V-2026-{n:05}", on=MONDAY, account=said, facts=(said,)) for n in range(many)
        ),
        lessons=tuple(LessonLine(id=n, said=said, meaning=said, kind="account") for n in range(many)),
        more_lessons=2,
        chosen=Chosen(language=language, working_days=(0, 1, 3), digest_hour=7, quiet_from=20, quiet_until=6),
        url="https://debrief.example",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_looks_as_it_was_read_last(language: str) -> None:
    got = json.dumps(home_view(page_of("Brouwerij De Linde", language)), ensure_ascii=False, indent=1) + "\n"
    path = FORMS / f"home.{language}.json"
    if os.environ.get("DEBRIEF_GOLDEN") == "write":
        path.write_text(got, "utf-8")
    assert path.read_text("utf-8") == got, f"{path.name} differs; `make golden` rewrites it, then read the diff"


@pytest.mark.parametrize(
    "said", ["x" * 10_000, "word " * 2_000, HOSTILE, " "], ids=["word", "words", "hostile", "blank"]
)
def test_slack_takes_home_however_much_was_said(said: str) -> None:
    for language in LANGUAGES:
        view = home_view(page_of(said, language, many=30))
        assert check_view(view) == []
    assert '"mrkdwn"' not in json.dumps(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_home_and_a_strangers_are_taken_too(language: str) -> None:
    empty = HomePage(name="", today=MONDAY, counter=Counter(done=0), chosen=Chosen(language=language, working_days=()))
    assert check_view(home_view(empty)) == []
    assert check_view(refused_view(language, HOSTILE)) == []


@pytest.mark.parametrize(("done", "whole", "full"), [(0, 10, 0), (1, 40, 1), (5, 10, 5), (10, 10, 10), (30, 10, 10)])
def test_a_bar_shows_how_far_it_is(done: int, whole: int, full: int) -> None:
    assert (full, BAR) == (bar(done, whole).count("▓"), len(bar(done, whole)))
