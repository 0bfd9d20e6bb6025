from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from service.http.addresses import client_address

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


def seen(peer: str, *forwarded: str, **others: str) -> str:
    headers = CIMultiDict([*(("X-Forwarded-For", value) for value in forwarded), *others.items()])
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    return client_address(request, PROXIES)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Real-IP": "8.8.8.8"},
        {"Forwarded": "for=8.8.8.8"},
        {"True-Client-IP": "8.8.8.8"},
        {"CF-Connecting-IP": "8.8.8.8"},
    ],
)
def test_no_other_header_names_the_client(headers: dict[str, str]) -> None:
    assert seen("10.0.0.1", **headers) == "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["8.8.8.8"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["8.8.8.8"], "8.8.8.8"),
        ("10.0.0.1", ["1.1.1.1, 8.8.8.8"], "8.8.8.8"),
        ("10.0.0.1", ["1.1.1.1", "8.8.8.8"], "8.8.8.8"),
        ("10.0.0.1", ["1.1.1.1, 8.8.8.8, 10.2.3.4"], "8.8.8.8"),
        ("10.0.0.1", ["10.2.3.4, 10.0.0.9"], "10.2.3.4"),
        ("10.0.0.1", ["8.8.8.8, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["8.8.8.8:443"], "8.8.8.8"),
        ("10.0.0.1", ["[2606:4700::1]:443"], "2606:4700::1"),
        ("10.0.0.1", ["fe80::1%eth0"], "fe80::1"),
        ("10.0.0.1", ["::ffff:8.8.8.8"], "8.8.8.8"),
        ("::ffff:10.0.0.1", ["8.8.8.8"], "8.8.8.8"),
        ("::ffff:203.0.113.7", [], "203.0.113.7"),
        ("2001:db8::1", ["8.8.8.8"], "8.8.8.8"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy_of_ours(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert seen(peer, *forwarded) == client
