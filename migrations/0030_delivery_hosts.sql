-- Deliveries are chosen by page and by host, so each has one: the address's, or none once that is erased.
UPDATE vault.contacts
SET host = lower(btrim(substring(address FROM '^https?://(?:[^/?#@]*@)?(\[[^]]*\]|[^:/?#]+)'), '[]'))
WHERE host IS NULL AND channel_type <> 'email';
UPDATE vault.contacts SET host = lower(substring(address FROM '@([^@]+)$'))
WHERE host IS NULL AND channel_type = 'email';

UPDATE notify.deliveries d SET host = c.host FROM vault.contacts c
WHERE c.subscription_id = d.subscription_id AND c.host IS NOT NULL AND d.state IN ('pending', 'sending');
UPDATE notify.deliveries SET host = '' WHERE host IS NULL;
ALTER TABLE notify.deliveries ALTER COLUMN host SET DEFAULT '', ALTER COLUMN host SET NOT NULL;

-- What a claim walks: page by page, host by host, without a look at how many wait in each.
CREATE INDEX deliveries_mails ON notify.deliveries (page_id, host, next_attempt_at)
    WHERE state IN ('pending', 'sending') AND channel_type = 'email';
CREATE INDEX deliveries_posts ON notify.deliveries (page_id, host, next_attempt_at)
    WHERE state IN ('pending', 'sending') AND channel_type <> 'email';
