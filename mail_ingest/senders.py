"""Whether a mail proves that it is from the address in its From header.

Anybody can write any address there. Proof is, in this order: what the own mail server found and wrote down
(Authentication-Results, RFC 8601), else a DKIM signature (RFC 6376) of the sender's domain that we verify. SPF speaks
of the connection that brought the mail, which only the own server saw: it counts only as that server tells it.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message as MimeMessage
from email.utils import getaddresses

import dkim
import dns.exception
import dns.resolver
from dkim.util import InvalidTagValueList, parse_tag_value

from mail_ingest.mime import parse

log = logging.getLogger("debrief.mail")

Txt = Callable[[str], bytes | None]
"""The TXT record of a name, None where there is none; raises `NotNowError`."""

EXCHANGE = "exchange"
"""Given as ``authserv_id`` it means Exchange Online or Exchange Server, whose header fields name no server."""
DNS_TIMEOUT_S = 5
MOST_SIGNATURES = 6
"""Signatures of the sender's domain that are verified: each costs a question to the DNS and a hash of the mail."""
MOST_RESULTS = 50
_SMALLEST_KEY_BITS = 1024
_STATEMENT = re.compile(r"([\w.-]+)\s*(?:/\s*\d+\s*)?=\s*((?:\"(?:[^\"\\]|\\.)*\"|[^\s;\"])+)")


class NotNowError(Exception):
    """The DNS does not answer at the moment, so that a signature can be neither believed nor dismissed."""


def ask_dns(name: str) -> bytes | None:
    """The TXT record of ``name`` as the resolver of this machine knows it."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=DNS_TIMEOUT_S)
    except (dns.exception.Timeout, dns.resolver.NoNameservers, dns.resolver.NoResolverConfiguration, OSError) as error:
        raise NotNowError(str(error)) from error
    except (dns.exception.DNSException, ValueError) as error:
        log.info("no TXT record of %.100r: %s", name, error)
        return None
    return next((b"".join(record.strings) for record in answer), None)


@dataclass(frozen=True, slots=True)
class SenderRules:
    """What counts as proof in this house."""

    authserv_id: str | None = None
    """How the own mail server signs its Authentication-Results; None: it writes none."""
    trusted_domains: frozenset[str] = frozenset()
    """Sender domains that need no proof: those whose forgeries the own server refuses."""
    required: bool = True
    """False: every mail is taken to be from whom it names."""
    txt: Txt = ask_dns


@dataclass(frozen=True, slots=True)
class Result:
    """One finding of a mail server: ``dkim``, ``pass``, ``{"header.d": "varenhof.example"}``."""

    method: str
    result: str
    properties: dict[str, str]


def doubt(raw: bytes, rules: SenderRules, *, header_alone: bool = False) -> str | None:
    """Why the mail does not prove that it is from the address in its From header; None where it does.

    Of a mail that is ``header_alone`` a signature is believed without the body that it covers. Raises `NotNowError`
    where only the DNS could tell and does not answer.
    """
    if not rules.required:
        return None
    message = parse(raw)
    sender = one_sender(message)
    if sender is None:
        return "the From header does not name one sender"
    domain = sender.rpartition("@")[2]
    proved = (
        domain in rules.trusted_domains
        or any(_proves(one, sender) for one in own_results(message, rules.authserv_id))
        or ((rules.authserv_id or "").lower() == EXCHANGE and _is_internal(message))
        or signed_by(raw, domain, rules.txt, header_alone=header_alone)
    )
    return None if proved else _reason(message, rules)


def proved_sender(raw: bytes, rules: SenderRules) -> str:
    """The address that the mail proves to be from; empty where it proves none, or the DNS does not answer now."""
    try:
        doubted = doubt(raw, rules)
    except NotNowError:
        return ""
    return "" if doubted else one_sender(parse(raw)) or ""


def one_sender(message: MimeMessage) -> str | None:
    """The one address of the one From header, in small letters.

    RFC 5322 3.6 allows one header; of two a signature covers one and people are shown the other.
    """
    values = [str(value) for name, value in message.raw_items() if name.lower() == "from"]
    if len(values) != 1:
        return None
    try:
        found = [email for _, email in getaddresses([" ".join(values[0].split())]) if email]
    except (ValueError, IndexError, TypeError, AttributeError):
        return None
    sender = found[0].strip().lower() if len(found) == 1 else ""
    return sender if re.fullmatch(r"[^@\s]+@[^@\s]+", sender) else None


def aligned(proved: str, domain: str) -> bool:
    """Whether what is proved of one domain holds for the other: they are the same, or one lies within the other.

    DMARC's relaxed alignment (RFC 7489 3.1) without its list of public suffixes, and narrower by the siblings.
    """
    one, other = proved.strip(".").lower(), domain.strip(".").lower()
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return one == other or ("." in shorter and longer.endswith(f".{shorter}"))


# ----------------------------------------------------------------------------------- what the own server found


def own_results(message: MimeMessage, authserv_id: str | None) -> list[Result]:
    """What the server of this name found, by the header fields that can only be its own.

    Header fields are added on top. Those count that stand above any other server's findings, and of several only
    those that no Received separates: what stands below came with the mail (RFC 8601, 5 and 7.1). Of two findings
    by one method on one domain the upper one holds.
    """
    if not authserv_id:
        return []
    wanted = "" if authserv_id.lower() == EXCHANGE else authserv_id.lower()
    found: list[Result] = []
    seen = False
    for name, value in message.raw_items():
        key = name.lower()
        if key == "received" and seen:
            break
        if key == "authentication-results":
            who, results = read_results(str(value))
            if who != wanted:
                break
            seen = True
            found += results
    settled: dict[tuple[str, str], Result] = {}
    for one in found[:MOST_RESULTS]:
        settled.setdefault((one.method, _domain(one) if one.method == "dkim" else ""), one)
    return list(settled.values())


def _is_internal(message: MimeMessage) -> bool:
    """Whether Exchange knows the sender as one of its own who signed in.

    It takes these header fields off whatever comes from outside: its "header firewall".
    """
    said = [str(value) for name, value in message.raw_items() if name.lower() == "x-ms-exchange-organization-authas"]
    return [one.strip().lower() for one in said] == ["internal"]


def read_results(value: str) -> tuple[str, list[Result]]:
    """Who speaks in a value of Authentication-Results, in small letters, and what is said. Exchange names nobody."""
    head, *rest = _parted(_without_comments(value))
    who = ""
    if "=" in head:
        rest = [head, *rest]
    elif head.split():
        who = head.split()[0].strip('"').lower()
    results = []
    for statement in rest:
        pairs = [(name.lower(), said.strip('"')) for name, said in _STATEMENT.findall(statement)]
        if pairs:
            (method, result), *more = pairs
            results.append(Result(method, result.lower(), dict(reversed(more))))
    return who, results


def _without_comments(value: str) -> str:
    """The value without what stands in round brackets (RFC 5322 3.2.2), which may nest, outside quotes."""
    kept, depth, quoted, escaped = [], 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            continue
        elif char == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(char)
    return "".join(kept)


def _parted(value: str) -> list[str]:
    return ["".join(part) for part in re.findall(r"((?:\"(?:[^\"\\]|\\.)*\"|[^;\"])*)(?:;|$)", value)] or [value]


def _proves(one: Result, sender: str) -> bool:
    """Whether a finding of the own server proves this sender."""
    domain = sender.rpartition("@")[2]
    if one.result != "pass":
        return False
    if one.method == "auth":  # RFC 8601 2.7.4: the sender logged in at our own server
        return one.properties.get("smtp.auth", "").lower() == sender
    if one.method == "dmarc":
        return one.properties.get("header.from", "").lower().rpartition("@")[2] == domain
    return one.method in {"dkim", "spf"} and aligned(_domain(one), domain)


def _domain(one: Result) -> str:
    said = one.properties
    named = said.get("header.d") or said.get("header.i") if one.method == "dkim" else said.get("smtp.mailfrom")
    return (named or "").rpartition("@")[2].lower()


# -------------------------------------------------------------------------------------------------------- DKIM


def signed_by(raw: bytes, domain: str, txt: Txt, *, header_alone: bool = False) -> bool:
    """Whether a signature of ``domain``, or of one aligned with it, holds. Raises `NotNowError`."""
    silent: list[NotNowError] = []

    def ask(name: bytes | str, timeout: float = DNS_TIMEOUT_S) -> bytes | None:  # noqa: ARG001  # dkimpy names it
        try:
            return txt((name.decode("ascii", "replace") if isinstance(name, bytes) else name).rstrip("."))
        except NotNowError as error:
            silent.append(error)
            return None

    verifier = dkim.DKIM(raw, minkey=_SMALLEST_KEY_BITS)
    tried = 0
    for index, signer in _signers(verifier):
        if not aligned(signer, domain) or (signer != domain and _strict(domain, ask)):
            continue
        tried += 1
        if tried > MOST_SIGNATURES:
            break
        if _holds(raw, index, ask, header_alone=header_alone):
            return True
    if silent:
        raise silent[0]
    return False


def _signers(verifier: dkim.DKIM) -> Iterator[tuple[int, str]]:
    """Place and domain of each signature that covers the whole body.

    One that says how much of it (``l=``) lets anybody add the rest (RFC 6376, 8.2).
    """
    signatures = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
    for index, value in enumerate(signatures):
        try:
            tags = parse_tag_value(value)
        except InvalidTagValueList:
            continue
        if b"l" not in tags:
            yield index, tags.get(b"d", b"").decode("ascii", "replace").strip().lower()


def _holds(raw: bytes, index: int, ask: Callable[..., bytes | None], *, header_alone: bool) -> bool:
    verifier = dkim.DKIM(raw, minkey=_SMALLEST_KEY_BITS)
    try:
        prepared = verifier.verify_headerprep(index)
        if not prepared:
            return False
        tags, names, headers = prepared
        if b"from" not in names:
            return False
        if header_alone:
            tags.pop(b"bh")  # dkimpy hashes the body where this tag is; the header field itself is hashed as it is
        return bool(verifier.verify_sig(tags, names, headers[index], ask))
    except (dkim.DKIMException, ValueError, TypeError, KeyError, IndexError, AssertionError) as error:
        log.info("a DKIM signature does not hold: %s", error)
        return False


def _strict(domain: str, ask: Callable[..., bytes | None]) -> bool:
    """Whether the domain wants only its own signatures believed (RFC 7489 6.3, ``adkim=s``)."""
    try:
        policy: dict[bytes, bytes] = parse_tag_value(ask(f"_dmarc.{domain}") or b"")
    except InvalidTagValueList:
        return False
    return policy.get(b"adkim", b"r").strip().lower() == b"s"


def _reason(message: MimeMessage, rules: SenderRules) -> str:
    """What was looked for in vain, with the server whose findings could be trusted by a setting."""
    fields = [str(value) for name, value in message.raw_items() if name.lower() == "authentication-results"]
    who = read_results(fields[0])[0] or EXCHANGE if fields else ""
    signed = any(name.lower() == "dkim-signature" for name, _ in message.raw_items())
    told = "no DKIM signature of the sender's domain holds" if signed else "no DKIM signature"
    if rules.authserv_id and own_results(message, rules.authserv_id):
        return f"{told}, and {rules.authserv_id} found no proof"
    return f"{told}; topmost Authentication-Results: {who[:100]}" if who else f"{told}, no Authentication-Results"
