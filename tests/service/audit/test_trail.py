"""What is read for a trail: enough to know what changed, whatever the length of a component's history."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import ANY, Append, Context, StreamWrite, Wanted
from eventstore.memory import MemoryStore
from service.audit.things import Change
from service.audit.trail import LOOK_BACK, AuditTrail, ranges
from service.codec import build_codec
from service.domain.component import ComponentDetailsChanged, ComponentStatusChanged, ComponentStatusCorrected
from service.domain.component.details import Details
from service.domain.values import ComponentStatus, ComponentType
from tests.service.domain.facts import COMPONENT_ID, ORGANISATION_ID, PAGE_ID
from tests.service.domain.samples import SAMPLES

CODEC = build_codec()
START = datetime(2026, 1, 1, tzinfo=UTC)
UP, DOWN = ComponentStatus.OPERATIONAL, ComponentStatus.MAJOR_OUTAGE


@given(st.sets(st.integers(1, 400), min_size=1), st.integers(0, 20))
def test_every_entry_has_as_many_before_it_as_are_looked_back_at(versions: set[int], look_back: int) -> None:
    found = ranges(sorted(versions), look_back)
    read = [version for after, upto in found for version in range(after + 1, upto + 1)]
    assert len(read) == len(set(read))
    for version in versions:
        assert set(range(max(1, version - look_back), version + 1)) <= set(read)
    assert len(read) <= len(versions) * (look_back + 1)


async def trail_of(
    *writes: tuple[str, list[object]], wanted: Wanted | None = None, limit: int = 9
) -> list[Change]:
    store = MemoryStore()
    for stream, events in writes:
        encoded = tuple(CODEC.encode(event) for event in events)
        context = Context(uuid4(), "somebody", tenant_id=ORGANISATION_ID, subject_id=PAGE_ID)
        await store.append(Append((StreamWrite(stream, ANY, encoded),), context))
    found = await AuditTrail(store, CODEC).of_page(PAGE_ID, ORGANISATION_ID, wanted or Wanted(), limit)
    assert found is not None
    return found


PAGE = (f"statuspage-{PAGE_ID}", [SAMPLES["PageCreated", 1]])
STREAM = f"component-{COMPONENT_ID}"
ADDED = SAMPLES["ComponentAdded", 1]


def reports(count: int) -> list[object]:
    return [
        ComponentStatusChanged(COMPONENT_ID, PAGE_ID, DOWN if i % 2 else UP, START + timedelta(hours=i))
        for i in range(count)
    ]


async def test_of_a_long_stream_the_end_is_read_and_says_the_same() -> None:
    renamed = ComponentDetailsChanged(
        COMPONENT_ID, PAGE_ID, Details("Renamed", None, ComponentType.MANUAL), START
    )
    long = await trail_of(PAGE, (STREAM, [ADDED, *reports(5), renamed, *reports(LOOK_BACK * 5)]), limit=3)
    assert len(long) == 3
    for change, (old, new) in zip(long, [(UP, DOWN), (DOWN, UP), (UP, DOWN)], strict=True):
        assert change.name == "Renamed"
        assert change.before is not None
        assert change.after is not None
        assert (change.before["status"], change.after["status"]) == (old, new)


async def test_what_was_said_too_long_ago_is_left_out_rather_than_guessed() -> None:
    said = [ADDED, *reports(50)]
    corrected = [
        ComponentStatusCorrected(COMPONENT_ID, PAGE_ID, DOWN, START, START + timedelta(days=9), f"reason {i}")
        for i in range(LOOK_BACK + 50)
    ]
    later = ComponentStatusChanged(COMPONENT_ID, PAGE_ID, UP, START + timedelta(days=10))
    status, correction = await trail_of(PAGE, (STREAM, [*said, *corrected, later]), limit=2)
    assert (status.before, status.after) == (
        {},
        {"status": "operational", "status_since": "2026-01-11T00:00:00Z"},
    )
    assert correction.before == {}


async def test_a_correction_stands_beside_what_had_held_then() -> None:
    corrected = ComponentStatusCorrected(
        COMPONENT_ID, PAGE_ID, UP, START + timedelta(hours=1, minutes=30), START + timedelta(days=1)
    )
    [change] = await trail_of(PAGE, (STREAM, [ADDED, *reports(4), corrected]), limit=1)
    assert change.before == {"status": "major_outage"}
    assert change.after is not None
    assert (change.after["status"], change.after["at"]) == ("operational", "2026-01-01T01:30:00Z")


async def test_every_event_type_has_an_entry_without_the_confidential() -> None:
    streams: dict[str, list[object]] = {}
    for (type_, _), event in SAMPLES.items():
        streams.setdefault(_category(type_), []).append(event)
    writes = [(f"{category}-{COMPONENT_ID}", events) for category, events in streams.items()]
    found = await trail_of(PAGE, *writes, limit=200)
    assert {change.event.type for change in found} == {type_ for type_, _ in SAMPLES}
    assert "domain_target" not in repr([(change.before, change.after) for change in found])


def _category(type_: str) -> str:
    """The streams of this type of event."""
    words = {
        "Page": "statuspage",
        "Name": "subdomain",
        "Token": "organisation",
        "IncidentTemplate": "template",
    }
    words |= {word: word.lower() for word in ("Component", "Incident", "Maintenance", "Subscription")}
    matching = [word for word in words if type_.startswith(word)]
    return words[max(matching, key=len)] if matching else "other"


async def test_a_page_that_never_was_or_is_anothers_has_no_trail() -> None:
    assert await AuditTrail(MemoryStore(), CODEC).of_page(UUID(int=1), ORGANISATION_ID, Wanted(), 1) is None
