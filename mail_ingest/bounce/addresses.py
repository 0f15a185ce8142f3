"""Mail addresses in the wild: found in lines, cleaned, read out of VERP."""

import re
from collections.abc import Iterable, Sequence

# RFC 5321 4.5.3.1: 64 octets of local-part, 255 of domain; quoted local-parts are too rare in reports to risk.
_ADDRESS = re.compile(
    r"(?<![\w.!#$%&'*+/=?^`{|}~@-])"
    r"([\w.!#$%&'*+/=?^`{|}~-]{1,128})@((?:[\w-]{1,63}\.){1,12}[a-zA-Z][\w-]{1,62}|[\w-]{1,63}(?=>))"
)
_QUOTED = re.compile(r'"([^"@\s<>]{1,64})"@((?:[\w-]{1,63}\.){1,12}[a-zA-Z][\w-]{1,62})')
_MAX_LINE = 2000
_ENCAPSULATED = "imceasmtp-"
_HEX = re.compile(r"\+([0-9a-f]{2})")
_DAEMONS = frozenset(
    {
        "mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster", "mail-daemon", "maildaemon", "mdaemon",
        "mail-deliver-system", "mail-delivery-system", "mail.delivery.system", "bounce", "bounces", "bouncemaster",
        "mail-delivery-subsystem", "root", "mmdf", "uucp", "no-reply-bounce", "system-administrator",
        "administrator", "mailsystem", "emailerror", "mailerror", "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
        "undisclosed-recipients", "mailadmin", "mailmaster", "pmdf", "mail_daemon", "daemon", "mailerror-daemon",
    }
)  # fmt: skip
_VERP = re.compile(r"(?:^|[+=-])([\w.!#$%&'*/?^`{|}~-]{1,64})=((?:[\w-]{1,63}\.){1,8}[a-zA-Z][\w-]{1,30})$")
_VERP_PREFIX = re.compile(
    r"^(?:[\w.]{1,40}-)?(?:bounces?|return|errors?|owner|verp|bnc|msprvs1)[\w.]{0,20}[+-]", re.IGNORECASE
)
_PLACEHOLDERS = ("@localhost", "@localhost.localdomain", "@unknown")


def find_addresses(line: str) -> list[str]:
    """The addresses in one line, in order, each once."""
    if "@" not in line:
        return []
    line = line[:_MAX_LINE]
    found = [clean(match[0]) for match in _ADDRESS.finditer(line)]
    if '"@' in line:
        found += [f"{match[1]}@{match[2]}".lower() for match in _QUOTED.finditer(line)]
    return list(dict.fromkeys(one for one in found if one))


def clean(address: str) -> str:
    """An address as it is compared: lower-case, without brackets, quotes and what sentences leave around it."""
    address = address.strip().strip("<>()[]{},;:'\"`*|").rstrip(".").lower()
    for prefix in ("mailto:", "smtp:", "smtp=", "rfc822;"):
        address = address.removeprefix(prefix)
    local, at, domain = address.rpartition("@")
    if local.startswith(_ENCAPSULATED):
        # MS-OXOABK: Exchange wraps foreign addresses, each odd character as "+" and two hex digits.
        return clean(_HEX.sub(lambda found: chr(int(found[1], 16)), local.removeprefix(_ENCAPSULATED)))
    local = local.strip("'\"`").lstrip("|*#/").strip()
    return f"{local}@{domain}" if at and local and domain else ""


def is_daemon(address: str) -> bool:
    """Whether the address is a mail system's own: it never is the one that failed."""
    return address.partition("@")[0] in _DAEMONS


def from_verp(address: str) -> str | None:
    """The recipient written into a bounce address: ``list-bounces+ann=acme.com@us`` names ``ann@acme.com``."""
    local = address.rpartition("@")[0]
    local = _VERP_PREFIX.sub("+", local, count=1)
    found = _VERP.search(local)
    return clean(f"{found[1].lstrip('-+')}@{found[2]}") or None if found else None


def all_addresses(values: Iterable[str]) -> list[str]:
    """The addresses of several header values, in order, each once."""
    return list(dict.fromkeys(address for value in values for address in find_addresses(value)))


def without(addresses: Sequence[str], ours: frozenset[str]) -> list[str]:
    """Those that can have failed: not a mail system's, not a placeholder, not one of ``ours``."""
    return [one for one in addresses if not is_daemon(one) and one not in ours and not one.endswith(_PLACEHOLDERS)]
