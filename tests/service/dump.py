"""The whole database as text, as an operator would keep it."""

import asyncio
from asyncio.subprocess import PIPE

from eventstore.embedded.binaries import choose_binaries


async def dump(dsn: str) -> bytes:
    """By pg_dump of the same installation as the tests' servers."""
    command = (choose_binaries(None).program("pg_dump"), f"--dbname={dsn}")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output
