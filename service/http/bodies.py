"""Reading a body: bounded in size and time, of the one kind that the call takes."""

import asyncio
from dataclasses import dataclass

from aiohttp import hdrs, web

from service.http.problems import (
    MALFORMED_REQUEST,
    PAYLOAD_TOO_LARGE,
    REQUEST_TIMEOUT,
    UNSUPPORTED_MEDIA_TYPE,
    Problem,
)

LARGEST = 256 * 1024
USUAL = frozenset({"application/json", "application/json; charset=utf-8"})


@dataclass(frozen=True, slots=True)
class TextBody:
    """A body of UTF-8 text. `largest` in bytes."""

    media_type: str
    largest: int = LARGEST


JSON_BODY = TextBody("application/json")


async def read_body(
    request: web.Request,
    timeout: float,  # noqa: ASYNC109 - raises a Problem
    kind: TextBody = JSON_BODY,
) -> bytes:
    """The raw body. `timeout` in seconds for all of it.

    Raises Problem: 413 too large, 415 of another kind, 408 too slow, 400 badly framed.
    """
    check_headers(request, kind)
    bounded = request if kind.largest == LARGEST else request.clone(client_max_size=kind.largest)
    if request.headers.get(hdrs.EXPECT):
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    try:
        async with asyncio.timeout(timeout):
            return await bounded.read()
    except TimeoutError:
        raise Problem(REQUEST_TIMEOUT, f"The body did not arrive in {timeout:g} s.", close=True) from None
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(kind) from None
    except web.RequestPayloadError:
        raise Problem(MALFORMED_REQUEST, "The body is badly framed.", close=True) from None


def check_headers(request: web.Request, kind: TextBody = JSON_BODY) -> None:
    """What can be refused before a byte of the body is read. Raises Problem."""
    if (request.content_length or 0) > kind.largest:
        raise _too_large(kind)
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise _unsupported("Compressed bodies are not taken.", {"Accept-Encoding": "identity"})
    given = request.headers.getall(hdrs.CONTENT_TYPE, ())
    if len(given) != 1 or not _is_of(kind, given[0]):
        raise _unsupported(f"Send Content-Type: {kind.media_type}.", {"Accept": kind.media_type})


def _is_of(kind: TextBody, content_type: str) -> bool:
    if kind is JSON_BODY and content_type in USUAL:
        return True
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    return media_type == kind.media_type and all(
        parameter in ("", "charset=utf-8", 'charset="utf-8"') for parameter in parameters
    )


def _unsupported(detail: str, headers: dict[str, str]) -> Problem:
    return Problem(UNSUPPORTED_MEDIA_TYPE, detail, headers=headers)


def _too_large(kind: TextBody) -> Problem:
    return Problem(PAYLOAD_TOO_LARGE, f"A body may have at most {kind.largest} bytes.", close=True)
