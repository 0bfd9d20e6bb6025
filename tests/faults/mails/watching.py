"""What is to be seen while thousands are being told."""

import asyncio
import re
import time
from dataclasses import dataclass
from pathlib import Path

from tests.environment.waiting import eventually
from tests.faults.mails.fan_out import FanOut
from tests.faults.mails.probe import Felt, typical, window
from tests.faults.program import Program

REST_WINDOWS = 5
EARLY_SHARE = 0.1
SLOWEST = 20
"""Mails a second: if they are fewer, it is given up."""
RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB").search


@dataclass(slots=True)
class Watched:
    """Seconds from the incident to the last row (`planned`), the `first` and the `last` mail.

    `small`: from the small page's own incident to its last mail. `memory`: MB by program, with a tenth of the
    mails out and with all.
    """

    rest: Felt
    meanwhile: Felt
    planned: float
    first: float
    last: float
    small: float
    memory: dict[str, tuple[float, float]]


async def watch(room: FanOut) -> Watched:
    """Open the large page's incident and look on until all its readers have been told."""
    rest = typical([await window(room) for _ in range(REST_WINDOWS)])
    opened_at = time.monotonic()
    await room.open_incident(room.large)
    async with asyncio.TaskGroup() as group:
        felt = group.create_task(_felt(room))
        memory = group.create_task(_memory(room))
        small = group.create_task(_small(room))
    mails = room.sink.record.taken
    times = [each.at - opened_at for each in mails if each.recipient in room.large.addresses]
    planned = await room.planned(room.large)
    return Watched(rest, felt.result(), planned, times[0], times[-1], small.result(), memory.result())


async def _felt(room: FanOut) -> Felt:
    windows = [await window(room)]
    while await room.sink.progress() < room.readers:
        windows.append(await window(room))
    return typical(windows)


async def _memory(room: FanOut) -> dict[str, tuple[float, float]]:
    programs = (room.planner, room.deliverer)
    await _reached(room, EARLY_SHARE)
    early = [_megabytes(program) for program in programs]
    await _reached(room, 1)
    late = [_megabytes(program) for program in programs]
    return {each.name: (mb, later) for each, mb, later in zip(programs, early, late, strict=True)}


async def _small(room: FanOut) -> float:
    """The small page has news while most of the large one's readers still wait for theirs."""
    await _reached(room, EARLY_SHARE / 2)
    record, missing = room.sink.record, set(room.small.addresses)
    seen, opened_at = len(record.taken), time.monotonic()
    await room.open_incident(room.small)

    def all_have_come() -> bool:
        nonlocal seen
        record.look()
        missing.difference_update(each.recipient for each in record.taken[seen:])
        seen = len(record.taken)
        return not missing

    await eventually(all_have_come, _patience(room), "the small page's mails")
    return time.monotonic() - opened_at


async def _reached(room: FanOut, share: float) -> None:
    count = share * room.readers

    async def enough() -> bool:
        return await room.sink.progress() >= count

    await eventually(enough, _patience(room), f"{count:.0f} mails")


def _patience(room: FanOut) -> float:
    return 60 + room.readers / SLOWEST


def _megabytes(program: Program) -> float:
    """What it holds in memory."""
    found = RESIDENT(Path(f"/proc/{program.pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024
