"""`statuspages deliveries`: what became of each message to a subscriber, and what to do about it."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

from service.cli.administering import administration
from service.cli.deliveries_report import delivery_text, list_text, progress, summary
from service.cli.running import CommandFailed, load_settings, run, show
from service.deliveries.interventions import (
    CAN_BE_DROPPED,
    CAN_BE_PARKED,
    CAN_BE_RETRIED,
    Interventions,
)
from service.deliveries.listing import DeliveryList, Listed
from service.deliveries.wanted import State, Wanted
from service.domain.values import ChannelType
from service.http.endpoints.shown_delivery import shown_delivery

deliveries = App(
    name="deliveries",
    help="""See what became of each message to a subscriber; retry, hold back or give up.

    A delivery is one message to one subscriber. `pending` waits for its (next) attempt, `sending` is in hand,
    `sent` was taken over by the other side, `refused` never will be, `expired` would have come too late,
    `superseded` gave way to newer words about the same thing, `parked` was given up after its attempts and
    waits for you. docs/deliveries.md says more. Recipients are shown masked.
    """,
)


@Parameter(name="*")
@dataclass(frozen=True)
class Which:
    """Narrows deliveries down; what is not given is any.

    Parameters
    ----------
    state
        pending, sending, sent, refused, expired, superseded or parked.
    page
        Only of this status page.
    channel
        Only by this channel.
    event
        Only what tells of this event.
    subject
        Only what tells of this incident or maintenance.
    subscription
        Only to this subscription.
    """

    state: State | None = None
    page: UUID | None = None
    channel: ChannelType | None = None
    event: UUID | None = None
    subject: UUID | None = None
    subscription: UUID | None = None

    @property
    def wanted(self) -> Wanted:
        return Wanted(None, self.page, self.state, self.channel, self.event, self.subject, self.subscription)


@dataclass(frozen=True)
class Intervention:
    """`states`: of those that it can be done to; `usual`: where a filter names none."""

    done: str
    change: Callable[[Interventions, Wanted], Awaitable[int]]
    states: Sequence[State]
    usual: State


RETRY = Intervention("retried", Interventions.retry, CAN_BE_RETRIED, "parked")
PARK = Intervention("parked", Interventions.park, CAN_BE_PARKED, "pending")
DROP = Intervention("dropped", Interventions.drop, CAN_BE_DROPPED, "parked")
Chosen = Annotated[Which | None, Parameter(name="*")]
EVERY = Which()


@deliveries.command(name="list")
def list_(*, which: Chosen = None, limit: int = 50, json: bool = False) -> None:
    """List deliveries, the newest first. Try --state parked: those wait for somebody.

    Parameters
    ----------
    limit
        At most so many.
    json
        Print one JSON object: {"deliveries": [...]}.
    """
    found = run(_list((which or EVERY).wanted, limit))
    shown = [shown_delivery(each, whole=False) for each in found]
    show({"deliveries": shown}, list_text(shown), as_json=json)


@deliveries.command(name="show")
def show_(delivery_id: UUID, *, json: bool = False) -> None:
    """Show one delivery: to whom, of what, how often it was tried, why it failed.

    Parameters
    ----------
    delivery_id
        Its id, as `deliveries list` or a mail's Message-ID has it.
    json
        Print one JSON object: {"delivery": {...}}.
    """
    found = run(_list(Wanted(delivery_ids=[delivery_id]), 1))
    if not found:
        raise CommandFailed(f"There is no delivery {delivery_id}; it may be over for more than 90 days.")
    shown = shown_delivery(found[0], whole=False)
    show({"delivery": shown}, delivery_text(shown), as_json=json)


@deliveries.command
def retry(*delivery_ids: UUID, which: Chosen = None, json: bool = False) -> None:
    """Send deliveries again that are parked, refused or expired, with all their attempts.

    With ids exactly those; with a filter all that fit, parked ones unless --state says otherwise. Mend the
    cause first: a mail server that refuses everything, a webhook that is down. What is superseded, or not
    wanted any more, is not sent.

    Parameters
    ----------
    delivery_ids
        Which; or none, and a filter.
    json
        Print one JSON object: {"retried": ..., "left_alone": ...}.
    """
    _do(RETRY, delivery_ids, which, as_json=json)


@deliveries.command
def park(*delivery_ids: UUID, which: Chosen = None, json: bool = False) -> None:
    """Hold back deliveries that are pending: nobody is told until they are retried.

    With ids exactly those; with a filter all that fit. What is being sent at this moment is left alone.

    Parameters
    ----------
    delivery_ids
        Which; or none, and a filter.
    json
        Print one JSON object: {"parked": ..., "left_alone": ...}.
    """
    _do(PARK, delivery_ids, which, as_json=json)


@deliveries.command
def drop(*delivery_ids: UUID, which: Chosen = None, json: bool = False) -> None:
    """Give up deliveries that are parked or pending: they become refused, and nobody is told.

    With ids exactly those; with a filter all that fit, parked ones unless --state says otherwise.

    Parameters
    ----------
    delivery_ids
        Which; or none, and a filter.
    json
        Print one JSON object: {"dropped": ..., "left_alone": ...}.
    """
    _do(DROP, delivery_ids, which, as_json=json)


async def _list(wanted: Wanted, limit: int) -> Sequence[Listed]:
    async with administration(load_settings()) as core:
        found, _ = await DeliveryList(core.pool).list(wanted, limit)
        return found


def _do(
    intervention: Intervention, delivery_ids: Sequence[UUID], which: Which | None, *, as_json: bool
) -> None:
    """Exit status 1 if some that were named could not be changed."""
    started, done = time.monotonic(), intervention.done
    count = run(_change(intervention, _wanted(intervention, delivery_ids, which)))
    left = len(set(delivery_ids)) - count if delivery_ids else 0
    text = summary(done, count, left, time.monotonic() - started)
    show({done: count, "left_alone": left}, text, as_json=as_json)
    if left:
        raise SystemExit(1)


def _wanted(intervention: Intervention, delivery_ids: Sequence[UUID], which: Which | None) -> Wanted:
    """Raises CommandFailed."""
    done, states, usual = intervention.done, intervention.states, intervention.usual
    if delivery_ids and which is not None:
        raise CommandFailed("Give ids or a filter, not both.")
    if delivery_ids:
        return Wanted(delivery_ids=list(set(delivery_ids)))
    if which is None:
        raise CommandFailed(f"Say which: ids, or a filter such as --state {usual}; --help lists them.")
    if which.state is not None and which.state not in states:
        raise CommandFailed(f"{which.state} ones cannot be {done}; those that can: {', '.join(states)}.")
    return replace(which, state=which.state or usual).wanted


async def _change(intervention: Intervention, wanted: Wanted) -> int:
    """Part by part; each delivery once, even if it comes to its old state again meanwhile."""
    count = 0
    async with administration(load_settings()) as core:
        interventions = Interventions(core.pool)
        if intervention is RETRY:
            wanted = replace(wanted, finished_by=await interventions.now())
        while changed := await intervention.change(interventions, wanted):
            count += changed
            progress(intervention.done, count)
    return count
