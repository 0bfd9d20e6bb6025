"""`statuspages token`: the tokens of organisations."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from cyclopts import App

from service.cli.administering import administration
from service.cli.running import CommandFailed, load_settings, run, show
from service.domain.values import Scope
from service.readmodels.tokens import Tokens

token = App(name="token", help="Create, list and revoke the tokens that call the API.")
UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@token.command
def create(
    *, organisation: UUID, scope: list[Scope] | None = None, expires: str | None = None, json: bool = False
) -> None:
    """Create a token. It is shown once: only its hash is kept.

    Parameters
    ----------
    organisation
        The organisation it speaks for.
    scope
        What it may do; may be given several times. Without any it may do everything.
    expires
        After how long it ends, such as 12h, 30d or 8w. Without it the token does not expire.
    json
        Print one JSON object: {"token": ..., "token_id": ...}.
    """

    async def work() -> dict[str, Any]:
        async with administration(load_settings()) as core:
            made = await core.administration.issue_token(organisation, tuple(scope or ()), lifetime(expires))
            return {"token": made.secret, "token_id": str(made.token_id)}

    made = run(work())
    show(
        made, f"{made['token']}\nKeep it: it cannot be shown again. Its id: {made['token_id']}", as_json=json
    )


@token.command(name="list")
def list_(*, organisation: UUID | None = None, json: bool = False) -> None:
    """List tokens that have not been revoked, without their secrets.

    Parameters
    ----------
    organisation
        Only this organisation's.
    json
        Print one JSON object: {"tokens": [...]}.
    """

    async def work() -> list[dict[str, Any]]:
        async with administration(load_settings()) as core:
            return await Tokens(core.pool, core.clock).list(organisation)

    found = run(work())
    lines = [f"{entry['id']}  {entry['organisation_id']}  {' '.join(entry['scopes'])}" for entry in found]
    show({"tokens": found}, "\n".join(lines) or "There are none.", as_json=json)


@token.command
def revoke(token_id: UUID, *, json: bool = False) -> None:
    """Revoke a token: within a second it opens nothing any more.

    Parameters
    ----------
    token_id
        Its id, as `token list` shows it.
    json
        Print one JSON object: {"revoked": ...}.
    """

    async def work() -> None:
        async with administration(load_settings()) as core:
            known = await Tokens(core.pool, core.clock).list(None)
            owners = {entry["id"]: entry["organisation_id"] for entry in known}
            if str(token_id) not in owners:
                raise CommandFailed(f"There is no token {token_id}; see `statuspages token list`.")
            await core.administration.revoke_token(UUID(owners[str(token_id)]), token_id)

    run(work())
    show({"revoked": str(token_id)}, f"Revoked {token_id}.", as_json=json)


def lifetime(text: str | None) -> timedelta | None:
    """`30d` and the like. Raises CommandFailed."""
    if text is None:
        return None
    match = re.fullmatch(r"([1-9]\d{0,4})([hdw])", text)
    if match is None:
        raise CommandFailed(f"{text} is no length of time; write 12h, 30d or 8w.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})
