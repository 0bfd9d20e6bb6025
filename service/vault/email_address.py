"""E-mail addresses: one plain address in a form that is safe to put into SMTP, and what tells two apart."""

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*").fullmatch
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?").fullmatch
DOT_LOOKALIKES = re.compile("[\u3002\uff0e\uff61]").search
LONGEST, LONGEST_LOCAL = 254, 64
NOWHERE = frozenset({"invalid", "localhost"})
SAME_PROVIDER = {"googlemail.com": "gmail.com"}
IGNORES_DOTS = frozenset({"gmail.com"})


class NotAnAddress(ValueError):
    """The text is no address that we can send to. `code`: a stable word for the reason."""

    def __init__(self, message: str, code: str = "not_an_address") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """`local` as typed, `domain` in lower-case A-labels."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """The same for all spellings that every provider takes for one mailbox."""
        return f"{self.local.lower()}@{self.domain}"

    @property
    def mailbox(self) -> str:
        """The same for all spellings that some provider takes for one mailbox: for limits alone."""
        local = self.local.lower().partition("+")[0]
        domain = SAME_PROVIDER.get(self.domain, self.domain)
        return f"{local.replace('.', '') if domain in IGNORES_DOTS else local}@{domain}"


def parse_email(text: str) -> EmailAddress:
    """One address, nothing around it. Raises NotAnAddress."""
    local, at, host = text.rpartition("@")
    if not at or len(text) > LONGEST * 2:
        raise NotAnAddress("must be an e-mail address such as ada@example.com")
    address = EmailAddress(_local(local), _domain(host))
    if len(str(address)) > LONGEST:
        raise NotAnAddress(f"must have at most {LONGEST} characters")
    return address


def masked(address: str) -> str:
    """Enough for the operator to recognise an address, too little to use it: `a***@example.com`.

    Of a URL only the host, since whoever knows the rest can post there: `https://example.com/***`.
    """
    scheme, separator, rest = address.partition("://")
    if separator:
        return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}/***"
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def _local(text: str) -> str:
    if not text.isascii() and "@" not in text:
        raise NotAnAddress("must have only ASCII characters before the @", "unsupported_address")
    if len(text) > LONGEST_LOCAL or not LOCAL(text):
        raise NotAnAddress("must be an e-mail address such as ada@example.com")
    return text


@lru_cache(4096)
def _domain(text: str) -> str:
    labels = _a_labels(text).split(".")
    if len(labels) < 2 or not all(map(LABEL, labels)) or labels[-1].isdigit() or labels[-1] in NOWHERE:
        raise NotAnAddress("must have a public domain after the @")
    return ".".join(labels)


def _a_labels(text: str) -> str:
    if DOT_LOOKALIKES(text):
        raise NotAnAddress("must have a public domain after the @")
    try:
        return idna.encode(text.lower()).decode()
    except (idna.IDNAError, UnicodeError):
        raise NotAnAddress("must have a public domain after the @") from None
