-- `phase`: `waiting` until a delivery has ended, then how. A claim changes nothing that is in an index, so that
-- PostgreSQL needs no new index entries for it ("heap-only tuple"): that halves what a mail costs here. It takes
-- the table for as long as its rows are written anew; what is planned or sent meanwhile waits.
ALTER TABLE notify.deliveries ADD COLUMN phase text NOT NULL
    GENERATED ALWAYS AS (CASE WHEN state IN ('pending', 'sending') THEN 'waiting' ELSE state END) STORED;

DROP INDEX notify.deliveries_due, notify.deliveries_mails, notify.deliveries_posts,
    notify.deliveries_listed, notify.deliveries_waiting;

-- What a claim walks: page by page, host by host, without a look at how many wait in each.
CREATE INDEX deliveries_mails ON notify.deliveries (page_id, host, next_attempt_at)
    WHERE phase = 'waiting' AND channel_type = 'email';
CREATE INDEX deliveries_posts ON notify.deliveries (page_id, host, next_attempt_at)
    WHERE phase = 'waiting' AND channel_type <> 'email';
-- A page's deliveries by phase and channel, each in the order of time; those in a phase over all pages.
CREATE INDEX deliveries_listed
    ON notify.deliveries (phase, page_id, channel_type, created_at, delivery_id);
-- What has waited longest, by channel. Not by `phase`: then claims might walk it, past everything that waits.
CREATE INDEX deliveries_waiting ON notify.deliveries (channel_type, next_attempt_at)
    WHERE finished_at IS NULL;

-- How many moved is asked of the phases, which is what is counted.
CREATE OR REPLACE FUNCTION notify.tally_planned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notify.tally (page_id, channel_type, state, came, went)
    SELECT page_id, channel_type, phase, count(*), 0 FROM came GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION notify.tally_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notify.tally (page_id, channel_type, state, came, went)
    SELECT page_id, channel_type, phase, 0, count(*) FROM went GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION notify.tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notify.tally (page_id, channel_type, state, came, went)
    SELECT page_id, channel_type, phase, sum(came), sum(went)
    FROM (
        SELECT page_id, channel_type, phase, 0 AS came, count(*) AS went FROM went GROUP BY 1, 2, 3
        UNION ALL
        SELECT page_id, channel_type, phase, count(*), 0 FROM came GROUP BY 1, 2, 3
    ) sides
    GROUP BY 1, 2, 3 HAVING sum(came) <> sum(went);
    RETURN NULL;
END $$;
DROP FUNCTION notify.tallied(text);
