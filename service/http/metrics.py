"""Counting requests, cheaply."""

from prometheus_client import CollectorRegistry, Histogram

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


class Requests:
    """How many requests were answered and how long they took, by route, method and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "statuspages_http_request_seconds",
            "Time to answer a request.",
            ("route", "method", "status"),
            buckets=BUCKETS,
            registry=registry,
        )
        self._children: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        child = self._children.get((route, method, status))
        (child or self._child(route, method, status)).observe(seconds)

    def _child(self, route: str, method: str, status: int) -> Histogram:
        shown = method if method in METHODS else "other"
        child = self._seconds.labels(route, shown, str(status))
        if shown == method:
            self._children[route, method, status] = child
        return child
