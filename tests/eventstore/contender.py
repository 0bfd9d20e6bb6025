"""A process that appends against others: `python -m tests.eventstore.contender DSN COUNT`.

Half of its appends go to streams that all contenders write, on the version it read, again after a conflict.
"""

import asyncio
import sys
from itertools import count
from uuid import uuid4

from eventstore.events import ANY, Append, Appended, Context, NewEvent, StreamWrite
from eventstore.pool import connect_pool
from eventstore.postgres import PostgresStore

CALLERS = 8
SHARED_STREAMS = 8


async def contend(dsn: str, events: int) -> None:
    async with await connect_pool(dsn, max_size=4, command_timeout=30) as pool:
        store = PostgresStore(pool)
        numbers = count()
        await asyncio.gather(*(write(store, numbers, events, caller) for caller in range(CALLERS)))


async def write(store: PostgresStore, numbers: "count[int]", events: int, caller: int) -> None:
    expected = 0
    while (number := next(numbers)) < events:
        if number % 2:
            await store.append(an_event(f"own-{uuid4()}", ANY, number))
        else:
            expected = await write_shared(store, f"shared-{caller % SHARED_STREAMS}", expected, number)


async def write_shared(store: PostgresStore, stream: str, expected: int, number: int) -> int:
    """Again and again until nobody else was faster; the stream's new version."""
    command = an_event(stream, expected, number)
    while not isinstance(verdict := await store.append(command), Appended):
        command = an_event(stream, verdict.actual, number)
    return verdict.versions[stream]


def an_event(stream: str, expected: int, number: int) -> Append:
    return Append((StreamWrite(stream, expected, (NewEvent("Counted", {"n": number}),)),), Context(uuid4()))


if __name__ == "__main__":
    asyncio.run(contend(sys.argv[1], int(sys.argv[2])))
