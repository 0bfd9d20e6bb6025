import asyncio
from collections.abc import Sequence

import pytest

from eventstore.appender import MAX_APPENDS, Appender
from eventstore.events import NEW, Append, NewEvent, StreamWrite, Verdict
from eventstore.memory import MemoryStore
from eventstore.store import StoreUnavailable, Unstorable
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append, appended, several


class Gated(MemoryStore):
    """A store whose batches wait at a gate, and may find the link broken behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.gate = asyncio.Event()
        self.failures: list[Exception] = []
        self.loses_answers = False

    async def append_batch(self, appends: Sequence[Append]) -> list[Verdict]:
        self.batches.append(len(appends))
        await self.gate.wait()
        if self.failures and not self.loses_answers:
            raise self.failures.pop()
        verdicts = await super().append_batch(appends)
        if self.failures:
            raise self.failures.pop()
        return verdicts


@pytest.fixture
def gated() -> Gated:
    return Gated()


async def test_what_queues_up_meanwhile_goes_together(gated: Gated) -> None:
    appender = Appender(gated)
    first = asyncio.create_task(appender.append(an_append(a_stream())))
    await eventually(lambda: len(gated.batches) == 1)
    others = [asyncio.create_task(appender.append(an_append(a_stream()))) for _ in range(100)]
    await asyncio.sleep(0)
    gated.gate.set()
    await asyncio.gather(first, *others)
    assert gated.batches == [1, MAX_APPENDS, 100 - MAX_APPENDS]


async def test_a_batch_is_limited_in_bytes(gated: Gated) -> None:
    appender = Appender(gated)
    gated.gate.set()
    large = (NewEvent("Happened", {"text": "x" * 400_000}),)
    await asyncio.gather(*(appender.append(several(StreamWrite(a_stream(), NEW, large))) for _ in range(6)))
    assert gated.batches == [3, 3]


async def test_an_unknown_verdict_is_asked_for_again_with_the_same_ids(gated: Gated) -> None:
    gated.failures, gated.loses_answers = [StoreUnavailable()], True
    gated.gate.set()
    verdict = appended(await Appender(gated).append(an_append(a_stream())))
    assert verdict.repeated
    assert (gated.batches, await gated.head()) == ([1, 1], 1)


async def test_a_store_that_stays_away_is_reported_at_the_deadline(gated: Gated) -> None:
    gated.failures = [StoreUnavailable()] * 1000
    gated.gate.set()
    with pytest.raises(StoreUnavailable):
        await Appender(gated, deadline=0.2).append(an_append(a_stream()))
    assert len(gated.batches) > 1


async def test_a_hung_store_holds_nobody_beyond_the_deadline(gated: Gated) -> None:
    appender = Appender(gated, deadline=0.1)
    results = await asyncio.gather(
        *(appender.append(an_append(a_stream())) for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [StoreUnavailable] * 3
    gated.gate.set()


async def test_what_nobody_waits_for_any_more_is_not_sent(gated: Gated) -> None:
    appender = Appender(gated, deadline=0.1)
    flying = asyncio.create_task(appender.append(an_append("thing-flying")))
    await eventually(lambda: len(gated.batches) == 1)
    queued = asyncio.create_task(appender.append(an_append("thing-queued")))
    await asyncio.wait({flying, queued})
    gated.gate.set()
    assert await Appender(gated).append(an_append("thing-later"))
    await eventually(lambda: gated.batches == [1, 1])
    assert await gated.read_stream("thing-queued") == []
    assert isinstance(flying.exception(), StoreUnavailable)
    assert isinstance(queued.exception(), StoreUnavailable)


async def test_a_caller_that_is_cancelled_does_not_take_its_batch_along(gated: Gated) -> None:
    appender = Appender(gated)
    leaving = asyncio.create_task(appender.append(an_append("thing-leaving")))
    staying = asyncio.create_task(appender.append(an_append("thing-staying")))
    await eventually(lambda: gated.batches == [2])
    leaving.cancel()
    gated.gate.set()
    appended(await staying)
    assert len(await gated.read_stream("thing-leaving")) == 1


async def test_one_append_that_cannot_be_stored_fails_alone(gated: Gated) -> None:
    gated.gate.set()
    appender = Appender(gated)
    bad = several(StreamWrite("thing-bad", NEW, (NewEvent("Happened", {"text": "\0"}),)))
    results = await asyncio.gather(
        *(appender.append(append) for append in (an_append("thing-a"), bad, an_append("thing-b"))),
        return_exceptions=True,
    )
    assert isinstance(results[1], Unstorable)
    assert appended(results[0]).versions == {"thing-a": 1}  # type: ignore[arg-type]
    assert appended(results[2]).versions == {"thing-b": 1}  # type: ignore[arg-type]


async def test_an_error_nobody_thought_of_leaves_no_caller_waiting_and_the_next_batch_goes(
    gated: Gated,
) -> None:
    gated.failures = [ZeroDivisionError()]
    gated.gate.set()
    appender = Appender(gated)
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    with pytest.raises(StoreUnavailable):
        await appender.append(an_append(a_stream()))
    appended(await appender.append(an_append(a_stream())))
    asyncio.get_running_loop().set_exception_handler(None)
