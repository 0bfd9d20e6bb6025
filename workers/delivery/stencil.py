"""A mail that differs from another one's only in its reader: the bytes that `to_bytes` makes, filled in.

Making a mail costs more than sending it. What a reader has of their own are the address, the delivery's id
and one link's token; the last two are of fixed length and cannot be guessed, so they stand nowhere else.
"""

import re
from base64 import encodebytes
from dataclasses import dataclass
from uuid import UUID

from workers.delivery.message import Mail, is_plain, to_bytes, to_header

ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
SHORT_AND_PLAIN = re.compile(rf"(?=.{{1,70}}$){ATOMS}(?:\.{ATOMS})*@[a-z0-9-]+(?:\.[a-z0-9-]+)+").fullmatch


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the message, as it is or to be encoded as base64."""

    raw: bytes
    encoded: bool = False


@dataclass(frozen=True, slots=True)
class Stencil:
    """Made of one reader's mail, whose own are `delivery_id` and `token`."""

    delivery_id: UUID
    token: str
    before: bytes
    after: tuple[Piece, ...]

    def fill(self, delivery_id: UUID, token: str, recipient: str) -> bytes:
        """Raises ValueError for an address that is none."""
        own = str(self.delivery_id).encode(), str(delivery_id).encode()
        link = self.token.encode(), token.encode()
        filled = [self.before, b"\r\n", _to(recipient)]
        for piece in self.after:
            raw = piece.raw.replace(*own).replace(*link)
            filled.append(_base64(raw) if piece.encoded else raw)
        return b"".join(filled)


def stencil_of(mail: Mail, token: str) -> Stencil | None:
    """`token` is in the mail's links. None: this one has to be made anew for everybody.

    Raises ValueError for an address that is none.
    """
    made = to_bytes(mail)
    before, _, after = made.partition(b"\r\n" + _to(mail.recipient))
    pieces = [Piece(after)]
    for body in (mail.text, mail.html):
        if not is_plain(body):
            pieces += _around(pieces.pop().raw, b"\r\n".join(body.encode().splitlines()) + b"\r\n")
    stencil = Stencil(mail.delivery_id, token, before, tuple(pieces))
    return stencil if stencil.fill(mail.delivery_id, token, mail.recipient) == made else None


def _around(message: bytes, body: bytes) -> list[Piece]:
    start, _, end = message.partition(_base64(body))
    return [Piece(start), Piece(body, encoded=True), Piece(end)]


def _base64(raw: bytes) -> bytes:
    return encodebytes(raw).replace(b"\n", b"\r\n")


def _to(recipient: str) -> bytes:
    return f"To: {recipient}\r\n".encode() if SHORT_AND_PLAIN(recipient) else to_header(recipient)
