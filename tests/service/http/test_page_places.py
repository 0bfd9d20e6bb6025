"""How a page is named, and how a visitor's host names one."""

import pytest
from aiohttp.test_utils import make_mocked_request

from service.commands.subscribable import Address
from service.http.page_places import named, visited


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("acme", Address(subdomain="acme")),
        ("ACME.Status.example", Address(subdomain="acme")),
        ("acme.status.example.", Address(subdomain="acme")),
        ("a.b.status.example", Address(domain="a.b.status.example")),
        ("status.acme.com", Address(domain="status.acme.com")),
        ("bücher.example", Address(domain="xn--bcher-kva.example")),
        ("status.example", Address(domain="status.example")),
        ("no host..name", Address(domain="no host..name")),
    ],
)
def test_a_name_is_a_subdomain_or_a_domain(text: str, address: Address) -> None:
    assert named(text, "status.example") == address


@pytest.mark.parametrize(
    ("headers", "addresses"),
    [
        ({"Host": "acme.status.example:8080"}, [Address(subdomain="acme")]),
        ({"Host": "api.example", "Origin": "https://acme.status.example"},
         [Address(domain="api.example"), Address(subdomain="acme")]),
        ({"Host": "localhost:8080"}, []),
        ({"Host": "[::1]:8080", "Origin": "null"}, []),
        ({"Host": "api", "Origin": "http://[bad"}, []),
    ],
)  # fmt: skip
def test_a_visitor_came_to_a_host_from_an_origin(headers: dict[str, str], addresses: list[Address]) -> None:
    assert list(visited(make_mocked_request("POST", "/", headers=headers), "status.example")) == addresses
