"""Maintenances as they are read, on their own and on their page."""

import itertools
from datetime import timedelta
from uuid import UUID

from service.domain import maintenance
from service.domain.maintenance import Place, Plan
from service.domain.values import MaintenanceStatus
from tests.workers.projections.story import AT, LATER, OWNER, PAGE, SECOND, STORY, recorded
from tests.workers.projections.test_folds import shown
from workers.projections.folding import Documents, fold
from workers.projections.registry import PROJECTIONS

WINDOW, UPDATE = UUID(int=70), UUID(int=71)
STREAM = f"maintenance-{WINDOW}"
START, END = LATER, LATER + timedelta(hours=1)
PLAN = Plan("Upgrade", "Soon.", START, END, (SECOND,))
LONGER = Plan("Long upgrade", "Soon.", START, END + timedelta(hours=1), (SECOND,))
PLACE = Place(WINDOW, 1, START, START)
RUN: list[tuple[str, object]] = [
    (STREAM, maintenance.MaintenanceScheduled(WINDOW, PAGE, OWNER, PLAN, PLACE, AT)),
    (STREAM, maintenance.MaintenanceReminded(WINDOW, PAGE, START, AT)),
    (STREAM, maintenance.MaintenanceEdited(WINDOW, PAGE, LONGER, PLACE, AT)),
    (STREAM, maintenance.MaintenanceStarted(WINDOW, PAGE, END, START)),
    (
        STREAM,
        maintenance.MaintenanceUpdated(
            WINDOW, PAGE, UPDATE, MaintenanceStatus.VERIFYING, "We look.", True, START
        ),
    ),
]
COMPLETED: list[tuple[str, object]] = [
    (STREAM, maintenance.MaintenanceCompleted(WINDOW, PAGE, END)),
    (
        STREAM,
        maintenance.MaintenanceUpdated(WINDOW, PAGE, PAGE, MaintenanceStatus.COMPLETED, "Done.", True, END),
    ),
]
CANCELLED: list[tuple[str, object]] = [
    (STREAM, maintenance.MaintenanceCancelled(WINDOW, PAGE, False, END)),
]


async def test_a_maintenance_has_its_newest_plan_and_what_came_of_it() -> None:
    document = (await shown("maintenances", [*STORY, *RUN]))[str(WINDOW)]
    assert document is not None
    assert (document["name"], document["status"], document["version"]) == ("Long upgrade", "verifying", 5)
    assert (document["started_at"], document["completed_at"]) == ("2026-11-24T19:00:00Z", None)
    assert [update["body"] for update in document["updates"]] == ["We look."]


async def test_one_that_is_over_stays_to_be_read() -> None:
    completed = (await shown("maintenances", [*STORY, *RUN, *COMPLETED]))[str(WINDOW)]
    assert completed is not None
    assert (completed["status"], completed["completed_at"]) == ("completed", "2026-11-24T20:00:00Z")
    cancelled = (await shown("maintenances", [*STORY, *RUN, *CANCELLED]))[str(WINDOW)]
    assert cancelled is not None
    assert cancelled["status"] == "cancelled"


async def test_a_page_shows_those_that_run_or_are_to_come_and_no_others() -> None:
    for story, there in ((RUN[:1], True), (RUN, True), (RUN + COMPLETED, False), (RUN + CANCELLED, False)):
        page = (await shown("pages", [*STORY, *story]))[str(PAGE)]
        assert page is not None
        assert (str(WINDOW) in page["maintenances"]) is there


async def test_a_page_shows_the_same_as_the_maintenance_alone() -> None:
    page = (await shown("pages", [*STORY, *RUN]))[str(PAGE)]
    assert page is not None
    alone = (await shown("maintenances", [*STORY, *RUN]))[str(WINDOW)]
    assert page["maintenances"][str(WINDOW)] == alone


async def test_cutting_the_log_anywhere_gives_the_same_documents() -> None:
    log = await recorded([*STORY, *RUN, *COMPLETED])
    for name, cut in itertools.product(("pages", "maintenances"), range(len(log))):
        whole: Documents = {}
        parts: Documents = {}
        fold(PROJECTIONS[name], whole, log)
        fold(PROJECTIONS[name], parts, log[:cut])
        fold(PROJECTIONS[name], parts, log[cut:])
        assert parts == whole
