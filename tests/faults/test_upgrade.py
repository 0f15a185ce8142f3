"""The next release migrates while this one works: nothing that is said meanwhile is lost, and this one goes on."""

import threading
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import inspect, select

from store.migrate import migrate
from store.tables import Visit
from tests.faults.kill import UP_S, sayings
from tests.faults.town import slack_events, town
from tests.servers.ports import until
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.slow

MESSAGES = 12
NEXT = '''"""What the next release needs: a table, columns of tables in use, an index of one."""
import sqlalchemy as sa
from alembic import op

from store.migrations import live

revision, down_revision, branch_labels, depends_on = "9001", "{head}", None, None


def upgrade():
    live.create_index("ix_captures_sender", "captures", ["sender"])
    op.create_table("moods", sa.Column("id", sa.Integer(), primary_key=True))
    for table in ("captures", "visits", "accounts"):
        op.add_column(table, sa.Column("mood", sa.String(), nullable=False, server_default="fine"))
    op.execute("SELECT pg_sleep(1)")


def downgrade():
    raise AssertionError
'''


@pytest.mark.servers
def test_a_release_works_on_while_the_next_one_migrates(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="debrief-postgres-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            _upgraded_while_working(tmp_path, server.database())
        finally:
            server.stop()


def _upgraded_while_working(folder: Path, url: str) -> None:
    later = folder / "later"
    later.mkdir()
    with town(folder, url=url) as place:
        place.run.start()
        place.run.wait_ready(UP_S)
        (later / "next_9001.py").write_text(NEXT.format(head=migrate(place.house.db)))
        migrating = threading.Thread(target=migrate, args=(place.house.db,), kwargs={"later": later})
        for n, event in enumerate(slack_events(place, range(MESSAGES))):
            if n == 2:
                migrating.start()
            if n == MESSAGES - 2:
                migrating.join(timeout=60)
                assert place.run.is_ready(), "what was ready before is ready after"
            assert place.slack.deliver(event).ok
        until(lambda: len(sayings(place)) >= MESSAGES, "all is answered", timeout_s=60)
        with place.house.db.read() as tx:
            filed = Counter(tx.scalars(select(Visit.capture_id)))
        assert MESSAGES == len(filed) == filed.total() == len({letter for letter, _ in sayings(place)})
        assert "mood" in {one["name"] for one in inspect(place.house.db.engine).get_columns("visits")}
        place.run.stop()
