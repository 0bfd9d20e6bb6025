"""Every projection of the product, by name."""

from workers.projections.holds import HOLDS
from workers.projections.incident_templates import INCIDENT_TEMPLATES
from workers.projections.incidents import INCIDENTS
from workers.projections.maintenances import MAINTENANCES
from workers.projections.organisations import ORGANISATIONS
from workers.projections.pages import PAGES
from workers.projections.projection import Projection
from workers.projections.response_times import RESPONSE_TIMES
from workers.projections.statistics import STATISTICS
from workers.projections.subscriptions import SUBSCRIPTIONS
from workers.projections.tokens import TOKENS

PROJECTIONS: dict[str, Projection] = {
    projection.name: projection
    for projection in (
        PAGES,
        STATISTICS,
        RESPONSE_TIMES,
        INCIDENTS,
        INCIDENT_TEMPLATES,
        HOLDS,
        MAINTENANCES,
        TOKENS,
        ORGANISATIONS,
        SUBSCRIPTIONS,
    )
}
