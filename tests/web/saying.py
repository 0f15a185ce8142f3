"""What tests of the house's pages have in common: somebody reports, and a page tells what is wrong."""

import httpx
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from parsing.model import Message
from store.tables import Visit
from tests.conftest import TestHouse

NOOR = "noor@varenhof.example"


def says(house: TestHouse, text: str) -> Visit:
    """Noor reports; the visit that was filed."""
    message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=text, source_id=text)
    capture_id = house.house.assistant.accept(message).capture_id
    house.house.assistant.file(capture_id)
    with house.house.db.read() as tx:
        return tx.scalars(select(Visit).where(Visit.capture_id == capture_id)).one()


def problem(answer: httpx.Response) -> str:
    node = LexborHTMLParser(answer.text).css_first(".problem")
    return node.text().strip() if node else ""
