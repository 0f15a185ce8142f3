import base64
from datetime import UTC, datetime

import pytest

from mail_ingest.reading import read_mail, to_json

HEAD = (
    "From: Noor Vermeulen <noor@tegelhof.example>\nTo: visits@debrief.example\nSubject: Fwd: Monsters\n"
    "Date: Thu, 12 Mar 2026 16:20:00 +0100\nMessage-ID: <m1@mail.example>\nMIME-Version: 1.0\n"
)
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40).decode()


def mixed(*parts: str, kind: str = "mixed") -> bytes:
    return (
        HEAD
        + f'Content-Type: multipart/{kind}; boundary="b"\n\n'
        + "".join(f"--b\n{part}\n" for part in parts)
        + "--b--\n"
    ).encode()


def plain(text: str = "goed gesprek") -> str:
    return f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"


def test_headers_become_a_message() -> None:
    reading = read_mail(
        (
            HEAD + 'Cc: "Prins, Daan" <Daan@Badhuis.example>\nReferences: <a@x> <b@x>\nIn-Reply-To: <b@x>\n\nhallo\n'
        ).encode()
    )
    assert ("<m1@mail.example>", "<b@x>", ("<a@x>", "<b@x>")) == (
        reading.message_id,
        reading.in_reply_to,
        reading.references,
    )
    assert [("daan@badhuis.example", "Prins, Daan")] == [(one.email, one.name) for one in reading.cc]
    message = reading.message(rep="noor@tegelhof.example")
    assert ("email", "<m1@mail.example>", "Monsters", "hallo") == (
        message.via,
        message.source_id,
        message.subject,
        message.text,
    )
    assert datetime(2026, 3, 12, 15, 20, tzinfo=UTC) == message.sent_at


def test_a_mail_without_message_id_is_known_by_its_content() -> None:
    first = read_mail(b"From: a@b.example\nDate: Thu, 12 Mar 2026 16:20:00 +0100\n\nhallo\n")
    again = read_mail(b"Received: by x\nFrom: a@b.example\nDate: Thu, 12 Mar 2026 16:20:00 +0100\n\nhallo\n\n")
    other = read_mail(b"From: a@b.example\nDate: Thu, 12 Mar 2026 16:20:00 +0100\n\nhoi\n")
    assert first.source_id.startswith("sha256:")
    assert first.source_id == again.source_id != other.source_id


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "us-ascii", "no-such-charset", "utf-7\x00", ""])
def test_text_is_readable_whatever_charset_it_declares(declared: str) -> None:
    raw = (
        HEAD.encode()
        + f"Content-Type: text/plain; charset={declared}\n\n".encode()
        + "Grüße aus Käärmeniemi\n".encode()
    )
    assert "Grüße aus Käärmeniemi" == read_mail(raw).body


def test_utf8_that_was_read_as_latin_is_set_right() -> None:
    raw = HEAD.encode() + b"Content-Type: text/plain; charset=utf-8\n\n" + "GrÃ¶ÃŸe".encode()
    assert "Größe" == read_mail(raw).body


def test_encoded_and_raw_headers_are_decoded() -> None:
    subject = b"Subject: =?iso-8859-1?q?Gr=F6=DFe?= =?utf-8?b?IMOkw6Q=?=\n"
    raw = subject + b"From: =?utf-8?q?Bj=C3=B6rn=2C_Max?= <b@x.example>\n\nx"
    reading = read_mail(raw)
    assert ("Größe ää", "Björn, Max") == (reading.subject, reading.sender.name)
    assert "Größe" == read_mail("Subject: Größe\n\nx".encode()).subject


def test_files_are_kept_apart_from_pictures_in_the_text() -> None:
    reading = read_mail(
        mixed(
            "Content-Type: text/html; charset=utf-8\n\n<p>goed gesprek</p><img src='cid:logo@1'>\n",
            f'Content-Type: image/png; name="logo.png"\nContent-ID: <logo@1>\nContent-Disposition: attachment\n'
            f"Content-Transfer-Encoding: base64\n\n{PNG}\n",
            "Content-Type: application/octet-stream; name*=utf-8''..%2F%2Foff%C3%A9rte.pdf\n"
            "Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n",
        )
    )
    assert "goed gesprek" == reading.note
    assert [("logo.png", True), ("offérte.pdf", False)] == [(one.name, one.inline) for one in reading.attachments]
    assert ["image/png", "application/pdf"] == [one.content_type for one in reading.attachments]
    assert ("logo@1", 9) == (reading.attachments[0].content_id, reading.attachments[1].size_bytes)


def test_an_enclosed_mail_is_a_forwarded_one() -> None:
    enclosed = (
        "Content-Type: message/rfc822\n\nFrom: Ilse Wouda <ilse@badhuis.example>\nTo: noor@tegelhof.example\n"
        "Subject: Monsters\nDate: Thu, 12 Mar 2026 11:42:00 +0100\nMessage-ID: <orig@badhuis.example>\n"
        "Content-Type: text/plain\n\nDe monsters zijn mooi.\n"
    )
    reading = read_mail(mixed(plain(), enclosed))
    mail = reading.forwarded
    assert ("ilse@badhuis.example", "Monsters", "<orig@badhuis.example>") == (
        mail.sender.email,
        mail.subject,
        mail.message_id,
    )
    assert ("De monsters zijn mooi.", "2026-03-12T11:42:00+01:00") == (mail.body, mail.date.isoformat())
    assert "goed gesprek" == reading.note


def test_wrappers_are_said() -> None:
    encrypted = mixed(
        "Content-Type: application/pgp-encrypted\n\nVersion: 1\n",
        "Content-Type: application/octet-stream\n\n-----BEGIN PGP\n",
        kind="encrypted",
    )
    signed = mixed(plain(), 'Content-Type: application/pkcs7-signature; name="smime.p7s"\n\nabc\n', kind="signed")
    winmail = mixed(
        plain(),
        'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\neJ8+IgA=\n',
    )
    assert "encrypted" in read_mail(encrypted).problems
    assert ("goed gesprek", ("signed, signature not checked",), ()) == (
        read_mail(signed).note, read_mail(signed).problems, read_mail(signed).attachments,
    )  # fmt: skip
    assert ("winmail.dat kept as attachment",) == read_mail(winmail).problems
    assert ["winmail.dat"] == [one.name for one in read_mail(winmail).attachments]


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied"),
        ("Auto-Submitted: no", None),
        ("Precedence: bulk", "Precedence: bulk"),
        ("List-Id: <tiles.lists.example>", "List-Id: <tiles.lists.example>"),
        ("Return-Path: <>", "Return-Path: <>"),
        ("X-Mailer: Outlook", None),
    ],
)
def test_a_program_is_known_by_its_headers(header: str, automatic: str | None) -> None:
    assert automatic == read_mail(f"{header}\n".encode() + HEAD.encode() + b"\nhallo").automatic


def test_authentication_results_are_handed_on_in_order() -> None:
    raw = (
        b"Authentication-Results: mx.debrief.example;\n dkim=pass\nAuthentication-Results: evil.example; dkim=pass\n\nx"
    )
    assert ("mx.debrief.example; dkim=pass", "evil.example; dkim=pass") == read_mail(raw).authentication


def test_a_mail_that_forwards_nothing_has_a_note_alone_as_json() -> None:
    assert {
        "note": "hallo",
        "from": None,
        "to": None,
        "cc": None,
        "subject": None,
        "date": None,
        "body": None,
    } == to_json(read_mail(HEAD.encode() + b"\nhallo\n"))


def test_a_plain_part_that_only_points_to_the_html_is_passed_over() -> None:
    html = "Content-Type: text/html\n\n" + "<p>" + "Vanmorgen bij Ilse geweest voor de tegels. " * 20 + "</p>\n"
    reading = read_mail(mixed(plain("Your program cannot show this mail."), html, kind="alternative"))
    assert reading.note.startswith("Vanmorgen bij Ilse")
