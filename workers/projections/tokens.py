"""Tokens by id: whose they are, what they may do, until when. A revoked token leaves no document."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from workers.projections.projection import Document, Projection


def _key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["token_id"],)


def _issued(key: str, _: Document | None, event: RecordedEvent) -> Document:
    return {
        "id": key,
        "organisation_id": event.data["organisation_id"],
        "scopes": event.data["scopes"],
        "expires_at": event.data["expires_at"],
        "created_at": event.data["at"],
    }


def _revoked(_: str, __: Document | None, ___: RecordedEvent) -> None:
    return None


def _row(_: str, document: Document) -> Sequence[Any]:
    return (UUID(document["organisation_id"]),)


TOKENS = Projection(
    name="tokens",
    fold_version=1,
    keys={"TokenIssued": _key, "TokenRevoked": _key},
    folds={"TokenIssued": _issued, "TokenRevoked": _revoked},
    columns={"organisation_id": "uuid"},
    row=_row,
    indexes=("organisation_id",),
)
