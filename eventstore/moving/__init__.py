"""A deployment as one file, and back: the log with its positions and times, and the tables beside it."""
