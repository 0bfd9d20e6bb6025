"""Errors as RFC 9457 problem details: the catalogue, the exception and its JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson
from aiohttp import web

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
"""A body with ten thousand bad fields is told about the first hundred."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One row of the catalogue; `type` in the JSON is `/problems/<slug>`."""

    slug: str
    status: int
    title: str


MALFORMED_REQUEST = ProblemType("malformed-request", 400, "The request cannot be read")
INVALID_PATH_PARAMETER = ProblemType("invalid-path-parameter", 400, "A part of the path has the wrong form")
INVALID_QUERY = ProblemType("invalid-query-parameter", 400, "A query parameter is not acceptable")
UNAUTHENTICATED = ProblemType("unauthenticated", 401, "A valid token is required")
FORBIDDEN = ProblemType("forbidden", 403, "The token lacks the scope")
NOT_FOUND = ProblemType("not-found", 404, "There is no such thing")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "The method is not allowed here")
REQUEST_TIMEOUT = ProblemType("request-timeout", 408, "The body took too long to arrive")
NAME_TAKEN = ProblemType("name-taken", 409, "The name is taken")
NOT_ALLOWED = ProblemType("not-allowed", 409, "Not allowed in this state")
IN_PROGRESS = ProblemType("idempotency-in-progress", 409, "The first request with this key is still running")
GONE = ProblemType("gone", 410, "Its time is over")
PRECONDITION_FAILED = ProblemType("precondition-failed", 412, "It has changed meanwhile")
PAYLOAD_TOO_LARGE = ProblemType("payload-too-large", 413, "The body is too large")
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type", 415, "The body is of a kind that is not taken here"
)
EXPECTATION_FAILED = ProblemType("expectation-failed", 417, "The expectation is not known")
VALIDATION_FAILED = ProblemType("validation-failed", 422, "Some fields are not acceptable")
KEY_REUSED = ProblemType("idempotency-key-reused", 422, "The key belongs to another request")
RATE_LIMITED = ProblemType("rate-limited", 429, "Too many requests")
INTERNAL = ProblemType("internal", 500, "Something went wrong on our side")
UNAVAILABLE = ProblemType("temporarily-unavailable", 503, "Cannot be served at the moment")

CATALOGUE: Mapping[str, ProblemType] = {
    kind.slug: kind for kind in list(globals().values()) if isinstance(kind, ProblemType)
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad field: a JSON pointer into the body (or /name of a parameter), a stable code, a sentence."""

    pointer: str
    code: str
    message: str


class Problem(Exception):
    """A refusal on its way to the client. `detail` never repeats more of the input than a name."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.close = close

    @property
    def status(self) -> int:
        return self.kind.status


def unavailable(detail: str, retry_after: int = 1) -> Problem:
    """503; `retry_after` in seconds."""
    return Problem(UNAVAILABLE, detail, headers={"Retry-After": str(retry_after)})


def expectation_failed() -> Problem:
    return Problem(EXPECTATION_FAILED, "Only 100-continue is known.", close=True)


def problem_json(problem: Problem, request_id: str) -> bytes:
    document: dict[str, object] = {
        "type": f"/problems/{problem.kind.slug}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        "instance": f"/requests/{request_id}",
    }
    if problem.errors:
        document["errors"] = [asdict(error) for error in problem.errors[:MOST_ERRORS]]
    return orjson.dumps(document)


def problem_response(problem: Problem, request_id: str) -> web.Response:
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers}
    response = web.Response(status=problem.status, body=problem_json(problem, request_id), headers=headers)
    if problem.close:
        response.force_close()
    return response
