"""A maintenance's document as the JSON of the API."""

from typing import Any

from service.timestamps import shown, shown_or_none, sortable

Json = dict[str, Any]


def render_maintenance(maintenance: Json, page_url: str) -> Json:
    """`page_url`: where visitors find its page. Updates come with the newest first."""
    return {
        "id": maintenance["id"],
        "statuspage_id": maintenance["statuspage_id"],
        "name": maintenance["name"],
        "body": maintenance["body"],
        "status": maintenance["status"],
        "starts_at": shown(maintenance["starts_at"]),
        "ends_at": shown(maintenance["ends_at"]),
        "started_at": shown_or_none(maintenance["started_at"]),
        "completed_at": shown_or_none(maintenance["completed_at"]),
        "components": maintenance["component_ids"],
        "auto_start": maintenance["auto_start"],
        "auto_complete": maintenance["auto_complete"],
        "remind_before_minutes": maintenance["remind_before_minutes"],
        "recurrence": maintenance["recurrence"],
        "series_id": maintenance["series_id"] if maintenance["recurrence"] else None,
        "notify": maintenance["notify"],
        "updates": [_update(update) for update in reversed(maintenance["updates"])],
        "created_at": shown(maintenance["created_at"]),
        "updated_at": shown(maintenance["updated_at"]),
        "url": f"{page_url}/maintenance/{maintenance['id']}",
    }


def by_start(maintenance: Json) -> tuple[str, str]:
    """The sort key of those that are running or to come."""
    return sortable(maintenance["starts_at"]), maintenance["id"]


def _update(update: Json) -> Json:
    return {
        "id": update["id"],
        "status": update["status"],
        "body": update["body"],
        "notify": update["notify"],
        "created_at": shown(update["created_at"]),
    }
