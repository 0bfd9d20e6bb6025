"""What an operator's machines ask: is the process alive, can it serve, what does it count."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from eventstore.store import StoreUnavailable
from service.http.call import Reply
from service.http.problems import MEDIA_TYPE
from service.http.replies import JSON

CHECK_SECONDS = 2.0
AWAY = (StoreUnavailable, OSError, TimeoutError)
NO_STORE = {"Cache-Control": "no-store"}
Check = Callable[[], Awaitable[bool]]
"""Whether a thing is there. It may raise StoreUnavailable, OSError or TimeoutError, or hang: all mean no."""
Look = Callable[[], Awaitable[Sequence[Metric]]]
"""Reads metrics from elsewhere. It fails as a Check does; then they are left out."""


@dataclass(frozen=True, slots=True)
class _Seen(Collector):
    metrics: Sequence[Metric]

    def collect(self) -> Sequence[Metric]:
        return self.metrics


def mount_operations(
    app: web.Application,
    needed: Mapping[str, Check],
    useful: Mapping[str, Check],
    registry: CollectorRegistry,
    look: Look,
) -> None:
    """/healthz, /readyz and /metrics. Without what is `needed` nothing can be served; what is `useful` is
    only named when it is away. `registry`: what this process counts; `look`: what is known elsewhere."""

    async def healthz(_: web.Request) -> web.Response:
        return _json(Reply(body={"health": {"alive": True}}))

    async def readyz(_: web.Request) -> web.Response:
        return _json(await readiness(needed, useful))

    async def metrics(_: web.Request) -> web.Response:
        body = generate_latest(registry) + generate_latest(_Seen(await _seen(look)))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST, **NO_STORE})

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)


async def readiness(needed: Mapping[str, Check], useful: Mapping[str, Check]) -> Reply:
    """200 or 503; either way `readiness.away` lists what is not there."""
    checks = {**needed, **useful}
    found = dict(zip(checks, await asyncio.gather(*map(_holds, checks.values())), strict=True))
    away = [name for name, there in found.items() if not there]
    ready = not any(name in needed for name in away)
    state = {"ready": ready, "away": away, "checks": found}
    if ready:
        return Reply(body={"readiness": state})
    return Reply(
        503,
        {
            "type": "/problems/temporarily-unavailable",
            "title": "Cannot be served at the moment",
            "status": 503,
            "detail": f"Away: {', '.join(away)}.",
            "readiness": state,
        },
        headers={"Retry-After": "2", "Content-Type": MEDIA_TYPE},
    )


async def _holds(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except AWAY:
        return False


async def _seen(look: Look) -> Sequence[Metric]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await look()
    except AWAY:
        return []


def _json(reply: Reply) -> web.Response:
    headers = {"Content-Type": JSON, **NO_STORE, **reply.headers}
    return web.Response(status=reply.status, body=orjson.dumps(reply.body), headers=headers)
