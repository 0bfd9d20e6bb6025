"""The rules for a URL that a stranger gives: https to a public name, at the usual ports, nothing clever."""

import re
from ipaddress import ip_address

from yarl import URL

from service.outgoing.addresses import Networks, is_allowed

LONGEST = 1000
PORTS = {"https": frozenset({443, 8443}), "http": frozenset({80})}
PRIVATE_NAMES = frozenset(
    {"localhost", "local", "internal", "arpa", "invalid", "onion", "lan", "home", "corp"}
)
# Also what C libraries take for a number: 127.1, 0x7f.1, 0177.0.0.1.
NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)").fullmatch
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?").fullmatch
AUTHORITY_ENDS = re.compile(r"[/?]").split
UNSAFE = re.compile(r"[\s\\\x00-\x20\x7f]").search


class UrlNotAllowed(ValueError):
    """The text is no URL that we send to. Its message never repeats the text."""


def parse_url(text: str, allowed: Networks = ()) -> URL:
    """The URL in its normal form, which is the one to keep. Raises UrlNotAllowed.

    `allowed`: networks that may be reached all the same. With any, http and private names are accepted too;
    where such a name leads is decided when it is looked up.
    """
    if len(text) > LONGEST or UNSAFE(text):
        raise UrlNotAllowed("must be a URL without spaces, of at most 1000 characters")
    try:
        url = URL(text)
        port, host = url.port, (url.raw_host or "").rstrip(".")
    except ValueError:
        raise UrlNotAllowed("must be a URL such as https://example.com/hook") from None
    if url.scheme not in (("https", "http") if allowed else ("https",)):
        raise UrlNotAllowed("must begin with https://")
    if "#" in text or "@" in AUTHORITY_ENDS(text.partition("//")[2], 1)[0]:
        raise UrlNotAllowed("must have neither a user nor a fragment")
    _check(url.scheme, host, port, allowed)
    return url.with_host(host)


def _check(scheme: str, host: str, port: int | None, allowed: Networks) -> None:
    if _is_literal(host):
        if not is_allowed(host, allowed):
            raise UrlNotAllowed("must name a public host, not an address")
        return
    labels = host.split(".")
    if len(host) > 253 or not all(map(LABEL, labels)) or NUMBER(labels[-1]):
        raise UrlNotAllowed("must name a public host")
    if len(labels) == 1 or labels[-1] in PRIVATE_NAMES:
        if not allowed:
            raise UrlNotAllowed("must name a public host")
        return
    if port not in PORTS[scheme]:
        raise UrlNotAllowed("must use the port 443 or 8443")


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
