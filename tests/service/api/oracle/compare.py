"""The product's answers against the oracle's: every number, every interval. A difference is said in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from eventstore.events import RecordedEvent
from tests.service.api.oracle import figures
from tests.service.api.oracle.figures import Figures, Window
from tests.service.api.oracle.retelling import RIGHT, Retelling, Rules, at, pieces, retell

Answer = dict[str, Any]
STEP = Fraction(1, 10_000)


def compare_history(
    log: Sequence[RecordedEvent],
    component_id: str,
    found: Sequence[Answer],
    now: datetime,
    rules: Rules = RIGHT,
) -> list[str]:
    """`found`: the intervals, the newest first."""
    expected = figures.intervals(pieces(retell(log, component_id, rules), now))
    shown = [{**each, "from": at(each["from"]), "to": each["to"] and at(each["to"])} for each in found]
    return [] if shown == expected else [f"history: {shown} instead of {expected}"]


def compare_statistics(
    log: Sequence[RecordedEvent],
    component_id: str,
    found: Answer,
    window: Window,
    zone: str,
    now: datetime,
    rules: Rules = RIGHT,
) -> list[str]:
    told = retell(log, component_id, rules)
    return [
        *_present(found, told, now),
        *_figures("range", found, figures.figures(pieces(told, now), window)),
        *_incidents(found, log, told, window, now),
        *_days(found, told, window, zone, now),
    ]


def _differ(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {found} instead of {expected}"


def _present(found: Answer, told: Retelling, now: datetime) -> Iterator[str]:
    yield from _differ("status", found["status"], told.present)
    yield from _differ("open incidents", {each["id"] for each in found["open_incidents"]}, set(told.open))
    [run, *_] = figures.intervals(pieces(told, now))
    yield from _differ("status since", at(found["status_since"]), run["from"])
    age = figures.exact(now - at(found["status_since"]))
    yield from _differ("duration", _near(found["duration_seconds"], age), True)


def _figures(what: str, found: Answer, expected: Figures) -> Iterator[str]:
    seconds = {status: round(Fraction(value), 3) for status, value in found["seconds"].items()}
    yield from _differ(f"{what} seconds", seconds, expected.seconds)
    uptime = found["uptime_percentage"]
    if uptime is None or expected.uptime is None:
        yield from _differ(f"{what} uptime", uptime, expected.uptime)
    elif (uptime == 100) != (expected.uptime == 100) or abs(Fraction(uptime) - expected.uptime) > STEP:
        yield f"{what} uptime: {uptime} instead of {float(expected.uptime)}"


def _incidents(
    found: Answer, log: Sequence[RecordedEvent], told: Retelling, window: Window, now: datetime
) -> Iterator[str]:
    known = figures.troubles(log, told.rules)
    held = figures.held_during(told.holds, window, now) | set(told.open)
    expected = figures.failures([known[each] for each in held], window)
    shown = found["incidents"]
    yield from _differ("incidents", shown["count"], expected.count)
    yield from _differ("mttr", _near(shown["mttr_seconds"], expected.mean_repair), True)
    yield from _differ("mtbf", _near(shown["mtbf_seconds"], expected.mean_gap), True)


def _near(found: float | None, expected: Fraction | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return abs(Fraction(found) - expected) < Fraction(1, 1000)


def _days(found: Answer, told: Retelling, window: Window, zone: str, now: datetime) -> Iterator[str]:
    held = pieces(told, now)
    days = figures.days_of(zone, window)
    yield from _differ("days", [str(day["date"]) for day in found["days"]], [str(day) for day, _ in days])
    for shown, (day, part) in zip(found["days"], days, strict=False):
        expected = figures.figures(held, part)
        yield from _figures(f"day {day}", shown, expected)
        yield from _differ(f"worst of {day}", shown["worst_status"], expected.worst)
        ids = figures.held_during(told.holds, part, now)
        yield from _differ(f"incidents of {day}", set(shown["incident_ids"]), ids)
