"""Which page a name means: the field `domain`, or the host that a visitor's browser was on."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from service.commands.subscribable import Address
from service.http.schemas.fields import hostname

LONGEST = 253


def named(text: str, base_domain: str) -> Address:
    """A subdomain, below our base domain or alone, or else a domain of the page's own."""
    name = text.lower().removesuffix(".")[:LONGEST]
    label = name.removesuffix(f".{base_domain}")
    if "." not in label:
        return Address(subdomain=label)
    return Address(domain=_canonical(name))


def visited(request: web.Request, base_domain: str) -> Iterator[Address]:
    """Where the request came to, and where it came from."""
    for host in (request.headers.get(hdrs.HOST), _origin(request)):
        name = (host or "").rpartition(":")[0] or host
        if name and "." in name:  # a name without a dot is a machine's, not a page's
            yield named(name, base_domain)


def _canonical(name: str) -> str:
    try:
        return hostname(name)
    except ValueError:
        return name  # no page has it, and that is what will be said


def _origin(request: web.Request) -> str | None:
    try:
        return urlsplit(request.headers.get(hdrs.ORIGIN, "")).hostname
    except ValueError:
        return None
