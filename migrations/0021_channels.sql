-- What webhooks are signed with; the newest of a subscription is the one that counts.
CREATE TABLE vault.webhook_secrets (
    subscription_id uuid NOT NULL REFERENCES vault.contacts ON DELETE CASCADE,
    secret bytea NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscription_id, since)
);

-- The other side of a contact, by which deliveries are kept from holding up each other.
ALTER TABLE vault.contacts ADD COLUMN host text;
UPDATE vault.contacts SET host = lower(substring(address FROM '@([^@]+)$')) WHERE channel_type = 'email';
