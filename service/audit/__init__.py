"""Who did what to a page, when, and what it changed: read from the log, which is the only record of it."""
