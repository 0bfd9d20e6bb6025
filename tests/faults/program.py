"""A program of the product as a child process, started again whenever it ends."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.environment.waiting import eventually

START_SECONDS = 30
STOP_SECONDS = 20
OUT_SECONDS = 12
"""What is promised for SIGTERM."""
CLONE = Path(__file__).parents[2]
OURS = ("STATUSPAGES_", "DATABASE_", "AMQP_", "SMTP_", "PG")


class Program:
    """`statuspages ARGUMENTS` with a supervisor, as a context manager; what it says goes to `log`.

    Leaving the context asks it to stop (SIGTERM) and asserts that it did, and that it only ended as told.
    """

    def __init__(self, name: str, arguments: list[str], settings: dict[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.starts = 0
        self._arguments = arguments
        self._settings = settings
        self._folder = folder
        self._process: Process | None = None
        self._ordered: set[int] = set()
        self._ends: list[int] = []
        self._supervisor: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._supervisor = asyncio.create_task(self._supervise())
        await eventually(lambda: self.starts > 0, START_SECONDS, f"{self.name} started")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor})
        await self._stop()
        if error is None:
            assert not self._ends, f"{self.name} ended unasked with {self._ends}: see {self.log}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def kill(self) -> None:
        """kill -9; returns when it has been started again."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, upon which it ends in order within OUT_SECONDS; returns when it has been started again."""
        asked_at = time.monotonic()
        await self._end(signal.SIGTERM)
        seconds = time.monotonic() - asked_at
        assert seconds < OUT_SECONDS, f"{self.name} took {seconds:.1f} s to stop"

    async def _end(self, number: signal.Signals) -> None:
        starts = self.starts
        self._ordered = {-signal.SIGKILL} if number is signal.SIGKILL else {0}
        self._send(number)
        await eventually(lambda: self.starts > starts, START_SECONDS, f"{self.name} started again")

    async def _supervise(self) -> None:
        while True:
            self._ordered = set()
            self._process = await self._start()
            self.starts += 1
            status = await self._process.wait()
            if status not in self._ordered:
                self._ends.append(status)

    async def _start(self) -> Process:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service", *self._arguments),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,  # there is no .env
                env=_neutral_environment() | self._settings,
            )

    async def _stop(self) -> None:
        self._send(signal.SIGTERM)
        if self._process is None:
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                status = await self._process.wait()
        except TimeoutError:
            self._send(signal.SIGKILL)
            raise AssertionError(
                f"{self.name} did not stop within {STOP_SECONDS} s: see {self.log}"
            ) from None
        assert status in (0, -signal.SIGKILL, -signal.SIGTERM), (
            f"{self.name} stopped with {status}: see {self.log}"
        )

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


def _neutral_environment() -> dict[str, str]:
    """Nothing set from outside, and the code of this clone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"PYTHONPATH": str(CLONE)}
