"""The Home tab: where I stand, what waits for me, what I have to do, what I chose, what was learnt from me."""

from datetime import date, timedelta

from sqlalchemy import select

from store import preferences, reps
from store.tables import Action, Lesson, Preference
from tests.doors.conftest import SlackHouse
from tests.servers.slack.human import Human

REPORT = "vandaag bij zuivelhuis terwolde geweest met Kees Bruinsma, offerte sturen voor vrijdag, <!channel> monsters"


def opens(at_slack: SlackHouse) -> Human:
    noor = at_slack.slack.human(at_slack.noor)
    noor.opens_home()
    return noor


def reported(at_slack: SlackHouse, text: str = REPORT) -> None:
    at_slack.house.says(text)
    at_slack.house.run_jobs()


def shown(noor: Human) -> str:
    assert noor.home is not None
    return noor.home.shown


def actions(at_slack: SlackHouse) -> list[Action]:
    with at_slack.house.house.db.read() as tx:
        return list(tx.scalars(select(Action).order_by(Action.id)))


def test_home_shows_the_week_and_what_is_to_be_done(at_slack: SlackHouse) -> None:
    reported(at_slack)
    noor = opens(at_slack)
    assert "Hallo Noor" in shown(noor)
    assert "1 bezoek deze week" in shown(noor)
    assert "▓ 1" in shown(noor)
    assert "offerte sturen" in shown(noor)
    assert "Zuivelhuis Terwolde" in shown(noor)


def test_an_action_is_done_tomorrow_or_dropped_by_one_tap(at_slack: SlackHouse) -> None:
    reported(at_slack)
    first, *_ = actions(at_slack)
    noor = opens(at_slack)
    noor.clicks("Morgen", near=first.text[:20])
    assert actions(at_slack)[0].due == at_slack.house.clock.now.date() + timedelta(days=1)
    noor.clicks("Gedaan", near=first.text[:20])
    assert actions(at_slack)[0].state == "done"
    assert first.text not in shown(noor)
    for left in actions(at_slack)[1:]:
        noor.clicks("Vervalt", near=left.text[:20])
    assert "Er staat niets open" in shown(noor)


def test_an_action_settled_at_home_changes_the_card(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    at_slack.house.run_jobs()
    noor.sees("offerte", timeout_s=5)
    noor.opens_home()
    noor.clicks("Gedaan", near="offerte")
    at_slack.house.run_jobs()
    noor.sees("✓ offerte", timeout_s=5)


def test_a_tap_on_what_was_settled_meanwhile_only_shows_what_is_the_case(at_slack: SlackHouse) -> None:
    reported(at_slack)
    noor = opens(at_slack)
    first = actions(at_slack)[0]
    at_slack.house.house.assistant.home.settle(at_slack.noor.id, first.id, "drop")
    noor.clicks("Gedaan", near=first.text[:20])
    assert actions(at_slack)[0].state == "dropped"
    assert first.text not in shown(noor)


def test_a_question_is_answered_at_home_by_one_tap(at_slack: SlackHouse) -> None:
    reported(at_slack, "vanmorgen bij hofstra langs geweest, ze willen een offerte")
    noor = opens(at_slack)
    assert "Welke klant" in shown(noor)
    noor.clicks("Slagerij Hofstra, Grou")
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].account_id is not None
    assert "Welke klant" not in shown(noor)


def test_another_customer_is_looked_up_at_home(at_slack: SlackHouse) -> None:
    reported(at_slack, "vanmorgen bij hofstra langs geweest, ze willen een offerte")
    noor = opens(at_slack)
    noor.selects("Brouwerij De Kraanvogel, Leeuwarden", typed="kraan")
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].account_id is not None


def test_home_is_shown_anew_when_a_visit_is_filed_but_only_to_those_who_opened_it(at_slack: SlackHouse) -> None:
    reported(at_slack)
    assert at_slack.slack.journal.called("views.publish") == []
    noor = opens(at_slack)
    reported(at_slack, "vandaag bij Brouwerij De Kraanvogel geweest, Ruben Stavenga wil een proefbrouwsel")
    at_slack.slack.wait_for(lambda: "2 bezoeken deze week" in shown(noor))
    assert len(at_slack.slack.journal.called("views.publish", ok=True)) == 2
    at_slack.house.clock.passes(days=40)
    reported(at_slack, "vandaag bij Zuivelhuis Terwolde langs geweest, Kees Bruinsma tevreden")
    assert len(at_slack.slack.journal.called("views.publish")) == 2


def test_what_is_chosen_is_kept_and_an_import_leaves_it_alone(at_slack: SlackHouse) -> None:
    noor = opens(at_slack)
    noor.selects("Deutsch", near="Taal")
    assert "Hallo Noor" in shown(noor)
    assert "Einstellungen" in shown(noor)
    noor.selects("07:00", near="Wann die Übersicht kommt")
    noor.selects("20:00", near="Ruhe ab")
    noor.selects("06:00", near="Ruhe bis")
    with at_slack.house.house.db.read() as tx:
        rep = reps.by_slack_id(tx, at_slack.noor.id)
        assert rep is not None
        chosen = preferences.of(tx, rep.id)
        assert chosen is not None
        assert (rep.language, chosen.digest_hour, chosen.quiet_from, chosen.quiet_until) == ("de", 7, 20, 6)
        assert [hour for hour in range(24) if preferences.is_quiet(chosen, hour)] == [*range(6), *range(20, 24)]
    noor.selects("Wie im Haus üblich", near="Wann die Übersicht kommt")
    with at_slack.house.house.db.read() as tx:
        assert tx.scalars(select(Preference.digest_hour)).all() == [None]


def test_days_off_are_no_working_days(at_slack: SlackHouse) -> None:
    home = at_slack.house.house.assistant.home
    home.choose(at_slack.noor.id, "working_days", ["0", "1", "3"])
    with at_slack.house.house.db.read() as tx:
        rep = reps.by_slack_id(tx, at_slack.noor.id)
        assert rep is not None
        assert rep.working_days == [0, 1, 3]
    page = home.page(at_slack.noor.id)
    assert page is not None
    assert [day.weekday() for day, _ in page.days] == [0, 1, 3]


def test_what_was_learnt_from_me_can_be_forgotten(at_slack: SlackHouse) -> None:
    reported(at_slack, "vanmorgen bij hofstra langs geweest, ze willen een offerte")
    visit = at_slack.house.visits()[0]
    at_slack.house.house.assistant.correct(visit.id, at_slack.noor.id, "account", str(visit.candidates[0]))
    noor = opens(at_slack)
    assert "Wat ik van je heb geleerd" in shown(noor)
    noor.clicks("Vergeet")
    assert "Wat ik van je heb geleerd" not in shown(noor)
    with at_slack.house.house.db.read() as tx:
        assert [one.revoked_by is not None for one in tx.scalars(select(Lesson))] == [True]


def test_a_visit_is_fixed_from_home(at_slack: SlackHouse) -> None:
    reported(at_slack)
    noor = opens(at_slack)
    noor.clicks("Aanpassen")
    assert noor.sees_modal() is not None


def test_people_who_are_nobody_here_are_told_whom_to_ask(at_slack: SlackHouse) -> None:
    otto = at_slack.slack.human(at_slack.slack.add_user("Otto", "otto@varenhof.example"))
    otto.opens_home()
    assert otto.home is not None
    assert "administrator" in otto.home.shown
    guest = at_slack.slack.human(at_slack.slack.add_user("Gast", "gast@x.example", is_restricted=True))
    guest.opens_home()
    assert guest.home is None


def test_nobody_settles_the_actions_of_another(at_slack: SlackHouse) -> None:
    reported(at_slack)
    saara = at_slack.slack.human(at_slack.saara)
    saara.opens_home()
    assert "offerte" not in saara.home.shown if saara.home else False
    assert actions(at_slack)[0].state == "open"
    assert date(2026, 3, 2) == at_slack.house.visits()[0].on
