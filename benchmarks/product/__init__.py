"""The product as it runs in earnest: its processes, and pages with components in it."""
