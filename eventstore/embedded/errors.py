"""What stands in the way of an embedded server."""


class EmbeddedPostgresError(Exception):
    """The server cannot be started or reached; the message is one line that says what to do."""
