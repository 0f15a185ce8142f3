"""What someone would search for later."""

import pytest

from parsing.keywords import MOST, find_keywords
from parsing.model import Crm

CRM = Crm(keywords=("warmtepomp", "Kaltwassersatz", "lattialämmitys", "heat pump"))

CASES = [
    ("nl", "Offerte gevraagd voor twee warmtepompen en een boiler GX-200", ["warmtepomp", "GX-200", "boiler"]),
    ("nl", "Klacht over de stapelbakken, concurrent Plastora is goedkoper", ["klacht", "stapelbakken", "Plastora"]),
    ("de", "Interesse am Kaltwassersatz und an der Entfeuchtungsanlage", ["Kaltwassersatz", "Entfeuchtungsanlage"]),
    ("de", "Wartung der Etikettiermaschine ET40 besprochen", ["Wartung", "Etikettiermaschine", "ET40"]),
    ("fi", "Pyysi tarjouksen lattialämmityksestä ja pakkauskoneesta", ["lattialämmitys", "pakkauskone"]),
    ("fi", "Esiteltiin hitsausrobotti RX-7", ["esittely", "hitsausrobotti", "RX-7"]),
    ("en", "Asked about heat pumps and a grid inverter, warranty too", ["heat pump", "grid inverter", "warranty"]),
    ("en", "They compared us with Frostline on the blast chiller BC-90", ["Frostline", "blast chiller", "BC-90"]),
    ("en", "wants a number on the mobile x-ray cart", ["x-ray cart"]),
    ("en", "left him the spec sheet of the Vento 500", ["spec sheet", "Vento 500"]),
    ("en", "new lock on the change machine", ["lock"]),
    ("nl", "prijs gevraagd voor infuuspompen en verbandrollen", ["infuuspompen", "verbandrollen"]),
    ("nl", "de Hydra 300 getoond, nieuwe catalogus afgegeven", ["Hydra 300", "catalogus"]),
    ("de", "Abnahme der Lüftung, Stellungnahme folgt", ["Abnahme", "Stellungnahme"]),
    ("fi", "huoltokalenteri laadittu, raportti tulossa", ["huoltokalenteri", "raportti"]),
]


@pytest.mark.parametrize(("language", "text", "wanted"), CASES, ids=[case[1] for case in CASES])
def test_products_models_rivals_and_topics_are_terms(language: str, text: str, wanted: list[str]) -> None:
    found = find_keywords(text, language, CRM, ())
    assert set(wanted) <= {one.value for one in found}
    assert len(found) <= MOST


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Vandaag om 14u bij de klant in Rotterdam geweest, 12kg en 3x gebeld"),
        ("de", "Am 12.3. um 14h in Hamburg gewesen, KW12"),
        ("fi", "Kävin eilen Tampereella klo 14, vko 12"),
        ("en", "Was in Manchester at 2pm on the 1st, Q3"),
    ],
)
def test_times_towns_and_counts_are_no_terms(language: str, text: str) -> None:
    assert [] == [one.value for one in find_keywords(text, language, CRM, ())]


def test_what_is_taken_by_a_name_is_no_term() -> None:
    said = "Offerte voor Plastora gevraagd"
    assert "Plastora" not in {one.value for one in find_keywords(said, "nl", CRM, [(13, 21)])}


def test_a_given_name_in_small_letters_and_a_counted_day_are_no_terms() -> None:
    found = {one.value for one in find_keywords("marleen saw the pump in July 2026", "en", CRM, ())}
    assert "pump" in found
    assert not {"marleen", "July 2026"} & found
