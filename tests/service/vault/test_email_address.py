"""Which texts are addresses, and which addresses are one."""

import pytest

from service.vault.email_address import EmailAddress, NotAnAddress, masked, parse_email

LONG_LABEL = "d" * 63


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace@Example.COM", "Ada.Lovelace@example.com"),
        ("a+b_c-d!#$%&'*/=?^`{|}~@example.com", "a+b_c-d!#$%&'*/=?^`{|}~@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("ada@\u0430\u0440\u0440\u04cf\u0435.com", "ada@xn--80ak6aa92e.com"),
        ("1@2.example.com", "1@2.example.com"),
        ("ada@status.test", "ada@status.test"),
        (f"{'l' * 64}@example.com", f"{'l' * 64}@example.com"),
    ],
)
def test_a_plain_address_is_taken_with_its_domain_in_a_labels(text: str, address: str) -> None:
    assert str(parse_email(text)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@",
        "@example.com",
        "ada@",
        "a@b",
        "a@localhost",
        "a@host.localhost",
        "a@host.invalid",
        "a@b..c",
        ".a@b.c",
        "a.@b.c",
        "a..a@b.c",
        "a@-b.c",
        "a@b-.c",
        "a@b.c.",
        "a@.b.c",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        '"a b"@c.d',
        "a b@c.d",
        "a@b.c,d@e.f",
        "a@b.c;d@e.f",
        "a@b.c\nBcc: x@y.z",
        "a@b.c\r\n",
        "<a@b.c>",
        "A <a@b.c>",
        "a@b.c>",
        "mailto:a@b.c",
        "alice@example.org)bob@example.com",
        "a@b@c.d",
        f"{'l' * 65}@example.com",
        f"a@{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.com",
        "a@" + "b" * 64 + ".com",
        "a\0@b.c",
        "a@b\0.c",
        "a\u2028@b.c",
        "a@b\u2028.c",
        "a\uff20b.c",
        "a@b\u3002c",
        "a@xn--a",
        "a@xn--a.com",
        "a@b_c.com",
        " a@b.c",
        "a@b.c ",
        "a" * 10_000 + "@example.com",
        "a@" + "b." * 5_000 + "com",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAnAddress):
        parse_email(text)


def test_an_address_that_needs_smtputf8_is_refused_by_a_code_of_its_own() -> None:
    with pytest.raises(NotAnAddress) as refused:
        parse_email("jürgen@example.com")
    assert refused.value.code == "unsupported_address"


def test_the_longest_address_has_254_characters() -> None:
    local, tail = "l" * 64, f".{LONG_LABEL}.{LONG_LABEL}.com"
    longest = f"{local}@{'d' * (254 - 65 - len(tail))}{tail}"
    assert len(str(parse_email(longest))) == 254
    with pytest.raises(NotAnAddress):
        parse_email(longest.replace("@d", "@dd"))


def test_spellings_that_everybody_takes_for_one_mailbox_share_a_key() -> None:
    assert parse_email("Ada@EXAMPLE.com").key == parse_email("ada@example.com").key
    assert parse_email("ada+x@example.com").key != parse_email("ada@example.com").key


def test_spellings_that_a_provider_may_take_for_one_mailbox_share_a_budget() -> None:
    spellings = ["ada.l@gmail.com", "adal@gmail.com", "A.D.A.L@gmail.com", "adal+list@googlemail.com"]
    assert {parse_email(spelling).mailbox for spelling in spellings} == {"adal@gmail.com"}
    assert EmailAddress("a.b+c", "example.com").mailbox == "a.b@example.com"


def test_a_mask_shows_the_domain_and_one_letter() -> None:
    assert masked("ada@example.com") == "a***@example.com"
