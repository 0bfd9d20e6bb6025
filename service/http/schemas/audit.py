"""The audit trail: its query and its answer."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from service.domain.catalog import EVENT_TYPES
from service.http.schemas.base import Answer, Id, Page
from service.http.schemas.components import Moment, Shown


def _known(value: str) -> str:
    if value not in EVENT_TYPES:
        raise ValueError("must be the name of an event type, like ComponentStatusChanged")
    return value


class AuditQuery(Page):
    """`from`, `to`: when it was recorded, `to` not included. `actor`: as entries name it."""

    actor: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    type: Annotated[str, StringConstraints(max_length=100), AfterValidator(_known)] | None = None
    from_: Moment | None = Field(None, alias="from")
    to: Moment | None = None


class AuditSubject(Answer):
    """The thing that was changed. `name`: the one it had then, where it has one."""

    kind: str
    id: str
    name: str | None


class AuditEntry(Answer):
    """`actor`: `token:` and the token's id, `operator`, `visitor`, or the part of the product that did it.

    `action` is `type` in words. `before` and `after` have the fields that changed: `before` null, it was not
    there; `after` null, it is no more; an action that changes no field has in `after` what it says.
    `request_id` is the one in the answer to the request, if that was a UUID, else the UUID made from it.
    """

    position: int
    at: Shown
    actor: str
    action: str
    type: str
    subject: AuditSubject
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: Id | None


class AuditAnswer(Answer):
    """The newest first."""

    audit: list[AuditEntry]
    next_cursor: str | None
