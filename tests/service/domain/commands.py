"""Any command of each aggregate, from few ids and nearby times, so that they meet each other."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from service.domain import (
    component,
    incident,
    incident_template,
    name,
    organisation,
    resource,
    statuspage,
    subscription,
)
from service.domain.component import Alert, Details
from service.domain.layout import Group, Layout
from service.domain.name import COOL_DOWN
from service.domain.statuspage import Settings
from service.domain.subscription import VERIFICATION_PERIOD, CancelReason, QuarantineReason
from service.domain.values import (
    ChannelType,
    ComponentStatus,
    ComponentType,
    Impact,
    IncidentStatus,
    PageType,
    Scope,
)
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    GROUP_ID,
    HOUR,
    INCIDENT_ID,
    INSTANT,
    MAINTENANCE_ID,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    OTHER_COMPONENT_ID,
    OTHER_INCIDENT_ID,
    OTHER_ORGANISATION_ID,
    OTHER_PAGE_ID,
    OTHER_PASSWORD_ID,
    OTHER_TEMPLATE_ID,
    OTHER_UPDATE_ID,
    PAGE_ID,
    PASSWORD_ID,
    RESOURCE_ID,
    SUBSCRIPTION_ID,
    TEMPLATE_ID,
    TOKEN_ID,
    UPDATE_ID,
)

STEPS = [timedelta(0), INSTANT, MINUTE, HOUR, DAY, VERIFICATION_PERIOD, COOL_DOWN]

times = st.builds(
    lambda steps, back: NOON + sum(steps, timedelta(0)) - back,
    st.lists(st.sampled_from(STEPS), max_size=3),
    st.sampled_from(STEPS[:3]),
)


def maybe(strategy: st.SearchStrategy[UUID]) -> st.SearchStrategy[UUID | None]:
    return st.none() | strategy


def maybe_time() -> st.SearchStrategy[datetime | None]:
    return st.none() | times


organisation_ids = st.sampled_from([ORGANISATION_ID, OTHER_ORGANISATION_ID])
page_ids = st.sampled_from([PAGE_ID, OTHER_PAGE_ID])
component_ids = st.sampled_from([(), (COMPONENT_ID,), (OTHER_COMPONENT_ID, COMPONENT_ID)])
passwords = maybe(st.sampled_from([PASSWORD_ID, OTHER_PASSWORD_ID]))
token_ids = st.sampled_from([TOKEN_ID, RESOURCE_ID])
names = st.sampled_from(["Acme", "Zürich ☂"])
statuses = st.sampled_from(ComponentStatus)
incident_ids = st.sampled_from([INCIDENT_ID, OTHER_INCIDENT_ID])
update_ids = st.sampled_from([UPDATE_ID, OTHER_UPDATE_ID])
named_components = st.dictionaries(st.sampled_from([COMPONENT_ID, OTHER_COMPONENT_ID]), statuses)
impacts = st.none() | st.sampled_from(Impact)
metadata = st.sampled_from([{}, {"ticket": "OPS-1"}])

settings = st.builds(
    Settings,
    names,
    st.just(""),
    st.just("acme"),
    st.sampled_from(PageType),
    ip_addresses=st.sampled_from([(), ("192.0.2.1",)]),
)
layouts = st.sampled_from(
    [
        Layout(),
        Layout((COMPONENT_ID,)),
        Layout((), (Group(GROUP_ID, "Core", (COMPONENT_ID, OTHER_COMPONENT_ID)),)),
    ]
)
details = st.builds(
    Details, names, st.none() | st.just("ours"), st.sampled_from(ComponentType), maybe(st.just(RESOURCE_ID))
)

page_commands: st.SearchStrategy[statuspage.Command] = st.one_of(
    st.builds(
        statuspage.CreatePage,
        st.just(PAGE_ID),
        st.just(ORGANISATION_ID),
        settings,
        passwords,
        st.just("target"),
        layouts,
        times,
    ),
    st.builds(statuspage.ChangeSettings, settings, st.booleans(), passwords, times),
    st.builds(statuspage.ArrangePage, layouts, times),
    st.builds(statuspage.SetEnabled, st.booleans(), times),
    st.builds(statuspage.DeletePage, times),
)

alerts = st.builds(
    Alert,
    st.sampled_from(["a", "b"]),
    st.just("HighLatency"),
    st.sampled_from(
        [
            ComponentStatus.DEGRADED_PERFORMANCE,
            ComponentStatus.PARTIAL_OUTAGE,
            ComponentStatus.MAJOR_OUTAGE,
        ]
    ),
    times,
    maybe_time(),
)

component_commands: st.SearchStrategy[component.Command] = st.one_of(
    st.builds(
        component.AddComponent,
        st.just(COMPONENT_ID),
        st.just(PAGE_ID),
        st.just(ORGANISATION_ID),
        details,
        statuses,
        times,
    ),
    st.builds(component.ChangeDetails, details, times),
    st.builds(component.ReportStatus, organisation_ids, statuses, times, maybe_time()),
    st.builds(component.HearAlerts, organisation_ids, st.lists(alerts, max_size=3).map(tuple), times),
    st.builds(component.HoldComponent, incident_ids, statuses, times, maybe_time()),
    st.builds(component.ReleaseComponent, incident_ids, st.none() | statuses, times, maybe_time()),
    st.builds(component.RetractHold, incident_ids, times),
    st.builds(component.BackfillStatus, incident_ids, statuses, times, times, times),
    st.builds(component.EnterWindow, st.just(MAINTENANCE_ID), times),
    st.builds(component.LeaveWindow, st.just(MAINTENANCE_ID), times),
    st.builds(component.RemoveComponent, times),
)

incident_commands: st.SearchStrategy[incident.Command] = st.one_of(
    st.builds(
        incident.OpenIncident,
        st.just(INCIDENT_ID),
        st.just(PAGE_ID),
        st.just(ORGANISATION_ID),
        names,
        st.sampled_from(IncidentStatus),
        update_ids,
        names,
        named_components,
        impacts,
        st.booleans(),
        metadata,
        times,
        maybe_time(),
    ),
    st.builds(
        incident.BackfillIncident,
        st.just(INCIDENT_ID),
        st.just(PAGE_ID),
        st.just(ORGANISATION_ID),
        names,
        update_ids,
        names,
        named_components,
        impacts,
        metadata,
        times,
        times,
        times,
    ),
    st.builds(
        incident.UpdateIncident,
        update_ids,
        st.sampled_from(IncidentStatus),
        names,
        named_components,
        st.booleans(),
        times,
        maybe_time(),
    ),
    st.builds(incident.CorrectUpdate, update_ids, names, times),
    st.builds(incident.EditIncident, names, impacts, metadata, times),
    st.builds(incident.PublishPostmortem, names, times),
    st.builds(incident.RetractIncident, times),
)

template_ids = st.sampled_from([TEMPLATE_ID, OTHER_TEMPLATE_ID])
incident_template_commands: st.SearchStrategy[incident_template.Command] = st.one_of(
    st.builds(
        incident_template.CreateTemplate,
        st.just(ORGANISATION_ID),
        template_ids,
        names,
        st.sampled_from(["We look.", "We look at {{ region }}."]),
        named_components,
        st.sampled_from([None, (), ("region",)]),
        times,
    ),
    st.builds(incident_template.DeleteTemplate, template_ids, times),
)

name_commands: st.SearchStrategy[name.Command] = st.one_of(
    st.builds(name.ClaimName, st.just("subdomain"), st.just("acme"), page_ids, organisation_ids, times),
    st.builds(name.ReleaseName, page_ids, times),
)

resource_commands: st.SearchStrategy[resource.Command] = st.one_of(
    st.builds(
        resource.BindComponent,
        st.just(RESOURCE_ID),
        st.just(ORGANISATION_ID),
        st.sampled_from([COMPONENT_ID, OTHER_COMPONENT_ID]),
        st.just(PAGE_ID),
        times,
    ),
    st.builds(resource.UnbindComponent, st.sampled_from([COMPONENT_ID, OTHER_COMPONENT_ID]), times),
)

subscription_requests = st.builds(
    subscription.RequestSubscription,
    st.just(SUBSCRIPTION_ID),
    st.just(PAGE_ID),
    st.just(ORGANISATION_ID),
    st.sampled_from(ChannelType),
    component_ids,
    maybe(st.just(INCIDENT_ID)),
    st.booleans(),
    times,
)
subscription_commands: st.SearchStrategy[subscription.Command] = st.one_of(
    subscription_requests,
    st.builds(subscription.VouchForSubscription, subscription_requests),
    st.builds(subscription.VerifySubscription, times),
    st.builds(subscription.CancelSubscription, st.sampled_from(CancelReason), times),
    st.builds(subscription.ChangeSubscriptionChoice, component_ids, times),
    st.builds(subscription.QuarantineSubscription, st.sampled_from(QuarantineReason), times),
    st.builds(subscription.ReactivateSubscription, times),
)

organisation_commands: st.SearchStrategy[organisation.Command] = st.one_of(
    st.builds(organisation.CreateOrganisation, st.just(ORGANISATION_ID), names, times),
    st.builds(
        organisation.IssueToken,
        token_ids,
        st.lists(st.sampled_from(Scope), unique=True).map(tuple),
        maybe_time(),
        times,
    ),
    st.builds(organisation.RevokeToken, token_ids, times),
)
