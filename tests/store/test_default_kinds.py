"""The lists that a new house begins with."""

import tomllib
from importlib.resources import files

import pytest

from parsing.model import LANGUAGES, Crm

DEFAULTS = tomllib.loads(files("store").joinpath("defaults/kinds.toml").read_text("utf-8"))
KINDS = [(family, key) for family, kinds in DEFAULTS.items() for key in kinds]


def test_the_parser_knows_each_default_and_no_other() -> None:
    crm = Crm()
    assert crm.types == tuple(DEFAULTS["type"])
    assert crm.media == tuple(DEFAULTS["medium"])
    assert crm.outcomes == tuple(DEFAULTS["outcome"])
    assert {"planned", "held", "missed", "cancelled"} == set(DEFAULTS["status"])


@pytest.mark.parametrize(("family", "key"), KINDS)
def test_a_kind_has_a_label_that_fits_a_button_in_each_language_and_says_when_it_is_meant(
    family: str, key: str
) -> None:
    kind = DEFAULTS[family][key]
    assert set(LANGUAGES) == set(kind["labels"])
    # An option of a Slack select shows 75 characters (docs.slack.dev, option object); a telephone a third of that.
    assert all(0 < len(label) <= 27 for label in kind["labels"].values())
    assert kind["says"].endswith(".")


@pytest.mark.parametrize("family", DEFAULTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_of_a_family_read_alike(family: str, language: str) -> None:
    labels = [kind["labels"][language] for kind in DEFAULTS[family].values()]
    assert len(labels) == len(set(labels))
