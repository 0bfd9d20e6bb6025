"""The files of an embedded server: DATA_DIR/postgres (its data), DATA_DIR/socket, DATA_DIR/postgres.log."""

import asyncio
import fcntl
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from eventstore.embedded.account import User, command_prefix
from eventstore.embedded.binaries import Binaries
from eventstore.embedded.errors import EmbeddedPostgresError

POLL_SECONDS = 0.05
LONGEST_SOCKET_DIR = 80  # bytes: a socket's address holds about 100, and the file's name comes on top
UNAMBIGUOUS = re.compile(r"[A-Za-z0-9_./-]+")  # in PostgreSQL's list of folders and in a DSN's list of hosts


def cluster_version(cluster: Path) -> int | None:
    """The major version that wrote the data; None when there is none yet."""
    if not cluster.exists():
        return None
    return int((cluster / "PG_VERSION").read_text())


async def create_cluster(cluster: Path, binaries: Binaries, user: User | None, *, durable: bool) -> None:
    """initdb beside the place, then a rename: a start killed half-way leaves no half-made cluster.

    Raises EmbeddedPostgresError.
    """
    unfinished = cluster.with_name(f"{cluster.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    private_folder(unfinished, user)
    initdb = binaries.program("initdb")
    command = [*command_prefix(user, [Path(initdb), unfinished]), initdb, f"--pgdata={unfinished}"]
    process = await asyncio.create_subprocess_exec(
        *command,
        *initdb_options(binaries.version, durable=durable),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd="/",
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise EmbeddedPostgresError(f"initdb failed: {last_line(output.decode(errors='replace'))}")
    unfinished.rename(cluster)


def initdb_options(version: int, *, durable: bool) -> list[str]:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    if version >= 17:  # letters beyond ASCII compare and fold the same on every machine, whatever its locales
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options if durable else [*options, "--no-sync"]


def create_socket_dir(data_dir: Path, user: User | None) -> Path:
    """A new 0700 folder for the socket: below `data_dir`, or a temporary one where that path would not do."""
    folder = data_dir / "socket"
    if len(str(folder).encode()) > LONGEST_SOCKET_DIR or not UNAMBIGUOUS.fullmatch(str(folder)):
        folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    shutil.rmtree(folder, ignore_errors=True)  # the lock file of a killed server may name a reused process id
    private_folder(folder, user)
    return folder


def private_folder(folder: Path, user: User | None) -> None:
    folder.mkdir(mode=0o700)
    if user is not None:
        user.takes(folder)


@asynccontextmanager
async def exclusive_start(data_dir: Path) -> AsyncIterator[None]:
    """One process at a time decides whether to start a server here. Killed ones free it."""
    with (data_dir / "start.lock").open("w") as file:
        while not _locked(file.fileno()):  # noqa: ASYNC110 (another process holds it, so no event can tell)
            await asyncio.sleep(POLL_SECONDS)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def last_line(text: str) -> str:
    """The line that says why: PostgreSQL's last FATAL or error, else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reasons = [line for line in lines if "FATAL" in line or "error" in line]
    return (reasons or lines or ["no output"])[-1]
