"""A replay that is killed goes on where it was."""

import os
import signal
import subprocess
import sys

from tests.environment.waiting import eventually
from tests.workers.replay.conftest import House

WRITTEN = "SELECT coalesce((SELECT position FROM es.checkpoints WHERE name = 'statistics@2'), 0)"


async def test_a_rebuild_that_is_killed_goes_on_where_it_was(house: House) -> None:
    await house.story.goes_on(2_000)
    await house.feed("statistics")
    command = (sys.executable, "-m", "service", "replay", "rebuild", "statistics")
    killed = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [*command, "--batch", "50", "--max-rate", "400"],
        env=os.environ | {"DATABASE_URL": house.dsn},
        stderr=subprocess.PIPE,
    )
    try:

        async def some_is_written() -> bool:
            return bool(await house.value(WRITTEN) > 0)

        await eventually(some_is_written, timeout=20)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    assert await house.states("statistics") == {1: "live", 2: "building"}
    written = await house.value(WRITTEN)
    outcome = await house.replay.rebuild("statistics")
    assert house.steps.names[0] == "going on with statistics@2"
    assert outcome.folded == outcome.position - written
    assert outcome.swapped
    assert await house.shown("statistics") == await house.folded("statistics")
