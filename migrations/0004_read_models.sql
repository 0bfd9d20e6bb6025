-- Read models: every projection has numbered generations of its tables, of which one is live.
-- Readers use the views (rm.pages, ...), which the swap to another generation replaces.
CREATE SCHEMA rm;

CREATE TABLE rm.generations (
    projection text NOT NULL,
    generation integer NOT NULL,
    state text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
    fold_version integer NOT NULL,
    error text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (projection, generation)
);
CREATE UNIQUE INDEX generations_one_live ON rm.generations (projection) WHERE state = 'live';

-- What has to be sent, one row for each event and subscription; the policies plan, the deliverers send.
CREATE SCHEMA notify;

CREATE TABLE notify.deliveries (
    delivery_id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    subscription_id uuid NOT NULL,
    page_id uuid NOT NULL,
    channel_type text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'sending', 'sent', 'refused', 'expired', 'parked')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz,
    reason text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CONSTRAINT deliveries_once UNIQUE (event_id, subscription_id)
) WITH (fillfactor = 70);
CREATE INDEX deliveries_due ON notify.deliveries (next_attempt_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_subscription ON notify.deliveries (subscription_id);
