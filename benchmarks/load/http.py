"""HTTP/1.1 in bytes: as little as is needed to keep a server busy."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson


def request(method: str, path: str, headers: Mapping[str, str], body: object = None) -> bytes:
    """A request as it goes over the wire; `body` becomes JSON."""
    content = b"" if body is None else orjson.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass(frozen=True, slots=True)
class Head:
    """The start of an answer. `size`: of the body that follows, in bytes."""

    status: int
    headers: Mapping[str, str]
    size: int


def parse_head(head: bytes) -> Head:
    """`head` is everything before the empty line. The servers here send no chunks."""
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Head(int(first.split(" ", 2)[1]), headers, int(headers.get("content-length", "0")))
