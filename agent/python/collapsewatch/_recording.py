"""Messages in a file, to be sent later by ``collapsewatch replay``."""

from __future__ import annotations

import contextlib
import io
import os
import time
from pathlib import Path

from ._encoder import Blob
from ._trouble import Losses, logger

MAGIC = b"CWREC\x01\r\n"


class Recording:
    """One file of one process: the magic, then for each blob its time, its length and itself.

    An entry is written in one piece, so a process that is killed leaves at most its last one
    incomplete.
    """

    def __init__(self, folder: Path, run: str, rank: int, losses: Losses) -> None:
        stamp = time.strftime("%Y%m%dT%H%M%S") + f"-{time.time_ns() // 1_000_000 % 1000:03d}"
        self.path = folder / f"collapsewatch-{run}-rank{rank}-{stamp}.cwrec"
        self._losses = losses
        self._file: io.FileIO | None = None
        self._end = 0

    def deliver(self, blob: Blob) -> None:
        try:
            entry = blob.taken_ms.to_bytes(8, "little") + len(blob.bytes).to_bytes(4, "little")
            self._write(entry + blob.bytes)
        except OSError as e:
            self._losses.count("write_failed", f"{self.path} cannot be written ({e})")

    def work(self, hurry: bool) -> float | None:
        return None

    def held(self) -> tuple[int, int]:
        return 0, 0

    def left(self) -> int:
        return 0

    def hopeless(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing waits here; the file is closed with the process, or when nobody holds it."""

    def forget(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, data: bytes) -> None:
        file = self._file or self._create()
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            # A full disk may become free again; half an entry would spoil those after it.
            with contextlib.suppress(OSError):
                file.truncate(self._end)
                file.seek(self._end)
            raise
        self._end += len(data)

    def _create(self) -> io.FileIO:
        os.makedirs(self.path.parent, exist_ok=True)
        self._file = io.FileIO(str(self.path), "xb")
        logger.info("recording to %s; send it with: collapsewatch replay %s", self.path, self.path)
        self._write(MAGIC)
        return self._file
