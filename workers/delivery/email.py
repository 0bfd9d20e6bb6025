"""Sending a mail over SMTP, on one connection that is kept, with the outcome as a value.

What the server says about the recipient is final; what it says about us or itself may change. Its texts are
not kept, since they often repeat the address.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import ExitStack
from time import monotonic

import aiosmtplib

from workers.delivery.outcomes import Fault, Gone, Later, Outcome, Refused, Sent
from workers.delivery.smtp_session import GO_ON, SmtpSession
from workers.delivery.smtp_url import SmtpServer

TIMEOUT = 30.0
CHECK_AFTER = 5.0
"""Seconds after which a kept connection is tried before it is trusted."""
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b").match
OUR_REPUTATION = re.compile(r"5\.7\.").match
"""Of the enhanced codes (RFC 3463) those about policy: the mailbox is there, and does not want it from us."""
CLOSING = 421
BEFORE_RECIPIENT = frozenset({"connect", "mail"})
"""What is said then is said of every message."""
FINE = range(200, 300)


class Mailer:
    """One kept connection; one message at a time. `timeout`: seconds for a whole message."""

    def __init__(self, server: SmtpServer, helo: str, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._helo = helo
        self._timeout = timeout
        self._session: SmtpSession | None = None
        self._used_at = 0.0
        self._stage = "connect"

    async def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._send(sender, recipient, message)
        except aiosmtplib.SMTPResponseException as error:
            await self._reset()
            return self._answered(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self._drop()
            fault = Fault.SERVER if self._stage in BEFORE_RECIPIENT else Fault.HOST
            return Later(f"{self._stage}: {type(error).__name__}", fault=fault)
        except BaseException:  # half a conversation is of no use to the next message
            self._drop()
            raise

    async def close(self) -> None:
        """Say goodbye if somebody is there to hear it."""
        if self._session is None:
            return
        try:
            async with asyncio.timeout(1):
                await self._session.ask("QUIT")
        except (aiosmtplib.SMTPException, TimeoutError):
            pass
        finally:
            self._drop()

    async def _send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        self._stage = "connect"
        session = await self._connected()
        await self._envelope(
            session, {"mail": f"MAIL FROM:<{sender}>", "rcpt": f"RCPT TO:<{recipient}>", "data": "DATA"}
        )
        session.tell_message(message)
        await self._agreed(session, FINE)
        self._used_at = monotonic()
        return Sent()

    async def _envelope(self, session: SmtpSession, commands: Mapping[str, str]) -> None:
        """By stage. Raises SMTPResponseException for the first that is refused."""
        if session.pipelining:
            session.tell(*commands.values())
        for self._stage, command in commands.items():
            if not session.pipelining:
                session.tell(command)
            await self._agreed(session, GO_ON if self._stage == "data" else FINE)

    async def _agreed(self, session: SmtpSession, wanted: range) -> None:
        code, text = await session.reply()
        if code not in wanted:
            raise aiosmtplib.SMTPResponseException(code, text)

    async def _connected(self) -> SmtpSession:
        if self._session is not None and not await self._alive(self._session):
            self._drop()
        if self._session is None:
            self._session = SmtpSession(await self._connect())
        return self._session

    async def _alive(self, session: SmtpSession) -> bool:
        if session.is_open and monotonic() - self._used_at < CHECK_AFTER:
            return True
        try:
            await session.ask("NOOP")
        except aiosmtplib.SMTPException:
            return False
        return True

    async def _connect(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username,
            password=self._server.password,
            use_tls=self._server.tls,
            start_tls=self._server.starttls,
            validate_certs=self._server.verify,
            local_hostname=self._helo,
            timeout=self._timeout,
        )
        with ExitStack() as undoing:
            undoing.callback(client.close)
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            undoing.pop_all()
        self._used_at = monotonic()
        return client

    async def _reset(self) -> None:
        """Leave the session ready for the next message, or leave it."""
        try:
            async with asyncio.timeout(1):
                if self._session is not None:
                    await self._session.reset()
        except (aiosmtplib.SMTPException, TimeoutError):
            self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _answered(self, code: int, text: str) -> Outcome:
        enhanced = ENHANCED(text)
        reason = f"{self._stage}: {code}{f' {enhanced[0]}' if enhanced else ''}"
        if self._stage == "rcpt" and code >= 500:
            return Refused(reason) if OUR_REPUTATION(text) else Gone(reason)
        refuses_us = code >= 500 or code == CLOSING or self._stage == "connect"
        refused = Fault.SERVER if self._stage in BEFORE_RECIPIENT else Fault.MESSAGE
        return Later(reason, fault=refused if refuses_us else Fault.READER)
