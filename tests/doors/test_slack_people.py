"""Who is who in the workspace, and what is written down of them: nothing that is not needed."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from capture.importing import import_folder
from store import reps
from store.tables import Action, Rep
from tests.conftest import HOUSE
from tests.doors.conftest import MANIFEST, SlackHouse
from tests.servers.slack import ManifestError, load_manifest, read_manifest

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees & Marja, offerte sturen voor vrijdag"


def row_of(at_slack: SlackHouse, email: str) -> Rep:
    with at_slack.house.house.db.read() as tx:
        rep = reps.by_email(tx, email)
        assert rep is not None
        return rep


def unsaid(at_slack: SlackHouse, email: str, **more: Any) -> None:
    """The row of this person says neither zone nor language."""
    with at_slack.house.house.db.write() as tx:
        rep = reps.by_email(tx, email)
        assert rep is not None
        rep.timezone, rep.language = "UTC", "en"
        for name, value in more.items():
            setattr(rep, name, value)


def test_zone_and_language_come_from_the_profile_where_the_row_says_none(at_slack: SlackHouse) -> None:
    unsaid(at_slack, "saara@varenhof.example")
    at_slack.slack.changes(at_slack.saara, locale="fi-FI")
    saara = at_slack.slack.human(at_slack.saara)
    saara.says("Kävin eilen Kuusiston Panimolla, Pekka halusi tarjouksen")
    saara.says("kiitos")
    row = row_of(at_slack, "saara@varenhof.example")
    assert (row.timezone, row.language, row.slack_id) == ("Europe/Helsinki", "fi", at_slack.saara.id)
    assert len(at_slack.slack.journal.called("users.info")) == 1


def test_what_the_row_says_is_not_overruled_by_the_profile(at_slack: SlackHouse) -> None:
    at_slack.slack.changes(at_slack.saara, locale="en-GB", tz="America/New_York")
    at_slack.slack.human(at_slack.saara).says("Kävin eilen Kuusiston Panimolla")
    row = row_of(at_slack, "saara@varenhof.example")
    assert (row.timezone, row.language) == ("Europe/Helsinki", "fi")


def test_a_rep_known_by_the_administrators_table_gets_the_zone_of_the_profile_too(at_slack: SlackHouse) -> None:
    unsaid(at_slack, "noor@varenhof.example")
    at_slack.slack.human(at_slack.noor).says(REPORT)
    assert row_of(at_slack, "noor@varenhof.example").timezone == "Europe/Amsterdam"


def test_the_table_goes_before_the_address(at_slack: SlackHouse) -> None:
    other = at_slack.slack.human(at_slack.slack.add_user("Noor twee", "noor@varenhof.example"))
    other.says(REPORT)
    at_slack.house.run_jobs()
    assert [capture.state for capture in at_slack.house.captures()] == ["refused"]
    assert row_of(at_slack, "noor@varenhof.example").slack_id == at_slack.noor.id


def test_people_may_be_brought_in_without_language_and_zone_and_keep_what_they_chose(
    at_slack: SlackHouse, tmp_path: Path
) -> None:
    at_slack.house.house.assistant.home.choose(at_slack.noor.id, "language", "fi")
    for file in HOUSE.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    people = (tmp_path / "reps.csv").read_text("utf-8")
    added = f"{people}nieuw@varenhof.example,Nieuw,,rep,Noord,,,\n"
    (tmp_path / "reps.csv").write_text(added, "utf-8")
    import_folder(at_slack.house.house.db, tmp_path, at_slack.house.clock.now)
    new = row_of(at_slack, "nieuw@varenhof.example")
    assert (new.language, new.timezone) == ("en", "UTC")
    assert row_of(at_slack, "noor@varenhof.example").language == "fi"


def test_a_colleague_who_never_wrote_is_known_by_a_mention(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(
        f"gisteren bij zuivelhuis terwolde geweest, <@{at_slack.saara.id}> stuurt de offerte voor vrijdag", raw=True
    )
    at_slack.house.run_jobs()
    saara = row_of(at_slack, "saara@varenhof.example")
    assert saara.slack_id == at_slack.saara.id
    with at_slack.house.house.db.read() as tx:
        assert tx.scalars(select(Action.assignee_id)).all() == [saara.id]


def test_another_bot_is_not_listened_to(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor])
    bot = at_slack.slack.add_user("Andere bot", "bot@varenhof.example", is_bot=True)
    channel.members.add(bot.id)
    at_slack.slack.human(bot).says(f"<@{at_slack.slack.workspace.bot_user}> {REPORT}", to=channel, raw=True)
    assert at_slack.house.captures() == []


def test_neither_words_nor_tokens_are_ever_logged(
    at_slack: SlackHouse, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    at_slack.slack.fail_next("chat.postMessage", error="fatal_error", times=1)
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    noor.uploads("schap.png", b"\x89PNG", "image/png", text=REPORT)
    noor.slash("/visit", REPORT)
    noor.opens_home()
    at_slack.house.run_jobs()

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("capture.Assistant.accept", broken)
        with at_slack.slack.holding() as held:
            noor.says(REPORT)
        assert not at_slack.slack.deliver(held[0]).ok
    logged = caplog.text
    assert "disk is full" in logged
    for secret in ("Terwolde", "terwolde", "Marja", at_slack.slack.bot_token, at_slack.slack.signing_secret):
        assert secret not in logged


def test_slack_would_take_the_manifest_and_it_asks_for_what_is_used() -> None:
    manifest = read_manifest(load_manifest(MANIFEST))
    assert manifest.home_tab
    assert manifest.commands == {"/visit"}
    assert manifest.shortcuts == {"Log as visit": ("message", "log_as_visit")}
    assert {"reactions:write", "files:read", "users:read.email", "commands"} <= manifest.scopes
    assert {"app_home_opened", "app_mention", "message.im", "message.channels"} <= manifest.events


def spoilt() -> Iterator[tuple[str, Callable[[dict[str, Any]], object]]]:
    yield "a name too long", lambda one: one["display_information"].update(name="x" * 36)
    yield "no such field", lambda one: one["features"].update(slash_command=[])
    yield "a long description too short", lambda one: one["display_information"].update(long_description="short")
    yield "a command without a slash", lambda one: one["features"]["slash_commands"][0].update(command="visit")
    yield "an event without its scope", lambda one: one["oauth_config"]["scopes"]["bot"].remove("groups:history")
    yield "an event that is none", lambda one: one["settings"]["event_subscriptions"]["bot_events"].append("message.me")


@pytest.mark.parametrize("spoil", [change for _, change in spoilt()], ids=[name for name, _ in spoilt()])
def test_a_manifest_that_slack_would_refuse_is_refused_here(spoil: Callable[[dict[str, Any]], object]) -> None:
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    spoil(manifest)
    with pytest.raises(ManifestError):
        read_manifest(manifest)
