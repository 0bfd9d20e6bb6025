"""The `statuspages` command: one file a subcommand."""
