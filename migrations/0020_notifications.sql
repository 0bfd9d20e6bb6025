-- Who hears of what happens: subscriptions as the policy that plans notices sees them, without addresses.
-- `verified_position` NULL: not confirmed yet. Both positions are of the log.
CREATE TABLE notify.subscribers (
    page_id uuid NOT NULL,
    subscription_id uuid NOT NULL,
    channel_type text NOT NULL,
    component_ids uuid[] NOT NULL,
    incident_id uuid,
    verified_position bigint,
    ended_position bigint,
    PRIMARY KEY (page_id, subscription_id)
);

-- One row for each event that tells something; the planner makes deliveries of it, part by part, up to `cursor`.
CREATE TABLE notify.plans (
    event_id uuid PRIMARY KEY,
    position bigint NOT NULL,
    page_id uuid NOT NULL,
    thing_id uuid NOT NULL,
    kind text NOT NULL,
    incident_id uuid,
    component_ids uuid[] NOT NULL,
    happened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    cursor uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    touched_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at timestamptz
);
CREATE INDEX plans_open ON notify.plans (touched_at) WHERE done_at IS NULL;

-- `position`, `thing_id`: of a notice, the event and what it is about; a confirmation has neither.
-- `host`: the other side, by which deliveries are kept from holding up each other.
ALTER TABLE notify.deliveries
    ADD COLUMN position bigint,
    ADD COLUMN thing_id uuid,
    ADD COLUMN host text,
    ADD COLUMN expires_at timestamptz,
    DROP CONSTRAINT deliveries_state_check,
    ADD CONSTRAINT deliveries_state_check
        CHECK (state IN ('pending', 'sending', 'sent', 'refused', 'expired', 'parked', 'superseded'));
CREATE INDEX deliveries_thing ON notify.deliveries (subscription_id, thing_id, position);
DROP INDEX notify.deliveries_subscription;

INSERT INTO notify.subscribers
    (page_id, subscription_id, channel_type, component_ids, incident_id, verified_position, ended_position)
SELECT (asked.data->>'page_id')::uuid, (asked.data->>'subscription_id')::uuid, asked.data->>'channel_type',
    ARRAY(SELECT jsonb_array_elements_text(asked.data->'component_ids'))::uuid[],
    (asked.data->>'incident_id')::uuid,
    (SELECT min(position) FROM es.events e WHERE e.stream = asked.stream AND e.position > asked.position
        AND e.type = 'SubscriptionVerified'),
    (SELECT min(position) FROM es.events e WHERE e.stream = asked.stream AND e.position > asked.position
        AND e.type = 'SubscriptionCancelled')
FROM (
    SELECT DISTINCT ON (stream) stream, position, data FROM es.events
    WHERE type = 'SubscriptionRequested' ORDER BY stream, position DESC
) asked;

INSERT INTO es.checkpoints (name, position)
SELECT 'policy:notifications', coalesce(max(position), 0) FROM es.events
ON CONFLICT (name) DO NOTHING;
