"""`make bench`, also as `python -m benchmarks`."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop
from cyclopts import App

from benchmarks.measuring import Result, measure
from benchmarks.row import Servers
from benchmarks.rows.registry import ROWS
from benchmarks.table import table
from eventstore.embedded import EmbeddedPostgres
from tests.environment.rabbitmq import NoBroker, broker

RESULTS = Path(__file__).parent / "results.md"
app = App(name="benchmarks", help_format="markdown")


@app.default
def bench(*names: str, rounds: int = 5, write: bool = False) -> None:
    """Measure ours and the bare thing in turn, and print a table.

    DATABASE_URL and AMQP_URL name the servers; without them an embedded PostgreSQL and the standard port's
    RabbitMQ are used. Everything that is made there has a name of its own and is removed.

    Parameters
    ----------
    names
        The rows, all of them without any. A wrong name lists those there are.
    rounds
        How many times each side is measured; the table shows medians.
    write
        Keep the table in benchmarks/results.md.
    """
    wrong = [name for name in names if name not in ROWS]
    if wrong:
        sys.exit(f"There is no row {wrong[0]}; there are: {', '.join(ROWS)}.")
    try:
        results = uvloop.run(_measured(names or tuple(ROWS), rounds))
    except NoBroker as missing:
        sys.exit(str(missing))
    print(table(results))
    if write:
        RESULTS.write_text(_document(results, rounds))


async def _measured(names: Sequence[str], rounds: int) -> list[Result]:
    results = []
    async with _servers() as servers:
        for name in names:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            results.append(await measure(ROWS[name], servers, rounds, ROWS[name].count))
    return results


@asynccontextmanager
async def _servers() -> AsyncIterator[Servers]:
    async with broker() as rabbitmq:
        if named := os.environ.get("DATABASE_URL"):
            yield Servers(named, rabbitmq)
            return
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            async with EmbeddedPostgres(Path(folder)) as postgres:
                yield Servers(postgres.dsn, rabbitmq)


def _document(results: Sequence[Result], rounds: int) -> str:
    return (
        "# Benchmarks\n\n"
        f"Written by `make bench ARGS=--write` on {os.cpu_count()} cores. Both sides ran in turn on the same"
        f" machine and servers: one round to warm up, then {rounds}, of which the table shows the median and"
        " the extremes. Only the ratios mean anything elsewhere.\n\n"
        f"{table(results)}"
    )


if __name__ == "__main__":
    app()
