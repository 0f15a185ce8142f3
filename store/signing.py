"""Words in a link that nobody else could have written: a JSON list with its signature."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

LONGEST = 1_000
"""Characters of a token that are looked at."""


def sign(key: bytes, told: list[int | str]) -> str:
    """The token: what is told, and the key's signature of it."""
    payload = _base64(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{payload}.{_signature(key, payload)}"


def read_signed(key: bytes, token: str) -> list[Any] | None:
    """What `sign` was told; None for a token of another key."""
    payload, _, signature = token[:LONGEST].partition(".")
    if not hmac.compare_digest(_signature(key, payload).encode(), signature.encode("utf-8", "replace")):
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return None
    return told if isinstance(told, list) else None


def _signature(key: bytes, payload: str) -> str:
    # 128 bits of it are enough against guessing (RFC 2104, section 5), and keep the link on few lines of a mail.
    return _base64(hmac.digest(key, payload.encode("utf-8", "replace"), hashlib.sha256)[:16])


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
