"""SMTP_URL: `smtp://user:password@host:587?starttls=require` or `smtps://host`."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465}


class BadSmtpUrl(ValueError):
    """SMTP_URL should look like smtp://user:password@host:587?starttls=require."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`starttls`: True requires it, False never uses it, None uses it where the server offers it.

    `verify`: whether the server's certificate must be valid. Encryption that is only taken when offered
    protects from listeners anyway, and an invalid certificate is no worse than none.
    """

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool | None = None

    @property
    def verify(self) -> bool:
        return self.tls or self.starttls is True


def parse_smtp_url(url: str) -> SmtpServer:
    """A password never goes over the wire in the open unless `starttls=never` says so. Raises BadSmtpUrl."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise BadSmtpUrl(BadSmtpUrl.__doc__) from None
    if not parts.hostname:
        raise BadSmtpUrl(BadSmtpUrl.__doc__)
    tls = parts.scheme == "smtps"
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    starttls = False if tls else _starttls(parts, secret=username is not None)
    return SmtpServer(parts.hostname, port, username, password, tls, starttls)


def _starttls(parts: SplitResult, *, secret: bool) -> bool | None:
    wanted = parse_qs(parts.query).get("starttls", ["require" if secret else "offered"])[-1]
    choices = {"require": True, "never": False, "offered": None}
    if wanted not in choices:
        raise BadSmtpUrl(BadSmtpUrl.__doc__)
    return choices[wanted]
