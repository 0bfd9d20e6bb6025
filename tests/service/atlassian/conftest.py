"""A page moves in over a store in memory, and is looked at through its folded documents."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from eventstore.events import RecordedEvent
from eventstore.memory import MemoryStore
from service.atlassian.moving_in import Destination, move_in
from service.atlassian.outcome import Outcome
from service.atlassian.snapshot import read
from service.codec import build_codec
from service.commands.handler import CommandHandler, Origin
from service.commands.organisations import CreateOrganisation
from service.domain.organisation import ORGANISATION
from tests.service.atlassian.files import files
from workers.projections.folding import Documents, fold
from workers.projections.registry import PROJECTIONS

CODEC = build_codec()
NOW = datetime(2026, 5, 11, tzinfo=UTC)


@dataclass
class Home:
    """`organisation_id` is there already."""

    store: MemoryStore = field(default_factory=MemoryStore)
    organisation_id: UUID = field(default_factory=uuid4)

    @property
    def commands(self) -> CommandHandler:
        return CommandHandler(self.store, CODEC)

    async def takes_in(
        self, contents: dict[str, bytes] | None = None, now: datetime = NOW, subdomain: str = "example"
    ) -> Outcome:
        to = Destination(self.organisation_id, subdomain, "target")
        return await move_in(self.commands, read(contents or files()), to, now)

    async def is_founded(self) -> None:
        command = CreateOrganisation(self.organisation_id, "Acme", NOW)
        stream = ORGANISATION.stream(self.organisation_id)
        await self.commands.run(Origin(uuid4(), "test"), stream, command)

    async def log(self) -> list[RecordedEvent]:
        return await self.store.read_log(0, 100_000)

    async def documents(self, projection: str) -> Documents:
        found: Documents = {}
        fold(PROJECTIONS[projection], found, [CODEC.upcast(event) for event in await self.log()])
        return found

    async def named(self, projection: str, name: str) -> dict[str, Any]:
        [found] = [
            each for each in (await self.documents(projection)).values() if each and each["name"] == name
        ]
        return found


@pytest.fixture
async def home() -> Home:
    home = Home()
    await home.is_founded()
    return home
