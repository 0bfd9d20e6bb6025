-- Given to the work queue: set until its outcome is noted, or until it is given back.
ALTER TABLE notify.deliveries ADD COLUMN dispatched_at timestamptz;
CREATE INDEX deliveries_dispatched ON notify.deliveries (host) WHERE dispatched_at IS NOT NULL;
