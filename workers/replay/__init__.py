"""Read models built anew from the log, beside the live ones, while everything runs."""
