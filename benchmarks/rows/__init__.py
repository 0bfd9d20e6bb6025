"""The rows of the table, one a file."""
