-- What is to happen at its time, one row for each event that says so; a timer that is out of date does nothing.
CREATE TABLE notify.timers (
    timer_id uuid PRIMARY KEY,
    kind text NOT NULL,
    target_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    done_at timestamptz
);
CREATE INDEX timers_due ON notify.timers (due_at, timer_id) WHERE done_at IS NULL;

INSERT INTO es.checkpoints (name, position)
SELECT 'policy:timers', coalesce(max(position), 0) FROM es.events
ON CONFLICT (name) DO NOTHING;
