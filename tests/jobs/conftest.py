from collections.abc import Iterator

import pytest

from jobs import Jobs
from store.db import Db
from store.migrate import migrate


@pytest.fixture
def jobs(database_url: str) -> Iterator[Jobs]:
    """The queue of an empty house."""
    db = Db(database_url)
    migrate(db)
    made = Jobs(db)
    made.prepare()
    yield made
    made.close()
    db.close()
