"""A PostgreSQL of the tests' own: a fresh cluster on a free port, gone afterwards."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.servers.ports import free_port, until

TRIES = 3


def find_binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Postgres:
    """Runs from `start` to `stop`; each `database()` is a new, empty one."""

    def __init__(self, folder: Path, also: str | None = None, **options: str) -> None:
        """``also`` is another address that it listens on; ``options`` are settings of the server."""
        self.folder, self.port, self.also, self._options = folder, free_port(), also, options
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binaries = find_binaries()
        assert binaries is not None, "PostgreSQL is not installed"
        data = self.folder / "data"
        data.mkdir(parents=True)
        # The server refuses to run as root.
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        if as_user:
            for path in (*reversed(self.folder.parents), self.folder):
                if path.is_dir() and path.stat().st_uid == 0 and path not in (Path("/"), Path("/tmp")):
                    path.chmod(path.stat().st_mode | 0o711)
            shutil.chown(data, "postgres", "postgres")
        run = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run(
            [*as_user, binaries / "initdb", "-D", data, "-U", "debrief", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            **run,
        )
        if self.also:
            with (data / "pg_hba.conf").open("a") as file:
                file.write("host all all samenet trust\n")
        self._run()

    def _run(self) -> None:
        binaries, data = find_binaries(), self.folder / "data"
        assert binaries is not None
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        # Its data are thrown away: it need not survive a power cut.
        options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        heard = ",".join(["127.0.0.1", *([self.also] if self.also else [])])
        options += [f"listen_addresses={heard}", "unix_socket_directories="]
        options += [f"{name}={value}" for name, value in self._options.items()]
        for _ in range(TRIES):
            settings = [word for option in (*options, f"port={self.port}") for word in ("-c", option)]
            with (self.folder / "log").open("ab") as log:
                command = [*as_user, binaries / "postgres", "-D", data, *settings]
                self._server = server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
            until(lambda: server.poll() is not None or self._answers(), "PostgreSQL answers", timeout_s=60)  # noqa: B023
            if server.poll() is None:
                return
            self.port = free_port()  # somebody was quicker to take the other
        raise AssertionError("PostgreSQL ends as soon as it is started")

    def restart(self, away_s: float) -> None:
        """Shut down at once, breaking every connection, and come back on the same port after ``away_s``."""
        self.stop()
        time.sleep(away_s)
        self._run()

    def stop(self) -> None:
        if self._server:
            self._server.send_signal(signal.SIGINT)  # fast shutdown: it waits for no client
            self._server.wait(timeout=20)

    def database(self) -> str:
        """The URL of a new database."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def copy(self, template: str, url: str) -> None:
        """Make the new database at ``url`` a copy of that at ``template``, which nobody uses now."""
        source, name = template.rpartition("/")[2], url.rpartition("/")[2]
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name}")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")

    def _url(self, name: str) -> str:
        return f"postgresql://debrief@127.0.0.1:{self.port}/{name}"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._url("postgres"), connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True
