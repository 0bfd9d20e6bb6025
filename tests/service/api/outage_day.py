"""What an outage day ought to look like, worked out by hand from its script (outage_script.py).

Times are UTC, `29T08:00` for 2026-03-29 08:00. The page keeps the calendar of Berlin, whose 29 March had 23
hours, 1380 minutes: from 28T23:00 to 29T22:00, the clocks going forward at 29T01:00.
"""

from dataclasses import dataclass

ZONE = "Europe/Berlin"
DAY_BEFORE, DAY_STARTS, DAY_ENDS = "27T23:00", "28T23:00", "29T22:00"
OPENED = "28T20:00"
"""The page and all components but GraphQL are made; 180 minutes before the day begins."""
GROUPS = {
    "Web": ["Website", "Login", "Search", "Checkout", "Images"],
    "API": ["REST API", "Webhooks", "Rate limits", "SDK", "GraphQL"],
    "Data": ["Database", "Cache", "Queue", "Backups", "Analytics"],
    "Mail": ["SMTP", "Inbox", "Campaigns", "Templates", "Bounces"],
}
UP, DEGRADED, PARTIAL, MAJOR, WINDOW = (
    "operational",
    "degraded_performance",
    "partial_outage",
    "major_outage",
    "under_maintenance",
)
OVERLOAD, SLOW, MAIL, CERTIFICATES, FALSE_ALARM = (
    "Database overload",
    "Slow pages",
    "Mail is stuck",
    "Certificates expired",
    "False alarm",
)


@dataclass(frozen=True)
class Row:
    """Minutes of each status on the day, which add up to what is known of it; uptime in per cent."""

    up: int
    degraded: int
    partial: int
    major: int
    window: int
    uptime: float
    worst: str
    incidents: tuple[str, ...] = ()


# uptime = 100 x (1 - (major + 0.3 x partial) / (1380 - window)), worked out to four decimals
DAY = {
    "Website": Row(1315, 65, 0, 0, 0, 100.0, DEGRADED, (SLOW,)),
    "Login": Row(1380, 0, 0, 0, 0, 100.0, UP),
    "Search": Row(1320, 0, 0, 30, 30, 97.7778, MAJOR),  # 30 / 1350
    "Checkout": Row(1200, 115, 65, 0, 0, 98.5870, PARTIAL, (OVERLOAD, SLOW)),  # 19.5 / 1380
    "Images": Row(1260, 0, 0, 0, 120, 100.0, WINDOW),
    "REST API": Row(1155, 45, 180, 0, 0, 96.0870, PARTIAL, (CERTIFICATES, OVERLOAD, SLOW)),  # 54 / 1380
    "Webhooks": Row(1335, 0, 0, 45, 0, 96.7391, MAJOR, (CERTIFICATES,)),  # 45 / 1380
    "Rate limits": Row(1380, 0, 0, 0, 0, 100.0, UP),
    "SDK": Row(1335, 0, 45, 0, 0, 99.0217, PARTIAL, (CERTIFICATES,)),  # 13.5 / 1380
    "GraphQL": Row(960, 0, 0, 0, 0, 100.0, UP),
    "Database": Row(1170, 0, 45, 165, 0, 87.0652, MAJOR, (OVERLOAD, MAIL)),  # 178.5 / 1380
    "Cache": Row(1380, 0, 0, 0, 0, 100.0, UP),
    "Queue": Row(1245, 0, 135, 0, 0, 97.0652, PARTIAL, (MAIL,)),  # 40.5 / 1380
    "Backups": Row(1355, 25, 0, 0, 0, 100.0, DEGRADED),
    "Analytics": Row(1240, 0, 50, 0, 90, 98.8372, PARTIAL),  # 15 / 1290
    "SMTP": Row(1245, 60, 0, 75, 0, 94.5652, MAJOR, (MAIL,)),  # 75 / 1380
    "Inbox": Row(1245, 135, 0, 0, 0, 100.0, DEGRADED, (MAIL,)),
    "Campaigns": Row(1380, 0, 0, 0, 0, 100.0, UP),
    "Templates": Row(1310, 40, 30, 0, 0, 99.3478, PARTIAL),  # 9 / 1380
    "Bounces": Row(1350, 0, 30, 0, 0, 99.3478, PARTIAL),  # 9 / 1380
}

NONE: tuple[float | None, ...] = (0, None, None)
RELIABILITY: dict[str, tuple[float | None, ...]] = {
    "Website": (1, 3900, None),
    "Checkout": (2, 7350, None),  # (10800 + 3900) / 2; they overlap
    "REST API": (3, 5800, 24300),  # (2700 + 10800 + 3900) / 3; from 01:15 to 08:00
    "Webhooks": (1, 2700, None),
    "SDK": (1, 2700, None),
    "Database": (2, 9450, None),  # (10800 + 8100) / 2; they overlap
    "Queue": (1, 8100, None),
    "SMTP": (1, 8100, None),
    "Inbox": (1, 8100, None),
}
"""Count, mean seconds to repair, mean seconds from one's end to the next one's start; the rest have NONE."""

HISTORY: dict[str, list[tuple[str, ...]]] = {
    "Website": [(OPENED, UP), ("29T08:45", DEGRADED, SLOW), ("29T09:50", UP)],
    "Login": [(OPENED, UP)],
    "Search": [(OPENED, UP), ("29T12:00", WINDOW), ("29T12:30", MAJOR), ("29T13:00", UP)],
    "Checkout": [
        (OPENED, UP),
        ("29T08:00", DEGRADED, OVERLOAD),
        ("29T08:45", PARTIAL, SLOW),
        ("29T09:50", DEGRADED),
        ("29T11:00", UP),
    ],
    "Images": [(OPENED, UP), ("29T12:00", WINDOW), ("29T14:00", UP)],
    "REST API": [
        (OPENED, UP),
        ("29T00:30", PARTIAL, CERTIFICATES),
        ("29T01:15", UP),
        ("29T08:00", PARTIAL, OVERLOAD),
        ("29T08:45", DEGRADED, SLOW),
        ("29T09:30", PARTIAL, SLOW),
        ("29T11:00", UP),
    ],
    "Webhooks": [(OPENED, UP), ("29T00:30", MAJOR, CERTIFICATES), ("29T01:15", UP)],
    "Rate limits": [(OPENED, UP)],
    "SDK": [(OPENED, UP), ("29T00:30", PARTIAL, CERTIFICATES), ("29T01:15", UP)],
    "GraphQL": [("29T06:00", UP)],
    "Database": [
        (OPENED, UP),
        ("29T08:00", MAJOR, OVERLOAD),
        ("29T08:30", PARTIAL, OVERLOAD),
        ("29T09:15", MAJOR, MAIL),
        ("29T11:30", UP),
    ],
    "Cache": [(OPENED, UP)],
    "Queue": [(OPENED, UP), ("29T09:15", PARTIAL, MAIL), ("29T11:30", UP)],
    "Backups": [(OPENED, UP), ("29T11:45", DEGRADED), ("29T12:10", UP)],
    "Analytics": [(OPENED, UP), ("29T12:00", WINDOW), ("29T13:30", PARTIAL), ("29T14:20", UP)],
    "SMTP": [(OPENED, UP), ("29T09:15", MAJOR, MAIL), ("29T10:30", DEGRADED, MAIL), ("29T11:30", UP)],
    "Inbox": [(OPENED, UP), ("29T09:15", DEGRADED, MAIL), ("29T11:30", UP)],
    "Campaigns": [(OPENED, UP)],
    "Templates": [
        (OPENED, UP),
        ("29T04:00", PARTIAL),
        ("29T04:30", UP),
        ("29T17:10", DEGRADED),
        ("29T17:50", UP),
    ],
    "Bounces": [(OPENED, UP), ("29T03:00", PARTIAL), ("29T03:30", UP)],
}
"""From when, which status, and the incident that said so, the oldest first."""

TOLD_AFTERWARDS = {
    ("REST API", "29T00:30"),
    ("Webhooks", "29T00:30"),
    ("SDK", "29T00:30"),
    ("Templates", "29T04:00"),
    ("Templates", "29T04:30"),
}


@dataclass(frozen=True)
class View:
    """The page at one moment: components that are not operational, what is open, what is planned or runs."""

    headline: tuple[str, str]
    troubled: dict[str, str]
    incidents: dict[str, str]
    maintenances: tuple[str, ...] = ()


CRITICAL = ("critical", "Major System Outage")
A_LITTLE = ("minor", "Partially Degraded Service")
VIEWS = {
    "29T07:59": View(("none", "All Systems Operational"), {}, {}),
    "29T09:20": View(
        CRITICAL,
        {
            "Website": DEGRADED,
            "Checkout": PARTIAL,
            "REST API": DEGRADED,
            "Database": MAJOR,
            "Queue": PARTIAL,
            "SMTP": MAJOR,
            "Inbox": DEGRADED,
        },
        {MAIL: "critical", SLOW: "major", OVERLOAD: "critical"},
        ("scheduled",),
    ),
    "29T10:45": View(
        CRITICAL,
        {
            "Checkout": DEGRADED,
            "REST API": PARTIAL,
            "Database": MAJOR,
            "Queue": PARTIAL,
            "SMTP": DEGRADED,
            "Inbox": DEGRADED,
        },
        {MAIL: "critical", OVERLOAD: "critical"},
        ("scheduled",),
    ),
    "29T11:50": View(A_LITTLE, {"Backups": DEGRADED}, {}, ("scheduled",)),
    "29T12:20": View(
        ("maintenance", "Service Under Maintenance"),
        {"Search": WINDOW, "Images": WINDOW, "Analytics": WINDOW},
        {},
        ("in_progress",),
    ),
    "29T12:45": View(
        ("major", "Partial System Outage"),
        {"Search": MAJOR, "Images": WINDOW, "Analytics": WINDOW},
        {},
        ("in_progress",),
    ),
    "29T14:10": View(("minor", "Minor Service Outage"), {"Analytics": PARTIAL}, {}),
    "29T17:30": View(CRITICAL, {"Campaigns": PARTIAL, "Templates": DEGRADED}, {FALSE_ALARM: "critical"}),
    "29T17:45": View(A_LITTLE, {"Templates": DEGRADED}, {}),
    "29T22:30": View(("none", "All Systems Operational"), {}, {}),
}

INCIDENTS = {
    MAIL: ("resolved", "critical", "29T09:15", "29T11:30"),
    SLOW: ("resolved", "major", "29T08:45", "29T09:50"),
    OVERLOAD: ("resolved", "critical", "29T08:00", "29T11:00"),
    CERTIFICATES: ("resolved", "minor", "29T00:30", "29T01:15"),
}
"""The newest first: how it stands at the end of the day, its impact, its start and its resolution."""
