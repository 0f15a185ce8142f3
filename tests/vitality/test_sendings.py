"""Of which mailing a bounce tells, and the share of each that came back."""

from datetime import UTC, datetime, timedelta

from store.sendings import SentList, hand_out, listed
from store.signs import contacts_at, of_contact
from tests.vitality.conftest import Story
from tests.vitality.mails import KARIN, bounce


def mailings(story: Story) -> list[SentList]:
    with story.house.house.db.read() as tx:
        return listed(tx)


def hands_out(story: Story, name: str, *emails: str) -> None:
    with story.house.house.db.write() as tx:
        hand_out(tx, emails, name, story.house.clock())


def test_a_bounce_counts_for_the_last_list_that_has_the_address(story: Story) -> None:
    hands_out(story, "January", KARIN, "anna@kolk.example")
    story.house.clock.passes(days=1)
    hands_out(story, "February", KARIN, "anna@kolk.example", "bert@kolk.example", "carla@kolk.example")
    story.house.clock.passes(days=1)
    story.comes(bounce(story.house.clock()))
    story.comes(bounce(story.house.clock() + timedelta(minutes=1)))  # of the same address again
    story.comes(bounce(story.house.clock(), address="bert@kolk.example", status="5.7.1"))
    february, january = mailings(story)
    assert (february.name, february.size, february.bounced) == ("February", 4, 2)
    assert february.rate == 0.5
    assert february.dead == 1
    assert (january.bounced, january.rate) == (0, 0.0)


def test_a_bounce_long_after_a_list_is_of_another_mailing(story: Story) -> None:
    hands_out(story, "January", KARIN)
    story.house.clock.passes(days=30)
    story.comes(bounce(story.house.clock()))
    newsletter, january = mailings(story)
    assert (newsletter.name, newsletter.size, newsletter.bounced, newsletter.rate) == ("News of April", None, 1, None)
    assert january.bounced == 0


def test_a_mail_to_one_person_alone_is_of_no_mailing(story: Story) -> None:
    hands_out(story, "January", KARIN)
    alone = bounce(datetime(2026, 3, 2, 13, tzinfo=UTC)).replace(
        b"List-Id: Varenhof News <news.varenhof.example>\n", b""
    )
    story.comes(alone)
    [january] = mailings(story)
    assert january.bounced == 0
    with story.house.house.db.read() as tx:
        [karin] = contacts_at(tx, KARIN)
        assert [one.kind for one in of_contact(tx, karin)] == ["unknown_user"]
