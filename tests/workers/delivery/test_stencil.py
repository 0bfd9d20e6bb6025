"""A mail filled in is byte for byte the mail made anew."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.vault.links import Purpose, token
from workers.delivery.message import Mail, to_bytes
from workers.delivery.stencil import stencil_of

SECRET = b"a secret of the tests, thirty-two bytes long"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
LOCALS = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,32}(\.[a-zA-Z0-9]{1,30})?", fullmatch=True)
ADDRESSES = st.builds("{}@{}.example.com".format, LOCALS, st.from_regex(r"[a-z0-9]{1,60}", fullmatch=True))
READERS = st.builds(
    lambda delivery_id, address: (delivery_id, token(SECRET, Purpose.MANAGE, delivery_id), address),
    st.uuids(),
    ADDRESSES,
)


def mail_to(reader: tuple[UUID, str, str], words: str, name: str) -> Mail:
    delivery_id, own, recipient = reader
    link = f"https://status.example.com/subscription/{own}"
    return Mail(
        delivery_id,
        "status@example.net",
        name,
        recipient,
        f"[{name}] {words[:40]}",
        f"{words}\n\nLeave:\n{link}\n",
        f'<p>{words}</p><a href="{link}">Leave</a>\n',
        "0b000000-0000-4000-8000-000000000001",
        f"https://status.example.com/v1/subscription/{own}/unsubscribe",
        datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        thread=UUID("1c000000-0000-4000-8000-000000000001"),
    )


@given(first=READERS, second=READERS, words=TEXTS, name=TEXTS)
def test_a_mail_filled_in_is_the_mail_made_anew(
    first: tuple[UUID, str, str], second: tuple[UUID, str, str], words: str, name: str
) -> None:
    stencil = stencil_of(mail_to(first, words, name), first[1])
    assert stencil is not None
    assert stencil.fill(*second) == to_bytes(mail_to(second, words, name))


@pytest.mark.parametrize("address", ["a@b.c\r\nBcc: x@y.z", "a@b.c, d@e.f", "no address", "a@b.c>"])
def test_an_address_that_is_none_is_filled_in_nowhere(address: str) -> None:
    first = (uuid4(), "T" * 43, "ada@example.com")
    stencil = stencil_of(mail_to(first, "Grüße", "Acme"), first[1])
    assert stencil is not None
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own
        stencil.fill(uuid4(), "S" * 43, address)
