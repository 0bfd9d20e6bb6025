"""The one command handler, on a store in memory: races, stale memory, repetition."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from eventstore.events import Append, Verdict
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.commands.handler import CommandHandler, Origin, TooManyConflicts
from service.commands.work import Work
from service.domain.errors import NameTaken, VersionMismatch
from service.domain.name import SUBDOMAIN, ClaimName, ReleaseName

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
STREAM = SUBDOMAIN.stream("status")


def claim(page_id: UUID) -> Callable[[Work], Awaitable[None]]:
    async def use_case(work: Work) -> None:
        await work.decide(SUBDOMAIN, "status", ClaimName("subdomain", "status", page_id, page_id, NOW))

    return use_case


def release(page_id: UUID) -> Callable[[Work], Awaitable[None]]:
    async def use_case(work: Work) -> None:
        await work.decide(SUBDOMAIN, "status", ReleaseName(page_id, NOW))

    return use_case


def origin(*, repeatable: bool = False) -> Origin:
    return Origin(uuid4(), "tests", repeatable=repeatable)


def handler(store: MemoryStore) -> CommandHandler:
    return CommandHandler(store, build_codec())


async def test_what_is_decided_is_in_the_log_with_its_origin() -> None:
    store, page_id, asked = MemoryStore(), uuid4(), origin()

    async def use_case(work: Work) -> str:
        work.about(page_id, page_id)
        await claim(page_id)(work)
        return "claimed"

    done = await handler(store).run(asked, STREAM, use_case)
    [event] = await store.read_log(0, 10)
    assert (done.result, done.position, done.versions, done.changed) == ("claimed", 1, {STREAM: 1}, True)
    assert (event.type, event.stream, event.actor, event.subject_id) == (
        "NameClaimed",
        STREAM,
        "tests",
        page_id,
    )


async def test_nothing_decided_is_nothing_recorded_and_says_where_the_log_stands() -> None:
    store, page_id = MemoryStore(), uuid4()
    commands = handler(store)
    await commands.run(origin(), STREAM, claim(page_id))
    done = await commands.run(origin(), STREAM, claim(page_id))
    assert (done.position, done.changed, await store.head()) == (1, False, 1)


async def test_of_two_processes_that_race_one_wins_and_the_other_decides_again() -> None:
    store = MemoryStore()
    outcomes = await asyncio.gather(
        *(handler(store).run(origin(), STREAM, claim(uuid4())) for _ in range(8)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, NameTaken)]
    assert (len(refused), await store.head()) == (7, 1)


async def test_a_refusal_that_rests_on_a_remembered_state_is_decided_again() -> None:
    store, first, second = MemoryStore(), uuid4(), uuid4()
    here, elsewhere = handler(store), handler(store)
    await here.run(origin(), STREAM, claim(first))
    await elsewhere.run(origin(), STREAM, release(first))

    async def same_organisation(work: Work) -> None:
        await work.decide(SUBDOMAIN, "status", ClaimName("subdomain", "status", second, first, NOW))

    done = await here.run(origin(), STREAM, same_organisation)
    assert done.changed


async def test_a_decision_of_nothing_that_rests_on_a_remembered_state_is_checked() -> None:
    store, page_id = MemoryStore(), uuid4()
    here, elsewhere = handler(store), handler(store)
    await here.run(origin(), STREAM, claim(page_id))
    await elsewhere.run(origin(), STREAM, release(page_id))
    done = await here.run(origin(), STREAM, claim(page_id))
    assert done.changed


async def test_a_stream_that_was_only_read_guards_the_append() -> None:
    store, page_id = MemoryStore(), uuid4()
    seen: list[UUID | None] = []

    async def use_case(work: Work) -> None:
        guard = await work.load(SUBDOMAIN, "guard")
        seen.append(guard.holder)
        if len(seen) == 1:
            await handler(store).run(origin(), "other", _claim_guard(page_id))
        await claim(page_id)(work)

    await handler(store).run(origin(), STREAM, use_case)
    assert seen == [None, page_id]


def _claim_guard(page_id: UUID) -> Callable[[Work], Awaitable[None]]:
    async def use_case(work: Work) -> None:
        await work.decide(SUBDOMAIN, "guard", ClaimName("subdomain", "guard", page_id, page_id, NOW))

    return use_case


async def test_a_command_sent_again_is_recognised_by_its_id() -> None:
    store, page_id, asked = MemoryStore(), uuid4(), origin(repeatable=True)
    first = await handler(store).run(asked, STREAM, claim(page_id))
    again = await handler(store).run(asked, STREAM, claim(uuid4()))
    assert (again.position, again.changed, await store.head()) == (first.position, False, 1)


async def test_a_version_that_has_passed_is_refused() -> None:
    store, page_id = MemoryStore(), uuid4()
    commands = handler(store)
    await commands.run(origin(), STREAM, claim(page_id))

    async def use_case(work: Work) -> None:
        await work.expect(SUBDOMAIN, "status", 7)

    with pytest.raises(VersionMismatch) as refused:
        await commands.run(origin(), STREAM, use_case)
    assert refused.value.actual == 1


async def test_a_rehearsal_says_what_would_be_recorded_and_records_nothing() -> None:
    store, page_id = MemoryStore(), uuid4()
    here, elsewhere = handler(store), handler(store)
    await here.run(origin(), STREAM, claim(page_id))
    await elsewhere.run(origin(), STREAM, release(page_id))
    decided = (await here.rehearse(claim(page_id)))[STREAM]
    assert (decided.before.holder, decided.after.holder) == (None, page_id)
    assert [type(event).__name__ for event in decided.events] == ["NameClaimed"]
    assert await store.head() == 2
    assert (await here.run(origin(), STREAM, claim(page_id))).changed


async def test_a_rehearsal_is_refused_as_the_command_is() -> None:
    commands = handler(MemoryStore())
    await commands.run(origin(), STREAM, claim(uuid4()))
    with pytest.raises(NameTaken):
        await commands.rehearse(claim(uuid4()))


class NeverAgrees(MemoryStore):
    """Somebody else is always faster."""

    async def append(self, append: Append) -> Verdict:
        taken = SUBDOMAIN.stream("status")
        await handler(self._inner).run(origin(), taken, _flip(self))
        return await self._inner.append(append)

    def __init__(self) -> None:
        super().__init__()
        self._inner = MemoryStore()
        self.flips = 0

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None):  # type: ignore[no-untyped-def]
        return await self._inner.read_stream(stream, after, limit)


def _flip(store: NeverAgrees) -> Callable[[Work], Awaitable[None]]:
    store.flips += 1
    page_id = UUID(int=1)
    return claim(page_id) if store.flips % 2 else release(page_id)


async def test_endless_contention_ends_in_an_error_that_says_so() -> None:
    store, page_id = NeverAgrees(), UUID(int=1)
    with pytest.raises(TooManyConflicts):
        await handler(store).run(origin(), STREAM, claim(page_id))


async def test_commands_of_one_process_on_one_stream_take_turns() -> None:
    store, page_id = MemoryStore(), uuid4()
    commands = handler(store)
    running = 0
    most = 0

    async def use_case(work: Work) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        await claim(page_id)(work)
        running -= 1

    await asyncio.gather(*(commands.run(origin(), STREAM, use_case) for _ in range(20)))
    assert most == 1
