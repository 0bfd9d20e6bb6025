"""The first line of an export: what follows, and where it comes from.

An export is JSON Lines: this header, then the rows of each of its tables in its order, one JSON object a line
under the names of the columns, and last the seal (see seals).
"""

from dataclasses import asdict, dataclass
from typing import Any

import orjson

from eventstore.moving.errors import MoveRefused

FORMAT, FORMAT_VERSION = "event-store-export", 1


@dataclass(frozen=True, slots=True)
class Part:
    """`rows` lines of one table, which is named with its schema."""

    table: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Header:
    """`head`: the log's last position. `migrations`: what made the tables, with their checksums.

    `key`: a fingerprint of the secret key that what is in the tables needs; None: it needs none.
    """

    product: str
    exported_at: str
    head: int
    key: str | None
    migrations: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def parts_with_rows(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.rows)


def encode(header: Header) -> bytes:
    named = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(header)}
    return orjson.dumps(named) + b"\n"


def decode(line: bytes) -> Header:
    """Raises MoveRefused for what is no header, and for one of a later format."""
    try:
        given = orjson.loads(line)
        if given["format"] != FORMAT:
            raise ValueError(given["format"])
        if given["format_version"] != FORMAT_VERSION:
            raise MoveRefused("A newer release made this export: import it with that one.")
        return _header(given)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MoveRefused("This is no export: its first line is no header.") from None


def _header(given: dict[str, Any]) -> Header:
    parts = tuple(Part(str(p["table"]), tuple(p["columns"]), int(p["rows"])) for p in given["parts"])
    return Header(
        given["product"], given["exported_at"], int(given["head"]), given["key"], given["migrations"], parts
    )
