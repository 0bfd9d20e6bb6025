"""The client for such requests: no redirects, cookies or proxies, little time, and a guard at the socket."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aiohttp import (
    AddrInfoType,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from service.outgoing.addresses import Networks, may_reach

TOTAL_SECONDS = 15.0
LARGEST_READ = 2048
MOST_CONNECTIONS = 200
USER_AGENT = "statuspages"
log = structlog.get_logger()


class Unreachable(Exception):
    """No answer. One text whatever the reason, or it would tell a stranger what is in our network."""

    def __init__(self) -> None:
        super().__init__("unreachable")


class Forbidden(OSError):
    """The address is not public."""


class OpenSocket(Protocol):
    def __call__(self, family: int, kind: int, protocol: int) -> socket.socket: ...


def _socket(family: int, kind: int, protocol: int) -> socket.socket:
    return socket.socket(family, kind, protocol)


@dataclass(frozen=True, slots=True)
class Answer:
    """`body`: its first bytes, as sent, if they were asked for."""

    status: int
    retry_after: str | None
    body: bytes = b""


class Outgoing:
    """`allowed`: networks beside the public ones. `open_socket` is how sockets are made."""

    def __init__(
        self,
        allowed: Networks = (),
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        total_seconds: float = TOTAL_SECONDS,
        open_socket: OpenSocket = _socket,
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._tls = tls
        self._timeout = ClientTimeout(total=total_seconds)
        self._open_socket = open_socket
        self._session: ClientSession | None = None

    async def post(self, url: URL, body: bytes, headers: Mapping[str, str], *, read: bool = False) -> Answer:
        """One request. `read`: also the answer's first LARGEST_READ bytes. Raises Unreachable."""
        try:
            return await self._post(url, body, headers, read)
        except (ClientError, OSError, TimeoutError, UnicodeError) as error:
            log.info("outgoing request failed", reason=type(error).__name__)
            raise Unreachable from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, url: URL, body: bytes, headers: Mapping[str, str], read: bool) -> Answer:
        request = self._opened().post(url, data=body, headers=headers, allow_redirects=False)
        async with request as response:
            beginning = await _beginning(response.content) if read else b""
            response.close()  # the rest is never read, however much it is
            return Answer(response.status, response.headers.get("Retry-After"), beginning)

    def _opened(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=self._connector(),
                timeout=self._timeout,
                cookie_jar=DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
                headers={"User-Agent": USER_AGENT},
            )
        return self._session

    def _connector(self) -> TCPConnector:
        return TCPConnector(
            limit=MOST_CONNECTIONS,
            force_close=True,  # a kept connection may be closed just when the next request is on its way
            use_dns_cache=False,
            resolver=_GuardedResolver(self._resolver or ThreadedResolver(), self._allowed),
            socket_factory=self._socket,
            ssl=self._tls or True,
        )

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """The last word: whatever was checked before, this is where the packets would go."""
        family, kind, protocol, _, address = info
        if not may_reach(str(address[0]), self._allowed):
            raise Forbidden("not a public address")
        return self._open_socket(family, kind, protocol)


class _GuardedResolver(AbstractResolver):
    """A name with one forbidden address is forbidden as a whole."""

    def __init__(self, resolver: AbstractResolver, allowed: Networks) -> None:
        self._resolver = resolver
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(may_reach(result["host"], self._allowed) for result in found):
            raise Forbidden("not a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


async def _beginning(content: Any) -> bytes:
    parts: list[bytes] = []
    missing = LARGEST_READ
    while missing > 0 and (part := await content.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
