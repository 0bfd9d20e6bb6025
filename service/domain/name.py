"""A name that only one page may hold: a subdomain or a domain. The stream of the name is the lock on it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import NameTaken

COOL_DOWN = timedelta(days=90)
"""How long a released name is kept from other organisations, so that its old links lead nobody astray."""


@dataclass(frozen=True, slots=True)
class ClaimName:
    field: str
    name: str
    page_id: UUID
    organisation_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseName:
    page_id: UUID
    at: datetime


Command = ClaimName | ReleaseName


@dataclass(frozen=True, slots=True)
class NameClaimed:
    field: str
    name: str
    page_id: UUID
    organisation_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class NameReleased:
    field: str
    name: str
    page_id: UUID
    at: datetime


Event = NameClaimed | NameReleased


@dataclass(frozen=True, slots=True)
class Name:
    field: str = ""
    name: str = ""
    holder: UUID | None = None
    organisation_id: UUID | None = None
    released_at: datetime | None = None


def decide(state: Name, command: Command) -> list[Event]:
    match command:
        case ClaimName():
            return _claim(state, command)
        case ReleaseName():
            return _release(state, command)
        case _:
            assert_never(command)


def _claim(state: Name, command: ClaimName) -> list[Event]:
    if state.holder == command.page_id:
        return []
    if state.holder is not None or _cooling_down(state, command):
        raise NameTaken(command.field, command.name)
    return [NameClaimed(command.field, command.name, command.page_id, command.organisation_id, command.at)]


def _cooling_down(state: Name, command: ClaimName) -> bool:
    if state.released_at is None or state.organisation_id == command.organisation_id:
        return False
    return command.at < state.released_at + COOL_DOWN


def _release(state: Name, command: ReleaseName) -> list[Event]:
    if state.holder != command.page_id:
        return []
    return [NameReleased(state.field, state.name, command.page_id, command.at)]


def evolve(state: Name, event: Event) -> Name:
    match event:
        case NameClaimed():
            return Name(event.field, event.name, event.page_id, event.organisation_id)
        case NameReleased():
            return replace(state, holder=None, released_at=event.at)
        case _:
            assert_never(event)


NameDecider = Decider[Name, Command, Event]
SUBDOMAIN: NameDecider = Decider("subdomain", Name(), decide, evolve)
DOMAIN: NameDecider = Decider("domain", Name(), decide, evolve)
