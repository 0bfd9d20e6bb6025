"""`python -m benchmarks.bare.smtp_sink PORT`: takes every mail and keeps none, on uvloop."""

import asyncio
import sys
from typing import cast

import uvloop

from benchmarks.product.parent import stop_with_parent

ANSWERS = {b"EHLO": b"250 sink\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
END = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """Of a client that waits for each answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._message: bytearray | None = None
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        if self._message is None:
            self._command(data[:4].upper())
            return
        self._message += data
        if self._message.endswith(END):
            self._message = None
            self._transport.write(b"250 taken\r\n")

    def _command(self, command: bytes) -> None:
        if command == b"DATA":
            self._message = bytearray()
        self._transport.write(ANSWERS.get(command, b"250 fine\r\n"))
        if command == b"QUIT":
            self._transport.close()


async def serve(port: int) -> None:
    stop = stop_with_parent()
    server = await asyncio.get_running_loop().create_server(Conversation, "127.0.0.1", port)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
