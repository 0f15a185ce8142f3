"""Lists are kept as somebody wants to see them again."""

import pytest

from capture.rights import Viewer, viewer
from capture.values import CorrectionError
from capture.viewing import MOST, Viewing
from store import views
from store.tables import Rep
from tests.web.conftest import Pages, text_of

QUERY = "q=offerte&outcome=order&columns=day,account"


def kept(pages: Pages, **form: str) -> int:
    given = {"place": "visits", "name": "Orders", "query": QUERY, **form}
    return pages.client.post("/views", data=given).status_code


def test_a_view_is_kept_shown_and_let_go(pages: Pages) -> None:
    assert 303 == kept(pages)
    assert 303 == kept(pages, name="orders ", query="outcome=order&page=7")
    [link] = pages.get("/visits").css(".view a")
    assert ("orders", "/visits?outcome=order") == (text_of(link), link.attributes["href"])
    assert [] == pages.get("/actions").css(".view")
    drop = pages.get("/visits").css_first(".view form")
    assert drop is not None
    assert 303 == pages.client.post(str(drop.attributes["action"])).status_code
    assert [] == pages.get("/visits").css(".view")
    assert 404 == pages.client.post(str(drop.attributes["action"])).status_code


@pytest.mark.parametrize("form", [{"place": "me"}, {"place": "//evil.example"}, {"name": " "}, {"name": "x" * 61}])
def test_a_view_that_makes_no_sense_is_refused(pages: Pages, form: dict[str, str]) -> None:
    assert 422 == kept(pages, **form)


def test_another_site_keeps_no_view(pages: Pages) -> None:
    answer = pages.client.post(
        "/views", data={"place": "visits", "name": "x"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert 403 == answer.status_code


def test_names_and_queries_stay_text(pages: Pages) -> None:
    kept(pages, name='<img src=x onerror="1">', query='q="><script>1</script>')
    page = pages.get("/visits")
    assert [] == page.css("main img, main script")
    assert '<img src=x onerror="1">' == text_of(page.css_first(".view a"))


def test_a_shared_view_is_the_teams_and_only_its_owner_lets_it_go(pages: Pages) -> None:
    db = pages.house.house.db
    with db.write() as tx:
        owner, mate, stranger = tx.query(Rep).order_by(Rep.id).limit(3)
        owner.team = mate.team = "North"
        owner.manager_id = mate.manager_id = stranger.manager_id = None
        stranger.team = "South"
        people = [viewer(one) for one in (owner, mate, stranger)]
    viewing = Viewing(db)
    shared = viewing.keep(people[0], "visits", "Ours", "q=a", shared=True)
    viewing.keep(people[0], "visits", "Mine", "q=b", shared=False)

    def seen(who: Viewer) -> list[tuple[str, bool]]:
        with db.read() as tx:
            return [(one.view.name, one.owner is None) for one in views.listed(tx, who.rep_id, "visits")]

    assert [[("Mine", True), ("Ours", True)], [("Ours", False)], []] == [seen(one) for one in people]
    with pytest.raises(CorrectionError):
        viewing.drop(people[1], shared)
    assert "visits" == viewing.drop(people[0], shared)


def test_nobody_keeps_more_views_than_can_be_shown(pages: Pages) -> None:
    viewing, host = Viewing(pages.house.house.db), Viewer(0, "", "administrator")
    for number in range(MOST):
        viewing.keep(host, "visits", f"View {number}", "", shared=False)
    with pytest.raises(CorrectionError, match="let one go"):
        viewing.keep(host, "visits", "One more", "", shared=False)
