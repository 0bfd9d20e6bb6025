"""Reading a body: bounded in size and time, plain JSON only."""

import asyncio

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


async def read_body(request: web.Request, timeout: float) -> bytes:  # noqa: ASYNC109 - raises a Problem
    """The raw body. `timeout` in seconds for all of it.

    Raises Problem: 413 too large, 415 not plain JSON, 408 too slow, 400 badly framed.
    """
    check_headers(request)
    if request.headers.get(hdrs.EXPECT):
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    try:
        async with asyncio.timeout(timeout):
            return await request.read()
    except TimeoutError:
        raise Problem(REQUEST_TIMEOUT, f"The body did not arrive in {timeout:g} s.", close=True) from None
    except web.HTTPRequestEntityTooLarge:
        raise _too_large() from None
    except web.RequestPayloadError:
        raise Problem(MALFORMED_REQUEST, "The body is badly framed.", close=True) from None


def check_headers(request: web.Request) -> None:
    """What can be refused before a byte of the body is read. Raises Problem."""
    if (request.content_length or 0) > LARGEST:
        raise _too_large()
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise _not_json("Compressed bodies are not taken.", {"Accept-Encoding": "identity"})
    given = request.headers.getall(hdrs.CONTENT_TYPE, ())
    if len(given) != 1 or not (given[0] in USUAL or _is_json(given[0])):
        raise _not_json("Send Content-Type: application/json.", {"Accept": "application/json"})


def _is_json(content_type: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    return media_type == "application/json" and all(
        parameter in ("", "charset=utf-8", 'charset="utf-8"') for parameter in parameters
    )


def _not_json(detail: str, headers: dict[str, str]) -> Problem:
    return Problem(UNSUPPORTED_MEDIA_TYPE, detail, headers=headers)


def _too_large() -> Problem:
    return Problem(PAYLOAD_TOO_LARGE, f"A body may have at most {LARGEST} bytes.", close=True)
