import asyncio
import os
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from eventstore.embedded import EmbeddedPostgres, EmbeddedPostgresError
from eventstore.embedded.account import command_prefix, server_user
from eventstore.embedded.binaries import machine_binaries, wheel_binaries
from eventstore.embedded.pidfile import running_server
from tests.environment.waiting import eventually

PARENT = """
import asyncio, pathlib, sys
from eventstore.embedded import EmbeddedPostgres

async def main():
    async with EmbeddedPostgres(pathlib.Path(sys.argv[1])) as postgres:
        print(postgres.dsn, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Short, unlike pytest's own temporary folders, so that the socket's place is the usual one."""
    with tempfile.TemporaryDirectory(prefix="embedded-") as folder:
        yield Path(folder) / "data"


@asynccontextmanager
async def server_in_another_process(data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(data_dir), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert (await asyncio.wait_for(process.stdout.readline(), 60)).startswith(b"postgresql://")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await eventually(lambda: server_pid(data_dir) == 0, 30, "the server's end")


def server_pid(data_dir: Path) -> int:
    running = running_server(data_dir / "postgres")
    return running.pid if running else 0


def server_dsn(data_dir: Path) -> str:
    running = running_server(data_dir / "postgres")
    assert running is not None
    return running.dsn


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def owner(path: Path) -> int:
    return path.stat().st_uid


def log_text(data_dir: Path) -> str:
    return (data_dir / "postgres.log").read_text()


async def query(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_new_directory_becomes_a_server_with_utf8(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir) as postgres:
        assert await query(postgres.dsn, "SHOW server_encoding") == "UTF8"
        assert await query(postgres.dsn, "SHOW listen_addresses") == ""
        assert await query(postgres.dsn, "SHOW fsync") == "on"


@pytest.mark.skipif(not wheel_binaries(), reason="the wheel has no programs for this platform")
async def test_the_newest_programs_of_the_wheel_are_used(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False) as postgres:
        version = await query(postgres.dsn, "SELECT current_setting('server_version_num')::int / 10000")
        assert version == wheel_binaries()[0].version >= 18


async def test_every_installation_found_serves_and_its_data_asks_for_the_same_one_again(
    data_dir: Path,
) -> None:
    for binaries in {found.version: found for found in (*wheel_binaries(), *machine_binaries())}.values():
        folder = data_dir / str(binaries.version)
        async with EmbeddedPostgres(folder, durable=False, binaries=binaries):
            pass
        async with EmbeddedPostgres(folder, durable=False) as postgres:
            major = await query(postgres.dsn, "SELECT current_setting('server_version_num')::int / 10000")
            assert major == binaries.version


async def test_a_restart_keeps_the_data(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir) as postgres:
        await query(postgres.dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    assert server_pid(data_dir) == 0
    async with EmbeddedPostgres(data_dir) as postgres:
        assert await query(postgres.dsn, "SELECT number FROM kept") == 7


async def test_leaving_stops_the_server_and_removes_its_socket(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False) as postgres:
        dsn = postgres.dsn
    assert not (data_dir / "socket").exists()
    with pytest.raises(OSError, match="No such file"):
        await query(dsn, "SELECT 1")


async def test_a_second_one_joins_the_running_server_and_leaves_it_running(data_dir: Path) -> None:
    async with server_in_another_process(data_dir):
        first = server_pid(data_dir)
        async with EmbeddedPostgres(data_dir) as joined:
            assert await query(joined.dsn, "SELECT 1") == 1
        assert server_pid(data_dir) == first


async def test_two_that_start_at_the_same_moment_share_one_server(data_dir: Path) -> None:
    first, second = EmbeddedPostgres(data_dir, durable=False), EmbeddedPostgres(data_dir, durable=False)
    await asyncio.gather(first.__aenter__(), second.__aenter__())
    try:
        assert first.dsn == second.dsn
        assert await query(second.dsn, "SELECT 1") == 1
    finally:
        await asyncio.gather(first.__aexit__(None, None, None), second.__aexit__(None, None, None))


@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv to stop with its parent")
async def test_the_server_stops_when_its_parent_is_killed_and_the_next_start_serves(data_dir: Path) -> None:
    async with server_in_another_process(data_dir) as parent:
        await query(server_dsn(data_dir), "CREATE TABLE kept AS SELECT 7 AS number")
        parent.kill()
        await parent.wait()
        await eventually(lambda: server_pid(data_dir) == 0, 30, "the server's end")
    async with EmbeddedPostgres(data_dir) as postgres:
        assert await query(postgres.dsn, "SELECT number FROM kept") == 7


async def test_a_start_waits_while_the_killed_parents_server_is_still_stopping(data_dir: Path) -> None:
    async with server_in_another_process(data_dir) as parent:
        stopping = server_pid(data_dir)
        parent.kill()
        await parent.wait()
        async with EmbeddedPostgres(data_dir) as postgres:
            assert await query(postgres.dsn, "SELECT 1") == 1
            assert server_pid(data_dir) != stopping


async def test_a_server_killed_with_its_parent_recovers_what_was_committed(data_dir: Path) -> None:
    async with server_in_another_process(data_dir) as parent:
        await query(server_dsn(data_dir), "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(server_pid(data_dir), signal.SIGKILL)
        parent.kill()
        await parent.wait()
        assert (data_dir / "postgres" / "postmaster.pid").exists()
        async with EmbeddedPostgres(data_dir) as postgres:
            assert await query(postgres.dsn, "SELECT number FROM kept") == 7


async def test_a_start_waits_for_the_remains_of_a_killed_server(data_dir: Path) -> None:
    async with server_in_another_process(data_dir) as parent:
        connection = await asyncpg.connect(server_dsn(data_dir))
        remains = connection.get_server_pid()
        os.kill(remains, signal.SIGSTOP)
        os.kill(server_pid(data_dir), signal.SIGKILL)
        parent.kill()
        await parent.wait()
        next_one = EmbeddedPostgres(data_dir)
        start = asyncio.create_task(next_one.__aenter__())
        try:
            await eventually(
                lambda: "pre-existing shared memory" in log_text(data_dir), 20, "a refused start"
            )
        finally:
            os.kill(remains, signal.SIGCONT)
        assert await query((await start).dsn, "SELECT 1") == 1
        await next_one.__aexit__(None, None, None)
        connection.terminate()


async def test_a_stale_pid_file_whose_number_is_someone_elses_now_does_not_stop_the_start(
    data_dir: Path,
) -> None:
    async with server_in_another_process(data_dir) as parent:
        os.kill(server_pid(data_dir), signal.SIGKILL)
        parent.kill()
        await parent.wait()
        pid_file = data_dir / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        as_its_user = command_prefix(server_user(data_dir / "postgres"), [data_dir])
        someone_else = await asyncio.create_subprocess_exec(*as_its_user, "sleep", "60")
        pid_file.write_text("\n".join([str(someone_else.pid), *lines[1:]]) + "\n")
        async with EmbeddedPostgres(data_dir) as postgres:
            assert await query(postgres.dsn, "SELECT 1") == 1
        assert someone_else.returncode is None
        someone_else.kill()
        await someone_else.wait()


@pytest.mark.parametrize("name", ["with a space", "comma, quote ' and \"", "long" * 40])
async def test_any_path_will_do(data_dir: Path, name: str) -> None:
    async with EmbeddedPostgres(data_dir / name, durable=False) as postgres:
        assert await query(postgres.dsn, "SELECT 1") == 1
        async with EmbeddedPostgres(data_dir / name, durable=False) as joined:
            assert joined.dsn == postgres.dsn


async def test_the_sockets_folder_is_the_servers_alone(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False):
        assert mode(data_dir / "socket") == 0o700
        assert mode(data_dir / "postgres") == 0o700


async def test_folders_above_keep_their_modes_even_when_they_are_closed(data_dir: Path) -> None:
    assert mode(data_dir.parent) == 0o700
    async with EmbeddedPostgres(data_dir / "below", durable=False) as postgres:
        assert await query(postgres.dsn, "SELECT 1") == 1
    assert mode(data_dir.parent) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another user")
async def test_root_runs_the_server_as_an_unprivileged_user(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False):
        assert owner(data_dir / "postgres") == owner(Path(f"/proc/{server_pid(data_dir)}")) != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another user")
def test_root_without_the_right_tool_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EmbeddedPostgresError, match="setpriv"):
        command_prefix(server_user(data_dir), [data_dir])


async def test_a_cluster_that_cannot_start_says_why_in_one_line(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False):
        pass
    (data_dir / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedPostgresError, match="pg_control"):
        await EmbeddedPostgres(data_dir, durable=False).__aenter__()
    assert server_pid(data_dir) == 0


async def test_data_of_a_version_that_is_not_installed_is_refused_in_one_line(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("99\n")
    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 99"):
        await EmbeddedPostgres(data_dir, durable=False).__aenter__()


async def test_an_initdb_killed_half_way_leaves_nothing_that_stands_in_the_way(data_dir: Path) -> None:
    (data_dir / "postgres.unfinished" / "base").mkdir(parents=True)
    async with EmbeddedPostgres(data_dir, durable=False) as postgres:
        assert await query(postgres.dsn, "SELECT 1") == 1
    assert not (data_dir / "postgres.unfinished").exists()


async def test_values_of_failed_statements_stay_out_of_the_log(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False) as postgres:
        await query(postgres.dsn, "CREATE TABLE taken (name text PRIMARY KEY)")
        await query(postgres.dsn, "INSERT INTO taken VALUES ('someone@example.org')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await query(postgres.dsn, "INSERT INTO taken VALUES ('someone@example.org')")
    assert "someone@" not in log_text(data_dir)
