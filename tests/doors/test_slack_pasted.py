"""A customer's mail pasted into Slack is read as a mail that was forwarded."""

from tests.doors.conftest import SlackHouse

MAIL = """Van: Kees Bruinsma <k.bruinsma@zuivelhuis-terwolde.example>
Verzonden: maandag 2 maart 2026 10:12
Aan: Noor Wijngaard <noor@varenhof.example>
Onderwerp: proefmonsters

Hoi Noor,
dank voor je bezoek. Bart van Dijk van Slagerij Hofstra was ook enthousiast.
Groet, Kees"""


def test_the_words_above_a_pasted_mail_are_the_reps_and_its_sender_the_customer(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(f"vandaag langs geweest, offerte sturen voor vrijdag\n\n{MAIL}")
    at_slack.house.run_jobs()
    noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    [visit] = at_slack.house.visits()
    [capture] = at_slack.house.captures()
    assert capture.text == "vandaag langs geweest, offerte sturen voor vrijdag"
    assert capture.message["forwarded"]["sender"]["email"] == "k.bruinsma@zuivelhuis-terwolde.example"
    assert [action.text for action in visit.actions] == ["offerte sturen"]


def test_words_that_only_look_like_a_head_stay_as_they_are(at_slack: SlackHouse) -> None:
    said = "gisteren bij zuivelhuis terwolde geweest\nVan: Utrecht naar Zwolle gereden\nAan: Kees offerte beloofd"
    at_slack.slack.human(at_slack.noor).says(said)
    at_slack.house.run_jobs()
    [capture] = at_slack.house.captures()
    assert (capture.text, capture.message["forwarded"]) == (said, None)
