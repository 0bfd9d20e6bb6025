"""An incident's document as the JSON of the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.values import GRAVITY, Impact
from service.timestamps import shown, shown_or_none

Json = dict[str, Any]


def render_incident(incident: Json, page_url: str) -> Json:
    """`page_url`: where visitors find its page. Updates come with the newest first."""
    return {
        "id": incident["id"],
        "statuspage_id": incident["statuspage_id"],
        "name": incident["name"],
        "status": incident["status"],
        "impact": impact_of(incident),
        "impact_override": incident["impact_override"],
        "components": render_named(incident["components"]),
        "updates": [_update(update) for update in reversed(incident["updates"])],
        "started_at": shown(incident["started_at"]),
        "resolved_at": shown_or_none(incident["resolved_at"]),
        "postmortem": incident["postmortem"],
        "metadata": incident["metadata"],
        "created_at": shown(incident["created_at"]),
        "updated_at": shown(incident["updated_at"]),
        "url": f"{page_url}/incident/{incident['id']}",
    }


def impact_of(incident: Json) -> str:
    return str(incident["impact_override"] or incident["impact"])


def worst_impact(incidents: Iterable[Json]) -> str | None:
    """None: there are none."""
    impacts = [Impact(impact_of(incident)) for incident in incidents]
    return max(impacts, key=GRAVITY.__getitem__, default=None)


def _update(update: Json) -> Json:
    return {
        "id": update["id"],
        "status": update["status"],
        "body": update["body"],
        "components": render_named(update["components"]),
        "notify": update["notify"],
        "created_at": shown(update["created_at"]),
        "display_at": shown(update["display_at"]),
    }


def render_named(components: Mapping[str, str]) -> list[Json]:
    """By id: the log does not keep the order in which they were listed."""
    return [{"id": component_id, "status": status} for component_id, status in sorted(components.items())]
