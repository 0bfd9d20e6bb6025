"""How far the readers of the log are, who feeds them, and what stands still."""

from collections.abc import Sequence
from dataclasses import dataclass

from eventstore.pool import Connection
from workers.doctor.finding import Finding
from workers.projections.registry import PROJECTIONS

LAG = 1_000
"""Events behind that are no worry while a worker is at it."""
RELAY = "relay"
READERS = """
SELECT c.name, c.position, (SELECT coalesce(max(position), 0) FROM es.events) AS head,
    g.projection, g.state, g.fold_version, g.error
FROM es.checkpoints c LEFT JOIN rm.generations g ON c.name = g.projection || '@' || g.generation
ORDER BY c.name
"""
LEASES = """
SELECT name, owner, expires_at > clock_timestamp() AS held,
    extract(epoch FROM clock_timestamp() - expires_at)::float8 AS over
FROM es.leases ORDER BY name
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A checkpoint; `projection` and what follows are None for what isn't a projection."""

    name: str
    position: int
    head: int
    projection: str | None
    state: str | None
    fold_version: int | None
    error: str | None

    @property
    def lease(self) -> str:
        return self.name if self.projection is None else f"projection:{self.projection}"

    @property
    def worker(self) -> str:
        """The command that feeds it."""
        if self.name == RELAY:
            return "statuspages relay"
        return f"statuspages worker {self.projection or self.name.removeprefix('policy:')}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Of a lease. `over`: for how many seconds it has been free."""

    name: str
    owner: str
    held: bool
    over: float


async def readers(conn: Connection, *, with_relay: bool) -> list[Finding]:
    """One finding each; without a broker nobody needs the relay."""
    holders = {holder.name: holder for holder in await _holders(conn)}
    found = [Reader(*row) for row in await conn.fetch(READERS)]
    wanted = [each for each in found if with_relay or each.name != RELAY]
    return [_finding(each, holders.get(each.lease)) for each in wanted] + _missing(found)


async def leases(conn: Connection) -> list[Finding]:
    return [_lease_finding(holder) for holder in await _holders(conn)]


async def _holders(conn: Connection) -> list[Holder]:
    return [Holder(*row) for row in await conn.fetch(LEASES)]


def _finding(reader: Reader, holder: Holder | None) -> Finding:
    lag = reader.head - reader.position
    state = "" if reader.state is None else f" ({reader.state})"
    text = f"at {reader.position:,}, {max(0, lag):,} behind{state}"
    if reader.error is not None:
        text = f"stands still at {reader.position:,}: {reader.error}"
    return Finding(reader.name, text, _advice(reader, lag, holder))


def _advice(reader: Reader, lag: int, holder: Holder | None) -> str:
    if lag < 0:
        return _beyond(reader)
    if reader.state in ("building", "retired"):
        return ""
    if reader.error is not None:
        return "see its worker's log; a release that mends it goes on by itself"
    if (
        reader.projection in PROJECTIONS
        and reader.fold_version != PROJECTIONS[reader.projection].fold_version
    ):
        return f"outdated: statuspages replay rebuild {reader.projection} --accept-differences"
    if lag > 0 and not (holder is not None and holder.held):
        return f"nobody feeds it: start `{reader.worker}`"
    return f"it does not keep up: see the log of `{reader.worker}`" if lag > LAG else ""


def _beyond(reader: Reader) -> str:
    cause = "it is beyond the log, which an older backup replaced?"
    if reader.projection is None:
        return f"{cause} Set its position in es.checkpoints to the log's head"
    return f"{cause} statuspages replay rebuild {reader.projection} --accept-differences"


def _missing(found: Sequence[Reader]) -> list[Finding]:
    live = {reader.projection for reader in found if reader.state == "live"}
    return [
        Finding(name, "has no read model yet", "statuspages migrate")
        for name in PROJECTIONS
        if name not in live
    ]


def _lease_finding(holder: Holder) -> Finding:
    if holder.held:
        return Finding(f"lease {holder.name}", f"held by {holder.owner}")
    return Finding(f"lease {holder.name}", f"free for {holder.over:,.0f} s")
