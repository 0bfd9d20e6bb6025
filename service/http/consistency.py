"""Read your writes: how long a call waits for the read models."""

import re

from aiohttp import web

from service.http.kernel import Freshness
from service.http.problems import MALFORMED_REQUEST, Problem, unavailable

POSITION = "Statuspages-Position"
MINIMUM = "Statuspages-Min-Position"
WAIT = re.compile(r'(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])', re.IGNORECASE).search
DEFAULT_WAIT = 1.0
LONGEST_WAIT = 10.0
IS_POSITION = re.compile(r"[0-9]{1,18}").fullmatch


def preferred_wait(request: web.Request) -> float:
    """Seconds from `Prefer: wait=N`, at most 10. What cannot be read is no preference, as RFC 7240 has it."""
    match = WAIT(",".join(request.headers.getall("Prefer", ())))
    return min(float(match[1]), LONGEST_WAIT) if match else DEFAULT_WAIT


async def fresh_enough(request: web.Request, freshness: Freshness) -> None:
    """Wait until the read models hold what Statuspages-Min-Position names. Raises Problem 400, or 503."""
    given = request.headers.getall(MINIMUM)
    if len(given) > 1 or not IS_POSITION(given[0]):
        raise Problem(MALFORMED_REQUEST, f"{MINIMUM} is no position.")
    if not await freshness.wait_for(int(given[0]), preferred_wait(request)):
        raise unavailable("The read models are not there yet.")


async def settled(freshness: Freshness, position: int, wait: float) -> str:
    """Wait for a write to become readable; the value of Preference-Applied, `wait=0` when it did not."""
    if wait > 0 and await freshness.wait_for(position, wait):
        return f"wait={wait:g}"
    return "wait=0"
