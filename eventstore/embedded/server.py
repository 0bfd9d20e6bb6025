"""The life of an embedded server: join the one that runs, else start one; stop what was started here."""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import Process
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg

from eventstore.embedded.account import command_prefix, server_user
from eventstore.embedded.binaries import Binaries, choose_binaries
from eventstore.embedded.cluster import (
    POLL_SECONDS,
    cluster_version,
    create_cluster,
    create_socket_dir,
    exclusive_start,
    last_line,
)
from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.pidfile import disown_pid_file, running_server

START_SECONDS = 60  # recovery after a crash included
STOP_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors of statements go to the application that caused them; here they would repeat the values in them.
    "log_min_messages": "log",
    "log_checkpoints": "off",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# What a new server says while remains of a killed one are still going away.
REMAINS = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


class EmbeddedPostgres:
    """A server on `data_dir`, joined if one runs there. `dsn` names its maintenance database `postgres`.

    The server is reached by a Unix socket in a folder of mode 0700 and listens on no address. It stops when
    the process that started it leaves the context or ends in any other way. `durable=False` trades safety
    against a power cut for speed (tests). `binaries`: these, instead of the best that are found.
    Entering raises EmbeddedPostgresError.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, binaries: Binaries | None = None) -> None:
        self._data_dir = data_dir.absolute()
        self._cluster = self._data_dir / "postgres"
        self._durable = durable
        self._binaries = binaries
        self._process: Process | None = None
        self._socket_dir: Path | None = None
        self.dsn = ""

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as undo:
            undo.push_async_callback(self._stop)
            try:
                await self._join_or_start()
            except TimeoutError:
                raise EmbeddedPostgresError(
                    f"No PostgreSQL after {START_SECONDS} s: see {self._log}."
                ) from None
            except PermissionError as error:
                raise EmbeddedPostgresError(f"{self._data_dir} belongs to another user.") from error
            undo.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def _log(self) -> Path:
        return self._data_dir / "postgres.log"

    async def _join_or_start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        async with asyncio.timeout(START_SECONDS), exclusive_start(self._data_dir):
            while not self.dsn:
                self.dsn = await self._join() or await self._start()

    async def _join(self) -> str:
        """The address of the server that runs; waits for one that starts or stops; "" if there is none."""
        while running := running_server(self._cluster):
            if running.ready and await _answers(running.dsn):
                return running.dsn
            await asyncio.sleep(POLL_SECONDS)
        return ""

    async def _start(self) -> str:
        """Start a server and wait for it; "" if remains of an earlier one did not let it start yet."""
        logged = self._log.stat().st_size if self._log.exists() else 0
        process = self._process = await self._launch()
        while process.returncode is None:
            running = running_server(self._cluster)
            if running and running.pid == process.pid and running.ready and await _answers(running.dsn):
                return running.dsn
            await asyncio.sleep(POLL_SECONDS)
        said = self._log.read_bytes()[logged:].decode(errors="replace")
        await self._stop()
        if not any(remains in said for remains in REMAINS):
            raise EmbeddedPostgresError(f"PostgreSQL did not start: {last_line(said)} ({self._log})")
        await asyncio.sleep(POLL_SECONDS)
        return ""

    async def _launch(self) -> Process:
        user = server_user(self._cluster)
        binaries = self._binaries or choose_binaries(cluster_version(self._cluster))
        if not self._cluster.exists():
            await create_cluster(self._cluster, binaries, user, durable=self._durable)
        disown_pid_file(self._cluster)
        self._socket_dir = create_socket_dir(self._data_dir, user)
        postgres = binaries.program("postgres")
        prefix = command_prefix(user, [Path(postgres), self._cluster, self._socket_dir])
        arguments = ["-D", str(self._cluster), "-k", str(self._socket_dir), *self._settings()]
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *prefix,
                postgres,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",  # the current folder may be closed to the server's user
                env=_without_client_settings(),
                start_new_session=True,  # Ctrl-C is for the application, which stops the server last
            )

    def _settings(self) -> list[str]:
        settings = SETTINGS if self._durable else SETTINGS | NOT_DURABLE
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    async def _stop(self) -> None:
        if self._process is not None:
            await _end(self._process)
        if self._socket_dir is not None:
            shutil.rmtree(self._socket_dir, ignore_errors=True)
        self._process = self._socket_dir = None
        self.dsn = ""


async def _answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except PermissionError:
        raise
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


async def _end(process: Process) -> None:
    """A fast shutdown; one without a last checkpoint when it takes too long."""
    for request in (signal.SIGINT, signal.SIGQUIT):
        if process.returncode is None:
            process.send_signal(request)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
                return
        except TimeoutError:
            continue


def _without_client_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
