"""Processes of this clone's code, stopped at the end. They watch their standard input: see parent.py."""

import asyncio
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

CLONE = Path(__file__).parents[2]
STOP_SECONDS = 20.0
OURS = ("STATUSPAGES_", "DATABASE_", "AMQP_", "SMTP_", "PG")


class ProcessEnded(Exception):
    """A process under test ended too early; the message holds what it said last."""


@asynccontextmanager
async def process(arguments: Sequence[str], settings: dict[str, str]) -> AsyncIterator[Process]:
    """`python -m ARGUMENTS` with these settings and no others. Raises ProcessEnded afterwards."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:  # in it there is no .env
        said = Path(folder) / "log"
        started = await _start(arguments, settings, said)
        try:
            yield started
        finally:
            ended = started.returncode is not None
            await _stop(started)
            if ended:
                raise ProcessEnded(f"{' '.join(arguments)}: {said.read_text()[-2000:]}")


async def _start(arguments: Sequence[str], settings: dict[str, str], said: Path) -> Process:
    neutral = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    with said.open("wb") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments),
            stdin=PIPE,
            stdout=log,
            stderr=log,
            cwd=said.parent,
            env=neutral | {"PYTHONPATH": str(CLONE)} | settings,
        )


async def _stop(started: Process) -> None:
    if started.returncode is None:
        started.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await started.wait()
    except TimeoutError:
        started.kill()
        await started.wait()
