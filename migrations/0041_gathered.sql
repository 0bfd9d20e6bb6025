-- How many notices about the same thing a delivery stands for beside its own: they waited, and it came after them.
ALTER TABLE notify.deliveries ADD COLUMN gathered integer NOT NULL DEFAULT 0;
