"""Counting requests, cheaply: plain numbers while serving, Prometheus' metric when it is asked for."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
LABELS = ("route", "method", "status")
Key = tuple[str, str, int]


class Requests(Collector):
    """How many requests were answered and how long they took, by route, method and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counts: dict[Key, list[int]] = {}
        self._seconds: dict[Key, float] = {}
        registry.register(self)

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        key = (route, method if method in METHODS else "other", status)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = [0] * (len(BUCKETS) + 1)
            self._seconds[key] = 0.0
        counts[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[key] += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(
            "statuspages_http_request_seconds", "Time to answer a request.", labels=LABELS
        )
        for (route, method, status), counts in self._counts.items():
            buckets = list(zip([*map(str, BUCKETS), "+Inf"], accumulate(counts), strict=True))
            seconds = self._seconds[route, method, status]
            family.add_metric((route, method, str(status)), buckets, seconds)
        yield family
