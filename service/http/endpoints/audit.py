"""Who did what to a page, when, and what it changed."""

import re
from typing import Any

from eventstore.events import Wanted
from service.audit.things import Change
from service.audit.trail import AuditTrail
from service.domain.errors import NotFound
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.routing import Endpoint
from service.http.schemas.audit import AuditAnswer, AuditQuery
from service.readmodels import cursor
from service.timestamps import shown, text

EVERYTHING = AuditQuery.model_validate({})
FREE = "metadata"
"""The one field whose names are the owner's."""
is_time = re.compile(r"at|since|start|end|\w+_(?:at|since)").fullmatch
words = re.compile(r"(?<!^)(?=[A-Z])")


class AuditQueries:
    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail

    async def of_page(self, call: Call) -> Reply:
        """Everything that was done to a page and what belongs to it, the newest first, straight from the log.

        The trail of a deleted page stays. It holds no addresses and no passwords."""
        query: AuditQuery = call.query or EVERYTHING
        wanted = Wanted(_before(query), query.type, query.actor, query.from_, query.to)
        found = await self._trail.of_page(call.ids["id"], call.organisation_id, wanted, query.limit + 1)
        if found is None:
            raise NotFound("There is no such status page.")
        entries = found[: query.limit]
        more = len(found) > query.limit
        next_cursor = cursor.encode(str(entries[-1].event.position)) if more else None
        return Reply(200, {"audit": [_entry(change) for change in entries], "next_cursor": next_cursor})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/audit",
                handler=self.of_page,
                summary="Read a status page's audit trail",
                scope=Scope.ADMIN,
                tag="Status pages",
                query=AuditQuery,
                answers={200: AuditAnswer},
                problems=(404,),
            )
        ]


def _before(query: AuditQuery) -> int | None:
    """The position before which the list goes on."""
    if query.cursor is None:
        return None
    try:
        position = cursor.decode(query.cursor, 1)[0]
    except cursor.BadCursor:
        raise bad_cursor() from None
    if not re.fullmatch(r"[1-9][0-9]{0,17}", position):
        raise bad_cursor()
    return int(position)


def _entry(change: Change) -> dict[str, object]:
    event = change.event
    kind, _, key = event.stream.partition("-")
    id_ = event.data.get(f"{kind}_id", key)
    return {
        "position": event.position,
        "at": text(event.recorded_at),
        "actor": event.actor,
        "action": words.sub(" ", event.type).capitalize(),
        "type": event.type,
        "subject": {"kind": kind, "id": id_, "name": change.name},
        "before": _with_times(change.before),
        "after": _with_times(change.after),
        "request_id": None if event.correlation_id is None else str(event.correlation_id),
    }


def _with_times(fields: Any) -> Any:
    """With times as the API shows them."""
    if not isinstance(fields, dict):
        return fields
    return {
        name: shown(value)
        if isinstance(value, str) and is_time(name)
        else value
        if name == FREE
        else _with_times(value)
        for name, value in fields.items()
    }
