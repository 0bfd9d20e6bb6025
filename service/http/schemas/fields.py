"""The forms that fields of several bodies share. Each refuses rather than repairs, and says why."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import idna
from pydantic import AfterValidator, Field, StringConstraints

from service.http.schemas.base import CANONICAL_UUID

# fmt: off
RESERVED_SUBDOMAINS = frozenset({
    "www", "api", "app", "mail", "smtp", "imap", "pop", "ftp", "admin", "administrator", "root", "cdn",
    "static", "assets", "media", "ns", "ns1", "ns2", "ns3", "ns4", "dns", "autodiscover", "autoconfig",
    "wpad", "isatap", "localhost", "broadcasthost", "login", "account", "billing", "abuse", "security",
    "ssl", "cname", "postmaster", "hostmaster", "webmaster",
})
# fmt: on
DOT_LOOKALIKES = "\u3002\uff0e\uff61"
INVISIBLE = "\u200b\u200c\u200d\ufeff"
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
MEDIA_KEY = re.compile(rf"org/{CANONICAL_UUID}/images?/[A-Za-z0-9_-]{{1,100}}\.(?:jpe?g|png|gif|webp|ico)")
GA_ID = re.compile(r"UA-[0-9]{4,10}-[0-9]{1,4}|G-[A-Z0-9]{4,12}")
ROBOTS = frozenset(
    {"index", "noindex", "follow", "nofollow", "none", "all", "noarchive", "nosnippet", "noimageindex"}
)
CONTRADICTIONS = (
    {"index", "noindex"},
    {"follow", "nofollow"},
    {"all", "none"},
    {"all", "noindex"},
    {"none", "index"},
)
WIDEST_IPV4, WIDEST_IPV6 = 8, 16


def _trimmed(value: str) -> str:
    if value != value.strip():
        raise ValueError("must not begin or end with a space")
    if any(character in "\t\n" for character in value):
        raise ValueError("must be one line")
    return value


def _subdomain(value: str) -> str:
    if not LABEL.fullmatch(value) or value.startswith("xn--"):
        raise ValueError(
            "must be a DNS label of a-z, 0-9 and inner dashes, in lower case, at most 63 characters"
        )
    if value in RESERVED_SUBDOMAINS:
        raise ValueError("is reserved")
    return value


def hostname(value: str) -> str:
    """A full hostname of at least two labels in lower-case A-label form. Raises ValueError."""
    if not value.isascii() or "xn--" in value.lower():
        value = _a_label(value)
    value = value.lower().removesuffix(".")
    labels = value.split(".")
    if len(value) > 253 or len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("must be a hostname such as status.example.com")
    if labels[-1].isdigit() or labels[-1] == "localhost":
        raise ValueError("must be a public hostname, not an address")
    return value


def _a_label(value: str) -> str:
    if any(character in value for character in DOT_LOOKALIKES + INVISIBLE):
        raise ValueError("must be a hostname such as status.example.com")
    try:
        return idna.encode(value.lower()).decode()
    except (idna.IDNAError, UnicodeError):
        raise ValueError("must be a valid internationalised hostname") from None


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("must be an http or https URL") from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or not port_fits
        or parts.username is not None
    ):
        raise ValueError("must be an http or https URL")
    if not value.isascii() or any(character in value for character in " \"'<>\\^`{|}\t\n"):
        raise ValueError("must be an http or https URL without spaces or quotes")
    return value


def _media(value: str) -> str:
    if value.startswith("https://"):
        return _web_url(value)
    if not MEDIA_KEY.fullmatch(value):
        raise ValueError("must be an https URL or a storage key such as org/<uuid>/images/logo.png")
    return value


def _ga_tracking(value: str) -> str:
    if not GA_ID.fullmatch(value):
        raise ValueError("must be an analytics id such as UA-123123-1 or G-ABC123")
    return value


def _robots(value: list[str]) -> list[str]:
    given = set(value)
    if given - ROBOTS:
        raise ValueError("must be standard robots directives")
    if len(given) != len(value) or any(pair <= given for pair in CONTRADICTIONS):
        raise ValueError("must neither repeat nor contradict itself")
    return value


def _network(value: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F.:]+(?:/[0-9]{1,3})?", value):
        raise ValueError("must be an IP address or a network in CIDR form")
    try:
        network = _unmapped(ip_network(value))
    except ValueError:
        raise ValueError("must be an IP address or a network in CIDR form") from None
    if network.prefixlen < (WIDEST_IPV4 if network.version == 4 else WIDEST_IPV6):
        raise ValueError("is too wide a network")
    alone = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if alone else str(network)


def _unmapped(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    """An IPv4 network written as IPv6 is the IPv4 network."""
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return network if mapped is None else ip_network(f"{mapped}/{network.prefixlen - 96}")


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return value


def unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Title = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_trimmed)]
Label = Annotated[str, StringConstraints(max_length=100), AfterValidator(_trimmed)]
Description = Annotated[str, StringConstraints(max_length=2000)]
ShortDescription = Annotated[str, StringConstraints(max_length=500)]
Subdomain = Annotated[str, AfterValidator(_subdomain)]
Hostname = Annotated[str, StringConstraints(max_length=1000), AfterValidator(hostname)]
WebUrl = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_web_url)]
Media = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_media)]
GaTracking = Annotated[str, StringConstraints(max_length=50), AfterValidator(_ga_tracking)]
Robots = Annotated[list[str], Field(max_length=10), AfterValidator(_robots)]
Network = Annotated[str, StringConstraints(max_length=100), AfterValidator(_network)]
Networks = Annotated[list[Network], Field(max_length=200), AfterValidator(unique)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=200)]
TimeZone = Annotated[str, StringConstraints(max_length=50), AfterValidator(_time_zone)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Z]{2})?$", max_length=6)]
