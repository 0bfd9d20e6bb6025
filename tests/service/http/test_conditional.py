"""ETags over HTTP: reading what is known already, writing only what was seen."""

import asyncio

import pytest

from tests.service.http.conftest import Service

NO_WAIT = {"Prefer": "wait=0"}


async def etag(service: Service, path: str) -> str:
    async with service.http.get(path) as response:
        return response.headers["ETag"]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
async def test_what_is_known_already_is_a_304(service: Service, form: str) -> None:
    created = await service.create()
    path = f"/v1/counter/{created['id']}"
    current = await etag(service, path)
    for method in ("GET", "HEAD"):
        headers = {"If-None-Match": form.format(current)}
        async with service.http.request(method, path, headers=headers) as response:
            assert response.status == 304
            assert await response.read() == b""
            assert response.headers["ETag"] == current
            assert response.headers["Cache-Control"] == "private, no-cache"
            assert "X-Request-Id" in response.headers


async def test_what_has_changed_is_sent(service: Service) -> None:
    created = await service.create()
    path = f"/v1/counter/{created['id']}"
    old = await etag(service, path)
    async with service.http.put(path, json={"value": 2}, headers=NO_WAIT):
        pass
    async with service.http.get(path, headers={"If-None-Match": old}) as response:
        assert response.status == 200
        assert response.headers["ETag"] != old


async def test_a_list_has_an_etag_too(service: Service) -> None:
    first = await etag(service, "/v1/counters")
    assert await etag(service, "/v1/counters") == first
    await service.create()
    assert await etag(service, "/v1/counters") != first


async def test_a_304_needs_a_token_as_well(service: Service) -> None:
    created = await service.create()
    headers = {"If-None-Match": "*", "Authorization": ""}
    async with service.http.get(f"/v1/counter/{created['id']}", headers=headers) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("form", "status"), [("{}", 200), ("*", 200), ("W/{}", 412), ('"v99"', 412), ("v1", 400)]
)
async def test_if_match_guards_a_write(service: Service, form: str, status: int) -> None:
    created = await service.create()
    path = f"/v1/counter/{created['id']}"
    headers = {**NO_WAIT, "If-Match": form.format(await etag(service, path))}
    async with service.http.put(path, json={"value": 2}, headers=headers) as response:
        assert response.status == status
    async with service.http.get(path) as response:
        assert (await response.json())["counter"]["value"] == (2 if status == 200 else 0)


async def test_of_many_writes_with_one_etag_one_succeeds(service: Service) -> None:
    created = await service.create()
    path = f"/v1/counter/{created['id']}"

    async def put(value: int) -> int:
        async with service.http.put(
            path, json={"value": value}, headers={**NO_WAIT, "If-Match": '"v1"'}
        ) as answer:
            return answer.status

    statuses = await asyncio.gather(*(put(value) for value in range(1, 21)))
    assert sorted(statuses) == [200] + [412] * 19
