"""Server-sent events on the wire (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

BEAT = b": still here\n\n"
"""A comment: it keeps proxies from closing a quiet connection, and finds out clients that are gone."""


def event(position: int, data: bytes) -> bytes:
    """`data` in one line; the position is what a client sends back as Last-Event-ID."""
    return b"id: %d\ndata: %b\n\n" % (position, data)


def retry(milliseconds: int) -> bytes:
    """After how long a client that loses the connection comes back."""
    return b"retry: %d\n\n" % milliseconds
