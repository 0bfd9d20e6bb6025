"""What every command shares: its settings, its database, its errors in one line, its orderly end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

import orjson
import uvloop
from pydantic import ValidationError

from eventstore.embedded import EmbeddedPostgres, EmbeddedPostgresError
from eventstore.migrate import MigrationChanged
from eventstore.moving.errors import MoveRefused
from eventstore.store import StoreUnavailable
from service.config import SecretKeyMissing, Settings
from service.domain.errors import Rejected
from service.logs import configure_logs
from service.wiring.core import DatabaseUrlMissing
from workers.delivery.smtp_url import BadSmtpUrl

Result = TypeVar("Result")


class CommandFailed(Exception):
    """The command could not do its work; the message says what to do."""


EXPECTED = (
    BadSmtpUrl,
    CommandFailed,
    DatabaseUrlMissing,
    EmbeddedPostgresError,
    MigrationChanged,
    MoveRefused,
    Rejected,
    SecretKeyMissing,
    StoreUnavailable,
    OSError,
)


@contextmanager
def reporting() -> Iterator[None]:
    """Expected failures end in one line and exit status 1."""
    try:
        yield
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        _fail(f"These settings are not acceptable: {wrong}")
    except EXPECTED as error:
        _fail(str(error) or type(error).__name__)


def _fail(message: str) -> None:
    sys.stderr.write(f"statuspages: {message}\n")
    raise SystemExit(1)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return uvloop.run(work)


def load_settings(data_dir: Path | None = None) -> Settings:
    """From the environment; also sets up the logs. Raises pydantic.ValidationError."""
    settings = Settings()
    configure_logs(settings.log_level)
    return settings if data_dir is None else settings.model_copy(update={"data_dir": data_dir})


@asynccontextmanager
async def with_database(settings: Settings) -> AsyncIterator[Settings]:
    """Settings with a database: DATABASE_URL's, else the data directory's own, joined or started."""
    if settings.database_url is not None:
        yield settings
        return
    async with EmbeddedPostgres(settings.data_dir) as postgres:
        yield settings.model_copy(update={"database_url": postgres.dsn})


def stop_on_signals() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    return stop


def show(result: dict[str, Any], text: str, *, as_json: bool, to: TextIO | None = None) -> None:
    """The command's result on standard output, if not elsewhere: one JSON object, or text for people."""
    output = to or sys.stdout
    output.write(orjson.dumps(result).decode() if as_json else text)
    output.write("\n")
    output.flush()
