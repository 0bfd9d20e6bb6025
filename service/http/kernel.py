"""What every endpoint needs around it: the ports of the HTTP edge and its limits."""

from dataclasses import dataclass, field
from typing import Protocol

from service.http.addresses import TrustedProxies
from service.http.call import Caller
from service.http.idempotency.keys import IdempotencyKeys
from service.http.live.connections import Connections


class Authenticator(Protocol):
    async def authenticate(self, token: str) -> Caller | None:
        """Who the token speaks for; None if it is unknown, revoked or expired. Raises StoreUnavailable."""


class Freshness(Protocol):
    async def wait_for(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109 - the caller's budget
        """Whether the read models hold everything up to `position`, waiting at most `timeout` seconds."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """`secret` keys the digests of what clients sent. `body_timeout`: seconds for a whole body to arrive."""

    authenticator: Authenticator
    freshness: Freshness
    keys: IdempotencyKeys
    secret: bytes
    proxies: TrustedProxies = ()
    body_timeout: float = 10.0
    live: Connections = field(default_factory=Connections)
