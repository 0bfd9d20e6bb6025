"""An incident is told to 100,000 readers: neither the API, nor memory, nor other pages suffer from it."""

import os

import pytest

from tests.faults.database import OwnDatabase
from tests.faults.mails.fan_out import fan_out
from tests.faults.mails.watching import Watched, watch
from tests.faults.nemesis import say

pytestmark = pytest.mark.faults
READERS = int(os.environ.get("FAULTS_READERS", "100000"))
FIRST_SECONDS, PLANNED_SECONDS, SMALL_SECONDS = 5, 60, 10
GROWTH, SLOWER = 1.3, 2.0


@pytest.fixture(scope="module")
async def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    folder = tmp_path_factory.mktemp("fan-out")
    async with OwnDatabase(folder) as database, fan_out(folder, database.dsn, READERS) as room:
        seen = await watch(room)
    say(f"{READERS} mails: planned in {seen.planned:.1f} s, first after {seen.first:.1f} s, ")
    say(f"last after {seen.last:.1f} s ({READERS / seen.last:.0f} a second); small page {seen.small:.1f} s")
    say(f"p99 at rest: {seen.rest}; meanwhile: {seen.meanwhile}; memory (MB): {seen.memory}")
    return seen


def test_the_first_is_told_at_once_and_everybody_is_planned_within_a_minute(watched: Watched) -> None:
    assert watched.first < FIRST_SECONDS
    assert watched.planned < PLANNED_SECONDS


def test_another_page_does_not_wait(watched: Watched) -> None:
    assert watched.small < SMALL_SECONDS


@pytest.mark.parametrize("program", ["planner", "deliverer"])
def test_memory_stays_as_it_is(watched: Watched, program: str) -> None:
    early, late = watched.memory[program]
    assert late <= GROWTH * early


def test_the_api_answers_as_before(watched: Watched) -> None:
    assert watched.meanwhile.read < SLOWER * watched.rest.read
    assert watched.meanwhile.write < SLOWER * watched.rest.write
