"""What shows and changes deliveries, made of one process's database."""

from service.deliveries.interventions import Interventions
from service.deliveries.listing import DeliveryList
from service.deliveries.tally import Tally
from service.http.endpoints.deliveries import Deliveries
from service.readmodels.pages import Pages
from service.wiring.core import Core


def deliveries_of(core: Core, pages: Pages) -> Deliveries:
    return Deliveries(DeliveryList(core.pool), Tally(core.pool), Interventions(core.pool), pages)
