"""The only place where adapters are constructed."""
