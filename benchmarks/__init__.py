"""How fast it is, beside the bare thing, measured in the same run on the same machine."""
