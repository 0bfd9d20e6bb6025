"""What the layers below refuse with, as problems: the one table."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from eventstore.errors import is_unavailable
from eventstore.store import StoreUnavailable
from service.commands.handler import TooManyConflicts
from service.domain import errors
from service.http import problems
from service.http.problems import FieldError, Problem, expectation_failed, unavailable


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception comes to; None for one that nobody foresaw."""
    if isinstance(error, Problem):
        return error
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind](error)
    return _away(error) if is_unavailable(error) else None


def _name_taken(error: errors.NameTaken) -> Problem:
    fields = [FieldError(f"/{error.field}", f"{error.field}_taken", str(error))]
    return Problem(problems.NAME_TAKEN, str(error), errors=fields)


def _invalid(error: errors.Invalid) -> Problem:
    fields = [FieldError(fault.pointer, fault.code, fault.message) for fault in error.faults]
    return Problem(problems.VALIDATION_FAILED, str(error), errors=fields)


def _too_many(error: errors.TooMany) -> Problem:
    return Problem(problems.RATE_LIMITED, str(error), headers={"Retry-After": str(error.retry_after)})


def _not_found(error: Exception) -> Problem:
    return Problem(problems.NOT_FOUND, "Nothing of yours is here.")


def _away(_: Exception) -> Problem:
    return unavailable("The database does not answer; nothing is lost, try again.", retry_after=2)


def _contended(_: Exception) -> Problem:
    return unavailable("Too many others are changing this at the moment.")


def _method(error: web.HTTPMethodNotAllowed) -> Problem:
    allow = ", ".join(sorted(error.allowed_methods))
    return Problem(problems.METHOD_NOT_ALLOWED, f"Allowed here: {allow}.", headers={"Allow": allow})


def _plain(kind: problems.ProblemType) -> Callable[[Exception], Problem]:
    return lambda error: Problem(kind, str(error) or kind.title + ".")


TABLE: Mapping[type[BaseException], Callable[[Any], Problem]] = {
    errors.NotFound: _not_found,
    errors.NameTaken: _name_taken,
    errors.NotAllowed: _plain(problems.NOT_ALLOWED),
    errors.VersionMismatch: _plain(problems.PRECONDITION_FAILED),
    errors.Invalid: _invalid,
    errors.Gone: _plain(problems.GONE),
    errors.TooMany: _too_many,
    errors.Rejected: _plain(problems.NOT_ALLOWED),
    StoreUnavailable: _away,
    TooManyConflicts: _contended,
    web.HTTPNotFound: _not_found,
    web.HTTPMethodNotAllowed: _method,
    web.HTTPExpectationFailed: lambda _: expectation_failed(),
    web.HTTPRequestEntityTooLarge: lambda _: Problem(
        problems.PAYLOAD_TOO_LARGE, "The body is too large.", close=True
    ),
    web.RequestPayloadError: lambda _: Problem(
        problems.MALFORMED_REQUEST, "The body is badly framed.", close=True
    ),
}
