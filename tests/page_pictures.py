"""Pictures of the pages for the documentation: the sample company, looked at with a real Chromium."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.settings import Settings
from app.trying_out import load_sample
from app.wiring import House, build
from store.migrate import migrate
from store.tables import Account, Visit
from tests.servers.chromium import Chromium
from tests.servers.web import SIGNED_IN, served

NOW = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
MANAGER = "grace.ellwood@kornhaven.example"
CUSTOMER = "KH003"
SIZES = {"desk": (1280, 860), "phone": (390, 844)}
PAGES = {
    "dashboard": "dashboard", "visits": "visits", "targets": "targets", "visit": "visits/{visit}?tab=report",
    "account": "accounts/{account}", "brief": "accounts/{account}/brief",
}  # fmt: skip


@contextmanager
def sample_house(folder: Path) -> Iterator[House]:
    """The sample company on a Thursday afternoon, with all that was said filed."""
    house = build(Settings(_env_file=None, database_url=f"sqlite:///{folder}/debrief.db", **SIGNED_IN), lambda: NOW)
    migrate(house.db)
    house.jobs.prepare()
    load_sample(house)
    worker = house.worker()
    worker.start()
    try:
        worker.wait_idle(120)
        yield house
    finally:
        worker.stop()
        house.close()


def draw(folder: Path) -> list[Path]:
    """Draw all pages into the folder, as the manager sees them."""
    with TemporaryDirectory() as place, sample_house(Path(place)) as house, served(house.web()) as url:
        browser = Chromium(Path(place) / "profile")
        browser.start()
        try:
            token = house.signing_in.open_as(MANAGER, "a picture")
            browser.call("Network.setCookie", name="debrief", value=token, url=url)
            browser.call("Emulation.setScrollbarsHidden", hidden=True)
            return [picture for page in PAGES.items() for picture in _shoot(browser, url, page, _ids(house), folder)]
        finally:
            browser.stop()


def _ids(house: House) -> dict[str, int]:
    """The customer that is shown, and the visit there."""
    with house.db.read() as tx:
        account_id = tx.scalars(select(Account.id).where(Account.external_id == CUSTOMER)).one()
        visit_id = tx.scalars(select(Visit.id).where(Visit.account_id == account_id)).first()
    return {"account": account_id, "visit": visit_id or 0}


def _shoot(browser: Chromium, url: str, page: tuple[str, str], ids: dict[str, int], folder: Path) -> Iterator[Path]:
    name, place = page
    for size, (width, height) in SIZES.items():
        browser.looks(width, height)
        browser.opens(f"{url}/{re.sub(r'{(.*?)}', lambda one: str(ids[one[1]]), place)}")
        picture = folder / f"page-{name}-{size}.png"
        browser.shoots(picture)
        yield picture
