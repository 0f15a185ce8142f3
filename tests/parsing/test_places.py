"""The place of a visit as the message names it, in base form."""

import pytest

from parsing.model import Crm, KnownAccount
from parsing.places import find_city, find_postcode, find_street

NORTH = KnownAccount(id="1", name="Bakkerij Zomer Groningen", city="Groningen")
SOUTH = KnownAccount(id="2", name="Bakkerij Zomer Breda", city="Breda")
WORKS = KnownAccount(id="3", name="Stadtwerke Bamberg", city="Bamberg")
CRM = Crm(accounts=(NORTH, SOUTH, WORKS), revision="test")


@pytest.mark.parametrize(
    ("language", "text", "city"),
    [
        ("nl", "Vanmiddag in Breda bij de klant geweest", "Breda"),
        ("nl", "bij de slager in zwolle geweest", "Zwolle"),
        ("nl", "Bezoek Den Bosch, alles goed", "Den Bosch"),
        ("nl", "Geen plaats genoemd vandaag", None),
        ("de", "War heute in Würzburg beim Kunden", "Würzburg"),
        ("de", "Termin HH verlief gut", "Hamburg"),
        ("de", "Wir sollten noch essen gehen", None),
        ("fi", "Kävin Tampereella asiakkaalla", "Tampere"),
        ("fi", "Olin Lahdessa ja Jyväskylään en ehtinyt", "Lahti"),
        ("fi", "Palaveri Jkl, kaikki kunnossa", "Jyväskylä"),
        ("en", "Met them in Leeds on Friday", "Leeds"),
        ("en", "Met them in March, reading the specs", None),
    ],
)
def test_a_town_is_found_in_base_form(language: str, text: str, city: str | None) -> None:
    found = find_city(text, language, CRM, None, ())
    assert city == (found.value if found else None)


def test_a_town_in_the_name_of_a_branch_is_a_place_and_in_another_name_is_not() -> None:
    said = "Bakkerij Zomer Groningen bezocht"
    branch = find_city(said, "nl", CRM, NORTH, [(0, 24)])
    assert branch is not None
    assert "Groningen" == branch.value
    assert find_city("Stadtwerke Bamberg besucht", "de", CRM, WORKS, [(0, 18)]) is None


@pytest.mark.parametrize(
    ("language", "text", "postcode", "street"),
    [
        ("nl", "Nieuw adres: Lindelaan 12a, 4811 BC Breda", "4811 BC", "Lindelaan 12a"),
        ("de", "Neue Anschrift Gartenstraße 7, 96047 Bamberg", "96047", "Gartenstraße 7"),
        ("fi", "Uusi osoite Koivukuja 4, 33100 Tampere", "33100", "Koivukuja 4"),
        ("en", "They moved to 14 Mill Lane, Leeds LS1 4AP", "LS1 4AP", "14 Mill Lane"),
        ("nl", "2500 dozen besteld", None, None),
        ("de", "12000 Teile bis KW 12", None, None),
    ],
)
def test_postcode_and_street_are_read_as_written(
    language: str, text: str, postcode: str | None, street: str | None
) -> None:
    found = find_postcode(text, language, CRM, None, ()), find_street(text, language, CRM, None, ())
    assert (postcode, street) == tuple(one.value if one else None for one in found)
