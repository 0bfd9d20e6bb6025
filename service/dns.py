"""What the DNS says about a hostname: its CNAMEs, shared for a few seconds, and its addresses."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import dns.asyncresolver
import dns.exception
import dns.resolver

from service.clock import Clock

PATIENCE = 3.0
SHARED_FOR = 5.0
LARGEST_MEMORY = 1_000


@dataclass(frozen=True, slots=True)
class CnameRecords:
    """`reason`: why there are none (`no_such_name`, `no_cname`, `dns_timeout`, `dns_failure`)."""

    found: tuple[str, ...]
    reason: str | None
    checked_at: datetime


class Dns:
    """`servers`: `host:port` each; none means the system's resolvers."""

    def __init__(self, servers: Sequence[str], clock: Clock) -> None:
        self._servers = servers
        self._clock = clock
        self._asked: dict[str, tuple[float, asyncio.Task[CnameRecords]]] = {}

    async def cname(self, hostname: str) -> CnameRecords:
        """The CNAMEs of a hostname in lower case, without their last dot."""
        now = monotonic()
        at, task = self._asked.get(hostname, (0.0, None))
        if task is None or now - at > SHARED_FOR:
            task = asyncio.ensure_future(self._query(hostname))
            self._forget(now)
            self._asked[hostname] = (now, task)
        return await asyncio.shield(task)

    async def _query(self, hostname: str) -> CnameRecords:
        found: tuple[str, ...] = ()
        reason = None
        try:
            resolver = _resolver(self._servers)
            answer = await resolver.resolve(hostname, "CNAME", lifetime=PATIENCE, search=False)
            found = tuple(record.target.to_text(omit_final_dot=True).lower() for record in answer)
        except dns.resolver.NXDOMAIN:
            reason = "no_such_name"
        except dns.resolver.NoAnswer:
            reason = "no_cname"
        except dns.exception.Timeout:
            reason = "dns_timeout"
        except (dns.exception.DNSException, OSError):
            reason = "dns_failure"
        return CnameRecords(found, reason, self._clock())

    def _forget(self, now: float) -> None:
        if len(self._asked) >= LARGEST_MEMORY:
            self._asked = {name: entry for name, entry in self._asked.items() if now - entry[0] <= SHARED_FOR}


async def addresses_of(servers: Sequence[str], hostname: str) -> list[str]:
    """Of both families, one at least. Raises OSError, also for a name that there is not."""
    try:
        found = await _resolver(servers).resolve_name(hostname, lifetime=PATIENCE, search=False)
    except dns.exception.DNSException as error:
        raise OSError(type(error).__name__) from None
    return list(found.addresses())


def _resolver(servers: Sequence[str]) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [_nameserver(server) for server in servers]
    return resolver


def _nameserver(server: str) -> dns.nameserver.Nameserver:
    host, _, port = server.rpartition(":")
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port))
