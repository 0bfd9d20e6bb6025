"""The incident templates of an organisation: texts made in calmer hours, with places to be filled in.

All of them are one stream, because what is ruled here (no name twice, a limit) is ruled over all of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import Fault, Invalid, NameTaken, NotAllowed, NotFound
from service.domain.values import ComponentStatus

MOST = 200
PLACEHOLDER = re.compile(r"\{\{ *([a-z][a-z0-9_]{0,49}) *\}\}")
"""`{{ region }}`; anything else in braces is plain text."""


@dataclass(frozen=True, slots=True)
class CreateTemplate:
    """`variables`: the placeholders' names as the caller lists them; None: as they appear in the texts."""

    organisation_id: UUID
    template_id: UUID
    name: str
    body: str
    components: Mapping[UUID, ComponentStatus]
    variables: tuple[str, ...] | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DeleteTemplate:
    template_id: UUID
    at: datetime


Command = CreateTemplate | DeleteTemplate


@dataclass(frozen=True, slots=True)
class IncidentTemplateCreated:
    organisation_id: UUID
    template_id: UUID
    name: str
    body: str
    components: Mapping[UUID, ComponentStatus]
    variables: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentTemplateDeleted:
    organisation_id: UUID
    template_id: UUID
    at: datetime


Event = IncidentTemplateCreated | IncidentTemplateDeleted


@dataclass(frozen=True, slots=True)
class IncidentTemplates:
    """The names of those that are there, by id."""

    organisation_id: UUID | None = None
    names: Mapping[UUID, str] = field(default_factory=dict)


def placeholders(*texts: str) -> tuple[str, ...]:
    """The names of the texts' placeholders, each once, in the order in which they appear."""
    return tuple(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))


def decide(state: IncidentTemplates, command: Command) -> list[Event]:
    match command:
        case CreateTemplate():
            return _create(state, command)
        case DeleteTemplate():
            return _delete(state, command)
        case _:
            assert_never(command)


def _create(state: IncidentTemplates, command: CreateTemplate) -> list[Event]:
    if command.template_id in state.names:
        return []
    if command.name.casefold() in map(str.casefold, state.names.values()):
        raise NameTaken("name", command.name)
    if len(state.names) >= MOST:
        raise NotAllowed(f"An organisation has at most {MOST} incident templates.")
    found = placeholders(command.name, command.body)
    variables = found if command.variables is None else command.variables
    _check_variables(variables, found)
    return [
        IncidentTemplateCreated(
            command.organisation_id,
            command.template_id,
            command.name,
            command.body,
            command.components,
            variables,
            command.at,
        )
    ]


def _check_variables(listed: Sequence[str], found: Sequence[str]) -> None:
    faults = [
        Fault(f"/variables/{i}", "unused_variable", "Neither name nor body has a place for it.")
        for i, name in enumerate(listed)
        if name not in found
    ]
    missing = [name for name in found if name not in listed]
    if missing:
        faults.append(Fault("/variables", "missing_variable", f"Should list {', '.join(missing[:5])} too."))
    if faults:
        raise Invalid(faults)


def _delete(state: IncidentTemplates, command: DeleteTemplate) -> list[Event]:
    if state.organisation_id is None or command.template_id not in state.names:
        raise NotFound("There is no such incident template.")
    return [IncidentTemplateDeleted(state.organisation_id, command.template_id, command.at)]


def evolve(state: IncidentTemplates, event: Event) -> IncidentTemplates:
    match event:
        case IncidentTemplateCreated():
            return IncidentTemplates(event.organisation_id, {**state.names, event.template_id: event.name})
        case IncidentTemplateDeleted():
            names = {each: name for each, name in state.names.items() if each != event.template_id}
            return replace(state, names=names)
        case _:
            assert_never(event)


INCIDENT_TEMPLATES: Decider[IncidentTemplates, Command, Event] = Decider(
    "incident_templates", IncidentTemplates(), decide, evolve
)
