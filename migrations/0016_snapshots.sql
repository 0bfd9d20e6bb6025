-- What the first events of a stream fold to, so that a long stream is not read from its beginning. A cache: any
-- row may be missing, old, or of another fold, and the events have the last word.
CREATE TABLE es.snapshots (
    stream text PRIMARY KEY,
    version bigint NOT NULL,
    fold_version integer NOT NULL,
    state jsonb NOT NULL
) WITH (fillfactor = 50);
