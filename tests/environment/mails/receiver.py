"""`python -m tests.environment.mails.receiver PORT RECORD RATE`: an SMTP server that takes everything.

At most RATE messages a second (0: at once). It writes down each before it answers, so that nothing that was
answered is missing from the record: see record.py.
"""

import asyncio
import socket
import sys
import time
from io import FileIO
from pathlib import Path

from tests.environment.mails.conversation import Conversation


class Receiver:
    def __init__(self, record: FileIO, rate: float) -> None:
        self._record = record
        self._pause = 1 / rate if rate else 0.0
        self._free_at = 0.0
        self._numbers: dict[Conversation, int] = {}

    def conversation(self) -> Conversation:
        made = Conversation(self.take, self.leave)
        self._numbers[made] = len(self._numbers)
        return made

    def take(self, conversation: Conversation, message_id: str, recipient: str) -> float:
        self._write("taken", conversation, f"{time.monotonic():.3f}", message_id, recipient)
        now = asyncio.get_running_loop().time()
        self._free_at = max(now, self._free_at) + self._pause
        return self._free_at - now

    def leave(self, conversation: Conversation, cut: bool) -> None:
        self._write("cut" if cut else "left", conversation)

    def _write(self, what: str, conversation: Conversation, *more: str) -> None:
        self._record.write(f"{' '.join((what, str(self._numbers[conversation]), *more))}\n".encode())


async def receive(port: int, path: Path, rate: float) -> None:
    """Until it is killed. Once there is a record, connections are welcome."""
    listening = socket.create_server(("127.0.0.1", port))
    with path.open("ab", buffering=0) as record:
        receiver = Receiver(record, rate)
        server = await asyncio.get_running_loop().create_server(receiver.conversation, sock=listening)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(receive(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
