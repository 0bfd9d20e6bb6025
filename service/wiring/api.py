"""One API process: the endpoints of its role on the read models and the command handler."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from aiohttp import web
from prometheus_client import REGISTRY

from eventstore.doorbell import Doorbell
from eventstore.tail import Tail
from service.audit.trail import AuditTrail
from service.config import require_secret_key
from service.deliveries.metrics import delivery_metrics
from service.dns import Dns
from service.hashing import Hasher
from service.history import IncidentHistory, IncidentTemplateHistory, MaintenanceHistory, PageHistory
from service.http.addresses import client_address
from service.http.docs.page import mount_docs
from service.http.endpoints.alertmanager import Alertmanager
from service.http.endpoints.audit import AuditQueries
from service.http.endpoints.bulk_status import BulkStatus
from service.http.endpoints.component_calls import ComponentCalls
from service.http.endpoints.component_commands import ComponentCommands
from service.http.endpoints.domains import DomainQueries
from service.http.endpoints.events import Events
from service.http.endpoints.group_calls import GroupCalls
from service.http.endpoints.history import HistoryQueries
from service.http.endpoints.incident_answers import IncidentAnswers
from service.http.endpoints.incident_months import IncidentMonths
from service.http.endpoints.incident_previews import IncidentPreviews
from service.http.endpoints.incident_queries import IncidentQueries
from service.http.endpoints.incident_templates import IncidentTemplateCalls
from service.http.endpoints.incidents import IncidentCommands
from service.http.endpoints.maintenance_answers import MaintenanceAnswers
from service.http.endpoints.maintenance_queries import MaintenanceQueries
from service.http.endpoints.maintenances import MaintenanceCommands
from service.http.endpoints.measurements import Measurements
from service.http.endpoints.own_subscriptions import OwnSubscriptionCommands
from service.http.endpoints.page_answers import PageAnswers
from service.http.endpoints.page_queries import PageQueries
from service.http.endpoints.pages import PageCommands
from service.http.endpoints.resource_reports import ResourceReports
from service.http.endpoints.statistics import PastSources, Sources, StatisticsQueries
from service.http.endpoints.subscription_choice import SubscriptionChoice
from service.http.endpoints.subscription_export import SubscriptionExport
from service.http.endpoints.subscription_import import SubscriptionImport
from service.http.endpoints.subscription_queries import SubscriptionQueries
from service.http.endpoints.subscriptions import SubscriptionCommands
from service.http.endpoints.telling import Telling
from service.http.endpoints.token_authenticator import TokenAuthenticator
from service.http.endpoints.webhook_secrets import WebhookSecretCommands
from service.http.idempotency.postgres import PostgresKeys
from service.http.kernel import Kernel
from service.http.metrics import Requests
from service.http.middleware import edge
from service.http.mounting import Role, mount
from service.http.openapi import openapi
from service.http.operations import Check, mount_operations
from service.http.routing import Endpoint
from service.http.server import new_application
from service.past.components import ComponentPast
from service.past.pages import PagePast
from service.past.response_times import ResponseTimesPast
from service.public.page import ReadModels, mount_public
from service.public.subscription import mount_subscription_page
from service.readmodels.audience import Audience
from service.readmodels.component_incidents import ComponentIncidents
from service.readmodels.freshness import Freshness
from service.readmodels.incident_templates import IncidentTemplateList
from service.readmodels.incidents import Incidents
from service.readmodels.maintenances import Maintenances
from service.readmodels.pages import Pages
from service.readmodels.response_times import ResponseTimes
from service.readmodels.statistics import ComponentHistory
from service.readmodels.subscriptions import SubscriptionList
from service.readmodels.tokens import Tokens
from service.vault.contacts import Contacts
from service.vault.links import Links
from service.vault.passwords import Passwords
from service.vault.webhook_secrets import WebhookSecrets
from service.wiring.core import Core
from service.wiring.deliveries import deliveries_of
from service.wiring.subscriptions import own_subscriptions_of, subscriber_import_of, subscriptions_of

SERVED = (
    "pages",
    "statistics",
    "response_times",
    "incidents",
    "incident_templates",
    "holds",
    "maintenances",
    "tokens",
    "subscriptions",
)
"""The projections whose read models this process answers from."""
REQUESTS = Requests(REGISTRY)


@asynccontextmanager
async def open_api(core: Core, role: Role) -> AsyncIterator[web.Application]:
    """The application, kept in step with the read models while it is open."""
    pages, tokens = Pages(core.pool, core.places), Tokens(core.pool, core.clock)
    freshness = Freshness(core.pool, SERVED, [pages, tokens])
    stop = asyncio.Event()
    async with Doorbell(core.dsn, "rm_changed") as bell:
        looking = asyncio.create_task(freshness.run(bell.wait, stop))
        try:
            yield _application(core, role, pages, tokens, freshness)
        finally:
            stop.set()
            looking.cancel()
            await asyncio.wait({looking})


def _application(
    core: Core, role: Role, pages: Pages, tokens: Tokens, freshness: Freshness
) -> web.Application:
    table = endpoints(core, pages, freshness)
    kernel = Kernel(
        authenticator=TokenAuthenticator(tokens),
        freshness=freshness,
        keys=PostgresKeys(core.pool),
        secret=require_secret_key(core.settings),
        proxies=core.settings.trusted_proxies,
    )
    app = new_application(edge(REQUESTS))
    mount(app, table, role, kernel)
    if role != "query":
        mount_subscription_page(app, subscriptions_of(core))
    if role != "command":
        _mount_public(app, core, pages)
    mount_docs(app, openapi(table, version("statuspages"), core.settings.base_url))
    needed = {"database": _database_answers(core)}
    mount_operations(app, needed, {}, REGISTRY, lambda: delivery_metrics(core.pool))
    return app


def _mount_public(app: web.Application, core: Core, pages: Pages) -> None:
    proxies = core.settings.trusted_proxies
    mount_public(
        app,
        ReadModels(pages, ComponentHistory(core.pool), Incidents(core.pool), Maintenances(core.pool)),
        core.clock,
        core.settings.base_domain,
        lambda request: client_address(request, proxies),
        core.settings.uptime_weights,
    )


def _database_answers(core: Core) -> Check:
    async def answers() -> bool:
        await core.store.head()
        return True

    return answers


def endpoints(core: Core, pages: Pages, freshness: Freshness) -> list[Endpoint]:
    """The whole table of the API."""
    answers = PageAnswers(freshness, pages, PageHistory(core.store, core.codec, core.places))
    return [
        *_of_pages(core, pages, answers),
        *_of_components(core, pages, answers),
        *_of_incidents(core, pages, answers),
        *_of_maintenances(core, pages, answers),
        *Events(core.store, Tail(core.store, core.feed)).endpoints(),
        *_of_subscriptions(core, pages, freshness),
        *deliveries_of(core, pages).endpoints(),
    ]


def _of_pages(core: Core, pages: Pages, answers: PageAnswers) -> list[Endpoint]:
    dns = Dns(core.settings.dns_servers, core.clock)
    past = PagePast(core.store, core.codec, core.places)
    return [
        *PageQueries(pages, past, core.clock).endpoints(),
        *PageCommands(core.commands, answers, Passwords(core.pool), Hasher(), core.clock).endpoints(),
        *GroupCalls(core.commands, pages, answers, core.clock).endpoints(),
        *AuditQueries(AuditTrail(core.store, core.codec)).endpoints(),
        *DomainQueries(dns, pages, core.settings.cname_base).endpoints(),
    ]


def _of_components(core: Core, pages: Pages, answers: PageAnswers) -> list[Endpoint]:
    history, weights = ComponentHistory(core.pool), core.settings.uptime_weights
    sources = Sources(history, ComponentIncidents(core.pool), ResponseTimes(core.pool))
    past = PastSources(ComponentPast(core.store, core.codec), ResponseTimesPast(core.store, core.codec))
    return [
        *StatisticsQueries(sources, pages, past, core.clock, weights).endpoints(),
        *HistoryQueries(history).endpoints(),
        *ComponentCommands(core.commands, core.clock).endpoints(),
        *ComponentCalls(core.commands, history, pages, answers, core.clock).endpoints(),
        *Measurements(core.commands, core.clock).endpoints(),
        *BulkStatus(core.commands, core.clock).endpoints(),
        *ResourceReports(Telling(core.commands), core.clock).endpoints(),
        *Alertmanager(Telling(core.commands), core.clock).endpoints(),
    ]


def _of_incidents(core: Core, pages: Pages, answers: PageAnswers) -> list[Endpoint]:
    commands, clock, incidents = core.commands, core.clock, Incidents(core.pool)
    history = IncidentHistory(core.store, core.codec)
    templates = IncidentTemplateHistory(core.store, core.codec)
    audience = Audience(core.pool)
    return [
        *IncidentQueries(incidents, pages).endpoints(),
        *IncidentMonths(incidents, pages).endpoints(),
        *IncidentCommands(commands, IncidentAnswers(answers, history), clock).endpoints(),
        *IncidentPreviews(commands, history, audience, pages, core.places, clock).endpoints(),
        *IncidentTemplateCalls(commands, IncidentTemplateList(core.pool), templates, clock).endpoints(),
    ]


def _of_maintenances(core: Core, pages: Pages, answers: PageAnswers) -> list[Endpoint]:
    shown = MaintenanceAnswers(answers, MaintenanceHistory(core.store, core.codec))
    return [
        *MaintenanceQueries(Maintenances(core.pool), pages).endpoints(),
        *MaintenanceCommands(core.commands, shown, core.clock).endpoints(),
    ]


def _of_subscriptions(core: Core, pages: Pages, freshness: Freshness) -> list[Endpoint]:
    settings, contacts, found = core.settings, Contacts(core.pool), SubscriptionList(core.pool)
    subscriptions, secrets = subscriptions_of(core), WebhookSecrets(core.pool)
    return [
        *SubscriptionQueries(found, pages).endpoints(),
        *SubscriptionCommands(
            subscriptions, contacts, freshness, settings.base_domain, settings.outgoing_allowed
        ).endpoints(),
        *WebhookSecretCommands(Links(core.pool), secrets, core.clock).endpoints(),
        *SubscriptionExport(found, pages).endpoints(),
        *SubscriptionImport(subscriber_import_of(core)).endpoints(),
        *OwnSubscriptionCommands(own_subscriptions_of(core), contacts).endpoints(),
        *SubscriptionChoice(subscriptions, contacts).endpoints(),
    ]
