-- How many deliveries came into a state and how many left it, by page and channel, so that nobody has to count
-- millions of rows. `waiting`: pending or sending. A statement adds rows of its own, so that writers never
-- meet; upkeep adds them up.
CREATE TABLE notify.tally (
    page_id uuid NOT NULL,
    channel_type text NOT NULL,
    state text NOT NULL,
    came bigint NOT NULL,
    went bigint NOT NULL
);
CREATE INDEX tally_page ON notify.tally (page_id);

CREATE FUNCTION notify.tallied(state text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN state IN ('pending', 'sending') THEN 'waiting' ELSE state END $$;

CREATE FUNCTION notify.tally_planned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notify.tally (page_id, channel_type, state, came, went)
    SELECT page_id, channel_type, notify.tallied(state), count(*), 0 FROM came GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE FUNCTION notify.tally_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notify.tally (page_id, channel_type, state, came, went)
    SELECT page_id, channel_type, notify.tallied(state), 0, count(*) FROM went GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE FUNCTION notify.tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notify.tally (page_id, channel_type, state, came, went)
    SELECT moved.page_id, moved.channel_type, side.state, sum(side.came), sum(side.went)
    FROM (
        SELECT page_id, channel_type, notify.tallied(went.state) AS old, notify.tallied(came.state) AS new
        FROM went JOIN came USING (delivery_id, page_id, channel_type)
    ) moved
    CROSS JOIN LATERAL (VALUES (moved.old, 0, 1), (moved.new, 1, 0)) AS side (state, came, went)
    WHERE moved.old <> moved.new
    GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE TRIGGER tally_planned AFTER INSERT ON notify.deliveries
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION notify.tally_planned();
CREATE TRIGGER tally_moved AFTER UPDATE ON notify.deliveries
    REFERENCING OLD TABLE AS went NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION notify.tally_moved();
CREATE TRIGGER tally_forgotten AFTER DELETE ON notify.deliveries
    REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION notify.tally_forgotten();

INSERT INTO notify.tally (page_id, channel_type, state, came, went)
SELECT page_id, channel_type, notify.tallied(state), count(*), 0 FROM notify.deliveries GROUP BY 1, 2, 3;

-- A page's deliveries by state and channel, each in the order of time; those in a state over all pages.
CREATE INDEX deliveries_listed
    ON notify.deliveries (state, page_id, channel_type, created_at, delivery_id);
-- What has waited longest, by channel.
CREATE INDEX deliveries_waiting ON notify.deliveries (channel_type, next_attempt_at)
    WHERE state IN ('pending', 'sending');
-- What is old enough to be forgotten.
CREATE INDEX deliveries_finished ON notify.deliveries (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX plans_done ON notify.plans (done_at) WHERE done_at IS NOT NULL;
