"""SMTP_URL: `smtp://user:password@host:587?starttls=require&connections=10` or `smtps://host`."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465}
CONNECTIONS = 48
"""At a time: many mail servers let a client have 50."""


class BadSmtpUrl(ValueError):
    """SMTP_URL should look like smtp://user:password@host:587?starttls=require."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`starttls`: True requires it, False never uses it, None uses it where the server offers it.

    `verify`: whether the server's certificate must be valid. Encryption that is only taken when offered
    protects from listeners anyway, and an invalid certificate is no worse than none.

    `connections`: how many a deliverer opens at most.
    """

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool | None = None
    connections: int = CONNECTIONS

    @property
    def verify(self) -> bool:
        return self.tls or self.starttls is True


def parse_smtp_url(url: str) -> SmtpServer:
    """A password never goes over the wire in the open unless `starttls=never` says so. Raises BadSmtpUrl."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        connections = int(_option(parts, "connections", str(CONNECTIONS)))
    except (ValueError, KeyError):
        raise BadSmtpUrl(BadSmtpUrl.__doc__) from None
    if not parts.hostname or connections < 1:
        raise BadSmtpUrl(BadSmtpUrl.__doc__)
    tls = parts.scheme == "smtps"
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    starttls = False if tls else _starttls(parts, secret=username is not None)
    return SmtpServer(parts.hostname, port, username, password, tls, starttls, connections)


def _starttls(parts: SplitResult, *, secret: bool) -> bool | None:
    wanted = _option(parts, "starttls", "require" if secret else "offered")
    choices = {"require": True, "never": False, "offered": None}
    if wanted not in choices:
        raise BadSmtpUrl(BadSmtpUrl.__doc__)
    return choices[wanted]


def _option(parts: SplitResult, name: str, default: str) -> str:
    return parse_qs(parts.query).get(name, [default])[-1]
