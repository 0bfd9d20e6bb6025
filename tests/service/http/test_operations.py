"""Health, readiness, metrics."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from aiohttp import ClientSession
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from eventstore.store import StoreUnavailable
from service.http import operations
from service.http.metrics import Requests
from service.http.middleware import edge
from service.http.operations import readiness
from service.http.server import new_application
from tests.service.http.conftest import Service, listening


async def there() -> bool:
    return True


async def away() -> bool:
    return False


async def unreachable() -> bool:
    raise StoreUnavailable("away")


async def refused() -> bool:
    raise ConnectionRefusedError


async def hanging() -> bool:
    await asyncio.Event().wait()
    return True


async def test_the_process_is_alive(service: Service) -> None:
    async with service.http.get("/healthz", headers={"Authorization": ""}) as response:
        assert (response.status, await response.json()) == (200, {"health": {"alive": True}})
        assert response.headers["Cache-Control"] == "no-store"


async def test_it_is_ready_when_all_is_there() -> None:
    reply = await readiness({"database": there}, {"broker": there})
    assert reply.status == 200
    assert reply.body == {
        "readiness": {"ready": True, "away": [], "checks": {"database": True, "broker": True}}
    }


@pytest.mark.parametrize("check", [away, unreachable, refused, hanging])
async def test_what_is_needed_and_away_makes_it_unready(
    check: Callable[[], Awaitable[bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "CHECK_SECONDS", 0.05)
    reply = await readiness({"database": check, "disk": there}, {})
    assert reply.status == 503
    assert isinstance(reply.body, dict)
    assert reply.body["readiness"]["away"] == ["database"]
    assert reply.body["detail"] == "Away: database."
    assert reply.headers["Retry-After"] == "2"


async def test_what_is_only_useful_and_away_is_named() -> None:
    reply = await readiness({"database": there}, {"broker": away})
    assert reply.status == 200
    assert isinstance(reply.body, dict)
    assert reply.body["readiness"]["away"] == ["broker"]


async def counted(service: Service) -> dict[tuple[str, str, str], float]:
    async with service.http.get("/metrics") as response:
        families = text_string_to_metric_families(await response.text())
    return {
        (sample.labels["route"], sample.labels["method"], sample.labels["status"]): sample.value
        for family in families
        if family.name == "statuspages_http_request_seconds"
        for sample in family.samples
        if sample.name.endswith("_count")
    }


async def test_requests_are_counted_by_template_method_and_status(service: Service) -> None:
    template = "/v1/counter/{id}"
    before = await counted(service)
    for _ in range(3):
        async with service.http.get(f"/v1/counter/{uuid4()}"):
            pass
    after = await counted(service)
    assert after[template, "GET", "404"] - before.get((template, "GET", "404"), 0) == 3


async def test_no_path_that_a_client_makes_up_becomes_a_metric(service: Service) -> None:
    before = {route for route, _, _ in await counted(service)}
    for number in range(5):
        async with service.http.get(f"/made-up/{number}"):
            pass
    assert {route for route, _, _ in await counted(service)} - before <= {"unmatched", "/metrics"}


async def test_times_fall_into_buckets(service: Service) -> None:
    async with service.http.get("/metrics") as response:
        families = {family.name: family for family in text_string_to_metric_families(await response.text())}
    samples = families["statuspages_http_request_seconds"].samples
    for sample in samples:
        if sample.name.endswith("_bucket") and sample.labels["le"] == "+Inf":
            (count,) = [
                other.value
                for other in samples
                if other.name.endswith("_count")
                and other.labels == {k: v for k, v in sample.labels.items() if k != "le"}
            ]
            assert sample.value == count


async def looked_up() -> list[Metric]:
    return [GaugeMetricFamily("sights", "Seen elsewhere.", 3)]


async def unreachable_metrics() -> list[Metric]:
    raise StoreUnavailable("away")


async def hanging_metrics() -> list[Metric]:
    await asyncio.Event().wait()
    return []


@pytest.mark.parametrize(
    ("look", "names"),
    [(looked_up, {"own", "sights"}), (unreachable_metrics, {"own"}), (hanging_metrics, {"own"})],
)
async def test_metrics_from_elsewhere_are_left_out_while_it_is_away(
    look: operations.Look, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "CHECK_SECONDS", 0.05)
    registry = CollectorRegistry()
    app = new_application(edge(Requests(registry)))
    Gauge("own", "Of this process.", registry=registry)
    operations.mount_operations(app, {}, {}, registry, look)
    async with (
        listening(app) as port,
        ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/metrics") as response,
    ):
        families = list(text_string_to_metric_families(await response.text()))
    found = {family.name for family in families} - {"statuspages_http_request_seconds"}
    assert found == names
