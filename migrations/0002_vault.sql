-- The erasable side: secrets and addresses, which never enter an event. Rows are deleted when their reason ends.
CREATE SCHEMA vault;

CREATE TABLE vault.credentials (
    token_id uuid PRIMARY KEY,
    sha256 bytea NOT NULL UNIQUE
);

CREATE TABLE vault.passwords (
    password_id uuid PRIMARY KEY,
    page_id uuid NOT NULL,
    hash text NOT NULL
);
CREATE INDEX passwords_page ON vault.passwords (page_id);

CREATE TABLE vault.contacts (
    subscription_id uuid PRIMARY KEY,
    page_id uuid NOT NULL,
    channel_type text NOT NULL,
    address text NOT NULL,
    address_key text NOT NULL,
    incident_id uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT contacts_once UNIQUE NULLS NOT DISTINCT (page_id, channel_type, address_key, incident_id)
);

-- The links in mails: only the hash of each link's token, and what the token may do.
CREATE TABLE vault.links (
    sha256 bytea PRIMARY KEY,
    subscription_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('verify', 'manage')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX links_subscription ON vault.links (subscription_id);

-- Confirmation mails asked for, by a keyed hash of the address: a budget, forgotten after a day.
CREATE TABLE vault.confirmations (
    address_hash bytea NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX confirmations_address ON vault.confirmations (address_hash, asked_at);
