"""Where a list goes on: the sort key of the last entry shown, opaque to callers."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

import orjson

from service.timestamps import parsed


class BadCursor(ValueError):
    """The text is not a cursor that a list of this kind gave out."""


def encode(*key: str) -> str:
    return urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def decode(text: str, length: int) -> list[str]:
    """The sort key, of `length` texts. Raises BadCursor."""
    try:
        key = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise BadCursor(text) from None
    if not isinstance(key, list) or len(key) != length or not all(isinstance(part, str) for part in key):
        raise BadCursor(text)
    return key


def moment(text: str) -> datetime:
    """A part of a sort key that is a time with its zone. Raises BadCursor."""
    try:
        found = parsed(text)
    except ValueError:
        raise BadCursor(text) from None
    if found.tzinfo is None:
        raise BadCursor(text)
    return found


def uuid(text: str) -> UUID:
    """A part of a sort key that is an id. Raises BadCursor."""
    try:
        return UUID(text)
    except ValueError:
        raise BadCursor(text) from None
