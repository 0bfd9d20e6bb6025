"""Which URLs strangers may give us."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex, text

from service.outgoing.url import UrlNotAllowed, parse_url
from tests.service.outgoing.forbidden import FORBIDDEN

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_spellings_of_forbidden_places_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(UrlNotAllowed) as refused:
        parse_url(text)
    assert text == "" or text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://Hooks.Example.com/a?b=c", "https://hooks.example.com/a?b=c"),
        ("https://hooks.example.com.:443/", "https://hooks.example.com/"),
        ("https://hooks.example.com:8443/x", "https://hooks.example.com:8443/x"),
        ("https://exämple.com/ä", "https://xn--exmple-cua.com/%C3%A4"),
    ],
)
def test_public_https_urls_are_kept_in_one_form(text: str, kept: str) -> None:
    assert str(parse_url(text)) == kept
    assert str(parse_url(kept)) == kept


def test_what_the_operator_allows_may_be_plain_and_private() -> None:
    assert str(parse_url("http://127.0.0.1:9000/x", LOOPBACK)) == "http://127.0.0.1:9000/x"
    assert str(parse_url("http://hooks.internal:9000/x", LOOPBACK)) == "http://hooks.internal:9000/x"


@pytest.mark.parametrize(
    "text",
    [
        "http://10.0.0.1/",
        "http://8.8.8.8:25/",
        "https://[2606:4700::1111]/",
        "http://[::1]/",
        "http://127.1/",
        "http://u@127.0.0.1/",
        "https://host.example.com:22/",
    ],
)
def test_what_the_operator_allows_opens_nothing_else(text: str) -> None:
    with pytest.raises(UrlNotAllowed):
        parse_url(text, LOOPBACK)


@given(text() | text().map("https://{}/".format) | from_regex(r"https?://[\[\]:@%.#?/\\a-z0-9]*"))
def test_whatever_the_text_it_is_a_url_in_its_normal_form_or_refused(given_text: str) -> None:
    try:
        url = parse_url(given_text)
    except UrlNotAllowed:
        return
    assert parse_url(str(url)) == url
