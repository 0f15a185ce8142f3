"""The pages in a real browser: sending without reloading, and fitting the screen."""

import pytest

from tests.servers.chromium import Chromium
from tests.web.conftest import NOOR, Pages

pytestmark = [pytest.mark.servers, pytest.mark.slow]

WHICH = "vandaag bij Hofstra geweest, mooi gesprek met de eigenaar"
SAID = "document.getElementById('conversation').innerText"


def button(label: str) -> str:
    return f"[...document.querySelectorAll('#conversation button')].find((one) => one.innerText === '{label}')"


def test_a_rep_writes_answers_and_undoes_without_leaving_the_page(pages: Pages, chromium: Chromium) -> None:
    worker = pages.house.house.worker()
    worker.start()
    try:
        chromium.looks(1280, 860)
        chromium.opens(f"{pages.client.base_url}/chat?rep={NOOR}")
        chromium.asks("window.stayed = true, document.getElementById('text').focus()")
        chromium.types(WHICH)
        chromium.presses("Enter")
        chromium.sees(f"{SAID}.includes('Welke klant bedoel je?')")
        assert "" == chromium.asks("document.getElementById('text').value")
        assert "text" == chromium.asks("document.activeElement.id")
        chromium.asks(f"{button('Slagerij Hofstra, Grou')}.click()")
        chromium.sees(f"{SAID}.includes('Slagerij Hofstra') && !{SAID}.includes('Welke klant')")
        chromium.asks(f"{button('Ongedaan maken')}.click()")
        chromium.sees(f"{SAID}.includes('V-2026-00001 ingetrokken')")
        assert chromium.asks("window.stayed")
    finally:
        worker.stop()
    assert [] == chromium.complaints


def test_no_page_is_wider_than_a_phone(pages: Pages, chromium: Chromium) -> None:
    pages.says(WHICH)
    pages.says("gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag " + "x" * 80)
    pages.works()
    chromium.looks(360, 740, dark=True)
    for url in ("chat", "dashboard", "visits", "visits/1", "visits/2", "visits/2?tab=report", "accounts/1"):
        chromium.opens(f"{pages.client.base_url}/{url}")
        assert chromium.asks("document.documentElement.scrollWidth <= 360"), url
    assert [] == chromium.complaints


def test_an_example_is_put_into_the_field(pages: Pages, chromium: Chromium) -> None:
    chromium.looks(1280, 860)
    chromium.opens(f"{pages.client.base_url}/chat?rep={NOOR}")
    chromium.asks("document.querySelector('.examples a').click()")
    assert chromium.asks("document.getElementById('text').value === document.querySelector('.examples a').innerText")
    assert [] == pages.house.captures()
