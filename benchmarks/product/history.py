"""A long past: status changes of all components, spread over ninety days."""

from datetime import datetime, timedelta
from uuid import uuid4

from benchmarks.product.seeding import Seed
from eventstore.events import ANY, Append, Appended, Context, NewEvent, StreamWrite
from service.domain.component import ComponentStatusChanged
from service.domain.values import ComponentStatus
from service.wiring.core import Core

DAYS = 90
AT_ONCE = 5  # events of each component in one append
STATUSES = (ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.OPERATIONAL)


async def write_history(core: Core, seed: Seed, count: int) -> None:
    """About `count` events, in the order of their times, the components taking turns."""
    rounds = -(-count // (len(seed.components) * AT_ONCE))
    step = timedelta(days=DAYS) / (rounds * AT_ONCE)
    start = core.clock() - timedelta(days=DAYS)
    for number in range(rounds):
        times = [start + step * (number * AT_ONCE + place) for place in range(AT_ONCE)]
        verdict = await core.store.append(_append(core, seed, times))
        assert isinstance(verdict, Appended)


def _append(core: Core, seed: Seed, times: list[datetime]) -> Append:
    def change(component: int, place: int) -> NewEvent:
        component_id, page_id = seed.components[component]
        status = STATUSES[(component + place) % 2]
        return core.codec.encode(ComponentStatusChanged(component_id, page_id, status, times[place]))

    writes = tuple(
        StreamWrite(
            f"component-{component_id}", ANY, tuple(change(number, place) for place in range(len(times)))
        )
        for number, (component_id, _) in enumerate(seed.components)
    )
    return Append(writes, Context(uuid4(), tenant_id=seed.organisation_id, subject_id=seed.pages[0]))
