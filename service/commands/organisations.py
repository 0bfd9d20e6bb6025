"""What happens to an organisation and its tokens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.commands.work import Work
from service.domain import organisation
from service.domain.organisation import ORGANISATION
from service.domain.values import Scope


@dataclass(frozen=True, slots=True)
class CreateOrganisation:
    organisation_id: UUID
    name: str
    at: datetime

    async def __call__(self, work: Work) -> None:
        work.about(self.organisation_id, None)
        work.begin(ORGANISATION, self.organisation_id)
        command = organisation.CreateOrganisation(self.organisation_id, self.name, self.at)
        await work.decide(ORGANISATION, self.organisation_id, command)


@dataclass(frozen=True, slots=True)
class IssueToken:
    organisation_id: UUID
    token_id: UUID
    scopes: tuple[Scope, ...]
    expires_at: datetime | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        work.about(self.organisation_id, None)
        command = organisation.IssueToken(self.token_id, self.scopes, self.expires_at, self.at)
        await work.decide(ORGANISATION, self.organisation_id, command)


@dataclass(frozen=True, slots=True)
class RevokeToken:
    organisation_id: UUID
    token_id: UUID
    at: datetime

    async def __call__(self, work: Work) -> None:
        work.about(self.organisation_id, None)
        command = organisation.RevokeToken(self.token_id, self.at)
        await work.decide(ORGANISATION, self.organisation_id, command)
