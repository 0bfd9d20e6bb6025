"""How long these tests' senders wait for an answer, in seconds."""

PATIENCE = 1.0
