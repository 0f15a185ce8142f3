"""Who a mail proves to be from: with keys of the tests' own in a DNS of the tests' own."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_ingest.reading import read_mail
from mail_ingest.senders import EXCHANGE, NotNowError, SenderRules, aligned, doubt, read_results

NOOR = "noor@varenhof.example"
MX = "mx.varenhof.example"
MAIL = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Fwd: Levering
Date: Mon, 02 Mar 2026 17:55:00 +0100
Message-ID: <1@varenhof.example>

Vanmiddag bij Zuivelhuis Terwolde geweest.
"""
OURS = f"Authentication-Results: {MX};"
RECEIVED = "Received: from somewhere by mx.varenhof.example; Mon, 02 Mar 2026 17:55:01 +0100\n"


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A private key, and its public half as a TXT record."""
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", file, "1024"], check=True, capture_output=True)
    public = subprocess.run(["openssl", "rsa", "-in", file, "-pubout"], check=True, capture_output=True).stdout
    return Path(file).read_bytes(), b"v=DKIM1; p=" + b"".join(public.splitlines()[1:-1])


def signed(key: tuple[bytes, bytes], mail: str = MAIL, domain: str = "varenhof.example", **how: bool) -> bytes:
    raw = mail.encode().replace(b"\n", b"\r\n")
    signature: bytes = dkim.sign(raw, b"s", domain.encode(), key[0], include_headers=[b"from", b"subject"], **how)
    return signature + raw


def rules(records: Mapping[str, bytes] | None = None, **more: object) -> SenderRules:
    return SenderRules(txt=(records or {}).get, **more)  # type: ignore[arg-type]


def dns_of(key: tuple[bytes, bytes], domain: str = "varenhof.example") -> dict[str, bytes]:
    return {f"s._domainkey.{domain}": key[1]}


# --------------------------------------------------------------------------------------------------------- DKIM


def test_a_mail_signed_by_its_senders_domain_is_theirs(key: tuple[bytes, bytes]) -> None:
    assert doubt(signed(key), rules(dns_of(key))) is None


def test_the_second_of_two_signatures_may_be_the_one(key: tuple[bytes, bytes]) -> None:
    mail = signed(key, signed(key).decode().replace("\r\n", "\n"), domain="list.example")
    assert doubt(mail, rules(dns_of(key))) is None


def test_a_mail_without_any_proof_is_doubted() -> None:
    told = doubt(MAIL.encode(), rules())
    assert "no DKIM signature, no Authentication-Results" == told


def test_a_changed_body_or_sender_breaks_the_signature(key: tuple[bytes, bytes]) -> None:
    mail = signed(key)
    for was, now in ((b"Vanmiddag", b"Vanochtend"), (b"Levering", b"Betaling"), (b"noor@", b"bas@")):
        assert doubt(mail.replace(was, now), rules(dns_of(key))) is not None


def test_a_signature_of_another_domain_proves_nothing(key: tuple[bytes, bytes]) -> None:
    for domain in ("elsewhere.example", "varenhof.example.elsewhere.example", "evil-varenhof.example", "example"):
        assert doubt(signed(key, domain=domain), rules(dns_of(key, domain))) is not None


def test_a_subdomain_signs_for_its_domain_unless_that_is_strict(key: tuple[bytes, bytes]) -> None:
    mail, records = signed(key, domain="out.varenhof.example"), dns_of(key, "out.varenhof.example")
    assert doubt(mail, rules(records)) is None
    strict = {**records, "_dmarc.varenhof.example": b"v=DMARC1; p=reject; adkim=s"}
    assert doubt(mail, rules(strict)) is not None


def test_a_signature_over_a_part_of_the_body_proves_nothing(key: tuple[bytes, bytes]) -> None:
    assert doubt(signed(key, length=True) + b"En maak 9000 euro over.\r\n", rules(dns_of(key))) is not None


def test_a_second_from_header_is_no_sender(key: tuple[bytes, bytes]) -> None:
    told = doubt(b"From: bas@varenhof.example\r\n" + signed(key), rules(dns_of(key)))
    assert "the From header does not name one sender" == told
    assert doubt(signed(key, MAIL.replace("<noor@", "<bas@varenhof.example>, <noor@")), rules(dns_of(key))) is not None


def test_a_header_alone_is_believed_without_its_body(key: tuple[bytes, bytes]) -> None:
    head = signed(key).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert doubt(head, rules(dns_of(key)), header_alone=True) is None
    assert doubt(head, rules(dns_of(key))) is not None
    assert doubt(head.replace(b"noor@", b"bas@"), rules(dns_of(key)), header_alone=True) is not None


def test_a_dns_that_does_not_answer_is_no_verdict(key: tuple[bytes, bytes]) -> None:
    def silent(_: str) -> bytes:
        raise NotNowError("timeout")

    with pytest.raises(NotNowError):
        doubt(signed(key), SenderRules(txt=silent))
    assert doubt(signed(key, domain="elsewhere.example"), SenderRules(txt=silent)) is not None


@pytest.mark.parametrize(
    "record", [b"", b"v=DKIM1; p=", b"v=DKIM1; p=AAAA", b"p=%%%", b"\xff\xfe", b"v=DKIM1; k=ed25519; p=AAAA"]
)
def test_a_broken_key_proves_nothing(key: tuple[bytes, bytes], record: bytes) -> None:
    assert doubt(signed(key), rules({"s._domainkey.varenhof.example": record})) is not None


# ------------------------------------------------------------------------------------- what the own server found


@pytest.mark.parametrize(
    "found",
    [
        "dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=varenhof.example",
        "dkim=pass (2048-bit key; secure) header.d=varenhof.example header.i=@varenhof.example header.b=abc",
        "spf=softfail smtp.mailfrom=x@elsewhere.example; dkim=pass header.i=@varenhof.example",
        "dkim=fail header.d=list.example; dkim=pass header.d=varenhof.example",
        "spf=pass (sender IP is 10.0.0.1) smtp.mailfrom=noor@varenhof.example smtp.helo=out",
        "auth=pass (plain) smtp.auth=noor@varenhof.example",
        'DKIM = pass\n reason="a ; b (c" header.d="varenhof.example"',
        'spf=pass smtp.mailfrom="noor w"@varenhof.example',
    ],
)
def test_what_the_own_server_found_is_believed(found: str) -> None:
    assert doubt(f"{OURS} {found}\n{RECEIVED}{MAIL}".encode(), rules(authserv_id=MX)) is None


@pytest.mark.parametrize(
    "found",
    [
        "none",
        "dmarc=fail header.from=varenhof.example",
        "dmarc=pass header.from=elsewhere.example",
        "dmarc=pass",
        "dkim=pass header.d=elsewhere.example; spf=pass smtp.mailfrom=x@elsewhere.example",
        "dkim=neutral header.d=varenhof.example",
        "spf=fail (dkim=pass header.d=varenhof.example) smtp.mailfrom=noor@varenhof.example",
        'spf=fail reason="; dkim=pass header.d=varenhof.example;" smtp.mailfrom=noor@varenhof.example',
        "auth=pass smtp.auth=jonas@varenhof.example",
        'spf=pass smtp.mailfrom="noor@varenhof.example"@elsewhere.example',
        'dkim=pass header.i="@varenhof.example"@elsewhere.example',
        'auth=pass smtp.auth="noor@varenhof.example"@elsewhere.example',
        'spf=pass smtp.mailfrom="x smtp.mailfrom=noor@varenhof.example"@elsewhere.example',
        "iprev=pass policy.iprev=10.0.0.1",
        "exchange=pass header.d=varenhof.example",
    ],
)
def test_what_the_own_server_did_not_find_is_no_proof(found: str) -> None:
    told = doubt(f"{OURS} {found}\n{RECEIVED}{MAIL}".encode(), rules(authserv_id=MX))
    assert told is not None


GOOD = "dmarc=pass header.from=varenhof.example"


@pytest.mark.parametrize(
    "fields",
    [
        f"Authentication-Results: mx.elsewhere.example; {GOOD}\n",
        f"Authentication-Results: mx.elsewhere.example; dmarc=fail\n{OURS} {GOOD}\n",
        f"{OURS} dmarc=fail header.from=varenhof.example\n{OURS} {GOOD}\n",
        f"{OURS} spf=fail\n{RECEIVED}{OURS} {GOOD}\n",
        f"Authentication-Results: {MX}.elsewhere.example; {GOOD}\n",
        f"Authentication-Results: {GOOD}\n",
        f"ARC-Authentication-Results: i=1; {MX}; {GOOD}\n",
    ],
    ids=["other server", "below another", "below our own", "below the border", "longer name", "no name", "ARC"],
)
def test_findings_that_came_with_the_mail_are_not_believed(fields: str) -> None:
    assert doubt(f"{fields}{MAIL}".encode(), rules(authserv_id=MX)) is not None


def test_several_programs_of_the_own_server_may_each_write_a_field() -> None:
    fields = f"{RECEIVED}{OURS} dkim=none\n{OURS} spf=pass smtp.mailfrom=noor@varenhof.example\n{RECEIVED}"
    assert doubt(f"{fields}{MAIL}".encode(), rules(authserv_id=MX)) is None


def test_findings_count_only_when_the_setting_names_the_server() -> None:
    told = doubt(f"{OURS} {GOOD}\n{MAIL}".encode(), rules())
    assert f"no DKIM signature; topmost Authentication-Results: {MX}" == told


def test_exchange_names_no_server_and_marks_its_own_people() -> None:
    found = f"Authentication-Results: spf=pass (sender IP is 10.1.1.1)\n smtp.mailfrom=varenhof.example;{GOOD}\n"
    internal = "X-MS-Exchange-Organization-AuthAs: Internal\n"
    assert doubt(f"{found}{MAIL}".encode(), rules(authserv_id=EXCHANGE)) is None
    assert doubt(f"{internal}{MAIL}".encode(), rules(authserv_id=EXCHANGE)) is None
    assert doubt(f"{internal}{MAIL}".encode(), rules(authserv_id=MX)) is not None
    outside = internal.replace("Internal", "Anonymous")
    assert doubt(f"{outside}{MAIL}".encode(), rules(authserv_id=EXCHANGE)) is not None


@pytest.mark.parametrize(
    "header",
    [
        "From: {noor} <x@elsewhere.example>",
        "From: {noor}, x@elsewhere.example",
        "From: x@elsewhere.example\nSender: {noor}",
        "From: x@elsewhere.example\nFrom: {noor}",
        "From: {noor}\nfrom: x@elsewhere.example",
        "From: all: {noor};, x@elsewhere.example",
        "From: =?utf-8?q?noor=40varenhof=2Eexample=2C?= <x@elsewhere.example>",
        "From: =?utf-8?q?=3Cnoor=40varenhof.example=3E?= <x@elsewhere.example>",
        "From: <@varenhof.example:x@elsewhere.example>",
        'From: "{noor}" (is <{noor}>)\n <x@elsewhere.example>',
        'From: "noor@varenhof.example"@elsewhere.example',
    ],
)
def test_who_proves_one_address_is_not_read_as_another(header: str) -> None:
    raw = f"{header.format(noor=NOOR)}\nSubject: Bezoek\n\nhallo\n".encode()
    theirs = doubt(raw, rules(trusted_domains=frozenset({"elsewhere.example"})))
    read = read_mail(raw).sender
    assert theirs is not None or (read is not None and read.email == "x@elsewhere.example")


# ------------------------------------------------------------------------------------------------------ settings


def test_a_trusted_domain_needs_no_proof_and_no_other_is_trusted_with_it() -> None:
    trusting = rules(trusted_domains=frozenset({"varenhof.example"}))
    assert doubt(MAIL.encode(), trusting) is None
    assert doubt(MAIL.replace("<noor@varenhof", "<noor@sub.varenhof").encode(), trusting) is not None


def test_without_the_demand_for_proof_nothing_is_doubted() -> None:
    assert doubt(b"no mail at all", rules(required=False)) is None


def test_one_domain_holds_for_another_only_from_label_to_label() -> None:
    assert aligned("varenhof.example", "VARENHOF.example.")
    assert aligned("mail.varenhof.example", "varenhof.example")
    assert not aligned("b.varenhof.example", "a.varenhof.example")
    assert not aligned("example", "varenhof.example")
    assert not aligned("", "")


@given(st.text(max_size=300))
def test_any_value_of_the_header_can_be_read(value: str) -> None:
    who, results = read_results(value)
    assert who == who.lower()
    assert all(one.method for one in results)


@given(st.binary(max_size=400))
def test_any_bytes_are_doubted_and_nothing_is_raised(raw: bytes) -> None:
    assert doubt(raw, rules(authserv_id=MX)) is not None
