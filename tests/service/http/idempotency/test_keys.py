"""The contract of idempotency keys, over memory and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pytest

from eventstore.pool import Pool, connect_pool
from service.http.idempotency.keys import Answer, Claim, IdempotencyKeys, InProgress, Request, Reused
from service.http.idempotency.postgres import PostgresKeys
from tests.service.http.fakes import MemoryKeys

ANSWER = Answer(201, {"ETag": '"v1"', "Location": "/v1/x"}, b'{"x": 1}')
AGE = """
UPDATE idempotency_keys SET claimed_at = claimed_at - $1::interval, created_at = created_at - $1::interval
"""


@dataclass
class Subject:
    """`pass_time`: everything kept becomes older by so much."""

    keys: IdempotencyKeys
    pass_time: Callable[[timedelta], Awaitable[None]]


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    opened = await connect_pool(database)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "postgres"])
async def subject(request: pytest.FixtureRequest, pool: Pool) -> Subject:
    return _in_memory() if request.param == "memory" else await _in_postgres(pool)


def _in_memory() -> Subject:
    keys = MemoryKeys()

    async def pass_time(age: timedelta) -> None:
        keys.now += age

    return Subject(keys, pass_time)


async def _in_postgres(pool: Pool) -> Subject:
    async def pass_time(age: timedelta) -> None:
        await pool.execute(AGE, age)

    return Subject(PostgresKeys(pool), pass_time)


@pytest.fixture
def request_of_ours() -> Request:
    return Request(f"org-{uuid4()}", "key", b"fingerprint")


async def claimed(subject: Subject, request: Request) -> Claim:
    claim = await subject.keys.claim(request)
    assert isinstance(claim, Claim)
    return claim


async def test_the_first_gets_the_claim(subject: Subject, request_of_ours: Request) -> None:
    assert not (await claimed(subject, request_of_ours)).taken_over


async def test_the_second_is_told_that_it_is_in_progress(subject: Subject, request_of_ours: Request) -> None:
    await claimed(subject, request_of_ours)
    assert isinstance(await subject.keys.claim(request_of_ours), InProgress)


async def test_of_many_at_once_one_gets_the_claim(subject: Subject, request_of_ours: Request) -> None:
    outcomes = await asyncio.gather(*(subject.keys.claim(request_of_ours) for _ in range(20)))
    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, InProgress) for outcome in outcomes) == 19


async def test_a_finished_one_is_answered_as_the_first_time(
    subject: Subject, request_of_ours: Request
) -> None:
    await subject.keys.finish(await claimed(subject, request_of_ours), ANSWER)
    assert await subject.keys.claim(request_of_ours) == ANSWER


async def test_another_body_is_told_that_the_key_is_used(subject: Subject, request_of_ours: Request) -> None:
    claim = await claimed(subject, request_of_ours)
    other = replace(request_of_ours, fingerprint=b"another")
    assert isinstance(await subject.keys.claim(other), Reused)
    await subject.keys.finish(claim, ANSWER)
    assert isinstance(await subject.keys.claim(other), Reused)


async def test_another_organisations_key_is_another_key(subject: Subject, request_of_ours: Request) -> None:
    await claimed(subject, request_of_ours)
    theirs = replace(request_of_ours, scope=f"org-{uuid4()}", fingerprint=b"another")
    assert isinstance(await subject.keys.claim(theirs), Claim)


async def test_a_freed_key_is_new_again(subject: Subject, request_of_ours: Request) -> None:
    first = await claimed(subject, request_of_ours)
    await subject.keys.free(first)
    second = await claimed(subject, replace(request_of_ours, fingerprint=b"corrected"))
    assert not second.taken_over
    assert second.command_id != first.command_id


async def test_an_abandoned_one_is_taken_over_with_the_same_command(
    subject: Subject, request_of_ours: Request
) -> None:
    first = await claimed(subject, request_of_ours)
    await subject.keys.abandon(first)
    second = await claimed(subject, request_of_ours)
    assert (second.command_id, second.taken_over) == (first.command_id, True)


async def test_a_claim_of_a_dead_process_is_taken_over_once(
    subject: Subject, request_of_ours: Request
) -> None:
    first = await claimed(subject, request_of_ours)
    await subject.pass_time(timedelta(seconds=6))
    outcomes = await asyncio.gather(*(subject.keys.claim(request_of_ours) for _ in range(10)))
    claims = [outcome for outcome in outcomes if isinstance(outcome, Claim)]
    assert [(claim.command_id, claim.taken_over) for claim in claims] == [(first.command_id, True)]


async def test_who_was_overtaken_can_neither_free_nor_abandon(
    subject: Subject, request_of_ours: Request
) -> None:
    first = await claimed(subject, request_of_ours)
    await subject.pass_time(timedelta(seconds=6))
    second = await claimed(subject, request_of_ours)
    await subject.keys.free(first)
    await subject.keys.abandon(first)
    assert isinstance(await subject.keys.claim(request_of_ours), InProgress)
    await subject.keys.finish(second, ANSWER)
    await subject.keys.free(second)
    assert await subject.keys.claim(request_of_ours) == ANSWER


async def test_the_first_answer_stands(subject: Subject, request_of_ours: Request) -> None:
    claim = await claimed(subject, request_of_ours)
    await subject.keys.finish(claim, ANSWER)
    await subject.keys.finish(claim, Answer(200, {}, b"another"))
    assert await subject.keys.claim(request_of_ours) == ANSWER


async def test_after_a_day_the_key_is_new(subject: Subject, request_of_ours: Request) -> None:
    first = await claimed(subject, request_of_ours)
    await subject.keys.finish(first, ANSWER)
    await subject.pass_time(timedelta(hours=25))
    second = await claimed(subject, replace(request_of_ours, fingerprint=b"another"))
    assert second.command_id != first.command_id
    assert not second.taken_over


async def test_purging_forgets_what_is_older_than_a_day_alone(pool: Pool, request_of_ours: Request) -> None:
    subject = await _in_postgres(pool)
    old, young = request_of_ours, replace(request_of_ours, key="young")
    await subject.keys.finish(await claimed(subject, old), ANSWER)
    await subject.pass_time(timedelta(hours=25))
    await subject.keys.finish(await claimed(subject, young), ANSWER)
    await PostgresKeys(pool).purge()
    kept = await pool.fetch("SELECT key FROM idempotency_keys WHERE scope = $1", old.scope)
    assert [row["key"] for row in kept] == ["young"]
