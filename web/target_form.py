"""The form by which a target is set."""

from pydantic import BaseModel, Field

from capture.wanting import Wanted, read_amount, read_day

ID_DIGITS = 9


class TargetForm(BaseModel):
    """Its fields as a browser sends them."""

    whose: str = Field(max_length=300)
    """``rep:<id>``, ``team:<name>``, ``each:<name>`` (every rep of the team) or ``house``."""
    measure: str = Field("visits", max_length=200)
    keyword: str = Field("", max_length=200)
    value: str = Field(max_length=20)
    currency: str = Field("", max_length=10)
    period: str = Field("week", max_length=20)
    since: str = Field(max_length=20)
    until: str = Field("", max_length=20)
    reason: str = Field("", max_length=500)

    def wanted(self) -> Wanted:
        """What it asks for. Raises `CorrectionError` where a number or a day is none."""
        level, _, key = self.whose.partition(":")
        is_id = level == "rep" and key.isascii() and key.isdecimal() and len(key) <= ID_DIGITS
        keyword = self.keyword.strip()
        return Wanted(
            level="team" if level == "each" else level, each=level == "each", rep_id=int(key) if is_id else None,
            team=key if level in {"team", "each"} else None, period=self.period,
            measure=f"keyword:{keyword}" if keyword else self.measure, value=read_amount(self.value),
            currency=self.currency.strip() or None, since=read_day(self.since),
            until=read_day(self.until) if self.until.strip() else None, reason=self.reason,
        )  # fmt: skip
