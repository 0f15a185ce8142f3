"""The form with every field of a visit, as Slack's modal. People's words stand in plain text alone."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from letters.card import lack_line
from letters.filters import cut, line
from letters.model import ActionField, Choice, ExtraField, FixForm
from letters.wording import Wording

CALLBACK = "fix"
NONE = "-"
"""The option that leaves a field empty: Slack has no way to clear a menu."""
ACTIONS = 10
"""Actions with fields of their own; a modal takes a hundred blocks."""
OPTION, VALUE, INPUT = 75, 150, 3000
"""Characters that Slack takes in an option, as its value, and in a text field (docs.slack.dev/reference/block-kit)."""
STATES = ("open", "done", "dropped")
Json = dict[str, Any]


def loading_modal(words: Wording) -> Json:
    """What is shown at once, while the form is made."""
    return _modal(words, [_text(words.say("fix.loading"))])


def closed_modal(words: Wording, why: str) -> Json:
    """What is shown where there is nothing to change."""
    return _modal(words, [_text(why)])


def fix_modal(words: Wording, form: FixForm, mine: Iterable[str] = ()) -> Json:
    """The form. ``private_metadata`` says which visit and version it shows.

    ``mine`` names the fields that hold what its rep put there before, and that is still to be kept.
    """
    blocks = [_text(form.number, "context")]
    if form.meanwhile:
        own = {one.field: one.label for one in form.extra}
        names = ", ".join(own.get(name) or words.say(f"fields.{LABELS.get(name, name)}") for name in form.meanwhile)
        blocks.insert(0, _text(words.say("fix.meanwhile", names=names)))
    blocks += [_input(words, form, base, element) for base, element in _fields(words, form)]
    for n, action in enumerate(form.actions[:ACTIONS], 1):
        blocks += _action(words, form, action, f"action.{action.id}", f"{n}. ")
    blocks += _action(words, form, None, "action.new", "+ ")
    view = _modal(words, blocks)
    view["submit"] = _plain(words.say("fix.save"), 24)
    view["private_metadata"] = json.dumps({"visit": form.id, "seen": form.seen, "mine": list(mine)})
    return view


LABELS = {"date": "on"}
"""Fields whose words go by another name."""
NEEDED = frozenset({"date", "status"})


def _modal(words: Wording, blocks: list[Json]) -> Json:
    return {
        "type": "modal", "callback_id": CALLBACK, "title": _plain(words.say("fix.title"), 24),
        "close": _plain(words.say("fix.close"), 24), "blocks": blocks,
    }  # fmt: skip


def _fields(words: Wording, form: FixForm) -> list[tuple[str, Json]]:
    """Each field's name and what is filled in."""
    menus = {
        family: _menu(words, form.kinds.get(family, ()), getattr(form, family), clear=family not in NEEDED)
        for family in KINDS
    }
    account: Json = {"type": "external_select", "min_query_length": 1}
    people: Json = {"type": "multi_external_select", "min_query_length": 0}
    if form.account:
        account["initial_option"] = _option(form.account)
    if form.contacts:
        people["initial_options"] = [_option(one) for one in form.contacts]
    sums = "\n".join(f"{value:f} {currency}" for value, currency in form.amounts)
    return [
        ("account", account),
        ("contacts", people),
        ("new_contact", _typed("", words.say("fix.new_contact"))),
        ("date", _day(form.on)),
        ("starts", _time(form.starts)),
        ("ends", _time(form.ends)),
        *menus.items(),
        ("keywords", _typed(_joined(form.keywords), words.say("fix.keywords"))),
        ("amounts", _typed(sums, words.say("fix.amounts"), multiline=True)),
        ("subject", _typed(form.subject or "")),
        ("city", _typed(form.city or "")),
        *((one.field, _of_house(words, one)) for one in form.extra),
    ]


def _of_house(words: Wording, one: ExtraField) -> Json:
    """An attribute of the house's own; a number is typed as people write it."""
    if one.kind == "choice":
        return _menu(words, one.choices, one.value or None)
    if one.kind == "date":
        return _day(date.fromisoformat(one.value) if one.value else None)
    return _typed(one.value, most=500)


KINDS = ("status", "type", "medium", "outcome")


def _action(words: Wording, form: FixForm, action: ActionField | None, base: str, mark: str) -> list[Json]:
    """The fields of one action; of one that is to be added where there is none."""
    field = action or ActionField()
    who: Json = {"type": "external_select", "min_query_length": 0}
    if field.assignee:
        who["initial_option"] = _option(Choice(label=field.who, value=field.assignee))
    text = _typed(field.text, words.say("fix.new_action") if action is None else None, multiline=True, most=2_000)
    parts = [("text", "action_text", text), ("due", "due", _day(field.due)), ("who", "assignee", who)]
    blocks = [_input(words, form, f"{base}.{part}", element, mark=mark, label=label) for part, label, element in parts]
    if action is not None:
        states = tuple(Choice(label=words.say(f"fix.{state}"), value=state) for state in STATES)
        menu = _menu(words, states, field.state, clear=False)
        blocks.append(_input(words, form, f"{base}.state", menu, mark=mark, label="status"))
    return blocks


def _input(
    words: Wording, form: FixForm, base: str, element: Json, *, mark: str = "", label: str | None = None
) -> Json:
    """A field. Its ``block_id`` ends with the version: with the same one Slack would keep what was typed before."""
    own = next((one.label for one in form.extra if one.field == base), None)
    said = own or words.say(f"fields.{label or LABELS.get(base, base)}")
    kind = "who" if base.endswith(".who") else base if "." not in base else "value"
    block = {
        "type": "input", "block_id": f"{base}:{form.seen}", "optional": base not in NEEDED,
        "label": _plain(f"{mark}{said}", 150), "element": {**element, "action_id": f"fix:{kind}"},
    }  # fmt: skip
    asked = "actions" if base == "action.new.text" else base
    lack = next((one for one in form.lacks if one.field == asked), None)
    if lack is None:
        return block
    # Shown below the field (docs.slack.dev, input block: 2,000 characters); it is not enforced, the rep may not know.
    return {**block, "hint": _plain(words.say("home.lacks", told=lack_line(words, lack)), 2_000)}


def _menu(words: Wording, choices: Iterable[Choice], chosen: str | None, *, clear: bool = True) -> Json:
    options = [_option(one) for one in choices][:99]
    if clear:
        options.insert(0, _option(Choice(label=words.say("fix.none"), value=NONE)))
    menu: Json = {"type": "static_select", "options": options}
    initial = next((one for one in options if one["value"] == (chosen or NONE)), None)
    return {**menu, "initial_option": initial} if initial else menu


def _typed(text: str, example: str | None = None, *, multiline: bool = False, most: int = INPUT) -> Json:
    element: Json = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
    if text:
        element["initial_value"] = cut(text, most)
    return {**element, "placeholder": _plain(example, 150)} if example else element


def _day(day: date | None) -> Json:
    return {"type": "datepicker", **({"initial_date": day.isoformat()} if day else {})}


def _time(moment: time | None) -> Json:
    return {"type": "timepicker", **({"initial_time": f"{moment:%H:%M}"} if moment else {})}


def _joined(terms: Iterable[str]) -> str:
    told = ""
    for term in terms:
        longer = f"{told}, {term}" if told else term
        if len(longer) > INPUT:
            break
        told = longer
    return told


def _option(choice: Choice) -> Json:
    return {"text": _plain(line(choice.label, OPTION) or "?", OPTION), "value": choice.value[:VALUE]}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def _text(text: str, kind: str = "section") -> Json:
    said = _plain(text, INPUT)
    return {"type": "context", "elements": [said]} if kind == "context" else {"type": "section", "text": said}


# --------------------------------------------------------------------------------------------- what was filled in

_INITIAL: Mapping[str, str] = {
    "value": "initial_value", "selected_date": "initial_date", "selected_time": "initial_time",
    "selected_option": "initial_option", "selected_options": "initial_options",
}  # fmt: skip


def with_values(view: Json, states: Mapping[str, Json]) -> Json:
    """The form with these fields (name to Slack's state of it) filled in as they were."""
    blocks = []
    for block in view["blocks"]:
        state = states.get(str(block.get("block_id", "")).rpartition(":")[0])
        if state is None:
            blocks.append(block)
            continue
        element = {name: value for name, value in block["element"].items() if name not in _INITIAL.values()}
        kept = {_INITIAL[name]: value for name, value in state.items() if name in _INITIAL and value}
        blocks.append({**block, "element": {**element, **kept}})
    return {**view, "blocks": blocks}


def changed_states(view: Json) -> dict[str, Json]:
    """The fields of a form that was sent whose values are not those that it showed, by name."""
    mine = json.loads(view["private_metadata"])["mine"]
    changed = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        base = block["block_id"].rpartition(":")[0]
        state = view["state"]["values"][block["block_id"]][block["element"]["action_id"]]
        shown = {name: block["element"].get(initial) or None for name, initial in _INITIAL.items() if name in state}
        if base in mine or any(_bare(state[name] or None) != _bare(value) for name, value in shown.items()):
            changed[base] = state
    return changed


def _bare(value: Any) -> Any:
    """The value without what Slack adds to its texts."""
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value["value"] if isinstance(value, dict) else value
