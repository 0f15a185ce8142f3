from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mail_ingest.invitations import read_invitation
from mail_ingest.reading import read_mail
from parsing.model import Invitation

SENT = datetime(2026, 3, 12, 16, 20, tzinfo=UTC)


def calendar(*lines: str, method: str = "REQUEST") -> str:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            "UID:1",
            "SUMMARY:Muster\\, Halle 2",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )


def read(*lines: str, method: str = "REQUEST", sent_at: datetime = SENT) -> Invitation:
    found = read_invitation([calendar(*lines, method=method)], sent_at)
    assert found is not None
    return found


def test_an_invitation_tells_the_meeting() -> None:
    got = read(
        "DTSTART;TZID=W. Europe Standard Time:20260311T140000",
        "DTEND;TZID=W. Europe Standard Time:20260311T150000",
        "ORGANIZER;CN=Selin Aydin:mailto:Selin@Strandhotel.example",
        'ATTENDEE;ROLE=REQ-PARTICIPANT;CN="Pohlmann, Jens":mailto:jens@kachel',
        " werk.example",
        "ATTENDEE;CUTYPE=ROOM;CN=Raum 2:mailto:raum2@strandhotel.example",
        "LOCATION:Strandhotel\\, Raum 2",
        "DESCRIPTION:Bitte Muster\\nmitbringen",
    )
    assert "Muster, Halle 2" == got.subject
    assert datetime(2026, 3, 11, 14, tzinfo=ZoneInfo("Europe/Berlin")) == got.start
    assert datetime(2026, 3, 11, 15, tzinfo=ZoneInfo("Europe/Berlin")) == got.end
    assert ("selin@strandhotel.example", "Selin Aydin") == (got.organizer.email, got.organizer.name)
    assert [("jens@kachelwerk.example", "Pohlmann, Jens")] == [(one.email, one.name) for one in got.attendees]
    assert ("Strandhotel, Raum 2", "Bitte Muster\nmitbringen", False) == (got.place, got.description, got.cancelled)


@pytest.mark.parametrize(
    ("tzid", "hour_utc"),
    [
        ("Europe/Helsinki", 12),
        ("FLE Standard Time", 12),
        ("(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen", 13),
        ('"(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius"', 12),
        ("GMT Standard Time", 14),
        ("(UTC-05:00) Eastern Time (US & Canada)", 18),
        ("/freeassociation.sourceforge.net/Europe/Brussels", 13),
        ("(UTC+01:00) Nergens", 13),
    ],
)
def test_zones_are_known_by_all_their_names(tzid: str, hour_utc: int) -> None:
    got = read(f"DTSTART;TZID={tzid}:20260312T140000")
    assert hour_utc == got.start.astimezone(UTC).hour


def test_an_own_zone_of_the_calendar_is_read_from_its_rules() -> None:
    said = calendar("DTSTART;TZID=Büro:20260701T140000").replace(
        "BEGIN:VEVENT",
        "BEGIN:VTIMEZONE\r\nTZID:Büro\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT",
    )
    assert 12 == read_invitation([said], SENT).start.astimezone(UTC).hour


def test_a_whole_day_and_a_duration() -> None:
    assert date(2026, 3, 11) == read("DTSTART;VALUE=DATE:20260311").start
    assert datetime(2026, 3, 11, 9, 30, tzinfo=UTC) == read("DTSTART:20260311T080000Z", "DURATION:PT1H30M").end


def test_of_a_series_it_is_the_instance_nearest_before_the_mail() -> None:
    got = read("DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO")
    assert datetime(2026, 3, 9, 9, tzinfo=UTC) == got.start
    assert datetime(2026, 3, 9, 10, tzinfo=UTC) == got.end


def test_an_instance_that_was_called_off_is_passed_over_and_the_end_of_a_series_is_kept() -> None:
    assert 2 == read("DTSTART:20260105T090000Z", "RRULE:FREQ=WEEKLY", "EXDATE:20260309T090000Z").start.day
    assert 26 == read("DTSTART:20260105T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=20260127T000000Z").start.day


def test_a_series_that_begins_later_is_its_first_instance() -> None:
    assert 6 == read("DTSTART:20260406T090000Z", "RRULE:FREQ=DAILY").start.day


def test_a_cancellation_says_so_and_an_answer_is_no_invitation() -> None:
    assert read("DTSTART:20260311T080000Z", method="CANCEL").cancelled
    assert read("DTSTART:20260311T080000Z", "STATUS:CANCELLED").cancelled
    assert read_invitation([calendar("DTSTART:20260311T080000Z", method="REPLY")], SENT) is None


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYDAY=99XX",
        "BYDAY=MO",
        "FREQ=YEARLY;BYSETPOS=400",
    ],
)
def test_a_rule_that_cannot_be_run_leaves_the_first_instance(rule: str) -> None:
    assert datetime(2019, 3, 11, 8, tzinfo=UTC) == read("DTSTART:20190311T080000Z", f"RRULE:{rule}").start


def test_the_invitation_comes_with_the_mail() -> None:
    raw = (
        "From: Selin <selin@strandhotel.example>\nDate: Thu, 12 Mar 2026 16:20:00 +0100\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\nfand statt\n\n'
        "--b\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\n"
        + calendar("DTSTART:20260311T080000Z")
        + "\n--b--\n"
    )
    got = read_mail(raw.encode())
    assert ("fand statt", "Muster, Halle 2") == (got.note, got.invitation.subject)
    assert got.invitation == got.message(rep="jens@kachelwerk.example").invitation


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("FREQ=DAILY;INTERVAL=2", date(2026, 3, 11)),
        ("FREQ=DAILY;COUNT=3", date(2026, 1, 8)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", date(2026, 3, 5)),
        ("FREQ=MONTHLY;BYDAY=2TU", date(2026, 3, 10)),
        ("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 2, 27)),
        ("FREQ=MONTHLY;BYMONTHDAY=6", date(2026, 3, 6)),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", date(2026, 2, 27)),
        ("FREQ=YEARLY", date(2026, 1, 6)),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", date(2026, 3, 2)),
    ],
)
def test_rules_as_people_make_them(rule: str, day: date) -> None:
    assert day == read("DTSTART:20260106T090000Z", f"RRULE:{rule}").start.date()
