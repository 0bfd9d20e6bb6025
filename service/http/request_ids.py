"""The name of a request: taken from the client if it is harmless, else made."""

import os
import re
from uuid import NAMESPACE_URL, UUID, uuid5

from aiohttp import web

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._-]{1,128}").fullmatch


def request_id(given: str | None) -> str:
    return given if given is not None and SANE(given) else os.urandom(16).hex()


def correlation_id(request_id: str) -> UUID:
    """The request id itself where it is a UUID, else a UUID that follows from it."""
    try:
        return UUID(request_id)
    except ValueError:
        return uuid5(NAMESPACE_URL, request_id)


def stamp(response: web.StreamResponse, name: str) -> None:
    """The headers that every answer carries, refusals included."""
    response.headers[HEADER] = name
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Server"] = "statuspages"
