"""Whatever people write, a letter shows it as text, and no medium refuses it for its length."""

import json
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from letters import LANGUAGES, Letter, mrkdwn, one_line, render
from letters.answer import Answer, Brief, Coming, Going, Part, ToldAction, ToldVisit
from letters.model import ActionLine, ChangeLine, Choice, Counter, Doubt, Filed, PersonLine, Question, Tap, VisitCard
from tests.servers.slack.block_kit import check_blocks, too_long

HOSTILE = "<!channel> <@U1> *x* </p><script>x</script> & \"q\" 'q' \u202e\r\nBcc: a@b.example"


def visit_of(said: str, place: int = 1) -> VisitCard:
    """A card whose every field that people fill is ``said``, many times where there may be many."""
    return VisitCard(
        id=place, number=f"V-2026-{place:05}", account=said, account_new=True, city=said, type=said, medium=said,
        outcome=said, on=date(2026, 3, 3), starts=time(9), ends=time(10), keywords=(said,) * 40,
        people=(PersonLine(name=said, role=said, new=True),) * 40, amounts=((Decimal(10) ** 13, "EUR"),) * 40,
        actions=(ActionLine(text=said, due=date(2026, 3, 4), who=said),) * 40,
        changes=(ChangeLine(name=said, successor=said),) * 40,
        status=said, doubts=(Doubt(field="on", said=said),) * 40,
        taps=tuple(Tap(fact=fact, value=str(place), about=said) for fact in ("phone", "missed", "rescheduled", "done")),
        question=Question(about="account_which", choices=(Choice(label=said, value="1"),) * 40),
    )  # fmt: skip


def letter_of(said: str, visits: int = 1, language: str = "en") -> Letter:
    filed = Filed(
        visits=tuple(visit_of(said, place) for place in range(1, visits + 1)),
        counter=Counter(done=1), url="https://debrief.example", left_out=(said,) * 40,
    )  # fmt: skip
    return render("filed", language, filed=filed, today=date(2026, 3, 3))


@pytest.mark.parametrize("said", ["x" * 10_000, "word " * 2_000, HOSTILE], ids=["one word", "words", "hostile"])
def test_slack_takes_an_answer_however_much_was_said(said: str) -> None:
    told = ToldVisit(
        id=1, number="V-2026-00001", on=date(2026, 3, 3), rep=said, people=(said,) * 40, facts=(said,) * 9, said=said
    )
    action = ToldAction(action=ActionLine(text=said, due=date(2026, 3, 3), who=said), visit_id=1, account=said)
    parts = [
        Part(about=about, account=said, account_id=1, visits=(told,) * 40, actions=(action,) * 40,
             people=(PersonLine(name=said, role=said),) * 40)
        for about in ("last", "open", "people")
    ]  # fmt: skip
    day = date(2026, 3, 3)
    facts = Brief(
        town=said, grade="A", owner=said, goers=(Going(rep=said, last=day),) * 40, due=day,
        planned=(Coming(on=day, rep=said),) * 40, complaints=(told,) * 40, terms=(said,) * 40,
    )  # fmt: skip
    brief = Part(about="brief", account=said, account_id=1, brief=facts)
    some = (
        Answer(parts=(brief, *parts), url="https://debrief.example"),
        Answer(parts=(brief,) * 9),
        Answer(unknown=said),
    )
    for answer in (Answer(parts=tuple(parts) * 4, url="https://debrief.example"), *some):
        letter = render("answer", "de", answer=answer, today=date(2026, 3, 3))
        assert [] == check_blocks(list(letter.blocks))
        assert not too_long(list(letter.blocks))
        assert all(one.get("type") != "mrkdwn" for one in objects(letter.blocks))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from objects(inner)


def test_slack_takes_every_case(case: Any) -> None:
    for language in LANGUAGES:
        letter = render(case.letter, language, **case.context)
        assert [] == check_blocks(list(letter.blocks))


@pytest.mark.parametrize("visits", [1, 2, 10, 60])
@pytest.mark.parametrize("said", ["x" * 10_000, "word " * 2_000, HOSTILE], ids=["one word", "words", "hostile"])
def test_slack_takes_a_card_however_much_was_said(said: str, visits: int) -> None:
    letter = letter_of(said, visits, "de")  # its words are the longest
    assert [] == check_blocks(list(letter.blocks))
    assert not too_long(list(letter.blocks))
    assert len(letter.subject) <= 140
    assert len(letter.text) <= 20_000


def test_no_word_of_a_person_is_read_as_mark_up_by_slack() -> None:
    kinds = {thing["type"] for thing in objects(letter_of(HOSTILE).blocks) if "type" in thing}
    assert "mrkdwn" not in kinds
    assert not kinds & {"user", "usergroup", "channel", "broadcast", "link", "emoji", "markdown"}


def test_a_page_holds_no_element_that_a_person_wrote() -> None:
    page = LexborHTMLParser(letter_of(HOSTILE).html)
    assert not page.css("script, img, iframe, link, object, form")
    assert "<script>x</script>" in page.body.text()  # type: ignore[union-attr]  # there is a body


def test_every_page_says_its_language_and_loads_nothing_from_elsewhere(case: Any) -> None:
    for language in LANGUAGES:
        page = LexborHTMLParser(render(case.letter, language, **case.context).html)
        assert language == page.css_first("html").attributes["lang"]
        assert "" != page.css_first("title").text().strip()
        assert not page.css("img, link, script, iframe")
        assert "url(" not in page.html  # type: ignore[operator]  # there is a page


def test_a_subject_is_one_line_whatever_the_account_is_called() -> None:
    subject = letter_of("Acme\r\nBcc: all@acme.example\u2028x").subject
    assert subject == one_line(subject)
    assert "\n" not in subject


def test_buttons_carry_the_visit_and_the_choice() -> None:
    filed = Filed(visits=(visit_of("Acme", 7), visit_of("Acme", 8)), counter=Counter(done=1), url="https://d.example")
    blocks = render("filed", "en", filed=filed).blocks
    rows = [block for block in blocks if block["type"] == "actions"]
    assert ["visit:7", "visit:8"] == [row["block_id"].rsplit(":", 1)[0] for row in rows]
    pressed = {button["action_id"]: button for button in rows[0]["elements"]}
    assert "7" == pressed["undo"]["value"]
    assert "1" == pressed["account:1"]["value"]
    assert "7" == pressed["fix"]["value"]
    assert {"fact:phone", "fact:missed", "fact:rescheduled", "fact:done", "account:other"} <= pressed.keys()
    assert "https://d.example/visits/7" == pressed["link:open"]["url"]


def test_a_block_gets_a_new_id_when_its_card_changes() -> None:
    ids = {letter_of(said).blocks[0]["block_id"] for said in ("Acme", "Acme", "Bcme")}
    assert 2 == len(ids)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("<!channel>", "&lt;!channel&gt;"), ("a & b", "a &amp; b"), ("&amp;", "&amp;amp;"), ("*x*", "*x*")],
)
def test_mrkdwn_escapes_what_slack_names_and_nothing_else(said: str, meant: str) -> None:
    assert meant == mrkdwn(said)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=400).filter(one_line))
def test_any_text_makes_a_letter_that_slack_takes(said: str) -> None:
    letter = letter_of(said, 2)
    assert [] == check_blocks(json.loads(json.dumps(letter.blocks)))
    assert "\n" not in letter.subject
