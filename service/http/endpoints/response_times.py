"""Response times as a component's statistics show them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

from service.domain.histogram import Histogram
from service.domain.response_times import figures, together


def response_times_answer(dates: Iterable[date], days: Mapping[date, Histogram]) -> dict[str, object] | None:
    """Of the whole range and of every one of its days; None when nothing was measured in it."""
    if not days:
        return None
    whole = asdict(figures(together(days.values())))
    del whole["count"]
    return whole | {"days": [{"date": day, **asdict(figures(days.get(day, Histogram())))} for day in dates]}
