"""Finds an e-mail address in bytes, in whatever form it stands there."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import quote

URL_SAFE = bytes.maketrans(b"+/", b"-_")


def traces(address: str, data: bytes) -> set[str]:
    """The names of the forms in which `data` holds the address, by the part before its @ if that is enough.

    That part should stand nowhere else.
    """
    folded = data.lower()
    found = {name for name, form in _folded_forms(address) if form in folded}
    return found | {name for name, form in _exact_forms(address) if form in data}


def _folded_forms(address: str) -> Iterator[tuple[str, bytes]]:
    """Those in which upper and lower case are alike. JSON and HTML leave the part before the @ as it is."""
    local = address.partition("@")[0].lower()
    yield "plain", local.encode()
    yield "url", quote(address, safe="").lower().encode()
    for spelling in _spellings(address):
        yield "hex", spelling.partition("@")[0].encode().hex().encode()
        yield "sha256", sha256(spelling.encode()).hexdigest().encode()


def _exact_forms(address: str) -> Iterator[tuple[str, bytes]]:
    for spelling in _spellings(address):
        digest = sha256(spelling.encode()).digest()
        yield "sha256 in bytes", digest
        for secret, name in ((spelling.partition("@")[0].encode(), "base64"), (digest, "sha256 in base64")):
            for form in _in_base64(secret):
                yield name, form
                yield name, form.translate(URL_SAFE)


def _spellings(address: str) -> set[str]:
    return {address, address.lower(), address.upper()}


def _in_base64(secret: bytes) -> Iterator[bytes]:
    """Those characters that it alone decides, for each of the three places where it may begin."""
    for before in range(3):
        coded = b64encode(bytes(before) + secret)
        yield coded[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]
