"""What is said on an SMTP connection: commands in one go where the server allows it, replies in their order.

aiosmtplib connects, encrypts and signs in; it waits for each reply before it sends the next command. So this
takes over then: with PIPELINING (RFC 2920), which nearly every server has, a mail costs two round trips, not
four.
"""

import asyncio
from collections import deque
from typing import NamedTuple, cast

import aiosmtplib

LONGEST = 32_768
"""Bytes of a reply; a server that sends more means no good."""
GO_ON = range(300, 400)


class Reply(NamedTuple):
    """`text`: its lines, without their codes."""

    code: int
    text: str


class SmtpSession(asyncio.Protocol):
    """Of a client that is connected. Whoever stops waiting for a reply closes the session.

    Raises SMTPServerDisconnected once the connection is lost, also when what comes is no SMTP.
    """

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.pipelining = client.supports_extension("pipelining")
        self._client = client
        self._transport = cast(asyncio.Transport, client.transport)
        self._received = b""
        self._lines: list[str] = []
        self._replies: deque[Reply] = deque()
        self._owed = 0
        self._waiter: asyncio.Future[None] | None = None
        self._transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def tell(self, *commands: str) -> None:
        """Without waiting for the replies, one for each. ValueError: not a line of ASCII."""
        if not all(map(str.isprintable, commands)):
            raise ValueError("a command must be one line")
        self._write("".join(f"{command}\r\n" for command in commands).encode("ascii"), len(commands))

    def tell_message(self, message: bytes) -> None:
        """Without waiting for the reply. Line ends become CRLF, dots are doubled (RFC 5321, 4.5.2)."""
        lines = [b"." + line if line.startswith(b".") else line for line in message.splitlines()]
        self._write(b"\r\n".join([*lines, b".", b""]), 1)

    async def reply(self) -> Reply:
        """The next one that is owed."""
        while not self._replies:
            if not self.is_open:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._replies.popleft()

    async def ask(self, command: str) -> Reply:
        self.tell(command)
        return await self.reply()

    async def reset(self) -> None:
        """Whatever was begun is over: replies that are owed are read, and a message that the server waits for
        ends empty (RFC 2920, 3.1)."""
        while self._owed or self._replies:
            if (await self.reply()).code in GO_ON:
                self.tell(".")
        await self.ask("RSET")

    def close(self) -> None:
        self._client.close()

    def data_received(self, data: bytes) -> None:
        *lines, self._received = (self._received + data).split(b"\n")
        try:
            for line in lines:
                self._take(line.decode("utf-8", "replace").rstrip())
        except ValueError:
            self._transport.abort()
        if len(self._received) + sum(map(len, self._lines)) > LONGEST:
            self._transport.abort()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._client.close()
        self._wake()

    def _take(self, line: str) -> None:
        """ValueError: no reply, or one that nobody asked for, which is a goodbye."""
        code, more = int(line[:3]), line[3:4] == "-"
        self._lines.append(line[4:])
        if more:
            return
        if not self._owed:
            raise ValueError("a reply to nothing")
        self._owed -= 1
        self._replies.append(Reply(code, "\n".join(self._lines)))
        self._lines = []

    def _write(self, data: bytes, replies: int) -> None:
        if not self.is_open:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self._owed += replies
        self._transport.write(data)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
