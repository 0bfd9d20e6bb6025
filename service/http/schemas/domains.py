"""Bodies of the domain call."""

from service.http.schemas.base import Answer
from service.http.schemas.components import Shown


class Cname(Answer):
    """`expected` is the target for the caller's own page with that domain; null if none has it."""

    domain: str
    expected: str | None
    found: list[str]
    configured: bool
    reason: str | None
    checked_at: Shown


class CnameAnswer(Answer):
    cname: Cname
