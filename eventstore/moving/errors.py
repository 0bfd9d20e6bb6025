"""Why a move did not happen."""


class MoveRefused(Exception):
    """Nothing was written; the message says why in one line, and what to do."""
