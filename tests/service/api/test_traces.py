"""An address is found in every form in which somebody might have kept it."""

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import quote

import pytest

from tests.service.api.traces import traces

ADDRESS = "Unmistakable~>?123@example.com"
DIGEST = sha256(ADDRESS.lower().encode())


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (ADDRESS.encode(), "plain"),
        (ADDRESS.upper().encode(), "plain"),
        (ADDRESS.replace("@", "&#64;").encode(), "plain"),
        (quote(ADDRESS, safe="").encode(), "url"),
        (ADDRESS.encode().hex().encode(), "hex"),
        (ADDRESS.lower().encode().hex().upper().encode(), "hex"),
        (b64encode(ADDRESS.encode()), "base64"),
        (b64encode(b"a" + ADDRESS.encode()), "base64"),
        (b64encode(b"ab" + ADDRESS.upper().encode() + b"c"), "base64"),
        (urlsafe_b64encode(b"ab" + ADDRESS.encode()), "base64"),
        (DIGEST.hexdigest().encode(), "sha256"),
        (DIGEST.digest(), "sha256 in bytes"),
        (b64encode(DIGEST.digest()), "sha256 in base64"),
    ],
)
def test_each_form_is_found_wherever_it_stands(form: bytes, name: str) -> None:
    assert name in traces(ADDRESS, b"before " + form + b" after")


def test_another_address_is_none_of_its_traces() -> None:
    other = ADDRESS.replace("123", "124")
    forms = (other.encode(), other.encode().hex().encode(), b64encode(other.encode()))
    assert traces(ADDRESS, b" ".join(forms)) == set()
