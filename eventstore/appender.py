"""Group commit: the appends that come while one is on its way share the next commit."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

import orjson

from eventstore.events import Append, Verdict
from eventstore.store import BatchStore, StoreUnavailable, Unstorable

MAX_APPENDS = 64
MAX_BYTES = 1 << 20
DEADLINE_SECONDS = 4.0
RETRY_SECONDS = 0.05


@dataclass(slots=True, eq=False)
class _Waiting:
    append: Append
    size: int
    verdict: asyncio.Future[Verdict] = field(default_factory=asyncio.Future)


class Appender:
    """One batch at a time is in flight; the next takes all that queued up meanwhile. There is no timer.

    A lost connection leaves the verdict unknown: the batch is sent again with the same event ids until each
    caller's deadline. Whoever stops waiting does not take back what was sent.
    """

    def __init__(self, store: BatchStore, deadline: float = DEADLINE_SECONDS) -> None:
        self._store = store
        self._deadline = deadline
        self._queue: deque[_Waiting] = deque()
        self._flight: asyncio.Task[None] | None = None

    async def append(self, append: Append) -> Verdict:
        """Raises StoreUnavailable within the deadline (seconds), and Unstorable."""
        waiting = _Waiting(append, _size(append))
        self._queue.append(waiting)
        self._take_off()
        deadline = asyncio.get_running_loop().call_later(self._deadline, _give_up, waiting)
        try:
            return await waiting.verdict
        finally:
            deadline.cancel()

    def _take_off(self) -> None:
        if self._flight is None and self._queue:
            self._flight = asyncio.create_task(self._fly())

    async def _fly(self) -> None:
        batch = self._next_batch()
        try:
            await self._send(batch)
        finally:
            for waiting in batch:  # without a verdict only if this task ended in an unforeseen way
                if not waiting.verdict.done():
                    waiting.verdict.set_exception(StoreUnavailable("the batch failed"))
            self._flight = None
            self._take_off()

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._queue and len(batch) < MAX_APPENDS and size < MAX_BYTES:
            waiting = self._queue.popleft()
            if not waiting.verdict.done():
                batch.append(waiting)
                size += waiting.size
        return batch

    async def _send(self, batch: list[_Waiting]) -> None:
        while batch:
            try:
                verdicts = await self._store.append_batch([waiting.append for waiting in batch])
            except StoreUnavailable:
                await asyncio.sleep(RETRY_SECONDS)
                batch = [waiting for waiting in batch if not waiting.verdict.done()]
            except Unstorable as error:
                await self._send_one_by_one(batch, error)
                return
            else:
                for waiting, verdict in zip(batch, verdicts, strict=True):
                    _answer(waiting, verdict)
                return

    async def _send_one_by_one(self, batch: list[_Waiting], error: Unstorable) -> None:
        """One append spoiled the batch: only that one may fail."""
        if len(batch) == 1 and not batch[0].verdict.done():
            batch[0].verdict.set_exception(error)
            return
        for waiting in batch:
            await self._send([waiting])


def _answer(waiting: _Waiting, verdict: Verdict) -> None:
    if not waiting.verdict.done():
        waiting.verdict.set_result(verdict)


def _give_up(waiting: _Waiting) -> None:
    if not waiting.verdict.done():
        waiting.verdict.set_exception(StoreUnavailable("no verdict within the deadline"))


def _size(append: Append) -> int:
    """About how many bytes the append is. Raises Unstorable for what is no JSON."""
    try:
        return sum(len(orjson.dumps(event.data)) for write in append.writes for event in write.events)
    except orjson.JSONEncodeError as error:
        raise Unstorable(f"an event is no JSON: {error}") from error
