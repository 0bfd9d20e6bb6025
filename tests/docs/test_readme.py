"""What the README says, run as it is written."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from service.config import Settings
from tests.environment.waiting import eventually

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block_after(heading: str) -> str:
    """The first shell block below a heading."""
    section = README.split(f"## {heading}\n", 1)[1]
    found = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Process]:
    """`statuspages up` as `make up` runs it, in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "service",
        "up",
        "--port",
        "0",
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        report = folder / ".statuspages" / "up.json"
        await eventually(report.exists, timeout=40, description="up.json")
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}


async def test_the_lines_to_try_work_as_written(tmp_path: Path) -> None:
    async with running(tmp_path) as process:
        shell = await asyncio.create_subprocess_exec(
            "bash", "-euo", "pipefail", "-c", block_after("Try it"), cwd=tmp_path, stdout=PIPE, stderr=PIPE
        )
        output, errors = await shell.communicate()
        assert (shell.returncode, errors) == (0, b"")
        answers = [json.loads(line) for line in output.decode().replace("}{", "}\n{").splitlines()]
        assert [list(answer) for answer in answers] == [
            ["statuspages", "next_cursor"],
            ["statuspage"],
            ["statuspage"],
            ["message"],
        ]
    assert process.returncode == 0
    assert not (tmp_path / ".statuspages" / "up.json").exists()


async def test_the_second_start_keeps_the_data(tmp_path: Path) -> None:
    reports = []
    for _ in range(2):
        async with running(tmp_path):
            reports.append(json.loads((tmp_path / ".statuspages" / "up.json").read_text()))
    assert reports[0]["statuspage_id"] == reports[1]["statuspage_id"]
    assert reports[0]["token"] == reports[1]["token"]


def test_the_table_of_settings_is_complete() -> None:
    section = README.split("## Settings\n", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"`((?:STATUSPAGES_)?[A-Z_]*(?:URL|[A-Z]))`(?= \||,)", section)) >= SETTINGS


@pytest.mark.parametrize(
    "path",
    sorted(set(re.findall(r"`((?:service|workers|eventstore|tests|migrations|docs)/[\w./-]+)`", README))),
)
def test_every_path_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()
