"""Inputs made from the OpenAPI document, good and bad: every answer is one that the document allows.

No call describes a 500, so one would be found here. Every bound of every field takes two minutes, so that is
for `make faults`.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.service.deployment import Deployment

EXAMPLES = 4
CHECKS = "status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.parametrize(
    "phases", ["examples,fuzzing", pytest.param("examples,coverage,fuzzing", marks=pytest.mark.faults)]
)
async def test_no_input_leads_to_an_answer_that_is_not_described(
    deployment: Deployment, tmp_path: Path, phases: str
) -> None:
    _, owner = await deployment.organisation()
    generator = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{deployment.base_url}/openapi.json",
        "--url",
        deployment.base_url,
        "--header",
        f"Authorization: Bearer {owner.token}",
        "--exclude-path",
        "/v1/events/stream",  # its answer has no end
        "--max-examples",
        str(EXAMPLES),
        "--phases",
        phases,
        "--checks",
        CHECKS,
        "--generation-deterministic",
        cwd=tmp_path,  # it leaves notes where it runs
        stdout=PIPE,
        stderr=PIPE,
    )
    output, _ = await generator.communicate()
    assert generator.returncode == 0, output.decode()[-5000:]
