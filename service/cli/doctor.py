"""`statuspages doctor`: is the data sound, and does everything keep up?"""


def doctor(*, json: bool = False) -> None:
    """Look for damage and for what stands still."""
