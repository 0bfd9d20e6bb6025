"""Who wants to be told: which pages tell at all, and which of a page's subscriptions want a matter.

The question is asked of one subscription here, and of all of them in SQL; a test holds the two together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from service.domain.statuspage import Page
from service.domain.values import PageType

WANTED = """
CASE WHEN document->>'incident_id' IS NOT NULL
    THEN document->>'incident_id' IS NOT DISTINCT FROM {incident_id}
    ELSE jsonb_array_length(document->'component_ids') = 0 OR document->'component_ids' ?| {component_ids}
END
"""
"""`wants` for a row whose `document` is a subscription's; to be given the names of a text and a text[]."""

CHOSE = """
CASE WHEN s.incident_id IS NOT NULL
    THEN s.incident_id IS NOT DISTINCT FROM {incident_id}
    ELSE cardinality(s.component_ids) = 0 OR s.component_ids && {component_ids}
END
"""
"""`wants` for a row `s` that has the choices in columns; to be given the names of a uuid and a uuid[]."""


@dataclass(frozen=True, slots=True)
class Matter:
    """`incident_id` None: it is a maintenance. `component_ids`: all that it ever touched."""

    incident_id: UUID | None
    component_ids: frozenset[UUID]


def wants(component_ids: Collection[UUID], incident_id: UUID | None, matter: Matter) -> bool:
    """Whether a subscription with these choices wants to be told of `matter`.

    One to an incident wants that incident and nothing else; one to components what touches any of them; one
    without a choice everything.
    """
    if incident_id is not None:
        return incident_id == matter.incident_id
    return not component_ids or not matter.component_ids.isdisjoint(component_ids)


def tells(page: Page) -> bool:
    """Whether the page tells its subscribers anything: mails don't say what visitors can't see now."""
    return page.enabled and not page.deleted and page.settings.type is PageType.PUBLIC
