"""Finding what a person means on the screen: by the words they read there, never by an identifier."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.slack import block_kit
from tests.servers.slack.controls import NAMES, options_of
from tests.servers.slack.workspace import Message, View


class NotOnScreenError(AssertionError):
    """The person looked for something that is not there, or for one of two that look the same."""


@dataclass(frozen=True)
class Control:
    """An element a person may use, the block it stands in, what shows it, and the words it is known by."""

    thing: Message | View
    block: Mapping[str, Any]
    element: Mapping[str, Any]
    labels: tuple[str, ...]
    heading: str


def blocks_of(thing: Message | View) -> list[dict[str, Any]]:
    """The blocks a person sees of a message, its attachments included, or of a view."""
    if isinstance(thing, View):
        return list(thing.data["blocks"])
    attached = [block for each in thing.data.get("attachments", ()) for block in each.get("blocks", ())]
    return [*thing.blocks, *attached]


def controls(thing: Message | View) -> Iterator[Control]:
    """Every control of a message or view, in order; ``heading`` is the nearest text at or above it."""
    heading = ""
    for block in blocks_of(thing):
        said = "\n".join(block_kit.texts({key: block[key] for key in ("text", "fields", "label") if key in block}))
        if block["type"] == "context":
            said = "\n".join(block_kit.texts(block))
        heading = said or heading
        for owner, element in block_kit.elements([block]):
            yield Control(thing, owner, element, tuple(_labels(owner, element)), heading)


def _labels(block: Mapping[str, Any], element: Mapping[str, Any]) -> Iterator[str]:
    for holder, name in ((element, "text"), (element, "placeholder"), (block, "label"), (block, "text")):
        if isinstance(holder.get(name), Mapping):
            yield holder[name]["text"]
    if "accessibility_label" in element:
        yield element["accessibility_label"]


def find(
    things: list[Message | View], fits: Callable[[Control], bool], wanted: str, near: str | None = None
) -> Control:
    """The one control that fits on the first of ``things`` that has any; ``near`` narrows to those under a text."""
    seen: list[str] = []
    for thing in things:
        here = list(controls(thing))
        seen += [control.labels[0] for control in here if control.labels]
        found = [control for control in here if fits(control) and (near is None or near in control.heading)]
        if len(found) > 1:
            raise NotOnScreenError(f"{len(found)} controls are {wanted!r}: say near which text")
        if found:
            return found[0]
    raise NotOnScreenError(f"no {wanted!r} on the screen; there is {seen[:30]}")


def is_button(label: str) -> Callable[[Control], bool]:
    """Fits buttons that read ``label``."""
    kinds = {"button", "workflow_button", "icon_button"}
    return lambda control: control.element["type"] in kinds and label in control.labels


def offers(option: str, label: str | None) -> Callable[[Control], bool]:
    """Fits menus and boxes that offer ``option`` now, or any that look it up; ``label`` narrows to one."""

    def fits(control: Control) -> bool:
        kind = control.element["type"]
        if label is not None and label not in control.labels:
            return False
        if kind in {"external_select", "multi_external_select"}:
            return True
        if "options" in control.element or "option_groups" in control.element:
            return any(each["text"]["text"] == option for each in options_of(control.element))
        return label is not None and kind in NAMES

    return fits


def is_field(label: str) -> Callable[[Control], bool]:
    """Fits fields of a form known by ``label``."""
    return lambda control: control.element["type"] in NAMES and label in control.labels
