-- Contacts of those who asked to be told of one incident alone: few, and looked for once it is over.
CREATE INDEX contacts_incident ON vault.contacts (subscription_id) WHERE incident_id IS NOT NULL;
