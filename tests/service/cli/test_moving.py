"""`statuspages export` and `import` from outside: files, pipes, output, exit status."""

import gzip
import json
import re
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eventstore.pool import connect_pool
from eventstore.postgres import PostgresStore
from tests.environment.postgres import fresh_database
from tests.service.cli.conftest import Command


@pytest.fixture
async def target(postgres_dsn: str) -> AsyncIterator[str]:
    """The DSN of an empty database without tables."""
    async with fresh_database(postgres_dsn) as dsn:
        yield dsn


@pytest.fixture
def into(environment: dict[str, str], target: str) -> dict[str, str]:
    return environment | {"DATABASE_URL": target}


def statuspages_in(
    environment: dict[str, str], *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    command = (sys.executable, "-m", "service", *arguments)
    return subprocess.run(command, env=environment, input=given, capture_output=True, timeout=60, check=False)


async def head(dsn: str) -> int:
    async with await connect_pool(dsn) as pool:
        return await PostgresStore(pool).head()


@pytest.fixture(scope="module")
def exported(statuspages: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("export") / "moving.jsonl.gz"
    done = statuspages("export", str(file))
    assert (done.returncode, done.stderr) == (0, "es.events\nes.checkpoints\n")
    assert re.match(r"Exported \d+ events and \d+ rows beside them in ", done.stdout)
    return file


async def test_a_file_carries_everything_into_an_empty_database_once(
    exported: Path, environment: dict[str, str], into: dict[str, str], target: str
) -> None:
    imported = statuspages_in(into, "import", str(exported), "--json")
    assert imported.returncode == 0
    result = json.loads(imported.stdout)
    written = await head(environment["DATABASE_URL"])
    assert written > 0
    assert (result["head"], result["rows"]["es.events"], await head(target)) == (written, written, written)
    again = statuspages_in(into, "import", str(exported))
    assert (again.returncode, again.stderr) == (
        1,
        b"statuspages: There is something in this database already: import into an empty one.\n",
    )


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(exported: Path) -> None:
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert list(exported.parent.iterdir()) == [exported]


def test_a_name_that_ends_with_gz_is_compressed(exported: Path) -> None:
    lines = gzip.decompress(exported.read_bytes()).splitlines()
    assert list(json.loads(lines[-1])) == ["sha256"]


def test_it_goes_through_a_pipe(environment: dict[str, str], into: dict[str, str]) -> None:
    done = statuspages_in(environment, "export", "-", "--json")
    written = json.loads(done.stderr.splitlines()[-1])["head"]
    imported = statuspages_in(into, "import", "-", given=done.stdout)
    assert imported.stdout.startswith(f"Imported {written} events and ".encode())


@pytest.fixture
def damaged(exported: Path) -> bytes:
    return gzip.decompress(exported.read_bytes()).replace(b"disk full", b"disk fall", 1)


async def test_a_damaged_file_is_refused_in_one_line(
    damaged: bytes, into: dict[str, str], target: str
) -> None:
    done = statuspages_in(into, "import", "-", given=damaged)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.splitlines()[-1] == (
        b"statuspages: The export is damaged: its contents and its SHA-256 differ."
    )
    assert await head(target) == 0


def test_what_is_no_export_is_refused_in_one_line(into: dict[str, str]) -> None:
    done = statuspages_in(into, "import", "-", given=b"position,stream\n1,a\n")
    assert (done.returncode, done.stderr) == (
        1,
        b"statuspages: This is no export: its first line is no header.\n",
    )


def test_an_export_that_fails_leaves_the_earlier_file(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "moving.jsonl"
    file.write_text("the earlier one")
    away = environment | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    assert statuspages_in(away, "export", str(file)).returncode == 1
    assert file.read_text() == "the earlier one"
    assert list(tmp_path.iterdir()) == [file]
