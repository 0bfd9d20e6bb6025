"""What the log must hold, given what the load asked for and was answered. Each raises AssertionError."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from eventstore.events import RecordedEvent
from tests.eventstore.making import gapless
from tests.faults.history import Attempt, History, Operation, Outcome

SETUP = "operator"
ById = Mapping[UUID, Sequence[RecordedEvent]]


def versions_are_contiguous(log: Iterable[RecordedEvent]) -> None:
    versions: defaultdict[str, int] = defaultdict(int)
    for event in log:
        versions[event.stream] += 1
        assert event.version == versions[event.stream], f"{event.stream} has a gap before {event.version}"


def every_operation_is_recorded_as_answered(history: History, log: Iterable[RecordedEvent]) -> None:
    by_request = _by_correlation(log)
    for operation in history.operations:
        recorded = [attempt for attempt in operation.attempts if by_request[attempt.request_id]]
        for attempt in recorded:
            _is_one_whole_command(operation, by_request[attempt.request_id])
        if operation.answered is None:
            _is_no_more_than_allowed(operation, recorded)
        else:
            _is_what_was_acknowledged(operation, recorded, by_request)


def _by_correlation(log: Iterable[RecordedEvent]) -> ById:
    found: defaultdict[UUID, list[RecordedEvent]] = defaultdict(list)
    for event in log:
        if event.correlation_id is not None:
            found[event.correlation_id].append(event)
    return found


def _is_one_whole_command(operation: Operation, events: Sequence[RecordedEvent]) -> None:
    assert gapless(events, events[0].position - 1), f"{operation} is scattered over the log"
    telling = [event for event in events if event.type in operation.event]
    assert len(telling) == 1, f"{operation} is in the log {len(telling)} times"


def _is_what_was_acknowledged(operation: Operation, recorded: Sequence[Attempt], by_request: ById) -> None:
    for attempt in operation.attempts:
        if attempt.outcome is not Outcome.OK or attempt.changed is False:
            continue
        assert recorded or attempt.changed is None, f"acknowledged and lost: {operation}"
        if recorded:
            last = by_request[recorded[0].request_id][-1].position
            assert attempt.position == last, f"{operation} ends at {last}"
    assert len(recorded) <= 1, f"recorded more than once: {operation}"


def _is_no_more_than_allowed(operation: Operation, recorded: Sequence[Attempt]) -> None:
    assert len(recorded) <= 1, f"recorded more than once: {operation}"
    for attempt in recorded:
        assert attempt.outcome is Outcome.UNKNOWN, f"refused and recorded all the same: {operation}"


def nothing_else_is_recorded(history: History, log: Iterable[RecordedEvent]) -> None:
    asked = {attempt.request_id for op in history.operations for attempt in op.attempts}
    for event in log:
        assert event.actor == SETUP or event.correlation_id in asked, f"nobody asked for {event}"
