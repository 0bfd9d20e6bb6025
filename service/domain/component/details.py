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

    @property
    def shown_resource(self) -> UUID | None:
        """The resource that its status comes from; a component kept by hand has none, whatever it names."""
        return self.resource_id if self.type is ComponentType.RESOURCE else None
