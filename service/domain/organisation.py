"""An organisation and its tokens. A token's secret is never here: only its id, its scopes and its end."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import NotAllowed, NotFound
from service.domain.values import Scope


@dataclass(frozen=True, slots=True)
class CreateOrganisation:
    organisation_id: UUID
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IssueToken:
    token_id: UUID
    scopes: tuple[Scope, ...]
    expires_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RevokeToken:
    token_id: UUID
    at: datetime


Command = CreateOrganisation | IssueToken | RevokeToken


@dataclass(frozen=True, slots=True)
class OrganisationCreated:
    organisation_id: UUID
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TokenIssued:
    organisation_id: UUID
    token_id: UUID
    scopes: tuple[Scope, ...]
    expires_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    organisation_id: UUID
    token_id: UUID
    at: datetime


Event = OrganisationCreated | TokenIssued | TokenRevoked


@dataclass(frozen=True, slots=True)
class Organisation:
    """`tokens` are in force, `revoked` never will be again."""

    organisation_id: UUID | None = None
    name: str = ""
    tokens: frozenset[UUID] = field(default_factory=frozenset)
    revoked: frozenset[UUID] = field(default_factory=frozenset)


def decide(state: Organisation, command: Command) -> list[Event]:
    match command:
        case CreateOrganisation():
            return _create(state, command)
        case IssueToken():
            return _issue(state, command)
        case RevokeToken():
            return _revoke(state, command)
        case _:
            assert_never(command)


def _create(state: Organisation, command: CreateOrganisation) -> list[Event]:
    if state.organisation_id is not None:
        raise NotAllowed("The organisation exists already.")
    return [OrganisationCreated(command.organisation_id, command.name, command.at)]


def _issue(state: Organisation, command: IssueToken) -> list[Event]:
    organisation_id = _existing(state)
    if command.token_id in state.revoked:
        raise NotAllowed("The token has been revoked; issue another one.")
    if command.token_id in state.tokens:
        return []
    return [TokenIssued(organisation_id, command.token_id, command.scopes, command.expires_at, command.at)]


def _revoke(state: Organisation, command: RevokeToken) -> list[Event]:
    organisation_id = _existing(state)
    if command.token_id in state.revoked:
        return []
    if command.token_id not in state.tokens:
        raise NotFound("The organisation has no such token.")
    return [TokenRevoked(organisation_id, command.token_id, command.at)]


def _existing(state: Organisation) -> UUID:
    if state.organisation_id is None:
        raise NotFound("There is no such organisation.")
    return state.organisation_id


def evolve(state: Organisation, event: Event) -> Organisation:
    match event:
        case OrganisationCreated():
            return Organisation(event.organisation_id, event.name)
        case TokenIssued():
            return replace(state, tokens=state.tokens | {event.token_id})
        case TokenRevoked():
            revoked = state.revoked | {event.token_id}
            return replace(state, tokens=state.tokens - {event.token_id}, revoked=revoked)
        case _:
            assert_never(event)


ORGANISATION: Decider[Organisation, Command, Event] = Decider("organisation", Organisation(), decide, evolve)
