"""A page's document as the JSON of the API: computed when it changes, served as bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from service.domain.headline import Headline, headline
from service.domain.values import ComponentStatus
from service.readmodels.incident_rendering import render_incident, worst_impact
from service.readmodels.maintenance_rendering import by_start, render_maintenance
from service.timestamps import shown, sortable

Json = dict[str, Any]

SETTINGS = (
    "name",
    "description",
    "subdomain",
    "domain",
    "type",
    "page_name",
    "dark_theme",
    "favicon",
    "logo",
    "redirect_to_https",
    "remove_branding",
    "robots_meta_contents",
    "website_url",
    "privacy_url",
    "support_url",
    "ga_tracking",
    "ip_addresses",
    "subscription_enabled",
)
LINKS = ("website_url", "privacy_url", "support_url")


@dataclass(frozen=True, slots=True)
class Places:
    """Where this deployment serves things."""

    base_url: str
    media_base_url: str | None


@dataclass(frozen=True, slots=True)
class PageView:
    """One page, ready to serve. `position`: the last event that shows in it."""

    page_id: UUID
    organisation_id: UUID
    version: int
    position: int
    document: Json
    statuspage: Json
    statuspage_json: bytes
    page_body: bytes
    components_body: bytes
    unified_body: bytes

    @property
    def page_etag(self) -> str:
        """Stands for the settings alone, so that it serves as the If-Match of a change of them."""
        return f"v{self.version}"

    @property
    def etag(self) -> str:
        """Stands for everything on the page."""
        return f"v{self.version}-p{self.position}"


def render(page_id: UUID, document: Json, position: int, places: Places) -> PageView:
    page = document["page"]
    statuspage = render_statuspage(page, places)
    components, groups = render_components(document)
    unified = render_unified(statuspage, components, groups, document, places)
    return PageView(
        page_id=page_id,
        organisation_id=UUID(page["organisation_id"]),
        version=page["version"],
        position=position,
        document=document,
        statuspage=unified,
        statuspage_json=orjson.dumps(statuspage),
        page_body=orjson.dumps({"statuspage": statuspage}),
        components_body=orjson.dumps({"components": components, "groups": groups}),
        unified_body=orjson.dumps({"statuspage": unified}),
    )


def render_statuspage(page: Json, places: Places) -> Json:
    return {
        "id": page["id"],
        "organisation_id": page["organisation_id"],
        **{name: page[name] for name in SETTINGS},
        "password_protected": page["password_id"] is not None,
        "time_zone": page["time_zone"],
        "language": page["language"],
        "enabled": page["enabled"],
        "url": f"{places.base_url}/p/{page['subdomain']}",
        "version": page["version"],
        "created_at": shown(page["created_at"]),
        "updated_at": shown(page["updated_at"]),
    }


def render_components(document: Json) -> tuple[list[Json], list[Json]]:
    """Every component once, in page order, and the groups with the ids of theirs."""
    page_id = document["page"]["id"]
    layout = document["layout"]
    known: Mapping[str, Json] = document["components"]
    components = _placed(layout["component_ids"], None, page_id, known)
    groups = []
    for position, group in enumerate(layout["groups"], start=1):
        members = _placed(group["component_ids"], group["group_id"], page_id, known)
        components += members
        groups.append(_group(group, position, page_id, members))
    return components, groups


def _placed(
    component_ids: Sequence[str], group_id: str | None, page_id: str, known: Mapping[str, Json]
) -> list[Json]:
    present = [known[component_id] for component_id in component_ids if component_id in known]
    return [_component(entry, group_id, page_id, i) for i, entry in enumerate(present, start=1)]


def _component(entry: Json, group_id: str | None, page_id: str, position: int) -> Json:
    return {
        "id": entry["id"],
        "statuspage_id": page_id,
        "group_id": group_id,
        "name": entry["name"],
        "description": entry["description"],
        "type": entry["type"],
        "resource_id": entry["resource_id"],
        "status": entry["status"],
        "status_since": shown(entry["status_since"]),
        "position": position,
        "only_show_if_degraded": entry["only_show_if_degraded"],
        "created_at": shown(entry["created_at"]),
        "updated_at": shown(entry["updated_at"]),
    }


def _group(group: Json, position: int, page_id: str, members: list[Json]) -> Json:
    return {
        "id": group["group_id"],
        "statuspage_id": page_id,
        "name": group["name"],
        "position": position,
        "component_ids": [member["id"] for member in members],
    }


def render_unified(
    statuspage: Json, components: list[Json], groups: list[Json], document: Json, places: Places
) -> Json:
    incidents = sorted(document.get("incidents", {}).values(), key=_started, reverse=True)
    maintenances = sorted(document.get("maintenances", {}).values(), key=by_start)
    status = headline_of(components, incidents)
    return {
        **statuspage,
        "theme": _theme(statuspage, places),
        "status": {"indicator": status.indicator, "description": status.description},
        "components": [component for component in components if component["group_id"] is None],
        "groups": [_with_members(group, components) for group in groups],
        "incidents": [render_incident(incident, statuspage["url"]) for incident in incidents],
        "maintenances": [render_maintenance(each, statuspage["url"]) for each in maintenances],
        "updated_at": shown(document["updated_at"]),
    }


def headline_of(components: Sequence[Json], incidents: Sequence[Json]) -> Headline:
    """`incidents`: the open ones."""
    statuses = [ComponentStatus(component["status"]) for component in components]
    return headline(statuses, worst_impact(incidents))


def _started(incident: Json) -> tuple[str, str]:
    return sortable(incident["started_at"]), incident["id"]


def _with_members(group: Json, components: list[Json]) -> Json:
    return {**group, "components": [c for c in components if c["group_id"] == group["id"]]}


def _theme(statuspage: Json, places: Places) -> Json:
    return {
        "dark_theme": statuspage["dark_theme"],
        "logo": media_url(statuspage["logo"], places),
        "favicon": media_url(statuspage["favicon"], places),
        "page_name": statuspage["page_name"],
        "remove_branding": statuspage["remove_branding"],
        "links": {name: statuspage[name] for name in LINKS},
    }


def media_url(stored: str | None, places: Places) -> str | None:
    """An https URL as it is; a storage key under the media base URL, or as it is when there is none."""
    if stored is None or stored.startswith("https://") or places.media_base_url is None:
        return stored
    return f"{places.media_base_url}/{stored}"
