"""An SMTP server that does what a script says at one point of the conversation, and plays along otherwise."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HANG_UP = "hang up"
FALL_SILENT = "fall silent"
GREETING, END_OF_DATA = "GREETING", "."


@dataclass
class ScriptedSmtp:
    """`script[command]`: the answer in place of the usual one, HANG_UP or FALL_SILENT.

    The commands are what the client sends (EHLO, MAIL, RCPT, DATA, ...), GREETING and END_OF_DATA.
    """

    script: dict[str, str] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    on_message: Callable[[], object] = lambda: None

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        alive = await self._answer(writer, GREETING, "220 here")
        while alive and (line := await reader.readline()):
            command = line.split(b" ")[0].strip().decode().upper()
            if command == "DATA":
                alive = await self._answer(writer, command, "354 go on")
                if alive and not self.script.get(command):
                    message = await reader.readuntil(b"\r\n.\r\n")
                    alive = await self._accept(writer, message)
            elif command == "QUIT":
                await self._answer(writer, command, "221 bye")
                return
            else:
                alive = await self._answer(writer, command, "250 fine")

    async def _accept(self, writer: asyncio.StreamWriter, message: bytes) -> bool:
        if self.script.get(END_OF_DATA, "2")[0] in "2h":  # also who hangs up has taken it
            self.messages.append(message)
            self.on_message()
        return await self._answer(writer, END_OF_DATA, "250 taken")

    async def _answer(self, writer: asyncio.StreamWriter, command: str, usual: str) -> bool:
        answer = self.script.get(command, usual)
        if answer == HANG_UP:
            return False
        if answer == FALL_SILENT:
            await asyncio.sleep(3600)
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def scripted_smtp(**script: str) -> AsyncIterator[ScriptedSmtp]:
    smtp = ScriptedSmtp(dict(script))
    talks: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(smtp.talk(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
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
