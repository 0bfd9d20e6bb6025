"""A long past: status changes of all components, spread over ninety days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from benchmarks.product.seeding import Seed
from eventstore.events import ANY, Append, Appended, Context, NewEvent, StreamWrite
from service.domain.component import ComponentStatusChanged
from service.domain.values import ComponentStatus
from service.wiring.core import Core

DAYS = 90
AT_ONCE = 5  # events of each component in one append
STATUSES = (ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.OPERATIONAL)
Components = Sequence[tuple[UUID, UUID]]


async def write_history(core: Core, seed: Seed, count: int) -> None:
    """About `count` events, in the order of their times, the components taking turns."""
    rounds = -(-count // (len(seed.components) * AT_ONCE))
    await write_rounds(core, seed, rounds, dict.fromkeys(seed.components, AT_ONCE))


async def write_rounds(core: Core, seed: Seed, rounds: int, at_once: dict[tuple[UUID, UUID], int]) -> None:
    """In each round so many events of each (component, its page); a round takes its share of the days."""
    share = timedelta(days=DAYS) / rounds
    start = core.clock() - timedelta(days=DAYS)
    for number in range(rounds):
        verdict = await core.store.append(_append(core, seed, at_once, start + share * number, share))
        assert isinstance(verdict, Appended)


def _append(
    core: Core, seed: Seed, at_once: dict[tuple[UUID, UUID], int], start: datetime, share: timedelta
) -> Append:
    def changes(component_id: UUID, page_id: UUID, first: int, count: int) -> tuple[NewEvent, ...]:
        said = (
            ComponentStatusChanged(
                component_id, page_id, STATUSES[(first + place) % 2], start + share * place / count
            )
            for place in range(count)
        )
        return tuple(map(core.codec.encode, said))

    writes = tuple(
        StreamWrite(f"component-{component_id}", ANY, changes(component_id, page_id, number, count))
        for number, ((component_id, page_id), count) in enumerate(at_once.items())
    )
    return Append(writes, Context(uuid4(), tenant_id=seed.organisation_id, subject_id=seed.pages[0]))
