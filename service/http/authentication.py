"""Who calls, and whether the endpoint is for them."""

import re

from aiohttp import hdrs, web

from service.http.call import Caller
from service.http.kernel import Authenticator
from service.http.problems import FORBIDDEN, MALFORMED_REQUEST, UNAUTHENTICATED, Problem

BEARER = re.compile(r"Bearer ([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE).fullmatch
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="statuspages"'}
ALL = "admin"


async def authorise(request: web.Request, authenticator: Authenticator, scope: str) -> Caller:
    """The caller, who has the scope. Raises Problem: 400 two tokens, 401 no good one, 403 no such scope."""
    caller = await authenticator.authenticate(_token(request))
    if caller is None:
        raise _unauthenticated()
    if scope not in caller.scopes and ALL not in caller.scopes:
        raise Problem(FORBIDDEN, f"This call needs the scope {scope}.", headers=_insufficient(scope))
    return caller


def _token(request: web.Request) -> str:
    given = request.headers.getall(hdrs.AUTHORIZATION, ())
    if len(given) > 1:
        raise Problem(MALFORMED_REQUEST, "There is more than one Authorization header.")
    match = BEARER(given[0]) if given else None
    if match is None:
        raise _unauthenticated()
    return match[1]


def _unauthenticated() -> Problem:
    """The same for a token that is missing, unknown, revoked or expired."""
    return Problem(UNAUTHENTICATED, "Send a valid token: Authorization: Bearer <token>.", headers=CHALLENGE)


def _insufficient(scope: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="statuspages", error="insufficient_scope", scope="{scope}"'}
