"""Photos, files and voice clips: kept with the visit whatever comes with them, and said where they cannot be."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot.beside import SlackBeside, spoken
from capture.beside import FetchError
from store.tables import Attachment, Blob, Capture
from tests.doors.conftest import SlackHouse

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees & Marja, offerte sturen voor vrijdag"
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
CLIP = {"subtype": "slack_audio", "transcription": {"status": "processing"}}


def attached(at_slack: SlackHouse) -> list[tuple[int, str, bytes]]:
    """Capture, name and bytes of everything that is kept."""
    query = select(Attachment.capture_id, Attachment.name, Blob.data).join(Blob, Blob.sha256 == Attachment.sha256)
    with at_slack.house.house.db.read() as tx:
        return [(row[0], row[1], row[2]) for row in tx.execute(query.order_by(Attachment.id))]


def states(at_slack: SlackHouse) -> list[str]:
    return [capture.state for capture in at_slack.house.captures()]


def test_a_photo_with_words_is_kept_with_the_visit(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.uploads("schap.png", PHOTO, "image/png", text=REPORT)
    at_slack.house.run_jobs()
    noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    [visit] = at_slack.house.visits()
    assert [(visit.capture_id, "schap.png", PHOTO)] == attached(at_slack)


def test_a_photo_alone_is_kept_and_goes_with_what_is_then_said_in_its_thread(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    photo = noor.uploads("schap.png", PHOTO, "image/png")
    at_slack.house.run_jobs()
    noor.sees("bij welk bezoek", timeout_s=5)
    noor.says(REPORT, thread=photo)
    at_slack.house.run_jobs()
    [visit] = at_slack.house.visits()
    assert (visit.capture_id, "schap.png", PHOTO) in attached(at_slack)
    assert states(at_slack) == ["nothing", "filed"]


def test_a_photo_in_the_thread_of_a_report_goes_with_the_report_without_a_word(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT)
    at_slack.house.run_jobs()
    photo = noor.uploads("schap.png", PHOTO, "image/png", thread=said)
    at_slack.house.run_jobs()
    [visit] = at_slack.house.visits()
    assert (visit.capture_id, "schap.png", PHOTO) in attached(at_slack)
    assert len(at_slack.slack.journal.called("chat.postMessage")) == 1
    at_slack.slack.wait_for(lambda: list(photo.reactions) == ["white_check_mark"])


def test_the_same_photo_twice_is_two_attachments_of_one_blob(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.uploads("schap.png", PHOTO, "image/png", text=REPORT)
    noor.uploads("nog eens.png", PHOTO, "image/png", text=REPORT)
    at_slack.house.run_jobs()
    with at_slack.house.house.db.read() as tx:
        assert len(tx.scalars(select(Blob.sha256)).all()) == 1
    assert len(attached(at_slack)) == 2


def test_a_photo_delivered_twice_is_kept_once(at_slack: SlackHouse) -> None:
    with at_slack.slack.holding() as held:
        at_slack.slack.human(at_slack.noor).uploads("schap.png", PHOTO, "image/png", text=REPORT)
    [event] = [one for one in held if one["event"]["type"] == "message"]
    at_slack.slack.deliver(event)
    at_slack.house.run_jobs()
    at_slack.slack.deliver(event, retry_num=1)
    at_slack.house.run_jobs()
    assert len(attached(at_slack)) == 1


def test_a_voice_clip_is_filed_by_what_slack_hears_in_it(at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capture.fetching.ASKS_AGAIN_S", 0.05)
    noor = at_slack.slack.human(at_slack.noor)
    clip = noor.uploads("audio_message.m4a", b"\0\0\0 ftypM4A ", "audio/mp4", **CLIP)
    at_slack.slack.transcribes(clip, REPORT, "nl-NL")
    at_slack.house.run_jobs()
    noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    [visit] = at_slack.house.visits()
    assert visit.report == REPORT
    assert [(visit.capture_id, "audio_message.m4a")] == [one[:2] for one in attached(at_slack)]


def test_a_voice_clip_that_takes_slack_its_time_is_waited_for(
    at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.fetching.ASKS_AGAIN_S", 0.05)
    noor = at_slack.slack.human(at_slack.noor)
    clip = noor.uploads("audio_message.webm", b"\x1a\x45\xdf\xa3", "video/webm", **CLIP)
    with pytest.raises(TimeoutError):
        at_slack.house.run_jobs(timeout_s=1)
    assert states(at_slack) == ["taken"]
    at_slack.slack.transcribes(clip, REPORT, "nl-NL")
    at_slack.house.run_jobs()
    assert len(at_slack.house.visits()) == 1


def test_a_voice_clip_that_nobody_turns_into_words_is_kept_and_told(
    at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.fetching.ASKS_AGAIN_S", 0.05)
    noor = at_slack.slack.human(at_slack.noor)
    noor.uploads("audio_message.m4a", b"\0\0\0 ftypM4A ", "audio/mp4", **CLIP)
    with pytest.raises(TimeoutError):
        at_slack.house.run_jobs(timeout_s=0.5)
    at_slack.house.clock.passes(minutes=6)
    at_slack.house.run_jobs()
    noor.sees("er is geen tekst van", timeout_s=5)
    assert len(attached(at_slack)) == 1


def test_a_clip_whose_words_come_late_is_a_report_after_all(
    at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.fetching.LISTENS", timedelta())
    noor = at_slack.slack.human(at_slack.noor)
    clip = noor.uploads("audio_message.m4a", b"\0\0\0 ftypM4A ", "audio/mp4", **CLIP)
    at_slack.house.run_jobs()
    noor.sees("er is geen tekst van", timeout_s=5)
    at_slack.slack.transcribes(clip, REPORT, "nl-NL")
    at_slack.house.run_jobs()
    noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    assert [visit.report for visit in at_slack.house.visits()] == [REPORT]
    assert len(attached(at_slack)) == 1
    assert len(at_slack.slack.journal.called("chat.postMessage")) == 1, "what was said became the card"


def test_slacks_sign_in_page_is_no_photo_and_the_rep_is_told(at_slack: SlackHouse) -> None:
    allowed = at_slack.slack.manifest
    at_slack.slack.manifest = replace(allowed, scopes=allowed.scopes - {"files:read"})
    noor = at_slack.slack.human(at_slack.noor)
    noor.uploads("schap.png", PHOTO, "image/png", text=REPORT)
    at_slack.house.run_jobs()
    noor.sees("Slack gaf niet mee: schap.png", timeout_s=5)
    assert attached(at_slack) == []
    assert [violation.code for violation in at_slack.slack.journal.violations] == ["file_without_token"]
    at_slack.slack.journal.violations.clear()


def test_what_is_too_large_is_not_fetched_and_told(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.uploads("film.mp4", b"....", "video/mp4", text=REPORT, size=26 * 1024 * 1024)
    at_slack.house.run_jobs()
    noor.sees("Te groot om te bewaren: film.mp4", timeout_s=5)
    assert attached(at_slack) == []


def test_the_token_goes_to_slack_alone(at_slack: SlackHouse) -> None:
    beside = SlackBeside(WebClient(at_slack.slack.bot_token, base_url=at_slack.slack.base_url))
    for url in (
        "https://files.slack.com.evil.example/files-pri/T1-F1/x.png",
        "http://files.slack.com/files-pri/T1-F1/x.png",
        f"http://localhost:{urlsplit(at_slack.slack.base_url).port}/files-pri/T1-F1/x.png",
        "file:///etc/hostname",
        "",
    ):
        with pytest.raises(FetchError, match="not Slack's"):
            beside.fetch({"url": url, "type": "image/png"})


def test_subtitles_are_read_as_the_words_that_were_said() -> None:
    told = (
        "WEBVTT\n\nNOTE made by nobody\n\n1\n00:00:00.000 --> 00:00:02.500\n<v Noor>Gisteren bij R&amp;D</v>\n\n"
        "2\n00:02.500 --> 00:05.000 align:start\nin Terwolde geweest.\n"
    )
    assert spoken(told) == "Gisteren bij R&D in Terwolde geweest."


def test_names_of_files_are_shown_as_they_are(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.uploads("<!channel> *x*.mp4", b"....", "video/mp4", text=REPORT, size=26 * 1024 * 1024)
    at_slack.house.run_jobs()
    card = noor.sees("<!channel> *x*.mp4", timeout_s=5)
    assert "<!channel>" not in card.text
    with at_slack.house.house.db.read() as tx:
        assert tx.scalars(select(Capture.state)).all() == ["filed"]
