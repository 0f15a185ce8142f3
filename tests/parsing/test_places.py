"""The place of a visit as the message names it, in base form."""

import pytest

from parsing.addresses import find_postcode, find_street
from parsing.model import Crm, KnownAccount
from parsing.places import find_city

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
        ("nl", "loods in r'dam, koffie met de baas", "Rotterdam"),
        ("nl", "leiden: alles bijgevuld", "Leiden"),
        ("nl", "bij de groothandel in Klarenbeemd geweest", "Klarenbeemd"),
        ("nl", "heeft interesse in Flexoria", None),
        ("de", "letzten do in hh, Lampen gezeigt", "Hamburg"),
        ("de", "köln, kurzer Termin", "Köln"),
        ("de", "neue Adresse: Uferweg 3, 4899 Quarnham am Berg", "Quarnham am Berg"),
        ("de", "Bestellt wurden 1200 Paletten", None),
        ("fi", "jkl, kävin paikalla", "Jyväskylä"),
        ("fi", "stadissa käytiin", "Helsinki"),
        ("en", "over in mcr with the team", "Manchester"),
        ("en", "hull. trial finished", "Hull"),
        ("en", "interested in Lumora", None),
        ("en", "412 W Cedar St, Colorado Springs 80905", "Colorado Springs"),
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
        ("nl", "de loods (Havenrak 16, 5674 RB) bekeken", "5674 RB", "Havenrak 16"),
        ("nl", "was bij hem aan de Appelweg, druk", None, "Appelweg"),
        ("en", "9 Millergate, Otley LS21 1AE", "LS21 1AE", "9 Millergate"),
        ("en", "(Ashford Road 7, ME15 9XY)", "ME15 9XY", "Ashford Road 7"),
        ("en", "412 W Cedar St, Colorado Springs 80905", "80905", "412 W Cedar St"),
        ("en", "shipped 12000 parts to them", None, None),
        ("de", "Favoritengasse 12/3, 1100 Wien", "1100", "Favoritengasse 12/3"),
        ("de", "12000 Teile bis KW 12", None, None),
    ],
)
def test_postcode_and_street_are_read_as_written(
    language: str, text: str, postcode: str | None, street: str | None
) -> None:
    found = find_postcode(text, language, CRM, None, ()), find_street(text, language, CRM, None, ())
    assert (postcode, street) == tuple(one.value if one else None for one in found)
