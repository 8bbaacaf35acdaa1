"""The agent's side of the stream door, as FORMAT.md has it, in the test's own process."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time

from .captures import Capture, read


class Receiver:
    """Takes captures over TCP. ``settling`` and ``refusing`` may be changed while it runs."""

    def __init__(self, port: int = 0, token: str | None = None) -> None:
        self.settling = True
        #: From a capture to the sentence it is refused with, or None.
        self.refusing = lambda capture: None
        self._token = token
        self._changed = threading.Condition()
        #: Captures of each connection, oldest first.
        self.connections: list[list[Capture]] = []
        self._sockets: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", port))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def captures(self) -> list[Capture]:
        return [capture for connection in self.connections for capture in connection]

    def of_kind(self, kind: str) -> list[Capture]:
        return [capture for capture in self.captures if capture.kind == kind]

    def await_captures(self, enough, seconds: float = 10.0) -> list[Capture]:
        """Waits until ``enough(captures)``; those captures."""
        end = time.monotonic() + seconds
        with self._changed:
            while not enough(self.captures):
                rest = end - time.monotonic()
                assert rest > 0, f"{len(self.captures)} captures came, which are not enough"
                self._changed.wait(rest)
            return self.captures

    def await_kind(self, kind: str, count: int = 1) -> list[Capture]:
        self.await_captures(lambda all: sum(c.kind == kind for c in all) >= count)
        return self.of_kind(kind)

    def hang_up(self) -> None:
        """Ends all connections, as an agent that is killed."""
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._sockets.clear()

    def close(self) -> None:
        # A thread that waits in accept holds the port until it is woken.
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.hang_up()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._door.accept()
                self._sockets.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        taken: list[Capture] = []
        counters = {"received": 0, "settled": 0, "refused": 0}
        with contextlib.suppress(OSError, EOFError):
            if self._token is not None and _frame(connection) != f"Bearer {self._token}".encode():
                _answer(connection, {**counters, "refusal": "the first frame is not the token"})
                return
            with self._changed:
                self.connections.append(taken)
            while True:
                self._take(connection, taken, counters)

    def _take(self, connection: socket.socket, taken: list[Capture], counters: dict) -> None:
        frame = _frame(connection)
        if not frame:
            if self.settling:
                counters["settled"] = counters["received"]
            _answer(connection, counters)
            return
        capture = read(frame)
        counters["received"] += 1
        sentence = self.refusing(capture)
        if sentence is not None:
            counters["refused"] += 1
            counters["refusal"] = sentence
        with self._changed:
            taken.append(capture)
            self._changed.notify_all()


def _frame(connection: socket.socket) -> bytes:
    return _receive(connection, int.from_bytes(_receive(connection, 4), "little"))


def _receive(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        some = connection.recv(length - len(received))
        if not some:
            raise EOFError
        received += some
    return received


def _answer(connection: socket.socket, counters: dict) -> None:
    text = json.dumps(counters).encode()
    connection.sendall(len(text).to_bytes(4, "little") + text)
