"""Files as Atlassian's public API writes them."""

from typing import Any

import orjson

Json = dict[str, Any]
PAGE = {
    "id": "kctbh9vrtdwd",
    "name": "Example",
    "url": "https://status.example.com",
    "time_zone": "America/New_York",
    "updated_at": "2026-05-10T12:00:00.123-04:00",
}


def component(their_id: str, name: str, **fields: Any) -> Json:
    return {
        "id": their_id,
        "name": name,
        "status": "operational",
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-05-01T00:00:00.000Z",
        "position": 1,
        "description": None,
        "showcase": True,
        "start_date": None,
        "group_id": None,
        "page_id": PAGE["id"],
        "group": False,
        "only_show_if_degraded": False,
        **fields,
    }


def update(their_id: str, status: str, at: str, body: str = "We *look*.", **statuses: str) -> Json:
    """`statuses`: by component, what the update gives it."""
    affected = [
        {"code": code, "name": code, "old_status": "operational", "new_status": status}
        for code, status in statuses.items()
    ]
    return {
        "id": their_id,
        "status": status,
        "body": body,
        "incident_id": "x",
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": affected or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def incident(their_id: str, *updates: Json, **fields: Any) -> Json:
    """`updates`: the newest first, as they write them."""
    return {
        "id": their_id,
        "name": f"Trouble {their_id}",
        "status": updates[0]["status"] if updates else "investigating",
        "created_at": updates[-1]["created_at"] if updates else "2026-02-01T00:00:00Z",
        "updated_at": "2026-02-01T00:00:00Z",
        "monitoring_at": None,
        "resolved_at": None,
        "impact": "major",
        "shortlink": f"https://stspg.io/{their_id}",
        "started_at": updates[-1]["display_at"] if updates else None,
        "page_id": PAGE["id"],
        "incident_updates": list(updates),
        "components": [],
        "reminder_intervals": None,
        **fields,
    }


def maintenance(their_id: str, start: str, end: str, *updates: Json, **fields: Any) -> Json:
    return {
        **incident(their_id, *updates),
        "name": f"Work {their_id}",
        "impact": "maintenance",
        "scheduled_for": start,
        "scheduled_until": end,
        **fields,
    }


def file(**lists: Any) -> bytes:
    return orjson.dumps({"page": PAGE, **lists})


API, SITE, DISK = "api000000001", "site00000001", "disk00000001"
GROUP = "group0000001"
COMPONENTS = [
    component(SITE, "Website", position=2, description="What you see"),
    component(API, "API", position=1, status="degraded_performance", created_at="2026-01-02T00:00:00.000Z"),
    component(GROUP, "Storage", position=3, group=True, components=[DISK]),
    component(DISK, "Disks", group_id=GROUP, only_show_if_degraded=True),
]
RESOLVED = incident(
    "inc1",
    update("u4", "postmortem", "2026-02-03T09:00:00.000Z", "<h2>Cause</h2><p>A <b>disk</b>.</p>"),
    update("u3", "resolved", "2026-02-01T12:00:00.000Z", "Done.", **{SITE: "operational"}),
    update(
        "u2", "monitoring", "2026-02-01T11:00:00.000Z", "Better.\nMuch.", **{SITE: "degraded_performance"}
    ),
    update("u1", "investigating", "2026-02-01T05:00:00.000-05:00", **{SITE: "major_outage"}),
    impact="critical",
    resolved_at="2026-02-01T12:00:00.000Z",
)
OPEN = incident(
    "inc2",
    update("u5", "identified", "2026-05-10T10:00:00.000Z", **{API: "degraded_performance"}),
    impact="minor",
)
DONE = maintenance(
    "win1",
    "2026-03-01T01:00:00.000Z",
    "2026-03-01T03:00:00.000Z",
    update("w3", "completed", "2026-03-01T02:30:00.000Z"),
    update("w2", "in_progress", "2026-03-01T01:00:00.000Z"),
    update("w1", "scheduled", "2026-02-20T00:00:00.000Z", "We replace disks."),
    components=[{"id": DISK}],
)
TO_COME = maintenance(
    "win2",
    "2199-03-01T01:00:00.000Z",
    "2199-03-01T03:00:00.000Z",
    update("w4", "scheduled", "2026-05-01T00:00:00.000Z", "A move."),
    components=[{"id": SITE}],
)


def files(**changes: Any) -> dict[str, bytes]:
    """Of a whole page."""
    return {
        "components.json": file(components=changes.get("components", COMPONENTS)),
        "incidents.json": file(incidents=changes.get("incidents", [OPEN, RESOLVED])),
        "scheduled-maintenances.json": file(
            scheduled_maintenances=changes.get("maintenances", [TO_COME, DONE])
        ),
        "summary.json": file(
            components=changes.get("components", COMPONENTS),
            incidents=changes.get("incidents", [OPEN]),
            scheduled_maintenances=changes.get("maintenances", [TO_COME]),
            status={},
        ),
    }
