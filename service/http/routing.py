"""The table of endpoints: every call of the API is one row."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from service.http.bodies import TextBody
from service.http.call import Call, Reply
from service.http.deadline import SECONDS
from service.http.replies import JSON

Side = Literal["query", "command"]
Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call of the API: what it takes, what it answers, who may make it.

    `scope` None: anybody. `ids`: the path parameters that must be lower-case UUIDs; the others are in
    `call.path` as they came. `safe`: a POST that changes nothing; its answer is kept for no repetition.
    `answers`: the success answers by status; what can go wrong follows from the rest, `problems` names what
    does not. The handler's docstring is the description. `media_type`: of an answer that is no JSON; it has
    no model. `text`: a body that is no JSON; `call.body` is its bytes then. `seconds`: of a write, after
    which its caller is told that there is no verdict yet.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    scope: str | None
    tag: str
    answers: Mapping[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    ids: tuple[str, ...] = ("id",)
    problems: tuple[int, ...] = ()
    media_type: str = JSON
    safe: bool = False
    text: TextBody | None = None
    seconds: float = SECONDS

    @property
    def side(self) -> Side:
        return "query" if self.method == "GET" else "command"
