"""Which deliveries somebody means, as conditions of SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

State = Literal["pending", "sending", "sent", "refused", "expired", "superseded", "parked"]
STATES: tuple[State, ...] = ("pending", "sending", "sent", "refused", "expired", "superseded", "parked")
WAITING = "waiting"
PHASES = (WAITING, *(state for state in STATES if state not in ("pending", "sending")))
"""The database's `phase` of a delivery: its indexes have that, not the state."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """None: any. `subject_id`: the incident or maintenance that is told of.

    `finished_by`: finished at that moment or before, by the database's clock.
    """

    delivery_ids: Sequence[UUID] | None = None
    page_id: UUID | None = None
    state: State | None = None
    channel_type: str | None = None
    event_id: UUID | None = None
    subject_id: UUID | None = None
    subscription_id: UUID | None = None
    finished_by: datetime | None = None


def phase_of(state: State) -> str:
    return state if state in PHASES else WAITING


def conditions(wanted: Wanted, first: int) -> tuple[str, list[Any]]:
    """Of rows `d`, and the values of their parameters, which are numbered from `first` on."""
    given = [
        ("d.delivery_id = ANY({}::uuid[])", wanted.delivery_ids),
        ("d.page_id = {}", wanted.page_id),
        ("d.phase = {}", None if wanted.state is None else phase_of(wanted.state)),
        ("d.state = {}", wanted.state),
        ("d.channel_type = {}", wanted.channel_type),
        ("d.event_id = {}", wanted.event_id),
        ("d.thing_id = {}", wanted.subject_id),
        ("d.subscription_id = {}", wanted.subscription_id),
        ("d.finished_at <= {}", wanted.finished_by),
    ]
    present = [(text, value) for text, value in given if value is not None]
    texts = [text.format(f"${number}") for number, (text, _) in enumerate(present, first)]
    return " AND ".join(texts) or "true", [value for _, value in present]
