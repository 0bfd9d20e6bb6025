"""The ledger of deliveries, as operators and owners see it and act on it. It is state, not events."""
