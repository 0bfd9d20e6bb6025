"""Whatever was said of a component: its days' marks, with the words they ask for, say what all words say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import RecordedEvent
from service.codec import build_codec
from service.domain import component
from service.domain.component import ComponentHoldRetracted, ComponentStatusChanged, ComponentStatusCorrected
from service.domain.marks import Marks
from service.domain.timeline import Overlay, Statement, timeline
from service.domain.uptime import Change, Course, uptime
from service.domain.values import ComponentStatus
from service.readmodels.course import Days, cuts_of
from tests.service.domain.facts import COMPONENT_ID, INCIDENT_ID, OTHER_INCIDENT_ID, PAGE_ID
from workers.projections.folding import Documents, fold
from workers.projections.holds import HOLDS
from workers.projections.statistics import PART, STATISTICS

START = datetime(2026, 3, 27, 22, 7, 3, 123456, tzinfo=UTC)  # the clocks change in Europe two days later
LENGTH = 4 * 24 * 60 * 60 * 1000
CODEC = build_codec()
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]

moments = st.integers(0, LENGTH).map(lambda number: START + timedelta(milliseconds=number))
round_moments = st.integers(1, 4 * 96).map(
    lambda number: datetime(2026, 3, 27, 22, tzinfo=UTC) + number * timedelta(minutes=15)
)
times = moments | round_moments
statuses = st.sampled_from(ComponentStatus)
incidents = st.sampled_from([INCIDENT_ID, OTHER_INCIDENT_ID])


def added(at: datetime) -> component.ComponentAdded:
    details = component.Details("Website")
    return component.ComponentAdded(COMPONENT_ID, PAGE_ID, PAGE_ID, details, ComponentStatus.OPERATIONAL, at)


def changed(status: ComponentStatus, at: datetime) -> component.Event:
    return ComponentStatusChanged(COMPONENT_ID, PAGE_ID, status, at)


def corrected(status: ComponentStatus, at: datetime) -> component.Event:
    return ComponentStatusCorrected(COMPONENT_ID, PAGE_ID, status, at, START)


def held(incident_id: UUID, status: ComponentStatus, at: datetime) -> component.Event:
    return component.ComponentHeld(COMPONENT_ID, PAGE_ID, incident_id, status, at, at)


def laid_over(incident_id: UUID, status: ComponentStatus, at: datetime, hours: int) -> component.Event:
    end = at + timedelta(hours=hours)
    return component.ComponentBackfilled(COMPONENT_ID, PAGE_ID, incident_id, status, at, end, end)


spoken = st.builds(changed, statuses, times) | st.builds(held, incidents, statuses, times)
in_order = st.lists(spoken, max_size=40).map(lambda events: sorted(events, key=lambda each: each.at))
out_of_order = st.lists(
    st.builds(corrected, statuses, times)
    | st.builds(laid_over, incidents, statuses, times, st.integers(1, 30)),
    max_size=3,
)


def recorded(events: Sequence[component.Event]) -> list[RecordedEvent]:
    """As the log would give them, each in a part of its own or not."""
    log = []
    for position, event in enumerate(events, start=1):
        stored = CODEC.encode(event)
        made = (position, "component-x", position * PART // 8, UUID(int=position), stored.type, 1)
        log.append(RecordedEvent(*made, stored.data, START, "system", None, None, None, None))
    return log


def folded(events: Sequence[component.Event]) -> Documents:
    documents: Documents = {}
    log = recorded(events)
    fold(STATISTICS, documents, log)
    fold(HOLDS, documents, log)
    return documents


def words_of(documents: Documents) -> list[Statement]:
    changes = [change for each in documents.values() for change in (each or {}).get("changes", ())]
    return [
        Statement(datetime.fromisoformat(at), position, ComponentStatus(status))
        for at, position, status, *_ in sorted(changes)
    ]


def overlays_of(documents: Documents) -> list[Overlay]:
    found = [each for document in documents.values() for each in (document or {}).get("overlays", ())]
    return [
        Overlay(datetime.fromisoformat(start), datetime.fromisoformat(end), position, ComponentStatus(status))
        for start, end, status, position, *_ in found
    ]


def marks_of(documents: Documents) -> dict[date, Marks | None]:
    rows = {key: STATISTICS.row(key, each) for key, each in sorted(documents.items()) if each and "@" in key}
    return {row[-2]: None if row[-1] is None else Marks(row[-1]) for row in rows.values()}


def course_of(documents: Documents, window: tuple[datetime, datetime], zone: ZoneInfo) -> Course:
    """As the read model puts it together; it gets no words but those that it wants."""
    first, last = (at.astimezone(UTC).date() for at in window)
    marks = marks_of(documents)
    before = max((day for day in marks if day < first and marks[day] is not None), default=date.min)
    shown = {day for day in marks if before <= day <= last}
    overlays = [each for each in overlays_of(documents) if each.start <= window[1] and each.end >= window[0]]
    days = Days({day: marks[day] for day in sorted(shown)}, overlays, cuts_of(window, zone, window[1]))
    if not shown:
        return []
    spans = list(days.wanted())
    words = [each for each in words_of(documents) if any(start <= each.at < end for _, start, end in spans)]
    return days.course(words)


def assert_equal(
    events: Sequence[component.Event], window: tuple[datetime, datetime], zone: ZoneInfo
) -> None:
    documents = folded(events)
    held = timeline(words_of(documents), overlays_of(documents))
    changes = [Change(each.at, each.status) for each in held]
    course = course_of(documents, window, zone)
    assert uptime(course, window, zone, window[1]) == uptime(changes, window, zone, window[1])


windows = st.tuples(times, times).map(lambda ends: (min(ends), max(ends) + timedelta(milliseconds=1)))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(in_order, windows, zones)
def test_what_was_said_in_order(
    events: list[component.Event], window: tuple[datetime, datetime], zone: ZoneInfo
) -> None:
    assert_equal([added(START), *events], window, zone)


@given(in_order, out_of_order, windows, zones)
def test_what_was_corrected_and_laid_over(
    events: list[component.Event],
    later: list[component.Event],
    window: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> None:
    assert_equal([added(START - timedelta(days=3)), *events, *later], window, zone)


@given(in_order, windows, zones)
def test_what_was_taken_back(
    events: list[component.Event], window: tuple[datetime, datetime], zone: ZoneInfo
) -> None:
    said = tuple(each.at for each in events if getattr(each, "incident_id", None) == INCIDENT_ID)
    retraction = ComponentHoldRetracted(
        COMPONENT_ID, PAGE_ID, INCIDENT_ID, said, ComponentStatus.OPERATIONAL, START, START
    )
    assert_equal([added(START), *events, retraction], window, zone)


def test_however_much_is_said_on_a_day_its_marks_are_few_and_its_parts_are_small() -> None:
    day = datetime(2026, 3, 28, tzinfo=UTC)
    many = 5_000
    events = [
        changed(list(ComponentStatus)[number % 5], day + number * timedelta(hours=24) / many)
        for number in range(many)
    ]
    log = [
        RecordedEvent(
            number,
            "component-x",
            number,
            UUID(int=number),
            stored.type,
            1,
            stored.data,
            START,
            "",
            *[None] * 4,
        )
        for number, stored in enumerate(map(CODEC.encode, events), start=1)
    ]
    documents: Documents = {}
    fold(STATISTICS, documents, log)
    shown = [document for document in documents.values() if document]
    assert [len(document["marks"]) for document in shown if "marks" in document] == [96]
    sizes = [len(document["changes"]) for document in shown if "changes" in document]
    assert (max(sizes), sum(sizes)) == (PART, many)
    berlin, window = (
        ZoneInfo("Europe/Berlin"),
        (day + timedelta(hours=3, seconds=7), day + timedelta(hours=25)),
    )
    course = course_of(documents, window, berlin)
    changes = [Change(each.at, each.status) for each in words_of(documents)]
    assert len(course) < 10
    assert uptime(course, window, berlin, window[1]) == uptime(changes, window, berlin, window[1])
