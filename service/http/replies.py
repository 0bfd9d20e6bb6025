"""What a handler answered, as an HTTP response with the headers that every answer carries."""

import orjson
from aiohttp import HttpVersion11, hdrs, web

from service.http.call import Call, Reply
from service.http.conditions import digest_tag, is_unchanged
from service.http.consistency import POSITION, settled
from service.http.idempotency.keys import Answer
from service.http.kernel import Freshness
from service.http.rendered import RenderedResponse
from service.logs import current_request

JSON = "application/json"
READ_CACHING = "private, no-cache"
WRITE_CACHING = "no-store"


def read_response(request: web.Request, reply: Reply) -> web.StreamResponse:
    """200 with a strong ETag, or 304 when the client has it already."""
    body = encode(reply.body)
    etag = f'"{reply.etag or digest_tag(body)}"'
    known = request.headers.get(hdrs.IF_NONE_MATCH)
    if known is not None and is_unchanged(known, etag):
        return web.Response(status=304, headers=_read_headers(reply, etag))
    if reply.headers or reply.status != 200 or request.version != HttpVersion11:
        headers = {hdrs.CONTENT_TYPE: JSON, **_read_headers(reply, etag)}
        return web.Response(status=reply.status, body=body, headers=headers)
    return RenderedResponse(body, etag, reply.position, current_request.get() or "")


def _read_headers(reply: Reply, etag: str) -> dict[str, str]:
    headers: dict[str, str] = {hdrs.CACHE_CONTROL: READ_CACHING, hdrs.ETAG: etag}
    if reply.position is not None:
        headers[POSITION] = str(reply.position)
    return {**headers, **reply.headers}


async def write_response(freshness: Freshness, call: Call, answer: Answer) -> web.Response:
    """The answer, once the read models show what it wrote or the caller's patience is over."""
    headers: dict[str, str] = {hdrs.CACHE_CONTROL: WRITE_CACHING, **answer.headers}
    if POSITION in headers:
        headers["Preference-Applied"] = await settled(freshness, int(headers[POSITION]), call.wait)
    return web.Response(status=answer.status, body=answer.body or None, headers=headers)


def answer_of(reply: Reply) -> Answer:
    """What a write's reply comes to, in the form in which it can be kept for a repetition."""
    headers = dict(reply.headers)
    if reply.body is not None:
        headers.setdefault(hdrs.CONTENT_TYPE, JSON)
    if reply.etag is not None:
        headers[hdrs.ETAG] = f'"{reply.etag}"'
    if reply.position is not None:
        headers[POSITION] = str(reply.position)
    plain = {str(name): value for name, value in headers.items()}  # aiohttp's names are no JSON keys
    return Answer(reply.status, plain, encode(reply.body))


def encode(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if body is None else orjson.dumps(body)
