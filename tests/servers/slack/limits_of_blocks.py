"""What Slack takes as a block, on which surface, and how many of them: the second half of the table in ``limits``."""

from tests.servers.slack.limits import (
    EITHER,
    ELEMENTS,
    FLAG,
    ID,
    PARTS,
    RICH,
    SECTIONS,
    TASK,
    URL,
    Chars,
    Many,
    Number,
    Open,
    Part,
    Rule,
    Shape,
    Text,
    Typed,
    Word,
)

PICKS = (
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
)
PRESSES = ("button", "overflow", "workflow_button")
TYPES_IN = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")

IMAGE: dict[str, Rule] = {"image_url": URL, "slack_file": Part("slack_file"), "alt_text": Chars(2000)}
CELL = Typed(("raw_text", "raw_number", "rich_text"))
CARD_ACTIONS = Many(Typed(("button", "overflow")), 3)

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {
            "text": Text(3000, EITHER),
            "fields": Many(Text(2000, EITHER), 10),
            "accessory": Typed((*PICKS, *PRESSES, "image")),
            "expand": FLAG,
        },
        at_least_one=(("text", "fields"),),
    ),
    "header": Shape({"text": Text(150), "level": Number(1, 4)}, ("text",)),
    "divider": Shape({}),
    "context": Shape({"elements": Many(Typed(("plain_text", "mrkdwn", "image")), 10)}, ("elements",)),
    "actions": Shape(
        {"elements": Many(Typed((*PICKS, *PRESSES, "datetimepicker", "rich_text_input")), 25)}, ("elements",)
    ),
    "context_actions": Shape({"elements": Many(Typed(("feedback_buttons", "icon_button")), 5)}, ("elements",)),
    "image": Shape({**IMAGE, "title": Text(2000)}, ("alt_text",), exactly_one=(("image_url", "slack_file"),)),
    "input": Shape(
        {
            "label": Text(2000),
            "element": Typed((*PICKS, *TYPES_IN, "datetimepicker")),
            "hint": Text(2000),
            "optional": FLAG,
            "dispatch_action": FLAG,
        },
        ("label", "element"),
    ),
    "file": Shape({"external_id": Chars(255), "source": Word(("remote",))}, ("external_id", "source")),
    "markdown": Shape({"text": Chars(12000)}, ("text",)),
    "rich_text": Shape({"elements": Many(Typed(SECTIONS), 1000, 0)}, ("elements",)),
    "video": Shape(
        {
            "alt_text": Chars(2000),
            "author_name": Chars(50),
            "description": Text(200),
            "provider_icon_url": URL,
            "provider_name": Chars(50),
            "title": Text(200),
            "title_url": URL,
            "thumbnail_url": URL,
            "video_url": URL,
        },
        ("alt_text", "title", "thumbnail_url", "video_url"),
    ),
    "table": Shape(
        {"rows": Many(Many(CELL, 20), 100), "column_settings": Many(Part("column_setting"), 20, 0)}, ("rows",)
    ),
    "data_table": Shape(
        {
            "rows": Many(Many(CELL, 20), 201, 2),
            "column_settings": Many(Open(), 20, 0),
            "page_size": Number(1, 100),
            "caption": Chars(),
            "row_header_column_index": Number(0, 19),
        },
        ("rows",),
    ),
    "data_visualization": Shape({"title": Chars(50), "chart": Typed(("pie", "bar", "line", "area"))}, ("chart",)),
    "card": Shape(
        {
            "title": Text(150, EITHER),
            "subtitle": Text(150, EITHER),
            "body": Text(200, EITHER),
            "hero_image": Typed(("image",)),
            "icon": Typed(("image",)),
            "slack_icon": Typed(("icon",)),
            "subtext": Text(200, EITHER),
            "actions": CARD_ACTIONS,
        },
        at_least_one=(("title", "body", "hero_image", "actions"),),
    ),
    "carousel": Shape({"elements": Many(Typed(("card",)), 10)}, ("elements",)),
    "container": Shape(
        {
            "title": Text(150),
            "rich_text_title": Typed(("rich_text",)),
            "subtitle": Text(150, EITHER),
            "child_blocks": Many(Open(), 10),
            "width": Word(("narrow", "standard", "wide", "full")),
            "icon": Typed(("image",)),
            "is_collapsible": FLAG,
            "default_collapsed": FLAG,
            "has_header_divider": FLAG,
        },
        ("child_blocks",),
        exactly_one=(("title", "rich_text_title"),),
    ),
    "alert": Shape(
        {"text": Text(200, EITHER), "level": Word(("default", "info", "warning", "error", "success"))}, ("text",)
    ),
    "task_card": Shape(TASK, ("task_id", "title")),
    "plan": Shape({"title": Chars(), "tasks": Many(Part("task"), 50, 0)}, ("title",)),
}

SURFACES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(BLOCKS, ("message", "modal", "home")),
    **dict.fromkeys(("markdown", "file", "plan", "task_card", "context_actions"), ("message",)),
    **dict.fromkeys(
        ("table", "data_table", "data_visualization", "carousel", "container"),
        ("message", "home"),
    ),
    "alert": ("modal",),
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_OF_A_TYPE = {"table": 1, "data_visualization": 2}
MARKDOWN_CHARS = 12_000
# Undocumented; bolt-js issue 2509 measured that blocks of some 13,200 characters answer msg_blocks_too_long.
BLOCKS_CHARS = 13_200
TABLE_CHARS = 20_000
TEXT_CHARS = 40_000
ATTACHMENTS = 100

_COMMON: dict[str, Rule] = {
    "blocks": Many(Open(), 100),
    "private_metadata": Chars(3000, 0),
    "callback_id": Chars(255, 0),
    "external_id": Chars(255, 0),
}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {
            **_COMMON,
            "title": Text(24),
            "submit": Text(24),
            "close": Text(24),
            "clear_on_close": FLAG,
            "notify_on_close": FLAG,
            "submit_disabled": FLAG,
        },
        ("title", "blocks"),
    ),
    "home": Shape(_COMMON, ("blocks",)),
}


def shape_of(type_: str, places: dict[str, Shape]) -> Shape:
    """The shape of ``type_`` with the ``type`` every object has and, for blocks, the ``block_id``."""
    shape = places[type_]
    extra: dict[str, Rule] = {"type": Open(), **({"block_id": ID} if places is BLOCKS else {})}
    return Shape({**extra, **shape.fields}, shape.required, shape.exactly_one, shape.at_least_one)


# "image" is a block and an element; inside another block it is the element, so elements come last.
TYPED: dict[str, Shape] = {
    **{type_: shape_of(type_, BLOCKS) for type_ in BLOCKS},
    **{type_: shape_of(type_, ELEMENTS) for type_ in ELEMENTS},
    **{type_: shape_of(type_, RICH) for type_ in RICH},
}
TOP: dict[str, Shape] = {type_: shape_of(type_, BLOCKS) for type_ in BLOCKS}

__all__ = ["BLOCKS", "BLOCKS_CHARS", "PARTS", "SURFACES", "TOP", "TYPED", "VIEWS"]
