"""What Slack takes in a block, as data: each kind of object, its fields, and how much fits in each.

Source: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects) and
docs.slack.dev/reference/views. ``block_kit`` reads this table; nothing here runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PLAIN = ("plain_text",)
EITHER = ("plain_text", "mrkdwn")


@dataclass(frozen=True)
class Text:
    """A text object of one of ``kinds`` with ``least`` to ``most`` characters."""

    most: int
    kinds: tuple[str, ...] = PLAIN
    least: int = 1


@dataclass(frozen=True)
class Chars:
    """A bare string of ``least`` to ``most`` characters, in the shape of ``like`` where it is given."""

    most: int = 3000
    least: int = 1
    like: str = ""


@dataclass(frozen=True)
class Number:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int


@dataclass(frozen=True)
class Figure:
    """Any number, above ``above`` where that is given."""

    above: float | None = None


@dataclass(frozen=True)
class Flag:
    """True or false."""


@dataclass(frozen=True)
class Word:
    """One of a few words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """An object without a ``type`` of its own, of the shape ``name`` in ``PARTS``."""

    name: str


@dataclass(frozen=True)
class Typed:
    """An object whose ``type`` is one of ``types``, of the shape of that type in ``TYPED``."""

    types: tuple[str, ...]


@dataclass(frozen=True)
class Many:
    """A list of ``least`` to ``most`` things of one rule."""

    of: "Rule"
    most: int
    least: int = 1


@dataclass(frozen=True)
class Open:
    """Something Slack does not look into, as far as its documentation says."""


Rule = Text | Chars | Number | Figure | Flag | Word | Part | Typed | Many | Open


@dataclass(frozen=True)
class Shape:
    """The fields of an object, which of them must be there, and of which groups exactly or at least one must."""

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_least_one: tuple[tuple[str, ...], ...] = ()


ID = Chars(255)
URL = Chars(3000)
PLACEHOLDER = Text(150)
FLAG = Flag()
CONFIRM = Part("confirm")
DATE = Chars(10, like=r"\d{4}-\d{2}-\d{2}")
TIME = Chars(5, like=r"([01]\d|2[0-3]):[0-5]\d")
OPTIONS = Many(Part("option"), 100)
GROUPS = Many(Part("option_group"), 100)
CHOICES = Many(Part("choice"), 10)
STYLE = Word(("primary", "danger"))
PICKED: dict[str, Rule] = {"action_id": ID, "focus_on_load": FLAG, "confirm": CONFIRM}

TASK: dict[str, Rule] = {
    "task_id": Chars(),
    "title": Chars(),
    "details": Typed(("rich_text",)),
    "output": Typed(("rich_text",)),
    "sources": Many(Typed(("url",)), 100),
    "status": Word(("pending", "in_progress", "complete", "error")),
}
AXES = Shape({"series": Many(Part("series"), 12), "axis_config": Part("axes")}, ("series", "axis_config"))

PARTS: dict[str, Shape] = {
    "option": Shape({"text": Text(75), "value": Chars(150), "description": Text(75)}, ("text", "value")),
    # Only checkboxes and radio buttons may be written in mrkdwn.
    "choice": Shape(
        {"text": Text(75, EITHER), "value": Chars(150), "description": Text(75, EITHER)}, ("text", "value")
    ),
    "overflow_option": Shape(
        {"text": Text(75), "value": Chars(150), "description": Text(75), "url": URL}, ("text", "value")
    ),
    "option_group": Shape({"label": Text(75), "options": OPTIONS}, ("label", "options")),
    "confirm": Shape(
        {
            "title": Text(100),
            "text": Text(300, EITHER),
            "confirm": Text(30),
            "deny": Text(30),
            "style": STYLE,
        },
        ("title", "text", "confirm", "deny"),
    ),
    "conversation_filter": Shape(
        {
            "include": Many(Word(("im", "mpim", "private", "public")), 4),
            "exclude_external_shared_channels": FLAG,
            "exclude_bot_users": FLAG,
        },
        at_least_one=(("include", "exclude_external_shared_channels", "exclude_bot_users"),),
    ),
    "dispatch_action_config": Shape(
        {"trigger_actions_on": Many(Word(("on_enter_pressed", "on_character_entered")), 2)}
    ),
    "slack_file": Shape({"id": Chars(), "url": URL}, exactly_one=(("id", "url"),)),
    "feedback_button": Shape(
        {"text": Text(75), "value": Chars(2000), "accessibility_label": Chars(75)}, ("text", "value")
    ),
    "style": Shape(
        {
            "bold": FLAG,
            "italic": FLAG,
            "strike": FLAG,
            "code": FLAG,
            "underline": FLAG,
            "highlight": FLAG,
            "client_highlight": FLAG,
            "unlink": FLAG,
        }
    ),
    "task": Shape(TASK, ("task_id", "title")),
    "segment": Shape({"label": Chars(20), "value": Figure(above=0)}, ("label", "value")),
    "point": Shape({"label": Chars(20), "value": Figure()}, ("label", "value")),
    "series": Shape({"name": Chars(20), "data": Many(Part("point"), 20)}, ("name", "data")),
    "axes": Shape({"categories": Many(Chars(20), 20), "x_label": Chars(50), "y_label": Chars(50)}, ("categories",)),
    "column_setting": Shape({"align": Word(("left", "center", "right")), "is_wrapped": FLAG}),
}


def _asks(fields: Mapping[str, Rule], required: tuple[str, ...] = (), **groups: tuple[tuple[str, ...], ...]) -> Shape:
    """The shape of an element a person answers."""
    return Shape({**PICKED, "placeholder": PLACEHOLDER, **fields}, required, **groups)


def _types(fields: Mapping[str, Rule], required: tuple[str, ...] = ()) -> Shape:
    """The shape of an element a person types into; it has no confirm dialog."""
    common: dict[str, Rule] = {
        "action_id": ID,
        "focus_on_load": FLAG,
        "placeholder": PLACEHOLDER,
        "dispatch_action_config": Part("dispatch_action_config"),
    }
    return Shape({**common, **fields}, required)


def _rich(**fields: Rule) -> Shape:
    """The shape of a piece of rich text: every field but ``style`` and ``border`` is required."""
    return Shape({"style": Part("style"), **fields}, tuple(name for name in fields if not name.startswith("opt_")))


MAX_SELECTED = Number(1, 100)
ONE_LIST = (("options", "option_groups"),)
LISTED: dict[str, Rule] = {"options": OPTIONS, "option_groups": GROUPS}
CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": FLAG, "filter": Part("conversation_filter")}
ANSWER_HERE: dict[str, Rule] = {"response_url_enabled": FLAG}

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {
            "action_id": ID,
            "text": Text(75),
            "url": URL,
            "value": Chars(2000),
            "style": STYLE,
            "confirm": CONFIRM,
            "accessibility_label": Chars(75),
        },
        ("text",),
    ),
    "checkboxes": Shape({**PICKED, "options": CHOICES, "initial_options": CHOICES}, ("options",)),
    "radio_buttons": Shape({**PICKED, "options": CHOICES, "initial_option": Part("choice")}, ("options",)),
    "datepicker": _asks({"initial_date": DATE}),
    "timepicker": _asks({"initial_time": TIME, "timezone": Chars(100)}),
    # Ten digits: seconds since 1970.
    "datetimepicker": Shape({**PICKED, "initial_date_time": Number(10**9, 10**10 - 1)}),
    "static_select": _asks({**LISTED, "initial_option": Part("option")}, exactly_one=ONE_LIST),
    "external_select": _asks({"initial_option": Part("option"), "min_query_length": Number(0, 3000)}),
    "users_select": _asks({"initial_user": Chars()}),
    "conversations_select": _asks({"initial_conversation": Chars(), **CONVERSATIONS, **ANSWER_HERE}),
    "channels_select": _asks({"initial_channel": Chars(), **ANSWER_HERE}),
    "multi_static_select": _asks(
        {**LISTED, "initial_options": OPTIONS, "max_selected_items": MAX_SELECTED}, exactly_one=ONE_LIST
    ),
    "multi_external_select": _asks(
        {"initial_options": OPTIONS, "min_query_length": Number(0, 3000), "max_selected_items": MAX_SELECTED}
    ),
    "multi_users_select": _asks({"initial_users": Many(Chars(), 100), "max_selected_items": MAX_SELECTED}),
    "multi_conversations_select": _asks(
        {"initial_conversations": Many(Chars(), 100), **CONVERSATIONS, "max_selected_items": MAX_SELECTED}
    ),
    "multi_channels_select": _asks({"initial_channels": Many(Chars(), 100), "max_selected_items": MAX_SELECTED}),
    "overflow": Shape({"action_id": ID, "options": Many(Part("overflow_option"), 5), "confirm": CONFIRM}, ("options",)),
    "plain_text_input": _types(
        {
            "initial_value": Chars(3000, 0),
            "multiline": FLAG,
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        }
    ),
    "email_text_input": _types({"initial_value": Chars()}),
    "url_text_input": _types({"initial_value": Chars()}),
    "number_input": _types(
        {"is_decimal_allowed": FLAG, "initial_value": Chars(), "min_value": Chars(), "max_value": Chars()},
        ("is_decimal_allowed",),
    ),
    "rich_text_input": _types(
        {"initial_value": Typed(("rich_text",)), "min_lines": Number(1, 100), "max_lines": Number(1, 100)}
    ),
    "file_input": Shape(
        {"action_id": ID, "filetypes": Many(Chars(), 100), "max_files": Number(1, 10)},
    ),
    "image": Shape(
        {"image_url": URL, "slack_file": Part("slack_file"), "alt_text": Chars(2000)},
        ("alt_text",),
        exactly_one=(("image_url", "slack_file"),),
    ),
    "workflow_button": Shape(
        {
            "action_id": ID,
            "text": Text(75),
            "workflow": Open(),
            "style": STYLE,
            "accessibility_label": Chars(75),
        },
        ("text", "workflow"),
    ),
    "feedback_buttons": Shape(
        {"action_id": ID, "positive_button": Part("feedback_button"), "negative_button": Part("feedback_button")},
        ("positive_button", "negative_button"),
    ),
    "icon_button": Shape(
        {
            "action_id": ID,
            "icon": Word(("trash",)),
            "text": Text(75),
            "value": Chars(2000),
            "confirm": CONFIRM,
            "accessibility_label": Chars(75),
            "visible_to_user_ids": Many(Chars(), 10),
        },
        ("icon", "text"),
    ),
    "url": Shape({"url": URL, "text": Chars()}, ("url", "text")),
    "icon": Shape({"name": Chars()}, ("name",)),
    "pie": Shape({"segments": Many(Part("segment"), 12)}, ("segments",)),
    "bar": AXES,
    "line": AXES,
    "area": AXES,
}

INLINE = ("text", "link", "emoji", "user", "channel", "usergroup", "broadcast", "date", "color", "team")
SECTIONS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
BORDER: dict[str, Rule] = {"border": Number(0, 1)}
INLINES = Many(Typed(INLINE), 1000, 0)

RICH: dict[str, Shape] = {
    "rich_text_section": Shape({"elements": INLINES}, ("elements",)),
    "rich_text_quote": Shape({"elements": INLINES, **BORDER}, ("elements",)),
    "rich_text_preformatted": Shape({"elements": INLINES, **BORDER, "language": Chars()}, ("elements",)),
    "rich_text_list": Shape(
        {
            "elements": Many(Typed(("rich_text_section",)), 1000, 0),
            "style": Word(("bullet", "ordered")),
            "indent": Number(0, 8),
            "offset": Number(0, 10000),
            **BORDER,
        },
        ("elements", "style"),
    ),
    "text": _rich(text=Chars(40000)),
    "user": _rich(user_id=Chars()),
    "channel": _rich(channel_id=Chars()),
    "usergroup": _rich(usergroup_id=Chars()),
    "team": _rich(team_id=Chars()),
    "broadcast": _rich(range=Word(("here", "channel", "everyone"))),
    "color": _rich(value=Chars()),
    "link": Shape({"url": URL, "text": Chars(), "unsafe": FLAG, "style": Part("style")}, ("url",)),
    "emoji": Shape({"name": Chars(), "unicode": Chars(), "style": Part("style"), "url": URL}, ("name",)),
    "date": Shape(
        {
            "timestamp": Number(0, 10**11),
            "format": Chars(),
            "url": URL,
            "fallback": Chars(),
            "style": Part("style"),
        },
        ("timestamp", "format"),
    ),
    "raw_text": Shape({"text": Chars(3000, 0)}, ("text",)),
    "raw_number": Shape({"value": Figure(), "text": Chars()}, ("value",)),
}
