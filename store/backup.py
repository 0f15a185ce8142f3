"""A whole house in one file, and back: everything is in its database, mails and attachments included."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from store.db import Db, sqlite_module

SQLITE_HEAD, POSTGRES_HEAD = b"SQLite format 3\0", b"PGDMP"


class BackupError(Exception):
    """No backup was made, or nothing was restored; says why, for an operator."""


def back_up(db: Db, file: Path) -> int:
    """Write everything, as of one moment, into ``file``, while others go on reading and writing; give its bytes.

    SQLite: a database file, by the online backup interface (sqlite.org/backup.html). PostgreSQL: an archive of
    ``pg_dump``, which must be installed. A ``file`` that is there is replaced once the new one is whole.
    """
    url = make_url(db.url)
    with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
        made = Path(folder) / "backup"
        if url.get_backend_name() == "sqlite":
            _copy_sqlite(Path(url.database or ""), made)
        else:
            _postgres("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={made}")
        made.chmod(0o600)  # customers' words
        made.replace(file)
    return file.stat().st_size


def restore(db: Db, file: Path) -> None:
    """Fill the empty database of ``db`` from ``file``; raises `BackupError`, and leaves it empty, where it cannot."""
    url = make_url(db.url)
    with file.open("rb") as opened:
        head = opened.read(16)
    sqlite = url.get_backend_name() == "sqlite"
    if not head.startswith(SQLITE_HEAD if sqlite else POSTGRES_HEAD):
        raise BackupError(f"{file} is no backup of {'SQLite' if sqlite else 'PostgreSQL'}")
    if sqlite:
        _restore_sqlite(file, Path(url.database or ""))
        return
    if sa.inspect(db.engine).get_table_names():
        raise BackupError(f"{db.place} is not empty: restore into a new database")
    _postgres("pg_restore", url, "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", file)


def _restore_sqlite(file: Path, place: Path) -> None:
    # A write-ahead log that was left behind would be played back over what is restored.
    left = next((one for one in (place, place.with_name(f"{place.name}-wal")) if one.exists()), None)
    if left:
        raise BackupError(f"{left} is there already: move it away, or restore to another place")
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as folder:
        made = Path(folder) / "restored"
        _copy_sqlite(file, made)
        made.replace(place)


def _copy_sqlite(source: Path, to: Path) -> None:
    module = sqlite_module()
    try:
        with (
            closing(module.connect(f"file:{source}?mode=ro", uri=True)) as read,
            closing(module.connect(to)) as written,
        ):
            read.backup(written)
            _check(written)
    except module.DatabaseError as error:
        raise BackupError(f"{source}: {error}") from error


def _check(connection: Any) -> None:
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupError(f"the copy is damaged: {found}")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        raise BackupError("it holds no Debrief")


def _postgres(program: str, url: URL, *options: str | Path) -> None:
    found = _newest(program)
    if found is None:
        raise BackupError(f"{program} is not installed: it comes with PostgreSQL's client programs")
    # The password goes by the environment: other users of the machine see a command's words.
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    address = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603  # our own program and the operator's own address
        [found, f"--dbname={address}", *options], env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip() or done.returncode}")


def _newest(program: str) -> str | None:
    """Debian keeps several releases beside each other; an older program refuses a newer server."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    return str(newest) if newest else shutil.which(program)
