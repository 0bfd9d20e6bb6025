-- Who left a page by their own will: a keyed hash of the address, so that no owner's list brings them back.
CREATE TABLE vault.leavers (
    page_id uuid NOT NULL,
    address_hash bytea NOT NULL,
    left_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (page_id, address_hash)
);
