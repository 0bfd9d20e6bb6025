"""The ledger in figures for Prometheus. They are the whole deployment's: every process says the same."""

from collections.abc import Mapping, Sequence
from itertools import product

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from eventstore.pool import Pool, connection
from service.deliveries.backlog import Backlog, backlog
from service.deliveries.tally import Total, totals
from service.domain.values import ChannelType

CHANNELS = tuple(map(str, ChannelType))
ENDS = ("sent", "refused", "expired", "superseded", "parked")
NOW = ("waiting", "parked")
Totals = Mapping[tuple[str, str], Total]


async def delivery_metrics(pool: Pool) -> Sequence[Metric]:
    """What it reads does not grow with the number of deliveries. Raises StoreUnavailable."""
    async with connection(pool) as conn:
        found = {(each.channel_type, each.state): each for each in await totals(conn)}
        waiting = await backlog(conn)
    return [_planned(found), _finished(found), _present(found), _overdue(waiting), *_plans(waiting)]


def _planned(found: Totals) -> Metric:
    family = CounterMetricFamily(
        "statuspages_deliveries_planned",
        "Deliveries planned, or tried again by hand.",
        labels=["channel_type"],
    )
    for channel in CHANNELS:
        family.add_metric([channel], _total(found, channel, "waiting").came)
    return family


def _finished(found: Totals) -> Metric:
    family = CounterMetricFamily(
        "statuspages_deliveries_finished", "Deliveries by how they ended.", labels=["channel_type", "state"]
    )
    for channel, state in product(CHANNELS, ENDS):
        family.add_metric([channel, state], _total(found, channel, state).came)
    return family


def _present(found: Totals) -> Metric:
    family = GaugeMetricFamily(
        "statuspages_deliveries",
        "Deliveries that wait, or are parked, now.",
        labels=["channel_type", "state"],
    )
    for channel, state in product(CHANNELS, NOW):
        family.add_metric([channel, state], _total(found, channel, state).present)
    return family


def _overdue(waiting: Backlog) -> Metric:
    family = GaugeMetricFamily(
        "statuspages_deliveries_overdue_seconds",
        "For how long the oldest delivery that waits has been due.",
        labels=["channel_type"],
    )
    for channel in CHANNELS:
        family.add_metric([channel], waiting.overdue.get(channel, 0.0))
    return family


def _plans(waiting: Backlog) -> list[Metric]:
    untouched = "For how long nobody has made deliveries of an open plan."
    return [
        GaugeMetricFamily(
            "statuspages_plans_open", "Events whose deliveries are being planned.", waiting.plans
        ),
        GaugeMetricFamily("statuspages_plans_untouched_seconds", untouched, waiting.untouched),
    ]


def _total(found: Totals, channel: str, state: str) -> Total:
    return found.get((channel, state), Total(channel, state, 0, 0))
