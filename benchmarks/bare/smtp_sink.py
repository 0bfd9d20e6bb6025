"""`python -m benchmarks.bare.smtp_sink PORT`: takes every mail and keeps none, on uvloop.

As a mail server does, it takes commands together (PIPELINING), and answers what came together together.
"""

import asyncio
import sys
from typing import cast

import uvloop

from benchmarks.product.parent import stop_with_parent

ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
END = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """Of a client that sends nothing after DATA, and after a message, before it is answered."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._message: bytearray | None = None
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        if self._message is None:
            self._commands([line[:4].upper() for line in data.splitlines()])
            return
        self._message += data
        if self._message.endswith(END):
            self._message = None
            self._transport.write(b"250 taken\r\n")

    def _commands(self, commands: list[bytes]) -> None:
        if b"DATA" in commands:
            self._message = bytearray()
        self._transport.write(b"".join(ANSWERS.get(each, b"250 fine\r\n") for each in commands))
        if b"QUIT" in commands:
            self._transport.close()


async def serve(port: int) -> None:
    stop = stop_with_parent()
    server = await asyncio.get_running_loop().create_server(Conversation, "127.0.0.1", port)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
