"""Start the bare server."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.bare.insert import create_table
from benchmarks.load.exchange import exchange_with
from benchmarks.load.http import request
from benchmarks.product.processes import process
from eventstore.pool import connection
from service.wiring.core import Core
from tests.environment.rabbitmq import free_ports
from tests.environment.waiting import eventually

START_SECONDS = 20.0


@asynccontextmanager
async def bare_server(core: Core, content: bytes = b"{}") -> AsyncIterator[int]:
    """Its port. It writes to the same database and answers GET with `content`."""
    async with connection(core.pool) as conn:
        await create_table(conn)
    [port] = free_ports(1)
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        async with process(["benchmarks.bare.server", str(port), core.dsn, file.name], {}):
            await eventually(lambda: _answers(port), START_SECONDS, "the bare server answers")
            yield port


async def _answers(port: int) -> bool:
    try:
        async with exchange_with(port) as exchange:
            await exchange.ask(request("GET", "/v1/statuspage/x/unified", {}))
    except OSError:
        return False
    return True
