"""What is written in a form of its own: mail addresses, phone numbers, web addresses."""

import re
from functools import lru_cache

from parsing.text import Token, fold, tokens
from parsing.words import table

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?![\w@])")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>|]{1,400}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?<!\d:)(?:\+|00)?\(?\d[\d ().\-/]{5,22}\d(?![\w%€$£])"  # digits with what people put between
)
_DATE_LIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}")
_FEWEST, _MOST = 7, 15


def email_spans(text: str) -> list[tuple[int, int]]:
    """Where mail addresses stand."""
    return [match.span() for match in _EMAIL.finditer(text)]


@lru_cache(maxsize=16)
def emails(text: str) -> tuple[str, ...]:
    """The mail addresses of a text, in lower case."""
    return tuple(dict.fromkeys(text[start:end].lower().rstrip(".") for start, end in email_spans(text)))


def url_spans(text: str) -> list[tuple[int, int]]:
    """Where web addresses stand."""
    return [match.span() for match in _URL.finditer(text)]


def phone_spans(text: str) -> list[tuple[int, int]]:
    """Where phone numbers stand: 7 to 15 digits that begin as numbers do, and are no date, sum or list of numbers."""
    found = []
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if not _FEWEST <= len(digits) <= _MOST or _DATE_LIKE.search(match.group()):
            continue
        begins = match.group().lstrip("(")[:1]
        grouped = re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+", match.group())
        if (begins in {"0", "+"} and not grouped) or re.match(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$", match.group()):
            shift = int(match.group().startswith("(") and ")" not in match.group())
            found.append((match.start() + shift, match.end()))
    return found


def phones(text: str) -> tuple[str, ...]:
    """The digits of the phone numbers of a text."""
    return tuple(dict.fromkeys(re.sub(r"\D", "", text[start:end]) for start, end in phone_spans(text)))


def spoken_phone(text: str, language: str) -> str | None:
    """The digits of a number that was dictated digit by digit: "nul zes een twee ..."; None where there is none."""
    digits = {fold(word): str(value) for word, value in table(language, "numerals")["digits"].items()}
    said = ""
    for token in tokens(text):
        digit = digits.get(token.key, "") or (token.text if token.text.isdigit() else "")
        if digit or not said:
            said += digit
        elif len(said) >= _FEWEST and said[0] == "0":
            break
        else:
            said = ""
    return said if _FEWEST < len(said) <= _MOST and said[0] == "0" else None


def words(text: str) -> list[Token]:
    """The tokens of a text without those inside mail and web addresses, which name nobody by themselves."""
    spans = sorted(email_spans(text) + url_spans(text))
    if not spans:
        return tokens(text)
    return [token for token in tokens(text) if not any(low <= token.start < high for low, high in spans)]
