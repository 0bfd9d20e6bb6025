"""Keeps connections busy: each sends its next request as soon as the answer to the last one is complete."""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from benchmarks.load.http import parse_head

LONGEST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Order:
    """`requests` are sent in turn, beginning with number `start`; `count` of them over all connections."""

    port: int
    requests: Sequence[str]
    connections: int
    count: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """`cpu`: the share of `seconds` in which this process was computing; near 1 it was the bottleneck."""

    seconds: float
    cpu: float
    statuses: dict[str, int]
    median_ms: float
    p99_ms: float


@dataclass(slots=True)
class _Work:
    requests: Sequence[bytes]
    next: int
    end: int
    done: "asyncio.Future[None]"
    open: int
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


async def generate(order: Order) -> Report:
    """Raises ConnectionError when a server hangs up, TimeoutError when it takes too long."""
    loop = asyncio.get_running_loop()
    requests = [text.encode() for text in order.requests]
    end = order.start + order.count
    work = _Work(requests, order.start, end, loop.create_future(), order.connections)
    started, computed = time.perf_counter(), _computed()
    for _ in range(order.connections):
        await loop.create_connection(lambda: _Connection(work), "127.0.0.1", order.port)
    async with asyncio.timeout(LONGEST_SECONDS):
        await work.done
    return _report(work, time.perf_counter() - started, _computed() - computed)


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _report(work: _Work, seconds: float, computed: float) -> Report:
    times = sorted(work.seconds)
    statuses = {str(status): count for status, count in work.statuses.items()}
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    return Report(seconds, computed / seconds, statuses, middle * 1000, late * 1000)


class _Connection(asyncio.Protocol):
    def __init__(self, work: _Work) -> None:
        self._work = work
        self._received = b""
        self._missing = -1  # of the body; -1: the head is not complete
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are no subclass
        self._send()

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._received += data
            head, found, data = self._received.partition(b"\r\n\r\n")
            if not found:
                return
            parsed = parse_head(head)
            self._work.statuses[parsed.status] += 1
            self._missing, self._received = parsed.size, b""
        self._missing -= len(data)
        if self._missing == 0:
            self._work.seconds.append(time.perf_counter() - self._sent_at)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._work.done.done():
            self._work.done.set_exception(ConnectionError(f"the server hung up: {exc}"))

    def _send(self) -> None:
        work = self._work
        self._missing = -1
        if work.next == work.end:
            work.open -= 1
            if work.open == 0:
                work.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(work.requests[work.next % len(work.requests)])
        work.next += 1
