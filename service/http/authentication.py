"""Who calls, and whether the endpoint is for them."""

import re

from aiohttp import hdrs, web

from service.http.call import Caller
from service.http.problems import FORBIDDEN, MALFORMED_REQUEST, UNAUTHENTICATED, Problem

BEARER = re.compile(r"Bearer ([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE).fullmatch
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="statuspages"'}
ALL = "admin"


def bearer_token(request: web.Request) -> str:
    """Raises Problem: 401 without one, 400 with two."""
    given = request.headers.getall(hdrs.AUTHORIZATION, ())
    if len(given) > 1:
        raise Problem(MALFORMED_REQUEST, "There is more than one Authorization header.")
    match = BEARER(given[0]) if given else None
    if match is None:
        raise _unauthenticated()
    return match[1]


def check_scope(caller: Caller | None, scope: str) -> None:
    """Raises Problem: 401 if the token was nobody's, 403 if its owner may not do this with it."""
    if caller is None:
        raise _unauthenticated()
    if scope not in caller.scopes and ALL not in caller.scopes:
        raise Problem(FORBIDDEN, f"This call needs the scope {scope}.", headers=_insufficient(scope))


def _unauthenticated() -> Problem:
    """The same for a token that is missing, unknown, revoked or expired."""
    return Problem(UNAUTHENTICATED, "Send a valid token: Authorization: Bearer <token>.", headers=CHALLENGE)


def _insufficient(scope: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="statuspages", error="insufficient_scope", scope="{scope}"'}
