"""`python -m benchmarks.product.background PREFIX workers|relay`: what `statuspages worker all` and
`statuspages relay` run, with names of its own on the broker, which may be in use by a real deployment.
"""

import sys

from benchmarks.product.parent import stop_with_parent
from service.cli.running import load_settings, run
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, open_core
from service.wiring.workers import open_bus, relay_of, run_until, workers_of


async def _background(settings: Settings, prefix: str, part: str) -> None:
    stop = stop_with_parent()
    async with (
        open_core(settings, f"benchmark {part}", WORKER_TIMEOUT) as core,
        open_bus(core, prefix) as bus,
    ):
        work = [relay_of(core, bus)] if part == "relay" else list(workers_of(core, bus).values())
        await run_until(stop, work)


if __name__ == "__main__":
    run(_background(load_settings(), *sys.argv[1:]))
