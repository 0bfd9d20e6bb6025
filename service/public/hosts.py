"""Which page a name means."""

import re

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?").fullmatch


def subdomain_of(host: str, base_domain: str) -> str | None:
    """The label before the base domain in a Host header; its port and one final dot do not matter."""
    name = host.partition(":")[0].lower().removesuffix(".")
    label, _, rest = name.partition(".")
    return label if rest == base_domain.lower() and is_label(label) else None


def is_label(text: str) -> bool:
    """Whether a page could have this for its subdomain; what could not needs no look-up."""
    return LABEL(text) is not None
