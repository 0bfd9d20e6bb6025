"""The database and the command handler for a command that administers, with the schema up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.cli.running import with_database
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, Core, open_core
from service.wiring.schema import prepare_database


@asynccontextmanager
async def administration(settings: Settings) -> AsyncIterator[Core]:
    async with with_database(settings) as ready:
        await prepare_database(ready.database_url or "")
        async with open_core(ready, "statuspages cli", WORKER_TIMEOUT) as core:
            yield core
