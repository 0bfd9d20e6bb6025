"""What docs/deliveries.md says, run as it is written, and its tables against the product's own."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from service.deliveries.retention import RETENTION
from service.deliveries.wanted import STATES
from tests.docs.test_readme import ROOT, SETTINGS, running
from workers.delivery.outcomes import RETRY_AFTER

DOCUMENT = (ROOT / "docs" / "deliveries.md").read_text()


def first_cells(heading: str) -> list[str]:
    """Of the table below a heading."""
    section = DOCUMENT.split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`{]+)", section, re.MULTILINE)


async def test_the_lines_to_look_work_as_written(tmp_path: Path) -> None:
    found = re.search(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    async with running(tmp_path):
        shell = await asyncio.create_subprocess_exec(
            *("bash", "-euo", "pipefail", "-c", found[1]),
            cwd=tmp_path,
            env=kept | {"PATH": path, "PYTHONPATH": str(ROOT)},
            stdout=PIPE,
            stderr=PIPE,
        )
        output, errors = await shell.communicate()
    assert shell.returncode == 0, errors.decode()
    answers = [json.loads(line) for line in output.decode().replace("}{", "}\n{").splitlines()]
    assert [list(answer) for answer in answers] == [
        ["deliveries", "counts", "next_cursor"],
        ["deliveries"],
        ["retried", "left_alone"],
    ]


def test_every_state_is_explained() -> None:
    assert first_cells("# Deliveries") == list(STATES)


def test_the_figures_are_the_products() -> None:
    assert f"forgotten {RETENTION.days} days after their end" in DOCUMENT
    assert "after eight attempts" in DOCUMENT
    assert len(RETRY_AFTER) + 1 == 8
