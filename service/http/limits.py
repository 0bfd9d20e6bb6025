"""How often one may ask, counted in the memory of this process."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from service.domain.errors import TooMany


class Limit:
    """A bucket of `capacity` tokens for each key, refilled evenly over `period` seconds.

    The least recently used keys are forgotten first; a forgotten bucket is a full one.
    """

    def __init__(
        self,
        capacity: int,
        period: float = 60.0,
        remembered: int = 50_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = capacity
        self._rate = capacity / period
        self._remembered = remembered
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Raises TooMany when the key's bucket is empty."""
        now = self._clock()
        tokens, seen_at = self._buckets.pop(key, (float(self._capacity), now))
        tokens = min(self._capacity, tokens + (now - seen_at) * self._rate)
        self._buckets[key] = (max(tokens - 1, 0) if tokens >= 1 else tokens, now)
        if len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        if tokens < 1:
            raise TooMany("Too many requests; please wait a moment.", ceil((1 - tokens) / self._rate))


def client_key(address: str) -> str:
    """Whom an address belongs to: with IPv6 a customer has a whole /64."""
    parsed = ip_address(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
