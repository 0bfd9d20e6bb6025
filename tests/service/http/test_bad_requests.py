"""Everything that can be wrong with a request, as bytes on a socket: a problem, never a 5xx, nothing done."""

import asyncio
import gzip
import re
import time

import pytest

from tests.service.http.conftest import Service
from tests.service.http.raw import exchange, read_answer
from tests.service.http.test_decoder import NOT_STORABLE, UNREADABLE

JSON = "Content-Type: application/json\r\n"
AUTH = "Authorization: Bearer sp_ours\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
GOOD = b'{"name": "Visits", "colour": "red"}'


def post(body: bytes, headers: str = JSON, path: str = "/v1/counter") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\n{AUTH}{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


@pytest.mark.parametrize("name", UNREADABLE)
async def test_an_unreadable_body_is_a_400(service: Service, name: str) -> None:
    answer, _ = await exchange(service.port, post(UNREADABLE[name]))
    assert (answer.status, answer.problem["type"]) == (400, "/problems/malformed-request")


@pytest.mark.parametrize("name", NOT_STORABLE)
async def test_a_body_that_cannot_be_stored_is_a_422(service: Service, name: str) -> None:
    text, pointer, _ = NOT_STORABLE[name]
    answer, _ = await exchange(service.port, post(text.encode()))
    assert answer.status == 422
    assert pointer in [error["pointer"] for error in answer.problem["errors"]]


MEDIA_TYPES = {
    "none": "",
    "text": "Content-Type: text/plain\r\n",
    "a form": "Content-Type: application/x-www-form-urlencoded\r\n",
    "multipart": "Content-Type: multipart/form-data; boundary=x\r\n",
    "XML": "Content-Type: application/xml\r\n",
    "JSON of another kind": "Content-Type: application/merge-patch+json\r\n",
    "a bogus charset": "Content-Type: application/json; charset=bogus\r\n",
    "UTF-16": "Content-Type: application/json; charset=utf-16\r\n",
    "an unknown parameter": "Content-Type: application/json; version=1\r\n",
    "nonsense": "Content-Type: ;;;\r\n",
    "gzip": f"{JSON}Content-Encoding: gzip\r\n",
    "deflate": f"{JSON}Content-Encoding: deflate\r\n",
    "br": f"{JSON}Content-Encoding: br\r\n",
    "an unknown encoding": f"{JSON}Content-Encoding: x\r\n",
}


@pytest.mark.parametrize("name", MEDIA_TYPES)
async def test_what_is_not_plain_json_is_a_415(service: Service, name: str) -> None:
    answer, _ = await exchange(service.port, post(gzip.compress(GOOD), MEDIA_TYPES[name]))
    assert (answer.status, answer.problem["type"]) == (415, "/problems/unsupported-media-type")


@pytest.mark.parametrize(
    "headers",
    [
        "content-type: APPLICATION/JSON\r\n",
        "Content-Type: application/json; charset=UTF-8\r\n",
        'Content-Type: application/json;charset="utf-8"\r\n',
        f"{JSON}Content-Encoding: identity\r\n",
    ],
)
async def test_plain_json_may_say_so_in_several_ways(service: Service, headers: str) -> None:
    answer, _ = await exchange(service.port, post(GOOD, headers + "Prefer: wait=0\r\n"))
    assert answer.status == 201


async def test_a_body_of_the_largest_size_is_read(service: Service) -> None:
    answer, _ = await exchange(
        service.port, post(GOOD + b" " * (256 * 1024 - len(GOOD)), JSON + "Prefer: wait=0\r\n")
    )
    assert answer.status == 201


async def test_one_byte_more_is_a_413_and_the_end_of_the_connection(service: Service) -> None:
    answer, closed = await exchange(service.port, post(GOOD + b" " * (256 * 1024 + 1 - len(GOOD))))
    assert (answer.status, answer.problem["type"], closed) == (413, "/problems/payload-too-large", True)


async def test_ten_gigabytes_are_refused_before_they_are_sent(service: Service) -> None:
    started = time.monotonic()
    head = f"POST /v1/counter HTTP/1.1\r\nHost: a\r\n{AUTH}{JSON}Content-Length: 10000000000\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(head.encode() + b"{")
    answer = await read_answer(reader)
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert time.monotonic() - started < 0.5
    writer.close()


async def test_chunks_beyond_the_size_are_a_413(service: Service) -> None:
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    head = f"POST /v1/counter HTTP/1.1\r\nHost: a\r\n{AUTH}{JSON}{CHUNKED}\r\n".encode()
    answer, _ = await exchange(service.port, head + chunk * 9 + b"0\r\n\r\n")
    assert answer.status == 413


async def test_chunks_within_the_size_are_read(service: Service) -> None:
    head = f"POST /v1/counter HTTP/1.1\r\nHost: a\r\n{AUTH}{JSON}Prefer: wait=0\r\n{CHUNKED}\r\n"
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD), GOOD)
    answer, _ = await exchange(service.port, head.encode() + chunks)
    assert answer.status == 201


@pytest.mark.parametrize("sent", [b"", b'{"name"'])
async def test_a_body_that_stalls_is_a_408(service: Service, sent: bytes) -> None:
    answer, closed = await exchange(service.port, post(GOOD)[: -len(GOOD)] + sent)
    assert (answer.status, answer.problem["type"], closed) == (408, "/problems/request-timeout", True)


async def test_a_client_that_leaves_in_the_middle_of_its_body_harms_nobody(service: Service) -> None:
    before = service.counters.calls
    _, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(post(GOOD)[:-5])
    await writer.drain()
    writer.close()
    answer, _ = await exchange(service.port, post(GOOD, JSON + "Prefer: wait=0\r\n"))
    assert (answer.status, service.counters.calls) == (201, before + 1)


async def test_a_hundred_thousand_fields_are_refused_quickly(service: Service) -> None:
    started = time.monotonic()
    body = b"{" + b",".join(b'"%d":1' % number for number in range(20_000)) + b"}"
    answer, _ = await exchange(service.port, post(body))
    assert answer.status == 422
    assert len(answer.problem["errors"]) == 100
    assert time.monotonic() - started < 2


async def test_the_body_of_a_delete_is_not_looked_at(service: Service) -> None:
    created = await service.create()
    request = post(b"{", "Prefer: wait=0\r\n", f"/v1/counter/{created['id']}").replace(b"POST", b"DELETE")
    answer, _ = await exchange(service.port, request)
    assert answer.status == 200


async def test_a_continue_is_sent_only_to_who_may_go_on(service: Service) -> None:
    expecting = f"{JSON}Expect: 100-continue\r\nPrefer: wait=0\r\n"
    head = post(GOOD, expecting)[: -len(GOOD)]
    refused, _ = await exchange(service.port, head.replace(b"sp_ours", b"sp_none"))
    assert refused.status == 401
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(head)
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(GOOD)
    assert (await read_answer(reader)).status == 201
    writer.close()


@pytest.mark.parametrize("path", ["/v1/counter", "/nowhere"])
async def test_another_expectation_is_a_417(service: Service, path: str) -> None:
    answer, _ = await exchange(service.port, post(GOOD, f"{JSON}Expect: x\r\n", path))
    assert (answer.status, answer.problem["type"]) == (417, "/problems/expectation-failed")


MARK = "a-mark-that-must-not-come-back"
POST = f"POST /{MARK} HTTP/1.1\r\nHost: a\r\n"
NO_HTTP = {
    "nonsense": f"{MARK}\r\n\r\n",
    "no version": f"GET /{MARK}\r\n\r\n",
    "HTTP/0.9": f"GET /{MARK} HTTP/0.9\r\nHost: a\r\n\r\n",
    "HTTP/1.2": f"GET /{MARK} HTTP/1.2\r\nHost: a\r\n\r\n",
    "HTTP/2.0": f"GET /{MARK} HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/3.0": f"GET /{MARK} HTTP/3.0\r\nHost: a\r\n\r\n",
    "HTP/1.1": f"GET /{MARK} HTP/1.1\r\nHost: a\r\n\r\n",
    "a blank in the path": f"GET /{MARK} x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long path": f"GET /{MARK}{'x' * 9000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long header": f"GET / HTTP/1.1\r\nHost: a\r\nX: {MARK}{'x' * 20_000}\r\n\r\n",
    "two hundred headers": "GET / HTTP/1.1\r\nHost: a\r\n" + f"X: {MARK}\r\n" * 200 + "\r\n",
    "a header without a colon": f"GET / HTTP/1.1\r\nHost: a\r\n{MARK}\r\n\r\n",
    "a blank before the colon": f"GET / HTTP/1.1\r\nHost: a\r\nX{MARK} : 1\r\n\r\n",
    "NUL in a header": f"GET / HTTP/1.1\r\nHost: a\r\nX: {MARK}\0\r\n\r\n",
    "a folded header": f"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n {MARK}\r\n\r\n",
    "a bare line feed": f"GET / HTTP/1.1\nHost: a\nX: {MARK}\n\n",
    "no Host": f"GET /{MARK} HTTP/1.1\r\n\r\n",
    "two Hosts": f"GET / HTTP/1.1\r\nHost: a\r\nHost: {MARK}\r\n\r\n",
    "a Host with a user": f"GET / HTTP/1.1\r\nHost: {MARK}@b:99999\r\n\r\n",
    "a Host with a path": f"GET / HTTP/1.1\r\nHost: a/{MARK}\r\n\r\n",
    "a Host with a quote": f'GET / HTTP/1.1\r\nHost: a"{MARK}\r\n\r\n',
    "an empty Host": f"GET /{MARK} HTTP/1.1\r\nHost:\r\n\r\n",
    "a length with a sign": f"{POST}Content-Length: +4\r\n\r\nabcd",
    "a negative length": f"{POST}Content-Length: -1\r\n\r\n",
    "a length in words": f"{POST}Content-Length: x\r\n\r\n",
    "two lengths": f"{POST}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "two lengths in one": f"{POST}Content-Length: 4, 5\r\n\r\nabcd",
    "length and chunks": (f"{POST}Content-Length: 4\r\n{CHUNKED}\r\n0\r\n\r\n"),
    "an unknown coding": f"{POST}Transfer-Encoding: x\r\n\r\n0\r\n\r\n",
    "chunked twice": f"{POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a coding after chunked": f"{POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "CONNECT": f"CONNECT {MARK}:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an unknown method": f"{MARK.upper()} / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a method in small letters": f"get /{MARK} HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", NO_HTTP)
async def test_what_is_no_good_http_is_refused_without_an_echo(service: Service, name: str) -> None:
    answer, _ = await exchange(service.port, NO_HTTP[name].encode("latin-1"))
    assert 400 <= answer.status < 500
    assert answer.problem["title"]
    assert MARK not in answer.body.decode()
    assert MARK.upper() not in answer.body.decode()
    assert "x-request-id" in answer.headers


SMUGGLED = b"GET /v1/counters HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sp_ours\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 10\r\n\r\n",
        b"Content-Length: 0x5\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n0\r\n\r\n",
        b"{CHUNKED}\r\n0x1\r\nx\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx\r\n",
    ],
)
async def test_after_doubtful_framing_nothing_more_is_answered(service: Service, framing: bytes) -> None:
    head = f"POST /v1/counter HTTP/1.1\r\nHost: a\r\n{AUTH}{JSON}".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(head + framing + SMUGGLED)
    async with asyncio.timeout(5):
        everything = await reader.read()
    writer.close()
    assert re.findall(rb"^HTTP/1.[01] (\d+)", everything, re.MULTILINE) == [b"400"]


async def test_requests_in_a_row_are_answered_in_a_row(service: Service) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(SMUGGLED * 200)
    for _ in range(200):
        assert (await read_answer(reader)).status == 200
    writer.close()


async def test_http_1_0_is_answered_and_closed(service: Service) -> None:
    answer, closed = await exchange(
        service.port, b"GET /v1/counters HTTP/1.0\r\nAuthorization: Bearer sp_ours\r\n\r\n"
    )
    assert answer.status == 200
    assert not closed


@pytest.mark.parametrize(
    "header",
    [
        "Idempotency-Key:",
        f"Idempotency-Key: {'x' * 256}",
        "Idempotency-Key: \u00e9",
        "Idempotency-Key: a\r\nIdempotency-Key: b",
        "If-Match: nonsense",
    ],
)
async def test_a_header_that_cannot_be_read_is_a_400(service: Service, header: str) -> None:
    answer, _ = await exchange(service.port, post(GOOD, f"{JSON}{header}\r\n"))
    assert (answer.status, answer.problem["type"]) == (400, "/problems/malformed-request")


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "", "9" * 19, "\u0661", "0x1"])
async def test_a_position_that_is_none_is_a_400(service: Service, value: str) -> None:
    request = f"GET /v1/counters HTTP/1.1\r\nHost: a\r\n{AUTH}Statuspages-Min-Position: {value}\r\n\r\n"
    answer, _ = await exchange(service.port, request.encode())
    assert (answer.status, answer.problem["type"]) == (400, "/problems/malformed-request")


@pytest.mark.parametrize(
    "header", ["Accept: application/xml", "Range: bytes=0-1", "Accept-Encoding: nonsense", "Upgrade: h2c"]
)
async def test_what_a_read_does_not_know_it_ignores(service: Service, header: str) -> None:
    answer, _ = await exchange(
        service.port, f"GET /v1/counters HTTP/1.1\r\nHost: a\r\n{AUTH}{header}\r\n\r\n".encode()
    )
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
