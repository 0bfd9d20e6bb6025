"""A list of addresses whose consent the page's owner has, taken in part by part.

Each part is one append. A list that was broken off is sent again: who is there already is known.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from service.clock import Clock
from service.commands.choices import Choices, LookAtChoices
from service.commands.handler import CommandHandler, Done, Origin, UseCase
from service.commands.own_subscriptions import FindOwnPage
from service.commands.vouching import KNOWN, Vouched, VouchFor
from service.domain.errors import Fault, Invalid
from service.domain.subscription import CancelReason, Status
from service.own_subscriptions import contact_of
from service.room import require_room
from service.vault.contacts import Contacts
from service.vault.email_address import EmailAddress
from service.vault.leavers import Leavers

PART = 250
"""Subscriptions in one append: others who write wait for one of these at most."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Person:
    """`line`: of the list."""

    line: int
    email: EmailAddress
    component_ids: tuple[UUID, ...] = ()
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """`counts`: how many were `added`, how many `known`, and how many left out for which reason.

    `position`: the log holds all of it up to here.
    """

    counts: Counter[str]
    position: int


class SubscriberImport:
    """Raises Rejected, TooManyConflicts and StoreUnavailable."""

    def __init__(self, commands: CommandHandler, contacts: Contacts, leavers: Leavers, clock: Clock) -> None:
        self._commands = commands
        self._contacts = contacts
        self._leavers = leavers
        self._clock = clock

    async def run(self, origin: Origin, find: FindOwnPage, people: Sequence[Person]) -> Imported:
        """Raises Invalid, before anybody is added, naming every line whose choice the page does not have."""
        incident_ids = {person.incident_id for person in people if person.incident_id is not None}
        looked = await self._run(origin, LookAtChoices(find, incident_ids))
        choices, position = looked.value, looked.position
        faults = [fault for person in people for fault in _faults(person, choices)]
        if faults:
            raise Invalid(faults)
        await require_room(self._contacts, find.page_id, len(people))
        wanted = [person for person in people if person.incident_id not in choices.over]
        counts = Counter({CancelReason.INCIDENT_OVER.value: len(people) - len(wanted)})
        for part in _parts(wanted):
            added, position = await self._add(origin, find, part)
            counts += added
        return Imported(counts, position)

    async def _add(
        self, origin: Origin, find: FindOwnPage, part: Sequence[Person]
    ) -> tuple[Counter[str], int]:
        """The counts of a part, and the position of its append."""
        entries = [(contact_of(find.page_id, each.email, each.incident_id), each) for each in part]
        once = list({contact.identity: (contact, person) for contact, person in reversed(entries)}.values())
        left = await self._leavers.left([contact for contact, _ in once])
        new = {uuid4(): entry for entry, has_left in zip(once, left, strict=True) if not has_left}
        claimed = await self._contacts.claim_all({each: contact for each, (contact, _) in new.items()})
        vouched = [
            Vouched(claimed[each], person.component_ids, person.incident_id, claimed[each] == each)
            for each, (_, person) in new.items()
        ]
        done = await self._run(origin, VouchFor(find, vouched, self._clock()))
        apart = Counter({KNOWN: len(part) - len(once), Status.CANCELLED.value: sum(left)})
        return done.value + apart, done.position

    async def _run(self, origin: Origin, use_case: UseCase[Result]) -> Done[Result]:
        """One of the commands of the call, each with an id of its own."""
        own = Origin(uuid4(), origin.actor, origin.correlation_id)
        return await self._commands.run(own, str(own.command_id), use_case)


def _parts(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for start in range(0, len(people), PART):
        yield people[start : start + PART]


def _faults(person: Person, choices: Choices) -> Iterator[Fault]:
    if not choices.component_ids.issuperset(person.component_ids):
        yield fault(person.line, "component_ids", "unknown_id", "The page has no such component.")
    if person.incident_id is not None and person.incident_id not in choices.incident_ids:
        yield fault(person.line, "incident_id", "unknown_id", "The page has no such incident.")


def fault(line: int, column: str, code: str, message: str) -> Fault:
    """`line`: counted from 1, the header's."""
    return Fault(f"/{line}/{column}", code, f"Line {line}: {message}")
