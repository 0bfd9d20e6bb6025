"""Idempotency-Key over HTTP, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from eventstore.pool import connect_pool
from eventstore.store import StoreUnavailable
from service.domain.errors import NotAllowed
from service.http.idempotency.keys import Answer, Claim
from service.http.idempotency.postgres import PostgresKeys
from tests.service.http.conftest import Service, toy_service

BODY = {"name": "Visits", "colour": "red"}


@pytest.fixture(scope="module")
async def running(database: str) -> AsyncIterator[Service]:
    pool = await connect_pool(database)
    async with toy_service(PostgresKeys(pool)) as service:
        await service.freshness.move_to(10**6)
        yield service
    await pool.close()


@pytest.fixture
def service(running: Service) -> Service:
    running.counters.calls, running.counters.failure, running.counters.before = 0, None, None
    return running


async def post(service: Service, key: str, body: dict[str, Any] = BODY, **more: Any) -> tuple[int, Any, Any]:
    headers = {"Idempotency-Key": key, **more.pop("headers", {})}
    path = more.pop("path", "/v1/counter")
    async with service.http.post(path, json=body, headers=headers) as response:
        return response.status, await response.json(content_type=None), response.headers


async def test_the_answer_of_a_post_that_changes_nothing_is_kept_nowhere(service: Service) -> None:
    key = str(uuid4())
    answers = [await post(service, key, path="/v1/estimate") for _ in range(2)]
    assert [answer[1]["message"] for answer in answers] == ["Visits no. 1", "Visits no. 2"]
    assert "Idempotent-Replayed" not in answers[1][2]
    assert (await post(service, key))[0] == 201
    assert (await post(service, "", path="/v1/estimate"))[0] == 400


async def test_the_same_key_and_body_do_nothing_twice(service: Service) -> None:
    key = str(uuid4())
    first, again = await post(service, key), await post(service, key)
    assert service.counters.calls == 1
    assert first[:2] == again[:2]
    assert "Idempotent-Replayed" not in first[2]
    assert again[2]["Idempotent-Replayed"] == "true"
    for name in ("ETag", "Location", "Statuspages-Position", "Content-Type"):
        assert again[2][name] == first[2][name]


async def test_both_base_urls_share_their_keys(service: Service) -> None:
    key = str(uuid4())
    first = await post(service, key)
    again = await post(service, key, path="/statuspage-cmd/v1/counter")
    assert (again[1], service.counters.calls) == (first[1], 1)


async def test_another_body_is_a_422(service: Service) -> None:
    key = str(uuid4())
    await post(service, key)
    status, problem, _ = await post(service, key, {**BODY, "name": "Other"})
    assert (status, problem["type"]) == (422, "/problems/idempotency-key-reused")


async def test_another_path_is_a_422(service: Service) -> None:
    key = str(uuid4())
    await post(service, key, path="/v1/suggestion", headers={"Authorization": ""})
    status, _, _ = await post(service, key, path="/v1/suggestion", headers={"Authorization": ""})
    assert status == 201
    first = await post(service, key)
    assert first[0] == 201  # the anonymous caller's key is not the organisation's


async def test_organisations_do_not_share_keys(service: Service) -> None:
    key = str(uuid4())
    ours = await post(service, key)
    theirs = await post(service, key, headers={"Authorization": "Bearer sp_theirs"})
    assert ours[1] != theirs[1]


async def test_anonymous_callers_do_not_share_keys(service: Service) -> None:
    key, path = str(uuid4()), "/v1/suggestion"
    one = {"Authorization": "", "X-Forwarded-For": "8.8.8.8"}
    two = {"Authorization": "", "X-Forwarded-For": "9.9.9.9"}
    await post(service, key, path=path, headers=one)
    status, _, headers = await post(service, key, {**BODY, "name": "Other"}, path=path, headers=two)
    assert status == 201
    assert "Idempotent-Replayed" not in headers


async def test_parallel_posts_have_one_result(service: Service) -> None:
    key = str(uuid4())
    answers = await asyncio.gather(*(post(service, key) for _ in range(20)))
    assert service.counters.calls == 1
    assert {status for status, _, _ in answers} == {201}
    assert len({body["counter"]["id"] for _, body, _ in answers}) == 1


async def test_one_that_takes_long_makes_the_others_409(service: Service) -> None:
    key, entered, go_on = str(uuid4()), asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        entered.set()
        await go_on.wait()

    service.counters.before = wait
    first = asyncio.create_task(post(service, key))
    await entered.wait()
    status, problem, headers = await post(service, key)
    go_on.set()
    assert (status, problem["type"]) == (409, "/problems/idempotency-in-progress")
    assert headers["Retry-After"] == "1"
    assert (await first)[0] == 201


async def test_a_refused_request_frees_its_key(service: Service) -> None:
    key = str(uuid4())
    service.counters.failure = NotAllowed("closed")
    assert (await post(service, key))[0] == 409
    service.counters.failure = None
    status, _, headers = await post(service, key, {**BODY, "name": "Corrected"})
    assert status == 201
    assert "Idempotent-Replayed" not in headers


async def test_an_invalid_body_does_not_take_the_key(service: Service) -> None:
    key = str(uuid4())
    assert (await post(service, key, {}))[0] == 422
    assert (await post(service, key))[0] == 201


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), KeyError("bug")])
async def test_after_an_unknown_end_the_retry_is_the_same_command(
    service: Service, failure: Exception
) -> None:
    key = str(uuid4())
    before = set(service.counters.stored)
    service.counters.failure = failure
    assert (await post(service, key))[0] in (500, 503)
    service.counters.failure = None
    service.counters.before = None
    status, body, _ = await post(service, key)
    assert status == 201
    assert len(set(service.counters.stored) - before) == 1
    assert (await post(service, key))[1] == body


async def test_a_recorded_but_unanswered_request_is_recognised(service: Service) -> None:
    key, calls = str(uuid4()), []

    async def create(call: Any) -> Any:
        reply = await service.counters.create(call)
        calls.append((call.command_id, call.repeatable))
        if len(calls) == 1:
            raise StoreUnavailable("the connection broke after the commit")
        return reply

    before = len(service.counters.stored)
    service.counters.instead = create
    try:
        assert (await post(service, key))[0] == 503
        assert (await post(service, key))[0] == 201
    finally:
        service.counters.instead = None
    (first, fresh), (second, repeatable) = calls
    assert first == second
    assert (fresh, repeatable) == (False, True)
    assert len(service.counters.stored) == before + 1


async def test_a_put_has_no_use_for_a_key(service: Service) -> None:
    _, body, _ = await post(service, str(uuid4()))
    path, headers = f"/v1/counter/{body['counter']['id']}", {"Idempotency-Key": "same"}
    for value in (1, 2):
        async with service.http.put(path, json={"value": value}, headers=headers) as response:
            assert (await response.json())["counter"]["value"] == value


class AnswerLost(PostgresKeys):
    """The database goes away between the write and the keeping of its answer."""

    async def finish(self, claim: Claim, answer: Answer) -> None:
        raise StoreUnavailable("away")


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(database: str) -> None:
    pool = await connect_pool(database)
    async with toy_service(AnswerLost(pool)) as service:
        await service.freshness.move_to(10**6)
        assert (await post(service, str(uuid4())))[0] == 201
    await pool.close()
