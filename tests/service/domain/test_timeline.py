"""What held when, with what was said later of the past."""

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from service.domain.timeline import Interval, Overlay, Statement, intervals, timeline
from service.domain.values import ComponentStatus
from tests.service.domain.facts import HOUR, NOON

UP, SLOW, DOWN = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.MAJOR_OUTAGE,
)


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


def told(statements: list[Statement]) -> list[tuple[float, ComponentStatus]]:
    return [((each.at - NOON) / HOUR, each.status) for each in statements]


def test_without_overlays_it_is_what_was_said() -> None:
    said = [Statement(at(0), 1, UP), Statement(at(2), 2, DOWN)]
    assert timeline(said, []) == said


def test_an_overlay_goes_over_what_was_said_before_it_and_ends() -> None:
    said = [Statement(at(0), 1, UP), Statement(at(2), 2, SLOW)]
    held = timeline(said, [Overlay(at(1), at(3), 3, DOWN)])
    assert told(held) == [(0, UP), (1, DOWN), (2, DOWN), (3, SLOW)]
    assert [each.corrected for each in held] == [False, True, True, False]


def test_what_is_said_after_an_overlay_goes_over_it() -> None:
    said = [Statement(at(0), 1, UP), Statement(at(2), 3, SLOW)]
    held = timeline(said, [Overlay(at(1), at(3), 2, DOWN)])
    assert told(held) == [
        (0, UP),
        (1, DOWN),
        (2, SLOW),
        (3, SLOW),
    ]


def test_of_two_overlays_the_later_said_is_on_top() -> None:
    overlays = [Overlay(at(1), at(3), 2, DOWN), Overlay(at(2), at(4), 3, SLOW)]
    assert told(timeline([Statement(at(0), 1, UP)], overlays)) == [
        (0, UP),
        (1, DOWN),
        (2, SLOW),
        (3, SLOW),
        (4, UP),
    ]


def test_the_same_status_in_a_row_is_one_interval_told_by_the_first() -> None:
    said = [
        Statement(at(0), 1, UP),
        Statement(at(1), 2, DOWN, "fire"),
        Statement(at(2), 3, DOWN, "smoke"),
        Statement(at(3), 4, SLOW),
        Statement(at(3), 5, UP),
    ]
    assert intervals(said, None) == [
        Interval(UP, at(3), None, None, None, False),
        Interval(DOWN, at(1), at(3), "fire", None, False),
        Interval(UP, at(0), at(1), None, None, False),
    ]
    assert intervals(said, at(1)) == [Interval(UP, at(0), at(1), None, None, False)]


hours = st.integers(0, 8)
said = st.lists(st.tuples(hours, st.sampled_from([UP, SLOW, DOWN])), max_size=6)
laid = st.lists(st.tuples(hours, st.integers(1, 4), st.sampled_from([UP, SLOW, DOWN])), max_size=4)


@given(said, laid, st.randoms(use_true_random=False))
def test_at_every_moment_it_is_what_was_said_last_of_that_moment(
    said: list[tuple[int, ComponentStatus]], laid: list[tuple[int, int, ComponentStatus]], chance: Random
) -> None:
    """Against the definition, tried at every half hour."""
    order = list(range(1, len(said) + len(laid) + 1))
    chance.shuffle(order)
    statements = [Statement(at(hour), order.pop(), status) for hour, status in said]
    statements.append(Statement(at(0), 0, UP))
    statements.sort(key=lambda each: (each.at, each.position))
    overlays = [Overlay(at(start), at(start + length), order.pop(), status) for start, length, status in laid]
    held = timeline(statements, overlays)
    for half in range(30):
        moment = NOON + timedelta(minutes=30 * half)
        assert _last(held, moment) == _defined(statements, overlays, moment)


def _last(held: list[Statement], moment: datetime) -> ComponentStatus | None:
    return next((each.status for each in reversed(held) if each.at <= moment), None)


def _defined(
    statements: list[Statement], overlays: list[Overlay], moment: datetime
) -> ComponentStatus | None:
    base = next((each for each in reversed(statements) if each.at <= moment), None)
    covering = [each for each in overlays if each.start <= moment < each.end]
    if base is not None:
        covering = [each for each in covering if base.at < each.start or base.position < each.position]
    if covering:
        return max(covering, key=lambda each: each.position).status
    return None if base is None else base.status
