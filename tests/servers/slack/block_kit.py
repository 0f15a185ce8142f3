"""Would Slack take these blocks? Reads the table of ``limits`` and says what it would refuse, in Slack's words."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.slack.limits import (
    PARTS,
    Chars,
    Figure,
    Flag,
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
from tests.servers.slack.limits_of_blocks import (
    BLOCKS_CHARS,
    MARKDOWN_CHARS,
    MOST_BLOCKS,
    MOST_OF_A_TYPE,
    SURFACES,
    TABLE_CHARS,
    TOP,
    TYPED,
    VIEWS,
    shape_of,
)
from tests.servers.slack.limits_of_manifests import SHAPES

LIVE = re.compile(r"<(?:[!@#]|https?:|mailto:|tel:)[^<>]*>")
ALL_PARTS = {**PARTS, **SHAPES}


@dataclass(frozen=True)
class Problem:
    """One reason to refuse: where it is, as a JSON pointer, and what is wrong there."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


def check_blocks(blocks: Any, surface: str = "message", pointer: str = "/blocks") -> list[Problem]:
    """Everything Slack would refuse in ``blocks`` on a "message", a "modal" or the "home"; empty when all is well."""
    if not isinstance(blocks, list):
        return [Problem(pointer, "must be an array")]
    problems = []
    if len(blocks) > MOST_BLOCKS[surface]:
        problems.append(Problem(pointer, f"no more than {MOST_BLOCKS[surface]} items allowed [input: {len(blocks)}]"))
    for place, block in enumerate(blocks):
        problems += _block(block, surface, f"{pointer}/{place}")
    if not problems:
        problems += _together(blocks, pointer)
    return problems


def check_view(view: Any) -> list[Problem]:
    """Everything Slack would refuse in the modal or Home ``view``; empty when it is well."""
    if not isinstance(view, Mapping):
        return [Problem("/view", "must be an object")]
    type_ = view.get("type")
    if not isinstance(type_, str) or type_ not in VIEWS:
        return [Problem("/view/type", f"unsupported type: {type_}")]
    problems = list(_object(shape_of(type_, VIEWS), view, "/view"))
    blocks = view.get("blocks")
    problems += check_blocks(blocks, type_, "/view/blocks")
    if type_ == "modal" and not view.get("submit") and any(_is(block, "input") for block in _list(blocks)):
        problems.append(Problem("/view", "missing required field: submit"))
    return problems


def too_long(blocks: list[Any]) -> bool:
    """Whether the blocks of a message are more than Slack takes in all (``msg_blocks_too_long``)."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > BLOCKS_CHARS * 4 or (
        sum(len(text) for text in texts(blocks)) > BLOCKS_CHARS
    )


def texts(value: Any) -> Iterator[str]:
    """Every text a person would read in blocks, attachments or a view, in order."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in {"text", "fallback", "alt_text"} and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def live_markup(value: Any, kind: str = "mrkdwn") -> Iterator[str]:
    """What Slack would make a mention, a link or a ping of in a payload: ``<!channel>``, ``<@U1>``, ``<https://…>``.

    The ``text`` of a message is mrkdwn; a text object says itself what it is; rich text names its people outright.
    """
    if isinstance(value, Mapping):
        if value.get("type") in {"broadcast", "user", "usergroup", "channel"}:
            yield f"{value['type']}: {value}"
        inner_kind = "plain_text" if value.get("type") in {"plain_text", "raw_text", "text"} else "mrkdwn"
        for name, inner in value.items():
            if isinstance(inner, Mapping | list) or name in {"text", "fallback", "pretext", "title"}:
                yield from live_markup(inner, inner_kind)
    elif isinstance(value, list):
        for inner in value:
            yield from live_markup(inner, kind)
    elif isinstance(value, str) and kind == "mrkdwn":
        yield from LIVE.findall(value)


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every element a person may answer, with the block it stands in."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
        elif block["type"] == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] in {"actions", "context_actions"}:
            for element in block["elements"]:
                yield block, element
        elif block["type"] == "card":
            for element in block.get("actions", ()):
                yield block, element
        for inner in (block.get("child_blocks", ()), block["elements"] if block["type"] == "carousel" else ()):
            yield from elements(list(inner))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is(block: Any, type_: str) -> bool:
    return isinstance(block, Mapping) and block.get("type") == type_


def _block(block: Any, surface: str, pointer: str) -> Iterator[Problem]:
    if not isinstance(block, Mapping):
        yield Problem(pointer, "must be an object")
        return
    type_ = block.get("type")
    if not isinstance(type_, str) or type_ not in TOP or surface not in SURFACES[type_]:
        yield Problem(f"{pointer}/type", f"unsupported type: {type_}")
        return
    yield from _object(TOP[type_], block, pointer)
    if type_ == "container":
        for place, inner in enumerate(_list(block.get("child_blocks"))):
            yield from _block(inner, surface, f"{pointer}/child_blocks/{place}")
    if type_ in {"table", "data_table"} and _cells(block) > TABLE_CHARS:
        yield Problem(f"{pointer}/rows", f"must be less than {TABLE_CHARS + 1} characters")


def _cells(block: Mapping[str, Any]) -> int:
    return sum(len(text) for text in texts(block.get("rows", [])))


def _together(blocks: list[dict[str, Any]], pointer: str) -> Iterator[Problem]:
    """What is wrong with blocks that are each well by themselves."""
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for place, block in enumerate(blocks):
        if ids[block.get("block_id")] > 1:
            yield Problem(f"{pointer}/{place}/block_id", f"block_id already exists: {block['block_id']}")
        actions = Counter(element.get("action_id") for _, element in elements([block]) if element.get("action_id"))
        for action_id, count in actions.items():
            if count > 1:
                yield Problem(f"{pointer}/{place}", f"action_id already exists: {action_id}")
    for type_, most in MOST_OF_A_TYPE.items():
        if sum(block["type"] == type_ for block in blocks) > most:
            yield Problem(pointer, f"no more than {most} {type_} allowed")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARS:
        yield Problem(pointer, f"markdown must be less than {MARKDOWN_CHARS + 1} characters in all")
    if sum(bool(element.get("focus_on_load")) for _, element in elements(blocks)) > 1:
        yield Problem(pointer, "only one element may have focus_on_load")


def _object(shape: Shape, value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    for name in shape.required:
        if value.get(name) is None:
            yield Problem(pointer, f"missing required field: {name}")
    for group in shape.exactly_one:
        if sum(value.get(name) is not None for name in group) != 1:
            yield Problem(pointer, f"exactly one of {', '.join(group)} is required")
    for group in shape.at_least_one:
        if not any(value.get(name) is not None for name in group):
            yield Problem(pointer, f"missing required field: {group[0]}")
    for name, inner in value.items():
        if name not in shape.fields:
            yield Problem(pointer, f"invalid additional property: {name}")
        elif inner is not None:
            rule = shape.fields[name]
            yield from CHECKS[type(rule)](rule, inner, f"{pointer}/{name}")
    yield from _consistent(value, pointer)


def _consistent(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Fields that must agree with one another."""
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem(f"{pointer}/min_length", "must be less than max_length")
    if value.get("type") == "number_input":
        yield from _range(value, pointer)
    if value.get("type") in {"bar", "line", "area"}:
        yield from _points(value, pointer)
    if value.get("type") in {"external_select", "multi_external_select"}:
        return
    initial = _list(value.get("initial_options")) or ([value["initial_option"]] if value.get("initial_option") else [])
    offered = list(_list(value.get("options")))
    for group in _list(value.get("option_groups")):
        offered += _list(group.get("options")) if isinstance(group, Mapping) else []
    if initial and any(option not in offered for option in initial):
        yield Problem(pointer, "initial option must exactly match one of the provided options")


def _range(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    given = {
        name: value[name] for name in ("min_value", "initial_value", "max_value") if isinstance(value.get(name), str)
    }
    try:
        figures = [float(each) for each in given.values()]
    except ValueError:
        yield Problem(pointer, f"{', '.join(given)} must be numbers")
        return
    if figures != sorted(figures):
        yield Problem(pointer, f"{', '.join(given)} must not be in falling order")


def _points(chart: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """An axis shows one point of each series for each of its categories."""
    axes, series = chart.get("axis_config"), chart.get("series")
    if not isinstance(axes, Mapping) or not isinstance(series, list):
        return
    for place, each in enumerate(series):
        points = _list(each.get("data")) if isinstance(each, Mapping) else []
        labels = [point.get("label") for point in points if isinstance(point, Mapping)]
        if sorted(map(str, labels)) != sorted(map(str, _list(axes.get("categories")))):
            yield Problem(f"{pointer}/series/{place}/data", "must have one point for each category")


def _length(text: Any, rule: Text | Chars, pointer: str) -> Iterator[Problem]:
    if not isinstance(text, str):
        yield Problem(pointer, "must be a string")
    elif len(text) < rule.least:
        yield Problem(pointer, f"must be more than {rule.least - 1} characters")
    elif len(text) > rule.most:
        yield Problem(pointer, f"must be less than {rule.most + 1} characters")


def _text(rule: Text, value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(pointer, "must be an object")
        return
    type_ = value.get("type")
    if not isinstance(type_, str) or type_ not in rule.kinds:
        yield Problem(f"{pointer}/type", f"unsupported type: {type_}")
        return
    allowed = {"type", "text", "emoji" if type_ == "plain_text" else "verbatim"}
    for name in value.keys() - allowed:
        yield Problem(pointer, f"invalid additional property: {name}")
    yield from _length(value.get("text"), rule, f"{pointer}/text")


def _chars(rule: Chars, value: Any, pointer: str) -> Iterator[Problem]:
    problems = list(_length(value, rule, pointer))
    yield from problems
    if rule.like and not problems and not re.fullmatch(rule.like, value):
        yield Problem(pointer, f"must match {rule.like}")


def _number(rule: Number, value: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield Problem(pointer, "must be an integer")
    elif not rule.least <= value <= rule.most:
        yield Problem(pointer, f"must be between {rule.least} and {rule.most}")


def _figure(rule: Figure, value: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Problem(pointer, "must be a number")
    elif rule.above is not None and value <= rule.above:
        yield Problem(pointer, f"must be more than {rule.above}")


def _flag(_: Flag, value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(pointer, "must be a boolean")


def _word(rule: Word, value: Any, pointer: str) -> Iterator[Problem]:
    if value not in rule.words:
        yield Problem(pointer, f"must be one of {', '.join(rule.words)}")


def _part(rule: Part, value: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        yield from _object(ALL_PARTS[rule.name], value, pointer)
    else:
        yield Problem(pointer, "must be an object")


def _typed(rule: Typed, value: Any, pointer: str) -> Iterator[Problem]:
    type_ = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(type_, str) or type_ not in rule.types:
        yield Problem(f"{pointer}/type", f"unsupported type: {type_}")
    elif type_ in {"plain_text", "mrkdwn"}:
        yield from _text(Text(3000, rule.types), value, pointer)
    else:
        yield from _object(TYPED[type_], value, pointer)


def _many(rule: Many, value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(pointer, "must be an array")
        return
    if len(value) < rule.least:
        yield Problem(pointer, f"no less than {rule.least} items allowed [input: {len(value)}]")
    if len(value) > rule.most:
        yield Problem(pointer, f"no more than {rule.most} items allowed [input: {len(value)}]")
    for place, inner in enumerate(value):
        yield from CHECKS[type(rule.of)](rule.of, inner, f"{pointer}/{place}")


def _open(_: Open, __: Any, ___: str) -> Iterator[Problem]:
    return iter(())


CHECKS: dict[type[Rule], Callable[[Any, Any, str], Iterator[Problem]]] = {
    Text: _text,
    Chars: _chars,
    Number: _number,
    Figure: _figure,
    Flag: _flag,
    Word: _word,
    Part: _part,
    Typed: _typed,
    Many: _many,
    Open: _open,
}


def check_part(rule: Rule, value: Any, pointer: str) -> list[Problem]:
    """Everything Slack would refuse in a part of a payload that must keep ``rule``."""
    return list(CHECKS[type(rule)](rule, value, pointer))
