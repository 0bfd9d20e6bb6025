"""Chance that can be had again."""

import random


def seeded(number: int) -> random.Random:
    """The same sequence for the same number."""
    return random.Random(number)  # noqa: S311 - nobody has to guess it
