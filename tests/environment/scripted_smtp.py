"""An SMTP server that does what a script says at one point of the conversation, and plays along otherwise."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

STEP_BY_STEP, PIPELINING = "250 here", "250-here\r\n250 PIPELINING"
"""Answers to EHLO: usual is the second."""
HANG_UP = "hang up"
FALL_SILENT = "fall silent"
LATE, DRIP = "late ", "drip "
"""Before an answer: only after `lateness` seconds; or one byte each `pace` seconds."""
GREETING, END_OF_DATA = "GREETING", "."


@dataclass
class ScriptedSmtp:
    """`script[command]`: the answer in place of the usual one, HANG_UP or FALL_SILENT.

    The commands are what the client sends (EHLO, MAIL, RCPT, DATA, ...), GREETING and END_OF_DATA.
    `domains[domain]`: the script from a recipient of that domain on, up to the next message.
    """

    script: dict[str, str] = field(default_factory=dict)
    domains: dict[str, dict[str, str]] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    lateness: float = 60
    pace: float = 1
    on_message: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await Conversation(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@dataclass
class Conversation:
    smtp: ScriptedSmtp
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    domain: str = ""
    refused: bool = False
    """The sender or the recipient: then there is nobody to take a message for."""

    async def run(self) -> None:
        alive = await self._answer(GREETING, "220 here")
        while alive and (line := await self.reader.readline()):
            command = line.split(b" ")[0].strip().decode().upper()
            if command in ("MAIL", "RCPT"):
                self.domain = _domain(line)
                self.refused = (command == "RCPT" and self.refused) or self._refuses(command)
            if command == "DATA":
                usual = "503 nobody to send to" if self.refused else "354 go on"
                alive = await self._answer(command, usual)
                if alive and (self._scripted(command) or usual).startswith("354"):
                    alive = await self._accept(await self._message())
            elif command == "QUIT":
                await self._answer(command, "221 bye")
                return
            else:
                alive = await self._answer(command, PIPELINING if command == "EHLO" else "250 fine")

    async def _message(self) -> bytes:
        lines = [await self.reader.readuntil(b"\n")]
        while lines[-1] != b".\r\n":
            lines.append(await self.reader.readuntil(b"\n"))
        return b"".join(lines)

    async def _accept(self, message: bytes) -> bool:
        if not (self.refused or self._refuses(END_OF_DATA)):  # also who hangs up or is late has taken it
            self.smtp.messages.append(message)
            self.smtp.on_message()
        return await self._answer(END_OF_DATA, "250 taken")

    def _refuses(self, command: str) -> bool:
        return (self._scripted(command) or "")[:1] in ("4", "5")

    def _scripted(self, command: str) -> str | None:
        return self.smtp.domains.get(self.domain, self.smtp.script).get(command)

    async def _answer(self, command: str, usual: str) -> bool:
        answer = self._scripted(command) or usual
        if answer == HANG_UP:
            return False
        if answer == FALL_SILENT:
            await asyncio.sleep(3600)
        if answer.startswith(LATE):
            await asyncio.sleep(self.smtp.lateness)
        await self._write(answer.removeprefix(LATE))
        return True

    async def _write(self, answer: str) -> None:
        line = answer.removeprefix(DRIP).encode() + b"\r\n"
        dripping = answer.startswith(DRIP)
        for piece in [bytes([byte]) for byte in line] if dripping else [line]:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(self.smtp.pace if dripping else 0)


@asynccontextmanager
async def scripted_smtp(
    script: Mapping[str, str] | None = None, port: int = 0
) -> AsyncIterator[ScriptedSmtp]:
    """`port`: any that is free, unless one is named."""
    smtp = ScriptedSmtp(dict(script or {}))
    talks: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(smtp.talk(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", port)
    smtp.port = server.sockets[0].getsockname()[1]
    try:
        yield smtp
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        if talks:
            await asyncio.wait(talks)
        await server.wait_closed()


def _domain(line: bytes) -> str:
    return line.partition(b"@")[2].partition(b">")[0].decode().lower()
