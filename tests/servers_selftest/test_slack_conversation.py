"""The double carries a whole conversation with a real bolt app."""

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from tests.servers.slack import NotOnScreenError, SlackSaysError, SlackServer, User
from tests.servers_selftest.pigeon import pigeon, serving


def converse(slack: SlackServer, rep: User) -> None:
    """The whole conversation, the same by HTTP and by Socket Mode."""
    ada = slack.human(rep)
    said = ada.says("Met Kim & <Co>")
    reply = ada.sees("Kept: Met Kim &amp; &lt;Co&gt;", timeout_s=3)
    assert reply.thread_ts == said.ts
    assert said.reactions == {"eyes": [slack.workspace.bot_user]}

    ada.clicks("Fix")
    with pytest.raises(SlackSaysError, match="Who: Please complete"):
        ada.submits()
    assert {"Who": "Nobody?"} == ada.submits({"Who": "nobody"})
    with pytest.raises(NotOnScreenError, match="Acorn Ltd Ltd"):
        ada.fills({"Firm": "Acorn Ltd"})
    ada.selects("Acorn Ltd", "Firm", typed="Acorn")
    assert {} == ada.submits({"Who": "Kim"})
    assert ada.modal is None
    ada.sees("Kim / 2026-03-02 / Acorn Ltd")

    ada.clicks("Undo")
    assert reply.text == "Gone"
    with pytest.raises(NotOnScreenError):
        ada.clicks("Undo")

    ada.slash("/note", "milk")
    assert ada.sees("Noted milk").ephemeral_to == rep.id
    ada.shortcut("Keep it", on=said)
    ada.sees("Will keep Met Kim", timeout_s=3)

    ada.opens_home()
    slack.wait_for(lambda: ada.home)
    ada.clicks("Done")
    assert ada.home
    assert "All done" in ada.home.shown
    slack.assert_no_violations()


def test_a_conversation_by_http(slack: SlackServer, rep: User) -> None:
    with serving(pigeon(slack), slack):
        converse(slack, rep)


def test_a_conversation_by_socket_mode(slack: SlackServer, rep: User) -> None:
    handler = SocketModeHandler(pigeon(slack), slack.app_token)
    handler.connect()
    slack.wait_for(lambda: slack.sockets)
    try:
        converse(slack, rep)
    finally:
        handler.close()
