"""What must hold after any faults: the log against what was acknowledged, the read models against the log."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eventstore.events import RecordedEvent
from eventstore.pool import connection
from service.wiring.core import Core
from tests.environment.waiting import eventually
from tests.eventstore.making import gapless
from tests.faults.history import History
from tests.faults.invariants import (
    every_operation_is_recorded_as_answered,
    nothing_else_is_recorded,
    versions_are_contiguous,
)
from workers.projections.folding import Documents, fold
from workers.projections.projection import Projection
from workers.projections.registry import PROJECTIONS

BATCH = 1000
QUIET_SECONDS = 60.0
BEHIND = """
SELECT c.name, c.position
FROM es.checkpoints c LEFT JOIN rm.generations g ON c.name = g.projection || '@' || g.generation
WHERE c.position < (SELECT coalesce(max(position), 0) FROM es.events) AND coalesce(g.state, 'live') = 'live'
"""
AHEAD = "SELECT name FROM es.checkpoints WHERE position > (SELECT max(position) FROM es.events)"
STANDING = "SELECT projection, error FROM rm.generations WHERE error IS NOT NULL"
UNHEARD = ("never retrieved", "was never awaited", "request failed", "stands still", "Unclosed")
"""What a program may not say, whatever is done to it: a task that died unnoticed, an error without a name."""


async def check(core: Core, history: History, logs: Iterable[Path]) -> int:
    """Raises AssertionError that names the first thing that is wrong; answers with the length of the log."""
    await _everybody_arrives(core)
    log = await _whole_log(core)
    assert not history.surprises, history.surprises[:5]
    versions_are_contiguous(log)
    every_operation_is_recorded_as_answered(history, log)
    nothing_else_is_recorded(history, log)
    await _no_reader_is_ahead_or_stands_still(core)
    for projection in PROJECTIONS.values():
        await _equals_a_fresh_fold(core, projection, log)
    for file in logs:
        _is_quiet(file)
    return len(log)


async def _whole_log(core: Core) -> list[RecordedEvent]:
    log: list[RecordedEvent] = []
    while batch := await core.store.read_log(len(log), BATCH):
        assert gapless(batch, len(log)), f"positions after {len(log)} have a gap"
        log += batch
    return log


async def _everybody_arrives(core: Core) -> None:
    late: list[str] = []

    async def nobody_is_behind() -> bool:
        async with connection(core.pool) as conn:
            late[:] = [f"{name} at {position}" for name, position in await conn.fetch(BEHIND)]
        return not late

    try:
        await eventually(nobody_is_behind, QUIET_SECONDS, "every reader at the head of the log")
    except AssertionError as error:
        raise AssertionError(f"{error}; behind: {late}") from None


async def _no_reader_is_ahead_or_stands_still(core: Core) -> None:
    async with connection(core.pool) as conn:
        assert not await conn.fetch(AHEAD), "a reader is ahead of the log"
        assert not await conn.fetch(STANDING), "a projection stands still"


async def _equals_a_fresh_fold(core: Core, projection: Projection, log: Sequence[RecordedEvent]) -> None:
    documents: Documents = {}
    positions = fold(projection, documents, [core.codec.upcast(event) for event in log])
    folded = {
        key: (documents[key], position, *_columns(projection, key, documents[key]))
        for key, position in positions.items()
    }
    columns = ", ".join(("key", "document", "position", *projection.columns))
    async with connection(core.pool) as conn:
        rows = await conn.fetch(f"SELECT {columns} FROM rm.{projection.name}")
    shown = {row[0]: tuple(row)[1:] for row in rows}
    assert shown.keys() == folded.keys(), f"{projection.name}: {shown.keys() ^ folded.keys()}"
    for key, row in folded.items():
        assert shown[key] == row, f"{projection.name} {key}: shows {shown[key]}, the log says {row}"


def _columns(projection: Projection, key: str, document: dict[str, Any] | None) -> Sequence[Any]:
    return [None] * len(projection.columns) if document is None else projection.row(key, document)


def _is_quiet(log: Path) -> None:
    for line in log.read_text(errors="replace").splitlines():
        assert not any(words in line for words in UNHEARD), f"{log.name}: {line[:500]}"
