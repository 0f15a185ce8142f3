"""The base of every row."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from store.db import Instant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The base of every row. Constraints have names, so that a migration can speak of them on both databases."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a plain dict
        datetime: Instant,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        list[int]: sa.JSON,
    }
