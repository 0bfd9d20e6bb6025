"""A mail's bytes: stable, whole links, harmless names."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest

from workers.delivery.message import Mail, to_bytes

ONE_CLICK = f"https://status.example.com/v1/subscription/{'T' * 43}/unsubscribe?{'x' * 400}"
MAIL = Mail(
    delivery_id=UUID("0a000000-0000-4000-8000-000000000001"),
    sender="status@example.net",
    sender_name="Acme",
    recipient="ada@example.com",
    subject="Confirm your subscription to Acme",
    text="Hello\nhttps://status.example.com/subscription/" + "T" * 43 + "\n",
    html="<p>Hello</p>\n",
    list_id="0b000000-0000-4000-8000-000000000001",
    one_click=ONE_CLICK,
    written_at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
)
NASTY = [
    "Line\r\nBcc: x@example.com",
    "Nul\0 and bell\x07",
    "Separators \u2028\u2029",
    "Turned \u202egnp.exe\u202c around",
    "Half \ud800 a pair",
    "Größe 🚀 " * 12,
    "=?utf-8?q?encoded?=",
    '"quoted" <a@b.c>, another',
    "x" * 100,
    "",
]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, _class=EmailMessage, policy=policy.default)


def part(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_headers_say_what_it_is() -> None:
    message = read(to_bytes(MAIL))
    assert message["From"] == "Acme <status@example.net>"
    assert message["To"] == "ada@example.com"
    assert message["Message-ID"] == "<0a000000-0000-4000-8000-000000000001@example.net>"
    assert message["Date"] == "Wed, 04 Mar 2026 05:06:07 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_long_unsubscribe_link_stays_one_literal_line() -> None:
    assert f"\r\nList-Unsubscribe: <{ONE_CLICK}>\r\n".encode() in to_bytes(MAIL)


def test_every_attempt_sends_the_same_bytes() -> None:
    assert to_bytes(MAIL) == to_bytes(replace(MAIL))


def test_both_forms_are_there_and_the_plain_one_is_readable_as_it_is() -> None:
    raw = to_bytes(MAIL)
    assert MAIL.text.replace("\n", "\r\n").encode() in raw
    assert part(read(raw), "plain") == MAIL.text
    assert part(read(raw), "html") == MAIL.html


def test_text_that_is_not_ascii_arrives_too() -> None:
    raw = to_bytes(replace(MAIL, text="Grüße 🚀\n", html="<p>Grüße 🚀</p>\n"))
    assert raw.isascii()
    assert part(read(raw), "plain") == "Grüße 🚀\n"


@pytest.mark.parametrize("name", NASTY)
def test_a_name_can_break_nothing(name: str) -> None:
    raw = to_bytes(replace(MAIL, sender_name=name, subject=f"Confirm {name}"))
    message = read(raw)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["From"].addresses] == ["status@example.net"]
    assert set(message.keys()) == set(read(to_bytes(MAIL)).keys())


@pytest.mark.parametrize("address", ["a@b.c\r\nBcc: x@y.z", "a@b.c, d@e.f", "no address"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own
        to_bytes(replace(MAIL, recipient=address))


def test_mails_of_one_thread_name_the_same_beginning() -> None:
    thread = UUID("1c000000-0000-4000-8000-000000000001")
    other = UUID("0a000000-0000-4000-8000-000000000002")
    first, second = (
        read(to_bytes(replace(MAIL, thread=thread, delivery_id=each))) for each in (MAIL.delivery_id, other)
    )
    assert first["References"] == second["References"] == second["In-Reply-To"] == f"<{thread}@example.net>"
    assert first["Message-ID"] != second["Message-ID"]


def test_a_mail_of_no_thread_answers_nothing() -> None:
    message = read(to_bytes(MAIL))
    assert (message["References"], message["In-Reply-To"]) == (None, None)
