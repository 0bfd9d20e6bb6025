"""One SMTP conversation, answered at once but for messages, which are taken at a pace."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

GREETING = b"220 here\r\n"
ANSWERS = {b"EHLO": b"250-here\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
FINE, TAKEN = b"250 fine\r\n", b"250 taken\r\n"
END = b"\r\n.\r\n"
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]*)>", re.MULTILINE | re.IGNORECASE)
RECIPIENT = re.compile(rb"<([^>]*)>")
Take = Callable[["Conversation", str, str], float]
Leave = Callable[["Conversation", bool], None]


class Conversation(asyncio.Protocol):
    """`take(conversation, message_id, recipient)`: a message is complete; seconds that its answer waits.

    `leave(conversation, cut)`: it is over; cut: without goodbye.
    """

    def __init__(self, take: Take, leave: Leave) -> None:
        self._take = take
        self._leave = leave
        self._received = b""
        self._reading = False
        self._recipient = ""
        self._goodbye = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while self._step():
            pass

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave(self, not self._goodbye)

    def _step(self) -> bool:
        """Whether there was something complete."""
        part, found, rest = self._received.partition(END if self._reading else b"\r\n")
        if found:
            self._received = rest
            (self._message if self._reading else self._command)(part)
        return bool(found)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = self._only(RECIPIENT, line)
        self._reading = verb == b"DATA"
        self._goodbye = verb == b"QUIT"
        self._transport.write(ANSWERS.get(verb, FINE))

    def _message(self, content: bytes) -> None:
        self._reading = False
        pause = self._take(self, self._only(MESSAGE_ID, content), self._recipient)
        if pause > 0:
            asyncio.get_running_loop().call_later(pause, self._transport.write, TAKEN)
        else:
            self._transport.write(TAKEN)

    def _only(self, pattern: re.Pattern[bytes], text: bytes) -> str:
        found = pattern.search(text)
        return found[1].decode() if found else ""
