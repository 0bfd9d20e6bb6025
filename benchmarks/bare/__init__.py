"""The same work with nothing around it."""
