"""The lines of the other documents, run as they are written against a deployment that has just started."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_readme import ROOT, SETTINGS, running

# As the README finds them; the component is the page's first.
FOUND = """
UP=.statuspages/up.json
BASE=$(python3 -c "import json; print(json.load(open('$UP'))['base_url'])")
TOKEN=$(python3 -c "import json; print(json.load(open('$UP'))['token'])")
PAGE=$(python3 -c "import json; print(json.load(open('$UP'))['statuspage_id'])")
UNIFIED=$(curl -s -H "Authorization: Bearer $TOKEN" $BASE/v1/statuspage/$PAGE/unified)
IDS=$(printf '%s' "$UNIFIED" | python3 -c "import json,sys
print(*(each['id'] for each in json.load(sys.stdin)['statuspage']['components']))")
COMPONENT=${IDS%% *}
"""


def block(document: str, language: str) -> str:
    """The first one of this language in docs/."""
    found = re.search(rf"```{language}\n(.*?)```", (ROOT / "docs" / document).read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """Of a deployment that asks nobody for names: a server on loopback that is not there."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / ".env").write_text("STATUSPAGES_DNS_SERVERS=127.0.0.1:9\n")
    async with running(folder):
        yield folder


async def answer(folder: Path, lines: str) -> Any:
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", FOUND + lines),
        cwd=folder,
        env=kept | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=PIPE,
        stderr=PIPE,
    )
    output, errors = await shell.communicate()
    assert shell.returncode == 0, errors.decode()
    return json.loads(output)


async def test_response_times_are_sent_as_written(folder: Path) -> None:
    assert (await answer(folder, block("response-times.md", "sh")))["points"] == 1


async def test_a_list_of_subscribers_is_imported_as_written(folder: Path) -> None:
    shown = block("subscribers.md", "csv")
    of_the_document = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", shown)
    replaced = "".join(f' | sed "s/{each}/$COMPONENT/"' for each in of_the_document)
    file = f"printf '%s' '{shown}'{replaced} > subscribers.csv\n"
    taken = await answer(folder, file + block("subscribers.md", "bash"))
    assert taken["imported"]["added"] == 2, taken


async def test_a_webhook_is_asked_for_as_written(folder: Path) -> None:
    assert list(await answer(folder, block("webhooks.md", "bash"))) == ["message"]
