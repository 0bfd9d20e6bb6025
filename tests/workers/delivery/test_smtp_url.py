"""What SMTP_URL may look like."""

import pytest

from workers.delivery.smtp_url import BadSmtpUrl, SmtpServer, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail", SmtpServer("mail", 25)),
        ("smtp://127.0.0.1:1025?starttls=never", SmtpServer("127.0.0.1", 1025, starttls=False)),
        ("smtp://mail:587?starttls=require", SmtpServer("mail", 587, starttls=True)),
        ("smtp://me:p%40ss@mail:587", SmtpServer("mail", 587, "me", "p@ss", starttls=True)),
        ("smtp://me:pass@mail?starttls=never", SmtpServer("mail", 25, "me", "pass", starttls=False)),
        ("smtps://me:pass@mail", SmtpServer("mail", 465, "me", "pass", tls=True, starttls=False)),
        ("smtp://[::1]:25", SmtpServer("::1", 25)),
        ("smtp://mail?connections=3", SmtpServer("mail", 25, connections=3)),
    ],
)
def test_a_url_says_where_and_how(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail",
        "http://mail",
        "smtp://",
        "smtp://mail:x",
        "smtp://mail?starttls=perhaps",
        "smtp://mail?connections=0",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(BadSmtpUrl, match="SMTP_URL should look like"):
        parse_smtp_url(url)


@pytest.mark.parametrize(
    ("url", "verify"),
    [("smtp://m", False), ("smtp://m?starttls=require", True), ("smtp://u:p@m", True), ("smtps://m", True)],
)
def test_a_certificate_counts_where_encryption_is_required(url: str, verify: bool) -> None:
    assert parse_smtp_url(url).verify is verify


def test_a_password_is_in_no_repr() -> None:
    assert "geheim" not in repr(parse_smtp_url("smtp://me:geheim@mail"))
