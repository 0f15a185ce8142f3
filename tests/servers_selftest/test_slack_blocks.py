"""The checker of Block Kit refuses what Slack refuses, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.slack.block_kit import check_blocks, check_view, live_markup
from tests.servers_selftest.pigeon import button, plain

Json = dict[str, Any]


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "One", value: str = "1", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number), str(number)) for number in range(count)]


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str = "Text", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def asks(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def select(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "action_id": "pick", **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks), **more}


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("*Really*"), "confirm": plain("Yes"), "deny": plain("No")}
IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A bar"}
CHART = {
    "type": "bar",
    "series": [{"name": "Done", "data": [{"label": "Mon", "value": 3}, {"label": "Tue", "value": 0}]}],
    "axis_config": {"categories": ["Mon", "Tue"], "y_label": "Visits"},
}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Said ", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "link", "url": "https://example.org", "text": "there"},
                {"type": "emoji", "name": "wave"},
                {"type": "date", "timestamp": 1_770_000_000, "format": "{date_num}", "fallback": "then"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "point"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "words"}], "border": 1},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
    ],
}
CELL = {"type": "raw_text", "text": "cell"}

GOOD_ANYWHERE: dict[str, Json] = {
    "a section": section(),
    "a section at its limit": section("a" * 3000),
    "a section of fields alone": {"type": "section", "fields": [mrkdwn("a" * 2000), plain("b")] * 5},
    "a section with a button": section(accessory=button("Go", "go", style="primary", confirm=CONFIRM)),
    "a section with a menu": section(accessory=select(options=options(100), initial_option=option("0", "0"))),
    "a section with a picture": section(accessory=IMAGE),
    "verbatim mrkdwn": {"type": "section", "text": {**mrkdwn("a"), "verbatim": True}},
    "plain text without emoji": {"type": "header", "text": {**plain("a"), "emoji": False}},
    "a header at its limit": {"type": "header", "text": plain("a" * 150)},
    "a divider": {"type": "divider", "block_id": "b" * 255},
    "a context": {"type": "context", "elements": [mrkdwn("a"), plain("b"), IMAGE]},
    "a button at its limits": actions(button("a" * 75, "a" * 255, value="v" * 2000, url="https://example.org")),
    "a button without an action": actions({"type": "button", "text": plain("Go")}),
    "25 buttons": actions(*(button("Go", str(number)) for number in range(25))),
    "an overflow": actions({"type": "overflow", "action_id": "o", "options": options(5)}),
    "an overflow with a link": actions(
        {"type": "overflow", "action_id": "o", "options": [option(url="https://example.org")]}
    ),
    "option groups": actions(select(option_groups=[{"label": plain("Group"), "options": options(3)}])),
    "an external menu with a start": actions(select("external_select", initial_option=option(), min_query_length=0)),
    "a menu of people": actions(select("users_select", placeholder=plain("Who"))),
    "a menu of conversations": actions(
        select("conversations_select", default_to_current_conversation=True, filter={"include": ["im"]})
    ),
    "dates and times": actions(
        {"type": "datepicker", "action_id": "d", "initial_date": "2026-02-28"},
        {"type": "timepicker", "action_id": "t", "initial_time": "23:59", "timezone": "Europe/Berlin"},
        {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1_770_000_000},
    ),
    "boxes in mrkdwn": actions(
        {"type": "checkboxes", "action_id": "c", "options": [{"text": mrkdwn("*a*"), "value": "a"}]},
        {"type": "radio_buttons", "action_id": "r", "options": options(10), "initial_option": option("3", "3")},
    ),
    "a question": asks({"type": "plain_text_input", "action_id": "a", "multiline": True, "max_length": 3000}),
    "a number": asks({"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "0"}),
    "several people": asks(select("multi_external_select", initial_options=[option()], max_selected_items=5)),
    "a question that acts": asks(
        {
            "type": "plain_text_input",
            "action_id": "a",
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
        dispatch_action=True,
        optional=True,
        hint=plain("Hint"),
    ),
    "a file": asks({"type": "file_input", "action_id": "f", "filetypes": ["pdf"], "max_files": 10}),
    "an image": {**IMAGE, "title": plain("A bar")},
    "an image of Slack's": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A bar"},
    "rich text": RICH,
    "a card": {"type": "card", "title": mrkdwn("A"), "body": mrkdwn("b"), "actions": [button("Go", "go")]},
}
GOOD_IN_MESSAGES: dict[str, Json] = {
    "markdown": {"type": "markdown", "text": "# " + "a" * 11_998},
    "a table": {"type": "table", "rows": [[CELL, CELL]] * 100, "column_settings": [{"align": "right"}]},
    "a data table": {"type": "data_table", "rows": [[CELL]] * 201, "page_size": 100, "caption": "Scores"},
    "a chart": {"type": "data_visualization", "title": "This week", "chart": CHART},
    "a pie": {"type": "data_visualization", "chart": {"type": "pie", "segments": [{"label": "Done", "value": 0.5}]}},
    "a carousel": {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("A")}] * 10},
    "a container": {"type": "container", "title": plain("A"), "child_blocks": [section(block_id="inner")]},
    "feedback": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": plain("Good"), "value": "1"},
                "negative_button": {"text": plain("Bad"), "value": "0"},
            }
        ],
    },
    "a plan": {"type": "plan", "title": "Steps", "tasks": [{"task_id": "1", "title": "A", "status": "pending"}]},
}


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("name", GOOD_ANYWHERE)
def test_takes_on_every_surface(name: str, surface: str) -> None:
    assert [] == check_blocks([GOOD_ANYWHERE[name]], surface)


@pytest.mark.parametrize("name", GOOD_IN_MESSAGES)
def test_takes_in_a_message(name: str) -> None:
    assert [] == check_blocks([GOOD_IN_MESSAGES[name]])
    assert [] != check_blocks([GOOD_IN_MESSAGES[name]], "modal")


REFUSED: dict[str, tuple[str, list[Any]]] = {
    "51 blocks": ("/blocks", [{"type": "divider"}] * 51),
    "no object": ("/blocks/0", ["text"]),
    "no type": ("/blocks/0/type", [{}]),
    "an unknown block": ("/blocks/0/type", [{"type": "sections"}]),
    "an element for a block": ("/blocks/0/type", [button("Go", "go")]),
    "an unknown field": ("/blocks/0", [section(color="red")]),
    "two blocks of one id": ("/blocks/0/block_id", [section(block_id="a"), section(block_id="a")]),
    "two actions of one id": ("/blocks/0", [actions(button("A", "a"), button("B", "a"))]),
    "a long block_id": ("/blocks/0/block_id", [section(block_id="b" * 256)]),
    "an empty text": ("/blocks/0/text/text", [section("")]),
    "a long section": ("/blocks/0/text/text", [section("a" * 3001)]),
    "a section without text": ("/blocks/0", [{"type": "section"}]),
    "eleven fields": ("/blocks/0/fields", [{"type": "section", "fields": [mrkdwn("a")] * 11}]),
    "a long field": ("/blocks/0/fields/0/text", [{"type": "section", "fields": [mrkdwn("a" * 2001)]}]),
    "a bare string for a text": ("/blocks/0/text", [{"type": "section", "text": "a"}]),
    "emoji in mrkdwn": ("/blocks/0/text", [{"type": "section", "text": {**mrkdwn("a"), "emoji": True}}]),
    "verbatim plain text": ("/blocks/0/text", [{"type": "section", "text": {**plain("a"), "verbatim": True}}]),
    "an input in a section": ("/blocks/0/accessory/type", [section(accessory={"type": "plain_text_input"})]),
    "a long header": ("/blocks/0/text/text", [{"type": "header", "text": plain("a" * 151)}]),
    "a header in mrkdwn": ("/blocks/0/text/type", [{"type": "header", "text": mrkdwn("a")}]),
    "eleven in a context": ("/blocks/0/elements", [{"type": "context", "elements": [plain("a")] * 11}]),
    "a button in a context": ("/blocks/0/elements/0/type", [{"type": "context", "elements": [button("A", "a")]}]),
    "no actions": ("/blocks/0/elements", [actions()]),
    "26 actions": ("/blocks/0/elements", [actions(*(button("A", str(number)) for number in range(26)))]),
    "a long button": ("/blocks/0/elements/0/text/text", [actions(button("a" * 76, "a"))]),
    "an empty button": ("/blocks/0/elements/0/text/text", [actions(button("", "a"))]),
    "a button in mrkdwn": ("/blocks/0/elements/0/text/type", [actions({"type": "button", "text": mrkdwn("a")})]),
    "a long value": ("/blocks/0/elements/0/value", [actions(button("A", "a", value="v" * 2001))]),
    "an empty value": ("/blocks/0/elements/0/value", [actions(button("A", "a", value=""))]),
    "a number for a value": ("/blocks/0/elements/0/value", [actions(button("A", "a", value=7))]),
    "a long address": ("/blocks/0/elements/0/url", [actions(button("A", "a", url="u" * 3001))]),
    "a style of one's own": ("/blocks/0/elements/0/style", [actions(button("A", "a", style="default"))]),
    "a disabled button": ("/blocks/0/elements/0", [actions(button("A", "a", disabled=True))]),
    "a long action_id": ("/blocks/0/elements/0/action_id", [actions(button("A", "a" * 256))]),
    "a long confirm title": (
        "/blocks/0/elements/0/confirm/title/text",
        [actions(button("A", "a", confirm={**CONFIRM, "title": plain("a" * 101)}))],
    ),
    "a long confirm text": (
        "/blocks/0/elements/0/confirm/text/text",
        [actions(button("A", "a", confirm={**CONFIRM, "text": plain("a" * 301)}))],
    ),
    "a long deny": (
        "/blocks/0/elements/0/confirm/deny/text",
        [actions(button("A", "a", confirm={**CONFIRM, "deny": plain("a" * 31)}))],
    ),
    "a confirm without text": ("/blocks/0/elements/0/confirm", [actions(button("A", "a", confirm={}))]),
    "101 options": ("/blocks/0/elements/0/options", [actions(select(options=options(101)))]),
    "no options": ("/blocks/0/elements/0/options", [actions(select(options=[]))]),
    "neither options nor groups": ("/blocks/0/elements/0", [actions(select())]),
    "options and groups": (
        "/blocks/0/elements/0",
        [actions(select(options=options(1), option_groups=[{"label": plain("G"), "options": options(1)}]))],
    ),
    "a long option": ("/blocks/0/elements/0/options/0/text/text", [actions(select(options=[option("a" * 76)]))]),
    "an option in mrkdwn": (
        "/blocks/0/elements/0/options/0/text/type",
        [actions(select(options=[{"text": mrkdwn("a"), "value": "a"}]))],
    ),
    "a long option value": (
        "/blocks/0/elements/0/options/0/value",
        [actions(select(options=[option("a", "v" * 151)]))],
    ),
    "an empty option value": ("/blocks/0/elements/0/options/0/value", [actions(select(options=[option("a", "")]))]),
    "a long description": (
        "/blocks/0/elements/0/options/0/description/text",
        [actions(select(options=[option(description=plain("a" * 76))]))],
    ),
    "a start that is not offered": (
        "/blocks/0/elements/0",
        [actions(select(options=options(2), initial_option=option("9", "9")))],
    ),
    "a long placeholder": (
        "/blocks/0/elements/0/placeholder/text",
        [actions(select("users_select", placeholder=plain("a" * 151)))],
    ),
    "six in an overflow": (
        "/blocks/0/elements/0/options",
        [actions({"type": "overflow", "action_id": "o", "options": options(6)})],
    ),
    "eleven boxes": (
        "/blocks/0/elements/0/options",
        [actions({"type": "checkboxes", "action_id": "o", "options": options(11)})],
    ),
    "a date that is none": (
        "/blocks/0/elements/0/initial_date",
        [actions({"type": "datepicker", "action_id": "d", "initial_date": "28.2.2026"})],
    ),
    "a time that is none": (
        "/blocks/0/elements/0/initial_time",
        [actions({"type": "timepicker", "action_id": "d", "initial_time": "24:00"})],
    ),
    "a question in an actions block": ("/blocks/0/elements/0/type", [actions({"type": "plain_text_input"})]),
    "a button for a question": ("/blocks/0/element/type", [asks(button("A", "a"))]),
    "a long label": ("/blocks/0/label/text", [{**asks(select("users_select")), "label": plain("a" * 2001)}]),
    "a long hint": ("/blocks/0/hint/text", [asks(select("users_select"), hint=plain("a" * 2001))]),
    "a text of 3001": ("/blocks/0/element/max_length", [asks({"type": "plain_text_input", "max_length": 3001})]),
    "a least above the most": (
        "/blocks/0/element/min_length",
        [asks({"type": "plain_text_input", "min_length": 9, "max_length": 3})],
    ),
    "a number of no kind": ("/blocks/0/element", [asks({"type": "number_input"})]),
    "a range upside down": (
        "/blocks/0/element",
        [asks({"type": "number_input", "is_decimal_allowed": False, "min_value": "9", "max_value": "1"})],
    ),
    "eleven files": ("/blocks/0/element/max_files", [asks({"type": "file_input", "max_files": 11})]),
    "two that want the focus": (
        "/blocks",
        [asks(select("users_select", focus_on_load=True)), asks(select("users_select", focus_on_load=True))],
    ),
    "an image without words": ("/blocks/0", [{"type": "image", "image_url": "https://example.org/a.png"}]),
    "an image from nowhere": ("/blocks/0", [{"type": "image", "alt_text": "a"}]),
    "a long image address": ("/blocks/0/image_url", [{**IMAGE, "image_url": "u" * 3001}]),
    "an empty markdown": ("/blocks/0/text", [{"type": "markdown", "text": ""}]),
    "much markdown": ("/blocks/0/text", [{"type": "markdown", "text": "a" * 12_001}]),
    "much markdown in all": ("/blocks", [{"type": "markdown", "text": "a" * 6_001}] * 2),
    "101 rows": ("/blocks/0/rows", [{"type": "table", "rows": [[CELL]] * 101}]),
    "21 columns": ("/blocks/0/rows/0", [{"type": "table", "rows": [[CELL] * 21]}]),
    "two tables": ("/blocks", [{"type": "table", "rows": [[CELL]]}] * 2),
    "a data table of one row": ("/blocks/0/rows", [{"type": "data_table", "rows": [[CELL]]}]),
    "three charts": ("/blocks", [{"type": "data_visualization", "chart": CHART}] * 3),
    "a long chart title": ("/blocks/0/title", [{"type": "data_visualization", "title": "a" * 51, "chart": CHART}]),
    "a chart without a point": (
        "/blocks/0/chart/series/0/data",
        [{"type": "data_visualization", "chart": {**CHART, "axis_config": {"categories": ["Mon", "Tue", "Wed"]}}}],
    ),
    "a slice of nothing": (
        "/blocks/0/chart/segments/0/value",
        [{"type": "data_visualization", "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}}],
    ),
    "a long card": ("/blocks/0/body/text", [{"type": "card", "body": mrkdwn("a" * 201)}]),
    "eleven cards": (
        "/blocks/0/elements",
        [{"type": "carousel", "elements": [{"type": "card", "body": plain("a")}] * 11}],
    ),
    "a wrong block in a container": (
        "/blocks/0/child_blocks/0/type",
        [{"type": "container", "title": plain("a"), "child_blocks": [{"type": "alert", "text": plain("a")}]}],
    ),
    "an alert outside a modal": ("/blocks/0/type", [{"type": "alert", "text": plain("a")}]),
    "rich text of no style": (
        "/blocks/0/elements/0",
        [{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": []}]}],
    ),
    "mrkdwn in rich text": ("/blocks/0/elements/0/type", [{"type": "rich_text", "elements": [mrkdwn("a")]}]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_and_points_at_the_place(name: str) -> None:
    pointer, blocks = REFUSED[name]
    assert pointer in [problem.pointer for problem in check_blocks(blocks)]


VIEWS_REFUSED: dict[str, tuple[str, Any]] = {
    "no view": ("/view", "modal"),
    "a view of no type": ("/view/type", {"title": plain("Title"), "blocks": [section()]}),
    "a long title": ("/view/title/text", modal(section(), title=plain("a" * 25))),
    "a long submit": ("/view/submit/text", modal(section(), submit=plain("a" * 25))),
    "a long close": ("/view/close/text", modal(section(), close=plain("a" * 25))),
    "a title in mrkdwn": ("/view/title/type", modal(section(), title=mrkdwn("a"))),
    "no title": ("/view", {"type": "modal", "blocks": [section()]}),
    "no blocks": ("/view/blocks", modal()),
    "101 blocks": ("/view/blocks", modal(*([{"type": "divider"}] * 101))),
    "a question and no way to send it": ("/view", modal(asks(select("users_select")), submit=None)),
    "much metadata": ("/view/private_metadata", modal(section(), private_metadata="a" * 3001)),
    "a long callback_id": ("/view/callback_id", modal(section(), callback_id="a" * 256)),
    "markdown in a modal": ("/view/blocks/0/type", modal({"type": "markdown", "text": "a"})),
    "a title on Home": ("/view", {"type": "home", "title": plain("a"), "blocks": [section()]}),
    "a chart in a modal": ("/view/blocks/0/type", modal({"type": "data_visualization", "chart": CHART})),
}


@pytest.mark.parametrize("name", VIEWS_REFUSED)
def test_refuses_a_view_and_points_at_the_place(name: str) -> None:
    pointer, view = VIEWS_REFUSED[name]
    assert pointer in [problem.pointer for problem in check_view(view)]


def test_takes_modals_and_homes_at_their_limits() -> None:
    full = modal(*([{"type": "divider"}] * 99), asks(select("users_select")), private_metadata="a" * 3000)
    assert [] == check_view(full)
    assert [] == check_view(modal({"type": "alert", "text": plain("a"), "level": "warning"}, submit=None))
    assert [] == check_view({"type": "home", "blocks": [section(), *GOOD_ANYWHERE.values()]})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["type", "text", "elements", "options", "initial_option", "option_groups", "label", "element", "blocks",
         "block_id", "action_id", "fields", "accessory", "chart", "series", "axis_config", "rows"]
    ) , inner, max_size=5),
    max_leaves=15,
)  # fmt: skip


@given(st.sampled_from(["section", "actions", "input", "context", "table", "data_visualization"]), JSON)
def test_never_breaks_on_what_it_is_given(type_: str, value: Any) -> None:
    blocks = [{**value, "type": type_}] if isinstance(value, dict) else value
    assert isinstance(check_blocks(blocks), list)
    assert isinstance(check_view({"type": "modal", "blocks": blocks}), list)


@pytest.mark.parametrize(
    ("payload", "live"),
    [
        ({"text": "Hi <!channel>"}, ["<!channel>"]),
        ({"text": "Hi &lt;!channel&gt;"}, []),
        ({"blocks": [section("<@U1> at <https://example.org|here>")]}, ["<@U1>", "<https://example.org|here>"]),
        ({"blocks": [{"type": "header", "text": plain("<!here>")}]}, []),
        ({"view": modal(section("<mailto:a@example.org|a>"))}, ["<mailto:a@example.org|a>"]),
        ({"blocks": [actions(select(options=[option("<!here>")]))]}, []),
        ({"attachments": [{"fallback": "<!here>", "blocks": [section("<#C1>")]}]}, ["<!here>", "<#C1>"]),
    ],
)
def test_tells_what_slack_would_make_a_mention_or_a_link(payload: Json, live: list[str]) -> None:
    assert live == list(live_markup(payload))


def test_rich_text_mentions_are_live_however_they_are_written() -> None:
    assert 1 == len(list(live_markup({"blocks": [RICH]})))
