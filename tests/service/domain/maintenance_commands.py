"""Any command of a maintenance."""

from hypothesis import strategies as st

from service.domain import maintenance
from service.domain.values import MaintenanceStatus
from tests.service.domain.commands import names, times, update_ids
from tests.service.domain.facts import COMPONENT_ID, DAY, HOUR, MAINTENANCE_ID, NOON, ORGANISATION_ID, PAGE_ID

plans = st.builds(
    maintenance.Plan,
    names,
    st.just("Soon."),
    st.sampled_from([NOON, NOON + HOUR]),
    st.sampled_from([NOON, NOON + 2 * HOUR, NOON + DAY]),
    st.sampled_from([(), (COMPONENT_ID,)]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, 60]),
    st.sampled_from([None, "FREQ=DAILY"]),
)

maintenance_commands: st.SearchStrategy[maintenance.Command] = st.one_of(
    st.builds(
        maintenance.ScheduleMaintenance,
        st.just(MAINTENANCE_ID),
        st.just(PAGE_ID),
        st.just(ORGANISATION_ID),
        plans,
        times,
    ),
    st.builds(maintenance.EditMaintenance, plans, times),
    st.builds(
        maintenance.UpdateMaintenance,
        update_ids,
        st.sampled_from(MaintenanceStatus),
        names,
        st.booleans(),
        times,
    ),
    st.builds(maintenance.StartMaintenance, times),
    st.builds(maintenance.CompleteMaintenance, times),
    st.builds(maintenance.RemindOfMaintenance, times),
    st.builds(maintenance.CancelMaintenance, st.booleans(), times),
)
