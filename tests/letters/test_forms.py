"""Forms look as they did when a person last read them, and Slack takes them whatever stands in them."""

import json
import os
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from letters import LANGUAGES, wording
from letters.fix import changed_states, closed_modal, fix_modal, loading_modal, with_values
from letters.model import ActionField, Choice, FixForm
from tests.servers.slack.block_kit import check_view

FORMS = Path(__file__).parent / "forms"
KINDS = {
    "type": (Choice(label="Demo", value="demo"),),
    "medium": (Choice(label="Phone", value="phone"),),
    "outcome": (Choice(label="Order", value="order"),),
    "status": (Choice(label="Held", value="held"), Choice(label="Missed", value="missed")),
}
WHOLE = FixForm(
    id=41, number="V-2026-00041", seen=77, account=Choice(label="Brouwerij De Linde", value="7"),
    contacts=(Choice(label="Dana Ruiz", value="3"),), on=date(2026, 3, 2), starts=time(14), ends=time(15, 30),
    type="demo", medium="phone", outcome=None, kinds=KINDS, keywords=("can line", "trial"),
    amounts=((Decimal("12500.00"), "EUR"),), subject="Can line", city="Mechelen",
    actions=(ActionField(id=9, text="send the quote", due=date(2026, 3, 6), assignee="i@x.example", who="Ilse"),),
    meanwhile=("date", "contacts"),
)  # fmt: skip


def full_of(said: str) -> FixForm:
    choice = Choice(label=said, value="7")
    return FixForm(
        id=1, number="V-2026-00001", seen=1, account=choice, contacts=(choice,) * 50, on=date(2026, 3, 2),
        kinds={family: (Choice(label=said, value=f"{n}") for n in range(120)) for family in KINDS},
        keywords=(said,) * 50, amounts=((Decimal(10) ** 13, "EUR"),) * 50, subject=said, city=said,
        actions=tuple(ActionField(id=n, text=said, assignee="i@x.example", who=said) for n in range(50)),
        meanwhile=("city",) * 14,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_looks_as_it_was_read_last(language: str) -> None:
    got = json.dumps(fix_modal(wording(language), WHOLE), ensure_ascii=False, indent=1) + "\n"
    path = FORMS / f"fix.{language}.json"
    if os.environ.get("DEBRIEF_GOLDEN") == "write":
        path.write_text(got, "utf-8")
    assert path.read_text("utf-8") == got, f"{path.name} differs; `make golden` rewrites it, then read the diff"


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_every_form(language: str) -> None:
    words = wording(language)
    for view in (loading_modal(words), closed_modal(words, words.say("trouble.gone")), fix_modal(words, WHOLE)):
        assert [] == check_view(view)


@pytest.mark.parametrize("said", ["x" * 10_000, "<!channel> <@U1> *x* <https://a.example|b>", "\n \t", ""])
def test_slack_takes_a_form_whatever_stands_in_it(said: str) -> None:
    assert [] == check_view(fix_modal(wording("de"), full_of(said), ("city", "date")))


def sent(view: dict[str, Any], **changes: dict[str, Any]) -> dict[str, Any]:
    """The form as Slack sends it, where fields are as they were shown but for ``changes``."""
    initial = {"value": "initial_value", "selected_date": "initial_date", "selected_time": "initial_time",
               "selected_option": "initial_option", "selected_options": "initial_options"}  # fmt: skip
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state = {name: element.get(there) for name, there in initial.items() if there in element}
            name = block["block_id"].rpartition(":")[0]
            values[block["block_id"]] = {element["action_id"]: changes.get(name, state)}
    return {**view, "state": {"values": values}}


def test_only_what_was_changed_is_read_from_a_form() -> None:
    view = fix_modal(wording("en"), WHOLE)
    assert {} == changed_states(sent(view))
    assert {"city", "starts"} == changed_states(
        sent(view, city={"value": "Ghent"}, starts={"selected_time": None})
    ).keys()


def test_what_was_filled_in_before_is_there_again_and_counts_as_changed() -> None:
    view = with_values(fix_modal(wording("en"), WHOLE, ["city", "starts"]), {"city": {"value": "Ghent"}, "starts": {}})
    assert [] == check_view(view)
    assert {"city", "starts"} == changed_states(sent(view)).keys()
    assert "Ghent" == changed_states(sent(view))["city"]["value"]
