"""Mails over TLS with a password, to a real server whose certificate one authority has signed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.environment.certificate import make_certificate, serving_tls
from workers.delivery.email import Mailer
from workers.delivery.outcomes import Fault, Later, Outcome, Sent
from workers.delivery.smtp_url import parse_smtp_url

PASSWORD = "secret"
MESSAGE = b"Subject: x\r\n\r\nx\r\n"


class Inbox:
    """Takes what comes over TLS from whoever knows the password; `taken`: whether each was so."""

    def __init__(self) -> None:
        self.taken: list[tuple[bool, bool]] = []
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append((session.ssl is not None, session.authenticated is True))
        return "250 taken"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def inbox(certificate: Path) -> AsyncIterator[Inbox]:
    context = serving_tls(certificate)
    inbox = Inbox()

    def session() -> SMTP:
        return SMTP(
            inbox,
            hostname="localhost",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=_knows,
        )

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    inbox.port = server.sockets[0].getsockname()[1]
    yield inbox
    server.close()


async def sent(inbox: Inbox, password: str) -> Outcome:
    url = f"smtp://ada:{password}@127.0.0.1:{inbox.port}?starttls=require"
    mailer = Mailer(parse_smtp_url(url), "example.net", timeout=5)
    outcome = await mailer.send("status@example.net", "ada@example.com", MESSAGE)
    await mailer.close()
    return outcome


async def test_a_mail_goes_encrypted_and_with_the_password(
    inbox: Inbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert await sent(inbox, PASSWORD) == Sent()
    assert inbox.taken == [(True, True)]


async def test_a_wrong_password_sends_nothing_and_is_ours_to_mend(
    inbox: Inbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert await sent(inbox, "wrong") == Later("connect: 535 5.7.8", fault=Fault.SERVER)
    assert inbox.taken == []


async def test_a_certificate_of_nobody_we_know_gets_nothing(inbox: Inbox) -> None:
    assert isinstance(await sent(inbox, PASSWORD), Later)
    assert inbox.taken == []


def _knows(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    known = (data.login, data.password) == (b"ada", PASSWORD.encode())
    return AuthResult(success=known, handled=False)  # the library is to answer
