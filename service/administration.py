"""What an operator does for an organisation: create it, give it tokens, take them back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from service.clock import Clock
from service.commands.handler import CommandHandler, Origin
from service.commands.organisations import CreateOrganisation, IssueToken, RevokeToken
from service.domain.organisation import ORGANISATION
from service.domain.values import Scope
from service.vault.credentials import Credentials

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class NewToken:
    """`secret` is what the caller sends; it cannot be shown again."""

    token_id: UUID
    secret: str


class Administration:
    """Raises Rejected and StoreUnavailable."""

    def __init__(self, commands: CommandHandler, credentials: Credentials, clock: Clock) -> None:
        self._commands = commands
        self._credentials = credentials
        self._clock = clock

    async def create_organisation(self, name: str) -> UUID:
        organisation_id = uuid4()
        command = CreateOrganisation(organisation_id, name, self._clock())
        await self._commands.run(_origin(), ORGANISATION.stream(organisation_id), command)
        return organisation_id

    async def issue_token(
        self, organisation_id: UUID, scopes: tuple[Scope, ...] = (), lifetime: timedelta | None = None
    ) -> NewToken:
        """Without scopes the token has all of them; without a lifetime it does not expire."""
        now = self._clock()
        token = NewToken(uuid4(), f"sp_{secrets.token_urlsafe(32)}")
        await self._credentials.put(token.token_id, token.secret)
        command = IssueToken(
            organisation_id, token.token_id, scopes or tuple(Scope), _end(now, lifetime), now
        )
        await self._commands.run(_origin(), ORGANISATION.stream(organisation_id), command)
        return token

    async def revoke_token(self, organisation_id: UUID, token_id: UUID) -> None:
        command = RevokeToken(organisation_id, token_id, self._clock())
        await self._commands.run(_origin(), ORGANISATION.stream(organisation_id), command)
        await self._credentials.erase(token_id)


def _origin() -> Origin:
    return Origin(uuid4(), OPERATOR)


def _end(now: datetime, lifetime: timedelta | None) -> datetime | None:
    return None if lifetime is None else now + lifetime
