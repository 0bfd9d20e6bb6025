"""The checker finds what it is there to find."""

from dataclasses import replace

import pytest

from eventstore.events import RecordedEvent
from tests.eventstore.making import a_recorded_event
from tests.faults.history import Attempt, History, Outcome
from tests.faults.invariants import (
    every_operation_is_recorded_as_answered,
    nothing_else_is_recorded,
    versions_are_contiguous,
)


def asked(*attempts: Attempt) -> History:
    history = History()
    history.begin("report", "Happened").attempts.extend(attempts)
    return history


def acknowledged(position: int) -> Attempt:
    return Attempt(outcome=Outcome.OK, status=200, position=position, changed=True)


def recorded(position: int, attempt: Attempt) -> RecordedEvent:
    return replace(a_recorded_event(position), correlation_id=attempt.request_id)


def test_an_acknowledged_write_that_is_in_the_log_once_is_right() -> None:
    attempt = acknowledged(1)
    every_operation_is_recorded_as_answered(asked(attempt), [recorded(1, attempt)])


def test_an_acknowledged_write_that_is_missing_is_found() -> None:
    with pytest.raises(AssertionError, match="lost"):
        every_operation_is_recorded_as_answered(asked(acknowledged(1)), [])


def test_a_write_that_ends_elsewhere_than_was_said_is_found() -> None:
    attempt = acknowledged(1)
    with pytest.raises(AssertionError, match="ends at 2"):
        every_operation_is_recorded_as_answered(asked(attempt), [recorded(2, attempt)])


def test_a_write_that_happened_twice_is_found() -> None:
    attempt = acknowledged(2)
    with pytest.raises(AssertionError, match="2 times"):
        every_operation_is_recorded_as_answered(asked(attempt), [recorded(1, attempt), recorded(2, attempt)])


def test_a_repetition_that_happened_again_is_found() -> None:
    first, second = Attempt(), acknowledged(1)
    with pytest.raises(AssertionError, match="more than once"):
        every_operation_is_recorded_as_answered(
            asked(first, second), [recorded(1, first), recorded(2, second)]
        )


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.UNSENT])
def test_a_refused_write_that_is_in_the_log_is_found(outcome: Outcome) -> None:
    attempt = Attempt(outcome=outcome)
    with pytest.raises(AssertionError, match="refused and recorded"):
        every_operation_is_recorded_as_answered(asked(attempt), [recorded(1, attempt)])


def test_a_write_without_a_verdict_may_be_there_or_not() -> None:
    attempt = Attempt()
    every_operation_is_recorded_as_answered(asked(attempt), [])
    every_operation_is_recorded_as_answered(asked(attempt), [recorded(1, attempt)])


def test_an_event_that_nobody_asked_for_is_found() -> None:
    with pytest.raises(AssertionError, match="nobody asked"):
        nothing_else_is_recorded(History(), [a_recorded_event(1)])


def test_a_gap_in_a_stream_is_found() -> None:
    with pytest.raises(AssertionError, match="gap"):
        versions_are_contiguous([a_recorded_event(1), a_recorded_event(3)])
