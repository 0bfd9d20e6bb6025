"""ETags: what If-Match asks of a write and If-None-Match of a read."""

import hashlib
import re

from service.http.problems import MALFORMED_REQUEST, PRECONDITION_FAILED, Problem

ENTITY_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
A_LIST = re.compile(rf"\s*{ENTITY_TAG}(?:\s*,\s*{ENTITY_TAG})*\s*").fullmatch
EACH = re.compile(ENTITY_TAG).findall
OURS = re.compile(r'"v(\d{1,18})(?:-p\d{1,18})?"').fullmatch


def if_match(header: str | None) -> int | None:
    """The version that the thing must have; None when any will do (no header, or `*`).

    Raises Problem: 400 for what is no list of ETags, 412 when none of them can be one of ours: weak ones
    never match here, and foreign ones never will.
    """
    if header is None or header.strip() == "*":
        return None
    if not A_LIST(header):
        raise Problem(MALFORMED_REQUEST, "If-Match holds no list of ETags.")
    versions = {int(match[1]) for tag in EACH(header) if (match := OURS(tag))}
    if len(versions) > 1:
        raise Problem(MALFORMED_REQUEST, "If-Match may name one version here.")
    if not versions:
        raise Problem(PRECONDITION_FAILED, "If-Match names no version that this could have.")
    return versions.pop()


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """Whether the client has this already. `etag` with its quotes; comparison is the weak one of RFC 9110."""
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag in (tag.removeprefix("W/") for tag in EACH(if_none_match))


def digest_tag(body: bytes) -> str:
    """A strong ETag, without quotes, for a body that has no version."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()
