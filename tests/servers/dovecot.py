"""A Dovecot of the tests' own: IMAP on a free port, mail delivered into its maildirs."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.ports import free_port, until

TRIES = 3
CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
mailbox_idle_check_interval = 1 secs
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%n
}}
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
default_login_user = {login}
default_internal_user = {internal}
"""
OAUTH2 = """
introspection_mode = get
introspection_url = {url}/introspect?token=
active_attribute = active
active_value = true
username_attribute = username
"""


def find_dovecot() -> str | None:
    """The server's program, or None."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextlib.contextmanager
def running(tokens_url: str = "http://127.0.0.1:9") -> Iterator["Dovecot"]:
    """A server in a folder of its own; pytest's are closed to other users again by every pytest that starts.

    Who logs in with a token is asked of ``tokens_url``.
    """
    with tempfile.TemporaryDirectory(prefix="debrief-dovecot-") as folder:
        server = Dovecot(Path(folder))
        (server.folder / "oauth2.conf").write_text(OAUTH2.format(url=tokens_url))
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Dovecot:
    """Any name logs in with ``password``. Needs root, as Dovecot itself does for several users."""

    def __init__(self, folder: Path, user: str = "debrief") -> None:
        self.folder, self.port, self.user = folder, free_port(), user
        self.password = "secret"
        self._number = count(1)

    def mailbox_of(self, user: str) -> "Dovecot":
        """The same server as ``user`` meets it: with an inbox of their own."""
        other = Dovecot(self.folder, user)
        other.port = self.port
        return other

    @property
    def maildir(self) -> Path:
        return self.folder / "mail" / self.user

    def start(self) -> None:
        program = find_dovecot()
        assert program is not None, "Dovecot is not installed"
        owner = pwd.getpwnam("mail")
        (self.folder / "mail").mkdir(parents=True, exist_ok=True)
        for path in (*reversed(self.folder.parents), self.folder):
            if path.stat().st_uid == 0 and path not in (Path("/"), Path("/tmp")):
                path.chmod(path.stat().st_mode | 0o711)
        shutil.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        for _ in range(TRIES):
            config = self.folder / "dovecot.conf"
            config.write_text(
                CONFIG.format(
                    folder=self.folder, user=owner.pw_uid, group=owner.pw_gid, port=self.port,
                    password=self.password, login="dovenull", internal="dovecot",
                )
            )  # fmt: skip
            started = subprocess.run(
                [program, "-c", str(config)], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if started.returncode == 0:
                until(self._answers, "Dovecot answers")
                return
            self.port = free_port()  # somebody was quicker to take the other
        raise AssertionError(f"Dovecot does not start: {self.folder / 'log'}")

    def stop(self) -> None:
        pid_file = self.folder / "run" / "master.pid"
        if pid_file.exists():
            pid = int(pid_file.read_text())
            sessions = _children(pid)
            os.kill(pid, signal.SIGTERM)
            until(lambda: not pid_file.exists(), "Dovecot has stopped")
            for session in sessions:  # one that idles outlives its master, and goes on telling of new mail
                with contextlib.suppress(ProcessLookupError):
                    os.kill(session, signal.SIGTERM)
            until(lambda: not any(map(_lives, sessions)), "its sessions have ended")

    def deliver(self, raw: bytes) -> None:
        """Put a mail into the inbox, as a delivery agent does: written aside, then renamed into ``new``."""
        owner = pwd.getpwnam("mail")
        for name in ("", "tmp", "new", "cur"):
            folder = self.maildir / name
            if not folder.exists():
                folder.mkdir(parents=True)
                shutil.chown(folder, owner.pw_uid, owner.pw_gid)
        name = f"{next(self._number)}.{os.getpid()}.debrief"
        path = self.maildir / "tmp" / name
        path.write_bytes(raw)
        shutil.chown(path, owner.pw_uid, owner.pw_gid)
        path.rename(self.maildir / "new" / name)

    def recreate(self) -> None:
        """Throw the mailbox away: the next one has another UIDVALIDITY."""
        # Moved first: the server may be writing its index into it.
        gone = self.maildir.with_name(f"{self.user}.gone{next(self._number)}")
        self.maildir.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False)
        client.login(self.user, self.password)
        return client

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False


def _children(pid: int) -> list[int]:
    found = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [child for child in found if _stat(child)[1:2] == [str(pid)]]


def _lives(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _stat(pid: int) -> list[str]:
    """State, parent and more of a process (proc(5)); nothing of one that is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()  # its name may hold anything
    return []
