"""A mail server in a process of its own, which outlives whoever sends to it."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.environment.mails.record import Record
from tests.environment.rabbitmq import child, free_ports
from tests.environment.waiting import eventually

CLONE = Path(__file__).parents[3]
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class MailSink:
    url: str
    record: Record

    async def progress(self) -> int:
        """How many messages it has taken."""
        self.record.look()
        return len(self.record.taken)


@asynccontextmanager
async def mail_sink(folder: Path, name: str, rate: float = 0) -> AsyncIterator[MailSink]:
    """It takes at most `rate` messages a second (0: as they come). Its record is `name` in `folder`."""
    [port], path = free_ports(1), folder / name
    command = [sys.executable, "-m", "tests.environment.mails.receiver", str(port), str(path), str(rate)]
    with child(command, os.environ | {"PYTHONPATH": str(CLONE)}):
        await eventually(path.exists, START_SECONDS, f"{name} at work")
        yield MailSink(f"smtp://127.0.0.1:{port}", Record(path))
