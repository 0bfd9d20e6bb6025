"""What an owner says about a component; its status is said elsewhere."""

from dataclasses import dataclass
from uuid import UUID

from service.domain.values import ComponentType


@dataclass(frozen=True, slots=True)
class Details:
    name: str
    description: str | None = None
    type: ComponentType = ComponentType.MANUAL
    resource_id: UUID | None = None
    only_show_if_degraded: bool = False
