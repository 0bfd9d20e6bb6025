"""A PostgreSQL of the test's own, durable, that can be stopped, killed and frozen."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from eventstore.embedded import EmbeddedPostgres


class OwnDatabase:
    """As a context manager; `dsn` stays the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder)
        self.dsn = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Returns when it answers."""
        self._server = await EmbeddedPostgres(self._folder).__aenter__()
        assert self.dsn in ("", self._server.dsn)
        self.dsn = self._server.dsn

    async def stop(self) -> None:
        """A fast shutdown."""
        await self._server.__aexit__(None, None, None)

    async def kill(self) -> None:
        """kill -9 of the server; its children follow by themselves."""
        os.kill(self._postmaster, signal.SIGKILL)

    async def freeze(self) -> None:
        """Every process of the server stands still, and keeps its connections."""
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)

    async def thaw(self) -> None:
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    @property
    def _postmaster(self) -> int:
        return int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])

    def _processes(self) -> Iterator[int]:
        """The postmaster first, so that it starts no new ones."""
        yield self._postmaster
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = entry.read_text().rpartition(")")[2].split()
                if int(fields[1]) == self._postmaster:
                    yield int(entry.parent.name)
