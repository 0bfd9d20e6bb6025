"""A preview as its caller is shown it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.commands.work import Decided
from service.domain.component import Component
from service.domain.values import Impact, IncidentStatus
from service.notices import Letter
from service.readmodels.audience import Recipients
from service.readmodels.rendering import PageView
from service.vault.email_address import masked

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Previewed:
    """`letter` None: there is nothing to tell."""

    notify: bool
    letter: Letter | None
    status: IncidentStatus
    impact: Impact
    recipients: Recipients


def render_preview(previewed: Previewed, decided: Mapping[str, Decided], *, whole: bool) -> Json:
    """`whole`: the caller sees addresses as they are."""
    letter, recipients = previewed.letter, previewed.recipients
    sample = recipients.sample if whole else map(masked, recipients.sample)
    preview = {
        "notify": previewed.notify,
        "subject": letter and letter.subject,
        "text": letter and letter.text,
        "html": letter and letter.html,
        "status": previewed.status,
        "impact": previewed.impact,
        "components": _changes(decided),
        "recipients": {
            "total": recipients.total,
            "by_channel": recipients.by_channel,
            "sample": list(sample),
        },
    }
    return {"preview": preview}


def component_names(view: PageView | None, decided: Mapping[str, Decided]) -> dict[UUID, str]:
    """As the page shows them, and as the rules just read them."""
    shown = {} if view is None else view.document["components"]
    read = {after.component_id: after.details.name for _, after in _components(decided)}
    return {UUID(component_id): entry["name"] for component_id, entry in shown.items()} | read


def _components(decided: Mapping[str, Decided]) -> Iterator[tuple[Component, Component]]:
    for each in decided.values():
        if isinstance(each.after, Component):
            yield each.before, each.after


def _changes(decided: Mapping[str, Decided]) -> list[Json]:
    pairs = _components(decided)
    return [_change(before, after) for before, after in pairs if before.status is not after.status]


def _change(before: Component, after: Component) -> Json:
    return {
        "id": str(after.component_id),
        "name": after.details.name,
        "before": before.status,
        "after": after.status,
    }
