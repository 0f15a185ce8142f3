"""What the measures of targets are called."""

from collections.abc import Mapping

from letters.wording import Wording

FAMILIES = ("type", "medium", "outcome")
NAMED = (
    "visits", "first_visits", "new_accounts", "calls", "quotes", "orders", "order_value", "contacts_met", "complete",
)  # fmt: skip


def called(words: Wording, measure: str, labels: Mapping[tuple[str, str], str]) -> str:
    """The name of a measure as `store.measures` keeps it; ``labels`` are the kinds', by family and key."""
    family, _, key = measure.partition(":")
    if measure in NAMED:
        return words.say(f"measure.{measure}")
    return words.say(f"measure.{family}", of=labels.get((family, key), key))
