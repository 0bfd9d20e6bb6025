"""The one command handler: load, decide, append, and start again when somebody else was faster."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from eventstore.codec import Codec
from eventstore.events import Append, Appended, Context
from eventstore.store import EventStore
from service.commands.cache import StateCache
from service.commands.streams import Streams
from service.commands.work import Decided, Work
from service.domain.errors import Rejected

ATTEMPTS = 20
Result = TypeVar("Result")
UseCase = Callable[[Work], Awaitable[Result]]


class TooManyConflicts(Exception):
    """Others kept changing the same streams; the caller may try again."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a command comes from. `repeatable`: its id comes from a key that the caller may send again."""

    command_id: UUID
    actor: str
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """`position`: the log holds all of it up to here. `result` is None for a command recorded earlier."""

    result: Result | None
    position: int
    versions: dict[str, int]
    changed: bool

    @property
    def value(self) -> Result:
        """The result of a command that is never sent again. Raises LookupError for one that was."""
        if self.result is None:
            raise LookupError("the command was recorded earlier")
        return self.result


class CommandHandler:
    def __init__(self, store: EventStore, codec: Codec, cache: StateCache | None = None) -> None:
        self._store = store
        self._codec = codec
        self._streams = Streams(store, codec, cache or StateCache())
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, origin: Origin, lock: str, use_case: UseCase[Result]) -> Done[Result]:
        """Carry out `use_case` and record what it decides.

        `lock` is the stream most likely to be fought over: commands of this process on it take turns instead
        of racing. Raises Rejected, TooManyConflicts, StoreUnavailable.
        """
        async with self._lock(lock):
            earlier: Done[Result] | None = await self._recorded_earlier(origin)
            return earlier or await self._until_appended(origin, use_case)

    async def rehearse(self, use_case: UseCase[Result]) -> dict[str, Decided]:
        """What `use_case` would record if it was run now, by stream; nothing is. Raises as `run` does."""
        work = Work(self._streams, self._codec, fresh=True)
        await use_case(work)
        return work.decided()

    def _lock(self, stream: str) -> asyncio.Lock:
        return self._locks.setdefault(stream, asyncio.Lock())

    async def _recorded_earlier(self, origin: Origin) -> Done[Result] | None:
        events = await self._store.read_command(origin.command_id) if origin.repeatable else []
        if not events:
            return None
        versions = {event.stream: event.version for event in events}
        return Done(None, events[-1].position, versions, changed=False)

    async def _until_appended(self, origin: Origin, use_case: UseCase[Result]) -> Done[Result]:
        for attempt in range(ATTEMPTS):
            done = await self._attempt(origin, use_case, fresh=attempt > 0)
            if done is not None:
                return done
            await asyncio.sleep(random.uniform(0, 0.002 * attempt))  # noqa: S311 - spreads rivals, hides nothing
        raise TooManyConflicts

    async def _attempt(
        self, origin: Origin, use_case: UseCase[Result], *, fresh: bool
    ) -> Done[Result] | None:
        """None: decided on what was no longer so; start again."""
        work = Work(self._streams, self._codec, fresh=fresh)
        try:
            result = await use_case(work)
        except Rejected:
            if work.from_cache:
                return None
            raise
        return await self._append(origin, work, result)

    async def _append(self, origin: Origin, work: Work, result: Result) -> Done[Result] | None:
        writes = work.writes()
        verdict = await self._store.append(Append(writes, _context(origin, work)))
        if not isinstance(verdict, Appended):
            return None
        versions = work.versions()
        await work.remember(versions)
        changed = any(write.events for write in writes)
        return Done(result, verdict.last_position, versions, changed)


def _context(origin: Origin, work: Work) -> Context:
    return Context(
        origin.command_id,
        origin.actor,
        origin.correlation_id,
        origin.causation_id,
        work.tenant_id,
        work.subject_id,
    )
