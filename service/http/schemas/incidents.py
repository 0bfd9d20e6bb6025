"""Bodies and queries of the incident calls."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.domain.values import ComponentStatus, Impact, IncidentStatus
from service.http.schemas.base import Body, Id, Page
from service.http.schemas.components import Moment
from service.http.schemas.fields import Title

Markdown = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Metadata = Annotated[
    dict[MetadataKey, Annotated[str, StringConstraints(max_length=1000)]], Field(max_length=50)
]


class NamedComponent(Body):
    """A component of the page, and the status that the incident gives it."""

    id: Id
    status: ComponentStatus


Components = Annotated[list[NamedComponent], Field(max_length=200)]


class NewIncident(Body):
    """With `resolved_at` it is an incident of the past: it changes history, and nothing now."""

    name: Title
    status: IncidentStatus | None = Field(
        None, description="`investigating` when left out, `resolved` with `resolved_at`."
    )
    body: Markdown
    components: Components = Field(default_factory=list)
    impact_override: Impact | None = None
    notify: bool = True
    started_at: Moment | None = None
    resolved_at: Moment | None = None
    metadata: Metadata = Field(default_factory=dict)


class EditIncident(Body):
    """What is left out stays. `impact_override` null: the computed one; `metadata` null: none."""

    name: Title | None = None
    impact_override: Impact | None = None
    metadata: Metadata | None = None


class UpdateIncident(Body):
    """`at`: the time that the update speaks of, when that is not now."""

    status: IncidentStatus
    body: Markdown
    components: Components = Field(default_factory=list)
    notify: bool = True
    at: Moment | None = None


class Text(Body):
    body: Markdown


class IncidentsQuery(Page):
    """`from`, `to`: when they started, `to` not included. `month`, instead of both: a calendar month in the
    page's time zone, like 2026-11."""

    status: Literal["open", "resolved", "all"] = "all"
    from_: Moment | None = Field(None, alias="from")
    to: Moment | None = None
    month: Annotated[str, StringConstraints(pattern=r"^2[01]\d\d-(0[1-9]|1[0-2])$")] | None = None
