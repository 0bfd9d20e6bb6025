"""Requests by the thousand, from a process of their own."""
