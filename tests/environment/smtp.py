"""A real SMTP server on loopback that keeps what it gets."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.environment.waiting import eventually


@dataclass(frozen=True)
class ReceivedMail:
    """One accepted message: the envelope's addresses, and the bytes as they came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes


@dataclass
class SmtpSink:
    """`answer` is what every message gets; one that isn't 2xx refuses it, and nothing is kept.

    `tls`: nothing is taken but over STARTTLS with it.
    """

    tls: ssl.SSLContext | None = None
    port: int = 0
    answer: str = "250 OK"
    messages: list[ReceivedMail] = field(default_factory=list)
    attempts: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}{'' if self.tls is None else '?starttls=require'}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.attempts += 1
        if self.answer.startswith("2"):
            content = envelope.original_content or b""
            self.messages.append(ReceivedMail(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return self.answer

    async def wait_for(self, count: int, timeout: float = 10) -> list[ReceivedMail]:  # noqa: ASYNC109
        """The messages, once there are at least `count`; AssertionError after `timeout` seconds."""
        await eventually(lambda: len(self.messages) >= count, timeout, f"receiving {count} mails")
        return self.messages


@asynccontextmanager
async def smtp_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[SmtpSink]:
    sink = SmtpSink(tls)
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(sink, hostname="localhost", tls_context=tls, require_starttls=tls is not None)

    server = await loop.create_server(session, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()  # a client may keep its connection, so nothing waits for them all to end
