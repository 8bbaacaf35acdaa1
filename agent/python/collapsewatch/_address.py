"""Where the agent is."""

from __future__ import annotations

import os
import socket
from typing import NamedTuple

DEFAULT_AGENT = "127.0.0.1:7072"

_CONNECT_SECONDS = 2.0


class Address(NamedTuple):
    """``HOST:PORT``, or ``unix:/path`` of a socket of this machine."""

    text: str
    host: str
    port: int
    path: str

    @staticmethod
    def parse(text: str) -> Address:
        """Raises ``ValueError`` if it is neither."""
        if text.startswith("unix:"):
            return Address._of_path(text)
        host, colon, port = text.rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError(f"the agent's address is {text!r}; expected HOST:PORT or unix:/PATH")
        return Address(text, host.strip("[]"), int(port), "")

    @staticmethod
    def _of_path(text: str) -> Address:
        path = text[len("unix:") :]
        if not os.path.isabs(path):
            raise ValueError(
                f"the agent's address is {text!r}; expected unix: and an absolute path"
            )
        return Address(text, "", 0, path)

    def connect(self) -> socket.socket:
        """A connection. Raises ``OSError`` if there is nobody."""
        if not self.path:
            connection = socket.create_connection((self.host, self.port), _CONNECT_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_CONNECT_SECONDS)
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection
