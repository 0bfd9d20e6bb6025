"""An answer that goes on: server-sent events for as long as the client stays and may hear them."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from time import monotonic

from aiohttp import hdrs, web

from eventstore.store import StoreUnavailable
from eventstore.waiting import within
from service.http.authentication import bearer_token
from service.http.call import Call
from service.http.kernel import Kernel
from service.http.live import frames
from service.http.request_ids import stamp

MEDIA_TYPE = "text/event-stream"
HEADERS = {
    hdrs.CONTENT_TYPE: MEDIA_TYPE,
    hdrs.CACHE_CONTROL: "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back
}
RECONNECT_MILLISECONDS = 2_000
RETURN_MILLISECONDS = (2_000, 15_000)
"""After a stop: spread, so that they do not all come back in one instant."""
UNKNOWN_SECONDS = 1.0


async def hold(call: Call, kernel: Kernel, chunks: AsyncGenerator[bytes, None]) -> web.StreamResponse:
    """Pass on the chunks. An empty one is a chance to look whether to go on; one should come every second.

    Ends when the client is gone or does not read, when its token is no longer good, or when the process
    stops. Raises TooMany before anything was sent.
    """
    with kernel.live.place(call.organisation_id):
        response = web.StreamResponse(headers=HEADERS)
        stamp(response, call.request_id)
        await response.prepare(call.request)
        if call.request.method == hdrs.METH_HEAD:
            return response
        line = _Line(call, kernel, response)
        try:
            await line.pass_on(chunks)
        finally:
            line.leave()
        return response


class _Line:
    def __init__(self, call: Call, kernel: Kernel, response: web.StreamResponse) -> None:
        self._request = call.request
        self._token = bearer_token(call.request)
        self._authenticator = kernel.authenticator
        self._limits = kernel.live
        self._response = response
        self._sent_at = monotonic()
        self._whole = False

    async def pass_on(self, chunks: AsyncGenerator[bytes, None]) -> None:
        try:
            async with aclosing(chunks):
                await self._send(frames.retry(RECONNECT_MILLISECONDS))
                async for chunk in chunks:
                    if not await self._may_go_on():
                        break
                    await self._pass(chunk)
            await self._end()
        except (ConnectionError, TimeoutError):
            return

    async def _may_go_on(self) -> bool:
        """While nobody can say whether the token is good, nothing is sent but comments."""
        while not (self._limits.closing.is_set() or self._request.transport is None):
            try:
                return await self._authenticator.authenticate(self._token) is not None
            except StoreUnavailable:
                await self._pass(b"")
                await within(UNKNOWN_SECONDS, self._limits.closing)
        return False

    async def _pass(self, chunk: bytes) -> None:
        if chunk:
            await self._send(chunk)
        elif monotonic() - self._sent_at >= self._limits.beat_seconds:
            await self._send(frames.BEAT)

    async def _end(self) -> None:
        if self._limits.closing.is_set():
            await self._send(frames.retry(random.randint(*RETURN_MILLISECONDS)))  # noqa: S311 - to spread them
        await self._response.write_eof()
        self._whole = True

    async def _send(self, chunk: bytes) -> None:
        """Waits for a slow client, so that at most one chunk is kept for it. Raises TimeoutError."""
        async with asyncio.timeout(self._limits.write_seconds):
            await self._response.write(chunk)
        self._sent_at = monotonic()

    def leave(self) -> None:
        """Nothing may follow half an answer: a connection that was not ended in order is broken off."""
        if not self._whole and self._request.transport is not None:
            self._request.transport.abort()
