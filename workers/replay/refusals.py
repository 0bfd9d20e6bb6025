"""What replay does not do, each in one line that says what to do instead."""

from eventstore.pool import Connection
from workers.projections.projection import Projection
from workers.projections.registry import PROJECTIONS

IS_POLICY = "SELECT EXISTS (SELECT FROM es.checkpoints WHERE name = 'policy:' || $1)"


class ReplayRefused(Exception):
    """Nothing was done, or what was done stays without effect; the message is for the operator."""


async def find_projection(conn: Connection, name: str) -> Projection:
    """Raises ReplayRefused."""
    projection = PROJECTIONS.get(name)
    if projection is not None:
        return projection
    bare = name.removeprefix("policy:")
    if await conn.fetchval(IS_POLICY, bare):
        raise ReplayRefused(f"{bare} is a policy: it has effects, so it is never replayed.")
    raise ReplayRefused(f"There is no projection {name}; there are: {', '.join(PROJECTIONS)}.")
