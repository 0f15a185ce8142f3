"""The same mail forwarded by two colleagues, or again: one visit with several sources."""

from collections.abc import Sequence

from capture import filing
from capture.filing import Filing
from parsing.model import VisitMention
from store import captures, sources
from store.tables import Visit, VisitSource


def filed_already(road: Filing, mentions: Sequence[VisitMention]) -> dict[int, Visit]:
    """Which of the visits that a message tells of are there already, by their place in it.

    The message has to hand on what another one handed on, and account and day have to agree: a mail that is forwarded
    after each of two visits tells of two.
    """
    there = sources.visits_of_the_same(road.tx, road.capture)
    found: dict[int, Visit] = {}
    for n, mention in enumerate(mentions):
        same = next((visit for visit in there if visit not in found.values() and _agrees(road, visit, mention)), None)
        if same is not None:
            found[n] = same
    return found


def add_source(road: Filing, visit: Visit, position: int) -> None:
    """Keep the message as another source of the visit, with its sender's own words and files."""
    source = VisitSource(
        visit_id=visit.id, capture_id=road.capture.id, position=position, rep_id=road.rep.id,
        note=road.message.text, added_at=road.at,
    )  # fmt: skip
    road.tx.add(source)
    captures.copy_attachments(road.tx, of=road.capture, to=captures.of(road.tx, visit.capture_id))
    road.note("visit", visit.id, "source", new=road.rep.name)


def _agrees(road: Filing, visit: Visit, mention: VisitMention) -> bool:
    meant = mention.account.value if mention.account else None
    if meant is None or visit.account_id is None or mention.on.value != visit.on:
        return False
    if meant.id:
        return int(meant.id) == visit.account_id
    named = filing.account_by_name(road.tx, meant.name) if meant.name else None
    return named is not None and named.id == visit.account_id
