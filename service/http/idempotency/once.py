"""Carrying a write out once, however often it is sent with the same Idempotency-Key."""

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import replace
from functools import partial

from aiohttp import web

from eventstore.store import StoreUnavailable
from service.domain.errors import Rejected
from service.http.call import Call
from service.http.deadline import in_time
from service.http.idempotency.keys import Answer, Claim, InProgress, Request, Reused
from service.http.kernel import Kernel
from service.http.problems import IN_PROGRESS, KEY_REUSED, MALFORMED_REQUEST, Problem
from service.http.replies import answer_of
from service.http.routing import Endpoint

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
REPLAYED = {"Idempotent-Replayed": "true"}
PATIENCE = (0.05, 0.1, 0.15, 0.2, 0.25, 0.25)
"""Seconds between looks at a request that is in progress elsewhere."""


def idempotency_key(request: web.Request) -> str | None:
    """The key of a POST. Raises Problem 400 for one that is empty, too long, doubled or not printable."""
    given = request.headers.getall(HEADER, ())
    if not given or request.method != "POST":
        return None
    key = given[0]
    if len(given) > 1 or not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Problem(MALFORMED_REQUEST, f"{HEADER} is one to {LONGEST_KEY} printable ASCII characters.")
    return key


async def once(kernel: Kernel, endpoint: Endpoint, call: Call, raw: bytes) -> Answer:
    """The handler's answer, or the first one again. Raises Problem, and what the handler raises."""
    return await in_time(_once(kernel, endpoint, call, raw), endpoint.seconds + call.wait)


async def _once(kernel: Kernel, endpoint: Endpoint, call: Call, raw: bytes) -> Answer:
    if call.idempotency_key is None:
        return answer_of(await endpoint.handler(call))
    claim = await _claim(kernel, _request(kernel, endpoint, call, raw))
    if isinstance(claim, Answer):
        return replace(claim, headers={**claim.headers, **REPLAYED})
    call.command_id, call.repeatable = claim.command_id, claim.taken_over
    return await _carry_out(kernel, endpoint, call, claim)


async def _claim(kernel: Kernel, request: Request) -> Claim | Answer:
    for pause in (*PATIENCE, None):
        outcome = await kernel.keys.claim(request)
        if isinstance(outcome, Reused):
            raise Problem(KEY_REUSED, "This key came with another request before; use a new one.")
        if not isinstance(outcome, InProgress):
            return outcome
        if pause is not None:
            await asyncio.sleep(pause)
    raise Problem(IN_PROGRESS, "Ask again in a moment.", headers={"Retry-After": "1"})


async def _carry_out(kernel: Kernel, endpoint: Endpoint, call: Call, claim: Claim) -> Answer:
    ending = kernel.keys.abandon
    try:
        answer = answer_of(await endpoint.handler(call))
    except Rejected:
        ending = kernel.keys.free
        raise
    except Problem as problem:
        if problem.status < 500:
            ending = kernel.keys.free
        raise
    else:
        ending = partial(kernel.keys.finish, answer=answer)
        return answer
    finally:
        # With the database away the claim stays as it is; it ages, and the next attempt takes it over.
        with suppress(StoreUnavailable):
            await ending(claim)


def _request(kernel: Kernel, endpoint: Endpoint, call: Call, raw: bytes) -> Request:
    key = call.idempotency_key or ""
    place = "/".join((endpoint.method, endpoint.path.removeprefix("/statuspage-cmd"), *call.path.values()))
    return Request(_scope(kernel, call), key, _digest(kernel, place.encode() + b"\0" + raw))


def _scope(kernel: Kernel, call: Call) -> str:
    if call.caller is not None:
        return str(call.caller.organisation_id)
    return f"anonymous:{_digest(kernel, call.remote.encode()).hex()}"


def _digest(kernel: Kernel, data: bytes) -> bytes:
    """Keyed, because addresses are few enough to be guessed from a plain digest."""
    return hashlib.blake2b(data, key=kernel.secret[:64], digest_size=16).digest()
