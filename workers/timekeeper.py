"""Timers whose time has come become commands, in the order in which they were due; each of them once.

A timer's command has the timer's id, so that it is recorded once however often it is issued. A timer that
came due while nothing ran is late, not lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from eventstore.pool import Pool, connection
from service.clock import Clock
from service.commands.handler import CommandHandler, Origin, TooManyConflicts
from service.commands.maintenances import ObeyTimer, TimerCommand
from service.domain.errors import Rejected
from service.domain.maintenance import (
    MAINTENANCE,
    CompleteMaintenance,
    RemindOfMaintenance,
    StartMaintenance,
)
from workers.policies.timers import COMPLETE, REMIND, START
from workers.scheduler import Job

NAME = "timekeeper"
PERIOD, HOUR = 1.0, 3600.0
AT_ONCE = 100
DUE = """
SELECT timer_id, kind, target_id, due_at FROM notify.timers
WHERE done_at IS NULL AND due_at <= $1 AND (due_at, timer_id) > ($2, $3) AND kind = ANY($4::text[])
ORDER BY due_at, timer_id LIMIT $5
"""
PURGE = "DELETE FROM notify.timers WHERE done_at < clock_timestamp() - interval '30 days'"
DONE = "UPDATE notify.timers SET done_at = clock_timestamp() WHERE timer_id = $1 AND done_at IS NULL"
COMMANDS: Mapping[str, Callable[[datetime], TimerCommand]] = {
    REMIND: RemindOfMaintenance,
    START: StartMaintenance,
    COMPLETE: CompleteMaintenance,
}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timer:
    timer_id: UUID
    kind: str
    target_id: UUID
    due_at: datetime


BEGINNING = Timer(UUID(int=0), "", UUID(int=0), datetime(1970, 1, 1, tzinfo=UTC))


class Timekeeper:
    """`at_once`: how many timers are read in one go."""

    def __init__(self, pool: Pool, commands: CommandHandler, clock: Clock, at_once: int = AT_ONCE) -> None:
        self._pool = pool
        self._commands = commands
        self._clock = clock
        self._at_once = at_once

    def jobs(self) -> list[Job]:
        return [Job("timers", PERIOD, self.run), Job("purge timers", HOUR, self.purge)]

    async def run(self) -> None:
        """All that are due by now. Raises StoreUnavailable; those that are left then come the next time."""
        now, last = self._clock(), BEGINNING
        while due := await self._due(now, last):
            for timer in due:
                await self._obey(timer)
            last = due[-1]

    async def purge(self) -> None:
        """Forget what was done long ago. Raises StoreUnavailable."""
        async with connection(self._pool) as conn:
            await conn.execute(PURGE)

    async def _due(self, now: datetime, last: Timer) -> list[Timer]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(DUE, now, last.due_at, last.timer_id, list(COMMANDS), self._at_once)
        return [Timer(row["timer_id"], row["kind"], row["target_id"], row["due_at"]) for row in rows]

    async def _obey(self, timer: Timer) -> None:
        """One that is fought over too much is left for the next time; one that is refused is over."""
        origin = Origin(timer.timer_id, NAME, repeatable=True)
        command = ObeyTimer(timer.target_id, COMMANDS[timer.kind](self._clock()))
        try:
            await self._commands.run(origin, MAINTENANCE.stream(timer.target_id), command)
        except TooManyConflicts:
            log.warning("a timer waits for its next time", timer=str(timer.timer_id), kind=timer.kind)
            return
        except Rejected as refusal:
            log.info("a timer is out of date", timer=str(timer.timer_id), reason=str(refusal))
        async with connection(self._pool) as conn:
            await conn.execute(DONE, timer.timer_id)
