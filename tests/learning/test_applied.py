"""What lessons change in how a message is read, and what they never change."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsing import parse
from parsing.model import Crm, Extraction, KnownAccount, KnownContact, KnownRep, Lesson, Message
from parsing.taught import phrase_of

SENT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
TESS, OLAF = "tess@house.example", "olaf@house.example"
CRM = Crm(
    reps=(
        KnownRep(email=TESS, name="Tess Rozema", language="nl", timezone="Europe/Amsterdam"),
        KnownRep(email=OLAF, name="Olaf Brenner", language="de", timezone="Europe/Berlin"),
    ),
    accounts=(
        KnownAccount(id="1", name="Slagerij Wierda", city="Grou", country="NL"),
        KnownAccount(id="2", name="Wierda Koeltechniek", city="Drachten", country="NL"),
        KnownAccount(id="3", name="Brouwerij De Steltloper", city="Leeuwarden", country="NL"),
        KnownAccount(id="4", name="Kylmäsalo Oy", city="Kaarina", country="FI"),
        KnownAccount(id="5", name="Molkerei Uhlenbrock GmbH", city="Memmingen", country="DE"),
    ),
    contacts=(
        KnownContact(id="a", name="Siebe Wierda", accounts=("1",)),
        KnownContact(id="b", name="Anneke Wierda", accounts=("2",)),
        KnownContact(id="c", name="Gerlof Stavenga", accounts=("3",)),
        KnownContact(id="d", name="Ruben Postma", accounts=("3",)),
        KnownContact(id="e", name="Ruben Tolsma", accounts=("3",)),
        KnownContact(id="f", name="Beate Kirchhoff", accounts=("5",), role="Einkauf"),
        KnownContact(id="g", name="Bernd Kirchhoff", accounts=("5",), role="Produktion"),
    ),
)
LESSON = Lesson(id="9", kind="account", phrase="wierda", means="1", rep=TESS, taught_on=date(2026, 3, 2))
HANGAR = replace(LESSON, id="8", phrase="hangaari", means="4")
SHED = replace(LESSON, id="7", phrase=phrase_of("de ooievaar"), means="3")
HENK = replace(LESSON, id="6", kind="contact", phrase="henk", means="c", within="3")
RUBEN = replace(LESSON, id="5", kind="contact", phrase="ruben", means="e", within="3")
TERM = replace(LESSON, id="4", kind="keyword", phrase=phrase_of("vleugelpomp"), means="vleugelpomp")
UNWANTED = replace(LESSON, id="3", kind="not_keyword", phrase=phrase_of("koelcel"), means="koelcel")


def read(text: str, *lessons: Lesson, rep: str = TESS) -> Extraction:
    return parse(Message(via="web", rep=rep, sent_at=SENT, text=text), replace(CRM, lessons=lessons))


def account(text: str, *lessons: Lesson, rep: str = TESS) -> str | None:
    [visit] = read(text, *lessons, rep=rep).visits
    return visit.account.value.id if visit.account else None


def contacts(text: str, *lessons: Lesson) -> list[str | None]:
    [visit] = read(text, *lessons).visits
    return sorted(one.value.id or one.value.name or "?" for one in visit.contacts)


def test_what_would_be_asked_is_settled_with_the_reason() -> None:
    said = "vanmorgen bij wierda langs geweest, ze willen een offerte"
    assert account(said) is None
    [visit] = read(said, LESSON).visits
    assert visit.account is not None
    assert ("1", 0.9, "9") == (visit.account.value.id, visit.account.confidence, visit.account.lesson)
    assert "as corrected on 2026-03-02" == visit.account.why
    assert "wierda" == said[visit.account.start : visit.account.end]


def test_what_would_be_unknown_is_settled() -> None:
    assert "3" == account("gisteren bij de ooievaar geweest, nieuwe tapinstallatie besproken", SHED)


def test_what_would_be_a_new_account_is_settled() -> None:
    assert "3" == account("Gisteren bij De Ooievaar geweest, ze bestellen een nieuwe pomp", SHED)


@pytest.mark.parametrize("form", ["hangaarissa", "Hangaarilla", "hangaari"])
def test_in_finnish_the_words_are_known_in_every_case(form: str) -> None:
    assert "4" == account(f"Kävin tänään {form}, puhuttiin huollosta ja tarjouksesta", HANGAR)


def test_a_finnish_lesson_may_itself_be_inflected() -> None:
    inflected = replace(HANGAR, phrase="hangaarilla")
    assert "4" == account("Kävin tänään hangaarissa, puhuttiin huollosta ja tarjouksesta", inflected)


def test_it_is_one_reps_word_until_it_is_the_houses() -> None:
    said = "vanmorgen bij wierda langs geweest, ze willen een offerte"
    assert account(said, LESSON, rep=OLAF) is None
    assert "1" == account(said, replace(LESSON, rep=None), rep=OLAF)


def test_a_reps_own_word_comes_before_the_houses() -> None:
    said = "vanmorgen bij wierda langs geweest, ze willen een offerte"
    assert "2" == account(said, replace(LESSON, rep=None), replace(LESSON, id="10", means="2"))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("vanmorgen bij Wierda Koeltechniek geweest, offerte sturen", "2"),
        ("vanmorgen bij wierda koeltechniek langs geweest, offerte sturen", "2"),
        ("vanmorgen bij Wierda in Drachten langs geweest, offerte sturen", "2"),
        ("vanmorgen bij Wierda geweest, Anneke Wierda gesproken over de offerte", "2"),
        ("vanmorgen bij Wierda geweest, met Anneke gesproken over de offerte", "2"),
        ("vanmorgen bij Brouwerij De Steltloper geweest, zij kopen vlees bij Wierda", "3"),
    ],
)
def test_it_is_never_held_against_what_is_certain(said: str, wanted: str) -> None:
    assert wanted == account(said, LESSON)


@pytest.mark.parametrize(
    "said",
    [
        "vanmorgen bij Wierda in Groningen langs geweest, offerte sturen",
        "vanmorgen bij Bakkerij Wierda langs geweest, offerte sturen",
        "concurrent Wierda was ook bij hen, verder goed gesprek gehad vanmorgen",
    ],
)
def test_where_the_message_says_otherwise_it_settles_nothing(said: str) -> None:
    assert "1" != account(said, LESSON)


def test_its_own_town_is_no_contradiction() -> None:
    assert "1" == account("vanmorgen bij Wierda in Grou langs geweest, offerte sturen", LESSON)


def test_a_lesson_overrules_a_guess_that_it_was_taught_against() -> None:
    said = "Gisteren bij Steltloper geweest, ze bestellen een nieuwe pomp"
    assert "3" == account(said)
    assert "1" == account(said, replace(LESSON, phrase="steltloper"))
    assert "3" == account(said.replace("Steltloper", "Brouwerij De Steltloper"), replace(LESSON, phrase="steltloper"))


def test_a_second_visit_in_the_same_message_is_settled_too() -> None:
    said = "1) Brouwerij De Steltloper: pomp besproken met Gerlof\n2) Wierda: offerte gebracht, ze denken erover na"
    found = [visit.account.value.id for visit in read(said, LESSON).visits if visit.account]
    assert ["3", "1"] == found


def test_a_nickname_is_known_within_its_account() -> None:
    said = "vandaag bij brouwerij de steltloper geweest, met Henk gesproken over de pomp"
    assert "c" not in contacts(said)
    assert ["c"] == contacts(said, HENK)
    [visit] = read(said, HENK).visits
    assert ("6", "as corrected on 2026-03-02") == (visit.contacts[0].lesson, visit.contacts[0].why)
    assert "c" not in contacts("vandaag bij slagerij wierda geweest, met Henk gesproken over de pomp", HENK)


def test_of_two_with_one_name_the_one_that_was_taught_is_meant() -> None:
    said = "vandaag bij brouwerij de steltloper geweest, met Ruben gesproken over de pomp"
    assert [] == contacts(said)
    assert ["e"] == contacts(said, RUBEN)


@pytest.mark.parametrize(("name", "wanted"), [("Ruben Postma", "d"), ("Henk Smit", "Henk Smit"), ("Ruben P.", "d")])
def test_a_full_name_stays_who_it_is(name: str, wanted: str) -> None:
    said = f"vandaag bij brouwerij de steltloper geweest, met {name} gesproken over de pomp"
    assert [wanted] == contacts(said, HENK, RUBEN)


def test_a_title_says_which_of_two_is_meant() -> None:
    herr = replace(LESSON, kind="contact", phrase="kirchhoff", means="g", within="5")
    said = "Heute bei Molkerei Uhlenbrock gewesen, mit {} gesprochen, Angebot folgt"
    assert ["g"] == contacts(said.format("Kirchhoff"), herr)
    assert ["f"] == contacts(said.format("Frau Kirchhoff"), herr)


def test_who_was_away_was_not_met_by_a_nickname_either() -> None:
    said = "vandaag bij brouwerij de steltloper geweest. Ruben Postma gesproken, Henk was ziek."
    assert ["d"] == contacts(said, HENK)


def test_keywords_are_found_and_left_out_as_taught() -> None:
    said = "vandaag bij brouwerij de steltloper geweest, over vleugelpompen en de koelcel gesproken"
    plain = {one.value for one in read(said).visits[0].keywords}
    assert "vleugelpomp" not in plain
    assert "koelcel" in plain
    taught = read(said, TERM, UNWANTED).visits[0].keywords
    assert {"vleugelpomp"} <= {one.value for one in taught}
    assert "koelcel" not in {one.value for one in taught}
    assert ["4"] == [one.lesson for one in taught if one.value == "vleugelpomp"]
    assert "koelcel" in {one.value for one in read(said, UNWANTED, rep=OLAF).visits[0].keywords}


def test_what_the_house_does_not_want_one_rep_may_want() -> None:
    said = "vandaag bij brouwerij de steltloper geweest, over de koelcel gesproken"
    house = replace(UNWANTED, rep=None)
    mine = replace(TERM, phrase=phrase_of("koelcel"), means="koelcel")
    assert "koelcel" not in {one.value for one in read(said, house).visits[0].keywords}
    assert "koelcel" in {one.value for one in read(said, house, mine).visits[0].keywords}


def test_lessons_on_what_is_gone_change_nothing() -> None:
    said = "vanmorgen bij wierda langs geweest, ze willen een offerte"
    gone = replace(LESSON, means="404")
    assert read(said) == read(said, gone, replace(HENK, means="404"), replace(LESSON, phrase=""))


PIECES = (
    "wierda", "Wierda", "steltloper", "koeltechniek", "Drachten", "Grou", "Henk", "Ruben", "Anneke", "bij", "met", "en",
    "gisteren", "offerte", "pomp", ".", ",", "\n", "1)", "geweest", "Kirchhoff", "Frau", "beim", "Uhlenbrock",
    "hangaarissa", "kävin",
)  # fmt: skip
WORDS = st.sampled_from(PIECES)
EVERY = (LESSON, HANGAR, SHED, HENK, RUBEN, TERM, UNWANTED)
OTHERS = tuple(replace(one, phrase=f"zzq {one.phrase}") for one in EVERY)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=3, max_size=25).map(" ".join))
def test_lessons_on_other_words_change_nothing(said: str) -> None:
    assert read(said) == read(said, *OTHERS[:5])
    assert read(said) == read(said, *(replace(one, rep=OLAF) for one in OTHERS))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=3, max_size=25).map(" ".join))
def test_only_what_rests_on_a_lesson_says_so(said: str) -> None:
    for found in read(said, *EVERY).found():
        assert (found.lesson is None) == (not found.why.startswith("as corrected"))
        if found.lesson:
            assert (0.9, True) == (found.confidence, bool(said[found.start : found.end].strip()))


def test_a_lesson_is_minded_at_once_where_the_names_are_kept() -> None:
    said = Message(via="web", rep=TESS, sent_at=SENT, text="vanmorgen bij wierda langs geweest, ze willen een offerte")
    for revision, lessons, wanted in (("1", (), None), ("2", (LESSON,), "1"), ("3", (), None)):
        [visit] = parse(said, replace(CRM, lessons=lessons, revision=f"learning {revision}")).visits
        assert visit.account is not None
        assert wanted == visit.account.value.id
