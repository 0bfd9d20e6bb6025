"""Mails sent by aiosmtplib alone, on connections that are kept, to the sink."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib

from benchmarks.product.processes import process
from tests.environment.rabbitmq import free_ports
from tests.environment.waiting import eventually

START_SECONDS = 20.0
SENDER = "status@example.net"


@asynccontextmanager
async def smtp_sink() -> AsyncIterator[int]:
    """Its port."""
    [port] = free_ports(1)
    async with process(["benchmarks.bare.smtp_sink", str(port)], {}):
        await eventually(lambda: _answers(port), START_SECONDS, "the sink answers")
        yield port


@dataclass(frozen=True, slots=True)
class Bare:
    clients: Sequence[aiosmtplib.SMTP]

    async def send(self, message: bytes, count: int) -> None:
        share = [count // len(self.clients)] * len(self.clients)
        share[0] += count - sum(share)
        await asyncio.gather(*map(_send, self.clients, [message] * len(share), share))


@asynccontextmanager
async def bare_clients(port: int, connections: int) -> AsyncIterator[Bare]:
    clients = [aiosmtplib.SMTP(hostname="127.0.0.1", port=port) for _ in range(connections)]
    for client in clients:
        await client.connect()
    try:
        yield Bare(clients)
    finally:
        for client in clients:
            await client.quit()


async def _send(client: aiosmtplib.SMTP, message: bytes, count: int) -> None:
    for _ in range(count):
        await client.sendmail(SENDER, "reader@example.com", message)


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
