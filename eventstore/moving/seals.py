"""The last line of an export: the SHA-256 of all before it, by which damage and a missing end are seen."""

import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import orjson

from eventstore.moving.errors import MoveRefused

Write = Callable[[bytes], Any]
UNREADABLE = (EOFError, OSError, zlib.error)
"""What a damaged or shortened compressed file raises."""


class SealedWriter:
    def __init__(self, write: Write) -> None:
        self._write = write
        self._digest = sha256()

    def write(self, lines: bytes) -> None:
        self._digest.update(lines)
        self._write(lines)

    def seal(self) -> str:
        """End it; the digest."""
        self._write(_seal(self._digest.hexdigest()))
        return self._digest.hexdigest()


class SealedReader:
    """Line after line. `number`: of the line read last, from 1."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._digest = sha256()
        self.number = 0

    def read(self) -> bytes:
        """Raises MoveRefused when the file ends here."""
        line = self._next()
        if not line.endswith(b"\n"):
            raise MoveRefused(f"The export ends in line {self.number + 1}: the rest of it is missing.")
        self._digest.update(line)
        self.number += 1
        return line

    def finish(self) -> str:
        """The digest. Raises MoveRefused when what was read is not what was written, or more follows."""
        digest = self._digest.hexdigest()
        if self._next() != _seal(digest) or self._next():
            raise MoveRefused("The export is damaged: its contents and its SHA-256 differ.")
        return digest

    def _next(self) -> bytes:
        try:
            return next(self._lines, b"")
        except UNREADABLE as error:
            raise MoveRefused(f"The export cannot be read beyond line {self.number}: {error}") from error


def _seal(digest: str) -> bytes:
    return orjson.dumps({"sha256": digest}) + b"\n"
