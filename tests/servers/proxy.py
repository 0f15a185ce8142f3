"""A TCP proxy that can fall silent: what a router that forgot a connection looks like from both ends."""

import contextlib
import socket
import threading


class Proxy:
    """Carries bytes to ``target`` (a port of this machine) until `silence`; then nothing arrives and nothing is closed.

    What is connected meanwhile stays without an answer for ever, also after `speak`: only new connections work.
    """

    def __init__(self, target: int, host: str = "127.0.0.1") -> None:
        self.target = target
        self.connections = 0
        self._silent = threading.Event()
        self._lost: list[socket.socket] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((host, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def silence(self) -> None:
        self._lost += self._open
        self._silent.set()

    def speak(self) -> None:
        self._silent.clear()

    def close(self) -> None:
        for one in (self._listener, *self._open, *self._lost):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(client)
            if self._silent.is_set():
                self._lost.append(client)
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self._open.append(server)
            for here, there in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(here, there), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := here.recv(65536):
                if here in self._lost:
                    return
                there.sendall(said)
        if here not in self._lost:
            with contextlib.suppress(OSError):
                there.shutdown(socket.SHUT_RDWR)
