"""Lists in a real browser: found as one types, without losing the page."""

import pytest

from tests.servers.chromium import Chromium
from tests.web.conftest import Pages

pytestmark = [pytest.mark.servers, pytest.mark.slow]

FOUND = "document.getElementById('found').innerText"
HERE = "document.activeElement.innerText"


def press(chromium: Chromium, key: str) -> None:
    """Press a key where the focus is."""
    chromium.asks(
        f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
    )


def test_visits_are_found_as_one_types(pages: Pages, chromium: Chromium) -> None:
    for text in (
        "gisteren bij zuivelhuis terwolde geweest met Kees, offertes besproken",
        "vandaag bij brouwerij de kraanvogel geweest, klacht over de koeling <b>vet</b>",
    ):
        pages.house.says(text)
    pages.works()
    chromium.looks(390, 800)
    chromium.opens(f"{pages.client.base_url}/visits")
    chromium.asks("window.stayed = true")
    told = []
    for key in "jjjkk":
        press(chromium, key)
        told.append(chromium.asks(HERE))
    newest, oldest = "V-2026-00002", "V-2026-00001"
    assert [newest, oldest, oldest, newest, newest] == told
    press(chromium, "?")
    assert chromium.asks("document.getElementById('keys-help').open")
    chromium.asks("document.getElementById('keys-help').close()")

    press(chromium, "/")
    assert "q" == chromium.asks("document.activeElement.id")
    chromium.types("klach")
    chromium.sees(f"{FOUND}.includes('Kraanvogel') && !{FOUND}.includes('Terwolde')")
    assert "klacht" == chromium.asks("document.querySelector('.snippet mark').innerText")
    assert chromium.asks("location.search") == "?q=klach"
    assert "q" == chromium.asks("document.activeElement.id")
    chromium.asks("document.getElementById('q').value = ''")
    chromium.asks("document.querySelector('.more').open = true")
    chromium.asks(
        "document.getElementById('order').value = 'oldest',"
        "document.getElementById('order').dispatchEvent(new Event('change', {bubbles: true}))"
    )
    chromium.sees("location.search === '?order=oldest'")
    chromium.sees(f"{FOUND}.includes('Terwolde')")
    assert chromium.asks("window.stayed")
    for url in ("visits?q=klacht", "visits?columns=day,account,report,keywords", "actions", "accounts"):
        chromium.opens(f"{pages.client.base_url}/{url}")
        assert chromium.asks("document.documentElement.scrollWidth <= 390"), url
    assert [] == chromium.complaints
